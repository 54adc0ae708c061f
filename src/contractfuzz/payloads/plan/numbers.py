"""Integers and numbers: their nodes, their ranges, and how they are planned."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.json_values import json_type
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.alternatives import OneOfValues
from contractfuzz.payloads.plan.context import Planner, excerpt
from contractfuzz.payloads.plan.node import CoveragePoint, Node, Schema, is_equal
from contractfuzz.payloads.values.formats import INTEGER_FORMATS
from contractfuzz.payloads.values.hostile import HOSTILE_INTEGERS
from contractfuzz.payloads.values.multiples import DOUBLE_PRECISION, MAX_DOUBLE, find_multiples

SAFE_INTEGER = 2**53 - 1
"""Greatest interoperable integer (RFC 8259, section 6): the bound if a schema sets none."""

DEFAULT_NUMBER_BOUND = 1e9
"""Bound of most numbers if a schema sets none."""

MAX_FLOAT = 2**128 - 2**104
"""Greatest number of 32 bits (IEEE 754), for the format ``float``."""

SUBNORMAL = 5e-324
"""Least positive double."""

WIDE_BOUND = 10**30
"""Bound of the numbers of the widest form, except for the greatest double."""

MAX_POWER = 10**22
"""Greatest power of ten that is made as such. Programs print those from 1e16 or 1e21 on with an exponent."""

BINARY_SCALES = (1, 1, 1, 1, 2, 4, 8, 1024)
"""Denominators of the numbers that print short and read back the same."""

FINEST_SCALE = 2**40

MAX_NUMBER = 1e300
"""Greatest number that is made. It leaves room for faulty numbers beyond it, below the end of the doubles."""


EDGE_INTEGERS = (0, 1, -1, *(sign * 2**bits - above for bits in (31, 32, 53) for sign in (1, -1) for above in (0, 1)))
"""Integers at the ends of the ranges that programs store integers in."""

EDGE_DIGIT = 3
"""Integer that each form of numbers converts to an edge value: 0.3, 1.5, 3e-7 and others."""

_EDGE_SELECTOR, _DOUBTFUL_SELECTOR = 96, 160
"""Bytes from which on a hostile integer is one of its edges, and is written as ``1.0``."""


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

    def edge_values(self) -> Sequence[Any]:
        quotients = (self.first, self.last, *EDGE_INTEGERS)
        return [quotient * self.step for quotient in dict.fromkeys(quotients) if self.first <= quotient <= self.last]

    def coverage_points(self) -> Iterator[CoveragePoint]:
        if not {"minimum", "exclusiveMinimum"}.isdisjoint(self.schema):
            yield CoveragePoint(":minimum", partial(is_equal, self.first * self.step))
        if not {"maximum", "exclusiveMaximum"}.isdisjoint(self.schema):
            yield CoveragePoint(":maximum", partial(is_equal, self.last * self.step))
        yield from _sign_points(self.first, self.last)


class HostileInteger(Integer):
    """An integer that programs handle differently: one beyond 53 or 64 bits, or ``1.0``, on which validators disagree.

    Attributes:
        edges: hostile integers that keep the keywords.

    """

    width = 2

    def __init__(self, schema: Schema, low: int, high: int, step: int = 1) -> None:
        super().__init__(schema, low, high, step)
        first, last = _written_bounds(schema)
        self.edges = [value for value in HOSTILE_INTEGERS if first <= value <= last and value % step == 0]

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        value, selector = super().build(choices, block, at), block[at + 1]
        if selector >= _DOUBTFUL_SELECTOR:
            return float(value) if abs(value) < DOUBLE_PRECISION else value
        if selector >= _EDGE_SELECTOR and self.edges:
            edge = (selector - _EDGE_SELECTOR) * len(self.edges) // (_DOUBTFUL_SELECTOR - _EDGE_SELECTOR)
            return self.edges[edge]
        return value


@dataclass(frozen=True, slots=True)
class NumberForm:
    """One form of the numbers of a node: how an integer becomes a number.

    Attributes:
        first, last: the least and the greatest integer.
        convert: returns the number of an integer.
        low, high: the bounds of the number, since a conversion may round.

    """

    first: int
    last: int
    convert: Callable[[int], Any]
    low: float
    high: float

    def number(self, integer: int) -> Any:
        """Return the number of an integer in ``first..last``."""
        value = self.convert(integer)
        return value if self.low <= value <= self.high else min(max(value, self.low), self.high)


class Number(Node):
    """A number within bounds. One draw gives an integer, and the second byte of the block the form that it is converted to.

    Attributes:
        forms: the forms, the simplest first: integers, ``2.0``, few and many digits, exponents, numbers next to zero, huge ones.
        low: the least number.

    """

    types = frozenset({"number"})
    width = 2

    def __init__(self, schema: Schema, low: float, high: float, *, is_hostile: bool = False) -> None:
        super().__init__(schema)
        self.low, self.high = _exact(low), _exact(high)
        forms = [*self._binary_forms(), *self._decimal_forms(), *self._wide_forms()]
        forms += self._hostile_forms() if is_hostile else ()
        self.forms = [form for form in forms if form.first <= form.last]
        self.extra_draws = int(bool(self.forms))

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        if not self.forms:
            return self.low
        form = self.forms[block[at + 1] * len(self.forms) >> 8]
        return form.number(choices.integer(form.first, form.last, block[at]))

    def edge_values(self) -> Sequence[Any]:
        integers = [(form, min(max(EDGE_DIGIT, form.first), form.last)) for form in self.forms]
        integers += [(form, end) for form in self.forms for end in (form.first, form.last)]
        numbers = [form.number(integer) for form, integer in integers]
        return list({repr(number): number for number in numbers}.values())

    def skip(self, choices: Choices) -> None:
        if self.forms:
            choices.integer(self.forms[0].first, self.forms[0].last, 0)

    def _binary_forms(self) -> Iterator[NumberForm]:
        """Yield the forms without rounding: an integer divided by a power of two. The first scale has the greatest share."""
        for scale in BINARY_SCALES:
            while True:
                form = self._scaled(Fraction(1, scale), partial(_divide, scale))
                if form.first <= form.last or scale >= FINEST_SCALE:
                    yield form
                    break
                scale *= 2

    def _decimal_forms(self) -> Iterator[NumberForm]:
        yield self._scaled(Fraction(1), float)
        yield self._scaled(Fraction(1, 10), lambda value: value / 10)
        yield self._scaled(Fraction(1, 10), lambda value: value * 0.1)  # such as 0.30000000000000004
        yield self._scaled(Fraction(1, 3), lambda value: value / 3)
        yield self._scaled(Fraction(1, 10**7), lambda value: value / 10**7, reach=10**6)
        if self.high - self.low < 1:
            scale = 1024 * 2 ** min(math.ceil(-math.log2(max(self.high - self.low, SUBNORMAL))), 1000)
            yield self._scaled(Fraction(1, scale), lambda value: value / scale)
        if self.low <= 0 <= self.high:
            yield self._scaled(Fraction(SUBNORMAL), lambda value: value * SUBNORMAL, reach=2**40)

    def _wide_forms(self) -> Iterator[NumberForm]:
        """Yield the forms of numbers up to the greatest double, where the schema sets no other bounds."""
        low, high = self._wide_bounds()
        if low < self.low or high > self.high:
            reach = MAX_FLOAT if self.schema.get("format") == "float" else MAX_DOUBLE
            least, greatest = (-reach if low < self.low else self.low), (reach if high > self.high else self.high)
            yield NumberForm(low, high, partial(_widen, reach), least, greatest)
            yield NumberForm(max(low, -MAX_POWER), min(high, MAX_POWER), _leading_digit, low, high)
            yield NumberForm(max(low, -SAFE_INTEGER), min(high, SAFE_INTEGER), int, low, high)

    def _hostile_forms(self) -> Iterator[NumberForm]:
        low, high = self._wide_bounds()
        yield NumberForm(low, high, int, low, high)
        if self.low <= 0 <= self.high:
            yield self._scaled(Fraction(1), lambda value: value or -0.0)

    def _wide_bounds(self) -> tuple[int, int]:
        first, last = _written_bounds(self.schema)
        low = math.ceil(self.low) if math.isfinite(first) else min(math.ceil(self.low), -WIDE_BOUND)
        high = math.floor(self.high) if math.isfinite(last) else max(math.floor(self.high), WIDE_BOUND)
        return low, high

    def _scaled(self, factor: Fraction, convert: Callable[[int], Any], reach: int = MAX_DOUBLE) -> NumberForm:
        """Return the form whose numbers are, but for rounding, the product of a factor and an integer up to ``reach``."""
        first = max(math.ceil(Fraction(self.low) / factor), -reach)
        last = min(math.floor(Fraction(self.high) / factor), reach)
        return NumberForm(first, last, convert, self.low, self.high)

    def coverage_points(self) -> Iterator[CoveragePoint]:
        yield from _sign_points(self.low, self.high)
        yield CoveragePoint(":fraction", _is_fractional)


def _exact(bound: float) -> float:
    # Products of large doubles may be infinite; those of integers are not.
    return int(bound) if abs(bound) >= DOUBLE_PRECISION else bound


def _widen(reach: int, value: int) -> float:
    """Return an integer as a double, and ``reach`` for one at the end of the range: shrinking takes a step for each two bits."""
    return math.copysign(reach, value) if abs(value) >= WIDE_BOUND else float(value)


def _divide(scale: int, value: int) -> Any:
    return value // scale if value % scale == 0 else value / scale


def _leading_digit(value: int) -> float:
    """Return a power of ten with as many digits as ``value``, such as 1e16."""
    power = float(f"1e{len(str(abs(value))) - 1}")
    return math.copysign(power, value) if value else 0.0


def _written_bounds(schema: Schema) -> tuple[float, float]:
    """Return the bounds that the keywords of a schema state, infinite if there are none; excluded ones as the next integers."""
    low, high = -math.inf, math.inf
    if "minimum" in schema:
        low = schema["minimum"]
    if "exclusiveMinimum" in schema:
        low = max(low, math.floor(schema["exclusiveMinimum"]) + 1)
    if "maximum" in schema:
        high = schema["maximum"]
    if "exclusiveMaximum" in schema:
        high = min(high, math.ceil(schema["exclusiveMaximum"]) - 1)
    return low, high


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
    node = (HostileInteger if planner.profile.hostile_numbers else Integer)(schema, low, high, int(step))
    if node.first > node.last:
        raise ContractError(f"no integer is within the bounds of {excerpt(schema)}: correct the bounds")
    return node


def plan_number(planner: Planner, schema: Schema) -> Node:
    """Return the node of numbers that keep the keywords of ``schema``.

    Raises:
        ContractError: no number keeps them.

    """
    if "multipleOf" in schema:
        return _plan_multiples(schema, schema["multipleOf"], whole=False)
    low, high = number_range(schema)
    if low > high or not math.isfinite(low) or not math.isfinite(high):
        raise ContractError(f"no number is within the bounds of {excerpt(schema)}: correct the bounds")
    return Number(schema, low, high, is_hostile=planner.profile.hostile_numbers)


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
    low, high = _within_format(schema.get("format"), max(lows, default=None), min(highs, default=None))
    reach = max(SAFE_INTEGER, int(schema.get("multipleOf", 1)))
    if low is None:
        low = -reach if high is None else max(min(-reach, high - reach), min(high, -MAX_DOUBLE))
    if high is None:
        high = min(max(reach, low + reach), max(low, MAX_DOUBLE))
    return low, high


def _within_format(name: Any, low: int | None, high: int | None) -> tuple[int | None, int | None]:
    """Return the bounds of an integer within those of its format. Bounds outside of them win: validators ignore the format."""
    if name not in INTEGER_FORMATS:
        return low, high
    first, last = INTEGER_FORMATS[name]
    first, last = first if low is None else max(low, first), last if high is None else min(high, last)
    return (first, last) if first <= last else (low, high)


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
