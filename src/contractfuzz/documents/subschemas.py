"""Schemas within a schema, found by the keywords that hold them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from contractfuzz.documents.keywords import KEYWORDS, Applicator

_HOLDS_ONE = tuple(
    row.name for row in KEYWORDS.values() if row.applicator in (Applicator.SCHEMA, Applicator.SCHEMA_OR_LIST)
)
_HOLDS_LIST = tuple(
    row.name for row in KEYWORDS.values() if row.applicator in (Applicator.LIST, Applicator.SCHEMA_OR_LIST)
)
_HOLDS_MAP = tuple(row.name for row in KEYWORDS.values() if row.applicator in (Applicator.MAP, Applicator.PATTERN_MAP))
_HOLDS_SCHEMAS = frozenset({*_HOLDS_ONE, *_HOLDS_LIST, *_HOLDS_MAP})
_MARKS_SCHEMA = _HOLDS_SCHEMAS | {"type", "$ref"}
_HOLDS_DATA = frozenset({"const", "default", "enum", "example", "examples"})
_IN_PLACE_KEYWORDS = tuple(row.name for row in KEYWORDS.values() if row.in_place)


def subschemas(
    schema: dict[str, Any], *, is_structure: bool | None = None
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Yield the schemas directly within a schema of any dialect, each with the steps that lead to it.

    Only schemas that are objects are yielded. A value of another shape than its keyword requires is skipped. Values that are
    data, such as that of ``const``, are never schemas.

    Args:
        schema: the schema.
        is_structure: True for JSON Structure, where definitions may be namespaces; None if the dialect is not known.

    """
    if _HOLDS_SCHEMAS.isdisjoint(schema):
        return
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
            yield from _named_subschemas(named, (keyword,), is_structure)


def map_subschemas(
    schema: dict[str, Any], change: Callable[[tuple[str, ...], dict[str, Any]], dict[str, Any] | bool]
) -> dict[str, Any]:
    """Return a copy of a lowered schema with each schema directly within it changed.

    Args:
        schema: the schema.
        change: function from the steps to a subschema and the subschema itself to what replaces it.

    """
    replaced: dict[str, Any] = {}
    for (keyword, *rest), child in subschemas(schema, is_structure=False):
        if not KEYWORDS[keyword].is_current:  # a keyword of another dialect, without meaning here
            continue
        new = change((keyword, *rest), child)
        if not rest:
            replaced[keyword] = new
            continue
        holder = replaced.setdefault(keyword, schema[keyword].copy())
        holder[int(rest[0]) if isinstance(holder, list) else rest[0]] = new
    return {**schema, **replaced}


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
    named: dict[str, Any], steps: tuple[str, ...], is_structure: bool | None
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    for name, child in named.items():
        if steps[0] == "definitions" and _may_be_namespace(child, is_structure):
            yield from _named_subschemas(child, (*steps, name), is_structure)
        elif isinstance(child, dict):
            yield (*steps, name), child


def _may_be_namespace(value: Any, is_structure: bool | None) -> bool:
    if is_structure is None:  # then a `const` is more likely a keyword than the name of a type
        return is_namespace(value) and _HOLDS_DATA.isdisjoint(value)
    return is_structure and is_namespace(value)
