"""The code under test, ready to be called, and how it is to be called."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from contractfuzz.errors import unknown
from contractfuzz.payloads.cases.case import ABSENT, Case

Feed = Literal["object", "text", "bytes", "url"]
FEEDS: tuple[Feed, ...] = ("object", "text", "bytes", "url")


def _nothing() -> None:
    """End nothing: nothing was started."""


@dataclass(frozen=True, slots=True)
class Consumer:
    """The code under test, ready to be called.

    Attributes:
        name: what reports call it: ``package.module:function``.
        call: takes the argument that ``argument`` makes of a case; returns or raises.
        feed: what that argument is: the payload as Python ``object``, as JSON ``text`` or as ``bytes``; for ``url`` the bytes
            that the server answers with whose base URL the code under test is called with.
        rejections: errors by which it rejects a payload, beside those that the user declares.
        expression: how a line of Python calls it, with ``NAME`` for what is imported and ``ARGUMENT`` for the argument.
        imports: what that line imports beside the consumer: ``asyncio``.
        close: ends what calls have started; the next call starts it again.

    """

    name: str
    call: Callable[[Any], Any]
    feed: Feed
    rejections: tuple[type[BaseException], ...] = ()
    expression: str = "NAME(ARGUMENT)"
    imports: str = ""
    close: Callable[[], None] = _nothing

    def can_take(self, case: Case) -> bool:
        """Return whether there is an argument for ``case``: a body that is no JSON is no object, one that is no UTF-8 no text."""
        if self.feed in ("bytes", "url") or case.payload is not ABSENT:
            return True
        return self.feed == "text" and _is_utf_8(case.body)

    def argument(self, case: Case) -> Any:
        """Return a fresh argument for ``case``, which the consumer may change without touching the case."""
        if self.feed in ("bytes", "url"):
            return case.body
        return case.body.decode() if self.feed == "text" else json.loads(case.body)


@dataclass(frozen=True, slots=True)
class AdapterOptions:
    """How a target is to be called, as far as it can be chosen.

    Attributes:
        name: what reports call it.
        feed: what it takes; None leaves that to its adapter.
        strict: whether a library shall convert nothing (True) or what it can (False); None leaves it as the library does.
        route: the path to which a web application's bodies are posted.
        contract: the name of the contract whose cases it is fed; empty if that is not known.

    """

    name: str
    feed: Feed | None = None
    strict: bool | None = None
    route: str | None = None
    contract: str = ""


class Adapter(Protocol):
    """Recognises one sort of consumer. Other packages bring theirs by the entry point group ``contractfuzz.adapters``."""

    def __call__(self, target: Any, how: AdapterOptions) -> Consumer | None:
        """Return how ``target`` is called; None if it is of another sort. Nothing is imported to find that out."""


def checked_feed(feed: str | None) -> Feed | None:
    """Return ``feed``, which must be one of ``FEEDS`` or None; ContractError with the nearest match."""
    for known in FEEDS:
        if feed == known:
            return known
    if feed is None:
        return None
    raise unknown("feed", feed, FEEDS)


def is_made_by(target: Any, module: str, name: str) -> bool:
    """Return whether ``target`` is a class derived from ``module.name``, or an instance of one; without importing ``module``."""
    kind = target if isinstance(target, type) else type(target)
    return any(base.__module__ == module and base.__name__ == name for base in kind.__mro__)


def _is_utf_8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
