"""Reactions: what a consumer did with one case, as plain data that can be compared and sent between processes."""

from __future__ import annotations

from dataclasses import dataclass

from contractfuzz.running.verdicts.calling import CallResult, Verdict
from contractfuzz.running.verdicts.effects import Parts, parts_of
from contractfuzz.running.verdicts.exceptions import ExceptionSummary


@dataclass(frozen=True, slots=True)
class Reaction:
    """The result of one call without the objects of the consumer.

    Attributes:
        verdict: what the consumer did.
        raised: the summary of the exception, or None if the call returned.
        detail: how the consumer's process ended, or what a client did besides, in words; else empty.
        parts: the parts of the return value; None if the call raised, or if the value cannot be compared.
        reached: False if the call did not reach the code under test.

    """

    verdict: Verdict
    raised: ExceptionSummary | None = None
    detail: str = ""
    parts: Parts | None = None
    reached: bool = True

    @classmethod
    def of(cls, result: CallResult, *, reached: bool = True) -> Reaction:
        """Return the reaction that a call shows.

        Args:
            result: the result of the call.
            reached: False if it did not reach the code under test.

        """
        return cls(
            result.verdict,
            None if result.error is None else ExceptionSummary.of(result.error, result.traceback),
            result.detail,
            _readable_parts(result) if result.verdict is Verdict.ACCEPTED else None,
            reached,
        )


def _readable_parts(result: CallResult) -> Parts | None:
    try:
        return {path: _plain(part) for path, part in parts_of(result.result).items()}
    except Exception:  # noqa: BLE001 - the consumer's own code runs
        return None


def _plain(part: object) -> object:
    """Return a part whose number is of a built-in type, because another process may lack the consumer's classes."""
    if isinstance(part, tuple) and part[0] == "number":
        for plain_type in (int, float):
            if isinstance(part[1], plain_type):
                return "number", plain_type(part[1])
    return part
