"""Integers and numbers: their nodes, their ranges, and how they are planned."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from itertools import islice
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.json_values import json_type
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.alternatives import OneOfValues
from contractfuzz.payloads.plan.context import Planner, excerpt
from contractfuzz.payloads.plan.node import CoveragePoint, Node, Schema, is_equal

SAFE_INTEGER = 2**53 - 1
"""Greatest interoperable integer (RFC 8259, section 6): the bound if a schema sets none."""

DEFAULT_NUMBER_BOUND = 1e9
"""Bound of numbers if a schema sets none."""

MAX_DOUBLE = int(sys.float_info.max)

MAX_NUMBER = 1e300
"""Greatest number that is made. It leaves room for faulty numbers beyond it, below the end of the doubles."""

DOUBLE_PRECISION = 2**53
"""Number from which on doubles are integers, and not all integers are doubles."""

MAX_MULTIPLES = 200
"""Number of multiples that are listed for a step that is not an integer."""

MULTIPLE_ATTEMPTS = 50 * MAX_MULTIPLES


class Integer(Node):
    """An integer within bounds that is a multiple of a step.

    Attributes:
        step: the step.
        first, last: the quotients of the least and the greatest integer and the step.

    """

    types = frozenset({"integer"})
    width = 1
    extra_draws = 1

    def __init__(self, schema: Schema, low: int, high: int, step: int = 1) -> None:
        super().__init__(schema)
        self.step = step
        self.first, self.last = -(-low // step), high // step

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        return choices.integer(self.first, self.last, block[at]) * self.step

    def skip(self, choices: Choices) -> None:
        choices.integer(self.first, self.last, 0)

    def coverage_points(self) -> Iterator[CoveragePoint]:
        if not {"minimum", "exclusiveMinimum"}.isdisjoint(self.schema):
            yield CoveragePoint(":minimum", partial(is_equal, self.first * self.step))
        if not {"maximum", "exclusiveMaximum"}.isdisjoint(self.schema):
            yield CoveragePoint(":maximum", partial(is_equal, self.last * self.step))
        yield from _sign_points(self.first, self.last)


class DoubtfulInteger(Integer):
    """An integer, half of the time written as ``1.0``, on which validators and parsers disagree."""

    width = 2

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        value = super().build(choices, block, at)
        return float(value) if block[at + 1] >= 128 and abs(value) < 2**53 else value


class Number(Node):
    """A number within bounds, with few binary digits after the point: it prints short and reads back the same.

    Attributes:
        low, high: the bounds, both included.

    """

    types = frozenset({"number"})
    width = 2
    SCALES = (1, 2, 4, 8, 1024)
    FINEST_SCALE = 2**40

    def __init__(self, schema: Schema, low: float, high: float) -> None:
        super().__init__(schema)
        # Products of large doubles may be infinite; those of integers are not.
        self.low = int(low) if abs(low) >= DOUBLE_PRECISION else low
        self.high = int(high) if abs(high) >= DOUBLE_PRECISION else high
        _, first, last = self._quotients(1)
        self.extra_draws = int(first <= last)

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        scale, first, last = self._quotients(self.SCALES[block[at + 1] * len(self.SCALES) >> 8])
        if first > last:
            return self.low
        value = choices.integer(first, last, block[at])
        return value // scale if value % scale == 0 else value / scale

    def skip(self, choices: Choices) -> None:
        _, first, last = self._quotients(1)
        if first <= last:
            choices.integer(first, last, 0)

    def _quotients(self, scale: int) -> tuple[int, int, int]:
        """Return the first scale that has a number within the bounds, and the least and greatest numerator in it.

        A power of two divides without rounding, so the bounds hold exactly.
        """
        while True:
            first, last = math.ceil(self.low * scale), math.floor(self.high * scale)
            if first <= last or scale >= self.FINEST_SCALE:
                return scale, first, last
            scale *= 2

    def coverage_points(self) -> Iterator[CoveragePoint]:
        yield from _sign_points(self.low, self.high)
        yield CoveragePoint(":fraction", _is_fractional)


def _sign_points(low: float, high: float) -> Iterator[CoveragePoint]:
    if low <= 0 <= high:
        yield CoveragePoint(":zero", partial(is_equal, 0))
    if low < 0:
        yield CoveragePoint(":negative", _is_negative)


def _is_negative(value: Any) -> bool:
    return json_type(value) in ("integer", "number") and value < 0


def _is_fractional(value: Any) -> bool:
    return isinstance(value, float) and not value.is_integer()


# --- planning --------------------------------------------------------------------------------------------------------------


def plan_integer(planner: Planner, schema: Schema) -> Node:
    """Return the node of integers that keep the keywords of ``schema``.

    Raises:
        ContractError: no integer keeps them.

    """
    step = schema.get("multipleOf", 1)
    if step != int(step) or (isinstance(step, float) and step >= DOUBLE_PRECISION):
        return _plan_multiples(schema, step, whole=True)
    low, high = integer_range(schema)
    node = (DoubtfulInteger if planner.profile.doubtful_integers else Integer)(schema, low, high, int(step))
    if node.first > node.last:
        raise ContractError(f"no integer is within the bounds of {excerpt(schema)}: correct the bounds")
    return node


def plan_number(_planner: Planner, schema: Schema) -> Node:
    """Return the node of numbers that keep the keywords of ``schema``.

    Raises:
        ContractError: no number keeps them.

    """
    if "multipleOf" in schema:
        return _plan_multiples(schema, schema["multipleOf"], whole=False)
    low, high = number_range(schema)
    if low > high or not math.isfinite(low) or not math.isfinite(high):
        raise ContractError(f"no number is within the bounds of {excerpt(schema)}: correct the bounds")
    return Number(schema, low, high)


def _plan_multiples(schema: Schema, step: float, *, whole: bool) -> Node:
    values = find_multiples(step, *number_range(schema), whole=whole)
    if not values:
        raise ContractError(f"no multiple of {step} is within the bounds of {excerpt(schema)}: correct the bounds")
    return OneOfValues(schema, values)


def integer_range(schema: Schema) -> tuple[int, int]:
    """Return the least and the greatest integer within the bounds of a schema; the range is empty if the first is greater."""
    lows = [math.ceil(schema["minimum"])] if "minimum" in schema else []
    lows += [math.floor(schema["exclusiveMinimum"]) + 1] if "exclusiveMinimum" in schema else []
    highs = [math.floor(schema["maximum"])] if "maximum" in schema else []
    highs += [math.ceil(schema["exclusiveMaximum"]) - 1] if "exclusiveMaximum" in schema else []
    low, high = max(lows, default=None), min(highs, default=None)
    reach = max(SAFE_INTEGER, int(schema.get("multipleOf", 1)))
    if low is None:
        low = -reach if high is None else max(min(-reach, high - reach), min(high, -MAX_DOUBLE))
    if high is None:
        high = min(max(reach, low + reach), max(low, MAX_DOUBLE))
    return low, high


def number_range(schema: Schema) -> tuple[float, float]:
    """Return the least and the greatest number within the bounds of a schema; an excluded bound becomes the next double."""
    lows = [schema["minimum"]] if "minimum" in schema else []
    lows += [math.nextafter(schema["exclusiveMinimum"], math.inf)] if "exclusiveMinimum" in schema else []
    highs = [schema["maximum"]] if "maximum" in schema else []
    highs += [math.nextafter(schema["exclusiveMaximum"], -math.inf)] if "exclusiveMaximum" in schema else []
    low, high = max(lows, default=None), min(highs, default=None)
    reach = max(DEFAULT_NUMBER_BOUND, schema.get("multipleOf", 0))
    given = max(abs(bound) for bound in (low, high, 0) if bound is not None)
    if given >= DOUBLE_PRECISION:  # the next double may be further away
        reach = max(reach, given)
    if low is None:
        low = -reach if high is None else max(min(-reach, high - reach), -sys.float_info.max)
    if high is None:
        high = min(max(reach, low + reach), sys.float_info.max)
    return (max(low, -MAX_NUMBER) if high >= -MAX_NUMBER else low), (
        min(high, MAX_NUMBER) if low <= MAX_NUMBER else high
    )


def as_integer(value: Any) -> Any:
    """Return a float without a fraction as an integer; any other value as it is.

    A float whose digits, such as those of ``1e308``, are not those of the double stays a float: validators disagree about which
    integer it is.
    """
    if isinstance(value, float) and value.is_integer() and Fraction(repr(value)) == int(value):
        return int(value)
    return value


def find_multiples(step: float, low: float, high: float, *, whole: bool) -> list[Any]:
    """Return up to ``MAX_MULTIPLES`` multiples of a step within bounds, simplest first; only integers if ``whole``."""
    return list(islice(_multiples(step, low, high, whole=whole), MAX_MULTIPLES))


def _multiples(step: float, low: float, high: float, *, whole: bool) -> Iterator[Any]:
    if not (math.isfinite(low) and math.isfinite(high)):
        return
    exact_step = Fraction(repr(step))
    nearest = round(Fraction(min(max(0, low), high)) / exact_step)
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
