"""One flat set of keywords from a schema: its ``$ref`` followed and its ``allOf`` merged in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from contractfuzz.documents.keywords import ANNOTATIONS, KEYWORDS
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
    return any(not _DEPENDENCIES[keyword].isdisjoint(other) for keyword in one if keyword in _DEPENDENCIES)


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


_MERGES = {row.name: row.merge for row in KEYWORDS.values() if row.merge is not None}

_DEPENDENCIES = {row.name: frozenset(row.depends_on) for row in KEYWORDS.values() if row.depends_on}

_GROUPS = [
    frozenset(row.name for row in KEYWORDS.values() if row.part_of == head)
    for head in dict.fromkeys(row.part_of for row in KEYWORDS.values() if row.part_of)
]
"""Keywords that mean something only together: two schemas' are not mixed."""

_DROPPED = frozenset({"$ref", "allOf", "$defs", "$schema", "$comment"})
