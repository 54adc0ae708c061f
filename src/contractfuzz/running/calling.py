"""One call of a consumer, and its verdict."""

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
    """Reaction of a consumer to a case."""

    ACCEPTED = "accepted"
    """It returned."""
    REJECTED = "rejected"
    """It raised one of the declared errors."""
    CRASHED = "crashed"
    """It raised any other exception."""
    HUNG = "hung"
    """It exceeded the time limit. Only an isolated consumer gets this verdict."""
    DIED = "died"
    """It ended its process. Only an isolated consumer gets this verdict."""


EXPECTED_VERDICTS: dict[Expectation, tuple[Verdict, ...]] = {
    "accepts": (Verdict.ACCEPTED,),
    "rejects": (Verdict.REJECTED,),
    "survives": (Verdict.ACCEPTED, Verdict.REJECTED),
}
"""The verdicts that meet each expectation."""


@dataclass(frozen=True, slots=True)
class CallResult:
    """The result of one call.

    Attributes:
        verdict: what the consumer did.
        error: the exception, or None if the call returned. Its traceback starts in the consumer, and is None if no Python
            code of the consumer was running.
        result: the return value, or None if the call raised.
        detail: how the consumer's process ended, in words; empty if the call returned or raised.

    """

    verdict: Verdict
    error: BaseException | None = None
    result: Any = None
    detail: str = ""

    def meets_expectation(self, case: Case) -> bool:
        """Return True if the verdict is one that ``case`` expects."""
        return self.verdict in EXPECTED_VERDICTS[case.expectation]


def call(
    consumer: Callable[[Any], Any], argument: Any, raises: tuple[type[BaseException], ...], *, isolated: bool = False
) -> CallResult:
    """Call a consumer once.

    Args:
        consumer: the code under test.
        argument: its only argument.
        raises: the errors that reject the argument.
        isolated: True if this process is the consumer's own, so that every exception comes from the consumer.

    Returns:
        The verdict with the result or the error.

    Raises:
        KeyboardInterrupt: the user pressed Ctrl-C.
        BaseException: pytest skipped or failed the current test, for example because of a time limit.

    """
    try:
        result = consumer(argument)
    except BaseException as error:
        if not isolated and (isinstance(error, KeyboardInterrupt) or _is_pytest_outcome(error)):
            raise
        # Classes of a consumer may overwrite the checks of isinstance().
        is_rejection = not set(type(error).__mro__).isdisjoint(raises)
        return CallResult(Verdict.REJECTED if is_rejection else Verdict.CRASHED, _trim_traceback(error))
    return CallResult(Verdict.ACCEPTED, result=result)


def _is_pytest_outcome(error: BaseException) -> bool:
    # A plugin that limits the time of a test raises one of these while the consumer runs.
    pytest = sys.modules.get("pytest")
    return pytest is not None and issubclass(
        type(error), (pytest.fail.Exception, pytest.skip.Exception, pytest.exit.Exception)
    )


_CALLING_FOLDERS = (str(Path(__file__).parents[1]), str(Path(asyncio.__file__).parent))


def _trim_traceback(error: BaseException) -> BaseException:
    """Remove the outer frames of contractfuzz and asyncio from the traceback."""
    traceback = error.__traceback__
    while traceback and traceback.tb_frame.f_code.co_filename.startswith(_CALLING_FOLDERS):
        traceback = traceback.tb_next
    return BaseException.with_traceback(error, traceback)  # a class of the consumer may overwrite the method
