"""Faults and near misses of integers and numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from contractfuzz.payloads.plan.node import Node
from contractfuzz.payloads.violations.fault import WRAPPED, Fault, NearMiss, changed, constant, sent_as

FAR_DISTANCE = 10**12
"""Distance of a ``far`` value from the bound, in steps."""

SMALLEST_FRACTION = 2.0**-30
"""Number next to zero. The next double is subnormal, and some parsers read it as zero."""


def _bound(keyword: str, sign: int, words: str) -> Callable[[Node], Iterator[Fault]]:
    """Return the faults of a bound: the next value beyond it, and one far beyond. A lower bound has the sign -1."""

    def faults(node: Node) -> Iterator[Fault]:
        step = node.schema.get("multipleOf")
        excluded = keyword.startswith("exclusive")
        beyond = _next_beyond(node.schema[keyword], sign, step, excluded=excluded, whole=_is_whole(node))
        yield Fault(keyword, "beyond", f"the next value {words}", constant(beyond))
        far = beyond + sign * (FAR_DISTANCE if step is None else FAR_DISTANCE * step)
        yield Fault(keyword, "far", f"a value far {words}", constant(far))

    return faults


def _multiple_of(node: Node) -> Iterator[Fault]:
    step, high = node.schema["multipleOf"], node.schema.get("maximum", math.inf)
    if not (_is_whole(node) and step == 1):
        build = changed(node, lambda value: _off_step(value, step, high))
        yield Fault("multipleOf", "off", "a value between two multiples", build)


NUMBER_FAULTS: dict[str, Callable[[Node], Iterator[Fault]]] = {
    "minimum": _bound("minimum", -1, "below the allowed minimum"),
    "exclusiveMinimum": _bound("exclusiveMinimum", -1, "below the allowed minimum"),
    "maximum": _bound("maximum", 1, "above the allowed maximum"),
    "exclusiveMaximum": _bound("exclusiveMaximum", 1, "above the allowed maximum"),
    "multipleOf": _multiple_of,
}
"""For each keyword of numbers its faults."""


def _is_whole(node: Node) -> bool:
    return node.schema.get("type") == "integer" or node.types == {"integer"}


def _next_beyond(bound: Any, sign: int, step: float | None, *, excluded: bool, whole: bool) -> Any:
    """Return the first value beyond a bound: an integer, a multiple of a whole step, or the next double."""
    is_whole_step = step is not None and step == int(step)
    if whole or is_whole_step:
        # Computed in integers, since doubles are too coarse for 64-bit bounds.
        stride = int(step) if step is not None and is_whole_step else 1
        if sign < 0:
            return (math.floor(bound) // stride if excluded else (math.ceil(bound) - 1) // stride) * stride
        return -(-math.ceil(bound) // stride if excluded else -(math.floor(bound) + 1) // stride) * stride
    if excluded:
        return bound
    return sign * SMALLEST_FRACTION if bound == 0 else math.nextafter(bound, sign * math.inf)


def _off_step(value: Any, step: float, high: float) -> Any:
    """Return a value that is not a multiple; an integer for a whole step, since the type may ask for one."""
    if step == int(step) and step > 1:
        return value + 1 if value + 1 <= high else value - 1
    return value + step / 2


# --- near misses -----------------------------------------------------------------------------------------------------------


def _with_half(value: int) -> float:
    # A double holds the half of small values only.
    return math.copysign(abs(value) % 2**31 + 0.5, value)


NUMBER_NEAR_MISSES = (NearMiss("numeric-string", "a number sent as a string", sent_as("string", str)), WRAPPED)
INTEGER_NEAR_MISSES = (
    NUMBER_NEAR_MISSES[0],
    NearMiss("fractional", "a number with a fraction; expected an integer", sent_as("number", _with_half)),
    WRAPPED,
)
