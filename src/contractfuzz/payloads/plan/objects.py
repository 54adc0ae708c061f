"""TODO."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contractfuzz.json_values import copy_json
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.lengths import total_of
from contractfuzz.payloads.plan.maps import Entries
from contractfuzz.payloads.plan.node import FaultPath, InstancePath, Node, PathStep, Schema


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
                *(one.node.build, None if one.node.extra_draws == 0 else one.node.skip),
            )
            for one in self.properties
        ]
        self.maps: list[tuple[Entries, int]] = []
        for one in entries:
            self.maps.append((one, place))
            place += one.width
        self.width = place
        extra_draws = total_of(
            [*(node.extra_draws for node in properties.values()), *(one.extra_draws for one in entries)]
        )
        # Members that are added behind the others may take choices for the second time.
        self.extra_draws = extra_draws if self.settled or not extra_draws else None
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
            payload[name] = copy_json(extras.values[block[at + 2] * len(extras.values) >> 8])

    def descend(self, choices: Choices, block: bytes, at: int, route: FaultPath, step: int, trail: InstancePath) -> Any:
        hop, mark = route.hops[step], len(trail)
        payload: dict[str, Any] = {}
        for prop in self.properties:
            if prop.name == hop.token and prop.node is hop.child:
                trail.append(prop.name)
                payload[prop.name] = prop.node.build_faulty(choices, block, at + prop.place, route, step + 1, trail)
            elif prop.required or block[at + prop.presence] >= self.presence:
                payload[prop.name] = prop.node.build(choices, block, at + prop.place)
            else:
                prop.node.skip(choices)
        for entries, place in self.maps:
            if entries.token == hop.token and entries.entry.value is hop.child and len(trail) == mark:
                entries.build_faulty(payload, choices, block, at + place, route, step, trail)
            else:
                entries.add(payload, choices, block, at + place)
        if not self.settled:
            self._settle(payload, choices, block, at, kept=trail[mark])
        return payload

    def hops(self) -> Sequence[PathStep]:
        named = [PathStep(prop.node, prop.name) for prop in self.properties]
        return [*named, *(PathStep(entries.entry.value, entries.token) for entries in self.entries)]


def _twins(names: Mapping[str, Any]) -> Sequence[str]:
    """Return names that differ from one of ``names`` by letter case only."""
    return [
        twin
        for name in names
        for twin in dict.fromkeys((name.upper(), name.lower(), name.title()))
        if twin not in names
    ]
