"""Consumers: the code under test, ready to be called, and the interface of the adapters that make them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from contractfuzz.errors import ContractError, unknown
from contractfuzz.payloads.cases.case import ABSENT, Case
from contractfuzz.running.verdicts.calling import CallResult

if TYPE_CHECKING:
    from contractfuzz.server.service import Service

Feed = Literal["object", "text", "bytes", "url"]
"""The argument that a consumer takes.

- ``object``: the payload as a Python object
- ``text``: the payload as JSON text
- ``bytes``: the body
- ``url``: the base URL of a server that answers the first request with the body
"""
FEEDS: tuple[Feed, ...] = ("object", "text", "bytes", "url")

Setting = Literal["strict", "route"]
"""An option that only some adapters have."""


class UnreachableError(Exception):
    """A call did not reach the code under test. If every call of a run ends so, the run is a wrong call."""


def _do_nothing() -> None:
    """Do nothing: calls of this consumer need nothing open."""


def _is_never_awaited() -> bool:
    """Return False: nothing shows before a call that this consumer returns an awaitable."""
    return False


def _ignore(case: Case | None) -> None:
    """Do nothing: a call of this consumer does all of its work."""


def _keep(result: CallResult, case: Case) -> CallResult:  # noqa: ARG001
    """Return the result of a call: nothing but the call shows what this consumer does."""
    return result


@dataclass(frozen=True, slots=True)
class Consumer:
    """The code under test, ready to be called.

    Attributes:
        name: its name in reports: ``package.module:function``.
        call: takes the result of ``argument``; returns or raises.
        feed: the argument that it takes. With ``url``, ``call`` takes the case and passes the URL of a server on.
        rejections: the errors that reject a payload, in addition to those that the user declares.
        settings: the options of the adapter that apply to it.
        expression: a Python expression that calls it, with the placeholders ``NAME`` and ``ARGUMENT``.
        expression_of: returns the expression for the case of the last call; None if it is ``expression`` for every case.
        imports: the modules that ``expression`` needs, as in ``asyncio, httpx``.
        open: starts what calls need, for example the lifespan of an application. Called before each call.
        close: ends what ``open`` and calls have started, for example a server. The next call starts it again.
        only_own_rejections: True if the errors that the user declares do not reject a payload.
        unreachable: the message of the wrong call if every call raises ``UnreachableError``.
        was_awaited: returns True if ``NAME(ARGUMENT)`` returned an awaitable in the last call, in any process.
        observe: takes the result of the last call and its case, and returns the result with what a server saw of the call.
        is_external: True if each call ends within a time limit and survives the death of the code under test, because that
            runs in another process already.
        announce: takes a case that will be fed soon, so that the code under test can begin with it; None to forget the cases
            that were announced and are not fed.
        notes: returns remarks, in one line each, on verdicts so far that may mean something else.
        shell_line: returns the line for a shell that makes the call with a case, or None if it would be too long; None for a
            consumer that Python calls.

    """

    name: str
    call: Callable[[Any], Any]
    feed: Feed
    rejections: tuple[type[BaseException], ...] = ()
    settings: tuple[Setting, ...] = ()
    expression: str = "NAME(ARGUMENT)"
    imports: str = ""
    open: Callable[[], None] = _do_nothing
    close: Callable[[], None] = _do_nothing
    only_own_rejections: bool = False
    unreachable: str = ""
    was_awaited: Callable[[], bool] = _is_never_awaited
    expression_of: Callable[[Case], str] | None = None
    observe: Callable[[CallResult, Case], CallResult] = _keep
    is_external: bool = False
    announce: Callable[[Case | None], None] = _ignore
    notes: Callable[[], list[str]] = list
    shell_line: Callable[[Case], str | None] | None = None

    def can_take(self, case: Case) -> bool:
        """Return True if ``case`` can be an argument: an ``object`` needs a payload, ``text`` needs UTF-8."""
        if self.feed in ("bytes", "url") or case.payload is not ABSENT:
            return True
        return self.feed == "text" and _is_utf_8(case.body)

    def argument(self, case: Case) -> Any:
        """Return a new argument. The consumer may change it without changing ``case``."""
        if self.feed == "url":
            return case
        if self.feed == "bytes":
            return case.body
        return case.body.decode() if self.feed == "text" else json.loads(case.compact_body)

    def as_fed(self, case: Case) -> Case:
        """Return the case as the consumer takes it: an ``object`` has no spelling."""
        return case.compact() if self.feed == "object" else case


DEFAULT_TIME_LIMIT_SECONDS = 5.0
"""Time that an isolated or external consumer may take for one case."""

DEFAULT_MAX_REQUESTS = 20
"""Requests that a client may send in one call."""

DEFAULT_PATIENCE_SECONDS = 10.0
"""Time for which a server stays silent before a client that waits has hung."""


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """Options of the adapter for clients.

    Attributes:
        max_requests: number of requests that a client may send in one call.
        continuation: returns the smallest valid body, for the requests after the first one; None if it is not known.
        paging: the location of the cursor in a page, as a JSON Pointer; None to recognise it by its name.
        patience: seconds after which a client that waits for a silent server hangs, or one that does nothing after a response.
        is_isolated: True if calls run in a process of their own, which ends a client that hangs.

    """

    max_requests: int = DEFAULT_MAX_REQUESTS
    continuation: Callable[[], bytes] | None = None
    paging: str | None = None
    patience: float = DEFAULT_PATIENCE_SECONDS
    is_isolated: bool = False


@dataclass(frozen=True, slots=True)
class AdapterOptions:
    """Options of an adapter.

    Attributes:
        name: the name of the consumer in reports.
        feed: the argument to call it with, or None for the adapter's choice.
        strict: True if a library shall convert nothing, False if it shall convert what it can, None for the library's default.
        route: the path of a web application to which bodies are posted, or None.
        contract: the name of the contract whose cases the consumer gets, or an empty string if it is not known.
        client: options of the adapter for clients.
        service: for a client, the service that the server mocks; None for that of the contract.
        time_limit: for a command or a service, the seconds for one case.

    """

    name: str
    feed: Feed | None = None
    strict: bool | None = None
    route: str | None = None
    contract: str = ""
    client: ClientOptions = ClientOptions()
    service: Service | None = None
    time_limit: float = DEFAULT_TIME_LIMIT_SECONDS

    def payload_feed(self, default: Feed) -> Feed:
        """Return the feed, or ``default`` if none was chosen.

        Raises:
            ContractError: the feed is ``url``, which only a client takes.

        """
        if self.feed == "url":
            raise ContractError(f"{self.name} takes a payload, not the URL of a server: choose another feed than 'url'")
        return self.feed or default


class Adapter(Protocol):
    """Makes consumers of one kind of target.

    Other packages register adapters under the entry point group ``contractfuzz.adapters``.
    """

    def __call__(self, target: Any, options: AdapterOptions) -> Consumer | None:
        """Return a consumer, or None if ``target`` is not of this kind.

        An adapter imports the library of its targets only after it has recognised one.
        """


def parse_feed(text: str) -> Feed:
    """Return the feed of that name.

    Raises:
        ContractError: no feed has that name; the message suggests the closest one.

    """
    for feed in FEEDS:
        if text == feed:
            return feed
    raise unknown("feed", text, FEEDS)


def is_instance_or_subclass(target: Any, module: str, name: str) -> bool:
    """Return True if ``target`` is a subclass of ``module.name`` or an instance of it. Does not import ``module``."""
    target_class = target if isinstance(target, type) else type(target)
    return any(base.__module__ == module and base.__name__ == name for base in target_class.__mro__)


def _is_utf_8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
