"""The languages that a document can be written in, and how each is recognised."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any

from contractfuzz.documents.dialects.string_encoded import INTEGERS
from contractfuzz.documents.dialects.structure_types import JSON_TYPES, STRUCTURE_TYPES
from contractfuzz.documents.errors import shown
from contractfuzz.documents.subschemas import subschemas
from contractfuzz.errors import ContractError
from contractfuzz.text import closest_match


class Dialect(Enum):
    """A language of documents; the value is how messages call it."""

    STRUCTURE = "JSON Structure"
    # JSON Structure as tools make it from OpenAPI, with OpenAPI's meaning of types and keywords.
    STRUCTURE_FROM_OPENAPI = "JSON Structure made from OpenAPI"
    DRAFT_4 = "JSON Schema draft-04"
    DRAFT_6 = "JSON Schema draft-06"
    DRAFT_7 = "JSON Schema draft-07"
    DRAFT_2019_09 = "JSON Schema 2019-09"
    DRAFT_2020_12 = "JSON Schema 2020-12"
    OPENAPI_3_0 = "OpenAPI 3.0"
    OPENAPI_3_1 = "OpenAPI 3.1"

    @property
    def is_structure(self) -> bool:
        """Whether it is JSON Structure, in any flavour."""
        return self in (Dialect.STRUCTURE, Dialect.STRUCTURE_FROM_OPENAPI)

    @property
    def is_openapi(self) -> bool:
        """Whether it is an OpenAPI file, whose components hold the schemas."""
        return self in (Dialect.OPENAPI_3_0, Dialect.OPENAPI_3_1)

    @property
    def overlooks_siblings(self) -> bool:
        """Whether it passes over whatever stands beside a ``$ref``."""
        return self in (Dialect.DRAFT_4, Dialect.DRAFT_6, Dialect.DRAFT_7, Dialect.OPENAPI_3_0)


FORCED = {
    "json-structure": Dialect.STRUCTURE,
    "json-structure-openapi": Dialect.STRUCTURE_FROM_OPENAPI,
    "draft-04": Dialect.DRAFT_4,
    "draft-06": Dialect.DRAFT_6,
    "draft-07": Dialect.DRAFT_7,
    "2019-09": Dialect.DRAFT_2019_09,
    "2020-12": Dialect.DRAFT_2020_12,
}
"""How a dialect is called where it is forced."""

_BY_SCHEMA = {
    "json-structure.org/meta/core/v0": Dialect.STRUCTURE,
    "json-structure.org/meta/extended/v0": Dialect.STRUCTURE,
    "json-structure.org/meta/validation/v0": Dialect.STRUCTURE,
    "json-structure.org/draft/2020-12/schema": Dialect.STRUCTURE_FROM_OPENAPI,
    "json-schema.org/draft-04/schema": Dialect.DRAFT_4,
    "json-schema.org/draft-06/schema": Dialect.DRAFT_6,
    "json-schema.org/draft-07/schema": Dialect.DRAFT_7,
    "json-schema.org/draft/2019-09/schema": Dialect.DRAFT_2019_09,
    "json-schema.org/draft/2020-12/schema": Dialect.DRAFT_2020_12,
}


def find_dialect(name: str) -> Dialect:
    """Return the dialect of a name in ``FORCED``; ContractError with the nearest match where there is none."""
    if name in FORCED:
        return FORCED[name]
    near = closest_match(name, FORCED)
    hint = f"there are {', '.join(FORCED)}" if near is None else f"did you mean {shown(near)}?"
    raise ContractError(f"unknown dialect {name!r}: {hint}")


def recognise(content: dict[str, Any], refusal: Callable[[str], ContractError]) -> Dialect:
    """Say which language a document is written in: by its ``$schema`` and by what it does.

    A document may say that it is plain JSON Structure and yet do what only tools do that make it from OpenAPI: then its wide
    integers are numbers. What it gives as examples of these has the last word.

    Args:
        content: the root of the document.
        refusal: makes the error that names the document.

    Raises:
        ContractError: its ``$schema`` names no language that is read here, or it is an OpenAPI file of another version.

    """
    if "openapi" in content or "swagger" in content:
        return _openapi(content, refusal)
    if "$schema" in content:
        dialect = declared(content)
        if dialect is None:
            readable = ", ".join(f"https://{uri}" for uri in _BY_SCHEMA)
            problem = (
                f"`$schema` {shown(content['$schema'])} is none that is read here; convert it to one of {readable}"
            )
            raise refusal(problem)
        return _by_deeds(content) if dialect is Dialect.STRUCTURE else dialect
    if "name" in content or "$root" in content or any(map(_is_structure_type, _types(content))):
        return _by_deeds(content)
    return Dialect.DRAFT_2020_12


def declared(content: dict[str, Any]) -> Dialect | None:
    """Say which language the ``$schema`` of a document names: None for none, or for one that is not read here."""
    uri = content.get("$schema")
    return _BY_SCHEMA.get(_bare(uri)) if isinstance(uri, str) else None


def _bare(uri: str) -> str:
    return uri.removeprefix("https://").removeprefix("http://").rstrip("#").rstrip("/")


def _openapi(content: dict[str, Any], refusal: Callable[[str], ContractError]) -> Dialect:
    version = content.get("openapi", content.get("swagger"))
    if isinstance(version, str) and version.startswith("3.0"):
        return Dialect.OPENAPI_3_0
    if isinstance(version, str) and version.startswith("3."):
        return Dialect.OPENAPI_3_1
    raise refusal(f"OpenAPI {shown(version)} is not read here; convert it to 3.0 or 3.1")


# --- what a document does -----------------------------------------------------------------------------------------------

_WIDE = frozenset({*INTEGERS, "decimal"})
_VALUED = ("example", "default", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def _by_deeds(content: dict[str, Any]) -> Dialect:
    deviates = False
    for schema in _schemas(content):
        named = schema.get("type")
        if isinstance(named, str) and named in _WIDE:
            values = [schema[keyword] for keyword in _VALUED if keyword in schema]
            for keyword in ("enum", "examples"):
                values += schema[keyword] if isinstance(schema.get(keyword), list) else []
            if any(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
                return Dialect.STRUCTURE_FROM_OPENAPI
            if any(isinstance(value, str) for value in values):
                return Dialect.STRUCTURE
        deviates = deviates or _deviates(schema)
    return Dialect.STRUCTURE_FROM_OPENAPI if deviates else Dialect.STRUCTURE


def _deviates(schema: dict[str, Any]) -> bool:
    """Return whether a schema does what no JSON Structure may and every schema of OpenAPI does."""
    reference = schema.get("$ref")
    if isinstance(reference, str) and (reference.startswith("#/components/") or schema.keys() - _BESIDE_REFERENCE):
        return True
    if schema.get("type") == "object" and "additionalProperties" in schema and "properties" not in schema:
        return "$extends" not in schema
    return "example" in schema or schema.get("type") == "email" or "nullable" in schema


_BESIDE_REFERENCE = frozenset({"$ref", "description", "name", "title", "$schema", "$id"})


def _schemas(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    waiting: list[dict[str, Any]] = [content]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(child for _, child in subschemas(node))


def _types(content: dict[str, Any]) -> Iterator[Any]:
    for node in _schemas(content):
        named = node.get("type")
        yield from named if isinstance(named, list) else [named]


def _is_structure_type(named: Any) -> bool:
    if isinstance(named, str):
        return named in STRUCTURE_TYPES and named not in JSON_TYPES
    return isinstance(named, dict) and "$ref" in named
