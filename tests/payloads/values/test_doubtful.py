"""Values in doubt: made neither as valid nor as invalid, listed with everybody's verdict, and met in ``hostile`` alone."""

from __future__ import annotations

import re

import pytest
from payload_judges import rust_says, structure_says

from contractfuzz import Contract
from contractfuzz.oracle import Oracle
from contractfuzz.payloads.values import doubtful

MOMENTS = [moment.doubt for moment in doubtful.DATE_TIMES]
TEXTS = [(form, doubt) for form, doubts in doubtful.TEXTS.items() for doubt in doubts]
INT32 = {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1}


def verdicts(schema, structure_type, value):
    """Return what the three judges say of a value: None where the JSON Structure SDK has no such type."""
    document = {"$schema": "https://json-structure.org/meta/core/v0/#", "name": "Value", "type": structure_type}
    third = structure_says(document)(value) if structure_type else None
    return Oracle(schema).is_valid(value), rust_says(schema)(value), third


@pytest.mark.parametrize("doubt", MOMENTS, ids=lambda doubt: doubt.what)
def test_the_recorded_verdicts_on_a_date_time_are_those_of_the_judges(doubt):
    assert verdicts({"type": "string", "format": "date-time"}, "datetime", doubt.example) == doubt.verdicts


@pytest.mark.parametrize("doubt", doubtful.INTEGERS, ids=lambda doubt: doubt.what)
def test_the_recorded_verdicts_on_an_integer_are_those_of_the_judges(doubt):
    assert verdicts(INT32, "int32", doubt.example) == doubt.verdicts


@pytest.mark.parametrize(("form", "doubt"), TEXTS, ids=lambda part: getattr(part, "what", part))
def test_the_recorded_verdicts_on_a_format_are_those_of_the_judges(form, doubt):
    structure_type = {"date": "date"}.get(form)
    assert verdicts({"type": "string", "format": form}, structure_type, doubt.example) == doubt.verdicts


def test_the_best_known_doubts_are_listed():
    examples = {doubt.example for doubt in [*MOMENTS, *doubtful.INTEGERS]}
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


def values_at(payload, pointers):
    return [payload[name] for name in pointers if name in payload]


def is_doubtful_moment(text):
    """Return whether a date-time is of a sort that is listed, judged by its looks alone."""
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


def test_no_valid_payload_holds_a_value_in_doubt(hubspot):
    for profile in ("broad", "minimal", "realistic"):
        for case in hubspot.sample(1000, profile=profile):
            for moment in values_at(case.payload, ("requestedAt", "startedAt", "completedAt")):
                assert not is_doubtful_moment(moment)
            assert not isinstance(case.payload.get("numErrors"), float)


def test_hostile_payloads_hold_every_doubtful_sort(hubspot):
    seen = {
        moment
        for case in hubspot.sample(4000, profile="hostile")
        for moment in values_at(case.payload, ("requestedAt", "startedAt", "completedAt"))
    }
    assert any(is_doubtful_moment(moment) for moment in seen)
    tails = [
        lambda s: " " in s,
        lambda s: "t" in s,
        lambda s: "z" in s,
        lambda s: s[17:19] == "60",
        lambda s: s[11:13] == "24",
    ]
    tails += [lambda s: s[:4] == "0000", lambda s: s.endswith("+24:00"), lambda s: s.endswith("-00:00")]
    tails += [lambda s: s.endswith(".1234567890Z"), lambda s: s[:4] == "0001", lambda s: s[:4] == "9999"]
    tails += [lambda s: s.endswith("\n"), lambda s: s == "2016-12-31T23:59:60Z"]
    assert len(tails) == len(doubtful.DATE_TIMES)
    assert [number for number, is_of_sort in enumerate(tails) if not any(map(is_of_sort, seen))] == []


@pytest.mark.parametrize("form", doubtful.TEXTS)
def test_doubtful_texts_of_other_formats_are_hostile_only(form):
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "string", "format": form}
    contract = Contract.load(schema, name="small")
    doubts = {doubt.example for doubt in doubtful.TEXTS[form]}
    broad = {case.payload for case in contract.sample(500)}
    hostile = {case.payload for case in contract.sample(2000, profile="hostile")}
    invalid = {case.payload for case in contract.sample(500, kind="invalid") if isinstance(case.payload, str)}
    assert doubts <= hostile
    assert doubts.isdisjoint(broad | invalid)
