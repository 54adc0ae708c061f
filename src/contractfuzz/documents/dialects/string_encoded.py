"""Numbers and bytes that JSON carries as strings: for each type, a pattern that allows exactly its strings.

JSON Structure Core, "Extended Primitive Types", writes the wide integers and ``decimal`` in the grammar of RFC 8259, section 6,
and ``binary`` in an encoding of RFC 4648. The patterns use only syntax that every validator's regular expressions support.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

ANNOTATION = "x-contractfuzz-encoded"
"""Annotation next to such a pattern: an object with the ``type`` that the string encodes, and its bounds if there are any."""

NUMBER = r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,7})?"
"""Grammar of a bound of ``decimal``. The numbers of digits are limited, so that sums of bounds are exact."""

INTEGERS: dict[str, tuple[int, int]] = {
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
    "int128": (-(2**127), 2**127 - 1),
    "uint128": (0, 2**128 - 1),
}
"""Integers that are strings in JSON, with their ranges."""

ENCODINGS: dict[str, str] = {
    "base64": r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
    "base64url": r"(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2}(?:==)?|[A-Za-z0-9_-]{3}=?)?",
    "base32": r"(?:[A-Z2-7]{8})*(?:[A-Z2-7]{2}={6}|[A-Z2-7]{4}={4}|[A-Z2-7]{5}={3}|[A-Z2-7]{7}=)?",
    "base32hex": r"(?:[0-9A-V]{8})*(?:[0-9A-V]{2}={6}|[0-9A-V]{4}={4}|[0-9A-V]{5}={3}|[0-9A-V]{7}=)?",
    "base16": r"(?:[0-9A-Fa-f]{2})*",
}
"""Encodings of ``binary`` (RFC 4648), each with the pattern of its strings."""


def integer_schema(name: str, low: int, high: int) -> dict[str, Any]:
    """Return the schema of the integers from ``low`` to ``high``, written as strings.

    Args:
        name: the type, one of ``INTEGERS``.
        low: the least integer, at most ``high``.
        high: the greatest integer.

    """
    parts = []
    if low < 0:
        parts.append(f"-(?:{_naturals(max(1, -high), -low)})")
    if low <= 0 <= high:
        parts.append("-?0" if low < 0 else "0")
    if high > 0:
        parts.append(_naturals(max(1, low), high))
    return _schema("|".join(parts), {"type": name, "minimum": str(low), "maximum": str(high)})


def decimal_schema(precision: int | None, scale: int | None, bounds: Mapping[str, Decimal]) -> dict[str, Any]:
    """Return the schema of decimal numbers, written as strings.

    Args:
        precision: the maximum number of digits, not counting a zero before the point; None for no limit.
        scale: the maximum number of digits after the point; None for no limit.
        bounds: the bounds that apply, by ``minimum``, ``maximum``, ``exclusiveMinimum`` and ``exclusiveMaximum``.

    """
    fraction_digits = "+" if scale is None else f"{{1,{scale}}}"
    fraction = "" if scale == 0 else rf"(?:\.[0-9]{fraction_digits})?"
    checks = [] if precision is None else [rf"(?=-?(?:0\.)?(?:[0-9]\.?){{0,{precision}}}$)"]
    checks += [f"(?=(?:{_bounded(keyword, bound)})$)" for keyword, bound in bounds.items()]
    encoded = {"type": "decimal", "precision": precision, "scale": scale}
    encoded |= {keyword: format(bound, "f") for keyword, bound in bounds.items()}
    return _schema(rf"-?(?:0|[1-9][0-9]*){fraction}", encoded, "".join(checks))


def binary_schema(encoding: str) -> dict[str, Any]:
    """Return the schema of bytes in one of ``ENCODINGS``."""
    return {**_schema(ENCODINGS[encoding], {"type": "binary", "encoding": encoding}), "contentEncoding": encoding}


def _schema(body: str, encoded: dict[str, Any], checks: str = "") -> dict[str, Any]:
    # The last group is needed because in Python and others `$` also matches before a final line feed.
    return {"type": "string", "pattern": rf"^{checks}(?:{body})$(?!\n)", ANNOTATION: encoded}


# --- patterns of integers, digit by digit -------------------------------------------------------------------------------


def _naturals(low: int, high: int | None) -> str:
    """Return the pattern of the whole numbers from ``low`` to ``high``; without ``high``, of all from ``low``."""
    first, last = str(low), None if high is None else str(high)
    if last is not None and len(first) == len(last):
        return _digit_range(first, last)
    parts = [_digit_range(first, "9" * len(first))]
    if last is None or len(last) - len(first) > 1:
        parts.append(f"[1-9][0-9]{{{len(first)},{'' if last is None else len(last) - 2}}}")
    if last is not None:
        parts.append(_digit_range("1" + "0" * (len(last) - 1), last))
    return "|".join(parts)


def _digit_range(first: str, last: str) -> str:
    """Return the pattern of the digit strings from ``first`` to ``last``, which are equally long."""
    if not first:
        return ""
    if first[0] == last[0]:
        return _prefixed(first[0], _digit_range(first[1:], last[1:]))
    low, high, length = int(first[0]), int(last[0]), len(first) - 1
    parts = []
    if first[1:].strip("0"):
        parts.append(_prefixed(first[0], _digit_range(first[1:], "9" * length)))
        low += 1
    if last[1:].strip("9"):
        parts.append(_prefixed(last[0], _digit_range("0" * length, last[1:])))
        high -= 1
    if low <= high:
        parts.append(_one_digit(low, high) + (f"[0-9]{{{length}}}" if length else ""))
    return "|".join(parts)


def _prefixed(prefix: str, rest: str) -> str:
    return prefix + (f"(?:{rest})" if "|" in rest else rest)


def _one_digit(low: int, high: int) -> str:
    return str(low) if low == high else f"[{low}-{high}]"


# --- patterns of decimals within a bound --------------------------------------------------------------------------------

_ANY_FRACTION = r"(?:\.[0-9]+)?"
_ZERO = r"-?0(?:\.0+)?"


def _bounded(keyword: str, bound: Decimal) -> str:
    """Return the pattern of the decimals that keep a bound."""
    is_minimum, strict = keyword.lower().endswith("minimum"), keyword.startswith("exclusive")
    size = abs(bound)
    sign, other_sign = ("", "-") if is_minimum else ("-", "")
    beyond = f"{sign}(?:{_at_least(size, strict=strict)})"
    if bound == 0:
        return beyond if strict else f"{_ZERO}|{beyond}"
    if bound > 0 if is_minimum else bound < 0:  # the bound excludes zero and all numbers of the other sign
        return beyond
    return f"{_ZERO}|{sign}(?:0|[1-9][0-9]*){_ANY_FRACTION}|{other_sign}(?:{_at_most(size, strict=strict)})"


def _at_least(size: Decimal, *, strict: bool) -> str:
    """Return the pattern of the unsigned decimals from ``size``; greater than ``size`` if ``strict``."""
    whole, fraction = _split(size)
    parts = [f"(?:{_naturals(whole + 1, None)}){_ANY_FRACTION}"]
    if not fraction and not strict:
        parts.append(f"{whole}{_ANY_FRACTION}")
        return "|".join(parts)
    fractions = [
        f"{fraction[:index]}{_one_digit(int(digit) + 1, 9)}[0-9]*"
        for index, digit in enumerate(fraction)
        if int(digit) < 9
    ]
    fractions.append(f"{fraction}0*[1-9][0-9]*" if strict else f"{fraction}[0-9]*")
    return "|".join([*parts, rf"{whole}\.(?:{'|'.join(fractions)})"])


def _at_most(size: Decimal, *, strict: bool) -> str:
    """Return the pattern of the unsigned decimals up to ``size``; less than ``size`` if ``strict``."""
    whole, fraction = _split(size)
    parts = [f"(?:{_up_to(whole - 1)}){_ANY_FRACTION}"] if whole else []
    fractions = [
        f"{fraction[:index]}{_one_digit(0, int(digit) - 1)}[0-9]*"
        for index, digit in enumerate(fraction)
        if int(digit) > 0
    ]
    fractions += [fraction[:index] for index in range(1, len(fraction))]
    if not strict:
        fractions.append(f"{fraction}0*" if fraction else "0+")
    if fraction or not strict:
        parts.append(rf"{whole}(?:\.(?:{'|'.join(fractions)}))?")
    return "|".join(parts)


def _up_to(high: int) -> str:
    return "0" if high == 0 else f"0|{_naturals(1, high)}"


def _split(size: Decimal) -> tuple[int, str]:
    whole, _, fraction = format(size, "f").partition(".")
    return int(whole), fraction.rstrip("0")
