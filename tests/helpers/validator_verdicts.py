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
        "In JSON Schema, any number without a fraction is an integer; readers with integer types reject the point.",
    ),
    # Python writes 1e2 as 100.0.
    DoubtfulValue("an integer written with an exponent: 1e2", 1e2, (True, True, False), "Same as 1.0."),
    DoubtfulValue(
        "negative zero: -0.0", -0.0, (True, True, False), "Same as 1.0; a reader with integers also loses the sign."
    ),
)

_DATE_TIME_VERDICTS: dict[str, tuple[Verdicts, str]] = {
    "a space instead of the T": (
        (False, False, False),
        "RFC 3339, section 5.6, permits a space for readability, but its grammar does not.",
    ),
    "a lower-case t": (
        (True, True, False),
        "RFC 3339, section 5.6, permits a lower-case t, and permits applications to require upper case.",
    ),
    "a lower-case z": ((True, True, False), "Same as a lower-case t."),
    "second 60 where no leap second is possible": (
        (False, False, True),
        "The grammar of RFC 3339 permits second 60; section 5.7 restricts it to the last minute of a month in UTC.",
    ),
    "a real leap second": (
        (False, True, True),
        "Valid in RFC 3339, section 5.7, but most date-time types, such as Python's datetime, cannot represent it.",
    ),
    "the year 0000": (
        (False, True, True),
        "Valid in the grammar of RFC 3339; Python's datetime begins with the year 1.",
    ),
    "hour 24": ((False, False, True), "The end of a day in ISO 8601:2004; the last hour in RFC 3339 is 23."),
    "an offset of 24 hours or more": (
        (False, False, True),
        "The largest offset in RFC 3339 is 23:59, and no time zone has a larger one; some libraries accept any two digits.",
    ),
    "the offset -00:00": (
        (True, True, True),
        "In RFC 3339, section 4.3, it means that the local offset is unknown. ISO 8601 forbids it, and some readers reject it.",
    ),
    "more than nine digits of a second": (
        (True, True, True),
        "RFC 3339 sets no limit; readers with nanoseconds reject or truncate them.",
    ),
    "an instant before the year 1 in UTC": ((True, True, True), "Valid as a string; no datetime represents it in UTC."),
    "an instant after the year 9999 in UTC": (
        (True, True, True),
        "Valid as a string; no datetime represents it in UTC.",
    ),
    "a line feed at the end": (
        (True, False, True),
        "Invalid in every grammar, but a regular expression with a dollar sign at its end matches it.",
    ),
}

_EDITIONS = "The validators implement different editions of the standard."

_STRING_VERDICTS: dict[str, dict[str, tuple[Verdicts, str]]] = {
    "date": {"the year 0000": ((False, True, True), "Same as in a date-time.")},
    "time": {"a leap second": ((False, True, None), "Same as in a date-time.")},
    "duration": {
        "a fraction of a second": ((True, False, None), "Valid in ISO 8601, not in RFC 3339, appendix A."),
        "a negative duration": ((True, False, None), "Valid in ISO 8601-2 and XML Schema, not in RFC 3339."),
    },
    "email": {
        "an address without a domain": ((True, False, None), "jsonschema checks only that the string contains an @."),
        "an address without a local part": ((True, False, None), "Same as an address without a domain."),
        "two dots in a row": ((True, False, None), "Same as an address without a domain."),
        "letters beyond ASCII": ((True, False, None), "Valid in RFC 6531, not in RFC 5321."),
    },
    "hostname": {
        "a dot at the end": ((True, False, None), "The root of the DNS; RFC 1123 does not permit it."),
        "a label that claims to be encoded": ((True, False, None), _EDITIONS),
    },
    "regex": {
        "a Unicode property": ((False, True, None), "Valid in ECMA-262, not in Python."),
        "a named group of ECMA-262": ((False, True, None), "The syntax of Python is (?P<a>b)."),
        "a named group of Python": ((True, False, None), "The syntax of ECMA-262 is (?<a>b)."),
        "an open quantifier": ((True, False, None), "Python reads the brace as an ordinary character."),
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
    "format.day-30-february": "Same as month-13. RFC 3339, section 5.7, lists the days of each month.",
    "format.hour-25": "Same as month-13. RFC 3339, section 5.6: 00 to 23.",
    "format.minute-60": "Same as month-13. RFC 3339, section 5.6: 00 to 59.",
    "format.offset-out-of-range": "Same as month-13. RFC 3339, section 5.6: the minutes of an offset are 00 to 59.",
    "format.non-ascii-digits": "The SDK accepts any Unicode digit. RFC 3339, section 5.6: digits are ASCII (RFC 5234).",
}
"""Violations that the json-structure SDK accepts although they are clearly invalid, with the reason."""

_SHAPE = "The SDK checks the shape of a string, not its meaning."
_NUMBER = (
    "The SDK reads numbers in strings as Python does, with spaces, signs and non-ASCII digits. RFC 8259, section 6, permits none "
    "of them."
)
_BINARY = "The SDK accepts any string as bytes. RFC 4648 defines an alphabet and a length."
_ANNOTATION = "The SDK reads `precision` and `scale` as annotations only."
_WHOLE = "The SDK searches for the pattern. By JSON Structure Validation it must match the entire value."
_TEXT_ORDER = "The SDK compares a number in a string with its bound as text."

WRONGLY_ACCEPTED_IN_STRUCTURE: dict[str, str] = {
    **WRONGLY_ACCEPTED_BY_SDK,
    "format.no-offset": "The SDK only accepts times without an offset. RFC 3339, section 5.6, requires an offset.",
    "format.bare-p": f"{_SHAPE} RFC 3339, appendix A: a duration has at least one part.",
    "format.bare-t": "Same as bare-p.",
    "format.braced": "The SDK reads a UUID as Python does, also in braces. RFC 9562 has no braces.",
    "format.space": "The SDK only checks that a URI has a scheme. RFC 3986 permits no space.",
    "format.bad-percent": "The SDK only checks that a URI has a scheme. RFC 3986, section 2.1: two hexadecimal digits.",
    "format.fragment": "The SDK requires the form of a URI fragment, `#/a`. In a string it is `/a` (RFC 6901, section 5).",
    **dict.fromkeys(("pattern.leading-zero", "pattern.plus", "pattern.spaces", "pattern.non-ascii-digits"), _NUMBER),
    **dict.fromkeys(("pattern.exponent", "pattern.bare-point", "pattern.not-a-number"), _NUMBER),
    **dict.fromkeys(("pattern.bad-digit", "pattern.cut-off"), _BINARY),
    "pattern.newline": "In Python, `$` also matches before a line break at the end. In ECMA-262 it matches only at the end.",
    "propertyNames.similar-name": "Same as pattern.newline: the name ends with a line break.",
    "anyOf.boolean": "Same as type.boolean.",
    "oneOf.boolean": "Same as type.boolean.",
    **dict.fromkeys(("pattern.prefix", "pattern.suffix", "pattern.twice", "pattern.double"), _WHOLE),
    **dict.fromkeys(("pattern.separator-before", "pattern.separator-after"), _WHOLE),
    **dict.fromkeys(("pattern.scale", "pattern.precision", "multipleOf.off"), _ANNOTATION),
    **dict.fromkeys(("minimum.beyond", "minimum.far", "maximum.beyond", "maximum.far"), _ANNOTATION),
    **dict.fromkeys(("pattern.below", "pattern.exclusiveMinimum"), _TEXT_ORDER),
    "not.matched": "The SDK applies `has` to objects, not to maps.",
    **dict.fromkeys(
        ("maxLength.long", "maxLength.far"), "The SDK ignores the keywords of a type that a list of types refers to."
    ),
}
"""Violations that the SDK accepts in at least one document of strict JSON Structure, with the reason."""

WRONGLY_REJECTED_BY_SDK: dict[str, str] = {
    "time": "The SDK rejects any offset; RFC 3339, section 5.6, requires one.",
    "jsonpointer": "The SDK requires the form of a URI fragment, `#/a`; in a string it is `/a` (RFC 6901, section 5).",
    "bounds of int64": "The SDK compares the string with its bound as text; Validation, `minimum`, compares the numbers.",
    "decimal with bounds": "Same as bounds of int64.",
    "alternative sets": "The SDK reads a set of names as one name and fails; Core, `required`, defines such sets.",
}
"""Valid documents of ``core_documents`` whose payloads the SDK rejects, with the reason."""
