"""One call of a consumer, and its verdict."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Any

from contractfuzz.payloads.cases.case import Case, Expectation
from contractfuzz.running.verdicts.effects import Effect
from contractfuzz.running.verdicts.exchanges import ExchangeSummary


class Verdict(StrEnum):
    """Reaction of a consumer to a case."""

    ACCEPTED = "accepted"
    """It returned."""
    REJECTED = "rejected"
    """It raised one of the declared errors."""
    CRASHED = "crashed"
    """It raised any other exception."""
    HUNG = "hung"
    """It exceeded the time limit. Only an isolated consumer, a client, a command or a service gets this verdict."""
    DIED = "died"
    """It ended its process. Only an isolated consumer, a command or a service gets this verdict."""
    LOOPED = "looped"
    """It sent more requests in one call than it may. Only a client gets this verdict."""
    REPEATED = "repeated"
    """It sent a request again that it must not repeat, or too early. Only a client gets this verdict."""


_EXPECTED_VERDICTS: dict[Expectation, tuple[Verdict, ...]] = {
    "accepts": (Verdict.ACCEPTED,),
    "rejects": (Verdict.REJECTED,),
    "survives": (Verdict.ACCEPTED, Verdict.REJECTED),
    "tolerates": (Verdict.ACCEPTED, Verdict.REJECTED),
}
"""The verdicts that can meet each expectation."""

EXPECTATION_WORDS: dict[Expectation, str] = {
    "accepts": "accepted",
    "rejects": "rejected",
    "survives": "accepted or rejected",
    "tolerates": "accepted without effect, or rejected",
}
"""Each expectation in words."""


@dataclass(frozen=True, slots=True)
class CallResult:
    """The result of one call.

    Attributes:
        verdict: what the consumer did.
        error: the exception, without its traceback, or None if the call returned.
        traceback: the traceback of the exception. It starts in the consumer, and is None if no Python code of the consumer was
            running.
        result: the return value, or None if the call raised.
        detail: how the consumer's process ended, or what a client did besides, in words; else empty.
        seconds: duration of the call.
        exchange: the request of a client that got the case, with the response; None for other consumers.
        pages: number of different pages that a client asked for; 0 if its case has no pages.
        has_retried: True if a client sent the request of the case again, and got a plain response.
        is_free: True if a client may accept or reject the case: it got a plain response to a later request, or the document of
            its API does not name the status.

    """

    verdict: Verdict
    error: BaseException | None = None
    traceback: TracebackType | None = None
    result: Any = None
    detail: str = ""
    seconds: float = 0.0
    exchange: ExchangeSummary | None = None
    has_retried: bool = False
    is_free: bool = False
    pages: int = 0

    def meets_expectation(self, case: Case, effect: Effect | None = None) -> bool:
        """Return True if the verdict is one that ``case`` expects.

        Args:
            case: the case.
            effect: the effect of its fault, if the case has one and was accepted.

        """
        if self.verdict not in _EXPECTED_VERDICTS[case.expectation]:
            return False
        return case.expectation != "tolerates" or effect is not Effect.CHANGED


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
    start = perf_counter()
    try:
        result = consumer(argument)
    except BaseException as error:
        if not isolated and (isinstance(error, KeyboardInterrupt) or _is_pytest_outcome(error)):
            raise
        # Classes of a consumer may overwrite the checks of isinstance().
        is_rejection = not set(type(error).__mro__).isdisjoint(raises)
        verdict = Verdict.REJECTED if is_rejection else Verdict.CRASHED
        return CallResult(verdict, error, _detach_traceback(error), seconds=perf_counter() - start)
    return CallResult(Verdict.ACCEPTED, result=result, seconds=perf_counter() - start)


def _is_pytest_outcome(error: BaseException) -> bool:
    # A plugin that limits the time of a test raises one of these while the consumer runs.
    pytest = sys.modules.get("pytest")
    return pytest is not None and issubclass(
        type(error), (pytest.fail.Exception, pytest.skip.Exception, pytest.exit.Exception)
    )


_CALLING_FOLDERS = (str(Path(__file__).parents[2]), str(Path(asyncio.__file__).parent))


def _detach_traceback(error: BaseException) -> TracebackType | None:
    """Remove the traceback from an exception, and return it without the outer frames of contractfuzz and asyncio.

    A consumer may raise the same object again and again. The object would collect the frames of all these calls.
    """
    traceback = error.__traceback__
    BaseException.with_traceback(error, None)  # a class of the consumer may overwrite the method
    while traceback and traceback.tb_frame.f_code.co_filename.startswith(_CALLING_FOLDERS):
        traceback = traceback.tb_next
    return traceback
