"""What a consumer did with one case, and whether it should have."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from contractfuzz.payloads.cases.case import Case, Expectation


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


EXPECTED: dict[Expectation, tuple[Verdict, ...]] = {
    "accepts": (Verdict.ACCEPTED,),
    "rejects": (Verdict.REJECTED,),
    "survives": (Verdict.ACCEPTED, Verdict.REJECTED),
}
"""The verdicts that honour each expectation of a case."""


@dataclass(frozen=True, slots=True)
class CallResult:
    """What came of one call.

    Attributes:
        verdict: what the consumer did.
        error: what it raised, its traceback beginning in the consumer, or None where that is no Python code; None if it returned.
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


def call(consumer: Callable[[Any], Any], argument: Any, raises: tuple[type[BaseException], ...]) -> CallResult:
    """Call ``consumer`` once and say what it did; only Ctrl-C and pytest's own skips and failures pass through."""
    try:
        result = consumer(argument)
    except KeyboardInterrupt:
        raise
    except raises as error:
        return CallResult(Verdict.REJECTED, _from_the_consumer(error))
    except BaseException as error:
        if _is_outcome_of_test(error):
            raise
        return CallResult(Verdict.CRASHED, _from_the_consumer(error))
    return CallResult(Verdict.ACCEPTED, result=result)


def _is_outcome_of_test(error: BaseException) -> bool:
    # A plugin that limits the time of a test raises one of these in the midst of the consumer.
    pytest = sys.modules.get("pytest")
    return pytest is not None and isinstance(
        error, (pytest.fail.Exception, pytest.skip.Exception, pytest.exit.Exception)
    )


_NOT_THE_CONSUMER = (str(Path(__file__).parents[1]), str(Path(asyncio.__file__).parent))


def _from_the_consumer(error: BaseException) -> BaseException:
    """Drop the frames by which the consumer was called from the traceback; none is left if it is no Python code."""
    traceback = error.__traceback__
    while traceback and traceback.tb_frame.f_code.co_filename.startswith(_NOT_THE_CONSUMER):
        traceback = traceback.tb_next
    return error.with_traceback(traceback)
