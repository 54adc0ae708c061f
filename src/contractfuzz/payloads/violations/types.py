"""Faults of ``type``: each wrong JSON type, and the near misses of each type."""

from __future__ import annotations

import json
from collections.abc import Iterator

from contractfuzz.payloads.plan.node import FaultBuilder, Node, Schema
from contractfuzz.payloads.plan.numbers import number_range
from contractfuzz.payloads.violations.arrays import ARRAY_NEAR_MISSES
from contractfuzz.payloads.violations.fault import (
    PLAIN_VALUES,
    WRAPPED,
    Fault,
    NearMiss,
    changed,
    one_of,
    sent_as,
    shifted,
)
from contractfuzz.payloads.violations.numbers import INTEGER_NEAR_MISSES, NUMBER_NEAR_MISSES
from contractfuzz.payloads.violations.objects import OBJECT_NEAR_MISSES
from contractfuzz.payloads.violations.strings import STRING_NEAR_MISSES


def _sent_as_integer(node: Node, allowed: frozenset[str]) -> FaultBuilder | None:
    return None if allowed & {"integer", "number"} else changed(node, int)


NEAR_MISSES: dict[str, tuple[NearMiss, ...]] = {
    "null": (NearMiss("null-string", "null sent as a string", sent_as("string", json.dumps)),),
    "boolean": (
        NearMiss("boolean-string", "true or false sent as a string", sent_as("string", json.dumps)),
        NearMiss("boolean-integer", "true or false sent as 1 or 0", _sent_as_integer),
        WRAPPED,
    ),
    "integer": INTEGER_NEAR_MISSES,
    "number": NUMBER_NEAR_MISSES,
    "string": STRING_NEAR_MISSES,
    "array": ARRAY_NEAR_MISSES,
    "object": OBJECT_NEAR_MISSES,
}
"""For each JSON type its near misses."""


def type_faults(node: Node) -> Iterator[Fault]:
    """Yield the faults of ``type``: the types that the schema does not allow, then the near misses of those that it allows."""
    types = node.schema["type"]
    allowed = frozenset([types] if isinstance(types, str) else types)
    expected = " or ".join(
        words if name != "number" else "a number" for name, (_, _, words) in PLAIN_VALUES.items() if name in allowed
    )
    for name, (simple, other, words) in PLAIN_VALUES.items():
        if name in allowed or (name == "integer" and "number" in allowed):
            continue
        values = [simple] if simple is other else [simple, other]
        if name == "boolean" and not _fits(False, node.schema) and _fits(True, node.schema):
            values.reverse()
        yield Fault("type", name, f"{words}; expected {expected}", one_of(values))
    for name in PLAIN_VALUES:
        found = node.for_type(name) if name in allowed else None
        if found is not None:
            yield from _near_misses(*found, name, allowed)


def _fits(value: bool, schema: Schema) -> bool:
    """Return True if a boolean, taken for 0 or 1, is within the bounds. A reader that takes it so rejects it otherwise."""
    low, high = number_range(schema)
    return low <= value <= high


def _near_misses(node: Node, offset: int, name: str, allowed: frozenset[str]) -> Iterator[Fault]:
    """Yield the near misses of one type; the bytes of ``node`` start at ``offset`` in the block of the faulty node."""
    for near_miss in NEAR_MISSES[name]:
        build = near_miss.builder(node, allowed)
        if build is None:
            continue
        twin = node.build if near_miss.twin_builder is None else near_miss.twin_builder(node)
        yield Fault(
            "type",
            near_miss.variant,
            near_miss.description,
            shifted(build, offset) if offset else build,
            build_twin=shifted(twin, offset) if offset else twin,
        )
