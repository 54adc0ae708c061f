"""A document that was read, and a place in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from contractfuzz.documents.dialects import Dialect, recognise
from contractfuzz.documents.refusals import refusal
from contractfuzz.errors import ContractError
from contractfuzz.pointers import to_pointer


@dataclass(frozen=True, eq=False)
class Document:
    """One published document: JSON that is ours alone, with where it came from.

    Attributes:
        source: what errors call it: its path, or ``document`` for a dict.
        content: the JSON object at its root.
        location: its ``file:`` URI, by which siblings refer to it; empty for a dict.
        fallback_name: what it is called when it does not say.

    """

    source: str
    content: dict[str, Any]
    location: str = ""
    fallback_name: str = "document"

    @property
    def root(self) -> Place:
        """The place that is the whole document."""
        return Place(self, ())

    @cached_property
    def dialect(self) -> Dialect:
        """The language that it is written in; a ContractError where that is none that is read here."""
        return recognise(self.content, self.root.refusal)

    @property
    def name(self) -> str | None:
        """What it calls itself: ``name`` in JSON Structure, ``title`` in JSON Schema."""
        name = self.content.get("name") or self.content.get("title")
        return name if isinstance(name, str) else None


@dataclass(frozen=True)
class Place:
    """A value within a document, by the way that leads to it."""

    document: Document
    steps: tuple[str, ...]

    def __truediv__(self, step: str | int) -> Place:
        return Place(self.document, (*self.steps, str(step)))

    def __str__(self) -> str:
        return f"{self.document.source}#{to_pointer(self.steps)}"

    def refusal(self, problem: str) -> ContractError:
        """Make the error that names this place."""
        return refusal(self.document.source, self.steps, problem)
