"""TODO."""

from __future__ import annotations

from typing import Any

from contractfuzz.payloads.values import doubtful, formats, timestamps

TEXTS = (
    "", "\x00", "a\x00b", "\x1b[31m", "\x7f", "\u202eabc", "\u2066abc\u2069", "\u200b", "\ufeff", "\u2028", "\ufffd", "\uffff",
    "e\u0301", "é", "ﬁ", "ſ", "ı", "İ", "ß", "K", "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪", "👍🏽", "a" + "\u0301" * 50, "\U0010ffff",
    "__proto__", "constructor", "toString", "null", "undefined", "None", "NaN", "true", "0", "-0", "1e1000", "007", "９",
    "=1+1", "+1", "-1", "@SUM(A1)", "a,b;c\td", '"', "'", "\\", "\\n", "a\r\nb", " ", " a ", "\t",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;", "]]>", "<!--", "{{7*7}}", "${7*7}",
    "#{7*7}", "<%= 7*7 %>",
    "' OR '1'='1", "1; DROP TABLE contacts--", "%s%s%n", "%d", "{0}", "{}", "%00", "%2e%2e%2f", "../../etc/passwd", "..\\..\\x",
    "file:///etc/passwd", "http://[::1]:0/", "javascript:alert(1)", "CON", "a" * 1000, "é" * 5000, "a" * 65536,
    "2025-02-30T00:00:00Z", "9223372036854775808", "[object Object]", "{\"a\":1}", "key", "Key", "KEY", "kEy",
)  # fmt: skip
"""Short ones first where it matters: shrinking goes towards the front."""

NAMES = (
    "x", "__proto__", "constructor", "prototype", "hasOwnProperty", "toString", "", " ", ".", "..", "/", "~", "$ref", "$schema",
    "@type",
    "a.b", "a[0]", "\x00", "\u202e", "é", "e\u0301", "👍", "self", "class", "__class__", "id ", " id", "null", "0", "-1",
    "k" * 1000,
)  # fmt: skip
"""Names of properties that no contract declares."""


def _deep(levels: int) -> Any:
    """Return an array in an array in an array..."""
    value: Any = None
    for _ in range(levels):
        value = [value]
    return value


VALUES: tuple[Any, ...] = (1e308, -0.0, 2**63, 10**40, "a" * 1000, _deep(60), {"__proto__": {"x": 1}})
"""Values of properties that no contract declares."""


def date_time(block: bytes, at: int) -> str:
    """Return a date-time of which every second one is doubtful."""
    if block[at] < 128:
        return timestamps.date_time(block, at)
    plain = timestamps.date_time(b"\0" + block[at + 1 : at + timestamps.WIDTH], 0)
    return doubtful.DATE_TIMES[block[at + 7] * len(doubtful.DATE_TIMES) >> 8].change(plain)


DECODED = {**formats.DECODED, "date-time": (timestamps.WIDTH, date_time)}

DOUBTFUL_TEXTS = {form: tuple(doubt.example for doubt in doubts) for form, doubts in doubtful.TEXTS.items()}
"""Doubtful values of formats that are taken from a list."""
