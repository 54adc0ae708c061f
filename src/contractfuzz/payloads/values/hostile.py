"""Hostile values: valid, yet programs handle them differently. Control characters, markup, look-alikes, huge and deep values."""

from __future__ import annotations

from typing import Any

from contractfuzz.payloads.values.doubtful import DOUBTFUL_DATE_TIMES
from contractfuzz.payloads.values.formats import FORMAT_DECODERS
from contractfuzz.payloads.values.timestamps import TIMESTAMP_BYTES, make_date_time

HOSTILE_STRINGS = (
    "", "\x00", "a\x00b", "\x1b[31m", "\x7f", "\u202eabc", "\u2066abc\u2069", "\u200b", "\ufeff", "\u2028", "\ufffd", "\uffff",
    "e\u0301", "é", "ﬁ", "ſ", "ı", "İ", "ß", "K", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "👍🏽", "a" + "\u0301" * 50, "\U0010ffff",
    "__proto__", "constructor", "toString", "null", "undefined", "None", "NaN", "true", "0", "-0", "1e1000", "007", "９",
    "=1+1", "+1", "-1", "@SUM(A1)", "a,b;c\td", '"', "'", "\\", "\\n", "a\r\nb", " ", " a ", "\t",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;", "]]>", "<!--", "{{7*7}}", "${7*7}",
    "#{7*7}", "<%= 7*7 %>",
    "' OR '1'='1", "1; DROP TABLE contacts--", "%s%s%n", "%d", "{0}", "{}", "%00", "%2e%2e%2f", "../../etc/passwd", "..\\..\\x",
    "file:///etc/passwd", "http://[::1]:0/", "javascript:alert(1)", "CON", "a" * 1000, "é" * 5000, "a" * 65536,
    "2025-02-30T00:00:00Z", "9223372036854775808", "[object Object]", "{\"a\":1}", "key", "Key", "KEY", "kEy",
    "`id`", "$(id)", "a; id", "a | id", "a && id", "-rf", "${jndi:ldap://localhost/a}", "{{constructor.constructor('a')()}}",
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>',
    "\u00a0", "\u3000", "a\u2009b", "\u180e", "\x85", "\x9b31m", "\u00ad",
    "שלום", "مرحبا 123", "\u200fabc", "ŉ", "ﬀ", "ΐ", "ǰ", "\u1e9e", "Σς", "𝟙𝟚", "𝐀𝐛", "𐐷", "𠜎", "Ａ", "ⅷ",
    "NUL", "com1", "LPT1.txt", "aux.", "/dev/null",
)  # fmt: skip
"""Hostile strings. Shrinking prefers the first ones, so short strings come first where size matters."""

NUMBER_LOOKALIKES = (
    "NaN", "Infinity", "-Infinity", "1e3", "1E400", "1.0", "1.5", ".5", "5.", "-0", "+1", "007", " 1", "1 ", "1\n", "\t1",
    "1\u00a0", "1,000", "1.000,00", "1_000", "1 000", "0x1F", "0b1", "0o7", "1f", "1L", "١٢", "１２", "𝟙𝟚", "१", "²",
    "½", "Ⅷ", "−1", "1٫5", "9007199254740993", "18446744073709551616", "1" * 400, "0." + "1" * 40,
)  # fmt: skip
"""Strings that look like numbers, for strings that should hold one. Programs read different numbers from them, or none."""

HOSTILE_INTEGERS = (
    *(2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**32 - 1, 2**32, 2**53 - 1, 2**53, 2**53 + 1, -(2**53) - 1),
    *(
        2**63 - 1,
        2**63,
        -(2**63),
        -(2**63) - 1,
        2**64 - 1,
        2**64,
        2**64 + 1,
        10**19,
        10**21,
        -(10**30),
        10**40,
        10**400,
    ),
)
"""Integers at the ends of 32, 53 and 64 bits and beyond. The last one is too large for a double."""

HOSTILE_NAMES = (
    "x", "__proto__", "constructor", "prototype", "hasOwnProperty", "toString", "", " ", ".", "..", "/", "~", "$ref", "$schema",
    "@type",
    "a.b", "a[0]", "\x00", "\u202e", "é", "e\u0301", "👍", "self", "class", "__class__", "id ", " id", "null", "0", "-1",
    "k" * 1000,
)  # fmt: skip
"""Hostile names of properties that no contract declares."""


def _nested_arrays(depth: int) -> Any:
    value: Any = None
    for _ in range(depth):
        value = [value]
    return value


HOSTILE_VALUES: tuple[Any, ...] = (
    *(1e308, -0.0, 2**63, 10**40),
    "a" * 1000,
    _nested_arrays(60),
    {"__proto__": {"x": 1}},
)
"""Hostile values of properties that no contract declares."""

_DOUBTFUL_DATE_TIME_CHANGES = tuple(DOUBTFUL_DATE_TIMES.values())


def make_hostile_date_time(block: bytes, start: int) -> str:
    """Return a date-time, doubtful in half of the blocks."""
    if block[start] < 128:
        return make_date_time(block, start)
    # The first byte of zero gives a date-time in UTC without a fraction, which the changes rely on.
    plain = make_date_time(b"\0" + block[start + 1 : start + TIMESTAMP_BYTES], 0)
    change = _DOUBTFUL_DATE_TIME_CHANGES[block[start + 7] * len(_DOUBTFUL_DATE_TIME_CHANGES) >> 8]
    return change(plain)


HOSTILE_FORMAT_DECODERS = {**FORMAT_DECODERS, "date-time": (TIMESTAMP_BYTES, make_hostile_date_time)}
"""Formats that the profile ``hostile`` decodes from a block, as ``FORMAT_DECODERS``."""
