"""Multiples of a step, for ``multipleOf``."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import Any

from contractfuzz.json_values import json_type

MAX_DOUBLE = int(sys.float_info.max)

DOUBLE_PRECISION = 2**53
"""Number from which on doubles are integers, and not all integers are doubles."""

MAX_MULTIPLES = 200
"""Number of multiples that are listed for a step that is not an integer."""

MULTIPLE_ATTEMPTS = 50 * MAX_MULTIPLES


def find_multiples(step: float, low: float, high: float, *, whole: bool) -> list[Any]:
    """Return multiples of a step within bounds, simplest first, then those next to the bounds; only integers if ``whole``."""
    near = list(islice(_multiples(step, low, high, whole=whole), MAX_MULTIPLES))
    ends = [
        value for bound in (low, high) for value in islice(_multiples(step, low, high, whole=whole, start=bound), 1)
    ]
    # Readers fail next to the bounds, so that the ends are repeated.
    return near + [value for value in ends if value not in near] * (1 + len(near) // 16)


def _multiples(step: float, low: float, high: float, *, whole: bool, start: float = 0) -> Iterator[Any]:
    """Yield multiples within bounds, those nearest to ``start`` first."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return
    exact_step = Fraction(repr(step))
    nearest = round(Fraction(min(max(start, low), high)) / exact_step)
    for number in range(MULTIPLE_ATTEMPTS):
        distance = (number + 1) // 2
        exact = exact_step * (nearest + (distance if number % 2 else -distance))
        if not -MAX_DOUBLE <= exact <= MAX_DOUBLE:
            continue
        value = exact.numerator if exact.denominator == 1 else float(exact)
        if low <= value <= high and is_multiple(value, step) and (not whole or isinstance(value, int)):
            yield value


def is_multiple(value: float, step: float) -> bool:
    """Return True if a value is a multiple of a step in binary and in decimal arithmetic; validators use one or the other."""
    if abs(value) >= DOUBLE_PRECISION and Fraction(value) % Fraction(step) != 0:
        return False  # the value is exact, the step may not be what it is written as
    return (float(value) / float(step)).is_integer() and Fraction(repr(value)) % Fraction(repr(step)) == 0


def may_be_multiple(value: Any, step: float) -> bool:
    """Return True if a value is a multiple of a step, or not a number."""
    return json_type(value) not in ("integer", "number") or is_multiple(value, step)
