"""Strings that keep a format or break it, where independent validators agree.

Each format that is not made of bytes (see ``timestamps``) has a list of values, simplest first, that every validator takes, and
a list of telling mistakes that every validator refuses.
"""

from __future__ import annotations

from collections.abc import Callable

from contractfuzz.payloads.values import timestamps


def uuid(block: bytes, at: int) -> str:
    """Return a version 4 UUID (RFC 9562); zeros give the plainest one."""
    digits = block[at : at + 8].hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-8{digits[15]}00-000000000000"


DECODED: dict[str, tuple[int, Callable[[bytes, int], str]]] = {
    "date-time": (timestamps.WIDTH, timestamps.date_time),
    "date": (timestamps.WIDTH, timestamps.date),
    "time": (timestamps.WIDTH, timestamps.time),
    "duration": (timestamps.WIDTH, timestamps.duration),
    "uuid": (8, uuid),
}
"""Formats whose values are decided byte by byte: how many bytes, and how."""

_PLAIN: dict[str, tuple[str, ...]] = {
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
}

# Their international forms take all of them, and whether a validator is there for them is uncertain.
_INTERNATIONAL = {"iri": "uri", "iri-reference": "uri-reference", "idn-email": "email", "idn-hostname": "hostname"}

LISTED = {**_PLAIN, **{form: _PLAIN[plain] for form, plain in _INTERNATIONAL.items()}}
"""Formats whose values come from a list, simplest first."""

BROKEN: dict[str, tuple[tuple[str, str, str], ...]] = {
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
        ("no-offset", "14:30:00", "a time without an offset"),
        ("date-time", "2025-03-15T14:30:00Z", "a date-time"),
        ("words", "noon", "a word"),
    ),
    "duration": (
        ("empty", "", "an empty string"),
        ("bare-p", "P", "the letter P alone"),
        ("bare-t", "P1DT", "a T with no time behind it"),
        ("number", "3600", "a number of seconds"),
        ("clock", "01:00:00", "a clock time"),
        ("words", "an hour", "words"),
    ),
    "email": (
        ("empty", "", "an empty string"),
        ("no-at", "ann.example.com", "an address without @"),
        ("spelled-at", "ann(at)example.com", "the sign @ spelled out"),
        ("full-width-at", "ann＠example.com", "a full-width @, as some keyboards give"),
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
        ("bad-percent", "https://example.com/%zz", "a percent sign before no hexadecimal digits"),
    ),
    "uri-reference": (
        ("space", "/a b", "a space"),
        ("bad-percent", "/%zz", "a percent sign before no hexadecimal digits"),
        ("backslash", "\\\\server\\file", "backslashes"),
        ("braces", "/{id}", "a template that was not filled in"),
    ),
    "uuid": (
        ("empty", "", "an empty string"),
        ("short", "00000000-0000-4000-8000-00000000000", "a digit too few"),
        ("braced", "{00000000-0000-4000-8000-000000000000}", "braces around it"),
        ("bad-digit", "0000000g-0000-4000-8000-000000000000", "a letter that is no hexadecimal digit"),
        ("number", "12345", "a number"),
    ),
    "json-pointer": (
        ("no-slash", "a/b", "no slash at its start"),
        ("fragment", "#/a", "a fragment sign"),
        ("bad-escape", "/~2", "a tilde before neither 0 nor 1"),
        ("bare-tilde", "/a~", "a tilde at its end"),
    ),
    "regex": (
        ("open-group", "(a", "an open group"),
        ("open-class", "[a", "an open class"),
        ("bare-star", "*a", "a star with nothing before it"),
        ("close-group", "a)", "a group that was never opened"),
    ),
}
"""Formats with their mistakes: variant, value, and the mistake in words. Those of date-time are made from a valid one."""

_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

BROKEN_DATE_TIMES: dict[str, tuple[Callable[[str], str], str]] = {
    # Each takes a date-time in UTC without a fraction: 2025-03-15T14:30:00Z.
    "empty": (lambda _: "", "an empty string"),
    "date-only": (lambda s: s[:10], "a date without a time"),
    "no-offset": (lambda s: s[:-1], "neither Z nor an offset"),
    "month-13": (lambda s: s[:5] + "13" + s[7:], "a thirteenth month"),
    "day-30-february": (lambda s: s[:5] + "02-30" + s[10:], "the 30th of February"),
    "hour-25": (lambda s: s[:11] + "25" + s[13:], "a 25th hour"),
    "minute-60": (lambda s: s[:14] + "60" + s[16:], "a 60th minute"),
    "offset-out-of-range": (lambda s: s[:-1] + "+01:60", "an offset of sixty minutes past the hour"),
    "missing-seconds": (lambda s: s[:16] + "Z", "no seconds"),
    "compact": (
        lambda s: s.replace("-", "").replace(":", ""),
        "the basic form of ISO 8601, without hyphens and colons",
    ),
    "epoch-seconds": (lambda s: str(_epoch(s)), "seconds since 1970, as a string"),
    "epoch-milliseconds": (lambda s: str(_epoch(s) * 1000), "milliseconds since 1970, as a string"),
    "trailing-text": (lambda s: s + " UTC", "text behind it"),
    "non-ascii-digits": (lambda s: s.translate(_ARABIC), "digits that are not ASCII"),
    "words": (lambda _: "yesterday", "a word"),
}
"""How a date-time goes wrong: what it becomes, and the mistake in words."""


def _epoch(text: str) -> int:
    from datetime import datetime

    return int(datetime.fromisoformat(text).timestamp())
