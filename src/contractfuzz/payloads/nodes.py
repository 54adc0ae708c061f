"""The plan of a payload: a tree of nodes that turn decisions into JSON values.

Every node knows three things: how many bytes of its parent's block it reads (``width``), how to build a valid payload
(``build``), and how to build one that has a fault at the end of a route (``reach``). Arrays, maps and recursive parts begin
new blocks, since their number is not known beforehand; everything else is laid out flat in its parent's block.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from contractfuzz.payloads import text
from contractfuzz.payloads.choices import MAX_DEPTH, SIMPLEST, Choices, Entropy

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle

Schema = Mapping[str, Any]
Make = Callable[["Node", Choices, bytes, int], Any]


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a route: to ``child``, by a property's name, by ``*`` for an item or value, or by no token at all."""

    child: Node
    token: str | None


@dataclass(frozen=True, slots=True)
class Route:
    """The way from the root to one node, and the fault to make there."""

    hops: tuple[Hop, ...]
    make: Make


class Node:
    """A part of the plan. ``schema`` holds the flat keywords that it keeps, ``types`` the JSON types that it makes."""

    width: int = 0
    types: ClassVar[frozenset[str]]

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        """Return a valid payload, decided by ``block[at : at + self.width]`` and, for parts, by further blocks."""
        raise NotImplementedError

    def skip(self, choices: Choices) -> None:
        """Take the choices beyond the block that the simplest ``build`` takes, for a property that is absent.

        So the choices that follow mean the same with and without it, and shrinking can remove it.
        """

    def reach(self, choices: Choices, block: bytes, at: int, route: Route, step: int, trail: list[str | int]) -> Any:
        """Return a payload that is valid but for the fault at the end of ``route``; its true place is added to ``trail``."""
        if step == len(route.hops):
            return route.make(self, choices, block, at)
        return self.pass_on(choices, block, at, route, step, trail)

    def pass_on(self, choices: Choices, block: bytes, at: int, route: Route, step: int, trail: list[str | int]) -> Any:
        """Build this node so that the route's next hop is in it. Leaves have no next hop."""
        raise NotImplementedError

    def hops(self) -> Sequence[Hop]:
        """Return the ways on from here."""
        return ()


class OneOfValues(Node):
    """One of a list of values: ``enum``, ``const``, ``null``, ``boolean``, and the values that stand for *any*."""

    def __init__(self, schema: Schema, values: Sequence[Any]) -> None:
        super().__init__(schema)
        self.values = tuple(values)
        self.width = 1 if len(values) <= 256 else 2
        self.mutable = any(isinstance(value, dict | list) for value in values)

    @cached_property
    def types(self) -> frozenset[str]:  # type: ignore[override]
        return frozenset(json_type(value) for value in self.values)

    def build(self, choices: Choices, block: bytes, at: int) -> Any:  # noqa: ARG002
        pick = block[at] if self.width == 1 else block[at] << 8 | block[at + 1]
        value = self.values[pick * len(self.values) >> 8 * self.width]
        return json.loads(json.dumps(value)) if self.mutable else value


class Integer(Node):
    """An integer between two bounds, both included."""

    types = frozenset({"integer"})
    width = 1

    def __init__(self, schema: Schema, low: int, high: int, step: int = 1) -> None:
        super().__init__(schema)
        self.low, self.high, self.step = low, high, step
        self.first, self.last = -(-low // step), high // step

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        return choices.integer(self.first, self.last, block[at]) * self.step

    def skip(self, choices: Choices) -> None:
        choices.integer(self.first, self.last, 0)


class DoubtfulInteger(Integer):
    """An integer that is written with a point every second time: ``1.0``, on which validators and parsers differ."""

    width = 2

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        value = super().build(choices, block, at)
        return float(value) if block[at + 1] >= 128 and abs(value) < 2**53 else value


class Number(Node):
    """A number between two bounds, in thousandths where they are wide, so that it prints short and reads back the same."""

    types = frozenset({"number"})
    width = 2
    SCALES = (1, 2, 4, 8, 1024)

    def __init__(self, schema: Schema, low: float, high: float) -> None:
        super().__init__(schema)
        self.low, self.high = low, high

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        # A scale that is a power of two divides without rounding, so that the bounds hold exactly.
        scale = self.SCALES[block[at + 1] * len(self.SCALES) >> 8]
        first, last = _ceil(self.low * scale), _floor(self.high * scale)
        if first > last:
            return self.low + (self.high - self.low) * (block[at + 1] / 256)
        value = choices.integer(first, last, block[at])
        return value // scale if value % scale == 0 else value / scale

    def skip(self, choices: Choices) -> None:
        choices.integer(_ceil(self.low), _floor(self.high), 0)


def _ceil(value: float) -> int:
    return -int(-value // 1)


def _floor(value: float) -> int:
    return int(value // 1)


class Text(Node):
    """A string between two lengths, in characters."""

    types = frozenset({"string"})
    width = text.WIDTH

    def __init__(
        self, schema: Schema, low: int, high: int | None, decode: Callable[[bytes, int, int, int | None], str]
    ) -> None:
        super().__init__(schema)
        self.low, self.high, self.decode = low, high, decode

    def build(self, choices: Choices, block: bytes, at: int) -> Any:  # noqa: ARG002
        return self.decode(block, at, self.low, self.high)


class Formatted(Node):
    """A string of one format, made from ``width`` bytes."""

    types = frozenset({"string"})

    def __init__(self, schema: Schema, width: int, decode: Callable[[bytes, int], str]) -> None:
        super().__init__(schema)
        self.width, self.decode = width, decode

    def build(self, choices: Choices, block: bytes, at: int) -> Any:  # noqa: ARG002
        return self.decode(block, at)


@dataclass(frozen=True, slots=True)
class Property:
    """A property of an object, with the places of its decisions in the object's bytes."""

    name: str
    required: bool
    node: Node
    presence: int
    place: int


class Entry(Node):
    """A name and its value in a map. Not a payload by itself: it builds the pair."""

    types = frozenset()

    def __init__(self, key: Node, value: Node) -> None:
        super().__init__({})
        self.key, self.value = key, value
        self.width = key.width + value.width

    def build(self, choices: Choices, block: bytes, at: int) -> tuple[str, Any]:
        return self.key.build(choices, block, at), self.value.build(choices, block, at + self.key.width)


class Entries:
    """The members of an object that are not named one by one: all of one sort of name, with values of one schema."""

    def __init__(
        self, entry: Entry, low: int, high: int | None, counts: Sequence[int], accepts: Callable[[str], bool]
    ) -> None:
        self.entry, self.low, self.high, self.counts, self.accepts = entry, low, high, counts, accepts

    def count(self, choices: Choices) -> int:
        """Return how many members there are to be."""
        return count_items(choices, self.low, self.high, self.counts)

    def reach(self, payload: dict[str, Any], choices: Choices, route: Route, step: int, trail: list[str | int]) -> None:
        """Add the members, the first of which has the fault."""
        wanted = max(1, self.count(choices))
        block = choices.block(self.entry.width)
        key = self._fresh(self.entry.key.build(choices, block, 0), payload, 0)
        assert key is not None, "a map that has no name to give is not planned"  # noqa: S101
        trail.append(key)
        payload[key] = self.entry.value.reach(choices, block, self.entry.key.width, route, step + 1, trail)
        self._add(payload, choices, wanted - 1)

    def add(self, payload: dict[str, Any], choices: Choices, at_least: int = 0) -> None:
        """Add the members to ``payload``; ``at_least`` that many, whatever is decided."""
        self._add(payload, choices, max(at_least, self.count(choices)))

    def _add(self, payload: dict[str, Any], choices: Choices, wanted: int) -> None:
        for number in range(wanted):
            key, value = choices.part(self.entry)
            key = self._fresh(key, payload, number)
            if key is not None:
                payload[key] = value

    @property
    def nameable(self) -> bool:
        """Whether there is a name for a member at all."""
        return self._fresh(SIMPLEST.part(self.entry.key), {}, 0) is not None

    def _fresh(self, key: str, payload: Mapping[str, Any], number: int) -> str | None:
        for candidate in (key, f"{key}{number}", f"{number}"):
            if candidate not in payload and self.accepts(candidate):
                return candidate
        if isinstance(self.entry.key, OneOfValues):
            return next((key for key in self.entry.key.values if key not in payload and self.accepts(key)), None)
        return None


def count_items(choices: Choices, low: int, high: int | None, counts: Sequence[int]) -> int:
    """Return a number of items of at least ``low`` and at most ``high``, mostly few: one choice, none where there is none."""
    if low == high:
        return low
    count = low + counts[choices.index(len(counts))]
    return count if high is None else min(count, high)


@dataclass(frozen=True, slots=True)
class Extras:
    """Properties that a schema leaves open without naming them.

    Attributes:
        threshold: one is added when its byte reaches this; 256 is never.
        names, values: what it is called and what it holds, simplest first.

    """

    threshold: int
    names: Sequence[str]
    values: Sequence[Any]


class Object(Node):
    """An object: its named properties, then entries of its maps, and further ones where the schema leaves it open."""

    types = frozenset({"object"})

    def __init__(
        self,
        schema: Schema,
        properties: Mapping[str, Node],
        required: frozenset[str],
        entries: Sequence[Entries],
        *,
        presence: int,
        extras: Extras | None,
    ) -> None:
        super().__init__(schema)
        self.entries = tuple(entries)
        self.presence, self.extras = presence, extras
        self.dependents: Mapping[str, Sequence[str]] = schema.get("dependentRequired", {})
        self.properties: list[Property] = []
        # The first bytes decide on an extra property: whether, which name, which value.
        place = 0 if extras is None else 3
        for name, node in properties.items():
            optional = name not in required
            self.properties.append(Property(name, not optional, node, place, place + optional))
            place += optional + node.width
        self.width = place
        self.names = frozenset(properties)

    def build(self, choices: Choices, block: bytes, at: int, at_least: int = 0) -> dict[str, Any]:
        payload: dict[str, Any] = {}
        presence = self.presence
        for prop in self.properties:
            if prop.required or block[at + prop.presence] >= presence:
                payload[prop.name] = prop.node.build(choices, block, at + prop.place)
            else:
                prop.node.skip(choices)
        if self.dependents:
            self._complete(payload, choices, block, at)
        for entries in self.entries:
            entries.add(payload, choices, at_least)
        if self.extras is not None and block[at] >= self.extras.threshold:
            self._add_extra(self.extras, payload, block, at)
        return payload

    def skip(self, choices: Choices) -> None:
        for prop in self.properties:
            prop.node.skip(choices)
        for entries in self.entries:
            entries.count(choices)

    def _complete(self, payload: dict[str, Any], choices: Choices, block: bytes, at: int) -> None:
        """Add the properties that those present ask for."""
        missing = {name for trigger in payload for name in self.dependents.get(trigger, ())} - payload.keys()
        while missing:
            for prop in self.properties:
                if prop.name in missing:
                    payload[prop.name] = prop.node.build(choices, block, at + prop.place)
            missing = {name for trigger in payload for name in self.dependents.get(trigger, ())} - payload.keys()

    def _add_extra(self, extras: Extras, payload: dict[str, Any], block: bytes, at: int) -> None:
        name = extras.names[block[at + 1] * len(extras.names) >> 8]
        if name not in self.names:
            payload[name] = json.loads(json.dumps(extras.values[block[at + 2] * len(extras.values) >> 8]))

    def pass_on(self, choices: Choices, block: bytes, at: int, route: Route, step: int, trail: list[str | int]) -> Any:
        hop = route.hops[step]
        payload: dict[str, Any] = {}
        for prop in self.properties:
            if prop.name == hop.token and prop.node is hop.child:
                trail.append(prop.name)
                payload[prop.name] = prop.node.reach(choices, block, at + prop.place, route, step + 1, trail)
            elif prop.required or block[at + prop.presence] >= self.presence:
                payload[prop.name] = prop.node.build(choices, block, at + prop.place)
            else:
                prop.node.skip(choices)
        if self.dependents:
            self._complete(payload, choices, block, at)
        for entries in self.entries:
            if entries.entry.value is hop.child:
                entries.reach(payload, choices, route, step, trail)
            else:
                entries.add(payload, choices)
        return payload

    def hops(self) -> Sequence[Hop]:
        named = [Hop(prop.node, prop.name) for prop in self.properties]
        return [*named, *(Hop(entries.entry.value, "*") for entries in self.entries)]


class Array(Node):
    """An array: a prefix of items each with a schema of its own, then items of one schema."""

    types = frozenset({"array"})

    def __init__(
        self,
        schema: Schema,
        prefix: Sequence[Node],
        item: Node | None,
        low: int,
        high: int | None,
        counts: Sequence[int],
    ) -> None:
        super().__init__(schema)
        self.prefix, self.item, self.counts = tuple(prefix), item, counts
        self.low = max(0, low - len(prefix))
        self.high = 0 if item is None else None if high is None else high - len(prefix)
        self.unique = bool(schema.get("uniqueItems"))
        # The first byte is the faulty item's spot.
        self.width = 1 + sum(node.width for node in prefix)

    def build(self, choices: Choices, block: bytes, at: int) -> list[Any]:
        return self.build_of(None, choices, block, at)

    def skip(self, choices: Choices) -> None:
        for node in self.prefix:
            node.skip(choices)
        count_items(choices, self.low, self.high, self.counts)

    def build_of(self, count: int | None, choices: Choices, block: bytes, at: int) -> list[Any]:
        """Return an array with ``count`` items behind its prefix; None leaves the number to chance."""
        items: list[Any] = []
        place = at + 1
        for node in self.prefix:
            items.append(node.build(choices, block, place))
            place += node.width
        if count is None:
            count = count_items(choices, self.low, self.high, self.counts)
        if self.item is not None:
            items += [choices.part(self.item) for _ in range(count)]
        return self._distinct(items) if self.unique else items

    def _distinct(self, items: list[Any]) -> list[Any]:
        """Return ``items`` without repeats; where too few are left, more are taken from a stream of their own."""
        seen = {canonical(item): item for item in items}
        number = 0
        while len(seen) < len(items) and len(seen) < self.low + len(self.prefix) and self.item is not None:
            number += 1
            if number > 1000:
                break
            item = Entropy(b"distinct:%d" % number).part(self.item)
            seen.setdefault(canonical(item), item)
        return list(seen.values())

    def pass_on(self, choices: Choices, block: bytes, at: int, route: Route, step: int, trail: list[str | int]) -> Any:
        hop = route.hops[step]
        items: list[Any] = []
        place = at + 1
        for index, node in enumerate(self.prefix):
            if hop.token == str(index):
                trail.append(index)
                items.append(node.reach(choices, block, place, route, step + 1, trail))
            else:
                items.append(node.build(choices, block, place))
            place += node.width
        if self.item is None:
            return items
        count = count_items(choices, self.low, self.high, self.counts)
        if hop.child is not self.item:
            items += [choices.part(self.item) for _ in range(count)]
            return items
        count = max(1, count)
        target = block[at] * count >> 8
        for number in range(count):
            if number == target:
                trail.append(len(items))
                items.append(self.item.reach(choices, choices.block(self.item.width), 0, route, step + 1, trail))
            else:
                items.append(choices.part(self.item))
        return items

    def hops(self) -> Sequence[Hop]:
        prefix = [Hop(node, str(index)) for index, node in enumerate(self.prefix)]
        return [*prefix, Hop(self.item, "*")] if self.item is not None and self.high != 0 else prefix


class Union(Node):
    """One of several nodes: a list of types, or the branches of ``anyOf`` and ``oneOf``.

    A fault inside an alternative is reported at its own place for a list of types, but not for branches, where an oracle can
    only say that none fits: branches come with their ``oracle``, and no hops lead into them.
    """

    def __init__(self, schema: Schema, alternatives: Sequence[Node], oracle: Oracle | None = None) -> None:
        super().__init__(schema)
        self.alternatives, self.oracle = tuple(alternatives), oracle
        self.width = 1 + max(node.width for node in alternatives)

    @cached_property
    def types(self) -> frozenset[str]:  # type: ignore[override]
        return frozenset().union(*(node.types for node in self.alternatives))

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        return self.alternatives[block[at] * len(self.alternatives) >> 8].build(choices, block, at + 1)

    def pass_on(self, choices: Choices, block: bytes, at: int, route: Route, step: int, trail: list[str | int]) -> Any:
        return route.hops[step].child.reach(choices, block, at + 1, route, step + 1, trail)

    def hops(self) -> Sequence[Hop]:
        return [Hop(node, None) for node in self.alternatives] if self.oracle is None else ()


class Recursive(Node):
    """A part that may hold itself, in a block of its own; beyond ``MAX_DEPTH`` it takes its smallest form."""

    def __init__(self, schema: Schema) -> None:
        super().__init__(schema)
        self.body: Node

    @cached_property
    def types(self) -> frozenset[str]:  # type: ignore[override]
        return self.body.types

    def build(self, choices: Choices, block: bytes, at: int) -> Any:  # noqa: ARG002
        if choices.depth >= MAX_DEPTH:
            return SIMPLEST.part(self.body)
        choices.depth += 1
        try:
            return choices.part(self.body)
        finally:
            choices.depth -= 1

    def pass_on(self, choices: Choices, block: bytes, at: int, route: Route, step: int, trail: list[str | int]) -> Any:  # noqa: ARG002
        return self.body.reach(choices, choices.block(self.body.width), 0, route, step + 1, trail)

    def hops(self) -> Sequence[Hop]:
        return [Hop(self.body, None)]


class Checked(Node):
    """A node whose schema says more than its plan: what the oracle does not confirm is replaced by a known example.

    For ``oneOf``, ``not``, ``if`` and their like. Nothing is retried, so that a payload costs no more choices for it.
    """

    def __init__(self, node: Node, oracle: Oracle, examples: Sequence[Any]) -> None:
        super().__init__(node.schema)
        self.node, self.oracle, self.examples = node, oracle, tuple(examples)
        self.types = node.types  # type: ignore[misc]
        self.width = 1 + node.width

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        payload = self.node.build(choices, block, at + 1)
        if self.oracle.is_valid(payload):
            return payload
        return json.loads(json.dumps(self.examples[block[at] * len(self.examples) >> 8]))


def canonical(payload: Any) -> str:
    """Return a text that is equal for equal JSON values and no others."""
    return json.dumps(payload, sort_keys=True)


def json_type(value: Any) -> str:
    """Return the JSON Schema type of a Python value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case dict():
            return "object"
    raise TypeError(type(value))
