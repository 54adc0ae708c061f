"""Odd lexical forms of declared numbers, strings and properties.

Each is a text at one place of a valid payload: a number that no double holds, a name that occurs twice, half of a surrogate
pair. Most are JSON (RFC 8259), but parsers read them differently or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from contractfuzz.json_pointer import parse_pointer, resolve_pointer
from contractfuzz.json_values import compact_json
from contractfuzz.payloads.bodies.places import PlaceType
from contractfuzz.payloads.cases.case import Expectation

_HUGE_INTEGER_DIGITS = 5000
"""Number of digits beyond the limit of Python's ``int``, which is 4,300."""

_MARK = "\ue000"


@dataclass(frozen=True, slots=True)
class LexicalForm:
    """An odd text of a value or a property.

    Attributes:
        name: the name, which is the first part of the label.
        description: the form in one line.
        expectation: ``rejects`` if the text is not JSON, ``survives`` if parsers differ.
        places: the places that it can stand at.
        write: for a number or a string, returns its text from the valid value; for a property, returns the text of another
            member from its name and value.

    """

    name: str
    description: str
    expectation: Expectation
    places: frozenset[PlaceType]
    write: Callable[[str, Any], str]


@dataclass(frozen=True, slots=True)
class PlacedBody:
    """A body with an odd form at one place. It holds the name of the form, because functions cannot be pickled.

    Attributes:
        form: the name of the form.
        text: the JSON text of the valid payload.
        pointer: the place in that payload, as a JSON Pointer.

    """

    form: str
    text: str
    pointer: str

    def __call__(self) -> bytes:
        """Return the body.

        Raises:
            KeyError: the form does not exist.
            ValueError: the payload does not have the place.

        """
        form = _FORM_BY_NAME[self.form]
        change = _with_member if "property" in form.places else _with_text
        return change(form, json.loads(self.text), parse_pointer(self.pointer)).encode()


def _with_text(form: LexicalForm, payload: Any, tokens: tuple[str, ...]) -> str:
    """Return the text of a payload, with another text for the value at ``tokens``."""
    if not tokens:
        return form.write("", payload)
    parent, key = _find_parent(payload, tokens)
    mark = _unused_mark(payload)
    written = form.write("", parent[key])
    parent[key] = mark
    return compact_json(payload).replace(compact_json(mark), written)


def _with_member(form: LexicalForm, payload: Any, tokens: tuple[str, ...]) -> str:
    """Return the text of a payload, with another member after the one at ``tokens``."""
    parent, name = _find_parent(payload, tokens) if tokens else (None, "")
    if not isinstance(parent, dict):
        raise ValueError("the place is not a property")  # noqa: TRY004 - the data is wrong, not the call
    mark = _unused_mark(payload)
    members = list(parent.items())
    parent.clear()
    for other, value in members:
        parent[other] = value
        if other == name:
            parent[mark] = None
    return compact_json(payload).replace(f"{compact_json(mark)}:null", form.write(name, parent[name]))


def _find_parent(payload: Any, tokens: tuple[str, ...]) -> tuple[Any, Any]:
    """Return the container of the value at ``tokens``, and its name or index there."""
    parent = resolve_pointer(payload, tokens[:-1])
    key: Any = tokens[-1]
    if isinstance(parent, list) and key.isdecimal() and int(key) < len(parent):
        return parent, int(key)
    if isinstance(parent, dict) and key in parent:
        return parent, key
    raise ValueError(f"the payload has nothing at {tokens}")


def _unused_mark(payload: Any) -> str:
    """Return a string that the text of a payload does not contain."""
    text, mark = compact_json(payload), _MARK
    while mark in text:
        mark += _MARK
    return mark


# --- texts of values -------------------------------------------------------------------------------------------------------


def _always(text: str) -> Callable[[str, Any], str]:
    return lambda _name, _value: text


def _with_ending(ending: str) -> Callable[[str, Any], str]:
    return lambda _name, value: f'{compact_json(value)[:-1]}{ending}"'


# --- texts of members ------------------------------------------------------------------------------------------------------


def _other_value(value: Any) -> Any:
    """Return another value of the same JSON type; null for null."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1 if value + 1 != value else 0
        case str():
            return f"{value}a"
        case list():
            return [] if value else [None]
        case dict():
            return {} if value else {"a": None}
    return None


def _other_type(value: Any) -> Any:
    return 0 if value is None else None


def _member(write_name: Callable[[str], str], change: Callable[[Any], Any]) -> Callable[[str, Any], str]:
    return lambda name, value: f"{write_name(name)}:{compact_json(change(value))}"


def _nested_member(name: str, value: Any) -> str:
    return f"{compact_json(name)}:{compact_json({name: value})}"


def _escaped(name: str) -> str:
    """Return a name with its first character as an escape; the plain name if it has no characters."""
    units = name[:1].encode("utf-16-be").hex()
    escapes = "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4))
    return f'"{escapes}{compact_json(name[1:])[1:]}'


def _ending_in(ending: str) -> Callable[[str], str]:
    return lambda name: f'{compact_json(name)[:-1]}{ending}"'


# --- the forms -------------------------------------------------------------------------------------------------------------

_NUMBERS: frozenset[PlaceType] = frozenset({"integer", "number"})
_INTEGERS: frozenset[PlaceType] = frozenset({"integer"})
_FRACTIONS: frozenset[PlaceType] = frozenset({"number"})
_STRINGS: frozenset[PlaceType] = frozenset({"string"})
_PROPERTIES: frozenset[PlaceType] = frozenset({"property"})

NUMBER_FORMS = (
    LexicalForm("nan", "the word NaN in place of a number", "rejects", _NUMBERS, _always("NaN")),
    LexicalForm("infinity", "the word Infinity in place of a number", "rejects", _NUMBERS, _always("Infinity")),
    LexicalForm(
        "negative-infinity", "the word -Infinity in place of a number", "rejects", _NUMBERS, _always("-Infinity")
    ),
    LexicalForm(
        "huge-exponent", "the number 1e400, which many parsers read as infinity", "survives", _NUMBERS, _always("1e400")
    ),
    LexicalForm(
        "tiny-exponent", "the number 1e-999, which parsers read as zero", "survives", _NUMBERS, _always("1e-999")
    ),
    LexicalForm(
        "negative-zero",
        "the number -0, which parsers read as an integer or as a float",
        "survives",
        _NUMBERS,
        _always("-0"),
    ),
    LexicalForm(
        "huge-integer",
        "an integer of 5,000 digits, which parsers with big integers read",
        "survives",
        _NUMBERS,
        _always("9" * _HUGE_INTEGER_DIGITS),
    ),
    LexicalForm(
        "long-integer",
        "an integer of 40 digits, which parsers without big integers round",
        "survives",
        _INTEGERS,
        _always("1234567890123456789012345678901234567891"),
    ),
    LexicalForm(
        "long-fraction",
        "a number with 40 significant digits, which most parsers round",
        "survives",
        _FRACTIONS,
        _always("0.1234567890123456789012345678901234567891"),
    ),
    LexicalForm(
        "integral-fraction",
        "the integer 1 written as 1.0, which parsers read as a float",
        "survives",
        _INTEGERS,
        _always("1.0"),
    ),
    LexicalForm(
        "integral-exponent",
        "the integer 100000 written as 1E5, which parsers read as a float",
        "survives",
        _INTEGERS,
        _always("1E5"),
    ),
)
"""Forms of numbers."""

STRING_FORMS = (
    LexicalForm(
        "lone-surrogate",
        "an escaped lone surrogate at the end of the string, which some parsers read",
        "survives",
        _STRINGS,
        _with_ending("\\ud800"),
    ),
    LexicalForm(
        "swapped-surrogates",
        "an escaped low surrogate before a high one at the end of the string, which some parsers read",
        "survives",
        _STRINGS,
        _with_ending("\\ude00\\ud83d"),
    ),
)
"""Forms of strings."""

PROPERTY_FORMS = (
    LexicalForm(
        "duplicate-key",
        "the name a second time, with another value of the same type, which parsers read and keep one of",
        "survives",
        _PROPERTIES,
        _member(compact_json, _other_value),
    ),
    LexicalForm(
        "duplicate-key-other-type",
        "the name a second time, with a value of another type, which parsers read and keep one of",
        "survives",
        _PROPERTIES,
        _member(compact_json, _other_type),
    ),
    LexicalForm(
        "duplicate-key-nested",
        "the name a second time, with an object that contains it again, which parsers read and keep one of",
        "survives",
        _PROPERTIES,
        _nested_member,
    ),
    LexicalForm(
        "duplicate-key-escaped",
        "the name a second time, spelt with an escape, which parsers read and keep one of",
        "survives",
        _PROPERTIES,
        _member(_escaped, _other_value),
    ),
    LexicalForm(
        "duplicate-key-truncated",
        "another name that is the same up to a NUL character, which parsers that end a name there read as a duplicate",
        "survives",
        _PROPERTIES,
        _member(_ending_in("\\u0000"), _other_value),
    ),
    LexicalForm(
        "lone-surrogate-name",
        "another name that ends in an escaped lone surrogate, which some parsers read",
        "survives",
        _PROPERTIES,
        _member(_ending_in("\\ud800"), _other_value),
    ),
    LexicalForm(
        "swapped-surrogates-name",
        "another name that ends in an escaped low surrogate before a high one, which some parsers read",
        "survives",
        _PROPERTIES,
        _member(_ending_in("\\ude00\\ud83d"), _other_value),
    ),
)
"""Forms of properties."""

LEXICAL_FORMS = (*NUMBER_FORMS, *STRING_FORMS, *PROPERTY_FORMS)
"""All forms."""

_FORM_BY_NAME = {form.name: form for form in LEXICAL_FORMS}
