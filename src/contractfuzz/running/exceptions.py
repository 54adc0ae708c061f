"""TODO."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path

from contractfuzz.text import printable, truncate

LONGEST_LINE = 200
"""Characters of an exception's message."""
FRAMES = 12
"""How many of the innermost frames a traceback has."""

_STANDARD_LIBRARY = str(Path(traceback.__file__).parent)


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception in words.

    Attributes:
        name: its class: ``KeyError``.
        line: class and message in one short line: ``KeyError: 'id'``.
        place: where in the consumer it was raised: ``parsing.py:12 in read``; empty if not by Python code.
        traceback: its traceback, several lines.
        file, number: the file and line of that place, for tools that lead there; empty and 0 if there is none.

    """

    name: str
    line: str
    place: str
    traceback: str
    file: str = ""
    number: int = 0

    @classmethod
    def of(cls, error: BaseException) -> Raised:
        """Put ``error`` into words; its own methods may fail, since they are the consumer's."""
        place, file, number = _place(error)
        return cls(type(error).__name__, _line(error), place, _traceback(error), file, number)


def _line(error: BaseException) -> str:
    try:
        words = printable(" ".join(str(error).split()))
    except Exception as broken:  # noqa: BLE001
        words = f"<its message cannot be had: {type(broken).__name__}>"
    words = truncate(words, LONGEST_LINE)
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _place(error: BaseException) -> tuple[str, str, int]:
    frames = [(frame.f_code, line) for frame, line in traceback.walk_tb(error.__traceback__)]
    own = [(code, line) for code, line in frames if _is_own(code.co_filename)]
    if not frames:
        return "", "", 0
    code, line = (own or frames)[-1]
    return f"{Path(code.co_filename).name}:{line} in {code.co_name}", code.co_filename, line or 0


def _is_own(filename: str) -> bool:
    return not filename.startswith((_STANDARD_LIBRARY, "<frozen")) and "site-packages" not in filename


def _traceback(error: BaseException) -> str:
    try:
        text = "".join(traceback.format_exception(error, limit=-FRAMES))
    except Exception:  # noqa: BLE001
        text = _line(error)
    return printable(text, keep="\n")
