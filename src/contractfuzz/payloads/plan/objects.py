"""Objects: their nodes, and how they are planned."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from contractfuzz.documents.keywords import LIMITS_OTHER_PROPERTIES
from contractfuzz.documents.unread_patterns import UNREADABLE_NAMES
from contractfuzz.json_pointer import encode_pointer
from contractfuzz.json_values import copy_json
from contractfuzz.patterns.engine import CompiledPattern, compile_pattern
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.context import Extras, Planner, read_bounds
from contractfuzz.payloads.plan.maps import Entries, plan_map, plan_pattern_map
from contractfuzz.payloads.plan.members import size_points
from contractfuzz.payloads.plan.node import (
    CachedAttribute,
    CoveragePoint,
    FaultCursor,
    Node,
    PathStep,
    Schema,
    sum_draws,
)

MAX_PROPERTIES = 10_000
"""Number of properties of an object at most, valid or not."""

MAX_USUAL_MEMBERS = 32
"""Number of optional properties that an object with many of them has on average."""

_EXTRA_WIDTH = 3
"""Number of bytes that decide an extra property: its presence, its name and its value."""


@dataclass(frozen=True, slots=True)
class Property:
    """A named property of an object.

    Attributes:
        name: its name.
        required: True if it is always present.
        node: the node of its values.
        presence_offset: the offset of its presence byte in the bytes of the object, if it is optional.
        offset: the offset of its own bytes.

    """

    name: str
    required: bool
    node: Node
    presence_offset: int
    offset: int


class Object(Node):
    """An object: its named properties, then the members of its maps, then possibly an extra property.

    Attributes:
        properties: the named properties.
        names: their names.
        required: the names of the required ones.
        dependents: for the name of a property, the names that ``dependentRequired`` asks for along with it.
        low: the least number of members (``minProperties``).
        high: the greatest number of members (``maxProperties``); None for no upper bound.
        entries: the members of each map.
        extras: properties that the schema does not name; None for no such properties.
        fill_order: the named properties in the order in which they are added to reach ``minProperties``.

    """

    types = frozenset({"object"})

    def __init__(
        self,
        schema: Schema,
        properties: Mapping[str, Node],
        required: frozenset[str],
        entries: Sequence[Entries],
        *,
        presence_threshold: int,
        extras: Extras | None,
    ) -> None:
        super().__init__(schema)
        self.entries = tuple(entries)
        self.extras, self.required = extras, required
        self.dependents: Mapping[str, Sequence[str]] = schema.get("dependentRequired", {})
        self.low, self.high = int(schema.get("minProperties", 0)), schema.get("maxProperties")
        self.names = frozenset(properties)
        self._presence_threshold = _limit_presence(presence_threshold, len(properties) - len(required & self.names))
        # Then members are added or removed after all others are built.
        self._is_constrained = bool(self.dependents or self.low or self.high is not None)
        self._extra_names = () if extras is None else _extra_names(extras, properties)
        self.properties: list[Property] = []
        offset = 0 if extras is None else _EXTRA_WIDTH
        for name, node in properties.items():
            optional = name not in required
            self.properties.append(Property(name, not optional, node, offset, offset + optional))
            offset += optional + node.width
        self.fill_order: Sequence[Property] = self.properties
        # Per property what ``build`` needs, so that it looks nothing up. A required one has the presence offset -1.
        self._build_steps = [
            (
                *(prop.name, -1 if prop.required else prop.presence_offset, prop.offset),
                *(prop.node.build, None if prop.node.extra_draws == 0 else prop.node.skip),
            )
            for prop in self.properties
        ]
        self._maps: list[tuple[Entries, int]] = []
        for one in entries:
            self._maps.append((one, offset))
            offset += one.width
        self.width = offset
        children = [*(node.extra_draws for node in properties.values()), *(one.extra_draws for one in entries)]
        extra_draws = sum_draws(children)
        # A property that is added to satisfy a constraint takes its draws a second time.
        self.extra_draws = extra_draws if not self._is_constrained or not extra_draws else None

    def build(self, choices: Choices, block: bytes, at: int, at_least: int = 0) -> dict[str, Any]:
        """Build an object as ``Node.build`` does, with ``at_least`` as many members in each map."""
        payload: dict[str, Any] = {}
        threshold, aligned = self._presence_threshold, choices.aligned
        for name, presence_offset, offset, build, skip in self._build_steps:
            if presence_offset < 0 or block[at + presence_offset] >= threshold:
                payload[name] = build(choices, block, at + offset)
            elif aligned and skip is not None:
                skip(choices)
        for entries, offset in self._maps:
            entries.add_to(payload, choices, block, at + offset, at_least)
        if self._is_constrained:
            self._satisfy_constraints(payload, choices, block, at)
        if self.extras is not None and block[at] >= self.extras.threshold:
            self._add_extra(self.extras, payload, block, at)
        return payload

    def skip(self, choices: Choices) -> None:
        for prop in self.properties:
            prop.node.skip(choices)
        for entries in self.entries:
            entries.skip(choices)

    def _satisfy_constraints(
        self, payload: dict[str, Any], choices: Choices, block: bytes, at: int, kept: str | int | None = None
    ) -> None:
        """Add and remove members until ``minProperties``, ``dependentRequired`` and ``maxProperties`` hold; ``kept`` stays."""
        for prop in self.fill_order:
            if len(payload) >= self.low:
                break
            if prop.name not in payload:
                payload[prop.name] = prop.node.build(choices, block, at + prop.offset)
        while missing := self._missing_dependents(payload):
            for prop in self.properties:
                if prop.name in missing:
                    payload[prop.name] = prop.node.build(choices, block, at + prop.offset)
        if self.high is not None:
            optional = [name for name in payload if name not in self.required and name != kept]
            for name in optional[::-1][: max(0, len(payload) - int(self.high))]:
                del payload[name]

    def _missing_dependents(self, payload: Mapping[str, Any]) -> set[str]:
        dependents = {name for trigger in payload for name in self.dependents.get(trigger, ())}
        return {name for name in dependents if name in self.names and name not in payload}

    def _add_extra(self, extras: Extras, payload: dict[str, Any], block: bytes, at: int) -> None:
        name = self._extra_names[block[at + 1] * len(self._extra_names) >> 8]
        if name not in self.names:
            payload[name] = copy_json(extras.values[block[at + 2] * len(extras.values) >> 8])

    def descend(self, choices: Choices, block: bytes, at: int, cursor: FaultCursor) -> Any:
        step, depth = cursor.step, len(cursor.instance_path)
        token, child, threshold, aligned = step.token, step.child, self._presence_threshold, choices.aligned
        payload: dict[str, Any] = {}
        for prop, (name, presence_offset, offset, build, skip) in zip(self.properties, self._build_steps, strict=True):
            if name == token and prop.node is child:
                payload[name] = cursor.enter(name).build_faulty(choices, block, at + offset, cursor)
            elif presence_offset < 0 or block[at + presence_offset] >= threshold:
                payload[name] = build(choices, block, at + offset)
            elif aligned and skip is not None:
                skip(choices)
        for entries, offset in self._maps:
            is_next = entries.token == token and entries.entry.value is child
            if is_next and len(cursor.instance_path) == depth:
                entries.add_faulty_to(payload, choices, block, at + offset, cursor)
            else:
                entries.add_to(payload, choices, block, at + offset)
        if self._is_constrained:
            self._satisfy_constraints(payload, choices, block, at, kept=cursor.instance_path[depth])
        return payload

    def steps(self) -> Sequence[PathStep]:
        named = [PathStep(prop.node, prop.name) for prop in self.properties]
        return [*named, *(PathStep(entries.entry.value, entries.token) for entries in self.entries)]

    @CachedAttribute
    def has_collections(self) -> bool:
        return bool(self.entries) or super().has_collections

    def coverage_points(self) -> Iterator[CoveragePoint]:
        for prop in self.properties:
            location = encode_pointer([prop.name])
            yield CoveragePoint(f"{location}:present", partial(_has_member, prop.name))
            if not prop.required:
                yield CoveragePoint(f"{location}:absent", partial(_lacks_member, prop.name))
        if self.entries:
            highs = [entries.lengths.high for entries in self.entries]
            low = sum(entries.lengths.low for entries in self.entries)
            high = None if None in highs else sum(high or 0 for high in highs)
            yield from size_points(self._count_entries, low, high, names=(":empty", ":several"))

    def edge_members(self) -> Iterator[tuple[str, Callable[[Choices], Any]]]:
        """Yield names of further members at which consumers tend to fail, each with what makes the member's value."""
        if self.extras is not None:
            for name, value in self.extras.edges.items():
                if name not in self.names:
                    yield name, partial(_copy_value, value)
        if self.dependents or self.high is not None:
            return  # a further member of a map may break them
        for entries in self.entries:
            names = map(str, entries.entry.key.edge_values())
            yield from ((name, partial(_build_value, entries.entry.value)) for name in names if entries.accepts(name))

    def values_at(self, step: PathStep, payload: Any) -> Iterable[Any]:
        if not isinstance(payload, dict):
            return []
        if step.token in self.names:
            return [payload[step.token]] if step.token in payload else []
        accepts = next(entries.accepts for entries in self.entries if entries.token == step.token)
        return [value for name, value in payload.items() if name not in self.names and accepts(name)]

    def _count_entries(self, value: Any) -> int | None:
        return sum(name not in self.names for name in value) if isinstance(value, dict) else None


def _limit_presence(threshold: int, optional: int) -> int:
    """Return the threshold of the presence of each of many optional properties.

    Args:
        threshold: the threshold that the profile chooses. At 0 and 256 the profile wants all of them, or none.
        optional: the number of the optional properties.

    """
    if threshold in (0, 256) or optional * (256 - threshold) <= 256 * MAX_USUAL_MEMBERS:
        return threshold
    return 256 - max(1, 256 * MAX_USUAL_MEMBERS // optional)


def _extra_names(extras: Extras, names: Collection[str]) -> Sequence[str]:
    if not extras.case_variants:
        return extras.names
    variants = [
        variant
        for name in names
        for variant in dict.fromkeys((name.upper(), name.lower(), name.title()))
        if variant not in names
    ]
    return (*extras.names, *variants)


def _copy_value(value: Any, _choices: Choices) -> Any:
    return copy_json(value)


def _build_value(node: Node, choices: Choices) -> Any:
    return choices.build(node)


def _has_member(name: str, value: Any) -> bool:
    return isinstance(value, dict) and name in value


def _lacks_member(name: str, value: Any) -> bool:
    return isinstance(value, dict) and name not in value


# --- planning --------------------------------------------------------------------------------------------------------------


def plan_object(planner: Planner, schema: Schema) -> Object:
    """Return the node of objects that keep the keywords of ``schema``.

    Raises:
        ContractError: no object keeps them.

    """
    patterns = {compile_pattern(pattern): inner for pattern, inner in schema.get("patternProperties", {}).items()}
    required = list(schema.get("required", ()))
    declared = _declared_properties(schema, patterns)
    names = schema.get("propertyNames", True)
    if names is not True:
        allows = planner.oracle(names).is_valid
        possible = {name: inner for name, inner in declared.items() if name in required or allows(name)}
    properties = _plan_properties(planner, declared if names is True else possible, patterns, required)
    low, high = read_bounds(schema, "minProperties", "maxProperties", MAX_PROPERTIES)
    least = max(0, low - len(required))
    spare = None if high is None else max(0, high - len(required))
    additional = schema.get("additionalProperties", True)
    # Free names are planned only if they are described or needed; otherwise extra properties stand for them.
    is_map = (
        low > sum(not node.is_recursive for node in properties.values())
        or schema.get("propertyNames", True) is not True
        or additional not in (True, {})
    )
    if UNREADABLE_NAMES in schema and low <= len(properties):
        return _plan_closed(planner, schema, properties, required)
    maps = list(_plan_maps(planner, schema, patterns, declared, (least, spare), has_additional=is_map))
    entries = [one for one in maps if one.names]
    is_closed = entries or not LIMITS_OTHER_PROPERTIES.isdisjoint(schema) or additional not in (True, {})
    return Object(
        schema,
        properties,
        frozenset(required),
        entries,
        presence_threshold=planner.profile.presence_threshold,
        extras=None if is_closed else planner.profile.extras,
    )


def _plan_closed(planner: Planner, schema: Schema, properties: Mapping[str, Node], required: Sequence[str]) -> Object:
    """Return the node of objects without other properties than the declared ones."""
    threshold = planner.profile.presence_threshold
    return Object(schema, properties, frozenset(required), (), presence_threshold=threshold, extras=None)


def _declared_properties(schema: Schema, patterns: Mapping[CompiledPattern, Any]) -> dict[str, Any]:
    """Return the schemas of all properties that any keyword names."""
    declared = dict(schema.get("properties", {}))
    dependents = schema.get("dependentRequired", {})
    named = [*schema.get("required", ()), *dependents, *(name for names in dependents.values() for name in names)]
    for name in named:
        has_pattern = any(pattern.search(name) for pattern in patterns)
        declared.setdefault(name, True if has_pattern else schema.get("additionalProperties", True))
    return declared


def _plan_properties(
    planner: Planner, declared: Mapping[str, Any], patterns: Mapping[CompiledPattern, Any], required: Sequence[str]
) -> dict[str, Node]:
    properties: dict[str, Node] = {}
    for name, schema in declared.items():
        matching = [inner for pattern, inner in patterns.items() if pattern.search(name)]
        whole = {"allOf": [schema, *matching]} if matching else schema
        # A property that no value can have is left out, unless it is required.
        node = planner.plan(whole) if name in required else planner.plan_if_possible(whole)
        if node is not None:
            properties[name] = node
    return properties


def _plan_maps(
    planner: Planner,
    schema: Schema,
    patterns: Mapping[CompiledPattern, Any],
    declared: Mapping[str, Any],
    bounds: tuple[int, int | None],
    *,
    has_additional: bool,
) -> Iterator[Entries]:
    """Yield the maps of an object: ``additionalProperties`` if wanted, then each of ``patternProperties``."""
    low, high = bounds
    names = schema.get("propertyNames", True)

    def is_additional(name: str) -> bool:
        return name not in declared and not (patterns and any(pattern.search(name) for pattern in patterns))

    value = planner.plan_if_possible(schema.get("additionalProperties", True)) if has_additional else None
    if value is not None:
        entries = plan_map(planner, names, value, low, high, is_additional)
        if entries is not None:
            yield entries
    for pattern, inner in patterns.items():
        value = planner.plan_if_possible(inner)
        if value is not None:
            yield plan_pattern_map(planner, pattern, names, value, high, declared)
