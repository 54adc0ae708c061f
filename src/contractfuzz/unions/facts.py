"""Facts about a schema that show whether a payload can be meant for it: its types, its constants, its required properties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from contractfuzz.json_pointer import MISSING, parse_pointer, resolve_pointer
from contractfuzz.json_values import json_type

Key = tuple[str, Any]
"""A scalar, so that values are equal if JSON Schema takes them for equal: ``1`` and ``1.0`` are, ``1`` and ``true`` are not."""

_MAX_DEPTH = 32
"""Number of references and compositions within each other that facts are gathered from."""

_TOUCHES_ALL_NAMES = frozenset(
    (
        "patternProperties",
        "additionalProperties",
        "propertyNames",
        "unevaluatedProperties",
        "not",
        "if",
        "dependentSchemas",
    )
)
"""Keywords that can apply to properties of any name."""


def key_of(value: Any) -> Key | None:
    """Return the key of a scalar, None for an array or an object."""
    if isinstance(value, dict | list):
        return None
    name = json_type(value)
    return ("number" if name == "integer" else name, value)


@dataclass(frozen=True, slots=True)
class Facts:
    """Properties that all payloads of a schema have.

    Attributes:
        types: its JSON types; None for any.
        values: the scalars that it is one of, by their keys; None if others are possible.
        tags: for each property with listed scalars, these scalars.
        required: the names of its required properties.
        names: the names of the properties that the schema describes; ``required`` ones, too.
        describes_all_names: True if the schema can restrict properties of any name.
        keywords: the keywords of the schema.

    """

    types: frozenset[str] | None = None
    values: Mapping[Key, Any] | None = None
    tags: Mapping[str, Mapping[Key, Any]] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    describes_all_names: bool = False
    keywords: frozenset[str] = frozenset()

    def allows_type_of(self, value: Any) -> bool:
        """Return True if the type of a value is allowed; ``1.0`` is an integer."""
        if self.types is None:
            return True
        name = json_type(value)
        if name == "number" and "integer" in self.types and float(value).is_integer():
            return True
        return name in self.types or (name == "integer" and "number" in self.types)


ANYTHING = Facts()


class FactFinder:
    """Gathers the facts of schemas of one document.

    Args:
        root: the document that the references lead to.

    """

    def __init__(self, root: Any) -> None:
        self._root = root
        # With each schema, so that its id is not used again.
        self._known: dict[int, tuple[Any, Facts]] = {}
        self._known_values: dict[int, tuple[Any, Mapping[Key, Any] | None]] = {}

    def facts_of(self, schema: Any, depth: int = 0) -> Facts:
        """Return the facts of a schema. Fewer are found in schemas that contain themselves."""
        if schema is False:
            return Facts(types=frozenset())
        if not isinstance(schema, Mapping) or depth > _MAX_DEPTH:
            return ANYTHING
        if id(schema) in self._known:
            return self._known[id(schema)][1]
        # A schema that contains itself finds this entry.
        self._known[id(schema)] = schema, ANYTHING
        parts = [self._own_facts(schema, depth)]
        if isinstance(schema.get("$ref"), str):
            parts.append(self.facts_of(self._target(schema["$ref"]), depth + 1))
        parts += [self.facts_of(part, depth + 1) for part in schema.get("allOf", ())]
        for keyword in ("oneOf", "anyOf"):
            if schema.get(keyword):
                parts.append(_unite([self.facts_of(branch, depth + 1) for branch in schema[keyword]]))
        facts = reduce(_intersect, parts)
        self._known[id(schema)] = schema, facts
        return facts

    def _target(self, reference: str) -> Any:
        target = resolve_pointer(self._root, parse_pointer(reference))
        return True if target is MISSING else target

    def _own_facts(self, schema: Mapping[str, Any], depth: int) -> Facts:
        types = schema.get("type")
        properties = schema.get("properties", {})
        tags = {name: self._values_of(inner, depth + 1) for name, inner in properties.items()}
        required = frozenset(schema.get("required", ()))
        dependent = schema.get("dependentRequired", {})
        values = _listed_values(schema)
        return Facts(
            types=_types_of_values(values)
            if types is None
            else frozenset([types] if isinstance(types, str) else types),
            values=values,
            tags={name: listed for name, listed in tags.items() if listed},
            required=required,
            names=required.union(properties, dependent, *dependent.values()),
            describes_all_names=not _TOUCHES_ALL_NAMES.isdisjoint(schema),
            keywords=frozenset(schema),
        )

    def _values_of(self, schema: Any, depth: int) -> Mapping[Key, Any] | None:
        """Return the scalars that a schema lists, None if it allows others."""
        if not isinstance(schema, Mapping) or depth > _MAX_DEPTH:
            return None
        if id(schema) not in self._known_values:
            self._known_values[id(schema)] = schema, None
            self._known_values[id(schema)] = schema, self._find_values(schema, depth)
        return self._known_values[id(schema)][1]

    def _find_values(self, schema: Mapping[str, Any], depth: int) -> Mapping[Key, Any] | None:
        found = _listed_values(schema)
        inner = list(schema.get("allOf", ()))
        if isinstance(schema.get("$ref"), str):
            inner.append(self._target(schema["$ref"]))
        for part in inner:
            found = _common(found, self._values_of(part, depth + 1))
        for keyword in ("oneOf", "anyOf"):
            lists = [self._values_of(branch, depth + 1) for branch in schema.get(keyword, ())]
            if lists and all(lists):
                found = _common(found, {key: value for one in lists for key, value in (one or {}).items()})
        return found


def _listed_values(schema: Mapping[str, Any]) -> Mapping[Key, Any] | None:
    if "const" not in schema and "enum" not in schema:
        return None
    lists = [[schema["const"]]] if "const" in schema else []
    lists += [schema["enum"]] if "enum" in schema else []
    keyed = [{key_of(value): value for value in values} for values in lists]
    if any(None in one for one in keyed):
        return None
    first, *rest = keyed
    return {key: value for key, value in first.items() if key is not None and all(key in one for one in rest)}


def _types_of_values(values: Mapping[Key, Any] | None) -> frozenset[str] | None:
    return None if values is None else frozenset(name for name, _ in values)


def _common(one: Mapping[Key, Any] | None, other: Mapping[Key, Any] | None) -> Mapping[Key, Any] | None:
    if one is None or other is None:
        return other if one is None else one
    return {key: value for key, value in one.items() if key in other}


def _intersect(one: Facts, other: Facts) -> Facts:
    """Return the facts of payloads of both schemas."""
    names = [*one.tags, *(name for name in other.tags if name not in one.tags)]
    return Facts(
        types=common_types(one.types, other.types),
        values=_common(one.values, other.values),
        tags={name: _common(one.tags.get(name), other.tags.get(name)) or {} for name in names},
        required=one.required | other.required,
        names=one.names | other.names,
        describes_all_names=one.describes_all_names or other.describes_all_names,
        keywords=one.keywords | other.keywords,
    )


def common_types(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """Return the types that two sets of types have in common; None for any type. An integer is a number as well."""
    if one is None or other is None:
        return other if one is None else one
    pairs = ((one, other), (other, one))
    return (one & other) | {"integer" for left, right in pairs if "integer" in left and "number" in right}


def _unite(branches: Iterable[Facts]) -> Facts:
    """Return the facts of payloads of one of several schemas."""
    facts = list(branches)
    types = [one.types for one in facts if one.types is not None]
    values = [one.values for one in facts if one.values is not None]
    common = [name for name in facts[0].tags if all(name in one.tags for one in facts)]
    return Facts(
        types=frozenset().union(*types) if len(types) == len(facts) else None,
        values={key: value for one in values for key, value in one.items()} if len(values) == len(facts) else None,
        tags={name: {key: value for one in facts for key, value in one.tags[name].items()} for name in common},
        required=frozenset.intersection(*(one.required for one in facts)),
        names=frozenset().union(*(one.names for one in facts)),
        describes_all_names=any(one.describes_all_names for one in facts),
        keywords=frozenset().union(*(one.keywords for one in facts)),
    )
