"""Whether the references of a schema end: in a payload of finite size, and within the stack of a validator."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from contractfuzz.documents.dialects.structure_types import JSON_TYPES
from contractfuzz.documents.keyword_shapes import Schema
from contractfuzz.documents.subschemas import in_place_subschemas


def find_reference_loop(definitions: Mapping[str, Schema]) -> list[str] | None:
    """Find a circle of references in which a validator would turn without ever going deeper into the payload.

    Args:
        definitions: every schema that references lead to, by the reference: ``#``, ``#/$defs/NAME``.

    Returns:
        The references of the circle, the first of them again at its end; None where there is none.

    """
    return _circle(_on_the_spot(definitions))


def find_long_chain(definitions: Mapping[str, Schema], most: int) -> str | None:
    """Find a reference from which a validator follows more than ``most`` others in a row without going deeper.

    There must be no ``find_reference_loop``.
    """
    on_the_spot = _on_the_spot(definitions)
    length: dict[str, int] = {}
    for reference in TopologicalSorter(on_the_spot).static_order():
        length[reference] = max((1 + length[following] for following in on_the_spot[reference]), default=0)
        if length[reference] > most:
            return reference
    return None


def endless_circle(definitions: Mapping[str, Schema]) -> list[str] | None:
    """Find a circle of references that no finite payload satisfies.

    A circle ends where a payload can stop: at an optional property, an empty array or map, another type of a union.
    What only ``if``, ``not`` or ``dependentSchemas`` ask for is not looked into. There must be no ``find_reference_loop``,
    and for the sake of the stack nothing ``find_long_chain``.

    Returns:
        The references of the circle, the first of them again at its end; None where every circle can end.

    """
    return _circle(_Satisfiability(definitions).unmet())


def _circle(edges: Mapping[str, Iterable[str]]) -> list[str] | None:
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        way: list[str] = error.args[1][:0:-1]  # as documented: against the edges, its first node again at its end
        order = {reference: i for i, reference in enumerate(edges)}
        start = way.index(min(way, key=order.__getitem__))
        return [*way[start:], *way[: start + 1]]
    return None


def _on_the_spot(definitions: Mapping[str, Schema]) -> dict[str, list[str]]:
    return {reference: list(_applied(schema)) for reference, schema in definitions.items()}


def _applied(schema: Any) -> Iterator[str]:
    """Yield the references that a validator follows without going deeper into the payload."""
    if not isinstance(schema, dict):
        return
    if "$ref" in schema:
        yield schema["$ref"]
    for child in in_place_subschemas(schema):
        yield from _applied(child)


class _Satisfiability:
    """Which schemas have payloads at all: those that need none but schemas known to have some, until no more are found."""

    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self._definitions = definitions
        self._satisfiable: set[str] = set()
        self._steps_left = 0

    def unmet(self) -> dict[str, list[str]]:
        """Say for each schema that no finite payload satisfies which references keep it from that."""
        blockers: dict[str, list[str]] = {}
        waiting: defaultdict[str, dict[str, None]] = defaultdict(dict)  # an ordered set of those that it blocks
        unsettled = list(self._definitions)
        while unsettled:
            reference = unsettled.pop()
            if reference in self._satisfiable:
                continue
            self._steps_left = _MOST_STEPS
            blockers[reference] = self._blockers([self._definitions[reference]])
            for blocker in blockers[reference]:
                waiting[blocker][reference] = None
            if not blockers[reference]:
                self._satisfiable.add(reference)
                unsettled += waiting.pop(reference, ())
        return {reference: blockers[reference] for reference in self._definitions if blockers[reference]}

    def _blockers(self, together: Iterable[Schema], *, follow: bool = True) -> list[str]:
        """Find references, one of which a payload of some schemas together needs, and none of which is known to have payloads.

        With ``follow``, what the schemas refer to is held together with them; but not deeper down, where it might never end.
        """
        self._steps_left -= 1
        if self._steps_left < 0:
            return []
        parts: list[dict[str, Any]] = []
        for schema in together:
            self._gather(schema, parts, set() if follow else None)
        for part in parts:
            if "$ref" in part and part["$ref"] not in self._satisfiable:
                return [part["$ref"]]
        deeper = follow and not any("$ref" in part for part in parts)
        plain = [{keyword: value for keyword, value in part.items() if keyword not in _JOINING} for part in parts]
        unions = (part[keyword] for part in parts for keyword in ("anyOf", "oneOf") if keyword in part)
        return self._plain_blockers(plain, follow=deeper) or _first(
            _alternatives(self._blockers([*plain, branch], follow=False) for branch in branches) for branches in unions
        )

    def _gather(self, schema: Schema, parts: list[dict[str, Any]], followed: set[str] | None) -> None:
        """Add to ``parts`` a schema with all that ``allOf`` joins to it, and what ``$ref`` does, given those ``followed`` yet."""
        if not isinstance(schema, dict):
            return
        parts.append(schema)
        for child in schema.get("allOf", ()):
            self._gather(child, parts, followed)
        reference = schema.get("$ref")
        if followed is not None and reference in self._satisfiable and reference not in followed:
            followed.add(reference)
            self._gather(self._definitions[reference], parts, followed)

    def _plain_blockers(self, parts: list[dict[str, Any]], *, follow: bool) -> list[str]:
        types = frozenset(JSON_TYPES).intersection(*map(_types, parts))
        if types - {"object", "array"} or any("enum" in part or "const" in part for part in parts):
            return []
        find = {"object": self._object_blockers, "array": self._array_blockers}
        return _alternatives(find[name](parts, follow=follow) for name in sorted(types))

    def _object_blockers(self, parts: list[dict[str, Any]], *, follow: bool) -> list[str]:
        required = [name for part in parts for name in part.get("required", ())]
        if required:
            return _first(self._blockers(_of_property(name, parts), follow=follow) for name in required)
        if all(part.get("minProperties", 0) == 0 for part in parts):
            return []
        names = dict.fromkeys(name for part in parts for name in part.get("properties", {}))
        possible = [
            *(_of_property(name, parts) for name in names),
            *([schema] for part in parts for schema in part.get("patternProperties", {}).values()),
            [part["additionalProperties"] for part in parts if "additionalProperties" in part],
        ]
        return _alternatives(self._blockers(schemas, follow=follow) for schemas in possible)

    def _array_blockers(self, parts: list[dict[str, Any]], *, follow: bool) -> list[str]:
        fewest = max((part.get("minItems", 0) for part in parts), default=0)
        distinct = max((len(part.get("prefixItems", ())) for part in parts), default=0) + 1
        wanted = [[schema for part in parts for schema in _of_item(i, part)] for i in range(min(fewest, distinct))]
        wanted += [[part["contains"]] for part in parts if "contains" in part and part.get("minContains", 1) > 0]
        return _first(self._blockers(schemas, follow=follow) for schemas in wanted)


def _first(blockers: Iterable[list[str]]) -> list[str]:
    """Say what blocks several things together: whatever blocks one of them."""
    return next(filter(None, blockers), [])


def _alternatives(blockers: Iterable[list[str]]) -> list[str]:
    """Say what blocks one of several things: whatever blocks each of them, if all are blocked."""
    found: list[str] = []
    for blocking in blockers:
        if not blocking:
            return []
        found += blocking
    return found


_MOST_STEPS = 10_000
"""How far to look into one schema: branches within branches multiply. What lies beyond is taken to have payloads."""

_JOINING = frozenset({"$ref", "allOf", "anyOf", "oneOf"})


def _types(schema: dict[str, Any]) -> set[str]:
    named = schema.get("type", JSON_TYPES)
    types = {named} if isinstance(named, str) else set(named)
    return types | {"integer"} if "number" in types else types


def _of_property(name: str, parts: list[dict[str, Any]]) -> list[Schema]:
    schemas: list[Schema] = []
    for part in parts:
        own = [part["properties"][name]] if name in part.get("properties", {}) else []
        own += [schema for pattern, schema in part.get("patternProperties", {}).items() if re.search(pattern, name)]
        schemas += own or ([part["additionalProperties"]] if "additionalProperties" in part else [])
    return schemas


def _of_item(i: int, part: dict[str, Any]) -> list[Schema]:
    first = part.get("prefixItems", [])
    if i < len(first):
        return [first[i]]
    return [part["items"]] if "items" in part else []
