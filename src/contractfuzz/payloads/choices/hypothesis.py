"""Choices from Hypothesis: the source that finds failing payloads and shrinks them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from itertools import cycle
from typing import Any

from hypothesis import strategies as st

from contractfuzz.payloads.choices.protocol import (
    BIAS_OF_BYTE,
    MAX_SIZE_BUDGET,
    Buildable,
    Choices,
    IntegerBias,
    simplest_integer,
)
from contractfuzz.payloads.choices.recorded import RecordedChoices, RepeatedChoices

NEAR_DISTANCE = 63
"""Greatest distance of ``NEAR_SIMPLEST`` integers. Hypothesis draws more slowly from ranges of more than 127 values."""

_LABELS = cycle(range(1, 2**14))
"""Labels of draws. They outnumber the draws of a payload, so no label occurs twice in one.

Hypothesis mutates a payload by copying one draw over others of the same label, up to six times in a row. With equal labels only
some fifteen of a hundred payloads would be fresh. The labels repeat after a while because Hypothesis remembers each one.
"""


class HypothesisChoices:
    """Source of choices that draws from Hypothesis."""

    __slots__ = ("_draw", "depth", "recursive_values", "size_budget")
    aligned = True

    def __init__(self, draw: st.DrawFn, depth: int = 0, size_budget: int = MAX_SIZE_BUDGET) -> None:
        self._draw = draw
        self.depth = depth
        self.recursive_values = 0
        self.size_budget = size_budget

    def block(self, width: int) -> bytes:
        return self._draw(_blocks(width), next(_LABELS)) if width else b""

    def index(self, size: int) -> int:
        return self._draw(_indices(size), next(_LABELS))

    def integer(self, low: int, high: int, bias_byte: int) -> int:
        start, bias = simplest_integer(low, high), BIAS_OF_BYTE[bias_byte]
        drawn = self._draw(_distances(low - start, high - start, bias), next(_LABELS))
        return start if bias is IntegerBias.SIMPLEST else min(max(start + drawn, low), high)

    def build(self, node: Buildable) -> Any:
        if node.extra_draws == 0:
            return node.build(self, self.block(node.width), 0)  # the block is already a span of its own
        return self._draw(_spans(node, self.depth, self.size_budget), next(_LABELS))

    def repeatable(self) -> tuple[Choices, Callable[[], Choices]]:
        recorded = RecordedChoices(self)
        return recorded, partial(RepeatedChoices, recorded.draws)


@cache
def _blocks(width: int) -> st.SearchStrategy[bytes]:
    return st.binary(min_size=width, max_size=width)


@cache
def _indices(size: int) -> st.SearchStrategy[int]:
    return st.integers(0, size - 1)


@cache
def _distances(down: int, up: int, bias: IntegerBias) -> st.SearchStrategy[int]:
    """Return the strategy of distances in ``down..up`` from the simplest integer.

    The range of each bias is part of the range of ``ANY``, so shrinking keeps the integer while it lowers the bias. The caller
    clamps distances beyond the bounds: the bounds then occur often, and Hypothesis is faster on unbounded integers.
    """
    match bias:
        case IntegerBias.ANY:
            return st.integers(None if down else 0, None if up else 0)
        case IntegerBias.HIGHEST:
            return st.integers(up, up + 1)
        case IntegerBias.LOWEST:
            return st.integers(down - 1, down)
    return st.integers(-NEAR_DISTANCE if down else 0, NEAR_DISTANCE if up else 0)


@cache
def _spans(node: Buildable, depth: int, size_budget: int) -> st.SearchStrategy[Any]:
    """Return the strategy that builds ``node`` within one span of Hypothesis' choice sequence."""

    @st.composite
    def span(draw: st.DrawFn) -> Any:
        choices = HypothesisChoices(draw, depth, size_budget)
        return node.build(choices, choices.block(node.width), 0)

    return span()
