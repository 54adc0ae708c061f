"""A document that was read, and a place in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from contractfuzz.documents.dialects.dialect import Dialect, recognise
from contractfuzz.documents.errors import refusal
from contractfuzz.errors import ContractError
from contractfuzz.json_pointer import encode_pointer, resolve_pointer


@dataclass(frozen=True, eq=False)
class Document:
    """One published document: JSON that is ours alone, with where it came from.

    Attributes:
        source: what errors call it: its path, or ``document`` for a dict.
        content: the JSON object at its root.
        location: its ``file:`` URI, by which siblings refer to it; empty for a dict.
        fallback_name: what it is called when it does not say.
        forced: the language that it is read in, whatever it says.

    """

    source: str
    content: dict[str, Any]
    location: str = ""
    fallback_name: str = "document"
    forced: Dialect | None = None

    @property
    def root(self) -> SourceLocation:
        """The place that is the whole document."""
        return SourceLocation(self, ())

    @cached_property
    def dialect(self) -> Dialect:
        """The language that it is written in; a ContractError where that is none that is read here."""
        return self.forced or recognise(self.content, self.root.refusal)

    @property
    def is_openapi(self) -> bool:
        """Whether it is an OpenAPI file, of whatever version: its schemas are its components."""
        return "openapi" in self.content or "swagger" in self.content

    @property
    def schemas(self) -> dict[str, SourceLocation]:
        """The schemas among the components of an OpenAPI file, by name; of another document, none."""
        components = self.content.get("components")
        schemas = components.get("schemas") if self.is_openapi and isinstance(components, dict) else None
        if not isinstance(schemas, dict):
            return {}
        return {name: SourceLocation(self, ("components", "schemas", name)) for name in schemas}

    @property
    def name(self) -> str | None:
        """What it calls itself: ``name`` in JSON Structure, ``title`` in JSON Schema."""
        name = self.content.get("name") or self.content.get("title")
        return name if isinstance(name, str) else None


@dataclass(frozen=True)
class SourceLocation:
    """A value within a document, by the way that leads to it."""

    document: Document
    steps: tuple[str, ...]

    def __truediv__(self, step: str | int) -> SourceLocation:
        return SourceLocation(self.document, (*self.steps, str(step)))

    def __str__(self) -> str:
        return f"{self.document.source}#{encode_pointer(self.steps)}"

    def refusal(self, problem: str) -> ContractError:
        """Make the error that names this place."""
        return refusal(self.document.source, self.steps, problem)


def lookup(location: SourceLocation) -> Any:
    """Return the value at a location, or ``MISSING`` if the location does not exist."""
    return resolve_pointer(location.document.content, location.steps)
