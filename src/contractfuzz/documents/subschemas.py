"""Schemas within a schema, found by the keywords that hold them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contractfuzz.documents.keywords import KEYWORDS, Applicator

_HOLDS_ONE = tuple(
    row.name for row in KEYWORDS.values() if row.applicator in (Applicator.SCHEMA, Applicator.SCHEMA_OR_LIST)
)
_HOLDS_LIST = tuple(
    row.name for row in KEYWORDS.values() if row.applicator in (Applicator.LIST, Applicator.SCHEMA_OR_LIST)
)
_HOLDS_MAP = tuple(row.name for row in KEYWORDS.values() if row.applicator in (Applicator.MAP, Applicator.PATTERN_MAP))
_MARKS_SCHEMA = frozenset({*_HOLDS_ONE, *_HOLDS_LIST, *_HOLDS_MAP, "type", "$ref"})
_IN_PLACE_KEYWORDS = tuple(row.name for row in KEYWORDS.values() if row.in_place)


def subschemas(schema: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Yield the schemas directly within a schema of any dialect, each with the steps that lead to it.

    Only schemas that are objects are yielded. A value of another shape than its keyword requires is skipped.
    """
    for keyword in _HOLDS_ONE:
        if isinstance(child := schema.get(keyword), dict):
            yield (keyword,), child
    for keyword in _HOLDS_LIST:
        if isinstance(children := schema.get(keyword), list):
            for index, child in enumerate(children):
                if isinstance(child, dict):
                    yield (keyword, str(index)), child
    for keyword in _HOLDS_MAP:
        if isinstance(named := schema.get(keyword), dict):
            yield from _named_subschemas(named, (keyword,))


def in_place_subschemas(schema: dict[str, Any]) -> Iterator[Any]:
    """Yield the schemas within a lowered schema that apply to the same payload as the schema itself."""
    for keyword in _IN_PLACE_KEYWORDS:
        if keyword not in schema:
            continue
        value = schema[keyword]
        match KEYWORDS[keyword].applicator:
            case Applicator.LIST:
                yield from value
            case Applicator.MAP:
                yield from value.values()
            case _:
                yield value


def is_namespace(value: Any) -> bool:
    """Return True if a value among definitions is a namespace, which holds schemas (JSON Structure: Core, "Namespaces")."""
    return (
        isinstance(value, dict)
        and bool(value)
        and _MARKS_SCHEMA.isdisjoint(value)
        and all(isinstance(child, dict) for child in value.values())
    )


def _named_subschemas(
    named: dict[str, Any], steps: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    for name, child in named.items():
        if steps[0] == "definitions" and is_namespace(child):
            yield from _named_subschemas(child, (*steps, name))
        elif isinstance(child, dict):
            yield (*steps, name), child
