"""One flat set of keywords from a schema: its ``$ref`` followed and its ``allOf`` merged in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contractfuzz.errors import ContractError

Schema = dict[str, Any]

IMPOSSIBLE: Schema = {"not": {}}
"""The schema that no payload keeps."""


def flatten(schema: Any, root: Mapping[str, Any]) -> Schema:
    """Return the keywords of ``schema`` with every ``$ref`` replaced by what it refers to and every ``allOf`` merged.

    Where two schemas cannot be merged keyword by keyword, what is left over stays under ``allOf``.
    """
    if schema is True:
        return {}
    if schema is False:
        return dict(IMPOSSIBLE)
    flat: Schema = {
        key: value for key, value in schema.items() if key not in ("$ref", "allOf", "$defs", "$schema", "$comment")
    }
    if "$ref" in schema:
        flat = merge(flatten(resolve(schema["$ref"], root), root), flat)
    for part in schema.get("allOf", ()):
        flat = merge(flat, flatten(part, root))
    return flat


def resolve(ref: str, root: Mapping[str, Any]) -> Any:
    """Return the schema at ``ref``, a JSON Pointer fragment into ``root``."""
    found: Any = root
    for token in ref.removeprefix("#").split("/")[1:]:
        found = found[int(token) if isinstance(found, list) else token.replace("~1", "/").replace("~0", "~")]
    return found


def merge(one: Schema, other: Schema) -> Schema:
    """Return the keywords that hold where both schemas hold."""
    merged = dict(one)
    for keyword, value in other.items():
        if keyword not in merged or merged[keyword] == value:
            merged[keyword] = value
        elif keyword in _MERGES:
            merged[keyword] = _MERGES[keyword](merged[keyword], value)
        elif keyword not in _ANNOTATIONS:
            merged["allOf"] = [*merged.get("allOf", ()), {keyword: value}]
    return merged


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


_MERGES: dict[str, Any] = {
    "type": _types,
    "properties": _properties,
    "patternProperties": _properties,
    "items": lambda one, other: {"allOf": [one, other]},
    "required": lambda one, other: [*one, *(name for name in other if name not in one)],
    "enum": lambda one, other: [value for value in one if value in other],
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
_ANNOTATIONS = frozenset(
    {"title", "description", "default", "deprecated", "readOnly", "writeOnly", "contentEncoding", "contentMediaType"}
)
