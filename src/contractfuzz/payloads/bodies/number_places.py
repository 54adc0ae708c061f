"""Places of declared numbers, by their locations: those whose notation may change without changing the value's type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from contractfuzz.payloads.bodies.places import Place, PlaceType, find_places
from contractfuzz.payloads.plan.node import Node


@dataclass(frozen=True)
class NumberTree:
    """The numbers at one location and below it.

    Attributes:
        types: the types of the numbers at the location: ``number``, or ``integer`` for those with a fixed notation.
        children: the trees below it, by token.

    """

    types: set[PlaceType] = field(default_factory=set)
    children: dict[str, NumberTree] = field(default_factory=dict)

    @cached_property
    def has_numbers(self) -> bool:
        """True if ``number`` is among the types at the location or below it. Used once the tree is complete."""
        return "number" in self.types or any(child.has_numbers for child in self.children.values())

    def children_at(self, token: str) -> Iterator[NumberTree]:
        """Yield the trees of a property or an item: its own, or those of any property or item."""
        if token in self.children:
            yield self.children[token]
        else:
            yield from (tree for name, tree in self.children.items() if name.startswith("*"))


def make_number_tree(root: Node) -> NumberTree:
    """Return the tree of the numbers of a plan; an empty one if the plan has too many places."""
    tree = NumberTree()
    places, is_complete = find_places(root)
    for place in places if is_complete else ():
        if place.type in ("integer", "number"):
            below = tree
            for step in place.steps:
                if step.token is not None:
                    below = below.children.setdefault(step.token, NumberTree())
            below.types.add("number" if _has_free_notation(place) else "integer")
    return tree


def _has_free_notation(place: Place) -> bool:
    """Return True if ``1.0`` and ``1e0`` are as good as ``1``: validators disagree about integers, and consumers about lists."""
    schema = place.node.schema
    is_whole = str(schema.get("format", "")).startswith(("int", "uint"))
    return place.type == "number" and not is_whole and {"enum", "const", "multipleOf"}.isdisjoint(schema)
