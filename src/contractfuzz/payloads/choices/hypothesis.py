"""TODO."""

from __future__ import annotations

from functools import cache
from itertools import cycle
from typing import Any

from hypothesis import strategies as st

from contractfuzz.payloads.choices.protocol import FLAVOURS, MAX_SIZE_BUDGET, Flavour, Part, simplest

NEAR = 63
"""How far integers lie from the simplest one that are near it: Hypothesis takes longer over ranges of more than 127."""

_LABELS = cycle(range(1, 2**14))
"""The labels of draws: none comes twice in a payload, since more of them are there than a payload has draws.

Hypothesis copies one draw over another of the same label, up to six times in a row for each new payload: of a hundred payloads
that would leave some fifteen that are not copies. It remembers every label that it has met, so there is an end to them.
"""


class HypothesisChoices:
    """Takes decisions from Hypothesis."""

    __slots__ = ("_draw", "depth", "size_budget")
    aligned = True

    def __init__(self, draw: st.DrawFn, depth: int = 0, size_budget: int = MAX_SIZE_BUDGET) -> None:
        self._draw = draw
        self.depth = depth
        self.size_budget = size_budget

    def block(self, width: int) -> bytes:
        return self._draw(_blocks(width), next(_LABELS)) if width else b""

    def index(self, size: int) -> int:
        return self._draw(_indices(size), next(_LABELS))

    def integer(self, low: int, high: int, flavour: int) -> int:
        start, kind = simplest(low, high), FLAVOURS[flavour]
        drawn = self._draw(_distances(low - start, high - start, kind), next(_LABELS))
        return start if kind is Flavour.MINIMAL_CHOICES else min(max(start + drawn, low), high)

    def part(self, node: Part) -> Any:
        if node.extra_draws == 0:
            return node.build(self, self.block(node.width), 0)  # its block is all that there is to delete
        return self._draw(_parts(node, self.depth, self.size_budget), next(_LABELS))


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
    What lies beyond the bounds is clamped, so that bounds come often, and Hypothesis is faster where it knows none.
    """
    match flavour:
        case Flavour.ANY:
            return st.integers(None if down else 0, None if up else 0)
        case Flavour.HIGHEST:
            return st.integers(up, up + 1)
        case Flavour.LOWEST:
            return st.integers(down - 1, down)
    return st.integers(-NEAR if down else 0, NEAR if up else 0)


@cache
def _parts(node: Part, depth: int, size_budget: int) -> st.SearchStrategy[Any]:
    @st.composite
    def part(draw: st.DrawFn) -> Any:
        choices = HypothesisChoices(draw, depth, size_budget)
        return node.build(choices, choices.block(node.width), 0)

    return part()
