"""Primitive types of JSON Structure whose keywords are part of the type: what is a string on the wire, and scaled numbers."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from contractfuzz.documents.dialects import string_encoded as wire
from contractfuzz.documents.document import SourceLocation
from contractfuzz.documents.errors import did_you_mean, shown

_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")

WIRE_KEYWORDS: dict[str, frozenset[str]] = {
    **dict.fromkeys(wire.INTEGERS, frozenset({*_BOUNDS, "multipleOf"})),
    "decimal": frozenset({*_BOUNDS, "multipleOf", "precision", "scale"}),
    "binary": frozenset({"contentEncoding"}),
}
"""The types that are strings on the wire, with the keywords that are part of each."""


def wire_type(named: str, node: dict[str, Any], place: SourceLocation) -> dict[str, Any]:
    """Lower a type that is a string on the wire, with its keywords.

    Bounds are strings, as JSON Structure: Validation, "Numeric Validation Keywords", asks for.

    Raises:
        ContractError: a keyword is of the wrong kind, leaves no value or is one that no pattern can express.

    """
    if "multipleOf" in node and named != "binary":
        problem = f"`multipleOf` beside {shown(named)} is not supported: no pattern can count; delete it"
        raise (place / "multipleOf").refusal(problem)
    if named == "binary":
        return wire.binary(_encoding(node.get("contentEncoding", "base64"), place / "contentEncoding"))
    bounds = {keyword: _bound(node[keyword], named, place / keyword) for keyword in _BOUNDS if keyword in node}
    if named == "decimal":
        return _decimal(node, bounds, place)
    low, high = wire.INTEGERS[named]
    low = max(low, *(int(bounds[k]) + d for k, d in (("minimum", 0), ("exclusiveMinimum", 1)) if k in bounds), low)
    high = min(high, *(int(bounds[k]) - d for k, d in (("maximum", 0), ("exclusiveMaximum", 1)) if k in bounds), high)
    if low > high:
        raise place.refusal(f"no {named} lies within the bounds; widen them")
    return wire.integer(named, low, high)


def scaled_number(node: dict[str, Any], place: SourceLocation) -> dict[str, Any]:
    """Lower ``precision`` and ``scale`` of a JSON number: its steps, and how far it goes.

    Raises:
        ContractError: they are no whole numbers, or only ``precision`` is there, which no JSON Schema can express.

    """
    precision, scale = _digits(node, "precision", place, 1), _digits(node, "scale", place, 0)
    if scale is None:
        raise (place / "precision").refusal("`precision` of a number needs its `scale`; add it or use a `decimal`")
    if scale > _MOST_STEPS:
        raise (place / "scale").refusal(f"no double holds more than {_MOST_STEPS} digits for sure; use a `decimal`")
    lowered: dict[str, Any] = {"multipleOf": 1 if scale == 0 else float(f"1e-{scale}")}
    if precision is not None:
        most = Decimal(10**precision - 1).scaleb(-scale)
        number = int(most) if most == int(most) else float(most)
        for keyword, bound in (("minimum", -number), ("maximum", number)):
            if keyword in node:
                raise (place / keyword).refusal(f"`precision` says a `{keyword}` already; delete one of the two")
            lowered[keyword] = bound
    if "multipleOf" in node:
        raise (place / "multipleOf").refusal("`scale` says the same; delete one of the two")
    return lowered


_MOST_STEPS = 15


def _decimal(node: dict[str, Any], bounds: dict[str, Decimal], place: SourceLocation) -> dict[str, Any]:
    precision, scale = _digits(node, "precision", place, 1), _digits(node, "scale", place, 0)
    if precision is not None and scale is not None and scale > precision:
        raise (place / "scale").refusal(f"{scale} digits behind the point are more than the {precision} there are")
    low = max([bounds[k] for k in ("minimum", "exclusiveMinimum") if k in bounds], default=None)
    high = min([bounds[k] for k in ("maximum", "exclusiveMaximum") if k in bounds], default=None)
    if low is not None and high is not None and low > high:
        raise place.refusal("no decimal lies within the bounds; widen them")
    return wire.decimal(precision, scale, bounds)


def _bound(value: Any, named: str, place: SourceLocation) -> Decimal:
    written = wire.NUMBER if named == "decimal" else "-?(?:0|[1-9][0-9]{0,59})"
    if not isinstance(value, str) or not re.fullmatch(written, value):
        example = "10.00" if named == "decimal" else "10"
        problem = f'must be a string that holds a {named}, like "{example}", not {shown(value)}'
        raise place.refusal(problem)
    return Decimal(value)


def _digits(node: dict[str, Any], keyword: str, place: SourceLocation, least: int) -> int | None:
    value = node.get(keyword)
    if value is None and keyword not in node:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= _MOST_DIGITS:
        raise (place / keyword).refusal(f"must be a whole number from {least} to {_MOST_DIGITS}, not {shown(value)}")
    return value


_MOST_DIGITS = 1000


def _encoding(value: Any, place: SourceLocation) -> str:
    if not isinstance(value, str) or value not in wire.ENCODINGS:
        hint = did_you_mean(value, wire.ENCODINGS) if isinstance(value, str) else ""
        raise place.refusal(f"{shown(value)} is no encoding of RFC 4648{hint}; there are {', '.join(wire.ENCODINGS)}")
    return value
