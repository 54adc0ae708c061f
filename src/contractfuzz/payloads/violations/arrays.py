"""Faults and near misses of arrays."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from contractfuzz.json_values import copy_json
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.arrays import MAX_ITEMS, Array
from contractfuzz.payloads.plan.node import FaultBuilder, Node, includes_type
from contractfuzz.payloads.violations.fault import Derived, Fault, NearMiss, changed, derived, sent_as


def _min_items(node: Array) -> Iterator[Fault]:
    low = int(node.schema["minItems"])
    if low:
        count = max(0, low - len(node.prefix))
        build = _cut_to(node, count, low - 1)
        yield Fault("minItems", "few", "one item too few", build, build_twin=_sized(node, count))


def _max_items(node: Array) -> Iterator[Fault]:
    high = node.schema["maxItems"]
    if high < MAX_ITEMS and node.item is not None:
        count = int(high) - len(node.prefix)
        build, build_twin = _extended_to(node, count + 1), _sized(node, count)
        yield Fault("maxItems", "many", "one item too many", build, build_twin=build_twin)


def _unique_items(node: Array) -> Iterator[Fault]:
    if node.is_unique:
        yield Fault("uniqueItems", "duplicate", "the same item twice", _with_repeat(node))
        if not node.prefix and node.item is not None and (node.lengths.high is None or node.lengths.high > 2):
            words = "the same item twice, with another item between"
            yield Fault("uniqueItems", "apart", words, _with_first_item_again(node, max(2, node.lengths.low - 1)))


def _items(node: Array) -> Iterator[Fault]:
    if node.schema["items"] is False and len(node.prefix) == len(node.schema.get("prefixItems", ())):
        yield Fault("items", "extra", "an item beyond those that the schema describes", _with_extra_item(node))


def _contains(node: Array) -> Iterator[Fault]:
    if node.contains is not None and node.contains.low:
        others = 0 if node.contains.other is None else max(node.lengths.low, 1)
        yield Fault("contains", "none", "no item matches what the array must contain", _sized(node, others, 0))


def _min_contains(node: Array) -> Iterator[Fault]:
    if node.contains is not None and node.contains.low > 1:
        matching = node.contains.low - 1
        count = matching if node.contains.other is None else max(node.lengths.low, matching)
        words = "too few items match what the array must contain"
        yield Fault("minContains", "few", words, _sized(node, count, matching))


def _max_contains(node: Array) -> Iterator[Fault]:
    if node.contains is not None and node.contains.high is not None and node.contains.high < MAX_ITEMS:
        matching = node.contains.high + 1
        words = "too many items match what the array may contain"
        yield Fault("maxContains", "many", words, _sized(node, max(node.lengths.low, matching), matching))


ARRAY_FAULTS: dict[str, Callable[[Array], Iterator[Fault]]] = {
    "minItems": _min_items,
    "maxItems": _max_items,
    "uniqueItems": _unique_items,
    "items": _items,
    "contains": _contains,
    "minContains": _min_contains,
    "maxContains": _max_contains,
}
"""For each keyword of arrays its faults."""


def _sized(node: Array, count: int, matching: int | None = None) -> FaultBuilder:
    return lambda choices, block, at: node.build_sized(count, choices, block, at, matching)


def _cut_to(node: Array, count: int, length: int) -> FaultBuilder:
    build = _sized(node, count)
    return Derived(
        node.types,
        lambda choices, block, at: build(choices, block, at)[:length],
        lambda items, _choices, _block, _at: items[:length],
    )


def _extended_to(node: Array, count: int) -> FaultBuilder:
    build = _sized(node, count)
    return Derived(
        node.types,
        build,
        lambda items, choices, block, at: [*items, *build(choices, block, at)[len(items) :]],
    )


def _with_extra_item(node: Array) -> FaultBuilder:
    return changed(node, lambda items: [*items, None])


def _with_repeat(node: Array) -> FaultBuilder:
    def change(items: list[Any], choices: Choices, block: bytes, at: int) -> Any:
        if not items:
            items = [None] if node.item is None else [choices.build(node.item)]
        high = node.lengths.high
        if high is not None and len(items) >= len(node.prefix) + high and len(items) > 1:
            del items[-1]
        # The repeat comes last; the item that it repeats may be next to it or far from it.
        return [*items, copy_json(items[block[at] * len(items) >> 8])]

    return derived(node, change)


def _with_first_item_again(node: Array, count: int) -> FaultBuilder:
    def build(choices: Choices, block: bytes, at: int) -> Any:
        items = node.build_sized(count, choices, block, at)
        return [*items, copy_json(items[0])]

    return build


# --- near misses -----------------------------------------------------------------------------------------------------------


def _unwrapped(node: Node, allowed: frozenset[str]) -> FaultBuilder | None:
    if not isinstance(node, Array) or node.item is None or node.prefix:
        return None
    if node.lengths.low > 1 or node.lengths.high == 0 or any(includes_type(node.item.types, name) for name in allowed):
        return None
    build = _sized(node, 1)
    return Derived(
        node.types,
        lambda choices, block, at: build(choices, block, at)[0],
        lambda items, _choices, _block, _at: items[0],  # an empty array raises LookupError
    )


ARRAY_NEAR_MISSES = (
    NearMiss("stringified", "an array sent as JSON inside a string", sent_as("string", json.dumps)),
    NearMiss("unwrapped", "the sole item instead of its array", _unwrapped, lambda node: _sized(node, 1)),
)
