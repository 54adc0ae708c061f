"""Numbers of items, repeats, and what an array must contain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contractfuzz.json_values import copy_json
from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.arrays import Array
from contractfuzz.payloads.plan.node import Make, Node
from contractfuzz.payloads.violations.fault import Fault

MOST = 10_000
"""No array of more items is made to have too many."""


def array_faults(node: Array) -> Iterator[Fault]:
    """Yield the faults of ``minItems``, ``maxItems``, ``uniqueItems``, ``items`` that are none, and ``contains``."""
    schema, prefix = node.schema, len(node.prefix)
    low, high = int(schema.get("minItems", 0)), schema.get("maxItems")
    if low:
        yield Fault("minItems", "few", "one item too few", _cut(node, max(0, low - prefix), low - 1))
    if high is not None and high < MOST and node.item is not None:
        yield Fault("maxItems", "many", "one item too many", _exactly(node, int(high) + 1 - prefix))
    if node.unique:
        yield Fault("uniqueItems", "duplicate", "the same item twice", _repeated(node))
    if schema.get("items") is False and prefix == len(schema.get("prefixItems", ())):
        yield Fault("items", "extra", "an item more than the schema describes", _longer(node))
    if node.contains is None:
        return
    least, most, more = node.contains.low, node.contains.high, 1 if node.contains.other is not None else 0
    others = max(node.counts.low, more) if more else 0
    if least:
        yield Fault("contains", "none", "no item is what the array must contain", _exactly(node, others, 0))
    if least > 1:
        count = max(node.counts.low, least - 1) if more else least - 1
        yield Fault(
            "minContains", "few", "too few items are what the array must contain", _exactly(node, count, least - 1)
        )
    if most is not None and most < MOST:
        count = max(node.counts.low, most + 1)
        yield Fault(
            "maxContains", "many", "too many items are what the array may contain", _exactly(node, count, most + 1)
        )


def _exactly(node: Array, count: int, matching: int | None = None) -> Make:
    return lambda _, choices, block, at: node.build_of(count, choices, block, at, matching)


def _cut(node: Array, count: int, length: int) -> Make:
    return lambda _, choices, block, at: node.build_of(count, choices, block, at)[:length]


def _longer(node: Array) -> Make:
    return lambda _, choices, block, at: [*node.build(choices, block, at), None]


def _repeated(node: Array) -> Make:
    def make(_: Node, choices: Choices, block: bytes, at: int) -> Any:
        items = node.build(choices, block, at)
        if not items:
            items = (
                [(MINIMAL_CHOICES if node.item is None else choices).part(node.item)]
                if node.item is not None
                else [None]
            )
        if node.counts.high is not None and len(items) >= len(node.prefix) + node.counts.high and len(items) > 1:
            del items[-1]
        # The repeat stands right behind its like, or far from it.
        spot = block[at] * len(items) >> 8
        return [*items, copy_json(items[spot])]

    return make
