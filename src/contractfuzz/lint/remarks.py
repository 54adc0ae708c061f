"""Remarks: the results of linting."""

from __future__ import annotations

from dataclasses import dataclass

from contractfuzz.text import printable


@dataclass(frozen=True, slots=True)
class Remark:
    """One problem in a document.

    Attributes:
        source: the name of the document: its path, or ``document`` for an object.
        pointer: the location in the document, as a JSON Pointer (RFC 6901); ``""`` is the whole document.
        rule: the name of the broken rule, a key of ``RULES``.
        message: the problem and the remedy, in one line.

    """

    source: str
    pointer: str
    rule: str
    message: str

    def __str__(self) -> str:
        return printable(f"{self.source}{f' at {self.pointer}' if self.pointer else ''}: {self.rule}: {self.message}")
