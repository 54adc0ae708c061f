"""Numbers of items and members: drawn as a length, or decided inline by bytes of the container's block."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeGuard

from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.context import PresenceThresholds, Profile
from contractfuzz.payloads.plan.node import CoveragePoint, Node

MAX_DRAWN_MEMBERS = 128
"""Number of members that choices decide; further ones are minimal, since Hypothesis limits the draws of one payload."""

MAX_REACHED_SIZE = 64
"""Greatest upper bound of the number of members that is reached."""

MIN_ITEM_BUDGET = 2**8
"""Least size budget of an item, in characters. It limits the number of items if the profile is budgeted."""

MAX_INLINE_MEMBERS = 3
MAX_INLINE_WIDTH = 96
"""Number of bytes that the inline members of a container have together at most."""

MAX_INLINE_EXTRA_DRAWS = 1
"""Number of extra draws of an inline member at most: they are taken for absent members as well."""


@dataclass(frozen=True, slots=True)
class LengthDistribution:
    """Distribution of the number of items in an array, or of members in a map.

    Attributes:
        low: the least number.
        high: the greatest number; None for no upper bound.
        extra: equally likely numbers beyond ``low``, ascending.
        budgeted: True if the size budget limits the number.

    """

    low: int
    high: int | None
    extra: Sequence[int]
    budgeted: bool = False

    def draw(self, choices: Choices) -> int:
        """Draw a length. Consumes one choice, or none if the length is fixed."""
        low, high, extra = self.low, self.high, self.extra
        if low == high:
            return low
        count = low + extra[choices.index(len(extra))]
        if high is not None and count > high:
            count = high
        return max(low, min(count, choices.size_budget // MIN_ITEM_BUDGET)) if self.budgeted else count


class InlineItems:
    """Slots for a few members in the block of their container, so that no draw is spent on their number.

    The first byte decides if any member is present, then one byte per slot decides if its member is. Shrinking can therefore
    leave out any member. All slots take the extra draws of their member, present or not.

    Attributes:
        member: the node of each member.
        count: number of slots.
        width: number of bytes of all slots.
        extra_draws: number of extra draws of all slots.
        starts: offsets of the slots: each has its presence byte first, then the bytes of its member.

    """

    def __init__(self, member: Node, count: int, presence: PresenceThresholds) -> None:
        self.member, self.count, self.presence = member, count, presence
        self.width = 1 + count * (1 + member.width)
        self.extra_draws = count * (member.extra_draws or 0)
        self.starts = tuple(range(1, self.width, 1 + member.width))

    def build(self, choices: Choices, block: bytes, at: int) -> list[Any]:
        """Build the members that are present."""
        threshold = self.presence.each if block[at] >= self.presence.any else 256
        build = self.member.build
        if self.extra_draws and choices.aligned:
            members = []
            for start in self.starts:
                if block[at + start] >= threshold:
                    members.append(build(choices, block, at + start + 1))
                else:
                    self.member.skip(choices)
            return members
        return [build(choices, block, at + start + 1) for start in self.starts if block[at + start] >= threshold]

    def skip(self, choices: Choices) -> None:
        """Take the extra draws of all slots."""
        for _ in range(self.count):
            self.member.skip(choices)

    def is_present(self, block: bytes, at: int, start: int) -> bool:
        """Return True if the member of a slot is present, given that the container is not empty."""
        return block[at + start] >= self.presence.each


def plan_lengths(profile: Profile, member: Node, low: int, high: int | None) -> LengthDistribution:
    """Return the distribution of the number of members, which depends on the profile and on how the members grow."""
    extra = profile.lengths if member.has_collections else profile.flat_lengths
    if _is_reached(high) and extra[-1] and high - low > extra[-1]:
        extra = [*extra, high - low]  # readers fail at the bound
    return LengthDistribution(low, high, extra, profile.budgeted)


def _is_reached(high: int | None) -> TypeGuard[int]:
    """Return True if containers with the greatest number of members are made."""
    return high is not None and high <= MAX_REACHED_SIZE


def plan_inline_items(profile: Profile, member: Node, lengths: LengthDistribution) -> InlineItems | None:
    """Return the slots of inline members; None unless the members may be absent, are narrow and take few extra draws."""
    count = MAX_INLINE_MEMBERS if lengths.high is None else min(MAX_INLINE_MEMBERS, lengths.high)
    takes_few_draws = member.extra_draws is not None and member.extra_draws <= MAX_INLINE_EXTRA_DRAWS
    if profile.inline_presence is None or lengths.low or not count or not takes_few_draws:
        return None
    if count < (lengths.high or 0) and _is_reached(lengths.high):
        return None
    items = InlineItems(member, count, profile.inline_presence)
    return items if items.width <= MAX_INLINE_WIDTH else None


_SIZES: dict[str, tuple[int, int | None]] = {":empty": (0, 0), ":one": (1, 1), ":several": (2, None)}
"""Points of a container's size, with the least and the greatest size that reaches each."""


def size_points(
    measure: Callable[[Any], int | None], low: int, high: int | None, *, names: Sequence[str] = tuple(_SIZES)
) -> Iterator[CoveragePoint]:
    """Yield the coverage points of a container's size.

    Args:
        measure: returns the size of a value, or None if the value is not a container.
        low: the least size.
        high: the greatest size; None for no upper bound.
        names: the points to consider.

    """
    for name in names:
        least, most = _SIZES[name]
        if (most is None or low <= most) and (high is None or least <= high):
            yield CoveragePoint(name, partial(_has_size, measure, least, most))


def _has_size(measure: Callable[[Any], int | None], least: int, most: int | None, value: Any) -> bool:
    size = measure(value)
    return size is not None and least <= size and (most is None or size <= most)
