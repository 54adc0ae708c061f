"""A schema within a document, as the lint rules see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from contractfuzz.documents.dialects.dialect import Dialect
from contractfuzz.documents.dialects.json_structure import JSON_STRUCTURE
from contractfuzz.documents.document import Document, SourceLocation, lookup
from contractfuzz.documents.keywords import known_keywords
from contractfuzz.documents.lowering import SharedLowering
from contractfuzz.documents.references import Registry
from contractfuzz.documents.subschemas import subschemas
from contractfuzz.errors import ContractError
from contractfuzz.oracle import Oracle

Problem = tuple[SourceLocation, str]
"""A location and a message: what is wrong there and what to do."""


_WORK_PER_SCHEMA = 100
_LEAST_WORK = 500


class WorkBudget:
    """Limit of the work that rules do for one document in addition to walking it. It grows with the size of the document.

    Args:
        schema_count: number of schemas in the document.

    """

    def __init__(self, schema_count: int) -> None:
        self._left = _LEAST_WORK + _WORK_PER_SCHEMA * schema_count

    def allows(self, work: int) -> bool:
        """Spend ``work`` and return True, or return False if it is more than half of what is left."""
        if work > self._left // 2:
            return False
        self._left -= work
        return True


@dataclass(frozen=True)
class Lowerings:
    """The lowering of the schemas of a document, made on first use.

    Attributes:
        document: the document.
        registry: resolves its references.
        without_contradiction: the locations of schemas that a complete search has found no contradiction in.

    """

    document: Document
    registry: Registry
    without_contradiction: set[SourceLocation] = field(default_factory=set)

    @cached_property
    def budget(self) -> WorkBudget:
        """Limit of the work that depends on the lowered schemas, for the whole document."""
        return WorkBudget(sum(1 for _ in walk_schemas(self.document, self.registry.dialect_of(self.document))))

    @cached_property
    def exact(self) -> SharedLowering:
        """Lowering in which all references must resolve."""
        return self._make(lenient=False)

    @cached_property
    def lenient(self) -> SharedLowering:
        """Lowering in which references that do not resolve allow anything."""
        return self._make(lenient=True)

    def _make(self, *, lenient: bool) -> SharedLowering:
        starts = [
            *root_locations(self.document),
            *definition_locations(self.document, self.registry.dialect_of(self.document)),
        ]
        return SharedLowering(self.document, starts, self.registry, lenient=lenient)


@dataclass(frozen=True)
class SchemaView:
    """A schema within a document.

    Attributes:
        location: its location.
        keywords: the schema, a JSON object.
        registry: resolves the references of the document.
        lowering: lowers the schemas of the document.
        dialect: the dialect that the document is read as.
        declared_dialect: the dialect that the document declares; ``dialect`` if it declares none.

    """

    location: SourceLocation
    keywords: dict[str, Any]
    registry: Registry
    lowering: Lowerings
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
        return self.lowering.exact.lower(self.location)

    @cached_property
    def oracle(self) -> Oracle | None:
        """The oracle of the schema, or None if it cannot be lowered or takes too long. Unresolved references allow anything."""
        if self.lowered is not None:
            return Oracle(self.lowered) if self.can_validate else None
        lowered = self.lowering.lenient.lower(self.location)
        return None if lowered is None or self.lowering.lenient.is_multiplied(lowered) else Oracle(lowered)

    @cached_property
    def can_validate(self) -> bool:
        """True if the schema can be lowered, and no type in it applies to one payload so often that validators take too long."""
        return self.lowered is not None and not self.lowering.exact.is_multiplied(self.lowered)


def walk_schemas(document: Document, dialect: Dialect) -> Iterator[tuple[SourceLocation, dict[str, Any]]]:
    """Yield each schema of a document with its location, in the document's order."""
    known = known_keywords(dialect.families)
    pending = [(root, schema) for root in root_locations(document) if isinstance(schema := lookup(root), dict)][::-1]
    while pending:
        location, schema = pending.pop()
        yield location, schema
        inner = [
            (SourceLocation(document, location.steps + steps), child)
            for steps, child in subschemas(schema, is_structure=dialect.is_structure)
            if steps[0] in known
        ]
        pending += reversed(inner)


def root_locations(document: Document) -> list[SourceLocation]:
    """Return the locations of a document's outermost schemas: the whole, or the components of an OpenAPI file."""
    return [*document.schemas.values()] if document.is_openapi else [document.root]


def definition_locations(document: Document, dialect: Dialect) -> list[SourceLocation]:
    """Return the locations of the outermost schemas among a document's definitions."""
    found: list[SourceLocation] = []
    for location, _ in walk_schemas(document, dialect):
        steps = location.steps
        is_definition = steps[:1] in (("definitions",), ("$defs",))
        if is_definition and not (found and steps[: len(found[-1].steps)] == found[-1].steps):
            found.append(location)
    return found


def describe_error(error: ContractError, location: SourceLocation) -> str:
    """Return an error's message without its location, because the remark names the location itself."""
    return str(error).removeprefix(str(location.error("")).rstrip()).strip()
