"""One flat set of keywords from a schema: its ``$ref`` followed and its ``allOf`` merged in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.json_pointer import MISSING, parse_pointer, resolve_pointer
from contractfuzz.json_values import canonical

Schema = dict[str, Any]

INEXACT = "$inexact"
"""Stands among flat keywords where they say less than the schema that they were made from."""

IMPOSSIBLE: Schema = {"not": {}}
"""The schema that no payload keeps."""


def flatten(schema: Any, root: Mapping[str, Any]) -> Schema:
    """Return the keywords of ``schema`` with every ``$ref`` replaced by what it refers to and every ``allOf`` merged.

    Where they cannot be merged without loss, ``INEXACT`` is among them: then only ``schema`` itself says what is valid.
    """
    if schema is True:
        return {}
    if schema is False:
        return dict(IMPOSSIBLE)
    *parts, flat = parts_of(schema, root)
    for part in parts:
        flat = merge(flatten(part, root), flat)
    return dict(flat)


def parts_of(schema: Any, root: Mapping[str, Any]) -> list[Any]:
    """Return the schemas that must hold at once: what ``$ref`` and ``allOf`` bring, and last what stands beside them."""
    if not isinstance(schema, dict):
        return [schema]
    referred = [resolve(schema["$ref"], root)] if "$ref" in schema else []
    beside = {key: value for key, value in schema.items() if key not in _DROPPED}
    return [*referred, *schema.get("allOf", ()), beside]


def resolve(ref: str, root: Mapping[str, Any]) -> Any:
    """Return the schema at ``ref``, a JSON Pointer fragment into ``root``."""
    found = resolve_pointer(root, parse_pointer(ref))
    if found is MISSING:
        raise KeyError(ref)
    return found


def merge(one: Schema, other: Schema) -> Schema:
    """Return the keywords that hold where both schemas hold, as far as they can be told one by one."""
    merged = dict(one)
    if _relative(one, other) or _relative(other, one):
        merged, other = _closed(one, other), _closed(other, one)
        merged[INEXACT] = True
    for group in _GROUPS:
        if not group.isdisjoint(merged) and not group.isdisjoint(other):
            other = {key: value for key, value in other.items() if key not in group}
            merged[INEXACT] = True
    for keyword, value in other.items():
        if keyword not in merged:
            merged[keyword] = value
        elif keyword in _MERGES:
            merged[keyword] = _MERGES[keyword](merged[keyword], value)
        elif keyword not in ANNOTATIONS and canonical(merged[keyword]) != canonical(value):
            merged[INEXACT] = True
    return merged


def _relative(one: Schema, other: Schema) -> bool:
    """Return whether a keyword of ``one`` would change its meaning beside those of ``other``."""
    return any(not speakers.isdisjoint(one) and not listeners.isdisjoint(other) for speakers, listeners in _RELATIVE)


def _closed(one: Schema, other: Schema) -> Schema:
    """Return ``one`` with the properties that only it names restricted by what ``other`` says of further ones."""
    further = other.get("additionalProperties", True)
    if further is True or "properties" not in one:
        return dict(one)
    known = other.get("properties", {})
    patterns = [re.compile(pattern) for pattern in other.get("patternProperties", ())]
    properties = {
        name: schema
        if name in known or any(pattern.search(name) for pattern in patterns)
        else {"allOf": [schema, further]}
        for name, schema in one["properties"].items()
    }
    return {**one, "properties": properties}


def _types(one: Any, other: Any) -> Any:
    left, right = ([value] if isinstance(value, str) else value for value in (one, other))
    both = [name for name in left if name in right or (name == "integer" and "number" in right)]
    both += [name for name in right if name == "integer" and "number" in left and name not in both]
    if not both:
        raise ContractError(
            f"allOf asks for the types {one!r} and {other!r} at once: no payload is both; mend the contract"
        )
    return both[0] if len(both) == 1 else both


def _properties(one: Schema, other: Schema) -> Schema:
    return {
        name: {"allOf": [one[name], other[name]]} if name in one and name in other else one.get(name, other.get(name))
        for name in [*one, *(name for name in other if name not in one)]
    }


def _dependents(one: dict[str, list[str]], other: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: [*dict.fromkeys([*one.get(name, ()), *other.get(name, ())])] for name in [*one, *other]}


def _values(one: list[Any], other: list[Any]) -> list[Any]:
    known = {canonical(value) for value in other}
    return [value for value in one if canonical(value) in known]


_MERGES: dict[str, Any] = {
    "type": _types,
    "properties": _properties,
    "patternProperties": _properties,
    "dependentSchemas": _properties,
    "dependentRequired": _dependents,
    "items": lambda one, other: {"allOf": [one, other]},
    "additionalProperties": lambda one, other: one is not False and other is not False and {"allOf": [one, other]},
    "propertyNames": lambda one, other: {"allOf": [one, other]},
    "required": lambda one, other: [*one, *(name for name in other if name not in one)],
    "enum": _values,
    "minimum": max,
    "exclusiveMinimum": max,
    "maximum": min,
    "exclusiveMaximum": min,
    "minLength": max,
    "maxLength": min,
    "minItems": max,
    "maxItems": min,
    "minProperties": max,
    "maxProperties": min,
    "uniqueItems": lambda one, other: one or other,
    "examples": lambda one, other: [*one, *other],
}
_GROUPS = (frozenset({"if", "then", "else"}), frozenset({"contains", "minContains", "maxContains"}))
"""Keywords that mean something only together: two schemas' are not mixed."""

_RELATIVE = (
    (
        frozenset({"additionalProperties", "unevaluatedProperties"}),
        frozenset({"properties", "patternProperties", "additionalProperties", "unevaluatedProperties"}),
    ),
    (frozenset({"prefixItems", "unevaluatedItems"}), frozenset({"items", "prefixItems", "unevaluatedItems"})),
)
"""Keywords that speak of what no other keyword of the same schema names, with the keywords that name it."""

_DROPPED = frozenset({"$ref", "allOf", "$defs", "$schema", "$comment"})
ANNOTATIONS = frozenset(
    {"title", "description", "default", "deprecated", "readOnly", "writeOnly", "contentEncoding", "contentMediaType"}
    | {"$comment", "examples"}
)
"""Keywords that no payload can break."""
