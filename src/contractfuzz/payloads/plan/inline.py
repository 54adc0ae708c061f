"""TODO."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.arrays import Array
from contractfuzz.payloads.plan.lengths import LengthDistribution
from contractfuzz.payloads.plan.maps import Entries, Entry
from contractfuzz.payloads.plan.node import FaultPath, InstancePath, Node, Schema


@dataclass(frozen=True, slots=True)
class PresenceThresholds:
    """How rare the members are that lie in the block of their container.

    Attributes:
        any: there are some when the first byte reaches this; 256 is never.
        each: then each is there when its own byte reaches this.

    """

    any: int
    each: int


class InlineItems:
    """Room for a few members in the block of what holds them, so that no choice is spent on their number.

    The first byte is for all of them, then each is there or not by a byte of its own: shrinking can leave out any. The choices
    that a member takes beyond the block are always taken, for each slot.

    Attributes:
        member: the node of each.
        count: how many members there is room for.
        width, further: how many bytes there are, and how many choices are taken beyond them.
        starts: where each slot begins, with the byte that says whether its member is there; the member is behind it.

    """

    def __init__(self, member: Node, count: int, sparsity: PresenceThresholds) -> None:
        """Make room for ``count`` members, each of which takes as many choices as any other."""
        self.member, self.count, self.sparsity = member, count, sparsity
        self.width = 1 + count * (1 + member.width)
        self.extra_draws = count * (member.extra_draws or 0)
        self.starts = tuple(range(1, self.width, 1 + member.width))

    def build(self, choices: Choices, block: bytes, at: int) -> list[Any]:
        """Return the members that are there."""
        threshold = self.sparsity.each if block[at] >= self.sparsity.any else 256
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
        """Take the choices that the members take."""
        for _ in range(self.count):
            self.member.skip(choices)

    def is_there(self, block: bytes, at: int, start: int) -> bool:
        """Return whether the member of a slot is there where one is in any case."""
        return block[at + start] >= self.sparsity.each


class InlineArray(Array):
    """An array of a few items that lie in the block of what holds it."""

    def __init__(self, schema: Schema, counts: LengthDistribution, slots: InlineItems) -> None:
        super().__init__(schema, (), slots.member, counts)
        self.slots, self.width, self.extra_draws = slots, slots.width, slots.extra_draws

    def build(self, choices: Choices, block: bytes, at: int) -> list[Any]:
        return self.slots.build(choices, block, at)

    def skip(self, choices: Choices) -> None:
        self.slots.skip(choices)

    def descend(self, choices: Choices, block: bytes, at: int, route: FaultPath, step: int, trail: InstancePath) -> Any:
        spot = block[at] * self.slots.count >> 8
        item = self.slots.member
        items: list[Any] = []
        for slot, start in enumerate(self.slots.starts):
            if slot == spot:
                trail.append(len(items))
                items.append(item.build_faulty(choices, block, at + start + 1, route, step + 1, trail))
            elif self.slots.is_there(block, at, start):
                items.append(item.build(choices, block, at + start + 1))
            else:
                item.skip(choices)
        return items


class InlineEntries(Entries):
    """A few members that lie in the block of their object."""

    def __init__(
        self, entry: Entry, counts: LengthDistribution, accepts: Callable[[str], bool], token: str, slots: InlineItems
    ) -> None:
        super().__init__(entry, counts, accepts, token)
        self.slots, self.width, self.extra_draws = slots, slots.width, slots.extra_draws

    def add(self, payload: dict[str, Any], choices: Choices, block: bytes, at: int, at_least: int = 0) -> None:
        pairs = self.slots.build(choices, block, at)
        if len(pairs) < at_least:
            starts = self.slots.starts[:at_least]
            pairs = [self.entry.build(choices, block, at + start + 1) for start in starts]
        self._add(payload, pairs)

    def skip(self, choices: Choices) -> None:
        self.slots.skip(choices)

    def build_faulty(
        self,
        payload: dict[str, Any],
        choices: Choices,
        block: bytes,
        at: int,
        route: FaultPath,
        step: int,
        trail: InstancePath,
    ) -> None:
        spot = block[at] * self.slots.count >> 8
        taken = self.slots.starts[spot]
        key, faulty = self._reach(payload, choices, block, at + taken + 1, route, step, trail)
        there = [start for start in self.slots.starts if start != taken and self.slots.is_there(block, at, start)]
        others = (self.entry.build(choices, block, at + start + 1) for start in there)
        self._place(payload, key, faulty, sum(start < taken for start in there), others)
