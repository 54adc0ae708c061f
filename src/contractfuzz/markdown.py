"""Markdown (GitHub Flavored Markdown) that shows foreign text as it is, with nothing in it that acts as markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from contractfuzz.text import printable

MAX_COMMENT_BYTES = 60_000
"""Size limit of a text that has to fit into a comment of GitHub, which takes 65,536 characters."""

_BACKTICKS = re.compile("`+")
_MIN_FENCE = 3


def code_span(text: str) -> str:
    r"""Return text as a code span, in which nothing is a link, a mention, an emphasis or HTML.

    Do not use it in a table, where a ``|`` ends a cell even within code.

    Args:
        text: any text, for example a label. Characters that cannot be printed become JSON escapes.

    Example:
        >>> code_span("/id:type.null")
        '`/id:type.null`'
        >>> code_span("a `b`")
        '`` a `b` ``'

    """
    shown = printable(text)
    if not shown.strip(" "):
        return '`""`' if not shown else f'`"{shown}"`'
    ticks = "`" * _free_length(shown, 1)
    # A parser removes one space at each end if both ends have one.
    is_padded = shown[0] in "` " or shown[-1] in "` "
    return f"{ticks} {shown} {ticks}" if is_padded else f"{ticks}{shown}{ticks}"


def fenced(text: str, language: str = "text") -> str:
    """Return text as a fenced code block, which ends in a line break.

    Args:
        text: any text; its line breaks stay. Other characters that cannot be printed become JSON escapes.
        language: the language for the highlighting, a single word.

    """
    shown = printable(text, keep="\n")
    fence = "`" * _free_length(shown, _MIN_FENCE)
    return f"{fence}{language}\n{shown}\n{fence}\n"


def table(rows: Sequence[Sequence[str]], numbers: int) -> str:
    """Return a table, which ends in a line break.

    Args:
        rows: the cells of each row, plain words without markup; the first row is the head.
        numbers: number of the last columns that are aligned to the right.

    """
    width = len(rows[0])
    rule = ["---"] * (width - numbers) + ["---:"] * numbers
    return "".join(f"| {' | '.join(row)} |\n" for row in (rows[0], rule, *rows[1:]))


def left_out_line(what: str, report: str) -> str:
    """Return the sentence about what a page has no room for, and the name of the report that has it."""
    return f"Left out, because a comment has a limited size: {what}. The {report} report has all.\n"


class LimitedPage:
    """Blocks of Markdown up to a size.

    Args:
        room: the size in bytes.

    Attributes:
        blocks: the blocks. Each ends in a line break, and a line break separates it from the next one.

    """

    def __init__(self, room: int) -> None:
        self.blocks: list[str] = []
        self._room = room

    def add(self, block: str, reserved: int = 0) -> bool:
        """Add a block, and return True if there was room for it and for a number of reserved bytes."""
        size = len(block.encode()) + 1
        if size + reserved > self._room:
            return False
        self._room -= size
        self.blocks.append(block)
        return True


def _free_length(text: str, minimum: int) -> int:
    """Return the length of a run of backticks that a text does not have, longer than each run in it."""
    return max([minimum, *(len(run) + 1 for run in _BACKTICKS.findall(text))])
