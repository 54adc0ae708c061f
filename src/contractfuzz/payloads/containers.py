"""The nodes that hold others: arrays, objects and maps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from contractfuzz.payloads.choices import SIMPLEST, Choices, Entropy, attempts, narrowed
from contractfuzz.payloads.nodes import Hop, Node, Route, Schema, Trail, canonical, copy
from contractfuzz.payloads.scalars import OneOfValues

NAMES = 200
"""Among how many names those are looked for that a map may have."""

MOST_DRAWN = 128
"""More items than this are not decided one by one, since Hypothesis bounds what one payload may draw: the rest is plain."""

SHARE = 2**8
"""The room that each item takes at least, where the number of items is bounded by the room there is."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many members a container gets.

    Attributes:
        low, high: the bounds, both included; None is no bound.
        extra: how many beyond ``low``, for each of equally likely decisions, ascending.
        bounded: whether there are no more than the payload has room for, and each has its share of that room.

    """

    low: int
    high: int | None
    extra: Sequence[int]
    bounded: bool = False

    def draw(self, choices: Choices) -> int:
        """Return a number of members: one choice, none where there is none."""
        low, high, extra = self.low, self.high, self.extra
        if low == high:
            return low
        count = low + extra[choices.index(len(extra))]
        if high is not None and count > high:
            count = high
        return max(low, min(count, choices.room // SHARE)) if self.bounded else count


@dataclass(frozen=True, slots=True)
class Contains:
    """What an array must contain: ``low`` items at least of ``matching``, no more than ``high``; ``rest`` makes the others."""

    matching: Node
    rest: Node
    other: Node | None
    low: int
    high: int | None


class Array(Node):
    """An array: a prefix of items each with a schema of its own, then items of one schema."""

    types = frozenset({"array"})
    further: int | None = None

    def __init__(
        self,
        schema: Schema,
        prefix: Sequence[Node],
        item: Node | None,
        counts: Counts,
        contains: Contains | None = None,
    ) -> None:
        super().__init__(schema)
        self.prefix, self.item, self.counts, self.contains = tuple(prefix), item, counts, contains
        self.unique = bool(schema.get("uniqueItems"))
        # The first byte is the faulty item's spot.
        self.width = 1 + sum(node.width for node in prefix)

    def build(self, choices: Choices, block: bytes, at: int) -> list[Any]:
        items = self._prefix(choices, block, at) if self.prefix else []
        if self.item is not None:
            items += self.make(self.counts.draw(choices), choices, block[at])
        return self._distinct(items) if self.unique else items

    def skip(self, choices: Choices) -> None:
        for node in self.prefix:
            node.skip(choices)
        if self.item is not None:
            self.counts.draw(choices)

    def build_of(self, count: int, choices: Choices, block: bytes, at: int, matching: int | None = None) -> list[Any]:
        """Return an array with ``count`` items behind its prefix, of which ``matching`` are what it must contain."""
        items = self._prefix(choices, block, at)
        items += self.make(count, choices, block[at], matching)
        return self._distinct(items, count + len(self.prefix)) if self.unique else items

    def make(self, count: int, choices: Choices, spot: int, matching: int | None = None) -> list[Any]:
        """Return ``count`` items; those that the array must contain stand at ``spot`` (of 256)."""
        if not count:
            return []
        room = choices.room
        if self.counts.bounded:
            choices.room = narrowed(room, count)
        if self.contains is None:
            items = self._parts(self.item, count, choices)
        else:
            wanted = self.contains.low if matching is None else matching
            wanted = min(wanted, count)
            rest = self.contains.rest if matching is None else self.contains.other
            items = self._parts(rest, count - wanted, choices)
            spot = spot * (len(items) + 1) >> 8
            items[spot:spot] = self._parts(self.contains.matching, wanted, choices)
        choices.room = room
        return items

    def _parts(self, node: Node | None, count: int, choices: Choices) -> list[Any]:
        if node is None:
            return []
        if count <= MOST_DRAWN:
            part = choices.part
            return [part(node) for _ in range(count)]
        plain: Choices = Entropy(b"plain") if self.unique else SIMPLEST
        return [choices.part(node) for _ in range(MOST_DRAWN)] + [plain.part(node) for _ in range(count - MOST_DRAWN)]

    def _prefix(self, choices: Choices, block: bytes, at: int) -> list[Any]:
        items: list[Any] = []
        place = at + 1
        for node in self.prefix:
            items.append(node.build(choices, block, place))
            place += node.width
        return items

    def _distinct(self, items: list[Any], wanted: int = 0) -> list[Any]:
        """Return ``items`` without repeats; where too few are left, more are taken from a stream of their own."""
        seen = {canonical(item): item for item in items}
        wanted = max(wanted, self.counts.low + len(self.prefix))
        stream = Entropy(b"distinct")
        for _ in range(4 * wanted + 100):
            if len(seen) >= wanted or self.item is None:
                break
            item = stream.part(self.item)
            seen.setdefault(canonical(item), item)
        return list(seen.values())

    def pass_on(self, choices: Choices, block: bytes, at: int, route: Route, step: int, trail: Trail) -> Any:
        hop = route.hops[step]
        if self.item is None or hop.token != "*":  # noqa: S105 - not that sort of token
            return self._reach_prefix(choices, block, at, route, step, trail)
        items = self._prefix(choices, block, at)
        first, mark = len(items), len(trail)
        trail.append(first)
        count = max(1, self.counts.draw(choices))
        room = choices.room
        if self.counts.bounded:
            choices.room = narrowed(room, count)
        faulty = self.item.reach(choices, choices.block(self.item.width), 0, route, step + 1, trail)
        choices.room = room
        items += self.make(count - 1, choices, block[at])
        if self.unique:
            known = canonical(faulty)
            items = [item for item in self._distinct(items) if canonical(item) != known]
        spot = first + (block[at] * (len(items) - first + 1) >> 8)
        items.insert(spot, faulty)
        trail[mark] = spot
        return items

    def _reach_prefix(self, choices: Choices, block: bytes, at: int, route: Route, step: int, trail: Trail) -> Any:
        items: list[Any] = []
        place = at + 1
        for index, node in enumerate(self.prefix):
            if route.hops[step].token == str(index):
                trail.append(index)
                items.append(node.reach(choices, block, place, route, step + 1, trail))
            else:
                items.append(node.build(choices, block, place))
            place += node.width
        if self.item is not None:
            items += self.make(self.counts.draw(choices), choices, block[at])
        return items

    def hops(self) -> Sequence[Hop]:
        prefix = [Hop(node, str(index)) for index, node in enumerate(self.prefix)]
        return [*prefix, Hop(self.item, "*")] if self.item is not None and self.counts.high != 0 else prefix


@dataclass(frozen=True, slots=True)
class Sparsity:
    """How rare the members are that lie in the block of their container.

    Attributes:
        any: there are some when the first byte reaches this; 256 is never.
        each: then each is there when its own byte reaches this.

    """

    any: int
    each: int


class Slots:
    """Room for a few members in the block of what holds them, so that no choice is spent on their number.

    The first byte is for all of them, then each is there or not by a byte of its own: shrinking can leave out any. The choices
    that a member takes beyond the block are always taken, for each slot.

    Attributes:
        member: the node of each.
        count: how many members there is room for.
        width, further: how many bytes there are, and how many choices are taken beyond them.
        starts: where each slot begins, with the byte that says whether its member is there; the member is behind it.

    """

    def __init__(self, member: Node, count: int, sparsity: Sparsity) -> None:
        """Make room for ``count`` members, each of which takes as many choices as any other."""
        self.member, self.count, self.sparsity = member, count, sparsity
        self.width = 1 + count * (1 + member.width)
        self.further = count * (member.further or 0)
        self.starts = tuple(range(1, self.width, 1 + member.width))

    def build(self, choices: Choices, block: bytes, at: int) -> list[Any]:
        """Return the members that are there."""
        threshold = self.sparsity.each if block[at] >= self.sparsity.any else 256
        build = self.member.build
        if self.further and choices.aligned:
            members = []
            for start in self.starts:
                if block[at + start] >= threshold:
                    members.append(build(choices, block, at + start + 1))
                else:
                    self.member.skip(choices)
            return members
        return [build(choices, block, at + start + 1) for start in self.starts if block[at + start] >= threshold]

    def skip(self, choices: Choices) -> None:
        """Take the choices that the members take."""
        for _ in range(self.count):
            self.member.skip(choices)

    def is_there(self, block: bytes, at: int, start: int) -> bool:
        """Return whether the member of a slot is there where one is in any case."""
        return block[at + start] >= self.sparsity.each


class Row(Array):
    """An array of a few items that lie in the block of what holds it."""

    def __init__(self, schema: Schema, counts: Counts, slots: Slots) -> None:
        super().__init__(schema, (), slots.member, counts)
        self.slots, self.width, self.further = slots, slots.width, slots.further

    def build(self, choices: Choices, block: bytes, at: int) -> list[Any]:
        return self.slots.build(choices, block, at)

    def skip(self, choices: Choices) -> None:
        self.slots.skip(choices)

    def pass_on(self, choices: Choices, block: bytes, at: int, route: Route, step: int, trail: Trail) -> Any:
        spot = block[at] * self.slots.count >> 8
        item = self.slots.member
        items: list[Any] = []
        for slot, start in enumerate(self.slots.starts):
            if slot == spot:
                trail.append(len(items))
                items.append(item.reach(choices, block, at + start + 1, route, step + 1, trail))
            elif self.slots.is_there(block, at, start):
                items.append(item.build(choices, block, at + start + 1))
            else:
                item.skip(choices)
        return items


class Entry(Node):
    """A name and its value in a map. Not a payload by itself: it builds the pair."""

    types = frozenset()

    def __init__(self, key: Node, value: Node) -> None:
        super().__init__({})
        self.key, self.value = key, value
        self.width = key.width + value.width
        self.further = total_of([key.further, value.further])

    def build(self, choices: Choices, block: bytes, at: int) -> tuple[str, Any]:
        return self.key.build(choices, block, at), self.value.build(choices, block, at + self.key.width)

    def skip(self, choices: Choices) -> None:
        self.key.skip(choices)
        self.value.skip(choices)


class Entries:
    """The members of an object that are not named one by one: all of one sort of name, with values of one schema.

    ``token`` stands for their names in locations: ``*``, and of a pattern's ``*(pattern)``. ``width`` and ``further`` are what
    they are of a node.
    """

    width: int = 0
    further: int | None = None

    def __init__(self, entry: Entry, counts: Counts, accepts: Callable[[str], bool], token: str) -> None:
        self.entry, self.counts, self.accepts, self.token = entry, counts, accepts, token

    def add(self, payload: dict[str, Any], choices: Choices, block: bytes, at: int, at_least: int = 0) -> None:  # noqa: ARG002
        """Add the members to ``payload``; ``at_least`` that many, whatever is decided."""
        wanted = max(at_least, self.counts.draw(choices))
        room = choices.room
        if self.counts.bounded:
            choices.room = narrowed(room, wanted)
        self._add(payload, self._drawn(choices, range(wanted)))
        choices.room = room

    def skip(self, choices: Choices) -> None:
        """Take the choices that no members take."""
        self.counts.draw(choices)

    def reach(
        self,
        payload: dict[str, Any],
        choices: Choices,
        block: bytes,  # noqa: ARG002
        at: int,  # noqa: ARG002
        route: Route,
        step: int,
        trail: Trail,
    ) -> None:
        """Add the members, one of which has the fault: the first, the last or one between."""
        wanted = max(1, self.counts.draw(choices))
        spot = choices.index(wanted) if wanted > 1 else 0
        own = choices.block(self.entry.width)
        key, faulty = self._reach(payload, choices, own, 0, route, step, trail)
        self._place(payload, key, faulty, spot, self._drawn(choices, range(1, wanted)))

    def _reach(
        self, payload: dict[str, Any], choices: Choices, block: bytes, at: int, route: Route, step: int, trail: Trail
    ) -> tuple[str, Any]:
        """Return the faulty member's name and value."""
        key = self._fresh(self.entry.key.build(choices, block, at), payload, 0)
        if key is None:
            # All its names are taken, by members of another sort: it takes one from them.
            key = self.names[0]
            del payload[key]
        trail.append(key)
        return key, self.entry.value.reach(choices, block, at + self.entry.key.width, route, step + 1, trail)

    def _place(
        self, payload: dict[str, Any], key: str, faulty: Any, spot: int, others: Iterable[tuple[str, Any]]
    ) -> None:
        """Add the faulty member behind ``spot`` of the others."""
        # It has the first choice of a name, since there may be few; then it takes its place among the others.
        named = {**payload, key: faulty}
        self._add(named, others, 1)
        for number, name in enumerate([name for name in named if name != key and name not in payload]):
            if number == spot:
                payload[key] = faulty
            payload[name] = named[name]
        payload.setdefault(key, faulty)

    def _drawn(self, choices: Choices, numbers: range) -> Iterator[tuple[str, Any]]:
        for number in numbers:
            yield choices.part(self.entry) if number < MOST_DRAWN else SIMPLEST.part(self.entry)

    def _add(self, payload: dict[str, Any], pairs: Iterable[tuple[str, Any]], first: int = 0) -> None:
        for number, (name, value) in enumerate(pairs, first):
            key = self._fresh(name, payload, number)
            if key is not None:
                payload[key] = value

    @cached_property
    def names(self) -> Sequence[str]:
        """Some names that a member may have; none, where there can be no member."""
        made = (choices.part(self.entry.key) for choices in attempts("name", NAMES))
        candidates = self.entry.key.values if isinstance(self.entry.key, OneOfValues) else made
        return [name for name in dict.fromkeys(candidates) if self.accepts(name)]

    def _fresh(self, key: str, payload: Mapping[str, Any], number: int) -> str | None:
        if key not in payload and self.accepts(key):
            return key
        for candidate in (f"{key}{number}", f"{number}"):
            if candidate not in payload and self.accepts(candidate):
                return candidate
        return next((name for name in self.names if name not in payload), None)


class EntryRow(Entries):
    """A few members that lie in the block of their object."""

    def __init__(self, entry: Entry, counts: Counts, accepts: Callable[[str], bool], token: str, slots: Slots) -> None:
        super().__init__(entry, counts, accepts, token)
        self.slots, self.width, self.further = slots, slots.width, slots.further

    def add(self, payload: dict[str, Any], choices: Choices, block: bytes, at: int, at_least: int = 0) -> None:
        pairs = self.slots.build(choices, block, at)
        if len(pairs) < at_least:
            starts = self.slots.starts[:at_least]
            pairs = [self.entry.build(choices, block, at + start + 1) for start in starts]
        self._add(payload, pairs)

    def skip(self, choices: Choices) -> None:
        self.slots.skip(choices)

    def reach(
        self, payload: dict[str, Any], choices: Choices, block: bytes, at: int, route: Route, step: int, trail: Trail
    ) -> None:
        spot = block[at] * self.slots.count >> 8
        taken = self.slots.starts[spot]
        key, faulty = self._reach(payload, choices, block, at + taken + 1, route, step, trail)
        there = [start for start in self.slots.starts if start != taken and self.slots.is_there(block, at, start)]
        others = (self.entry.build(choices, block, at + start + 1) for start in there)
        self._place(payload, key, faulty, sum(start < taken for start in there), others)


@dataclass(frozen=True, slots=True)
class Property:
    """A property of an object, with the places of its decisions in the object's bytes."""

    name: str
    required: bool
    node: Node
    presence: int
    place: int


@dataclass(frozen=True, slots=True)
class Extras:
    """Properties that a schema leaves open without naming them.

    Attributes:
        threshold: one is added when its byte reaches this; 256 is never.
        names, values: what it is called and what it holds, simplest first.
        twins: whether it may also be called as a property that the schema names, but in other letter case.

    """

    threshold: int
    names: Sequence[str]
    values: Sequence[Any]
    twins: bool = False


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
        self.required = required
        self.dependents: Mapping[str, Sequence[str]] = schema.get("dependentRequired", {})
        self.low, self.high = int(schema.get("minProperties", 0)), schema.get("maxProperties")
        self.settled = not (self.dependents or self.low or self.high is not None)
        self.properties: list[Property] = []
        # The first bytes decide on an extra property: whether, which name, which value.
        place = 0 if extras is None else 3
        for name, node in properties.items():
            optional = name not in required
            self.properties.append(Property(name, not optional, node, place, place + optional))
            place += optional + node.width
        # What ``build`` needs of each property, so that it looks nothing up; required ones have no place of presence.
        self._steps = [
            (
                *(one.name, -1 if one.required else one.presence, one.place),
                *(one.node.build, None if one.node.further == 0 else one.node.skip),
            )
            for one in self.properties
        ]
        self.maps: list[tuple[Entries, int]] = []
        for one in entries:
            self.maps.append((one, place))
            place += one.width
        self.width = place
        further = total_of([*(node.further for node in properties.values()), *(one.further for one in entries)])
        # Members that are added behind the others may take choices for the second time.
        self.further = further if self.settled or not further else None
        self.names = frozenset(properties)
        self.extra_names = () if extras is None else (*extras.names, *(_twins(properties) if extras.twins else ()))

    def build(self, choices: Choices, block: bytes, at: int, at_least: int = 0) -> dict[str, Any]:
        payload: dict[str, Any] = {}
        threshold, aligned = self.presence, choices.aligned
        for name, presence, place, build, skip in self._steps:
            if presence < 0 or block[at + presence] >= threshold:
                payload[name] = build(choices, block, at + place)
            elif aligned and skip is not None:
                skip(choices)
        for entries, place in self.maps:
            entries.add(payload, choices, block, at + place, at_least)
        if not self.settled:
            self._settle(payload, choices, block, at)
        if self.extras is not None and block[at] >= self.extras.threshold:
            self._add_extra(self.extras, payload, block, at)
        return payload

    def skip(self, choices: Choices) -> None:
        for prop in self.properties:
            prop.node.skip(choices)
        for entries in self.entries:
            entries.skip(choices)

    def _settle(
        self, payload: dict[str, Any], choices: Choices, block: bytes, at: int, kept: str | int | None = None
    ) -> None:
        """Add and remove members until their number fits and those that others ask for are there; ``kept`` stays."""
        for prop in self.properties:
            if len(payload) >= self.low:
                break
            if prop.name not in payload:
                payload[prop.name] = prop.node.build(choices, block, at + prop.place)
        while asked := self._asked_by(payload):
            for prop in self.properties:
                if prop.name in asked:
                    payload[prop.name] = prop.node.build(choices, block, at + prop.place)
        if self.high is not None:
            spare = [name for name in payload if name not in self.required and name != kept]
            for name in spare[::-1][: max(0, len(payload) - int(self.high))]:
                del payload[name]

    def _asked_by(self, payload: Mapping[str, Any]) -> set[str]:
        asked = {name for trigger in payload for name in self.dependents.get(trigger, ())}
        return {name for name in asked if name in self.names and name not in payload}

    def _add_extra(self, extras: Extras, payload: dict[str, Any], block: bytes, at: int) -> None:
        name = self.extra_names[block[at + 1] * len(self.extra_names) >> 8]
        if name not in self.names:
            payload[name] = copy(extras.values[block[at + 2] * len(extras.values) >> 8])

    def pass_on(self, choices: Choices, block: bytes, at: int, route: Route, step: int, trail: Trail) -> Any:
        hop, mark = route.hops[step], len(trail)
        payload: dict[str, Any] = {}
        for prop in self.properties:
            if prop.name == hop.token and prop.node is hop.child:
                trail.append(prop.name)
                payload[prop.name] = prop.node.reach(choices, block, at + prop.place, route, step + 1, trail)
            elif prop.required or block[at + prop.presence] >= self.presence:
                payload[prop.name] = prop.node.build(choices, block, at + prop.place)
            else:
                prop.node.skip(choices)
        for entries, place in self.maps:
            if entries.token == hop.token and entries.entry.value is hop.child and len(trail) == mark:
                entries.reach(payload, choices, block, at + place, route, step, trail)
            else:
                entries.add(payload, choices, block, at + place)
        if not self.settled:
            self._settle(payload, choices, block, at, kept=trail[mark])
        return payload

    def hops(self) -> Sequence[Hop]:
        named = [Hop(prop.node, prop.name) for prop in self.properties]
        return [*named, *(Hop(entries.entry.value, entries.token) for entries in self.entries)]


def total_of(further: Iterable[int | None]) -> int | None:
    """Return how many choices several nodes take together; None where one does not know."""
    known = list(further)
    return None if None in known else sum(one for one in known if one is not None)


def _twins(names: Mapping[str, Any]) -> Sequence[str]:
    """Return names that differ from one of ``names`` by letter case only."""
    return [
        twin
        for name in names
        for twin in dict.fromkeys((name.upper(), name.lower(), name.title()))
        if twin not in names
    ]
