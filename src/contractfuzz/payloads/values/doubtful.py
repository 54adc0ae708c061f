"""Values on which independent validators, or the programs that read them, disagree.

They are generated neither as valid nor as invalid payloads. Only hostile payloads contain them, and a consumer may accept or
reject those. ``docs/doubtful.md`` lists the values with the verdict of each validator; the tests ask the validators again.
"""

from __future__ import annotations

from collections.abc import Callable

DOUBTFUL_DATE_TIMES: dict[str, Callable[[str], str]] = {
    "a space instead of the T": lambda s: s.replace("T", " "),
    "a lower-case t": lambda s: s.replace("T", "t"),
    "a lower-case z": lambda s: s.replace("Z", "z"),
    "second 60 where no leap second is possible": lambda s: s[:17] + "60Z",
    "a real leap second": lambda s: "2016-12-31T23:59:60Z",  # noqa: ARG005 - the last one so far
    "the year 0000": lambda s: "0000" + s[4:],
    "hour 24": lambda s: s[:10] + "T24:00:00Z",
    "an offset of 24 hours or more": lambda s: s[:-1] + "+24:00",
    "the offset -00:00": lambda s: s[:-1] + "-00:00",
    "more than nine digits of a second": lambda s: s[:-1] + ".1234567890Z",
    "an instant before the year 1 in UTC": lambda s: "0001-01-01T00:00:00+14:00",  # noqa: ARG005
    "an instant after the year 9999 in UTC": lambda s: "9999-12-31T23:59:59-12:00",  # noqa: ARG005
    "a line feed at the end": lambda s: s + "\n",
}
"""Changes that make a date-time doubtful, by description. Each takes one in UTC without a fraction: ``2025-03-15T14:30:00Z``."""

DOUBTFUL_STRINGS: dict[str, dict[str, str]] = {
    "date": {"the year 0000": "0000-01-01"},
    "time": {"a leap second": "23:59:60Z"},
    "duration": {"a fraction of a second": "PT0.5S", "a negative duration": "-P1D"},
    "email": {
        "an address without a domain": "ann@",
        "an address without a local part": "@example.com",
        "two dots in a row": "ann..b@example.com",
        "letters beyond ASCII": "ü@example.com",
    },
    "hostname": {"a dot at the end": "example.com.", "a label that claims to be encoded": "xn--X"},
    "regex": {
        "a Unicode property": "\\p{L}",
        "a named group of ECMA-262": "(?<a>b)",
        "a named group of Python": "(?P<a>b)",
        "an open quantifier": "a{1",
    },
}
"""Doubtful strings of the other formats, by format and description."""
