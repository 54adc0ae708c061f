"""Faults and near misses of integers and numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from contractfuzz.payloads.plan.node import Node
from contractfuzz.payloads.plan.numbers import number_range
from contractfuzz.payloads.values.multiples import MAX_DOUBLE, is_multiple
from contractfuzz.payloads.violations.fault import WRAPPED, Fault, NearMiss, changed, constant, sent_as

FAR_DISTANCE = 10**12
"""Distance of a ``far`` value from the bound, in steps."""

MIN_INEXACT_INTEGER = 2**64
"""Number from which on some validators compute with doubles, which take neighbours for equal."""

MIN_STEP = 1e-15
"""Step from which down a value between two multiples may be equal to one of them."""

SMALLEST_FRACTION = 2.0**-30
"""Number next to zero. The next double is subnormal, and some parsers read it as zero."""


_BOUNDS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")


def _bound(keyword: str, sign: int, words: str) -> Callable[[Node], Iterator[Fault]]:
    """Return the faults of a bound: the next value beyond it, and one far beyond. A lower bound has the sign -1."""

    def faults(node: Node) -> Iterator[Fault]:
        bound, step = node.schema[keyword], node.schema.get("multipleOf")
        excluded = keyword.startswith("exclusive")
        if abs(bound) >= MIN_INEXACT_INTEGER or (step or 0) >= MIN_INEXACT_INTEGER:
            if (beyond := _large_beyond(bound, sign, step)) is not None:
                yield Fault(keyword, "far", f"a value far {words}", constant(beyond))
            return
        beyond = _next_beyond(bound, sign, step, excluded=excluded, whole=_is_whole(node))
        yield Fault(keyword, "beyond", f"the next value {words}", constant(beyond))
        far = beyond + sign * (FAR_DISTANCE if step is None else FAR_DISTANCE * step)
        yield Fault(keyword, "far", f"a value far {words}", constant(far))

    return faults


def _large_beyond(bound: float, sign: int, step: float | None) -> int | None:
    """Return a multiple of a step beyond a bound whose neighbours are equal to it as doubles; None if none is known."""
    exact_step = Fraction(1 if step is None else repr(step))
    least = max(abs(Fraction(bound)) * 2, Fraction(MIN_INEXACT_INTEGER)) if sign * bound >= 0 else Fraction(0)
    beyond = sign * -(-least // exact_step) * exact_step
    is_known = abs(beyond) <= MAX_DOUBLE and beyond.denominator == 1
    return int(beyond) if is_known and (step is None or is_multiple(int(beyond), step)) else None


def _multiple_of(node: Node) -> Iterator[Fault]:
    step, high = node.schema["multipleOf"], node.schema.get("maximum", math.inf)
    bounds = [abs(node.schema[keyword]) for keyword in _BOUNDS if keyword in node.schema]
    is_extreme = max(step, *bounds, 0) >= MIN_INEXACT_INTEGER or step < MIN_STEP
    if is_extreme or (_is_whole(node) and step != int(step)):
        if (value := _plain_off_step(node, step)) is not None:
            yield Fault("multipleOf", "off", "a value between two multiples", constant(value))
    elif not (_is_whole(node) and step == 1):
        build = changed(node, lambda value: _off_step(value, step, high))
        yield Fault("multipleOf", "off", "a value between two multiples", build)
        if step > 2 and step % 2 == 0:
            half = int(step) // 2
            build = changed(node, lambda value: value + half if value + half <= high else value - half)
            yield Fault("multipleOf", "half", "a value half a step from two multiples", build)


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
    """Return the first value beyond a bound: an integer, a multiple of a step, or the next double."""
    is_whole_step = step is not None and step == int(step)
    if whole or is_whole_step:
        # Computed in integers, since doubles are too coarse for 64-bit bounds.
        stride = int(step) if step is not None and is_whole_step else 1
        if sign < 0:
            return (math.floor(bound) // stride if excluded else (math.ceil(bound) - 1) // stride) * stride
        return -(-math.ceil(bound) // stride if excluded else -(math.floor(bound) + 1) // stride) * stride
    if step is not None:
        exact, exact_step = Fraction(repr(bound)), Fraction(repr(step))
        quotient = math.ceil(sign * exact / exact_step)
        is_beyond = excluded or quotient * exact_step > sign * exact
        beyond = _as_number(sign * (quotient if is_beyond else quotient + 1) * exact_step)
        # A step may be too small for a double.
        if sign * beyond > sign * bound or (excluded and beyond == bound):
            return beyond
    if excluded:
        return bound
    return sign * SMALLEST_FRACTION if bound == 0 else math.nextafter(bound, sign * math.inf)


def _as_number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def _plain_off_step(node: Node, step: float) -> float | None:
    """Return a small value within the bounds that is not a multiple in any arithmetic; None if none is known."""
    low, high = number_range({keyword: value for keyword, value in node.schema.items() if keyword != "multipleOf"})
    candidates = [1, -1, 2, -2] if _is_whole(node) else [1, -1, step / 2, -step / 2]
    return next((value for value in candidates if low <= value <= high and _is_off(value, step)), None)


def _is_off(value: float, step: float) -> bool:
    exact, written = Fraction(value) % Fraction(step), Fraction(repr(value)) % Fraction(repr(step))
    return 0 not in (value, exact, written) and not (value / step).is_integer()


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
