"""Exceptions of consumers, summarised in words that outlive them."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType

from contractfuzz.text import printable, truncate

MAX_EXCEPTION_CHARACTERS = 200
MAX_TRACEBACK_FRAMES = 12
"""Innermost frames that a traceback keeps."""
MAX_TRACEBACK_CHARACTERS = 20_000
"""Length of a traceback. A message may contain a whole payload."""

_STANDARD_LIBRARY = str(Path(traceback.__file__).parent)


class RoundTripError(AssertionError):
    """A payload that was parsed and dumped differs from the payload that was parsed."""


class SummarizedError(Exception):
    """An error outside of this process, which is known in words only."""

    def __init__(self, summarize: Callable[[], ExceptionSummary]) -> None:
        """Make an error.

        Args:
            summarize: returns the words. Called when they are first needed: most errors are expected rejections.

        """
        super().__init__()
        self._summarize = summarize

    @cached_property
    def summary(self) -> ExceptionSummary:
        """The words."""
        return self._summarize()

    def __str__(self) -> str:
        return self.summary.line


@dataclass(frozen=True, slots=True)
class ExceptionSummary:
    """An exception as text. It can be serialised and keeps no frames alive.

    Attributes:
        name: the class: ``KeyError``.
        line: the class and the message in one short line: ``KeyError: 'id'``.
        place: the place in the consumer that raised it: ``parsing.py:12 in read``; empty if no Python code raised it.
        traceback: the innermost frames of the traceback, on several lines.
        file: the path of that place; empty if there is none.
        number: the line number of that place; 0 if there is none.

    """

    name: str
    line: str
    place: str
    traceback: str
    file: str = ""
    number: int = 0

    @classmethod
    def of(cls, error: BaseException, frames: TracebackType | None = None) -> ExceptionSummary:
        """Return the summary of an exception. Its own methods may fail, because they are code of the consumer.

        Args:
            error: the exception.
            frames: its traceback; None if no Python code of the consumer was running.

        """
        if isinstance(error, SummarizedError):
            return error.summary
        place, file, number = _place(frames)
        return cls(type(error).__name__, _line(error), place, _traceback(error, frames), file, number)

    @staticmethod
    def line_of(error: BaseException) -> str:
        """Return the class and the message of an exception in one short line."""
        return _line(error)


def _line(error: BaseException) -> str:
    name = type(error).__name__
    try:
        text = str.__str__(str(error))[:MAX_TRACEBACK_CHARACTERS]
        message = printable(" ".join(text.split()))
    except KeyboardInterrupt:
        raise
    except BaseException as failure:  # noqa: BLE001 - str() runs code of the consumer, which may even exit
        message = f"<str() raised {type(failure).__name__}>"
    message = truncate(message, MAX_EXCEPTION_CHARACTERS)
    return f"{name}: {message}" if message else name


def _place(frames: TracebackType | None) -> tuple[str, str, int]:
    called = [(frame.f_code, line) for frame, line in traceback.walk_tb(frames)]
    of_consumer = [(code, line) for code, line in called if is_consumer_file(code.co_filename)]
    if not called:
        return "", "", 0
    code, line = (of_consumer or called)[-1]
    return f"{Path(code.co_filename).name}:{line} in {code.co_name}", code.co_filename, line or 0


def is_consumer_file(filename: str) -> bool:
    """Return True if a file is neither of the standard library nor of an installed package."""
    return not filename.startswith((_STANDARD_LIBRARY, "<frozen")) and "site-packages" not in filename


def _traceback(error: BaseException, frames: TracebackType | None) -> str:
    try:
        text = "".join(traceback.format_exception(type(error), error, frames, limit=-MAX_TRACEBACK_FRAMES))
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 - it runs code of the consumer, which may even exit
        text = _line(error)
    return printable(text[:MAX_TRACEBACK_CHARACTERS], keep="\n")
