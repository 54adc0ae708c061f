"""The plan as Hypothesis strategies: few choices, no filter, and every item a part that shrinking can delete."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import count
from typing import Any

from hypothesis import strategies as st

from contractfuzz.payloads.cases import Case
from contractfuzz.payloads.choices import FLAVOURS, ROOM, Choices, Flavour, Part, simplest
from contractfuzz.payloads.recipes import Recipe

RANGE = 2**128
"""Integers are drawn from this far around the simplest one, then clamped: so bounds come often, and shrinking stays exact."""

ALIKE = 8
"""In so many payloads of 256, and in each that shrinks, draws of one kind carry the same label.

Hypothesis copies one draw over another of the same label, up to six times in a row for each new payload: of a hundred payloads
that would leave some fifteen that are not copies. So in most payloads every draw has a label of its own. While shrinking, the
labels tell what may be swapped with or replaced by what.
"""
_LABELS = count(1)


class Drawn:
    """Takes decisions from Hypothesis."""

    __slots__ = ("_alike", "_draw", "depth", "room")

    def __init__(self, draw: st.DrawFn, depth: int = 0, room: int = ROOM, *, alike: bool | None = None) -> None:
        self._draw = draw
        self._alike = alike
        self.depth = depth
        self.room = room

    def block(self, width: int) -> bytes:
        if not width:
            return b""
        if self._alike is None:
            # The first block is drawn with a byte more.
            block = self._draw(_blocks(width + 1), self._label())
            self._alike = block[width] < ALIKE
            return block[:width]
        return self._draw(_blocks(width), self._label())

    def index(self, size: int) -> int:
        return self._draw(_indices(size), self._label())

    def integer(self, low: int, high: int, flavour: int) -> int:
        start, kind = simplest(low, high), FLAVOURS[flavour]
        drawn = self._draw(_distances(low - start, high - start, kind), self._label())
        return start if kind is Flavour.SIMPLEST else min(max(start + drawn, low), high)

    def part(self, node: Part) -> Any:
        return self._draw(_parts(node, self.depth, self.room, bool(self._alike)), self._label())

    def _label(self) -> int | None:
        return None if self._alike else next(_LABELS)


@cache
def _blocks(width: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=width, max_size=width)


@cache
def _indices(size: int) -> st.SearchStrategy[int]:
    return st.integers(0, size - 1)


@cache
def _distances(down: int, up: int, flavour: Flavour) -> st.SearchStrategy[int]:
    """Return the strategy of distances of ``down`` to ``up`` from the simplest integer.

    Each flavour draws from a range of its own within that of ``ANY``: so shrinking keeps the integer while it lowers the flavour.
    """
    match flavour:
        case Flavour.ANY:
            return st.integers(-RANGE if down else 0, RANGE if up else 0)
        case Flavour.HIGHEST:
            return st.integers(up, up + 1)
        case Flavour.LOWEST:
            return st.integers(down - 1, down)
    return st.integers(-128 if down else 0, 127 if up else 0)


@cache
def _parts(node: Part, depth: int, room: int, alike: bool) -> st.SearchStrategy[Any]:
    # What a composite's defaults hold goes into its label: so parts of different nodes are not taken for each other.
    @st.composite
    def part(draw: st.DrawFn, node: Part = node) -> Any:
        choices = Drawn(draw, depth, room, alike=alike)
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
