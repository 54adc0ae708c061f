"""The plan as Hypothesis strategies: few choices, no filter, and every item a part that shrinking can delete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from hypothesis import strategies as st

from contractfuzz.payloads.cases import Case
from contractfuzz.payloads.choices import ROOM, Choices, Part, simplest
from contractfuzz.payloads.recipes import Recipe

RANGE = 2**128
"""Integers are drawn from this far around the simplest one, then clamped: so bounds come often, and shrinking stays exact."""


class Drawn:
    """Takes decisions from Hypothesis."""

    __slots__ = ("_draw", "depth", "room")

    def __init__(self, draw: st.DrawFn, depth: int = 0, room: int = ROOM) -> None:
        self._draw = draw
        self.depth = depth
        self.room = room

    def block(self, width: int) -> bytes:
        return self._draw(_blocks(width)) if width else b""

    def index(self, size: int) -> int:
        return self._draw(_indices(size))

    def integer(self, low: int, high: int, flavour: int) -> int:
        start = simplest(low, high)
        drawn = self._draw(_distances(low < start, high > start))
        if flavour >= 216:
            return start
        if flavour >= 128:
            drawn = drawn % 128 if drawn >= 0 else -(-drawn % 128)
        return min(max(start + drawn, low), high)

    def part(self, node: Part) -> Any:
        return self._draw(_parts(node, self.depth, self.room))


@cache
def _blocks(width: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=width, max_size=width)


@cache
def _indices(size: int) -> st.SearchStrategy[int]:
    return st.integers(0, size - 1)


@cache
def _distances(down: bool, up: bool) -> st.SearchStrategy[int]:
    return st.integers(-RANGE if down else 0, RANGE if up else 0)


@cache
def _parts(node: Part, depth: int, room: int) -> st.SearchStrategy[Any]:
    @st.composite
    def part(draw: st.DrawFn) -> Any:
        choices = Drawn(draw, depth, room)
        return node.build(choices, choices.block(node.width), 0)

    return part()


def payloads(payload: Callable[[Choices], Any]) -> st.SearchStrategy[Any]:
    """Return the strategy of what ``payload`` makes of choices."""

    @st.composite
    def valid(draw: st.DrawFn) -> Any:
        return payload(Drawn(draw))

    return valid()


def cases(recipes: Sequence[Recipe]) -> st.SearchStrategy[Case]:
    """Return the strategy of the cases of ``recipes``: it shrinks towards the first, and to the smallest payload of each."""
    if not recipes:
        return st.nothing()

    @st.composite
    def case(draw: st.DrawFn) -> Case:
        choices = Drawn(draw)
        number = choices.index(len(recipes)) if len(recipes) > 1 else 0
        return recipes[number].case(choices)

    return case()
