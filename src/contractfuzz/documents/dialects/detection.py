"""Detection of a document's dialect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contractfuzz.documents.dialects.dialect import Dialect
from contractfuzz.documents.dialects.json_schema import DRAFT_2020_12, UNDECLARED
from contractfuzz.documents.dialects.json_structure import JSON_STRUCTURE, JSON_STRUCTURE_FROM_OPENAPI
from contractfuzz.documents.dialects.openapi import OPENAPI_3_0, OPENAPI_3_1, SWAGGER_2_0
from contractfuzz.documents.dialects.registry import DIALECTS_BY_URI, declared_dialect
from contractfuzz.documents.dialects.string_encoded import INTEGERS
from contractfuzz.documents.dialects.structure_types import STRUCTURE_TYPES
from contractfuzz.documents.document import Document
from contractfuzz.documents.errors import show_json
from contractfuzz.documents.keywords import JSON_TYPES
from contractfuzz.documents.subschemas import subschemas


def detect_dialect(document: Document) -> Dialect:
    """Return the dialect of a document, from its ``$schema`` and its use of keywords.

    A document may declare plain JSON Structure and still use keywords as only tools that convert OpenAPI do. Then its wide
    integers are numbers, unless it gives strings as values of them.

    Raises:
        ContractError: its ``$schema`` names a dialect that cannot be read, or it is an OpenAPI file of another version.

    """
    content = document.content
    if document.is_openapi:
        return _openapi_version(document)
    if "$schema" in content:
        dialect = declared_dialect(content)
        if dialect is None:
            readable = ", ".join(f"https://{uri}" for uri in DIALECTS_BY_URI)
            uri = show_json(content["$schema"])
            raise document.root.error(f"`$schema` {uri} is not supported; convert the document to one of {readable}")
        return _structure_kind(content) if dialect is JSON_STRUCTURE else dialect
    if "name" in content or "$root" in content or any(map(_is_structure_type, _type_names(content))):
        return _structure_kind(content)
    has_lists = any(isinstance(schema.get("items"), list) for schema in _all_schemas(content))
    return UNDECLARED if has_lists else DRAFT_2020_12


def _openapi_version(document: Document) -> Dialect:
    version = document.content.get("openapi", document.content.get("swagger"))
    if "openapi" not in document.content and str(version).startswith("2."):
        return SWAGGER_2_0
    if isinstance(version, str) and version.startswith("3.0"):
        return OPENAPI_3_0
    if isinstance(version, str) and version.startswith("3."):
        return OPENAPI_3_1
    raise document.root.error(f"OpenAPI {show_json(version)} is not supported; convert the file to 2.0, 3.0 or 3.1")


# --- JSON Structure: as specified, or converted from OpenAPI --------------------------------------------------------------

_WIDE_NUMBERS = frozenset({*INTEGERS, "decimal"})
_VALUE_KEYWORDS = ("example", "default", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_VALUES_KEYWORDS = ("enum", "examples")
_ALLOWED_WITH_REFERENCE = frozenset({"$ref", "description", "name", "title", "$schema", "$id"})


def _structure_kind(content: dict[str, Any]) -> Dialect:
    converted = False
    for schema in _all_schemas(content):
        type_name = schema.get("type")
        if isinstance(type_name, str) and type_name in _WIDE_NUMBERS:
            values = _given_values(schema)
            if any(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
                return JSON_STRUCTURE_FROM_OPENAPI
            if any(isinstance(value, str) for value in values):
                return JSON_STRUCTURE
        converted = converted or _is_converted(schema)
    return JSON_STRUCTURE_FROM_OPENAPI if converted else JSON_STRUCTURE


def _given_values(schema: dict[str, Any]) -> list[Any]:
    """Return the values of its type that a schema mentions: examples, bounds and the like."""
    values = [schema[keyword] for keyword in _VALUE_KEYWORDS if keyword in schema]
    for keyword in _VALUES_KEYWORDS:
        values += schema[keyword] if isinstance(schema.get(keyword), list) else []
    return values


def _is_converted(schema: dict[str, Any]) -> bool:
    """Return True if a schema does something that JSON Structure forbids and OpenAPI allows."""
    reference = schema.get("$ref")
    if isinstance(reference, str) and (
        reference.startswith("#/components/") or schema.keys() - _ALLOWED_WITH_REFERENCE
    ):
        return True
    if schema.get("type") == "object" and "additionalProperties" in schema and "properties" not in schema:
        return "$extends" not in schema
    return "example" in schema or schema.get("type") == "email" or "nullable" in schema


def _all_schemas(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    waiting: list[dict[str, Any]] = [content]
    while waiting:
        schema = waiting.pop()
        yield schema
        waiting.extend(child for _, child in subschemas(schema))


def _type_names(content: dict[str, Any]) -> Iterator[Any]:
    for schema in _all_schemas(content):
        type_name = schema.get("type")
        yield from type_name if isinstance(type_name, list) else [type_name]


def _is_structure_type(type_name: Any) -> bool:
    if isinstance(type_name, str):
        return type_name in STRUCTURE_TYPES and type_name not in JSON_TYPES
    return isinstance(type_name, dict) and "$ref" in type_name
