"""Hostile payloads: valid, yet programs handle them differently. A consumer may accept or reject them."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings

from contractfuzz import Contract, ContractError
from contractfuzz.json_pointer import parse_pointer, resolve_pointer

HUBSPOT = Contract.named("batch_association_response")


@pytest.fixture(scope="module")
def payloads():
    return [case.payload for case in HUBSPOT.sample(3000, profile="hostile")]


def walk(value):
    """Yield a value and everything inside it."""
    yield value
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from walk(inner)


@pytest.fixture(scope="module")
def values(payloads):
    return [value for payload in payloads for value in walk(payload)]


@pytest.fixture(scope="module")
def strings(values):
    keys = {key for value in values if isinstance(value, dict) for key in value}
    return keys | {value for value in values if isinstance(value, str)}


def test_hostile_payloads_are_valid_except_for_doubtful_date_times(payloads):
    date_times = ("requestedAt", "startedAt", "completedAt")
    errors = [(payload, error) for payload in payloads for error in HUBSPOT.errors(payload)]
    assert len(errors) > 300
    for payload, error in errors:
        # An integer with a decimal point is valid for the oracle; a date-time may not be.
        assert (error.keyword, error.pointer.removeprefix("/") in date_times) == ("format", True), error
        assert isinstance(resolve_pointer(payload, parse_pointer(error.pointer)), str)


def test_many_hostile_payloads_are_valid_for_the_oracle(payloads):
    share = sum(HUBSPOT.is_valid(payload) for payload in payloads) / len(payloads)
    assert 0.2 < share < 0.9


def test_a_consumer_need_not_accept_a_hostile_payload():
    assert {case.expectation for case in HUBSPOT.sample(50, kind="hostile")} == {"survives"}


def test_the_kind_and_the_profile_make_the_same_cases():
    by_kind = list(HUBSPOT.sample(50, kind="hostile", seed=7))
    by_profile = list(HUBSPOT.sample(50, profile="hostile", seed=7))
    assert [case.body for case in by_kind] == [case.body for case in by_profile]
    assert {case.kind for case in by_kind + by_profile} == {"hostile"}


def test_hostile_cases_have_no_labels():
    assert HUBSPOT.labels("hostile") == ()
    assert {case.label for case in HUBSPOT.sample(50, kind="hostile")} == {None}


def test_hostile_cases_have_no_other_profile():
    with pytest.raises(ContractError, match="the profile 'minimal' goes with valid cases only"):
        HUBSPOT.sample(1, kind="hostile", profile="minimal")


@pytest.mark.parametrize("strategy", [HUBSPOT.hostile(), HUBSPOT.cases("hostile"), HUBSPOT.cases(profile="hostile")])
def test_every_strategy_of_hostile_cases_makes_hostile_cases(strategy):
    kinds = []

    @settings(max_examples=5, database=None)
    @given(strategy)
    def draw(case):
        kinds.append((case.kind, case.expectation))

    draw()
    assert set(kinds) == {("hostile", "survives")}


@pytest.mark.parametrize(
    "is_hostile",
    [
        pytest.param(lambda s: "\x00" in s, id="null character"),
        pytest.param(lambda s: "\x1b" in s, id="escape sequence"),
        pytest.param(lambda s: any(unicodedata.bidirectional(c) in ("RLO", "LRI") for c in s), id="bidi override"),
        pytest.param(lambda s: "\u200d" in s, id="emoji sequence"),
        pytest.param(lambda s: s == "e\u0301", id="decomposed"),
        pytest.param(lambda s: s == "é", id="composed"),
        pytest.param(lambda s: "\ufeff" in s, id="byte order mark"),
        pytest.param(lambda s: "__proto__" in s, id="prototype"),
        pytest.param(lambda s: s.startswith("=1+1"), id="CSV formula"),
        pytest.param(lambda s: "<script>" in s, id="HTML"),
        pytest.param(lambda s: "DROP TABLE" in s, id="SQL"),
        pytest.param(lambda s: "%s" in s, id="format string"),
        pytest.param(lambda s: "{0}" in s, id="template"),
        pytest.param(lambda s: "../" in s, id="path"),
        pytest.param(lambda s: len(s) > 50_000, id="long"),
        pytest.param(lambda s: s.startswith("`"), id="backticks"),
        pytest.param(lambda s: "$(" in s or "; id" in s, id="shell"),
        pytest.param(lambda s: "${jndi:" in s, id="JNDI"),
        pytest.param(lambda s: "<!ENTITY" in s, id="XML entity"),
        pytest.param(lambda s: s and s != " " and unicodedata.category(s[0]) == "Zs", id="non-ASCII space"),
        pytest.param(lambda s: any("\x80" <= c <= "\x9f" for c in s), id="C1 control"),
        pytest.param(lambda s: any(unicodedata.bidirectional(c) == "R" for c in s), id="right-to-left"),
        pytest.param(lambda s: any(unicodedata.bidirectional(c) == "AL" for c in s), id="Arabic"),
        pytest.param(lambda s: len(s) == 1 and len(s.upper()) > 1, id="longer in upper case"),
        pytest.param(lambda s: len(s) == 1 and len(s.lower()) > 1, id="longer in lower case"),
        pytest.param(
            lambda s: s.isalpha() and ord(s[0]) > 0xFFFF and s.upper() != s.lower(), id="astral letter with case"
        ),
        pytest.param(lambda s: "MATHEMATICAL" in unicodedata.name((s or " ")[0], ""), id="mathematical"),
        pytest.param(lambda s: s.upper() in ("NUL", "COM1"), id="device name"),
        pytest.param(lambda s: s.isdigit() and not s.isascii(), id="non-ASCII digits"),
    ],
)
def test_hostile_strings_occur(strings, is_hostile):
    assert any(map(is_hostile, strings))


def test_keys_that_differ_only_in_case_occur(payloads):
    def collides(value):
        return isinstance(value, dict) and len({key.lower() for key in value}) < len(value)

    assert any(collides(payload) for payload in payloads), "next to a property of the contract"
    assert any(collides(payload.get("links")) for payload in payloads), "in a map"


def test_unknown_properties_of_every_type_occur(payloads):
    known = HUBSPOT.schema["properties"].keys()
    types = {type(value) for payload in payloads for name, value in payload.items() if name not in known}
    assert types == {type(None), bool, int, float, str, list, dict}


def test_large_containers_and_deep_values_occur(values):
    assert max(len(value) for value in values if isinstance(value, list | dict)) >= 90
    assert max(json.dumps(value).count("[[") for value in values if isinstance(value, list)) >= 40


def test_integers_with_a_decimal_point_occur(payloads):
    assert any(isinstance(payload.get("numErrors"), float) for payload in payloads)


def test_no_hostile_payload_is_larger_than_a_megabyte():
    sizes = [len(case.body) for case in HUBSPOT.sample(5000, profile="hostile", seed=4)]
    assert max(sizes) < 1_000_000
    assert sum(sizes) / len(sizes) < 50_000


def test_hypothesis_draws_hostile_payloads_without_giving_up():
    drawn = []

    @settings(max_examples=300, database=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(HUBSPOT.valid("hostile"))
    def draw(payload):
        drawn.append(payload)

    # HealthCheck.data_too_large would fail here, if payloads needed more choices than Hypothesis allows.
    draw()
    assert len(drawn) >= 300
