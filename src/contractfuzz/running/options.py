"""Settings of a run: which cases it feeds, and how it calls the consumer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import Kind

ErrorClasses = Iterable[type[BaseException]] | type[BaseException]

DEFAULT_TIME_LIMIT_SECONDS = 5.0
"""Time that an isolated consumer may take for one case."""


@dataclass(frozen=True, slots=True)
class CaseSet:
    """The cases of one kind and profile."""

    kind: Kind
    profile: str = "broad"


VALID_SETS = (CaseSet("valid"), CaseSet("valid", "realistic"))
"""The cases that a consumer should accept."""
INVALID_SETS = (CaseSet("invalid"),)
"""The cases that a consumer should reject."""
SURVIVAL_SETS = (CaseSet("malformed"), CaseSet("incoherent"), CaseSet("hostile"))
"""The cases that a consumer should survive. It should reject most malformed ones."""
CASE_SETS = (*VALID_SETS, *INVALID_SETS, *SURVIVAL_SETS)
"""The cases that a check feeds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """Settings of a run: the way to call the consumer, and the verdicts that are findings.

    Attributes:
        feed: ``object``, ``text``, ``bytes`` or ``url``; None for what the consumer's first parameter asks for. See ``adapt``.
        strict: for pydantic and msgspec, True to convert nothing, False to convert what they can, None for their default.
        route: for a web application, the path to which bodies are posted.
        name: the consumer's name in reports; None for its own.
        raises: the errors by which the consumer rejects a payload. Any other error is a crash.
        tolerate: violations that the consumer may accept, as ids or globs of them.
        isolate: True to call the consumer in a process of its own, so that a run survives a consumer that hangs or dies.
        time_limit: seconds that an isolated consumer may take for one case, above 0; None for 5.

    Raises:
        ContractError: the time limit is not above 0, or the consumer is not isolated.

    """

    feed: str | None = None
    strict: bool | None = None
    route: str | None = None
    name: str | None = None
    raises: ErrorClasses = (ValueError,)
    tolerate: str | Iterable[str] = ()
    isolate: bool = False
    time_limit: float | None = None

    def __post_init__(self) -> None:
        if self.time_limit is None:
            return
        if not self.time_limit > 0:
            raise ContractError(f"the time limit of {self.time_limit} s is not above 0: give more time")
        if not self.isolate:
            raise ContractError("a time limit needs an isolated consumer: add --isolate (in Python, isolate=True)")
