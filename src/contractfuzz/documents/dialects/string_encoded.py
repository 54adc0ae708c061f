"""Numbers and bytes that travel as strings, as JSON Schema: a pattern that admits exactly what the type does.

JSON Structure Core, "Extended Primitive Types", writes the wide integers and ``decimal`` in the grammar of RFC 8259, section 6,
and ``binary`` in an encoding of RFC 4648. The patterns are of the regular expressions that every validator reads.
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
"""The integers that are strings on the wire, with their ranges."""

ENCODINGS: dict[str, str] = {
    "base64": r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
    "base64url": r"(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2}(?:==)?|[A-Za-z0-9_-]{3}=?)?",
    "base32": r"(?:[A-Z2-7]{8})*(?:[A-Z2-7]{2}={6}|[A-Z2-7]{4}={4}|[A-Z2-7]{5}={3}|[A-Z2-7]{7}=)?",
    "base32hex": r"(?:[0-9A-V]{8})*(?:[0-9A-V]{2}={6}|[0-9A-V]{4}={4}|[0-9A-V]{5}={3}|[0-9A-V]{7}=)?",
    "base16": r"(?:[0-9A-Fa-f]{2})*",
}
"""The encodings of ``binary`` (RFC 4648), each with the pattern of its strings."""


def integer(name: str, low: int, high: int) -> dict[str, Any]:
    """Return the schema of the integers from ``low`` to ``high``, written as strings; there must be one."""
    parts = []
    if low < 0:
        parts.append(f"-(?:{_naturals(max(1, -high), -low)})")
    if low <= 0 <= high:
        parts.append("-?0" if low < 0 else "0")
    if high > 0:
        parts.append(_naturals(max(1, low), high))
    return _schema("|".join(parts), {"type": name, "minimum": str(low), "maximum": str(high)})


def decimal(precision: int | None, scale: int | None, bounds: Mapping[str, Decimal]) -> dict[str, Any]:
    """Return the schema of decimal numbers, written as strings.

    Args:
        precision: how many digits they have at most, without the zero before the point; None for any number.
        scale: how many of these stand behind the point at most.
        bounds: of ``minimum``, ``maximum``, ``exclusiveMinimum`` and ``exclusiveMaximum`` those that there are.

    """
    behind = "*" if scale is None else f"{{1,{scale}}}"
    fraction = "" if scale == 0 else rf"(?:\.[0-9]{'+' if scale is None else behind})?"
    checks = [] if precision is None else [rf"(?=-?(?:0\.)?(?:[0-9]\.?){{0,{precision}}}$)"]
    checks += [f"(?=(?:{_bounded(keyword, bound)})$)" for keyword, bound in bounds.items()]
    hint = {"type": "decimal", "precision": precision, "scale": scale}
    hint |= {keyword: format(bound, "f") for keyword, bound in bounds.items()}
    return _schema(rf"-?(?:0|[1-9][0-9]*){fraction}", hint, "".join(checks))


def binary(encoding: str) -> dict[str, Any]:
    """Return the schema of bytes in one of ``ENCODINGS``."""
    return {**_schema(ENCODINGS[encoding], {"type": "binary", "encoding": encoding}), "contentEncoding": encoding}


def _schema(body: str, hint: dict[str, Any], checks: str = "") -> dict[str, Any]:
    # Without the last group, a dollar sign overlooks a line feed at the end in Python and others.
    return {"type": "string", "pattern": rf"^{checks}(?:{body})$(?!\n)", ANNOTATION: hint}


# --- integers: digit by digit -------------------------------------------------------------------------------------------


def _naturals(low: int, high: int | None) -> str:
    """Return the expression of the whole numbers from ``low`` to ``high``, from ``low`` on where there is no ``high``."""
    first, last = str(low), None if high is None else str(high)
    if last is not None and len(first) == len(last):
        return _alike(first, last)
    parts = [_alike(first, "9" * len(first))]
    middle_low, middle_high = len(first), "" if last is None else len(last) - 2
    if last is None or len(last) - len(first) > 1:
        parts.append(f"[1-9][0-9]{{{middle_low},{middle_high}}}")
    if last is not None:
        parts.append(_alike("1" + "0" * (len(last) - 1), last))
    return "|".join(parts)


def _alike(first: str, last: str) -> str:
    """Return the expression of the digits from ``first`` to ``last``, which are equally long."""
    if not first:
        return ""
    if first[0] == last[0]:
        rest = _alike(first[1:], last[1:])
        return first[0] + (f"(?:{rest})" if "|" in rest else rest)
    low, high, length = int(first[0]), int(last[0]), len(first) - 1
    parts = []
    if first[1:].strip("0"):
        parts.append(_prefixed(first[0], _alike(first[1:], "9" * length)))
        low += 1
    if last[1:].strip("9"):
        parts.append(_prefixed(last[0], _alike("0" * length, last[1:])))
        high -= 1
    if low <= high:
        parts.append(_digits(low, high) + (f"[0-9]{{{length}}}" if length else ""))
    return "|".join(parts)


def _prefixed(prefix: str, rest: str) -> str:
    return prefix + (f"(?:{rest})" if "|" in rest else rest)


def _digits(low: int, high: int) -> str:
    return str(low) if low == high else f"[{low}-{high}]"


# --- decimals: by a bound -----------------------------------------------------------------------------------------------

_FRACTION = r"(?:\.[0-9]+)?"
_ZERO = r"-?0(?:\.0+)?"


def _bounded(keyword: str, bound: Decimal) -> str:
    above, strict = keyword.lower().endswith("minimum"), keyword.startswith("exclusive")
    away = (
        bound >= 0 if above else bound <= 0
    )  # does the bound shut out the numbers of the other sign, zero among them?
    size = abs(bound)
    sign, other = ("", "-") if above else ("-", "")
    far = f"{sign}(?:{_at_least(size, strict=strict)})"
    if bound == 0:
        return far if strict else f"{_ZERO}|{far}"
    if away:
        return far
    within = f"{other}(?:{_at_most(size, strict=strict)})"
    return f"{_ZERO}|{sign}(?:0|[1-9][0-9]*){_FRACTION}|{within}"


def _at_least(size: Decimal, *, strict: bool) -> str:
    whole, fraction = _split(size)
    parts = [f"(?:{_naturals(whole + 1, None)}){_FRACTION}"]
    if not fraction and not strict:
        parts.append(f"{whole}{_FRACTION}")
        return "|".join(parts)
    behind = [f"{fraction[:i]}{_digits(int(digit) + 1, 9)}[0-9]*" for i, digit in enumerate(fraction) if int(digit) < 9]
    behind.append(f"{fraction}0*[1-9][0-9]*" if strict else f"{fraction}[0-9]*")
    return "|".join([*parts, rf"{whole}\.(?:{'|'.join(behind)})"])


def _at_most(size: Decimal, *, strict: bool) -> str:
    whole, fraction = _split(size)
    parts = [f"(?:{_up_to(whole - 1)}){_FRACTION}"] if whole else []
    behind = [f"{fraction[:i]}{_digits(0, int(digit) - 1)}[0-9]*" for i, digit in enumerate(fraction) if int(digit) > 0]
    behind += [fraction[:i] for i in range(1, len(fraction))]
    if not strict:
        behind.append(f"{fraction}0*" if fraction else "0+")
    if fraction or not strict:
        parts.append(rf"{whole}(?:\.(?:{'|'.join(behind)}))?")
    return "|".join(parts)


def _up_to(high: int) -> str:
    return "0" if high == 0 else f"0|{_naturals(1, high)}"


def _split(size: Decimal) -> tuple[int, str]:
    whole, _, fraction = format(size, "f").partition(".")
    return int(whole), fraction.rstrip("0")
