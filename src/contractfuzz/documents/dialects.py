"""The languages that a document can be written in, and how each is recognised."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

from contractfuzz.documents.refusals import shown
from contractfuzz.documents.subschemas import subschemas
from contractfuzz.documents.types import JSON_TYPES, STRUCTURE_TYPES
from contractfuzz.errors import ContractError


class Dialect(Enum):
    """A language of documents; the value is how messages call it."""

    STRUCTURE = "JSON Structure"
    # JSON Structure as tools make it from OpenAPI, under a `$schema` that the specification does not know.
    STRUCTURE_FROM_OPENAPI = "JSON Structure made from OpenAPI"
    DRAFT_7 = "JSON Schema draft-07"
    DRAFT_2020_12 = "JSON Schema 2020-12"

    @property
    def is_structure(self) -> bool:
        """Whether it is JSON Structure, in any flavour."""
        return self in (Dialect.STRUCTURE, Dialect.STRUCTURE_FROM_OPENAPI)


_BY_SCHEMA = {
    "json-structure.org/meta/core/v0": Dialect.STRUCTURE,
    "json-structure.org/meta/extended/v0": Dialect.STRUCTURE,
    "json-structure.org/meta/validation/v0": Dialect.STRUCTURE,
    "json-structure.org/draft/2020-12/schema": Dialect.STRUCTURE_FROM_OPENAPI,
    "json-schema.org/draft-07/schema": Dialect.DRAFT_7,
    "json-schema.org/draft/2020-12/schema": Dialect.DRAFT_2020_12,
}


def recognise(content: dict[str, Any], refusal: Callable[[str], ContractError]) -> Dialect:
    """Say which language a document is written in: by its ``$schema``, or else by what it does.

    Args:
        content: the root of the document.
        refusal: makes the error that names the document.

    Raises:
        ContractError: its ``$schema`` names no language that is read here, or it is an OpenAPI file.

    """
    if "$schema" in content:
        dialect = declared(content)
        if dialect is None:
            readable = ", ".join(f"https://{uri}" for uri in _BY_SCHEMA)
            problem = (
                f"`$schema` {shown(content['$schema'])} is none that is read here; convert it to one of {readable}"
            )
            raise refusal(problem)
        return dialect
    if "openapi" in content or "swagger" in content:
        raise refusal("an OpenAPI file is no contract; pass the schema of one of its components as a document")
    if "name" in content or "$root" in content or any(map(_is_structure_type, _types(content))):
        return Dialect.STRUCTURE
    return Dialect.DRAFT_2020_12


def declared(content: dict[str, Any]) -> Dialect | None:
    """Say which language the ``$schema`` of a document names: None for none, or for one that is not read here."""
    uri = content.get("$schema")
    return _BY_SCHEMA.get(_bare(uri)) if isinstance(uri, str) else None


def _bare(uri: str) -> str:
    return uri.removeprefix("https://").removeprefix("http://").rstrip("#").rstrip("/")


def _types(content: dict[str, Any]) -> Iterator[Any]:
    waiting: list[Any] = [content]
    while waiting:
        node = waiting.pop()
        named = node.get("type")
        yield from named if isinstance(named, list) else [named]
        waiting.extend(child for _, child in subschemas(node))


def _is_structure_type(named: Any) -> bool:
    if isinstance(named, str):
        return named in STRUCTURE_TYPES and named not in JSON_TYPES
    return isinstance(named, dict) and "$ref" in named
