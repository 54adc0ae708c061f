"""Recorded verdicts of independent validators on values and violations, with the reason for each.

``docs/generate.py`` writes them to ``docs/doubtful.md``. The tests compare them with the validators' verdicts of today.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from contractfuzz.payloads.values.doubtful import DOUBTFUL_DATE_TIMES, DOUBTFUL_STRINGS

DATE_TIME = "2025-03-15T14:30:00Z"
"""The date-time that the doubtful examples are made from."""

VALIDATORS = ("jsonschema", "jsonschema-rs", "json-structure")

Verdicts = tuple[bool | None, bool | None, bool | None]
"""Verdict of each of ``VALIDATORS``: True for valid; None if the validator has no such type or format."""


@dataclass(frozen=True, slots=True)
class DoubtfulValue:
    """A doubtful value with the recorded verdicts.

    Attributes:
        description: the value in words.
        example: the value.
        verdicts: the verdict of each validator.
        reason: the arguments for and against the value.

    """

    description: str
    example: Any
    verdicts: Verdicts
    reason: str


DOUBTFUL_INTEGERS = (
    DoubtfulValue(
        "an integer written with a decimal point: 1.0",
        1.0,
        (True, True, False),
        "JSON Schema calls any number without a fraction an integer; readers with integer types reject the point.",
    ),
    # Python writes 1e2 as 100.0.
    DoubtfulValue("an integer written with an exponent: 1e2", 1e2, (True, True, False), "As 1.0."),
    DoubtfulValue(
        "negative zero: -0.0", -0.0, (True, True, False), "As 1.0, and its sign is lost if it is read as an integer."
    ),
)

_DATE_TIME_VERDICTS: dict[str, tuple[Verdicts, str]] = {
    "a space instead of the T": (
        (False, False, False),
        "RFC 3339, section 5.6, lets applications write a space for readability; its grammar does not.",
    ),
    "a lower-case t": (
        (True, True, False),
        "RFC 3339, section 5.6, allows a lower-case T, and lets applications insist on upper case.",
    ),
    "a lower-case z": ((True, True, False), "As a lower-case t."),
    "second 60 where no leap second is possible": (
        (False, False, True),
        "The grammar of RFC 3339 has second 60; its section 5.7 restricts it to the last minute of a month in UTC.",
    ),
    "a real leap second": (
        (False, True, True),
        "Valid by RFC 3339, section 5.7, but most date-time types, Python's datetime among them, cannot hold it.",
    ),
    "the year 0000": (
        (False, True, True),
        "Valid by the grammar of RFC 3339; Python's datetime begins with the year 1.",
    ),
    "hour 24": ((False, False, True), "The end of a day in ISO 8601:2004; RFC 3339 ends at hour 23."),
    "an offset of 24 hours or more": (
        (False, False, True),
        "RFC 3339 ends at 23:59, and no time zone has such an offset; some libraries accept any two digits.",
    ),
    "the offset -00:00": (
        (True, True, True),
        "RFC 3339, section 4.3: the time in UTC is known, the local offset is not. ISO 8601 forbids it, and so do some readers.",
    ),
    "more than nine digits of a second": (
        (True, True, True),
        "RFC 3339 sets no limit; readers with nanoseconds reject or truncate them.",
    ),
    "an instant before the year 1 in UTC": ((True, True, True), "Valid as a string; no datetime holds it in UTC."),
    "an instant after the year 9999 in UTC": ((True, True, True), "Valid as a string; no datetime holds it in UTC."),
    "a line feed at the end": (
        (True, False, True),
        "No grammar allows it; regular expressions that end in a dollar sign overlook it.",
    ),
}

_EDITIONS = "The validators implement different editions of the standard."

_STRING_VERDICTS: dict[str, dict[str, tuple[Verdicts, str]]] = {
    "date": {"the year 0000": ((False, True, True), "As in a date-time.")},
    "time": {"a leap second": ((False, True, None), "As in a date-time.")},
    "duration": {
        "a fraction of a second": ((True, False, None), "In ISO 8601, not in RFC 3339, appendix A."),
        "a negative duration": ((True, False, None), "In ISO 8601-2 and XML Schema, not in RFC 3339."),
    },
    "email": {
        "an address without a domain": ((True, False, None), "jsonschema only asks for the sign @."),
        "an address without a local part": ((True, False, None), "As without a domain."),
        "two dots in a row": ((True, False, None), "As without a domain."),
        "letters beyond ASCII": ((True, False, None), "In RFC 6531, not in RFC 5321."),
    },
    "hostname": {
        "a dot at the end": ((True, False, None), "The root of the DNS, which RFC 1123 leaves out."),
        "a label that claims to be encoded": ((True, False, None), _EDITIONS),
    },
    "regex": {
        "a Unicode property": ((False, True, None), "In ECMA-262, not in Python."),
        "a named group of ECMA-262": ((False, True, None), "Python writes it (?P<a>b)."),
        "a named group of Python": ((True, False, None), "ECMA-262 writes it (?<a>b)."),
        "an open quantifier": ((True, False, None), "Python reads the brace as a character."),
    },
}

DOUBTFUL_DATE_TIME_VALUES = tuple(
    DoubtfulValue(description, change(DATE_TIME), *_DATE_TIME_VERDICTS[description])
    for description, change in DOUBTFUL_DATE_TIMES.items()
)

DOUBTFUL_STRING_VALUES = {
    string_format: tuple(
        DoubtfulValue(description, example, *_STRING_VERDICTS[string_format][description])
        for description, example in examples.items()
    )
    for string_format, examples in DOUBTFUL_STRINGS.items()
}
"""Doubtful strings of the other formats, by format."""

WRONGLY_ACCEPTED_BY_SDK: dict[str, str] = {
    "type.boolean": "`true` for an integer: Python's `bool` is an `int`, and the SDK does not distinguish them. JSON does.",
    "format.month-13": "The SDK checks the shape of a date-time, not its numbers. RFC 3339, section 5.6: 01 to 12.",
    "format.day-30-february": "As month-13: RFC 3339, section 5.7, has the days of each month.",
    "format.hour-25": "As month-13: RFC 3339, section 5.6: 00 to 23.",
    "format.minute-60": "As month-13: RFC 3339, section 5.6: 00 to 59.",
    "format.offset-out-of-range": "As month-13: the minutes of an offset are 00 to 59 as well.",
    "format.non-ascii-digits": "The SDK accepts any Unicode digit. RFC 3339, section 5.6: DIGIT is ASCII (RFC 5234).",
}
"""Violations that the json-structure SDK accepts although they are clearly invalid, with the reason."""

_SHAPE = "It checks the shape of a string, not its meaning."
_NUMBER = (
    "It reads numbers in strings as Python does: spaces, signs and other digits. RFC 8259, section 6, has none of them."
)
_BINARY = "It accepts any string as bytes. RFC 4648 defines an alphabet and a length."
_ANNOTATION = "It reads `precision` and `scale` as annotations only."
_TEXT_ORDER = "It compares a number in a string with its bound as text."

WRONGLY_ACCEPTED_IN_STRUCTURE: dict[str, str] = {
    **WRONGLY_ACCEPTED_BY_SDK,
    "format.no-offset": "It only accepts times without an offset. RFC 3339, section 5.6, has one in every full-time.",
    "format.bare-p": f"{_SHAPE} RFC 3339, appendix A: a duration has at least one part.",
    "format.bare-t": "As bare-p.",
    "format.braced": "It reads a UUID as Python does, with braces around it. RFC 9562 has no braces.",
    "format.space": "It only asks a URI for a scheme. RFC 3986 has no space.",
    "format.bad-percent": "It only asks a URI for a scheme. RFC 3986, section 2.1: two hexadecimal digits.",
    "format.fragment": "It asks for a JSON Pointer in a URI's fragment. RFC 6901, section 5, has no sign before it.",
    **dict.fromkeys(("pattern.leading-zero", "pattern.plus", "pattern.spaces", "pattern.non-ascii-digits"), _NUMBER),
    **dict.fromkeys(("pattern.exponent", "pattern.bare-point", "pattern.not-a-number"), _NUMBER),
    **dict.fromkeys(("pattern.bad-digit", "pattern.cut-off"), _BINARY),
    **dict.fromkeys(("pattern.scale", "pattern.precision", "multipleOf.off"), _ANNOTATION),
    **dict.fromkeys(("minimum.beyond", "minimum.far", "maximum.beyond", "maximum.far"), _ANNOTATION),
    **dict.fromkeys(("pattern.below", "pattern.exclusiveMinimum"), _TEXT_ORDER),
    "not.matched": "It applies `has` to objects, not to maps.",
}
"""Violations that the SDK accepts in at least one document of strict JSON Structure, with the reason."""

WRONGLY_REJECTED_BY_SDK: dict[str, str] = {
    "time": "It rejects any offset; RFC 3339, section 5.6, has one in every full-time.",
    "jsonpointer": "It asks for the form in a URI's fragment, `#/a`; RFC 6901, section 5, writes it in a string as `/a`.",
    "bounds of int64": "It compares the string with its bound as text; Validation, `minimum`, compares their numbers.",
    "decimal with bounds": "As bounds of int64.",
    "alternative sets": "It reads a set of names as one name and fails; Core, `required`, has such sets.",
}
"""Valid documents of ``core_documents`` whose payloads the SDK rejects, with the reason."""
