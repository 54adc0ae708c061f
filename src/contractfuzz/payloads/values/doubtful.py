"""Values on which independent validators, or the readers behind them, differ: made neither as valid nor as invalid.

They appear in the profile ``hostile`` alone, which a consumer must only survive. ``docs/doubtful.md`` is made from these lists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MOMENT = "2025-03-15T14:30:00Z"
"""The date-time that the examples are made from."""

JUDGES = ("jsonschema", "jsonschema-rs", "json-structure")
"""Whose verdicts are recorded, in this order; None where the judge has no such type or format."""

Verdicts = tuple[bool | None, bool | None, bool | None]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A sort of value that is in doubt.

    Attributes:
        what: the sort in words.
        example: a value of it.
        verdicts: whether each of ``JUDGES`` takes the example for valid.
        why: what speaks for and what against it.

    """

    what: str
    example: Any
    verdicts: Verdicts
    why: str


@dataclass(frozen=True, slots=True)
class DoubtfulMoment:
    """A way in which a date-time becomes doubtful: ``change`` takes one in UTC without a fraction, as ``MOMENT``."""

    what: str
    change: Callable[[str], str]
    verdicts: Verdicts
    why: str

    @property
    def doubt(self) -> Doubt:
        """The sort with the example that ``MOMENT`` gives."""
        return Doubt(self.what, self.change(MOMENT), self.verdicts, self.why)


DATE_TIMES = (
    DoubtfulMoment(
        "a space instead of the T",
        lambda s: s.replace("T", " "),
        (False, False, False),
        "RFC 3339, section 5.6, lets applications write it so for readability; its grammar does not.",
    ),
    DoubtfulMoment(
        "a lower-case t",
        lambda s: s.replace("T", "t"),
        (True, True, False),
        "RFC 3339, section 5.6, lets T be lower case, and lets applications insist on upper case.",
    ),
    DoubtfulMoment("a lower-case z", lambda s: s.replace("Z", "z"), (True, True, False), "As a lower-case t."),
    DoubtfulMoment(
        "second 60 where no leap second can be",
        lambda s: s[:17] + "60Z",
        (False, False, True),
        "The grammar of RFC 3339 has second 60; its section 5.7 restricts it to the last minute of a month in UTC.",
    ),
    DoubtfulMoment(
        "a leap second that there was",
        lambda s: "2016-12-31T23:59:60Z",  # noqa: ARG005 - the last one so far
        (False, True, True),
        "Valid by RFC 3339, section 5.7, but most calendars in software, Python's datetime among them, have no place for it.",
    ),
    DoubtfulMoment(
        "the year 0000",
        lambda s: "0000" + s[4:],
        (False, True, True),
        "Valid by the grammar of RFC 3339; Python's datetime begins with the year 1.",
    ),
    DoubtfulMoment(
        "hour 24",
        lambda s: s[:10] + "T24:00:00Z",
        (False, False, True),
        "The end of a day in ISO 8601:2004; RFC 3339 ends at hour 23.",
    ),
    DoubtfulMoment(
        "an offset of 24 hours and more",
        lambda s: s[:-1] + "+24:00",
        (False, False, True),
        "RFC 3339 ends at 23:59, and there is no such place on earth; some libraries take any two digits.",
    ),
    DoubtfulMoment(
        "the offset -00:00",
        lambda s: s[:-1] + "-00:00",
        (True, True, True),
        "RFC 3339, section 4.3: the time in UTC is known, the local offset is not. ISO 8601 forbids it, and some readers do.",
    ),
    DoubtfulMoment(
        "more than nine digits of a second",
        lambda s: s[:-1] + ".1234567890Z",
        (True, True, True),
        "RFC 3339 sets no limit; readers that count nanoseconds refuse or cut them.",
    ),
    DoubtfulMoment(
        "an instant before the year 1 in UTC",
        lambda s: "0001-01-01T00:00:00+14:00",  # noqa: ARG005
        (True, True, True),
        "Valid as a text; no datetime holds it in UTC.",
    ),
    DoubtfulMoment(
        "an instant behind the year 9999 in UTC",
        lambda s: "9999-12-31T23:59:59-12:00",  # noqa: ARG005
        (True, True, True),
        "Valid as a text; no datetime holds it in UTC.",
    ),
    DoubtfulMoment(
        "a line feed at the end",
        lambda s: s + "\n",
        (True, False, True),
        "No grammar has it; regular expressions that end in a dollar sign overlook it.",
    ),
)
"""How a date-time becomes doubtful."""

INTEGERS = (
    Doubt(
        "an integer written with a point: 1.0",
        1.0,
        (True, True, False),
        "JSON Schema calls any number without a fraction an integer; readers with integer types refuse the point.",
    ),
    Doubt("an integer written with an exponent: 1e2", 1e2, (True, True, False), "As 1.0."),
    Doubt(
        "negative zero: -0.0", -0.0, (True, True, False), "As 1.0, and its sign is lost where it is read as an integer."
    ),
)
"""How an integer becomes doubtful; Python writes ``1e2`` as ``100.0``."""

_OF_DRAFTS = "The validators check different editions of the rules."

TEXTS: dict[str, tuple[Doubt, ...]] = {
    "date": (Doubt("the year 0000", "0000-01-01", (False, True, True), "As in a date-time."),),
    "time": (Doubt("a leap second", "23:59:60Z", (False, True, None), "As in a date-time."),),
    "duration": (
        Doubt("a fraction of a second", "PT0.5S", (True, False, None), "In ISO 8601, not in RFC 3339, appendix A."),
        Doubt("a negative duration", "-P1D", (True, False, None), "In ISO 8601-2 and XML Schema, not in RFC 3339."),
    ),
    "email": (
        Doubt(
            "an address without a domain", "ann@", (True, False, None), "jsonschema asks for the sign @ and no more."
        ),
        Doubt("an address without a local part", "@example.com", (True, False, None), "As without a domain."),
        Doubt("two dots in a row", "ann..b@example.com", (True, False, None), "As without a domain."),
        Doubt("letters beyond ASCII", "ü@example.com", (True, False, None), "For RFC 6531, not for RFC 5321."),
    ),
    "hostname": (
        Doubt(
            "a dot at the end", "example.com.", (True, False, None), "The root of the DNS, which RFC 1123 leaves out."
        ),
        Doubt("a label that claims to be encoded", "xn--X", (True, False, None), _OF_DRAFTS),
    ),
    "regex": (
        Doubt("a property of Unicode", "\\p{L}", (False, True, None), "In ECMA-262, not in Python."),
        Doubt("a named group of ECMA-262", "(?<a>b)", (False, True, None), "Python writes it (?P<a>b)."),
        Doubt("a named group of Python", "(?P<a>b)", (True, False, None), "ECMA-262 writes it (?<a>b)."),
        Doubt("an open quantifier", "a{1", (True, False, None), "Python takes the brace for itself."),
    ),
}
"""Doubtful strings of other formats, by format."""

SETTLED: dict[str, str] = {
    "type.boolean": "`true` for an integer: Python's `bool` is an `int`, and the SDK does not tell them apart. JSON does.",
    "format.month-13": "The SDK looks at the shape of a date-time, not at its numbers. RFC 3339, section 5.6: 01 to 12.",
    "format.day-30-february": "As month-13: RFC 3339, section 5.7, has the days of each month.",
    "format.hour-25": "As month-13: RFC 3339, section 5.6: 00 to 23.",
    "format.minute-60": "As month-13: RFC 3339, section 5.6: 00 to 59.",
    "format.offset-out-of-range": "As month-13: the minutes of an offset are 00 to 59 as well.",
    "format.non-ascii-digits": "The SDK takes any digit of Unicode for one. RFC 3339, section 5.6: DIGIT is ASCII (RFC 5234).",
}
"""Violations that json-structure lets pass and that are in no doubt all the same, with the reason."""

_SHAPE = "It looks at the shape of a string, not at what it stands for."
_NUMBER = (
    "It reads numbers in strings as Python does: spaces, signs and other digits. RFC 8259, section 6, has none of them."
)
_UNSEEN = "It takes any string for bytes. RFC 4648 has an alphabet and a length."
_ANNOTATION = "It reads `precision` and `scale` as annotations alone."

SETTLED_IN_STRUCTURE: dict[str, str] = {
    **SETTLED,
    "format.no-offset": "It takes times without an offset alone. RFC 3339, section 5.6, has one in every full-time.",
    "format.bare-p": f"{_SHAPE} RFC 3339, appendix A: a duration has a part at least.",
    "format.bare-t": "As bare-p.",
    "format.braced": "It reads a UUID as Python does, with braces around it. RFC 9562 has none.",
    "format.space": "It asks a URI for no more than a scheme. RFC 3986 has no space.",
    "format.bad-percent": "It asks a URI for no more than a scheme. RFC 3986, section 2.1: two hexadecimal digits.",
    "format.fragment": "It asks for a JSON Pointer in a URI's fragment. RFC 6901, section 5, has no sign before it.",
    **dict.fromkeys(("pattern.leading-zero", "pattern.plus", "pattern.spaces", "pattern.non-ascii-digits"), _NUMBER),
    **dict.fromkeys(("pattern.exponent", "pattern.bare-point", "pattern.not-a-number"), _NUMBER),
    **dict.fromkeys(("pattern.bad-digit", "pattern.cut-off"), _UNSEEN),
    **dict.fromkeys(("pattern.scale", "pattern.precision", "multipleOf.off"), _ANNOTATION),
    **dict.fromkeys(("minimum.beyond", "minimum.far", "maximum.beyond", "maximum.far"), _ANNOTATION),
    **dict.fromkeys(
        ("pattern.below", "pattern.exclusiveMinimum"),
        "It compares a number in a string with its bound by their letters.",
    ),
    "not.matched": "It asks what `has` asks of objects, not of maps.",
}
"""Violations that json-structure lets pass in one document or another of strict JSON Structure, with the reason."""

REFUSED_BY_SDK: dict[str, str] = {
    "time": "It refuses any offset; RFC 3339, section 5.6, has one in every full-time.",
    "jsonpointer": "It asks for the form in a URI's fragment, `#/a`; RFC 6901, section 5, writes it in a string as `/a`.",
    "bounds of int64": "It compares the string with its bound by their letters; Validation, `minimum`: by their numbers.",
    "decimal with bounds": "As bounds of int64.",
    "alternative sets": "It takes a set of names for a name and fails; Core, `required`, has such sets.",
}
"""What json-structure refuses although the specification has it, with the reason."""
