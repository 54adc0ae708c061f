"""A schema within a document, as the lint rules see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from contractfuzz.documents.dialects.dialect import Dialect
from contractfuzz.documents.dialects.json_structure import JSON_STRUCTURE
from contractfuzz.documents.document import Document, SourceLocation, lookup
from contractfuzz.documents.lowering import lower_leniently, lower_location
from contractfuzz.documents.references import Registry
from contractfuzz.documents.subschemas import subschemas
from contractfuzz.errors import ContractError
from contractfuzz.oracle import Oracle

Problem = tuple[SourceLocation, str]
"""A location and a message: what is wrong there and what to do."""


@dataclass(frozen=True)
class SchemaView:
    """A schema within a document.

    Attributes:
        location: its location.
        keywords: the schema, a JSON object.
        registry: resolves the references of the document.
        dialect: the dialect that the document is read as.
        declared_dialect: the dialect that the document declares; ``dialect`` if it declares none.

    """

    location: SourceLocation
    keywords: dict[str, Any]
    registry: Registry
    dialect: Dialect
    declared_dialect: Dialect

    @property
    def document(self) -> Document:
        """The document that the schema is in."""
        return self.location.document

    @property
    def is_structure(self) -> bool:
        """True if the document declares JSON Structure. It may use it as tools do that convert OpenAPI."""
        return self.dialect.is_structure and self.declared_dialect is JSON_STRUCTURE

    @property
    def is_reference(self) -> bool:
        """True if the schema is a ``$ref`` and nothing else, because the dialect ignores the keywords next to it."""
        return self.dialect.ignores_ref_siblings and "$ref" in self.keywords

    @cached_property
    def lowered(self) -> dict[str, Any] | None:
        """The schema lowered to JSON Schema, or None if it cannot be lowered."""
        try:
            return lower_location(self.location, self.registry)
        except ContractError:  # other rules report why
            return None

    @cached_property
    def oracle(self) -> Oracle | None:
        """The oracle of the schema, or None if it cannot be lowered. References that do not resolve allow anything."""
        if self.lowered is not None:
            return Oracle(self.lowered)
        try:
            return Oracle(lower_leniently(self.location, self.registry))
        except ContractError:
            return None


def walk_schemas(document: Document) -> Iterator[tuple[SourceLocation, dict[str, Any]]]:
    """Yield each schema of a document with its location, in the document's order."""
    pending = [(root, schema) for root in root_locations(document) if isinstance(schema := lookup(root), dict)][::-1]
    while pending:
        location, schema = pending.pop()
        yield location, schema
        inner = [(SourceLocation(document, location.steps + steps), child) for steps, child in subschemas(schema)]
        pending += reversed(inner)


def root_locations(document: Document) -> list[SourceLocation]:
    """Return the locations of a document's outermost schemas: the whole, or the components of an OpenAPI file."""
    return [*document.schemas.values()] if document.is_openapi else [document.root]


def describe_error(error: ContractError, location: SourceLocation) -> str:
    """Return an error's message without its location, because the remark names the location itself."""
    return str(error).removeprefix(str(location.error("")).rstrip()).strip()
