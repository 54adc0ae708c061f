"""Types: a dialect, its lowering, and the links between schemas that a lowering needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from contractfuzz.documents.document import SourceLocation
from contractfuzz.documents.keyword_shapes import Schema
from contractfuzz.documents.keywords import KEYWORDS, Family, Role

SOURCE = "x-contractfuzz-source"
"""Annotation of a lowered schema, if they are asked for: the annotations that the document has there, as it has them."""

_KEPT = frozenset({"type", "format", *(row.name for row in KEYWORDS.values() if row.role is Role.ANNOTATION)})


class Lowering(Protocol):
    """Lowering of one dialect to JSON Schema 2020-12."""

    def __init__(self, dialect: Dialect, context: ReferenceContext) -> None: ...

    def lower(self, node: Any, location: SourceLocation) -> Schema:
        """Lower the schema ``node`` at ``location``."""


@dataclass(frozen=True)
class Dialect:
    """A language of documents.

    Attributes:
        name: its name in messages.
        lowering: the class that lowers its schemas.
        families: the families that it belongs to.
        option: its name for ``dialect=``; empty if it cannot be chosen by name.
        schema_uris: the values of ``$schema`` that name it, without scheme, trailing slash and ``#``.
        id_keyword: the keyword that gives a schema a URI of its own.
        ignores_ref_siblings: True if keywords next to a ``$ref`` have no effect.
        ignored_keywords: keywords that have no effect, although JSON Schema 2020-12 would give them a meaning.
        ignored_formats: formats that it does not define and JSON Schema 2020-12 does: any string has them.

    """

    name: str
    lowering: type[Lowering]
    families: Family = Family.JSON_SCHEMA
    option: str = ""
    schema_uris: tuple[str, ...] = ()
    id_keyword: str = "$id"
    ignores_ref_siblings: bool = False
    ignored_keywords: frozenset[str] = frozenset()
    ignored_formats: frozenset[str] = frozenset()

    @property
    def is_structure(self) -> bool:
        """True for JSON Structure of either kind."""
        return Family.JSON_STRUCTURE in self.families

    def lower(self, node: Any, location: SourceLocation, context: ReferenceContext) -> Schema:
        """Lower a schema to JSON Schema 2020-12.

        Args:
            node: the schema in its document.
            location: the location of the schema.
            context: the links to other schemas.

        Raises:
            ContractError: it uses a type or a keyword wrongly, or one that is not supported.

        """
        return self.lowering(self, context).lower(node, location)


@dataclass(frozen=True)
class ReferenceContext:
    """Links from the schema being lowered to other schemas.

    Attributes:
        refer: function from the value of a ``$ref`` and its location to the reference within the lowered schema.
        refer_dynamically: the same for ``$dynamicRef`` and ``$recursiveRef``.
        resolve: function from the same two to the location that the reference leads to.
        refer_to: function from the location of a schema to the reference to it; the schema is then lowered as well.
        dialect_of: function from a location to the dialect of its document.
        keeps_source: True if each lowered schema shall have the annotation ``SOURCE``.
        enclosing: locations of the schemas being lowered, outermost first.

    """

    refer: Callable[[Any, SourceLocation], str]
    refer_dynamically: Callable[[Any, SourceLocation], str]
    resolve: Callable[[Any, SourceLocation], SourceLocation]
    refer_to: Callable[[SourceLocation], str]
    dialect_of: Callable[[SourceLocation], Dialect]
    keeps_source: bool = False
    enclosing: list[SourceLocation] = field(default_factory=list)

    def with_source(self, lowered: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
        """Return a lowered schema with the annotations of the schema ``node`` that it was made from, if they are asked for."""
        if not self.keeps_source:
            return lowered
        return {**lowered, SOURCE: {keyword: node[keyword] for keyword in node if keyword in _KEPT}}
