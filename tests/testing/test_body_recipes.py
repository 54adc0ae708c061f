"""Recipes of long bodies in kept files: short, rebuilt byte for byte, and outdated when they make another body."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from runs import report_of, run_of

from contractfuzz import Contract
from contractfuzz.payloads.bodies.number_places import NumberTree
from contractfuzz.payloads.bodies.spellings import SPELLINGS, SpelledBody
from contractfuzz.payloads.cases.case import Case
from contractfuzz.payloads.cases.json_form import case_from_json, case_to_json
from contractfuzz.testing.body_recipes import MAX_PLAIN_BODY_BYTES
from contractfuzz.testing.kept_cases import keep_case, load_kept_cases, replay_kept_cases

NOTE = Contract.load(
    {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Note",
        "type": "object",
        "properties": {"text": {"type": "string", "minLength": 5000}},
        "required": ["text"],
    }
)
LABELS = NOTE.labels("malformed")
MAX_KEPT_BYTES = 2000
"""Size that the file of a case of this contract stays below, however long the body is."""


def crash(body: bytes):
    raise KeyError("crash")


@pytest.fixture(scope="module")
def finding():
    return report_of(crash, NOTE, examples=0, only="cut-in-key").findings[0]


def kept(finding, case, folder):
    path = keep_case(replace(finding, case=case), folder)
    [loaded] = load_kept_cases(folder)
    return path, loaded


def statuses(folder):
    run = run_of(crash, NOTE)
    return [(result.status, result.reason) for result in replay_kept_cases(run, load_kept_cases(folder))]


@pytest.mark.parametrize("label", LABELS)
def test_every_malformed_body_is_rebuilt_from_a_short_file(finding, tmp_path, label):
    [case] = NOTE.sample(1, "malformed", only=label)
    path, loaded = kept(finding, case, tmp_path)
    assert loaded.case.body == case.body
    assert path.stat().st_size < MAX_PLAIN_BODY_BYTES * 2
    if len(case.body) > MAX_PLAIN_BODY_BYTES:
        record = json.loads(path.read_bytes())
        assert record["recipe"]["malformation"] == label.partition("@")[0]
        assert path.stat().st_size < MAX_KEPT_BYTES


@pytest.mark.parametrize("kind", ["valid", "invalid", "hostile"])
def test_long_payloads_are_rebuilt_from_a_short_file(finding, tmp_path, kind):
    long = [case for case in NOTE.sample(20, kind) if len(case.body) > MAX_PLAIN_BODY_BYTES]
    assert long
    for number, case in enumerate(long):
        _, loaded = kept(finding, case, tmp_path / str(number))
        assert (loaded.case.body, loaded.case.payload, loaded.case.kind) == (case.body, case.payload, kind)
        assert loaded.outdated_reason(NOTE) == ""
    path, _ = kept(finding, long[0], tmp_path / "smallest")
    assert path.stat().st_size < MAX_KEPT_BYTES


@pytest.mark.parametrize("spelling", [spelling.name for spelling in SPELLINGS])
@pytest.mark.parametrize("length", [5, 5000])
def test_a_spelling_is_rebuilt_byte_for_byte(finding, tmp_path, spelling, length):
    payload = {"text": "/é\n"[:length] * (length // 3), "points": [1, 2.5], "empty": {}}
    numbers = NumberTree(children={"points": NumberTree(children={"*": NumberTree({"number"})})})
    case = Case("valid", payload, description="a spelling", raw=SpelledBody(payload, spelling, 7, numbers))
    _, loaded = kept(finding, case, tmp_path)
    assert (loaded.case.body, loaded.case.payload) == (case.body, payload)
    assert loaded.case.description == "a spelling"
    assert case_from_json(case_to_json(case), "valid", "accepts").body == case.body


@settings(max_examples=50, deadline=None)
@given(text=st.text(), times=st.integers(0, 3000), number=st.floats(allow_nan=False, allow_infinity=False))
def test_any_payload_is_rebuilt_byte_for_byte(finding, tmp_path_factory, text, times, number):
    case = Case("valid", {"text": text * times, "number": [number]})
    _, loaded = kept(finding, case, tmp_path_factory.mktemp("kept"))
    assert loaded.case.body == case.body


def test_a_short_body_is_written_out(finding, tmp_path):
    path, _ = kept(finding, Case("valid", {"text": "a" * (MAX_PLAIN_BODY_BYTES - 20)}), tmp_path)
    assert "payload" in json.loads(path.read_bytes())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda record: record["recipe"].update(malformation="gone"), "the malformation gone no longer exists"),
        (
            lambda record: record["recipe"].update(malformation="deep-nesting"),
            "its recipe no longer makes the same body",
        ),
        (lambda record: record["recipe"].update(payload=[], zlib=None), "its recipe no longer makes the same body"),
        (lambda record: record.update(sha256="0" * 64), "its recipe no longer makes the same body"),
    ],
    ids=["malformation that is gone", "changed malformation", "changed payload", "changed hash"],
)
def test_a_case_whose_recipe_makes_another_body_is_outdated(finding, tmp_path, change, reason):
    [case] = NOTE.sample(1, "malformed", only="huge-string")
    path, _ = kept(finding, case, tmp_path)
    assert statuses(tmp_path) == [("fails", "")]
    record = json.loads(path.read_bytes())
    change(record)
    path.write_text(json.dumps(record))
    assert statuses(tmp_path) == [("outdated", reason)]
