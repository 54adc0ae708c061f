"""Arrays: their nodes, and how they are planned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.json_values import canonical
from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.choices.protocol import Choices, split_budget
from contractfuzz.payloads.choices.seeded import SeededChoices
from contractfuzz.payloads.plan.context import Planner, excerpt, read_bounds
from contractfuzz.payloads.plan.members import (
    MAX_DRAWN_MEMBERS,
    InlineItems,
    LengthDistribution,
    plan_inline_items,
    plan_lengths,
    size_points,
)
from contractfuzz.payloads.plan.node import CachedAttribute, CoveragePoint, FaultCursor, Node, PathStep, Schema

MAX_ITEMS = 10_000
"""Number of items of an array at most, valid or not."""

ANY_ITEM = "*"
"""Token of the items that follow the prefix."""


@dataclass(frozen=True, slots=True)
class Contains:
    """The keyword ``contains`` of an array.

    Attributes:
        matching: the node of items that match it.
        rest: the node of the other items of valid arrays, which may match by chance if ``maxContains`` is absent.
        other: the node of items that do not match; None if every item does.
        low: the least number of matching items.
        high: the greatest number of matching items; None for no upper bound.

    """

    matching: Node
    rest: Node
    other: Node | None
    low: int
    high: int | None


class Array(Node):
    """An array: a prefix of items with a schema each, then items of one schema.

    The first byte decides the positions of faulty and of matching items. The bytes of the prefix follow.

    Attributes:
        prefix: the nodes of the prefix.
        item: the node of the other items; None if there are none.
        lengths: the number of the other items.
        contains: what the array must contain, if anything.
        is_unique: True if no item occurs twice.

    """

    types = frozenset({"array"})
    extra_draws: int | None = None

    def __init__(
        self,
        schema: Schema,
        prefix: Sequence[Node],
        item: Node | None,
        lengths: LengthDistribution,
        contains: Contains | None = None,
    ) -> None:
        super().__init__(schema)
        self.prefix, self.item, self.lengths, self.contains = tuple(prefix), item, lengths, contains
        self.is_unique = bool(schema.get("uniqueItems"))
        self.width = 1 + sum(node.width for node in prefix)

    def build(self, choices: Choices, block: bytes, at: int) -> list[Any]:
        items = self._build_prefix(choices, block, at) if self.prefix else []
        if self.item is not None:
            items += self._build_items(self.lengths.draw(choices), choices, block[at])
        return self._without_repeats(items) if self.is_unique else items

    def skip(self, choices: Choices) -> None:
        for node in self.prefix:
            node.skip(choices)
        if self.item is not None:
            self.lengths.draw(choices)

    def build_sized(
        self, count: int, choices: Choices, block: bytes, at: int, matching: int | None = None
    ) -> list[Any]:
        """Build an array with a given number of items.

        Args:
            count: number of items after the prefix.
            choices: the source of the items' choices.
            block: the block of the array.
            at: the offset of the array's bytes.
            matching: number of items that match ``contains``; None for as many as a valid array needs.

        """
        items = self._build_prefix(choices, block, at)
        items += self._build_items(count, choices, block[at], matching)
        return self._without_repeats(items, count + len(self.prefix)) if self.is_unique else items

    def _build_items(self, count: int, choices: Choices, position_byte: int, matching: int | None = None) -> list[Any]:
        """Build ``count`` items after the prefix; ``position_byte`` places those that match ``contains``."""
        if not count:
            return []
        size_budget = choices.size_budget
        if self.lengths.budgeted:
            choices.size_budget = split_budget(size_budget, count)
        if self.contains is None and self.item is not None and count <= MAX_DRAWN_MEMBERS:
            build, item = choices.build, self.item  # most arrays: bulk sampling saves a call
            items = [build(item) for _ in range(count)]
        elif self.contains is None:
            items = self._build_each(self.item, count, choices)
        else:
            wanted = self.contains.low if matching is None else matching
            wanted = min(wanted, count)
            rest = self.contains.rest if matching is None else self.contains.other
            items = self._build_each(rest, count - wanted, choices)
            position = position_byte * (len(items) + 1) >> 8
            items[position:position] = self._build_each(self.contains.matching, wanted, choices)
        choices.size_budget = size_budget
        return items

    def _build_each(self, node: Node | None, count: int, choices: Choices) -> list[Any]:
        if node is None:
            return []
        if count <= MAX_DRAWN_MEMBERS:
            build = choices.build
            return [build(node) for _ in range(count)]
        undrawn: Choices = SeededChoices(b"plain") if self.is_unique else MINIMAL_CHOICES
        drawn = [choices.build(node) for _ in range(MAX_DRAWN_MEMBERS)]
        return drawn + [undrawn.build(node) for _ in range(count - MAX_DRAWN_MEMBERS)]

    def _build_prefix(self, choices: Choices, block: bytes, at: int) -> list[Any]:
        items: list[Any] = []
        offset = at + 1
        for node in self.prefix:
            items.append(node.build(choices, block, offset))
            offset += node.width
        return items

    def _without_repeats(self, items: list[Any], wanted: int = 0) -> list[Any]:
        """Return items without repeats. A fixed stream of choices replaces those that the array needs."""
        seen = {canonical(item): item for item in items}
        wanted = max(wanted, self.lengths.low + len(self.prefix))
        stream = SeededChoices(b"distinct")
        for _ in range(4 * wanted + 100):
            if len(seen) >= wanted or self.item is None:
                break
            item = stream.build(self.item)
            seen.setdefault(canonical(item), item)
        return list(seen.values())

    def descend(self, choices: Choices, block: bytes, at: int, cursor: FaultCursor) -> Any:
        if self.item is None or cursor.step.token != ANY_ITEM:
            return self._descend_into_prefix(choices, block, at, cursor)
        items = self._build_prefix(choices, block, at)
        first, depth = len(items), len(cursor.instance_path)
        count = max(1, self.lengths.draw(choices))
        size_budget = choices.size_budget
        if self.lengths.budgeted:
            choices.size_budget = split_budget(size_budget, count)
        item_block = choices.block(self.item.width)
        faulty = cursor.enter(first).build_faulty(choices, item_block, 0, cursor)
        choices.size_budget = size_budget
        items += self._build_items(count - 1, choices, block[at])
        if self.is_unique:
            known = canonical(faulty)
            items = [item for item in self._without_repeats(items) if canonical(item) != known]
        position = first + (block[at] * (len(items) - first + 1) >> 8)
        items.insert(position, faulty)
        cursor.instance_path[depth] = position
        return items

    def _descend_into_prefix(self, choices: Choices, block: bytes, at: int, cursor: FaultCursor) -> Any:
        items: list[Any] = []
        offset, token = at + 1, cursor.step.token
        for index, node in enumerate(self.prefix):
            if token == str(index):
                items.append(cursor.enter(index).build_faulty(choices, block, offset, cursor))
            else:
                items.append(node.build(choices, block, offset))
            offset += node.width
        if self.item is not None:
            items += self._build_items(self.lengths.draw(choices), choices, block[at])
        return items

    def steps(self) -> Sequence[PathStep]:
        prefix = [PathStep(node, str(index)) for index, node in enumerate(self.prefix)]
        return [*prefix, PathStep(self.item, ANY_ITEM)] if self.item is not None and self.lengths.high != 0 else prefix

    @CachedAttribute
    def has_collections(self) -> bool:
        return True

    def coverage_points(self) -> Iterator[CoveragePoint]:
        low, high = self.lengths.low, self.lengths.high
        return size_points(_count_items, low + len(self.prefix), None if high is None else high + len(self.prefix))

    def values_at(self, step: PathStep, payload: Any) -> Iterable[Any]:
        if not isinstance(payload, list):
            return []
        return payload[len(self.prefix) :] if step.token == ANY_ITEM else payload[int(step.token or 0) :][:1]


class InlineArray(Array):
    """An array whose few items are part of its container's block, see ``InlineItems``."""

    def __init__(self, schema: Schema, lengths: LengthDistribution, items: InlineItems) -> None:
        super().__init__(schema, (), items.member, lengths)
        self.items, self.width, self.extra_draws = items, items.width, items.extra_draws

    def build(self, choices: Choices, block: bytes, at: int) -> list[Any]:
        return self.items.build(choices, block, at)

    def skip(self, choices: Choices) -> None:
        self.items.skip(choices)

    def descend(self, choices: Choices, block: bytes, at: int, cursor: FaultCursor) -> Any:
        faulty_slot = block[at] * self.items.count >> 8
        member = self.items.member
        items: list[Any] = []
        for slot, start in enumerate(self.items.starts):
            if slot == faulty_slot:
                items.append(cursor.enter(len(items)).build_faulty(choices, block, at + start + 1, cursor))
            elif self.items.is_present(block, at, start):
                items.append(member.build(choices, block, at + start + 1))
            elif choices.aligned:
                member.skip(choices)
        return items


def _count_items(value: Any) -> int | None:
    return len(value) if isinstance(value, list) else None


# --- planning --------------------------------------------------------------------------------------------------------------


def plan_array(planner: Planner, schema: Schema) -> Array:
    """Return the node of arrays that keep the keywords of ``schema``.

    Raises:
        ContractError: no array keeps them.

    """
    low, high = read_bounds(schema, "minItems", "maxItems", MAX_ITEMS)
    prefix, is_cut_off = _plan_prefix(planner, schema, low, high)
    items = schema.get("items", True)
    contains = None if is_cut_off or items is False else _plan_contains(planner, schema, items)
    if contains is not None:
        item: Node | None = contains.rest
    else:
        item = None if is_cut_off else planner.plan_if_possible(items)
    if item is None:
        if low > len(prefix):
            problem = f"minItems {low} is greater than the number of items that the array can have"
            raise ContractError(f"{problem} in {excerpt(schema)}: lower it or allow more items")
        return Array(schema, prefix, None, LengthDistribution(0, 0, ()))
    least = max(0, max(low, 0 if contains is None else contains.low) - len(prefix))
    most = None if high is None else high - len(prefix)
    lengths = plan_lengths(planner.profile, item, least, most)
    if not prefix and contains is None and not schema.get("uniqueItems"):
        inline = plan_inline_items(planner.profile, item, lengths)
        if inline is not None:
            return InlineArray(schema, lengths, inline)
    return Array(schema, prefix, item, lengths, contains)


def _plan_prefix(planner: Planner, schema: Schema, low: int, high: int | None) -> tuple[list[Node], bool]:
    """Return the nodes of the prefix, and True if an item without possible values ends the array."""
    planned = [planner.plan_if_possible(item) for item in schema.get("prefixItems", ())]
    # An optional recursive item would let every array contain another one: such an array ends before it.
    planned = [None if node is None or (node.is_recursive and i >= low) else node for i, node in enumerate(planned)]
    prefix = [node for node in takewhile(lambda node: node is not None, planned) if node is not None][:high]
    return prefix, len(prefix) < len(planned)


def _plan_contains(planner: Planner, schema: Schema, items: Any) -> Contains | None:
    if "contains" not in schema:
        return None
    wanted = schema["contains"]
    low, high = read_bounds({"minContains": 1, **schema}, "minContains", "maxContains", MAX_ITEMS)
    matching = planner.plan_if_possible({"allOf": [items, wanted]})
    if matching is None:
        # The keyword asks nothing of the items if no match is needed, or if the prefix may match.
        if not low or "prefixItems" in schema:
            return None
        raise ContractError(f"no item can match contains in {excerpt(schema)}: change contains or items")
    other = planner.plan_if_possible({"allOf": [items, {"not": wanted}]})
    rest = planner.plan(items) if high is None or other is None else other
    return Contains(matching, rest, other, low, None if high is None else int(high))
