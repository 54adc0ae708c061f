"""The numbers that a schema allows: ranges, and multiples of a step on which validators agree."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice
from typing import Any

SAFE_INTEGER = 2**53 - 1
"""Beyond this, integers are not interoperable (RFC 8259, section 6): used where a schema sets no bound."""

WIDE = 1e9
WIDEST = 1e300
"""How far numbers go where a schema sets no bound, and at most: beyond that doubles end."""

MOST_MULTIPLES = 200


def integer_range(schema: Mapping[str, Any]) -> tuple[int, int]:
    """Return the lowest and the highest integer within the bounds of ``schema``; the first is above the second where none is."""
    lows = [math.ceil(schema["minimum"])] if "minimum" in schema else []
    lows += [math.floor(schema["exclusiveMinimum"]) + 1] if "exclusiveMinimum" in schema else []
    highs = [math.floor(schema["maximum"])] if "maximum" in schema else []
    highs += [math.ceil(schema["exclusiveMaximum"]) - 1] if "exclusiveMaximum" in schema else []
    low, high = max(lows, default=None), min(highs, default=None)
    if low is None:
        low = -SAFE_INTEGER if high is None else min(-SAFE_INTEGER, high - SAFE_INTEGER)
    if high is None:
        high = max(SAFE_INTEGER, low + SAFE_INTEGER)
    return low, high


def number_range(schema: Mapping[str, Any]) -> tuple[float, float]:
    """Return the lowest and the highest number within the bounds of ``schema``; an excluded one gives way to the next double."""
    lows = [schema["minimum"]] if "minimum" in schema else []
    lows += [math.nextafter(schema["exclusiveMinimum"], math.inf)] if "exclusiveMinimum" in schema else []
    highs = [schema["maximum"]] if "maximum" in schema else []
    highs += [math.nextafter(schema["exclusiveMaximum"], -math.inf)] if "exclusiveMaximum" in schema else []
    low, high = max(lows, default=None), min(highs, default=None)
    if low is None:
        low = -WIDE if high is None else min(-WIDE, high - WIDE)
    if high is None:
        high = max(WIDE, low + WIDE)
    return (max(low, -WIDEST) if high >= -WIDEST else low), (min(high, WIDEST) if low <= WIDEST else high)


def find_multiples(step: float, low: float, high: float, *, whole: bool) -> list[Any]:
    """Return multiples of ``step`` between two bounds, simplest first: integers where ``whole``, at most 200."""
    return list(islice(_multiples(step, low, high, whole=whole), MOST_MULTIPLES))


def _multiples(step: float, low: float, high: float, *, whole: bool) -> Iterator[Any]:
    nearest = round(min(max(0.0, low), high) / step)
    for number in range(50 * MOST_MULTIPLES):
        distance = (number + 1) // 2
        value = float(Decimal(repr(step)) * (nearest + (distance if number % 2 else -distance)))
        if low <= value <= high and is_multiple(value, step) and (not whole or value.is_integer()):
            yield int(value) if value.is_integer() else value


def is_multiple(value: float, step: float) -> bool:
    """Return whether ``value`` is a multiple of ``step`` in binary and in decimal arithmetic, on which validators differ."""
    return (value / step).is_integer() and Decimal(repr(value)) % Decimal(repr(step)) == 0
