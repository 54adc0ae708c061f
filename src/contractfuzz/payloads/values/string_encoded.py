"""Values and mistakes of numbers and bytes that are encoded as strings: by JSON Structure, or as a pattern or format shows.

The annotation of such a schema (``contractfuzz.documents.dialects.string_encoded.ANNOTATION``) names the encoded type and its
bounds. A schema is user input, so an annotation may be anything: an unknown one has no values and no mistakes.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Context, Decimal
from typing import Any

from contractfuzz.documents.dialects.string_encoded import ENCODINGS, INTEGERS, NUMBER
from contractfuzz.patterns.engine import PatternError, compile_pattern, with_unicode_classes
from contractfuzz.payloads.values.formats import INTEGER_FORMATS

_INTEGER_EDGES = (
    *(0, 1, 2, 7, 10, 42, 99, 100, 128, 255, 256, 1000, 65_535, 2**31 - 1, 2**31, 2**32, 2**53 - 1, 2**53 + 1),
    *(2**63 - 1, 2**63, 2**64 - 1, 10**18, 10**19, 10**30, 2**127 - 1),
)
_INTEGER_STEPS = 64
"""Number of integers taken at equal distances from the whole range."""

_WHOLE_NUMBER = "-?[0-9]{1,60}"
"""Pattern of the bounds of an integer in an annotation."""

BYTES = (b"", b"\0", b"a", b"ab", b"abc", b"\xff\xfe", b"hello", bytes(range(16)), b"\xfb\xff\xbf", b"x" * 60)
"""Bytes of many kinds: none, zero, text, not UTF-8, long."""

# Digits of a decimal without precision or scale. JSON Structure Core promises 34 digits.
_DEFAULT_PRECISION = 34
_DEFAULT_SCALE = 7

_MAX_ANNOTATED_DIGITS = 1000
"""Maximum precision and scale; an annotation with more is ignored. Documents have the same limit."""

# The default context rounds to 28 digits and cannot represent a bound with a larger scale.
_EXACT = Context(prec=2 * _MAX_ANNOTATED_DIGITS)

ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "base64": base64.b64encode,
    "base64url": base64.urlsafe_b64encode,
    "base32": base64.b32encode,
    "base32hex": base64.b32hexencode,
    "base16": base64.b16encode,
}
"""Encodings of RFC 4648 by name."""

_NUMBER_MISTAKES = (
    ("empty", "", "an empty string"),
    ("leading-zero", "007", "leading zeros"),
    ("plus", "+1", "a plus sign"),
    ("exponent", "1e3", "an exponent"),
    ("hexadecimal", "0x1F", "a hexadecimal number"),
    ("grouped", "1,000,000", "commas between the thousands"),
    ("spaces", " 1", "a leading space"),
    ("words", "one", "a word"),
    ("not-a-number", "NaN", "NaN"),
    ("non-ascii-digits", "١٢", "digits that are not ASCII"),
)

_BINARY_MISTAKES = (
    ("bad-digit", "!!!!", "characters outside the alphabet of the encoding"),
    ("cut-off", "A", "a truncated string"),
    ("spaces", "QQ ==", "a space inside the string"),
)


_NUMBER_FORMATS = INTEGER_FORMATS.keys() | {
    "integer",
    "number",
    "decimal",
    "decimal128",
    "double",
    "float",
    "numeric",
    "bigint",
}

_MAX_PROBED_DIGITS = 20

_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def holds_number(schema: Mapping[str, Any]) -> bool:
    """Return True if strings should hold a number, as their format, their pattern or all their examples show."""
    if schema.get("format") in _NUMBER_FORMATS:
        return True
    if "pattern" in schema:
        return _number_by_pattern(schema["pattern"]) is not None
    examples = [*schema.get("examples", ()), *(schema[name] for name in ("example", "default") if name in schema)]
    return bool(examples) and all(isinstance(text, str) and re.fullmatch(NUMBER, text) for text in examples)


def number_mistakes(pattern: str) -> Iterator[tuple[str, str, str]]:
    """Yield what people write by mistake instead of a number that a pattern asks for; nothing if it asks for something else.

    Args:
        pattern: the pattern of a schema.

    Yields:
        The variant, the value and a description. A value may match the pattern by chance, so the caller checks it.

    """
    number = _number_by_pattern(pattern)
    if number is None:
        return
    yield "not-a-number", "NaN", "NaN"
    yield "exponent", "1e3", "an exponent"
    if "." not in number:
        yield "fraction", f"{number}.5", "a fractional number"
    yield "spaces", f" {number}", "a leading space"
    yield "plus", f"+{number}", "a plus sign"
    yield "grouped", "1,000", "a comma between the thousands"
    yield "hexadecimal", "0x1F", "a hexadecimal number"
    arabic = number.translate(_ARABIC_DIGITS)
    if not matches_in_python(pattern, arabic):  # where `\d` is any digit
        yield "non-ascii-digits", arabic, "digits that are not ASCII"


def _number_by_pattern(pattern: str) -> str | None:
    """Return a number that a pattern matches, or None if it matches none, or words as well."""
    search = compile_pattern(pattern).search
    digits = ("1" * length for length in range(1, _MAX_PROBED_DIGITS + 1))
    number = next((text for text in (*digits, "1.5", "1.50", "1.500") if search(text)), None)
    if number is None or search("") or any(search(number.replace("1", letter)) for letter in "aAxé_ "):
        return None
    return number


def matches_in_python(pattern: str, text: str) -> bool:
    """Return True if a pattern may match a text in Python, for which digits and letters of all scripts are in the classes.

    Python's own engine does not decide, because it may take exponential time.
    """
    written = with_unicode_classes(pattern)
    try:
        return written is None or not compile_pattern(written).misses(text)
    except PatternError:
        return True


def encoded_values(annotation: Any) -> Iterator[str]:
    """Yield strings of the type that an annotation names, in no order.

    Args:
        annotation: the annotation of a schema.

    Yields:
        Strings that mostly match the pattern of the schema. Some may be out of bounds, so the caller validates them.

    """
    match annotation:
        case {"type": str() as name, "minimum": str() as low, "maximum": str() as high} if name in INTEGERS:
            yield from _integers(low, high)
        case {"type": "decimal"}:
            yield from _decimals(annotation)
        case {"type": "binary", "encoding": str() as encoding} if encoding in ENCODINGS:
            yield from (ENCODERS[encoding](data).decode() for data in BYTES)


def encoded_mistakes(annotation: Any) -> Iterator[tuple[str, str, str]]:
    """Yield what people write by mistake instead of a string of the type that an annotation names.

    Args:
        annotation: the annotation of a schema.

    Yields:
        The variant, the value and a description. A value may match the pattern by chance, so the caller checks it.

    """
    match annotation:
        case {"type": str() as name, "minimum": str() as low, "maximum": str() as high} if name in INTEGERS:
            yield from _integer_mistakes(low, high)
        case {"type": "decimal"}:
            yield from _decimal_mistakes(annotation)
        case {"type": "binary", "encoding": str() as encoding} if encoding in ENCODINGS:
            yield from _BINARY_MISTAKES


def _integers(low: str, high: str) -> Iterator[str]:
    if not re.fullmatch(_WHOLE_NUMBER, low) or not re.fullmatch(_WHOLE_NUMBER, high):
        return
    first, last = int(low), int(high)
    candidates = {sign * number for number in _INTEGER_EDGES for sign in (1, -1)}
    candidates |= {first, first + 1, last - 1, last, (first + last) // 2}
    candidates |= {first + (last - first) * step // _INTEGER_STEPS for step in range(_INTEGER_STEPS)}
    yield from (str(number) for number in candidates if first <= number <= last)


def _integer_mistakes(low: str, high: str) -> Iterator[tuple[str, str, str]]:
    if re.fullmatch(_WHOLE_NUMBER, low) and re.fullmatch(_WHOLE_NUMBER, high):
        yield "above", str(int(high) + 1), "a number just above the range"
        yield "below", str(int(low) - 1), "a number just below the range"
        yield "far", str(int(high) * 10**6 + 10**40), "a number far above the range"
    yield "fraction", "1.5", "a fractional number"
    yield from _NUMBER_MISTAKES


def _decimals(annotation: Mapping[str, Any]) -> Iterator[str]:
    precision, scale = _digits(annotation, "precision"), _digits(annotation, "scale")
    digits = _DEFAULT_PRECISION if precision is None else precision
    fraction_digits = min(_DEFAULT_SCALE if scale is None else scale, digits)
    whole_digits = max(digits - fraction_digits, 0)
    wholes = ["0", "1", "7", "42", "100", "9" * whole_digits, "1" + "0" * (whole_digits - 1) if whole_digits else "0"]
    endings = ["0", "5", "25", "01", "99", "0" * (fraction_digits - 1) + "1", "9" * fraction_digits]
    fractions = [f".{ending[:fraction_digits]}" for ending in endings if ending[:fraction_digits]] or [""]
    yield from (sign + whole + fraction for sign in ("", "-") for whole in wholes for fraction in fractions)
    step = Decimal(1).scaleb(-fraction_digits)
    for bound in _decimal_bounds(annotation).values():
        for steps in (-1000, -10, -1, 0, 1, 10, 1000):
            yield format(_EXACT.quantize(_EXACT.add(bound, step * steps), step), "f")


def _decimal_mistakes(annotation: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    precision, scale = _digits(annotation, "precision"), _digits(annotation, "scale")
    if scale is not None:
        yield "scale", "0." + "1" * (scale + 1), "one digit too many after the decimal point"
    if precision is not None:
        yield "precision", "1" * (precision + 1), "one digit too many"
    step = Decimal(1).scaleb(-min(_DEFAULT_SCALE if scale is None else scale, _DEFAULT_SCALE))
    for keyword, bound in _decimal_bounds(annotation).items():
        sign = -1 if keyword.lower().endswith("minimum") else 1
        beyond = bound + sign * (0 if keyword.startswith("exclusive") else step)
        yield keyword, format(beyond.quantize(step), "f"), f"a number beyond `{keyword}`"
    yield "bare-point", "1.", "a decimal point with no digit after it"
    yield "comma", "1,5", "a decimal comma"
    yield from _NUMBER_MISTAKES


def _digits(annotation: Mapping[str, Any], keyword: str) -> int | None:
    value = annotation.get(keyword)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= _MAX_ANNOTATED_DIGITS else None


def _decimal_bounds(annotation: Mapping[str, Any]) -> dict[str, Decimal]:
    keywords = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
    return {
        keyword: Decimal(annotation[keyword])
        for keyword in keywords
        if isinstance(annotation.get(keyword), str) and re.fullmatch(NUMBER, annotation[keyword])
    }
