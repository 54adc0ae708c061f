"""Numbers and bytes that travel as strings, as JSON Schema: a pattern that admits exactly what the type does.

JSON Structure Core, "Extended Primitive Types", writes the wide integers and ``decimal`` in the grammar of RFC 8259, section 6,
and ``binary`` in an encoding of RFC 4648. The patterns are of the regular expressions that every validator reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

HINT = "x-wire"
"""The annotation beside such a pattern: the type that it stands for, and its bounds as far as it has some."""

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
    return {"type": "string", "pattern": rf"^{checks}(?:{body})$(?!\n)", HINT: hint}


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


# --- values -------------------------------------------------------------------------------------------------------------

_AROUND = (0, 1, 2, 7, 10, 42, 99, 100, 128, 255, 256, 1000, 65_535, 2**31 - 1, 2**31, 2**32, 2**53 - 1, 2**53 + 1)
_MORE = (2**63 - 1, 2**63, 2**64 - 1, 10**18, 10**19, 10**30, 2**127 - 1)
_BYTES = (b"", b"\0", b"a", b"ab", b"abc", b"\xff\xfe", b"hello", bytes(range(16)), b"\xfb\xff\xbf", b"x" * 60)


def values(hint: Any) -> Iterator[str]:
    """Yield strings of the type that a ``HINT`` names, in no order; some may lie out of its bounds. Of other hints, none."""
    match hint:
        case {"type": str() as name, "minimum": str() as low, "maximum": str() as high} if name in INTEGERS:
            yield from _integers(low, high)
        case {"type": "decimal"}:
            yield from _decimals(hint)
        case {"type": "binary", "encoding": str() as encoding} if encoding in ENCODINGS:
            yield from (_encoded(data, encoding) for data in _BYTES)


def mistakes(hint: Any) -> Iterator[tuple[str, str, str]]:
    """Yield what people write instead of such a string: variant, value, and the mistake in words."""
    match hint:
        case {"type": str() as name, "minimum": str() as low, "maximum": str() as high} if name in INTEGERS:
            if re.fullmatch("-?[0-9]+", low) and re.fullmatch("-?[0-9]+", high):
                yield "above", str(int(high) + 1), "a number just above the range"
                yield "below", str(int(low) - 1), "a number just below the range"
                yield "far", str(int(high) * 10**6 + 10**40), "a number far above the range"
            yield "fraction", "1.5", "a fractional number"
            yield from _spellings()
        case {"type": "decimal"}:
            if isinstance(scale := hint.get("scale"), int):
                yield "scale", "0." + "1" * (scale + 1), "a digit too many behind the point"
            if isinstance(precision := hint.get("precision"), int):
                yield "precision", "1" * (precision + 1), "a digit too many"
            yield from ((variant, value, f"a number beyond `{variant}`") for variant, value in _beyond(hint))
            yield "bare-point", "1.", "a point with no digit behind it"
            yield "comma", "1,5", "a comma for the point"
            yield from _spellings()
        case {"type": "binary", "encoding": str() as encoding} if encoding in ENCODINGS:
            yield "bad-digit", "!!!!", "characters that the encoding does not have"
            yield "cut-off", "A", "a string that was cut off"
            yield "spaces", "QQ ==", "a space within"


def _integers(low: str, high: str) -> Iterator[str]:
    if not re.fullmatch("-?[0-9]{1,60}", low) or not re.fullmatch("-?[0-9]{1,60}", high):
        return
    first, last = int(low), int(high)
    candidates = {sign * number for number in (*_AROUND, *_MORE) for sign in (1, -1)}
    candidates |= {first, first + 1, last - 1, last, (first + last) // 2}
    candidates |= {first + (last - first) * step // 64 for step in range(64)}
    yield from (str(number) for number in candidates if first <= number <= last)


def _decimals(hint: Mapping[str, Any]) -> Iterator[str]:
    precision, scale = hint.get("precision"), hint.get("scale")
    # Where nothing is said, as many digits as the specification promises.
    most = precision if isinstance(precision, int) else 34
    behind = min(scale if isinstance(scale, int) else 7, most)
    before = max(most - behind, 0)
    wholes = ["0", "1", "7", "42", "100", "9" * before, "1" + "0" * (before - 1) if before else "0"]
    ends = ["0", "5", "25", "01", "99", "0" * (behind - 1) + "1", "9" * behind]
    fractions = [f".{digits[:behind]}" for digits in ends if digits[:behind]] if behind else [""]
    yield from (sign + whole + end for sign in ("", "-") for whole in wholes for end in fractions)
    step = Decimal(1).scaleb(-behind)
    for number in _bounds(hint).values():
        for count in (-1000, -10, -1, 0, 1, 10, 1000):
            yield format((number + step * count).quantize(step), "f")


def _beyond(hint: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    scale = hint.get("scale")
    step = Decimal(1).scaleb(-min(scale if isinstance(scale, int) else 7, 7))
    for keyword, bound in _bounds(hint).items():
        sign = -1 if keyword.lower().endswith("minimum") else 1
        yield keyword, format((bound + sign * (0 if keyword.startswith("exclusive") else step)).quantize(step), "f")


def _bounds(hint: Mapping[str, Any]) -> dict[str, Decimal]:
    keywords = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
    return {
        keyword: Decimal(hint[keyword])
        for keyword in keywords
        if isinstance(hint.get(keyword), str) and re.fullmatch(NUMBER, hint[keyword])
    }


NUMBER = r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,7})?"
"""How a bound of ``decimal`` is written; longer ones are not read, so that sums of them are exact."""


def _spellings() -> Iterator[tuple[str, str, str]]:
    yield "empty", "", "an empty string"
    yield "leading-zero", "007", "leading zeros"
    yield "plus", "+1", "a plus sign"
    yield "exponent", "1e3", "an exponent"
    yield "hexadecimal", "0x1F", "a hexadecimal number"
    yield "grouped", "1,000,000", "commas between the thousands"
    yield "spaces", " 1", "a space before it"
    yield "words", "one", "a word"
    yield "not-a-number", "NaN", "NaN"
    yield "non-ascii-digits", "١٢", "digits that are not ASCII"


def _encoded(data: bytes, encoding: str) -> str:
    import base64

    encode = {
        "base64": base64.b64encode,
        "base64url": base64.urlsafe_b64encode,
        "base32": base64.b32encode,
        "base32hex": base64.b32hexencode,
        "base16": base64.b16encode,
    }
    return encode[encoding](data).decode()
