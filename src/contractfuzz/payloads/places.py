"""Places: the values of one payload, each with its location and its part of the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Any

from contractfuzz.json_values import copy_json
from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.own_values import tokens_of
from contractfuzz.payloads.plan.guards import Branches
from contractfuzz.payloads.plan.node import MAX_LOCATIONS, MAX_STEPS_TO_LOCATION, Node, PathStep, Schema
from contractfuzz.payloads.violations.enums import enum_faults
from contractfuzz.payloads.violations.fault import Derived, Fault
from contractfuzz.payloads.violations.tags import union_faults
from contractfuzz.payloads.walking import child_steps, own_steps, walk
from contractfuzz.unions.branch import branch_marks, encode_location
from contractfuzz.unions.union import TAG

UNKNOWN = "unknown"
"""The variant of a value that a list, or a list of tags, does not have."""


@dataclass(frozen=True, eq=False)
class PlacedValue:
    """A value of a payload.

    Attributes:
        location: its location: a JSON Pointer with ``*`` for array items and map values, and the names of branches.
        path: the names and indices that lead to it.
        value: the value.
        node: the part of the plan that describes it.
        name: the name of the property; None for the payload itself, an array item and a map value.
        is_branch: True if the location names the branch of a union whose value this is. The union has a place of its own.
        union: the union that describes the value; None if it is none.

    """

    location: str
    path: tuple[str | int, ...]
    value: Any
    node: Node
    name: str | None
    is_branch: bool = False
    union: Branches | None = None

    @property
    def schema(self) -> Schema:
        """The keywords that describe the value."""
        return self.node.schema

    @cached_property
    def is_map(self) -> bool:
        """True if the value is an object without declared properties."""
        tokens = [step.token for step in self.node.steps()]
        return isinstance(self.value, dict) and all(token is not None and token.startswith("*") for token in tokens)

    @cached_property
    def tag_names(self) -> frozenset[str]:
        """The names of the properties that select the branch of the union."""
        union = None if self.union is None else self.union.union
        return frozenset() if union is None else frozenset(tag.name for tag, _ in union.tags())

    def unlisted_value(self) -> Any:
        """Return a value that the ``enum`` or ``const`` of the place does not list.

        Raises:
            LookupError: it has none.

        """
        if self.schema.keys().isdisjoint(("enum", "const")):
            raise LookupError
        return _apply(enum_faults(self.node), None, self.value)

    def in_unknown_branch(self) -> Any:
        """Return the object with a tag that selects no branch of its union.

        Raises:
            LookupError: it is not an object of a union with a tag.

        """
        if self.union is None:
            raise LookupError
        return _apply(union_faults(self.union), TAG, copy_json(self.value))


def _apply(faults: Iterator[Fault], keyword: str | None, value: Any) -> Any:
    """Return the value with the first fault of an unknown value."""
    for fault in faults:
        if fault.variant == UNKNOWN and keyword in (None, fault.keyword):
            if isinstance(fault.build, Derived):
                return fault.build.change_value(value, MINIMAL_CHOICES, b"")
            return fault.build(MINIMAL_CHOICES, b"", 0)
    raise LookupError


def find_places(root: Node, payload: Any) -> list[PlacedValue]:
    """Return the places of a valid payload that the plan describes, from the outside to the inside.

    Args:
        root: the plan.
        payload: the payload.

    """
    found: dict[tuple[str, tuple[str | int, ...]], PlacedValue] = {}
    for place in islice(_visit(root, payload, (), ()), MAX_LOCATIONS):
        outer = found.get((place.location, place.path))
        if outer is not None:
            # The inner node describes the value, and a union its tags.
            node = place.node if place.schema else outer.node
            place = replace(place, node=node, union=place.union or outer.union)
        found[place.location, place.path] = place
    return list(found.values())


def list_locations(root: Node) -> list[str]:
    """Return the locations of a plan, each once, the nearest ones if they are too many."""
    steps = (steps for steps, _ in islice(walk(root, child_steps), MAX_LOCATIONS))
    return list(dict.fromkeys(_location(some) for some in steps))


def _location(steps: Sequence[PathStep]) -> str:
    tokens = [step.token for step in steps if step.token is not None]
    return encode_location(tokens, branch_marks(own_steps(steps)))


def _visit(node: Node, value: Any, path: tuple[str | int, ...], steps: tuple[PathStep, ...]) -> Iterator[PlacedValue]:
    tokens = [step.token for step in steps if step.token is not None]
    marks = branch_marks(own_steps(steps))
    is_property = bool(tokens) and not tokens[-1].startswith("*") and isinstance(path[-1], str)
    is_branch = any(position == len(tokens) for position, _ in marks)
    union = node if isinstance(node, Branches) and node.union is not None else None
    name = tokens[-1] if is_property else None
    yield PlacedValue(encode_location(tokens, marks), path, value, node, name, is_branch, union)
    if len(steps) >= MAX_STEPS_TO_LOCATION:
        return
    entered = {step.child for step in steps}
    for step in child_steps(node):
        if step.child.is_recursive and step.child in entered:
            continue
        if step.token is None:
            if any(True for _ in node.values_at(step, value)):
                yield from _visit(step.child, value, path, (*steps, step))
                return
            continue
        [selector] = tokens_of(node, [step])
        for key in selector.keys(value):
            yield from _visit(step.child, value[key], (*path, key), (*steps, step))
