"""Strings that match a format or break it, where independent validators agree.

A format is either decoded from the bytes of a block (``FORMAT_DECODERS``) or has a list of examples (``FORMAT_EXAMPLES``) that
every validator accepts. ``FORMAT_MISTAKES`` and ``DATE_TIME_MISTAKES`` hold typical mistakes that every validator rejects.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache

from contractfuzz.payloads.choices.seeded import SeededChoices
from contractfuzz.payloads.values.timestamps import (
    TIMESTAMP_BYTES,
    make_date,
    make_date_time,
    make_duration,
    make_time,
)

_UUID_BYTES = 8

INTEGER_FORMATS: dict[str, tuple[int, int]] = {
    **{f"int{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64)},
}
"""Ranges of the integer formats of OpenAPI's format registry. Validators ignore them in a JSON Schema."""


def make_uuid(block: bytes, start: int) -> str:
    """Return a version 4 UUID (RFC 9562). Zero bytes give the simplest one."""
    digits = block[start : start + _UUID_BYTES].hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-8{digits[15]}00-000000000000"


FORMAT_DECODERS: dict[str, tuple[int, Callable[[bytes, int], str]]] = {
    "date-time": (TIMESTAMP_BYTES, make_date_time),
    "date": (TIMESTAMP_BYTES, make_date),
    "time": (TIMESTAMP_BYTES, make_time),
    "duration": (TIMESTAMP_BYTES, make_duration),
    "uuid": (_UUID_BYTES, make_uuid),
}
"""Formats that are decoded from a block: the number of bytes, and a function of the block and the index of the first byte."""

EDGE_STRINGS: dict[str, tuple[str, ...]] = {
    "date-time": (
        "2024-02-29T23:59:59Z",
        "1970-01-01T00:00:00Z",
        "2023-12-31T23:59:59.123456789Z",
        "2000-01-01T00:00:00.1Z",
        "2000-01-01T00:00:00+14:00",
        "2000-01-01T00:00:00.123-12:00",
    ),
    "date": ("2024-02-29", "2000-02-29", "2023-12-31", "1970-01-01", "1969-12-31"),
    "time": ("23:59:59Z", "00:00:00.1Z", "12:00:00.123456789Z", "00:00:00+14:00", "12:00:00.123+05:45"),
    "duration": ("PT59S", "P30DT23H59M", "P9Y11M29D"),
    "uuid": ("ffffffff-ffff-4fff-8f00-000000000000",),
}
"""Strings of the decoded formats at which consumers tend to fail: leap days, ends of ranges, fractions and offsets."""

_ASCII_EXAMPLES: dict[str, tuple[str, ...]] = {
    "email": (
        "a@b.co",
        "ann@example.com",
        "first.last@example.org",
        "user+tag@mail.example.com",
        "x_1-y@sub.example.co.uk",
    ),
    "hostname": ("a.co", "example.com", "www.example.org", "a-b.example.com", "xn--bcher-kva.example"),
    "ipv4": ("0.0.0.0", "1.2.3.4", "127.0.0.1", "10.0.0.255", "255.255.255.255"),  # noqa: S104
    "ipv6": ("::", "::1", "2001:db8::1", "fe80::1", "2001:db8:0:0:8:800:200c:417a", "::ffff:192.0.2.1"),
    "uri": (
        "a:b",
        "https://a.co",
        "https://example.com/a/b?c=d&e=f#g",
        "https://example.com:8080/%20",
        "mailto:ann@example.com",
        "urn:isbn:0451450523",
    ),
    "uri-reference": ("", "a", "/a/b", "?c=d", "#e", "../a", "//example.com/a", "https://example.com/a?b#c"),
    "json-pointer": ("", "/a", "/a/0", "/a~1b", "/m~0n", "/", "/a//b"),
    "regex": ("", "a", "a+b*", "^[a-z]{2,3}$", "(a|b)?", "\\d+"),
    "uri-template": ("", "a", "/a/{b}", "https://example.com/{a}{?b,c}", "{+a}", "{#a*}"),
    "relative-json-pointer": ("0", "1", "0#", "2/a", "1/a/0", "10/a~1b"),
}

# The international formats accept all strings of the plain ones. Not every validator checks more than that.
_INTERNATIONAL_FORMATS = {
    "iri": "uri",
    "iri-reference": "uri-reference",
    "idn-email": "email",
    "idn-hostname": "hostname",
}

FORMAT_EXAMPLES = {
    **_ASCII_EXAMPLES,
    **{name: _ASCII_EXAMPLES[plain] for name, plain in _INTERNATIONAL_FORMATS.items()},
}
"""Formats with a list of valid strings, the simplest first."""

_DECODED_CANDIDATES = 1500


@cache
def format_candidates(name: str) -> tuple[str, ...]:
    """Return valid strings of a format, the shortest first, to be filtered by a pattern or by bounds of the length.

    Args:
        name: the format.

    Returns:
        The examples, or many decoded strings; none for an unknown format.

    """
    if name not in FORMAT_DECODERS:
        return FORMAT_EXAMPLES.get(name, ())
    width, decode = FORMAT_DECODERS[name]
    stream = SeededChoices(f"decoded:{name}".encode())
    values = {decode(stream.block(width), 0) for _ in range(_DECODED_CANDIDATES)} | {decode(bytes(width), 0)}
    return tuple(sorted(values, key=lambda value: (len(value), value)))


FORMAT_MISTAKES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "date": (
        ("empty", "", "an empty string"),
        ("month-13", "2025-13-01", "a thirteenth month"),
        ("day-30-february", "2025-02-30", "the 30th of February"),
        ("date-time", "2025-03-15T14:30:00Z", "a date-time"),
        ("compact", "20250315", "a date without hyphens"),
        ("us-order", "03/15/2025", "month, day and year with slashes"),
        ("words", "yesterday", "a word"),
    ),
    "time": (
        ("empty", "", "an empty string"),
        ("hour-25", "25:00:00Z", "a 25th hour"),
        ("minute-60", "14:60:00Z", "a 60th minute"),
        ("no-offset", "14:30:00", "no offset from UTC"),
        ("date-time", "2025-03-15T14:30:00Z", "a date-time"),
        ("words", "noon", "a word"),
    ),
    "duration": (
        ("empty", "", "an empty string"),
        ("bare-p", "P", "only the letter P"),
        ("bare-t", "P1DT", "a T with no time after it"),
        ("number", "3600", "a number of seconds"),
        ("clock", "01:00:00", "a clock time"),
        ("words", "an hour", "words"),
    ),
    "email": (
        ("empty", "", "an empty string"),
        ("no-at", "ann.example.com", "an address without @"),
        ("spelled-at", "ann(at)example.com", "@ spelled out"),
        ("full-width-at", "ann＠example.com", "a full-width @, as some keyboards produce"),
        ("words", "not an address", "words"),
    ),
    "hostname": (
        ("leading-hyphen", "-a.example.com", "a label that begins with a hyphen"),
        ("long-label", "a" * 64 + ".example.com", "a label of 64 characters"),
        ("space", "a b.example.com", "a space"),
        ("url", "https://example.com/", "a URL"),
    ),
    "ipv4": (
        ("empty", "", "an empty string"),
        ("three-parts", "1.2.3", "three numbers"),
        ("five-parts", "1.2.3.4.5", "five numbers"),
        ("octet-256", "1.2.3.256", "a number above 255"),
        ("ipv6", "::1", "an IPv6 address"),
        ("words", "localhost", "a name"),
    ),
    "ipv6": (
        ("empty", "", "an empty string"),
        ("ipv4", "127.0.0.1", "an IPv4 address"),
        ("two-gaps", "1::2::3", "two double colons"),
        ("long-group", "12345::", "a group of five digits"),
        ("bracketed", "[::1]", "brackets, as in a URL"),
    ),
    "uri": (
        ("empty", "", "an empty string"),
        ("relative", "/a/b", "a relative reference"),
        ("no-scheme", "example.com/a", "an address without a scheme"),
        ("space", "https://example.com/a b", "a space"),
        ("bad-percent", "https://example.com/%zz", "a percent sign without two hexadecimal digits"),
    ),
    "uri-reference": (
        ("space", "/a b", "a space"),
        ("bad-percent", "/%zz", "a percent sign without two hexadecimal digits"),
        ("backslash", "\\\\server\\file", "backslashes"),
        ("braces", "/{id}", "a template that was not filled in"),
    ),
    "uuid": (
        ("empty", "", "an empty string"),
        ("short", "00000000-0000-4000-8000-00000000000", "one digit too few"),
        ("braced", "{00000000-0000-4000-8000-000000000000}", "braces around it"),
        ("bad-digit", "0000000g-0000-4000-8000-000000000000", "a letter that is not a hexadecimal digit"),
        ("number", "12345", "a number"),
    ),
    "json-pointer": (
        ("no-slash", "a/b", "no leading slash"),
        ("fragment", "#/a", "a fragment sign"),
        ("bad-escape", "/~2", "a tilde not followed by 0 or 1"),
        ("bare-tilde", "/a~", "a tilde at the end"),
    ),
    "uri-template": (
        ("open-brace", "/a/{b", "a brace that is not closed"),
        ("close-brace", "/a/b}", "a brace that was not opened"),
        ("space", "/{a b}", "a space in a name"),
    ),
    "relative-json-pointer": (
        ("empty", "", "an empty string"),
        ("no-number", "/a", "no number at the start"),
        ("negative", "-1/a", "a negative number"),
        ("leading-zero", "01/a", "a leading zero"),
    ),
    "regex": (
        ("open-group", "(a", "a group that is not closed"),
        ("open-class", "[a", "a character class that is not closed"),
        ("bare-star", "*a", "a star with nothing before it"),
        ("close-group", "a)", "a closing bracket without a group"),
    ),
}
"""Typical mistakes by format: variant, value and description. ``date-time`` has ``DATE_TIME_MISTAKES`` instead."""

_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

DATE_TIME_MISTAKES: dict[str, tuple[Callable[[str], str], str]] = {
    "empty": (lambda _: "", "an empty string"),
    "date-only": (lambda s: s[:10], "a date without a time"),
    "no-offset": (lambda s: s[:-1], "no offset from UTC"),
    "month-13": (lambda s: s[:5] + "13" + s[7:], "a thirteenth month"),
    "day-30-february": (lambda s: s[:5] + "02-30" + s[10:], "the 30th of February"),
    "hour-25": (lambda s: s[:11] + "25" + s[13:], "a 25th hour"),
    "minute-60": (lambda s: s[:14] + "60" + s[16:], "a 60th minute"),
    "offset-out-of-range": (lambda s: s[:-1] + "+01:60", "an offset with 60 minutes"),
    "missing-seconds": (lambda s: s[:16] + "Z", "no seconds"),
    "compact": (
        lambda s: s.replace("-", "").replace(":", ""),
        "the basic format of ISO 8601, without hyphens and colons",
    ),
    "epoch-seconds": (lambda s: str(_epoch_seconds(s)), "seconds since 1970, as a string"),
    "epoch-milliseconds": (lambda s: str(_epoch_seconds(s) * 1000), "milliseconds since 1970, as a string"),
    "trailing-text": (lambda s: s + " UTC", "text after the time"),
    "non-ascii-digits": (lambda s: s.translate(_ARABIC), "digits that are not ASCII"),
    "words": (lambda _: "yesterday", "a word"),
}
"""Typical mistakes in a date-time, by variant: a change and a description.

A change takes a date-time in UTC without a fraction: ``2025-03-15T14:30:00Z``.
"""


def _epoch_seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
