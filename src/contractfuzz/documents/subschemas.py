"""Where the schemas within a schema are, in every language that is read here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# Where a language that is read here, of whatever age, holds schemas.
_ONE_SCHEMA = (
    *("items", "additionalItems", "contains", "unevaluatedItems", "contentSchema"),
    *("additionalProperties", "propertyNames", "unevaluatedProperties", "values"),
    *("not", "if", "then", "else"),
    *("keyNames", "has"),
)
_SCHEMAS = ("allOf", "anyOf", "oneOf", "prefixItems", "items")
_NAMED_SCHEMAS = (
    *("properties", "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions"),
    *("patternKeys", "choices"),
)
_SAYING = frozenset({*_ONE_SCHEMA, *_SCHEMAS, *_NAMED_SCHEMAS, "type", "$ref"})


def subschemas(schema: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Yield the schemas that are objects directly within a schema, each with the steps that lead to it.

    Whatever has not the shape that it should have is passed over.
    """
    for keyword in _ONE_SCHEMA:
        if isinstance(child := schema.get(keyword), dict):
            yield (keyword,), child
    for keyword in _SCHEMAS:
        if isinstance(children := schema.get(keyword), list):
            yield from (((keyword, str(i)), child) for i, child in enumerate(children) if isinstance(child, dict))
    for keyword in _NAMED_SCHEMAS:
        if isinstance(named := schema.get(keyword), dict):
            yield from _named(named, (keyword,))


def is_namespace(value: Any) -> bool:
    """Return whether what stands among definitions is no schema but holds some (JSON Structure: Core, "Namespaces")."""
    return (
        isinstance(value, dict)
        and bool(value)
        and _SAYING.isdisjoint(value)
        and all(isinstance(child, dict) for child in value.values())
    )


def _named(named: dict[str, Any], way: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    for name, child in named.items():
        if way[0] == "definitions" and is_namespace(child):
            yield from _named(child, (*way, name))
        elif isinstance(child, dict):
            yield (*way, name), child
