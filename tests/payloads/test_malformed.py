"""Malformed bodies: what is said to be unreadable is, and what some parsers read is said to be so."""

from __future__ import annotations

import json
import pickle
import tracemalloc

import pydantic_core
import pytest

from contractfuzz import Contract
from contractfuzz.payloads.malformed import MALFORMATIONS

READABLE = [sort.name for sort in MALFORMATIONS if sort.expectation == "survives"]
REFUSED = [sort.name for sort in MALFORMATIONS if sort.expectation == "rejects"]

SCALARS = {
    "an object": {"type": "object"},
    "an array": {"type": "array", "items": {"type": "integer"}},
    "a string": {"type": "string"},
    "an integer": {"type": "integer"},
    "null": {"type": "null"},
}


def refuse_constant(name):
    raise ValueError(name)


def python_reads_strictly(body):
    """Read UTF-8 and JSON as RFC 8259 has them, with no lenience of Python's: no byte order mark, no NaN."""
    return json.loads(body.decode("utf-8"), parse_constant=refuse_constant)


def load(schema):
    return Contract.load({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, name="small")


@pytest.mark.parametrize("name", REFUSED)
def test_two_parsers_refuse_what_is_to_be_rejected(hubspot, name):
    for case in hubspot.sample(20, kind="malformed", only=name):
        with pytest.raises((ValueError, RecursionError)):
            python_reads_strictly(case.body)
        with pytest.raises((ValueError, RecursionError)):
            json.loads(case.body)
        with pytest.raises(ValueError):
            pydantic_core.from_json(case.body)


@pytest.mark.parametrize("schema", SCALARS)
@pytest.mark.parametrize("name", REFUSED)
def test_they_refuse_it_whatever_the_contract_asks_for(name, schema):
    for case in load(SCALARS[schema]).sample(8, kind="malformed", only=name):
        with pytest.raises((ValueError, RecursionError)):
            json.loads(case.body)


@pytest.mark.parametrize("name", READABLE)
def test_what_may_be_survived_says_who_reads_it(hubspot, name):
    [case] = hubspot.sample(1, kind="malformed", only=name)
    assert "read" in case.description


@pytest.mark.parametrize("name", sorted(set(READABLE) - {"huge-integer", "deep-nesting"}))
def test_pythons_parser_reads_what_may_be_survived(hubspot, name):
    [case] = hubspot.sample(1, kind="malformed", only=name)
    assert json.loads(case.body) is not None


def test_a_parser_with_big_integers_reads_5000_digits(hubspot):
    [case] = hubspot.sample(1, kind="malformed", only="huge-integer")
    numbers = []
    json.loads(case.body, parse_int=numbers.append)
    assert "9" * 5000 in numbers


def test_deep_nesting_is_balanced(hubspot):
    [case] = hubspot.sample(1, kind="malformed", only="deep-nesting")
    assert case.body.count(b"[" * 100_000) == case.body.count(b"]" * 100_000) == 1


@pytest.mark.parametrize(
    ("name", "codec"), [("utf-8-bom", "utf-8-sig"), ("utf-16", "utf-16"), ("utf-32", "utf-32"), ("latin-1", "latin-1")]
)
def test_other_encodings_hold_the_text_of_a_valid_payload(hubspot, name, codec):
    for case in hubspot.sample(20, kind="malformed", only=name):
        payload = json.loads(case.body.decode(codec))
        assert hubspot.is_valid(payload)


def test_a_duplicate_key_has_different_values(hubspot):
    for case in hubspot.sample(20, kind="malformed", only="duplicate-key"):
        pairs = json.loads(case.body, object_pairs_hook=lambda pairs: pairs)
        names = [name for name, _ in pairs]
        [repeated] = {name for name in names if names.count(name) > 1}
        first, second = (value for name, value in pairs if name == repeated)
        assert first != second


def test_every_sort_has_a_name_of_its_own_and_words():
    names = [sort.name for sort in MALFORMATIONS]
    assert len(set(names)) == len(names) == 57
    assert all(sort.description for sort in MALFORMATIONS)


def test_a_malformed_case_has_a_body_and_no_payload(hubspot):
    for case in hubspot.sample(60, kind="malformed"):
        assert (case.kind, repr(case.payload)) == ("malformed", "ABSENT")
        assert isinstance(case.body, bytes)


def test_the_bytes_are_made_when_they_are_asked_for(hubspot):
    tracemalloc.start()
    cases = list(hubspot.sample(500, kind="malformed", only="huge-string"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000
    assert len(cases[-1].body) > 10_000_000


def test_a_case_can_be_sent_to_another_process(hubspot):
    for case in hubspot.sample(57, kind="malformed"):
        assert pickle.loads(pickle.dumps(case)).body == case.body
