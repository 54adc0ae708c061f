"""A published document, and locations in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contractfuzz.documents.errors import document_error
from contractfuzz.errors import ContractError
from contractfuzz.json_pointer import encode_pointer, resolve_pointer


@dataclass(frozen=True, eq=False)
class Document:
    """A published document: a JSON object that nobody else holds, and its origin.

    Attributes:
        source: its name in errors: its path, or ``document`` for a dict.
        content: the JSON object at its root.
        location: its ``file:`` URI, against which relative references are resolved; empty for a dict.
        fallback_name: its name if it does not have one of its own.

    """

    source: str
    content: dict[str, Any]
    location: str = ""
    fallback_name: str = "document"

    @property
    def root(self) -> SourceLocation:
        """Location of the whole document."""
        return SourceLocation(self, ())

    @property
    def is_openapi(self) -> bool:
        """True for an OpenAPI file of any version: its schemas are its components, or its ``definitions`` in Swagger 2.0."""
        return "openapi" in self.content or "swagger" in self.content

    @property
    def schemas(self) -> dict[str, SourceLocation]:
        """Schemas among the components of an OpenAPI file, by name; empty for other documents."""
        if not self.is_openapi:
            return {}
        steps = ("components", "schemas") if "openapi" in self.content else ("definitions",)
        schemas = resolve_pointer(self.content, steps)
        return {name: SourceLocation(self, (*steps, name)) for name in schemas} if isinstance(schemas, dict) else {}

    @property
    def name(self) -> str | None:
        """Name that the document gives itself: ``name`` in JSON Structure, ``title`` in JSON Schema."""
        name = self.content.get("name") or self.content.get("title")
        return name if isinstance(name, str) else None


@dataclass(frozen=True)
class SourceLocation:
    """A location in a document.

    Attributes:
        document: the document.
        steps: the property names and array indices from the root to the location.

    Example:
        >>> location = document.root / "properties" / "id"
        >>> str(location)
        'document#/properties/id'

    """

    document: Document
    steps: tuple[str, ...]

    @property
    def parent(self) -> SourceLocation:
        """Location of the array or object that holds the value; the root is its own parent."""
        return SourceLocation(self.document, self.steps[:-1])

    def __truediv__(self, step: str | int) -> SourceLocation:
        return SourceLocation(self.document, (*self.steps, str(step)))

    def __str__(self) -> str:
        return f"{self.document.source}#{encode_pointer(self.steps)}"

    def error(self, problem: str) -> ContractError:
        """Return the error for a problem at this location."""
        return document_error(self.document.source, self.steps, problem)


def lookup(location: SourceLocation) -> Any:
    """Return the value at a location, or ``MISSING`` if the location does not exist."""
    return resolve_pointer(location.document.content, location.steps)
