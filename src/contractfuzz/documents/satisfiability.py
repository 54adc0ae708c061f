"""Satisfiability of recursive schemas: loops of references that no finite payload satisfies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from contractfuzz.documents.keyword_shapes import Schema
from contractfuzz.documents.keywords import ANNOTATIONS, JSON_TYPES
from contractfuzz.documents.recursion import find_loop, in_place_references
from contractfuzz.documents.subschemas import in_place_subschemas, map_subschemas
from contractfuzz.json_pointer import encode_pointer
from contractfuzz.json_values import canonical
from contractfuzz.patterns.engine import PatternError, compile_pattern

_MAX_STEPS = 10_000
"""Maximum number of steps into one schema, as nested alternatives multiply. Schemas not reached are taken to have payloads."""

_COMPOSITIONS = frozenset({"$ref", "allOf", "anyOf", "oneOf"})


def find_unsatisfiable_loop(definitions: Mapping[str, Schema]) -> list[str] | None:
    """Find a loop of references that no finite payload satisfies.

    A loop is satisfiable if a payload can end in it: at an optional property, an empty array or map, another type of a union.
    ``if``, ``not`` and ``dependentSchemas`` are not considered.

    Args:
        definitions: as for ``find_reference_loop`` and ``find_long_chain``, which must find nothing in them.

    Returns:
        The references of the loop, with the first one again at the end; None if every loop is satisfiable. A schema that refers
        to another one and adds keywords of its own has the reference ``DEFINITION/POINTER``.

    """
    return find_loop(_Satisfiability(_Hoisting().hoist(definitions)).find_blockers())


class _Hoisting:
    """Hoisting of schemas that add keywords to a reference: they become definitions, so that they can be part of a loop.

    ``{"$ref": "#", "required": ["a"]}`` may have no payload although the schema that it refers to has some.
    """

    def __init__(self) -> None:
        self._definitions: dict[str, Schema] = {}
        self._hoisted: dict[str, str] = {}  # the reference to each hoisted schema, by its canonical text

    def hoist(self, definitions: Mapping[str, Schema]) -> dict[str, Schema]:
        """Return the definitions, and after them those that were schemas within them."""
        own = {reference: self._rewrite(schema, reference, ()) for reference, schema in definitions.items()}
        return own | self._definitions

    def _rewrite(self, schema: Schema, reference: str, steps: tuple[str, ...]) -> Schema:
        """Return a schema with a reference in place of each schema in it that adds keywords to a reference."""
        if not isinstance(schema, dict):
            return schema
        in_place = {id(child) for child in in_place_subschemas(schema)}

        def change(inner: tuple[str, ...], child: dict[str, Any]) -> Schema:
            path = (*steps, *inner)
            return (
                self._rewrite(child, reference, path) if id(child) in in_place else self._named(child, reference, path)
            )

        return map_subschemas(schema, change)

    def _named(self, schema: dict[str, Any], reference: str, steps: tuple[str, ...]) -> Schema:
        if ANNOTATIONS.issuperset(schema.keys() - {"$ref"}) or not any(in_place_references(schema)):
            return self._rewrite(schema, reference, steps)
        text = canonical(schema)
        if text not in self._hoisted:
            self._hoisted[text] = name = reference + encode_pointer(steps)
            self._definitions[name] = self._rewrite(schema, reference, steps)
        return {"$ref": self._hoisted[text]}


class _Satisfiability:
    """Search for the schemas that have payloads.

    A schema has payloads if all schemas that it needs have some. The search starts from schemas that need no others, and ends
    when it finds no more.
    """

    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self._definitions = definitions
        self._satisfiable: set[str] = set()
        self._steps_left = 0

    def find_blockers(self) -> dict[str, list[str]]:
        """Return the references that block each schema without payloads."""
        blockers: dict[str, list[str]] = {}
        waiting: defaultdict[str, dict[str, None]] = defaultdict(dict)  # by blocker, an ordered set of references
        unsettled = list(self._definitions)
        while unsettled:
            reference = unsettled.pop()
            if reference in self._satisfiable:
                continue
            self._steps_left = _MAX_STEPS
            blockers[reference] = self._blockers([self._definitions[reference]])
            for blocker in blockers[reference]:
                waiting[blocker][reference] = None
            if not blockers[reference]:
                self._satisfiable.add(reference)
                unsettled += waiting.pop(reference, ())
        return {reference: blockers[reference] for reference in self._definitions if blockers[reference]}

    def _blockers(self, schemas: Iterable[Schema], *, follow: bool = True) -> list[str]:
        """Return references that block payloads of all ``schemas`` together; empty if such payloads exist.

        A payload needs one of the returned references, and none of them is known to have payloads.

        Args:
            schemas: the schemas that must all hold.
            follow: True to take in the schemas that they refer to. Deeper down it is False, or the search might not end.

        """
        self._steps_left -= 1
        if self._steps_left < 0:
            return []
        parts: list[dict[str, Any]] = []
        for schema in schemas:
            self._gather(schema, parts, set() if follow else None)
        for part in parts:
            if "$ref" in part and part["$ref"] not in self._satisfiable:
                return [part["$ref"]]
        deeper = follow and not any("$ref" in part for part in parts)
        plain = [{keyword: value for keyword, value in part.items() if keyword not in _COMPOSITIONS} for part in parts]
        unions = (part[keyword] for part in parts for keyword in ("anyOf", "oneOf") if keyword in part)
        return self._plain_blockers(plain, follow=deeper) or _blockers_of_all(
            _blockers_of_any(self._blockers([*plain, branch], follow=False) for branch in branches)
            for branches in unions
        )

    def _gather(self, schema: Schema, parts: list[dict[str, Any]], followed: set[str] | None) -> None:
        """Add a schema to ``parts``, with its ``allOf`` and, unless ``followed`` is None, the schemas that it refers to."""
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
        return _blockers_of_any(find[name](parts, follow=follow) for name in sorted(types))

    def _object_blockers(self, parts: list[dict[str, Any]], *, follow: bool) -> list[str]:
        required = [name for part in parts for name in part.get("required", ())]
        if required:
            return _blockers_of_all(
                self._blockers(schemas_of_property(name, parts), follow=follow) for name in required
            )
        if all(part.get("minProperties", 0) == 0 for part in parts):
            return []
        names = dict.fromkeys(name for part in parts for name in part.get("properties", {}))
        possible = [
            *(schemas_of_property(name, parts) for name in names),
            *([schema] for part in parts for schema in part.get("patternProperties", {}).values()),
            [part["additionalProperties"] for part in parts if "additionalProperties" in part],
        ]
        return _blockers_of_any(self._blockers(schemas, follow=follow) for schemas in possible)

    def _array_blockers(self, parts: list[dict[str, Any]], *, follow: bool) -> list[str]:
        fewest = max((part.get("minItems", 0) for part in parts), default=0)
        distinct = max((len(part.get("prefixItems", ())) for part in parts), default=0) + 1
        items = [[schema for part in parts for schema in schemas_of_item(index, part)] for index in range(distinct)]
        contained = [part["contains"] for part in parts if "contains" in part and part.get("minContains", 1) > 0]
        return _blockers_of_all(
            self._blockers(schemas, follow=follow) for schemas in items[:fewest]
        ) or _blockers_of_all(
            _blockers_of_any(self._blockers([*schemas, schema], follow=follow) for schemas in items)
            for schema in contained
        )


def _blockers_of_all(blockers: Iterable[list[str]]) -> list[str]:
    """Return the blockers if all of several things are needed: those of the first one that is blocked."""
    return next(filter(None, blockers), [])


def _blockers_of_any(blockers: Iterable[list[str]]) -> list[str]:
    """Return the blockers if one of several things is needed: those of all, or none if one is not blocked."""
    found: list[str] = []
    for blocking in blockers:
        if not blocking:
            return []
        found += blocking
    return found


def _types(schema: dict[str, Any]) -> set[str]:
    named = schema.get("type", JSON_TYPES)
    types = {named} if isinstance(named, str) else set(named)
    return types | {"integer"} if "number" in types else types


def schemas_of_property(name: str, parts: list[dict[str, Any]]) -> list[Schema]:
    """Return the schemas that a property must satisfy.

    Args:
        name: the name of the property.
        parts: the object schemas that hold together.

    """
    schemas: list[Schema] = []
    for part in parts:
        own = [part["properties"][name]] if name in part.get("properties", {}) else []
        for pattern, schema in part.get("patternProperties", {}).items():
            if (matches := _matches(pattern, name)) is not False:
                own.append(schema if matches else True)  # nothing is known of a name if the pattern cannot be run
        schemas += own or ([part["additionalProperties"]] if "additionalProperties" in part else [])
    return schemas


def _matches(pattern: str, name: str) -> bool | None:
    """Return True if a name matches a pattern, or None if nobody can run the pattern."""
    with suppress(PatternError):
        return compile_pattern(pattern).search(name)
    return None


def schemas_of_item(index: int, part: dict[str, Any]) -> list[Schema]:
    """Return the schemas that an item must satisfy.

    Args:
        index: the index of the item.
        part: an array schema.

    """
    first = part.get("prefixItems", [])
    if index < len(first):
        return [first[index]]
    return [part["items"]] if "items" in part else []
