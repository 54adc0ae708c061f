"""Primitive types of JSON Structure that include some of the keywords next to them: string-encoded types and scaled numbers."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from contractfuzz.documents.dialects.string_encoded import (
    ENCODINGS,
    INTEGERS,
    NUMBER,
    binary_schema,
    decimal_schema,
    integer_schema,
)
from contractfuzz.documents.document import SourceLocation
from contractfuzz.documents.errors import show_json, suggestion
from contractfuzz.documents.keyword_shapes import read_number, read_positive_number

_BOUND_KEYWORDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_INTEGER_BOUND = "-?(?:0|[1-9][0-9]{0,59})"
_MAX_DIGITS = 1000
_MAX_DOUBLE_SCALE = 15
_MAX_DOUBLE_DIGITS = 308  # before the point; no double has more

ENCODED_TYPE_KEYWORDS: dict[str, frozenset[str]] = {
    **dict.fromkeys(INTEGERS, frozenset({*_BOUND_KEYWORDS, "multipleOf"})),
    "decimal": frozenset({*_BOUND_KEYWORDS, "multipleOf", "precision", "scale"}),
    "binary": frozenset({"contentEncoding"}),
}
"""String-encoded types, each with the keywords that it includes."""


def lower_encoded_type(name: str, node: dict[str, Any], location: SourceLocation) -> dict[str, Any]:
    """Lower a string-encoded type with the keywords that it includes.

    Bounds are strings (JSON Structure: Validation, "Numeric Validation Keywords").

    Args:
        name: the type, one of ``ENCODED_TYPE_KEYWORDS``.
        node: the schema with this type.
        location: the location of the schema.

    Raises:
        ContractError: a keyword has a value of the wrong type, allows no value, or cannot be expressed by a pattern.

    """
    if "multipleOf" in node and name != "binary":
        problem = f"`multipleOf` with {show_json(name)} is not supported: no pattern can express it; delete it"
        raise (location / "multipleOf").error(problem)
    if name == "binary":
        return binary_schema(_encoding(node.get("contentEncoding", "base64"), location / "contentEncoding"))
    bounds = {
        keyword: _bound(node[keyword], name, location / keyword) for keyword in _BOUND_KEYWORDS if keyword in node
    }
    if name == "decimal":
        return _lower_decimal(node, bounds, location)
    low, high = INTEGERS[name]
    lower = [int(bounds[k]) + step for k, step in (("minimum", 0), ("exclusiveMinimum", 1)) if k in bounds]
    upper = [int(bounds[k]) - step for k, step in (("maximum", 0), ("exclusiveMaximum", 1)) if k in bounds]
    low, high = max([low, *lower]), min([high, *upper])
    if low > high:
        raise location.error(f"no {name} is within the bounds; widen them")
    return integer_schema(name, low, high)


def lower_scaled_number(node: dict[str, Any], location: SourceLocation) -> dict[str, Any]:
    """Lower ``precision`` and ``scale`` of a ``number`` to ``multipleOf`` and bounds, combined with those next to them.

    Raises:
        ContractError: they are not whole numbers, or ``scale`` is missing, without which no JSON Schema can express them.

    """
    precision, scale = _digits(node, "precision", location, 1), _digits(node, "scale", location, 0)
    if scale is None:
        raise (location / "precision").error("`precision` of a number needs its `scale`; add it or use a `decimal`")
    if scale > _MAX_DOUBLE_SCALE:
        problem = f"a double guarantees only {_MAX_DOUBLE_SCALE} digits; use a `decimal`"
        raise (location / "scale").error(problem)
    lowered: dict[str, Any] = {"multipleOf": 1 if scale == 0 else float(f"1e-{scale}")}
    if precision is not None and precision - scale <= _MAX_DOUBLE_DIGITS:
        largest = Decimal(10**precision - 1).scaleb(-scale)
        number = int(largest) if largest == int(largest) else float(largest)
        lowered["minimum"], lowered["maximum"] = -number, number
    for keyword, tighter in (("minimum", max), ("maximum", min), ("multipleOf", _common_multiple)):
        if keyword in node and keyword in lowered:
            read = read_positive_number if keyword == "multipleOf" else read_number
            lowered[keyword] = tighter(lowered[keyword], read(node[keyword], location / keyword))
    return lowered


def _common_multiple(one: float, other: float) -> int | float:
    """Return the least number that is a multiple of both."""
    left, right = Fraction(repr(one)), Fraction(repr(other))
    common = Fraction(lcm(left.numerator, right.numerator), gcd(left.denominator, right.denominator))
    return int(common) if common.denominator == 1 else float(common)


def _lower_decimal(node: dict[str, Any], bounds: dict[str, Decimal], location: SourceLocation) -> dict[str, Any]:
    precision, scale = _digits(node, "precision", location, 1), _digits(node, "scale", location, 0)
    if precision is not None and scale is not None and scale > precision:
        raise (location / "scale").error(f"scale {scale} is greater than precision {precision}; correct one of them")
    low = max([bounds[keyword] for keyword in ("minimum", "exclusiveMinimum") if keyword in bounds], default=None)
    high = min([bounds[keyword] for keyword in ("maximum", "exclusiveMaximum") if keyword in bounds], default=None)
    if low is not None and high is not None and low > high:
        raise location.error("no decimal is within the bounds; widen them")
    return decimal_schema(precision, scale, bounds)


def _bound(value: Any, type_name: str, location: SourceLocation) -> Decimal:
    pattern = NUMBER if type_name == "decimal" else _INTEGER_BOUND
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        expected = 'a decimal number, like "10.00"' if type_name == "decimal" else 'an integer, like "10"'
        raise location.error(f"must be a string with {expected}, not {show_json(value)}")
    return Decimal(value)


def _digits(node: dict[str, Any], keyword: str, location: SourceLocation, least: int) -> int | None:
    """Return the number of digits that a keyword allows, at least ``least``, or None if the keyword is missing."""
    if keyword not in node:
        return None
    value = node[keyword]
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= _MAX_DIGITS:
        problem = f"must be a whole number from {least} to {_MAX_DIGITS}, not {show_json(value)}"
        raise (location / keyword).error(problem)
    return value


def _encoding(value: Any, location: SourceLocation) -> str:
    if not isinstance(value, str) or value not in ENCODINGS:
        hint = suggestion(value, ENCODINGS) if isinstance(value, str) else ""
        problem = f"{show_json(value)} is not an encoding of RFC 4648{hint}; there are {', '.join(ENCODINGS)}"
        raise location.error(problem)
    return value
