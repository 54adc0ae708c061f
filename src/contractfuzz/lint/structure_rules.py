"""Lint rules for documents that declare themselves to be JSON Structure."""

from __future__ import annotations

from collections.abc import Iterator

from contractfuzz.documents.dialects.json_structure import JSON_STRUCTURE
from contractfuzz.documents.errors import show_json
from contractfuzz.lint.schema_view import Problem, SchemaView

_TYPE_KEYWORDS = frozenset({"type", "$ref", "enum", "const", "allOf", "anyOf", "oneOf", "not"})
"""Keywords of which a schema has at least one."""


def reference_outside_type(schema: SchemaView) -> Iterator[Problem]:
    """Yield a ``$ref`` that is a keyword of its own (JSON Structure Core: ``$ref`` is only allowed inside ``type``)."""
    if _is_structure(schema) and "$ref" in schema.keywords:
        remedy = f'write "type": {{"$ref": {show_json(schema.keywords["$ref"])}}}'
        yield schema.location / "$ref", f"`$ref` is outside `type`: {remedy}"


def map_without_type(schema: SchemaView) -> Iterator[Problem]:
    """Yield an object without ``properties`` whose values ``additionalProperties`` describes."""
    keywords = schema.keywords
    is_map = keywords.get("type") == "object" and "properties" not in keywords and "additionalProperties" in keywords
    if _is_structure(schema) and is_map:
        remedy = 'write "type": "map" and `values` instead of `additionalProperties`'
        yield schema.location, f"an object with arbitrary property names: {remedy}"


def missing_type(schema: SchemaView) -> Iterator[Problem]:
    """Yield a schema below the root that names no type."""
    if _is_structure(schema) and schema.location.steps and not schema.keywords.keys() & _TYPE_KEYWORDS:
        yield schema.location, 'the schema has no type: write "type": "any" if any value is valid'


def _is_structure(schema: SchemaView) -> bool:
    # A document may be read as JSON Structure made from OpenAPI although it declares JSON Structure: the declaration counts.
    return schema.dialect.is_structure and schema.declared_dialect is JSON_STRUCTURE
