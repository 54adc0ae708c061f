"""TODO."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contractfuzz.json_values import canonical
from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.choices.protocol import Choices, split_budget
from contractfuzz.payloads.choices.seeded import SeededChoices
from contractfuzz.payloads.plan.lengths import MOST_DRAWN, LengthDistribution
from contractfuzz.payloads.plan.node import FaultPath, InstancePath, Node, PathStep, Schema


@dataclass(frozen=True, slots=True)
class Contains:
    """What an array must contain: ``low`` items at least of ``matching``, no more than ``high``; ``rest`` makes the others."""

    matching: Node
    rest: Node
    other: Node | None
    low: int
    high: int | None


class Array(Node):
    """An array: a prefix of items each with a schema of its own, then items of one schema."""

    types = frozenset({"array"})
    extra_draws: int | None = None

    def __init__(
        self,
        schema: Schema,
        prefix: Sequence[Node],
        item: Node | None,
        counts: LengthDistribution,
        contains: Contains | None = None,
    ) -> None:
        super().__init__(schema)
        self.prefix, self.item, self.counts, self.contains = tuple(prefix), item, counts, contains
        self.unique = bool(schema.get("uniqueItems"))
        # The first byte is the faulty item's spot.
        self.width = 1 + sum(node.width for node in prefix)

    def build(self, choices: Choices, block: bytes, at: int) -> list[Any]:
        items = self._prefix(choices, block, at) if self.prefix else []
        if self.item is not None:
            items += self.make(self.counts.draw(choices), choices, block[at])
        return self._distinct(items) if self.unique else items

    def skip(self, choices: Choices) -> None:
        for node in self.prefix:
            node.skip(choices)
        if self.item is not None:
            self.counts.draw(choices)

    def build_of(self, count: int, choices: Choices, block: bytes, at: int, matching: int | None = None) -> list[Any]:
        """Return an array with ``count`` items behind its prefix, of which ``matching`` are what it must contain."""
        items = self._prefix(choices, block, at)
        items += self.make(count, choices, block[at], matching)
        return self._distinct(items, count + len(self.prefix)) if self.unique else items

    def make(self, count: int, choices: Choices, spot: int, matching: int | None = None) -> list[Any]:
        """Return ``count`` items; those that the array must contain stand at ``spot`` (of 256)."""
        if not count:
            return []
        size_budget = choices.size_budget
        if self.counts.bounded:
            choices.size_budget = split_budget(size_budget, count)
        if self.contains is None:
            items = self._parts(self.item, count, choices)
        else:
            wanted = self.contains.low if matching is None else matching
            wanted = min(wanted, count)
            rest = self.contains.rest if matching is None else self.contains.other
            items = self._parts(rest, count - wanted, choices)
            spot = spot * (len(items) + 1) >> 8
            items[spot:spot] = self._parts(self.contains.matching, wanted, choices)
        choices.size_budget = size_budget
        return items

    def _parts(self, node: Node | None, count: int, choices: Choices) -> list[Any]:
        if node is None:
            return []
        if count <= MOST_DRAWN:
            part = choices.part
            return [part(node) for _ in range(count)]
        plain: Choices = SeededChoices(b"plain") if self.unique else MINIMAL_CHOICES
        return [choices.part(node) for _ in range(MOST_DRAWN)] + [plain.part(node) for _ in range(count - MOST_DRAWN)]

    def _prefix(self, choices: Choices, block: bytes, at: int) -> list[Any]:
        items: list[Any] = []
        place = at + 1
        for node in self.prefix:
            items.append(node.build(choices, block, place))
            place += node.width
        return items

    def _distinct(self, items: list[Any], wanted: int = 0) -> list[Any]:
        """Return ``items`` without repeats; where too few are left, more are taken from a stream of their own."""
        seen = {canonical(item): item for item in items}
        wanted = max(wanted, self.counts.low + len(self.prefix))
        stream = SeededChoices(b"distinct")
        for _ in range(4 * wanted + 100):
            if len(seen) >= wanted or self.item is None:
                break
            item = stream.part(self.item)
            seen.setdefault(canonical(item), item)
        return list(seen.values())

    def descend(self, choices: Choices, block: bytes, at: int, route: FaultPath, step: int, trail: InstancePath) -> Any:
        hop = route.hops[step]
        if self.item is None or hop.token != "*":  # noqa: S105 - not that sort of token
            return self._reach_prefix(choices, block, at, route, step, trail)
        items = self._prefix(choices, block, at)
        first, mark = len(items), len(trail)
        trail.append(first)
        count = max(1, self.counts.draw(choices))
        size_budget = choices.size_budget
        if self.counts.bounded:
            choices.size_budget = split_budget(size_budget, count)
        faulty = self.item.build_faulty(choices, choices.block(self.item.width), 0, route, step + 1, trail)
        choices.size_budget = size_budget
        items += self.make(count - 1, choices, block[at])
        if self.unique:
            known = canonical(faulty)
            items = [item for item in self._distinct(items) if canonical(item) != known]
        spot = first + (block[at] * (len(items) - first + 1) >> 8)
        items.insert(spot, faulty)
        trail[mark] = spot
        return items

    def _reach_prefix(
        self, choices: Choices, block: bytes, at: int, route: FaultPath, step: int, trail: InstancePath
    ) -> Any:
        items: list[Any] = []
        place = at + 1
        for index, node in enumerate(self.prefix):
            if route.hops[step].token == str(index):
                trail.append(index)
                items.append(node.build_faulty(choices, block, place, route, step + 1, trail))
            else:
                items.append(node.build(choices, block, place))
            place += node.width
        if self.item is not None:
            items += self.make(self.counts.draw(choices), choices, block[at])
        return items

    def hops(self) -> Sequence[PathStep]:
        prefix = [PathStep(node, str(index)) for index, node in enumerate(self.prefix)]
        return [*prefix, PathStep(self.item, "*")] if self.item is not None and self.counts.high != 0 else prefix
