"""Contradictions: proofs that no value satisfies a lowered schema.

Only what follows from the keywords counts: types without a common one, crossed bounds, listed values that are all invalid,
required properties that are not allowed. A schema without a contradiction may still be unsatisfiable.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from contractfuzz.documents.errors import show_json
from contractfuzz.documents.keyword_shapes import Schema
from contractfuzz.documents.keywords import ANNOTATIONS, JSON_TYPES
from contractfuzz.documents.satisfiability import schemas_of_item, schemas_of_property
from contractfuzz.oracle import Oracle

_MAX_DEPTH = 5
"""Maximum number of levels of properties and items that one search descends."""

_MAX_STEPS = 500
"""Maximum number of combinations of schemas that one search looks at."""

_MAX_VALUES = 1_000
"""Maximum number of listed values that one search looks at."""

_SPLIT = frozenset({"$ref", "$defs", "allOf", "anyOf", "oneOf", "unevaluatedProperties", "unevaluatedItems"})
"""Keywords that are left out where a schema is combined with one of its branches."""

_WITHOUT_MEANING = ANNOTATIONS | {"$schema", "$defs"}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The reason why nothing satisfies a schema.

    Attributes:
        reason: the keywords that contradict each other.
        is_own: False if a schema within the schema is contradictory on its own.

    """

    reason: str
    is_own: bool = True


def find_contradiction(schema: dict[str, Any]) -> tuple[Contradiction | None, bool]:
    """Return a reason why nothing satisfies a lowered schema, or None if no contradiction is found.

    Args:
        schema: a self-contained JSON Schema 2020-12.

    Returns:
        The contradiction or None, and True if the search was complete: it did not end at ``_MAX_STEPS``.

    """
    search = _Search(schema)
    found = search.find([schema])
    if found is None:
        return None, search.is_complete
    parts = [*schema.get("allOf", ()), {"$ref": schema["$ref"]} if "$ref" in schema else True]
    is_own = found.is_own and not any(map(search.is_mistake, parts))
    return Contradiction(found.reason, is_own), search.is_complete


def allows_nothing(schema: Any) -> bool:
    """Return True if a schema is written to allow nothing: ``false``, or ``not`` of anything."""
    if not isinstance(schema, dict):
        return schema is False
    keywords = schema.keys() - _WITHOUT_MEANING
    return keywords == {"not"} and _allows_anything(schema["not"])


def required_names(schema: Any, root: dict[str, Any]) -> frozenset[str]:
    """Return the properties that a schema requires, with what its ``allOf`` and its references require.

    Args:
        schema: a lowered schema.
        root: the document that its references lead to.

    """
    parts: list[dict[str, Any]] = []
    _Search(root).gather(schema, parts, set())
    return frozenset(name for part in parts for name in part.get("required", ()))


def listed_tags(schema: Any, root: dict[str, Any]) -> dict[str, frozenset[str]]:
    """Return the strings that each required property of a schema may be, if it lists them and all payloads are objects.

    Args:
        schema: a lowered schema.
        root: the schema that contains it, which applies as well, and the document that its references lead to.

    """
    parts: list[dict[str, Any]] = []
    _Search(root).gather(schema, parts, set())
    if _common_types([root, *parts]) != {"object"}:
        return {}
    required = {name for part in parts for name in part.get("required", ())}
    listed = {
        name: value["enum"] if "enum" in value else [value["const"]]
        for part in parts
        for name, value in part.get("properties", {}).items()
        if name in required and isinstance(value, dict) and not value.keys().isdisjoint({"enum", "const"})
    }
    return {
        name: frozenset(values) for name, values in listed.items() if all(isinstance(value, str) for value in values)
    }


class _Search:
    """Search for contradictions in the schemas of one lowered document.

    Args:
        root: the document.

    """

    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root
        self._steps_left = _MAX_STEPS

    @property
    def is_complete(self) -> bool:
        """True unless the search has used up its steps."""
        return self._steps_left >= 0

    def is_mistake(self, schema: Schema) -> bool:
        """Return True if a schema alone is contradictory, but not written to allow nothing."""
        target = self._target(schema["$ref"]) if isinstance(schema, dict) and schema.keys() == {"$ref"} else schema
        return not allows_nothing(target) and self.find([schema]) is not None

    def find(self, schemas: list[Schema], depth: int = 0) -> Contradiction | None:
        """Return a reason why no value satisfies all schemas."""
        self._steps_left -= 1
        if depth > _MAX_DEPTH or self._steps_left < 0:
            return None
        parts: list[dict[str, Any]] = []
        if not all(self.gather(schema, parts, set()) for schema in schemas):
            return Contradiction("a part of it allows nothing")
        types = _common_types(parts)
        if not types:
            return Contradiction(_show_types(parts))
        return (
            self._in_values(schemas, parts)
            or self._in_all_types(types, parts, depth)
            or self._in_branches(parts, depth)
        )

    def _target(self, reference: str) -> Schema:
        name = reference.removeprefix("#/$defs/")
        definitions = self._root.get("$defs", {})
        return self._root if reference == "#" else definitions.get(name, True)

    def gather(self, schema: Schema, parts: list[dict[str, Any]], followed: set[str]) -> bool:
        """Add a schema and all that apply with it to ``parts``; return False if one of them allows nothing."""
        if not isinstance(schema, dict):
            return schema
        parts.append(schema)
        inner = list(schema.get("allOf", ()))
        reference = schema.get("$ref")
        if reference is not None and reference not in followed:
            followed.add(reference)
            inner.append(self._target(reference))
        return not ("not" in schema and _allows_anything(schema["not"])) and all(
            self.gather(child, parts, followed) for child in inner
        )

    def _in_values(self, schemas: list[Schema], parts: list[dict[str, Any]]) -> Contradiction | None:
        listed = [part.get("enum", [part.get("const")]) for part in parts if "enum" in part or "const" in part]
        if not listed or len(listed[0]) > _MAX_VALUES:
            return None
        oracle = Oracle({"allOf": schemas}, self._root)
        if any(map(oracle.is_valid, listed[0])):
            return None
        what = f"no value of {show_json(listed[0])} is" if len(listed[0]) > 1 else f"{show_json(listed[0][0])} is not"
        return Contradiction(f"{what} valid by the other keywords")

    def _in_all_types(self, types: frozenset[str], parts: list[dict[str, Any]], depth: int) -> Contradiction | None:
        """Return the first type's contradiction if every type has one."""
        found: list[Contradiction] = []
        for name in sorted(types - {"integer"} if "number" in types else types):
            match name:
                case "number" | "integer":
                    contradiction = _in_numbers(parts, whole=name == "integer")
                case "string":
                    contradiction = _in_sizes("minLength", "maxLength", parts)
                case "array":
                    contradiction = _in_sizes("minItems", "maxItems", parts) or self._in_arrays(parts, depth)
                case "object":
                    contradiction = _in_sizes("minProperties", "maxProperties", parts) or self._in_objects(parts, depth)
                case _:
                    return None
            if contradiction is None:
                return None
            found.append(contradiction)
        return Contradiction(found[0].reason, is_own=any(one.is_own for one in found))

    def _in_branches(self, parts: list[dict[str, Any]], depth: int) -> Contradiction | None:
        plain: list[Schema] = [{key: value for key, value in part.items() if key not in _SPLIT} for part in parts]
        for keyword in ("anyOf", "oneOf"):
            for branches in (part[keyword] for part in parts if keyword in part):
                found = [self.find([*plain, branch], depth + 1) for branch in branches]
                reasons = [one.reason for one in found if one is not None]
                if len(reasons) == len(branches):
                    is_own = not all(map(self.is_mistake, branches))
                    return Contradiction(f"no branch of `{keyword}` is possible: {reasons[0]}", is_own)
        return None

    def _in_objects(self, parts: list[dict[str, Any]], depth: int) -> Contradiction | None:
        required = dict.fromkeys(name for part in parts for name in part.get("required", ()))
        limit = min((part["maxProperties"] for part in parts if "maxProperties" in part), default=len(required))
        if len(required) > limit:
            return Contradiction(f"{len(required)} properties are required and `maxProperties` is {limit}")
        names = [part["propertyNames"] for part in parts if "propertyNames" in part]
        for name in required:
            if names and not Oracle({"allOf": names}, self._root).is_valid(name):
                return Contradiction(f"the property {show_json(name)} is required, but `propertyNames` forbids it")
            schemas = schemas_of_property(name, parts)
            found = self.find(schemas, depth + 1)
            if found is not None:
                reason = f"the property {show_json(name)} is required, but no value is valid ({found.reason})"
                return Contradiction(reason, is_own=not any(map(self.is_mistake, schemas)))
        return None

    def _in_arrays(self, parts: list[dict[str, Any]], depth: int) -> Contradiction | None:
        least = max((part.get("minItems", 0) for part in parts), default=0)
        distinct = max((len(part.get("prefixItems", ())) for part in parts), default=0) + 1
        for index in range(min(least, distinct)):
            schemas = [schema for part in parts for schema in schemas_of_item(index, part)]
            found = self.find(schemas, depth + 1)
            if found is not None:
                reason = f"`minItems` is {least}, but no item {index} is valid ({found.reason})"
                return Contradiction(reason, is_own=not any(map(self.is_mistake, schemas)))
        most = min((part["maxItems"] for part in parts if "maxItems" in part), default=None)
        for part in parts:
            fewest = part.get("minContains", 1) if "contains" in part else 0
            if most is not None and fewest > most:
                return Contradiction(f"{fewest} items must match `contains` and `maxItems` is {most}")
            if fewest > 0 and (found := self.find([part["contains"]], depth + 1)) is not None:
                reason = f"no item can match `contains` ({found.reason})"
                return Contradiction(reason, is_own=not self.is_mistake(part["contains"]))
        return None


# --- types ---------------------------------------------------------------------------------------------------------------


def _common_types(parts: list[dict[str, Any]]) -> frozenset[str]:
    types = frozenset(JSON_TYPES).intersection(*map(_types, parts))
    for part in parts:
        excluded = part.get("not")
        if isinstance(excluded, dict) and excluded.keys() - _WITHOUT_MEANING == {"type"}:
            forbidden = _types(excluded)
            # Without the integers, other numbers remain.
            types -= forbidden - {"integer"} if "number" in types - forbidden else forbidden
    return types


def _types(schema: dict[str, Any]) -> frozenset[str]:
    named = schema.get("type", JSON_TYPES)
    types = frozenset([named] if isinstance(named, str) else named)
    return types | {"integer"} if "number" in types else types


def _show_types(parts: list[dict[str, Any]]) -> str:
    named = dict.fromkeys(show_json(part["type"]) for part in parts if "type" in part)
    if len(named) > 1:
        return f"the types {' and '.join(named)} have none in common"
    return f"`not` forbids the type {', '.join(named)}" if named else "`not` forbids every type"


# --- bounds --------------------------------------------------------------------------------------------------------------


def _in_numbers(parts: list[dict[str, Any]], *, whole: bool) -> Contradiction | None:
    lower = list(_bounds(parts, "minimum", "exclusiveMinimum"))
    upper = list(_bounds(parts, "maximum", "exclusiveMaximum"))
    if not lower or not upper:
        return None
    (low, low_strict, low_text), (high, high_strict, high_text) = max(lower), min(upper, key=_upper_key)
    step = _step(parts) or (Fraction(1) if whole else None)
    if step is not None:
        first = math.floor(low / step) + 1 if low_strict else math.ceil(low / step)
        last = math.ceil(high / step) - 1 if high_strict else math.floor(high / step)
        if first <= last:
            return None
        what = "no integer" if step == 1 else f"no multiple of {step}"
        return Contradiction(f"{what} is within {low_text} and {high_text}")
    if low < high or (low == high and not (low_strict or high_strict)):
        return None
    return Contradiction(f"no number is within {low_text} and {high_text}")


def _bounds(parts: list[dict[str, Any]], inclusive: str, exclusive: str) -> Iterator[tuple[Fraction, bool, str]]:
    for part in parts:
        for keyword in (inclusive, exclusive):
            bound = part.get(keyword)
            if isinstance(bound, int | float) and math.isfinite(bound):
                yield Fraction(bound), keyword == exclusive, f"{keyword} {bound}"


def _upper_key(bound: tuple[Fraction, bool, str]) -> tuple[Fraction, bool]:
    return bound[0], not bound[1]


def _step(parts: list[dict[str, Any]]) -> Fraction | None:
    """Return a whole ``multipleOf``. Validators round the multiples of others, so these prove nothing."""
    steps = [part["multipleOf"] for part in parts if isinstance(part.get("multipleOf"), int)]
    return Fraction(steps[0]) if steps else None


def _in_sizes(lower: str, upper: str, parts: list[dict[str, Any]]) -> Contradiction | None:
    low = max((part[lower] for part in parts if lower in part), default=0)
    high = min((part[upper] for part in parts if upper in part), default=low)
    return Contradiction(f"{lower} {low} is greater than {upper} {high}") if low > high else None


# --- parts ---------------------------------------------------------------------------------------------------------------


def _allows_anything(schema: Any) -> bool:
    return schema is True or (isinstance(schema, dict) and not schema.keys() - _WITHOUT_MEANING)
