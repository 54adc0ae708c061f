"""What a consumer did with one case, and whether it should have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from contractfuzz.payloads.cases import Case


class Verdict(StrEnum):
    """What a consumer did with a case."""

    ACCEPTED = "accepted"
    """It returned."""
    REJECTED = "rejected"
    """It raised one of the declared errors."""
    CRASHED = "crashed"
    """It raised anything else."""
    HUNG = "hung"
    """It did not come back in time; only a consumer in a process of its own can be judged so."""
    DIED = "died"
    """It took its process down."""


EXPECTED: dict[str, tuple[Verdict, ...]] = {
    "accepts": (Verdict.ACCEPTED,),
    "rejects": (Verdict.REJECTED,),
    "survives": (Verdict.ACCEPTED, Verdict.REJECTED),
}
"""The verdicts that honour each expectation of a case."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one call.

    Attributes:
        verdict: what the consumer did.
        error: what it raised, its traceback beginning in the consumer; None if it returned.
        result: what it returned; None if it raised.
        detail: how its process ended, in words; empty if it returned or raised.

    """

    verdict: Verdict
    error: BaseException | None = None
    result: Any = None
    detail: str = ""

    def honours(self, case: Case) -> bool:
        """Return whether an honest consumer may do this with ``case``."""
        return self.verdict in EXPECTED[case.expectation]


def call(consumer: Callable[[Any], Any], argument: Any, raises: tuple[type[BaseException], ...]) -> Outcome:
    """Call ``consumer`` once and say what it did; only what ends the whole program (Ctrl-C) passes through."""
    try:
        result = consumer(argument)
    except raises as error:
        return Outcome(Verdict.REJECTED, _from_the_consumer(error))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it is, it is the consumer's
        return Outcome(Verdict.CRASHED, _from_the_consumer(error))
    return Outcome(Verdict.ACCEPTED, result=result)


def _from_the_consumer(error: BaseException) -> BaseException:
    """Drop this module's own frame from the traceback, unless there is no other: a C function was called."""
    traceback = error.__traceback__
    return error.with_traceback(traceback.tb_next or traceback) if traceback else error
