"""Flattening of a schema to one set of keywords: ``$ref`` followed, ``allOf`` merged; and keys for schemas with equal parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contractfuzz.documents.keyword_merges import all_of_or_false, join_lists
from contractfuzz.documents.keywords import ANNOTATIONS, KEYWORDS, KEYWORDS_BY_TYPE
from contractfuzz.json_pointer import MISSING, parse_pointer, resolve_pointer
from contractfuzz.json_values import JsonObject, canonical
from contractfuzz.patterns.engine import compile_pattern
from contractfuzz.payloads.values.pattern_strings import MORE_PATTERNS

INEXACT = "$inexact"
"""Marker among flat keywords that allow more than the schema that they were made from."""

_RESOLVED = frozenset({"$ref", "allOf", "$defs", "$schema", "$comment"})
"""Keywords that flattening replaces, or that have no meaning for a plan."""

_MERGES = {row.name: row.merge for row in KEYWORDS.values() if row.merge is not None} | {MORE_PATTERNS: join_lists}

_DEPENDENCIES = {row.name: frozenset(row.depends_on) for row in KEYWORDS.values() if row.depends_on}

_ITEMS = frozenset({"prefixItems", "items"})

_GROUPS = [
    frozenset(row.name for row in KEYWORDS.values() if row.part_of == head)
    for head in dict.fromkeys(row.part_of for row in KEYWORDS.values() if row.part_of)
]
"""Groups of keywords that have a meaning only together. Those of two schemas are not mixed."""


def flatten(schema: Any, root: Mapping[str, Any]) -> JsonObject:
    """Return the keywords of a schema with every ``$ref`` followed and every ``allOf`` merged.

    Args:
        schema: the schema.
        root: the self-contained JSON Schema that it is part of.

    Returns:
        The keywords. ``INEXACT`` is among them if the keywords cannot be merged without loss. Then only ``schema`` itself
        decides which payloads are valid.

    Raises:
        ContractError: no type is allowed.

    """
    if schema is True:
        return {}
    if schema is False:
        return {"not": {}}
    *parts, flat = parts_of(schema, root)
    # Equal parts count once: in a chain of references they would double at each link.
    for part in {canonical(part): part for part in parts}.values():
        flat = _merge(flatten(part, root), flat)
    return dict(flat)


def parts_of(schema: Any, root: Mapping[str, Any]) -> list[Any]:
    """Return the schemas that a payload must satisfy together: those of ``$ref`` and ``allOf`` and, last, all other keywords."""
    if not isinstance(schema, dict):
        return [schema]
    referred = [_resolve(schema["$ref"], root)] if "$ref" in schema else []
    others = {keyword: value for keyword, value in schema.items() if keyword not in _RESOLVED}
    return [*referred, *schema.get("allOf", ()), others]


def _resolve(reference: str, root: Mapping[str, Any]) -> Any:
    target = resolve_pointer(root, parse_pointer(reference))
    if target is MISSING:
        raise KeyError(reference)
    return target


def _merge(one: JsonObject, other: JsonObject) -> JsonObject:
    """Return keywords that hold for every payload of both schemas, with ``INEXACT`` if they allow others, too."""
    items = _merge_items(one, other)
    if items:
        one, other = ({key: value for key, value in part.items() if key not in _ITEMS} for part in (one, other))
    merged = {**one, **items}
    if _changes_meaning(one, other) or _changes_meaning(other, one):
        merged, other = {**_restrict_properties(one, other), **items}, _restrict_properties(other, one)
        merged[INEXACT] = True
    for group in _GROUPS:
        if not group.isdisjoint(merged) and not group.isdisjoint(other):
            other = {keyword: value for keyword, value in other.items() if keyword not in group}
            merged[INEXACT] = True
    for keyword, value in other.items():
        if keyword not in merged:
            merged[keyword] = value
        elif keyword in _MERGES:
            merged[keyword] = _MERGES[keyword](merged[keyword], value)
        elif keyword not in ANNOTATIONS and canonical(merged[keyword]) != canonical(value):
            merged[INEXACT] = True
            if keyword == "pattern":
                merged[MORE_PATTERNS] = [*merged.get(MORE_PATTERNS, ()), value]
    return merged


def _merge_items(one: JsonObject, other: JsonObject) -> JsonObject:
    """Return ``prefixItems`` and ``items`` merged by position, or nothing if they need no such merge."""
    prefixes = [part.get("prefixItems", []) for part in (one, other)]
    if not any(prefixes) or _ITEMS.isdisjoint(one) or _ITEMS.isdisjoint(other):
        return {}
    if "unevaluatedItems" in one or "unevaluatedItems" in other:
        return {}
    rests = [part.get("items", True) for part in (one, other)]
    length = max(map(len, prefixes))
    padded = [[*prefix, *[rest] * (length - len(prefix))] for prefix, rest in zip(prefixes, rests, strict=True)]
    merged: JsonObject = {"prefixItems": [_both(*pair) for pair in zip(*padded, strict=True)]}
    rest = _both(*rests)
    return merged if rest is True else {**merged, "items": rest}


def _both(one: Any, other: Any) -> Any:
    if one is True or other is True:
        return other if one is True else one
    return all_of_or_false(one, other)


def _changes_meaning(one: JsonObject, other: JsonObject) -> bool:
    """Return True if a keyword of ``one`` would mean something else in a schema with the keywords of ``other``."""
    return any(not _DEPENDENCIES[keyword].isdisjoint(other) for keyword in one if keyword in _DEPENDENCIES)


def _restrict_properties(one: JsonObject, other: JsonObject) -> JsonObject:
    """Return ``one`` with ``additionalProperties`` of ``other`` applied to the properties that ``other`` does not declare."""
    additional = other.get("additionalProperties", True)
    if additional is True or "properties" not in one:
        return dict(one)
    declared = other.get("properties", {})
    patterns = [compile_pattern(pattern) for pattern in other.get("patternProperties", ())]
    properties = {
        name: schema
        if name in declared or any(pattern.search(name) for pattern in patterns)
        else {"allOf": [schema, additional]}
        for name, schema in one["properties"].items()
    }
    return {**one, "properties": properties}


def direct_references(schema: Any) -> set[str]:
    """Return the references of a schema and of the parts of its ``allOf``."""
    if not isinstance(schema, dict):
        return set()
    found = {schema["$ref"]} if "$ref" in schema else set()
    return found.union(*map(direct_references, schema.get("allOf", ())))


def key_of(schema: Any) -> str:
    """Return a text that is equal for schemas with equal parts, in any order and at any depth of ``allOf``."""
    parts = sorted(set(_texts_of_parts(schema)))
    return "\n".join(parts)


def _texts_of_parts(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict) and ("allOf" in schema or "$ref" in schema):
        for part in schema.get("allOf", ()):
            yield from _texts_of_parts(part)
        if "$ref" in schema:
            yield canonical({"$ref": schema["$ref"]})
        schema = {keyword: value for keyword, value in schema.items() if keyword not in ("$ref", "allOf")}
        if ANNOTATIONS.issuperset(schema):
            return
    yield canonical(_without_repeats(schema))


def _without_repeats(schema: Any) -> Any:
    """Return a schema in which the parts of each ``allOf`` are listed as a text that is equal for equal parts."""
    if isinstance(schema, list):
        return [_without_repeats(value) for value in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("allOf"), list):
        return key_of(schema)
    return {keyword: _without_repeats(value) for keyword, value in schema.items()}


def forbids_everything(flat: Mapping[str, Any]) -> bool:
    """Return True if ``not`` forbids any value, or each type that a schema allows. A search for values would be in vain."""
    forbidden = flat.get("not", False)
    if not isinstance(forbidden, dict):
        return forbidden is True
    if ANNOTATIONS.issuperset(forbidden):
        return True
    if "type" not in flat or not (ANNOTATIONS | {"type"}).issuperset(forbidden):
        return False
    names = types_of(forbidden)
    return all(name in names or (name == "integer" and "number" in names) for name in types_of(flat))


def types_of(flat: Mapping[str, Any]) -> list[str]:
    """Return the types of a schema: those that it names, or else those that its keywords describe."""
    types = flat.get("type")
    if types is None:
        return [name for name, keywords in KEYWORDS_BY_TYPE.items() if not keywords.isdisjoint(flat)]
    return [types] if isinstance(types, str) else list(types)


def describes_other_types(flat: Mapping[str, Any]) -> bool:
    """Return True if a schema describes the contents of arrays or objects, but its ``type`` does not allow them.

    A value of the wrong type can then be wrong inside as well, not only at its own location.
    """
    types = flat.get("type", ["array", "object"])
    return any(name not in types and not KEYWORDS_BY_TYPE[name].isdisjoint(flat) for name in ("array", "object"))
