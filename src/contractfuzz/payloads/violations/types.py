"""``type``: each wrong JSON type, and the near misses that producers send."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from contractfuzz.json_values import json_type
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.alternatives import Alternatives
from contractfuzz.payloads.plan.arrays import Array
from contractfuzz.payloads.plan.guards import Validated
from contractfuzz.payloads.plan.node import Make, Node
from contractfuzz.payloads.plan.objects import Object
from contractfuzz.payloads.plan.scalars import OneOfValues
from contractfuzz.payloads.violations.fault import PLAIN_VALUES, Fault, changed, one_of, shifted


def type_faults(node: Node) -> Iterator[Fault]:
    """Yield the faults of ``type``."""
    named = node.schema["type"]
    allowed = {named} if isinstance(named, str) else set(named)
    due = " or ".join(
        words if name != "number" else "a number" for name, (_, _, words) in PLAIN_VALUES.items() if name in allowed
    )
    for name, (simple, other, words) in PLAIN_VALUES.items():
        if name in allowed or (name == "integer" and "number" in allowed):
            continue
        values = [simple] if simple is other else [simple, other]
        yield Fault("type", name, f"{words} where {due} is due", one_of(values))
    for name in PLAIN_VALUES:
        if name in allowed:
            yield from _near_misses(node, name, allowed)


def _near_misses(node: Node, name: str, allowed: set[str]) -> Iterator[Fault]:
    """Yield the wrong types that producers send because they nearly look right."""
    if isinstance(node, Alternatives | Validated):
        # What these choose from is laid out behind their first byte.
        parts = node.alternatives if isinstance(node, Alternatives) else [node.node]
        part = next((part for part in parts if not part.types.isdisjoint(_TYPES.get(name, {name}))), None)
        if part is not None:
            yield from (replace(fault, make=shifted(fault.make, 1)) for fault in _near_misses(part, name, allowed))
        return
    if isinstance(node, OneOfValues):
        values = [value for value in node.values if json_type(value) in _TYPES.get(name, {name})]
        if not values:
            return
        node = OneOfValues(node.schema, values)
    strings, arrays = "string" in allowed, "array" in allowed
    if name in ("integer", "number") and not strings:
        yield Fault("type", "numeric-string", "a number sent as a string", changed(node, str))
    if name == "integer" and "number" not in allowed:
        yield Fault("type", "fractional", "a number with a fraction where an integer is due", changed(node, _halved))
    if name == "boolean" and not strings:
        yield Fault("type", "boolean-string", "true or false sent as a string", changed(node, json.dumps))
    if name in ("array", "object") and not strings:
        yield Fault("type", "stringified", f"an {name} sent as JSON inside a string", changed(node, json.dumps))
    if name not in ("array", "null") and not arrays:
        yield Fault("type", "wrapped", "the value inside an array of one item", changed(node, lambda value: [value]))
    if (
        isinstance(node, Array)
        and node.item is not None
        and _admits_one(node)
        and not _overlap(node.item.types, allowed)
    ):
        yield Fault("type", "unwrapped", "the sole item instead of its array", _unwrapped(node))
    if isinstance(node, Object) and not arrays:
        yield Fault("type", "entries", "an object sent as a list of pairs", _entries(node))


_TYPES = {"number": {"number", "integer"}}
"""The types of Python's values that are of a JSON type, where they are more than one."""


def _overlap(types: frozenset[str], allowed: set[str]) -> bool:
    return not allowed.isdisjoint(types) or ("integer" in types and "number" in allowed)


def _admits_one(node: Array) -> bool:
    return not node.prefix and node.counts.low <= 1 and node.counts.high != 0


def _halved(value: int) -> float:
    # Kept small, so that the half survives in a double.
    return math.copysign(abs(value) % 2**31 + 0.5, value)


def _unwrapped(node: Array) -> Make:
    return lambda _, choices, block, at: node.build_of(1, choices, block, at)[0]


def _entries(node: Object) -> Make:
    def make(_: Node, choices: Choices, block: bytes, at: int) -> Any:
        pairs = [[key, value] for key, value in node.build(choices, block, at, at_least=1).items()]
        return pairs or [["key", "value"]]

    return make
