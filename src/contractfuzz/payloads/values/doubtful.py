"""Values on which independent validators, or the programs that read them, disagree.

They are generated neither as valid nor as invalid payloads. Only hostile payloads contain them, and a consumer may accept or
reject those. ``docs/doubtful.md`` lists the values with the verdict of each validator; the tests ask the validators again.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from contractfuzz.payloads.values.formats import FORMAT_EXAMPLES

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

_TIME = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|(?!-00:00)[+-]([01]\d|2[0-3]):[0-5]\d)"
_DATE = r"(?!0000)\d{4}-\d\d-\d\d"
_LABEL = r"[A-Za-z0-9](?!-)([A-Za-z0-9-]*[A-Za-z0-9])?"
_HOST = rf"(?!.*--){_LABEL}(\.{_LABEL})*"
_EMAIL = rf"[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@{_LABEL}(\.{_LABEL})*\.[A-Za-z]+"
_PATH = r"((?!//)[!-~])*"
_URI = rf"[a-z][a-z0-9+.-]*:(//{_HOST}(:\d{{1,4}})?([/?#]{_PATH})?|(?<!http:)(?<!https:)(?<!ftp:)(?!/)[!-~]{_PATH})"
_URI_REFERENCE = rf"{_URI}|//{_HOST}([/?#]{_PATH})?|(?!//)[!-9;-~]{_PATH}"

_UNDISPUTED = {
    name: re.compile(pattern, re.ASCII)
    for name, pattern in {
        "date-time": rf"(?!0001|9999){_DATE}T{_TIME}",
        "date": _DATE,
        "time": _TIME,
        "duration": r"P(\d{1,4}[YMD]|\d{1,4}W|(\d{1,4}Y)?(\d{1,4}M)?(\d{1,4}D)?(T(\d{1,4}H)?(\d{1,4}M)?(\d{1,4}S)?)?)",
        "email": _EMAIL,
        "idn-email": _EMAIL,
        "hostname": _HOST,
        "idn-hostname": _HOST,
        "uri": _URI,
        "iri": _URI,
        "uri-reference": _URI_REFERENCE,
        "iri-reference": _URI_REFERENCE,
        "ipv6": r"[0-9a-fA-F:.]+",
        "regex": r"([A-Za-z0-9 _\-^$.|/,:;=@!<>#%&~]|\\[dws]|\[[a-z0-9-]+\]|[a-z0-9)][*+?]|\((?!\?)|\))*",
    }.items()
}


def is_undisputed(name: str | None, text: str) -> bool:
    """Return True if a valid string of a format has a form that no reader disputes.

    Args:
        name: the format; None for no format.
        text: a string that the oracle accepts.

    Returns:
        False for forms of ``DOUBTFUL_STRINGS``, ``DOUBTFUL_DATE_TIMES`` and their like. The examples of this package are not
        meant: they are known to be accepted.

    """
    pattern = _UNDISPUTED.get(name or "")
    return pattern is None or pattern.fullmatch(text) is not None or text in FORMAT_EXAMPLES.get(name or "", ())
