"""Settings of a run: which cases it feeds, and how it calls the consumer."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import ABSENT, Expectation, Kind
from contractfuzz.running.adapters.targets import import_path, missing_folders
from contractfuzz.running.consumer import (
    DEFAULT_MAX_REQUESTS,
    DEFAULT_PATIENCE_SECONDS,
    DEFAULT_TIME_LIMIT_SECONDS,
    ClientOptions,
    Consumer,
)
from contractfuzz.running.verdicts.policy import Policy

if TYPE_CHECKING:
    from contractfuzz.contract import Contract

ErrorClasses = Iterable[type[BaseException]] | type[BaseException]

MAX_TIME_LIMIT_SECONDS = 86_400
"""The highest time limit: a day."""


@dataclass(frozen=True, slots=True)
class CaseSet:
    """The cases of one kind and profile.

    Attributes:
        kind: the kind.
        profile: the profile of valid cases; ``broad`` for other kinds.
        expectation: for wire cases, what a consumer should do with them; None for all.

    """

    kind: Kind
    profile: str = "broad"
    expectation: Expectation | None = None


VALID_SETS = (CaseSet("valid"), CaseSet("valid", "realistic"))
"""The cases that a consumer should accept."""
INVALID_SETS = (CaseSet("invalid"),)
"""The cases that a consumer should reject."""
SURVIVAL_SETS = (CaseSet("malformed"), CaseSet("incoherent"), CaseSet("hostile"))
"""The cases that a consumer should survive. It should reject most malformed ones."""
BODY_SETS = (*VALID_SETS, *INVALID_SETS, *SURVIVAL_SETS)
"""The cases that differ in their bodies."""
CASE_SETS = (*BODY_SETS, CaseSet("wire"))
"""The cases that a check feeds. Only clients get wire cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """Settings of a run: the way to call the consumer, and the verdicts that are findings.

    Attributes:
        feed: ``object``, ``text``, ``bytes`` or ``url``; None for what the consumer's first parameter asks for. See ``adapt``.
        strict: for pydantic and msgspec, True to convert nothing, False to convert what they can, None for their default.
        route: for a web application, the path to which bodies are posted.
        name: the consumer's name in reports; None for its own.
        raises: the errors by which the consumer rejects a payload. Any other error is a crash.
        policy: ``strict`` or ``tolerant``, see ``contractfuzz.running.verdicts.policy``.
        tolerate: violations that the consumer may accept, as ids or globs of them.
        must_accept: violations that the consumer must accept, as ids or globs of them.
        isolate: True to call the consumer in a process of its own, so that a run survives a consumer that hangs or dies.
        time_limit: seconds that an isolated consumer, a command or a service may take for one case, above 0 and at most 86,400;
            None for 5.
        timeout: seconds after which a client gives up waiting for a server, above 0; None if it is not known.
        max_requests: number of requests that a client may send in one call, at least 1; None for 20.
        paging: the location of the cursor in the pages that a client reads, as a JSON Pointer; None to recognise it by its name.
        retries: True if a client must send a request again when the server asks for that.
        command: the words of the command that feeds the same cases, for reports; empty if no command does, None if the options
            come from Python, so that ``check_command`` makes it of them.

    Raises:
        ContractError: the time limit or another option is out of range.

    """

    feed: str | None = None
    strict: bool | None = None
    route: str | None = None
    name: str | None = None
    raises: ErrorClasses = (ValueError,)
    policy: str = "strict"
    tolerate: str | Iterable[str] = ()
    must_accept: str | Iterable[str] = ()
    isolate: bool = False
    time_limit: float | None = None
    timeout: float | None = None
    max_requests: int | None = None
    paging: str | None = None
    retries: bool = False
    command: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if self.max_requests is not None and self.max_requests < 1:
            raise ContractError(
                f"max_requests is {self.max_requests}: a client needs at least 1 request (--max-requests)"
            )
        if self.timeout is not None and not 0 < self.timeout <= MAX_TIME_LIMIT_SECONDS:
            raise ContractError(
                f"the timeout of {self.timeout} s is out of range: give the timeout of the client, above 0 s and at most "
                f"{MAX_TIME_LIMIT_SECONDS:,} s (a day)"
            )
        if self.paging is not None and not self.paging.startswith("/"):
            raise ContractError(
                f"{self.paging!r} is not the JSON Pointer of a cursor: write one as in --paging /paging/next/after"
            )
        if self.time_limit is None:
            return
        # The comparison is false for NaN too.
        if not 0 < self.time_limit <= MAX_TIME_LIMIT_SECONDS:
            raise ContractError(
                f"the time limit of {self.time_limit} s is out of range: give a time above 0 s, and at most "
                f"{MAX_TIME_LIMIT_SECONDS:,} s (a day)"
            )

    def client_options(self, contract: Contract | None) -> ClientOptions:
        """Return the options of the adapter for clients.

        Args:
            contract: the contract whose smallest payload continues a conversation; None if it is not known.

        """
        continuation = None if contract is None else cache(partial(_smallest_body, contract))
        return ClientOptions(
            self.max_requests or DEFAULT_MAX_REQUESTS, continuation, self.paging, self._patience, self.isolate
        )

    def make_policy(self, contract: Contract, *, has_wire_cases: bool) -> Policy:
        """Return the expectations of a run.

        Args:
            contract: the contract that has the cases.
            has_wire_cases: True if the run feeds wire cases, which only clients get.

        Raises:
            ContractError: the policy does not exist, or a pattern of ``tolerate`` or ``must_accept`` matches no label.

        """
        labels = None
        if self.tolerate or self.must_accept:
            kinds: list[Kind] = ["malformed", "wire"] if has_wire_cases else ["malformed"]
            labels = [[violation.id for violation in contract.violations()], *map(contract.labels, kinds)]
        return Policy(self.policy, self.tolerate, self.must_accept, labels, retries=self.retries)

    @property
    def _patience(self) -> float:
        """Seconds for which a server stays silent. An isolated client must be able to end within its time limit."""
        patience = DEFAULT_PATIENCE_SECONDS if self.timeout is None else self.timeout + 1
        limit = self.time_limit or DEFAULT_TIME_LIMIT_SECONDS
        return min(patience, 0.8 * limit) if self.isolate else patience

    def check_consumer(self, consumer: Consumer) -> None:
        """Raise ContractError if an option is given for a consumer that does not have it."""
        if self.time_limit is not None and not (self.isolate or consumer.is_external):
            raise ContractError("a time limit needs an isolated consumer: add --isolate (in Python, isolate=True)")
        options = {
            "timeout (--timeout)": self.timeout,
            "max_requests (--max-requests)": self.max_requests,
            "paging (--paging)": self.paging,
            "retries (--retries)": self.retries or None,
        }
        given = [name for name, value in options.items() if value is not None]
        if given and consumer.feed != "url":
            raise ContractError(f"{consumer.name} is not a client: leave out {given[0]}, or choose the feed 'url'")


def _smallest_body(contract: Contract) -> bytes:
    [smallest] = contract.sample(1, profile="minimal")
    return smallest.compact_body


def check_command(options: RunOptions, consumer: str, contract: Contract, feed: str) -> tuple[str, ...]:
    """Return the words of the command that runs a check as options do, or an empty tuple if no command can.

    Args:
        options: the options.
        consumer: the consumer's name.
        contract: the contract.
        feed: the argument of the consumer.

    """
    if options.command is not None:
        return options.command
    raises = (options.raises,) if isinstance(options.raises, type) else tuple(options.raises)
    names = [] if raises == (ValueError,) else [_name_of_class(error) for error in raises]
    origin, faulty = _contract_words(contract), contract.fault_options
    module, name = import_path(consumer)
    is_based = faulty is not None and faulty.base is not ABSENT
    if origin is None or is_based or None in names or not module or "<" in name:
        return ()
    modules = [module, *(name.partition(":")[0] for name in names if name is not None)]
    folders = os.pathsep.join(missing_folders(modules))
    inherited = os.environ.get("PYTHONPATH")
    # The command finds the modules of the current folder only.
    words = ["env", f"PYTHONPATH={folders}{os.pathsep + inherited if inherited else ''}"] if folders else []
    words += ["contractfuzz", "check", f"{module}:{name}", "--contract", *origin, "--feed", feed]
    words += ["--route", options.route] if options.route is not None else []
    words += [] if options.strict is None else ["--strict" if options.strict else "--lax"]
    for error in names:
        words += ["--raises", str(error)]
    words += [] if options.policy == "strict" else ["--policy", options.policy]
    for pattern in [options.must_accept] if isinstance(options.must_accept, str) else options.must_accept:
        words += ["--must-accept", pattern]
    words += ["--faults", str(faulty.faults)] if faulty is not None else []
    words += ["--isolate"] if options.isolate else []
    words += ["--time-limit", f"{options.time_limit:g}"] if options.time_limit is not None else []
    words += ["--timeout", f"{options.timeout:g}"] if options.timeout is not None else []
    words += ["--max-requests", str(options.max_requests)] if options.max_requests is not None else []
    words += ["--paging", options.paging] if options.paging is not None else []
    words += ["--retries"] if options.retries else []
    return tuple(words)


def _name_of_class(error: type[BaseException]) -> str | None:
    """Return the name of an error class for ``--raises``, or None if it cannot be imported."""
    if "<" in error.__qualname__:
        return None
    if error.__module__ == "builtins":
        return error.__name__
    module, name = import_path(f"{error.__module__}:{error.__qualname__}")
    return f"{module}:{name}" if module else None


def _contract_words(contract: Contract) -> tuple[str, ...] | None:
    """Return the value of ``--contract``, and the options for its components; None if the contract or its values have no file."""
    if contract.values:
        return None
    if contract.name in contract.installed():
        return (contract.name,)
    if contract.loaded_from is None:
        return None
    document, components, component, side, dialect = contract.loaded_from
    components = [components] if isinstance(components, str | Path) else list(components)
    if not all(isinstance(source, str | Path) for source in (document, *components)):
        return None
    file = f"{document}#{component}" if component is not None else str(document)
    words = [file, *(word for path in components for word in ("--components", str(path)))]
    words += ["--side", side] if side != "response" else []
    words += ["--dialect", dialect] if dialect is not None else []
    return tuple(words)
