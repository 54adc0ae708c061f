"""Bounds and steps of numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from contractfuzz.payloads.plan.node import Node
from contractfuzz.payloads.violations.fault import Fault, always, changed

FAR = 10**12


def number_faults(node: Node) -> Iterator[Fault]:
    """Yield the faults of ``minimum``, ``maximum``, their exclusive forms and ``multipleOf``."""
    schema = node.schema
    whole = schema.get("type") == "integer" or node.types == {"integer"}
    step = schema.get("multipleOf")
    for keyword, sign, words in (
        ("minimum", -1, "below the least"),
        ("exclusiveMinimum", -1, "below the least"),
        ("maximum", 1, "above the greatest"),
        ("exclusiveMaximum", 1, "above the greatest"),
    ):
        if keyword in schema:
            beyond = _beyond(schema[keyword], sign, step, excluded=keyword.startswith("exclusive"), whole=whole)
            yield Fault(keyword, "beyond", f"the very next value {words} allowed", always(beyond))
            far = beyond + sign * (FAR if step is None else FAR * step)
            yield Fault(keyword, "far", f"a value far {words} allowed", always(far))
    if step is not None and not (whole and step == 1):
        high = schema.get("maximum", math.inf)
        yield Fault(
            "multipleOf", "off", "a value between two steps", changed(node, lambda value: _off(value, step, high))
        )


def _beyond(bound: Any, sign: int, step: float | None, *, excluded: bool, whole: bool) -> Any:
    """Return the first value outside of ``bound``: a whole one or the next double, a multiple of ``step`` where that is whole."""
    stride = int(step) if step is not None and step == int(step) else 1
    if whole or (step is not None and step == int(step)):
        # All in integers: a double is too coarse for the bounds of 64 bits.
        if sign < 0:
            return (math.floor(bound) // stride if excluded else (math.ceil(bound) - 1) // stride) * stride
        return -(-math.ceil(bound) // stride if excluded else -(math.floor(bound) + 1) // stride) * stride
    if excluded:
        return bound
    if bound == 0:
        return sign * 2.0**-30  # The next double is subnormal, which not every parser keeps apart from zero.
    return math.nextafter(bound, sign * math.inf)


def _off(value: Any, step: float, high: float) -> Any:
    """Return a value that is no multiple: an integer where there is one, as the type asks for it."""
    if step == int(step) and step > 1:
        return value + 1 if value + 1 <= high else value - 1
    return value + step / 2
