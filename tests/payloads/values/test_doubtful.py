"""Doubtful values: their recorded verdicts are those of the validators, and only hostile payloads contain them."""

from __future__ import annotations

import re

import pytest
import validator_verdicts as recorded
from payload_judges import python_says, rust_says, structure_says

from contractfuzz import Contract
from contractfuzz.payloads.values.doubtful import DOUBTFUL_DATE_TIMES, DOUBTFUL_STRINGS

STRING_VALUES = [
    pytest.param(string_format, value, id=f"{string_format}: {value.description}")
    for string_format, values in recorded.DOUBTFUL_STRING_VALUES.items()
    for value in values
]
INT32 = {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}
DATE_TIME_PROPERTIES = ("requestedAt", "startedAt", "completedAt")


def verdicts(schema, structure_type, value):
    """Return the verdicts of the three validators on a value: None if the JSON Structure SDK has no such type."""
    document = {"$schema": "https://json-structure.org/meta/core/v0/#", "name": "Value", "type": structure_type}
    sdk_verdict = structure_says(document)(value) if structure_type else None
    return python_says(schema)(value), rust_says(schema)(value), sdk_verdict


@pytest.mark.parametrize("doubt", recorded.DOUBTFUL_DATE_TIME_VALUES, ids=lambda doubt: doubt.description)
def test_the_recorded_verdicts_on_a_date_time_are_those_of_the_validators(doubt):
    assert verdicts({"type": "string", "format": "date-time"}, "datetime", doubt.example) == doubt.verdicts


@pytest.mark.parametrize("doubt", recorded.DOUBTFUL_INTEGERS, ids=lambda doubt: doubt.description)
def test_the_recorded_verdicts_on_an_integer_are_those_of_the_validators(doubt):
    assert verdicts(INT32, "int32", doubt.example) == doubt.verdicts


@pytest.mark.parametrize(("string_format", "doubt"), STRING_VALUES)
def test_the_recorded_verdicts_on_a_format_are_those_of_the_validators(string_format, doubt):
    structure_type = {"date": "date"}.get(string_format)
    assert verdicts({"type": "string", "format": string_format}, structure_type, doubt.example) == doubt.verdicts


def test_a_verdict_is_recorded_for_every_doubtful_value():
    assert recorded._DATE_TIME_VERDICTS.keys() == DOUBTFUL_DATE_TIMES.keys()
    assert {name: values.keys() for name, values in recorded._STRING_VERDICTS.items()} == {
        name: values.keys() for name, values in DOUBTFUL_STRINGS.items()
    }
    assert (len(DOUBTFUL_DATE_TIMES), len(recorded.DOUBTFUL_INTEGERS), len(STRING_VALUES)) == (13, 3, 14)


def test_the_best_known_doubtful_values_are_listed():
    examples = {doubt.example for doubt in [*recorded.DOUBTFUL_DATE_TIME_VALUES, *recorded.DOUBTFUL_INTEGERS]}
    assert examples >= {
        "2025-03-15 14:30:00Z",
        "2025-03-15t14:30:00Z",
        "2025-03-15T14:30:00z",
        "2016-12-31T23:59:60Z",
        "0000-03-15T14:30:00Z",
        "2025-03-15T14:30:00+24:00",
        "2025-03-15T14:30:00.1234567890Z",
        1.0,
        1e2,
    }


def date_times_in(payload):
    return [payload[name] for name in DATE_TIME_PROPERTIES if name in payload]


def is_doubtful_date_time(text):
    """Return True if a date-time is one of the doubtful ones, judged by its text alone."""
    return (
        not text.isascii()
        or text != text.strip()
        or " " in text
        or text != text.upper()
        or text[17:19] == "60"
        or text[11:13] == "24"
        or text[:4] in ("0000", "0001", "9999")
        or text[-6:] in ("+24:00", "-00:00")
        or re.search(r"\.\d{10}", text) is not None
    )


@pytest.mark.parametrize("profile", ["broad", "minimal", "realistic"])
def test_no_valid_payload_contains_a_doubtful_value(hubspot, profile):
    payloads = [case.payload for case in hubspot.sample(1000, profile=profile)]
    date_times = [text for payload in payloads for text in date_times_in(payload)]
    assert len(date_times) >= 2000, "startedAt and completedAt are required"
    assert not any(map(is_doubtful_date_time, date_times))
    assert not any(isinstance(payload.get("numErrors"), float) for payload in payloads)


DOUBTFUL_DATE_TIME_SIGNS = {
    "a space instead of the T": lambda s: " " in s,
    "a lower-case t": lambda s: "t" in s,
    "a lower-case z": lambda s: "z" in s,
    "second 60 where no leap second is possible": lambda s: s[17:19] == "60" and s != "2016-12-31T23:59:60Z",
    "a real leap second": lambda s: s == "2016-12-31T23:59:60Z",
    "the year 0000": lambda s: s[:4] == "0000",
    "hour 24": lambda s: s[11:13] == "24",
    "an offset of 24 hours or more": lambda s: s.endswith("+24:00"),
    "the offset -00:00": lambda s: s.endswith("-00:00"),
    "more than nine digits of a second": lambda s: s.endswith(".1234567890Z"),
    "an instant before the year 1 in UTC": lambda s: s[:4] == "0001",
    "an instant after the year 9999 in UTC": lambda s: s[:4] == "9999",
    "a line feed at the end": lambda s: s.endswith("\n"),
}


def test_hostile_payloads_contain_every_doubtful_date_time(hubspot):
    seen = {text for case in hubspot.sample(4000, profile="hostile") for text in date_times_in(case.payload)}
    assert DOUBTFUL_DATE_TIME_SIGNS.keys() == DOUBTFUL_DATE_TIMES.keys()
    assert [name for name, is_shown in DOUBTFUL_DATE_TIME_SIGNS.items() if not any(map(is_shown, seen))] == []


@pytest.mark.parametrize("string_format", DOUBTFUL_STRINGS)
def test_only_hostile_payloads_contain_doubtful_strings_of_other_formats(string_format):
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "string", "format": string_format}
    contract = Contract.load(schema, name="small")
    doubts = set(DOUBTFUL_STRINGS[string_format].values())
    broad = {case.payload for case in contract.sample(500)}
    hostile = {case.payload for case in contract.sample(2000, profile="hostile")}
    invalid = {case.payload for case in contract.sample(500, kind="invalid") if isinstance(case.payload, str)}
    assert doubts <= hostile
    assert broad
    assert invalid
    assert doubts.isdisjoint(broad | invalid)
