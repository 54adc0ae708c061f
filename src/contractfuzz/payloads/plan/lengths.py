"""TODO."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contractfuzz.payloads.choices.protocol import Choices

MOST_DRAWN = 128
"""More items than this are not decided one by one, since Hypothesis bounds what one payload may draw: the rest is plain."""

MIN_ITEM_BUDGET = 2**8
"""The room that each item takes at least, where the number of items is bounded by the room there is."""


@dataclass(frozen=True, slots=True)
class LengthDistribution:
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
        return max(low, min(count, choices.size_budget // MIN_ITEM_BUDGET)) if self.bounded else count


def total_of(extra_draws: Iterable[int | None]) -> int | None:
    """Return how many choices several nodes take together; None where one does not know."""
    known = list(extra_draws)
    return None if None in known else sum(one for one in known if one is not None)
