"""Whether the references of a schema go in a circle that no finite payload can satisfy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contractfuzz.documents.keywords import Schema
from contractfuzz.documents.types import JSON_TYPES


def endless(definitions: Mapping[str, Schema]) -> list[str] | None:
    """Find a circle of references that never ends.

    A circle ends where a payload can stop: at an optional property, an empty array or map, another type of a union.

    Args:
        definitions: every schema that references lead to, by the reference: ``#``, ``#/$defs/NAME``.

    Returns:
        The references of the circle, the first of them again at its end; None where every circle can end.

    """
    on_the_spot = {reference: list(_applied(schema)) for reference, schema in definitions.items()}
    return _loop(on_the_spot) or _loop(_blocked(definitions))


def _loop(edges: Mapping[str, list[str]]) -> list[str] | None:
    """Find a circle by depth-first search, without recursion: chains of references can be long."""
    done: set[str] = set()
    for start in edges:
        trail = {start: iter(edges[start])}  # the way to here, each with what is still to be followed from it
        while trail:
            here = next(reversed(trail))
            following = next(trail[here], None)
            if following is None:
                done.add(here)
                del trail[here]
            elif following in trail:
                way = list(trail)
                return [*way[way.index(following) :], following]
            elif following not in done:
                trail[following] = iter(edges.get(following, ()))
    return None


def _applied(schema: Any) -> Iterator[str]:
    """Yield the references that a validator follows without going deeper into the payload."""
    if not isinstance(schema, dict):
        return
    if "$ref" in schema:
        yield schema["$ref"]
    for keyword in ("allOf", "anyOf", "oneOf"):
        for child in schema.get(keyword, ()):
            yield from _applied(child)
    for keyword in ("not", "if", "then", "else"):
        yield from _applied(schema.get(keyword))
    for child in schema.get("dependentSchemas", {}).values():
        yield from _applied(child)


def _blocked(definitions: Mapping[str, Schema]) -> dict[str, list[str]]:
    """Say for each schema that no finite payload satisfies which references keep it from that: a least fixed point."""
    satisfiable: set[str] = set()
    blockers: dict[str, list[str]] = {}
    # A type is mostly found before those that it needs: backwards, one round settles nearly all.
    waiting = list(definitions)[::-1]
    while waiting:
        blockers = {}
        for reference in waiting:
            if blocker := _blocker(definitions[reference], satisfiable):
                blockers[reference] = [blocker]
            else:
                satisfiable.add(reference)
        if len(blockers) == len(waiting):
            break
        waiting = list(blockers)
    return blockers


def _blocker(schema: Any, satisfiable: set[str], types: frozenset[str] = frozenset(JSON_TYPES)) -> str | None:
    """Find a reference that every payload of a schema needs and that is not known to be satisfiable."""
    if not isinstance(schema, dict):
        return None
    if "$ref" in schema and schema["$ref"] not in satisfiable:
        return str(schema["$ref"])
    types &= _types(schema)
    for child in schema.get("allOf", ()):
        if blocker := _blocker(child, satisfiable, types):
            return blocker
    for keyword in ("anyOf", "oneOf"):
        blockers = [_blocker(child, satisfiable, types) for child in schema.get(keyword, ())]
        if blockers and all(blockers):
            return blockers[0]
    if "enum" in schema or "const" in schema or types - {"object", "array"}:
        return None
    blockers = [
        *([_object_blocker(schema, satisfiable)] if "object" in types else []),
        *([_array_blocker(schema, satisfiable)] if "array" in types else []),
    ]
    return blockers[0] if blockers and all(blockers) else None


def _types(schema: dict[str, Any]) -> frozenset[str]:
    named = schema.get("type", JSON_TYPES)
    return frozenset([named] if isinstance(named, str) else named)


def _object_blocker(schema: dict[str, Any], satisfiable: set[str]) -> str | None:
    properties = schema.get("properties", {})
    others = schema.get("additionalProperties")
    for name in schema.get("required", ()):
        if blocker := _blocker(properties.get(name, others), satisfiable):
            return blocker
    if schema.get("minProperties", 0) > 0 and not schema.get("required"):
        blockers = [_blocker(child, satisfiable) for child in (*properties.values(), others)]
        return blockers[0] if all(blockers) else None
    return None


def _array_blocker(schema: dict[str, Any], satisfiable: set[str]) -> str | None:
    first = schema.get("prefixItems", [])
    for i in range(min(schema.get("minItems", 0), len(first) + 1)):
        if blocker := _blocker(first[i] if i < len(first) else schema.get("items"), satisfiable):
            return blocker
    return _blocker(schema.get("contains"), satisfiable) if schema.get("minContains", 1) > 0 else None
