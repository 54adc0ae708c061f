"""Declared places of a plan: the numbers, strings and properties whose text can be odd."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from contractfuzz.payloads.plan.node import MAX_LOCATIONS, Node, PathStep
from contractfuzz.payloads.plan.objects import Object
from contractfuzz.payloads.walking import walk
from contractfuzz.unions.branch import branch_marks, encode_location

PlaceType = Literal["integer", "number", "string", "property"]
"""What is declared at a place: a scalar of some type, or a property with its name."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place that the schema declares.

    Attributes:
        type: what is declared there. An ``integer`` allows no other numbers.
        steps: the steps to the node of its values.
        node: that node.
        location: its location, as in violations.

    """

    type: PlaceType
    steps: tuple[PathStep, ...]
    node: Node
    location: str


def find_places(root: Node) -> tuple[tuple[Place, ...], bool]:
    """Return the declared places of a plan, those nearest to the root first, and True if they are all.

    The branches of unions are entered. Of several places with the same type and location, the first one counts. A recursive node
    is entered once per path.
    """
    places: dict[tuple[PlaceType, str], Place] = {}
    for visited, (steps, node) in enumerate(walk(root, _children)):
        if visited == MAX_LOCATIONS:
            return tuple(places.values()), False
        location = encode_location([step.token for step in steps if step.token is not None], branch_marks(steps))
        for place_type in _place_types(_parent(root, steps), steps, node):
            places.setdefault((place_type, location), Place(place_type, steps, node, location))
    return tuple(places.values()), True


def _parent(root: Node, steps: Sequence[PathStep]) -> Node | None:
    if not steps:
        return None
    return steps[-2].child if len(steps) > 1 else root


def _children(node: Node) -> Iterator[PathStep]:
    """Yield the steps to the children of a node, and to its branches: an odd text needs no proof by the oracle."""
    steps = node.steps()
    yield from steps
    entered = {step.child for step in steps}
    yield from (PathStep(branch, None) for branch in node.branches if branch not in entered)


def _place_types(parent: Node | None, steps: tuple[PathStep, ...], node: Node) -> Iterator[PlaceType]:
    if isinstance(parent, Object) and steps[-1].token in parent.names:
        yield "property"
    if node.is_recursive or node.unguarded is not node or node.branches:
        return
    is_branch = parent is not None and node in parent.branches
    # A branch for one of several types has them from its parent.
    if not (_declares_type(node) or (is_branch and _declares_type(parent))):
        return
    if node.types == {"string"}:
        yield "string"
    elif node.types and node.types <= {"integer", "number"}:
        yield "number" if "number" in (*node.types, node.schema.get("type")) else "integer"


def _declares_type(node: Node | None) -> bool:
    return node is not None and not {"type", "enum", "const"}.isdisjoint(node.schema)
