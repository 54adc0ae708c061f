"""Failures of consumers outside of this process, and the verdicts that they are."""

from __future__ import annotations

from dataclasses import replace

from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import Case
from contractfuzz.running.verdicts.calling import CallResult, Verdict
from contractfuzz.running.verdicts.exceptions import SummarizedError


class ProgramRejectedError(SummarizedError):
    """The program rejected the body."""


class ProgramCrashError(SummarizedError):
    """The program failed on the body, and reported it."""


class ProgramDiedError(SummarizedError):
    """The program, or the connection to the service, ended without an answer."""


class NoAnswerError(Exception):
    """The consumer did not answer within the time limit."""


class WrongUseError(Exception):
    """The consumer cannot be called. The message is that of a ``ContractError``, which no consumer may raise."""


class ConsumerGoneError(ContractError):
    """The service ended during the run, so that no more cases can be fed."""


class GoneError(Exception):
    """The service that ran before takes no connections any more."""


def observe(result: CallResult, case: Case) -> CallResult:  # noqa: ARG001
    """Return the result of a call with the verdict that its error is.

    Raises:
        ContractError: the consumer cannot be called.
        ConsumerGoneError: the consumer ended during the run.

    """
    match result.error:
        case ProgramDiedError():
            return replace(result, verdict=Verdict.DIED)
        case NoAnswerError() as error:
            return replace(result, verdict=Verdict.HUNG, error=None, traceback=None, detail=str(error))
        case WrongUseError() as error:
            raise ContractError(str(error)) from None
        case GoneError() as error:
            raise ConsumerGoneError(str(error)) from None
        case _:
            return replace(result, traceback=None)
