"""Spellings: other JSON texts of valid payloads, which consumers of text and bytes must accept."""

from __future__ import annotations

import json
import pickle
from collections import Counter

import jsonschema_rs
import msgspec
import pydantic_core
import pytest
from hypothesis import find, settings

from contractfuzz import Contract, Verdict, assert_accepts, check
from contractfuzz.payloads.bodies.number_places import NumberTree
from contractfuzz.payloads.bodies.spellings import SPELLINGS, SpelledBody

SERIES = {
    "type": "object",
    "properties": {
        "name/é": {"type": "string"},
        "points": {"type": "array", "items": {"type": "number"}},
        "count": {"type": "integer"},
        "half": {"const": 0.5},
        "step": {"type": "number", "multipleOf": 0.25},
        "long": {"type": "number", "format": "int64"},
        "either": {"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "number"}}]},
        "mixed": {"type": ["number", "null"]},
        "scores": {"type": "object", "additionalProperties": {"type": "number"}},
    },
    "required": ["name/é", "points", "count", "half", "step", "long", "either", "mixed", "scores"],
    "additionalProperties": False,
}


def load(schema):
    return Contract.load({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, name="small")


@pytest.fixture(scope="module")
def series():
    return load(SERIES)


def spelled(contract, n, profile="broad"):
    return [case for case in contract.sample(n, profile=profile) if case.is_spelled]


def test_half_of_the_random_cases_are_spelled_and_the_first_is_compact(series):
    cases = list(series.sample(1000))
    assert not cases[0].is_spelled
    assert 400 < sum(case.is_spelled for case in cases) < 600
    descriptions = Counter(case.description for case in cases if case.is_spelled)
    assert set(descriptions) == {spelling.description for spelling in SPELLINGS}
    assert min(descriptions.values()) > 20


def test_the_first_random_cases_take_all_spellings_in_turn(series):
    descriptions = [spelling.description for spelling in SPELLINGS]
    for seed in range(5):
        cases = list(series.sample(1 + 2 * len(SPELLINGS), seed=seed))
        assert [case.description for case in cases] == ["", *descriptions, *descriptions]
        assert all(case.body != case.compact_body for case in cases[1:])
        assert any(rb"\/" in case.body for case in cases[1:] if case.description == "each slash as \\/")
        # A case does not depend on those before it.
        assert [case.body for case in series.sample(9, seed=seed, start=4)] == [case.body for case in cases[4:13]]


def test_a_spelling_that_changes_nothing_is_not_searched_for_long():
    contract = load({"type": "boolean"})
    cases = list(contract.sample(40))
    assert len(cases) == 40
    assert all(json.loads(case.body) is case.payload for case in cases)


@pytest.mark.parametrize("profile", ["broad", "closed", "realistic"])
def test_payloads_do_not_depend_on_their_spelling(hubspot, profile):
    cases = list(hubspot.sample(200, profile=profile))
    assert any(case.is_spelled for case in cases)
    for case in cases:
        assert json.loads(case.body) == case.payload
        assert json.loads(case.compact_body) == case.payload
        assert (case.kind, case.label, case.expectation) == ("valid", None, "accepts")


def test_every_parser_reads_the_same_payload_from_a_spelling(series):
    cases = spelled(series, 600)
    assert len(cases) > 200
    for case in cases:
        assert json.loads(case.body.decode()) == case.payload
        assert msgspec.json.decode(case.body) == case.payload
        assert pydantic_core.from_json(case.body) == case.payload


def test_a_spelling_is_valid(series):
    schema = jsonschema_rs.Draft202012Validator(SERIES)
    cases = spelled(series, 600)
    assert len(cases) > 200
    for case in cases:
        assert schema.is_valid(json.loads(case.body))
        assert series.is_valid(json.loads(case.body))


class Token(str):
    """The text of a number."""

    __slots__ = ()


def test_only_numbers_that_may_have_a_fraction_have_another_notation(series):
    changed = Counter()
    for case in spelled(series, 3000):
        if case.description not in ("numbers with exponents and trailing zeros", SPELLINGS[-1].description):
            continue
        tokens = json.loads(case.body, parse_int=Token, parse_float=Token)
        compact = json.loads(case.compact_body, parse_int=Token, parse_float=Token)
        for name in SERIES["required"]:
            changed[name] += tokens[name] != compact[name]
    assert {name for name, count in changed.items() if count} == {"points", "either", "mixed", "scores"}


def test_integers_of_a_union_keep_their_notation():
    contract = load({"type": "array", "items": {"anyOf": [{"type": "integer"}, {"type": "number", "minimum": 5}]}})
    cases = spelled(contract, 2000)
    assert len(cases) > 500
    for case in cases:
        body, compact = (
            json.loads(text, parse_int=Token, parse_float=Token) for text in (case.body, case.compact_body)
        )
        assert body == compact


def write(payload, name, seed=1, numbers=None):
    return SpelledBody(payload, name, seed, numbers or NumberTree())().decode()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("spaces", '{"a": ["/", "é"], "b": {}}'),
        ("final-newline", '{"a":["/","é"],"b":{}}\n'),
        ("indented", '{\n  "a": [\n    "/",\n    "é"\n  ],\n  "b": {}\n}'),
        ("reversed", '{"b":{},"a":["/","é"]}'),
        ("slashes", '{"a":["\\/","é"],"b":{}}'),
        ("ascii", '{"a":["/","\\u00e9"],"b":{}}'),
    ],
)
def test_a_spelling_without_details(name, text):
    assert write({"a": ["/", "é"], "b": {}}, name) == text


def test_each_name_and_string_is_escaped_somewhere():
    for seed in range(50):
        text = write({"status": "open", "😀": "é/\n"}, "escapes", seed)
        assert '"status"' not in text
        assert '"open"' not in text
        assert json.loads(text) == {"status": "open", "😀": "é/\n"}


def test_white_space_comes_at_every_place():
    texts = [write({"a": [1, 2], "b": {}}, "white-space", seed) for seed in range(300)]
    for before, after in (("", "{"), ("{", '"a"'), ('"a"', ":"), (":", "["), ("[", "1"), ("1", ","), (",", "2")):
        assert any(has_white_space(text, before, after) for text in texts)
    for before, after in (("2", "]"), ("]", ","), (",", '"b"'), ("{", "}"), ("}", "}"), ("}", "")):
        assert any(has_white_space(text, before, after) for text in texts)
    assert {character for text in texts for character in text} >= set(" \t\n\r")


def has_white_space(text, before, after):
    """Return True if the text has white space between two of its tokens."""
    stripped = "".join(text.split())
    assert before + after in stripped
    if not before or not after:
        return text != (text.lstrip() if not before else text.rstrip())
    return any(part.strip() == "" and part for part in between(text, before, after))


def between(text, before, after):
    start = text.find(before)
    while start >= 0:
        end = text.find(after, start + len(before))
        if end >= 0:
            yield text[start + len(before) : end]
        start = text.find(before, start + 1)


@pytest.mark.parametrize(
    "value",
    [0, 0.0, -0.0, 10, 0.5, -0.5, 1, -12, 100, 1.25e-7, 1e16, 1e21, 5e-324, 1.7976931348623157e308, 2**53, 0.1 + 0.2],
)
def test_a_number_keeps_its_value_in_every_notation(value):
    texts = {write(value, "numbers", seed, NumberTree({"number"})) for seed in range(200)}
    assert len(texts) >= 4
    assert all(str(json.loads(text)).startswith("-") == str(value).startswith("-") for text in texts)
    assert all(json.loads(text) == value and isinstance(json.loads(text), int | float) for text in texts)
    assert any("e" in text.lower() for text in texts)


def test_a_consumer_of_objects_gets_no_spelling(series):
    payloads = []
    check(payloads.append, series, examples=300)
    cases = list(series.sample(300))
    assert payloads[:300] == [case.payload for case in cases]
    assert [json.dumps(payload) for payload in payloads[:300]] == [json.dumps(case.payload) for case in cases]


def test_a_finding_of_a_consumer_of_objects_has_a_compact_body(series):
    def crash(payload):
        raise KeyError

    report = check(crash, series, examples=100)
    assert report.findings
    assert not any(finding.case.is_spelled for finding in report.findings)


ORDER = {
    "type": "object",
    "properties": {
        "status": {"enum": ["open", "paid"]},
        "note": {"enum": ["", "a/b", "é"]},
        "price": {"type": "number"},
        "tags": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["status", "note", "price", "tags"],
}


def refuse(name):
    raise ValueError(name)


def text_of(body: bytes):
    order = json.loads(body, parse_constant=refuse)
    if not ORDER_CONTRACT.is_valid(order):
        raise ValueError("invalid")
    return body.decode()


ORDER_CONTRACT = load(ORDER)


def searches_for_the_status(body: bytes):
    if '"status":' not in text_of(body):
        raise KeyError("status")


def searches_for_the_status_without_a_space(body: bytes):
    if not any(f'"status":"{status}"' in text_of(body) for status in ("open", "paid")):
        raise KeyError("status")


def expects_the_status_first(body: bytes):
    if next(iter(json.loads(text_of(body)))) != "status":
        raise KeyError("status")


def reads_lines(body: bytes):
    if len(text_of(body).splitlines()) > 1:
        raise KeyError("line")


def expects_no_white_space_around(body: bytes):
    text = text_of(body)
    if text != text.strip():
        raise KeyError("space")


def knows_no_tabs(body: bytes):
    if "\t" in text_of(body):
        raise KeyError("tab")


def knows_no_escaped_names(body: bytes):
    if any(f'"{name}"' not in text_of(body) for name in ORDER["required"]):
        raise KeyError("name")


def knows_no_escaped_slashes(body: bytes):
    if "\\/" in text_of(body):
        raise KeyError("slash")


def knows_no_capital_exponents(body: bytes):
    tokens = []
    json.loads(text_of(body), parse_float=tokens.append)
    if any("E" in token for token in tokens):
        raise KeyError("exponent")


def knows_no_trailing_zeros(body: bytes):
    tokens = []
    json.loads(text_of(body), parse_float=tokens.append)
    if any(token.endswith("00") and "e" not in token.lower() for token in tokens):
        raise KeyError("zero")


def test_a_correct_reader_of_text_honours_the_contract():
    assert check(text_of, ORDER_CONTRACT, raises=(ValueError, RecursionError)).ok


@pytest.mark.thinned(2)
@pytest.mark.parametrize(
    "consumer",
    [
        searches_for_the_status,
        searches_for_the_status_without_a_space,
        expects_the_status_first,
        reads_lines,
        expects_no_white_space_around,
        knows_no_tabs,
        knows_no_escaped_names,
        knows_no_escaped_slashes,
        knows_no_capital_exponents,
        knows_no_trailing_zeros,
    ],
)
@pytest.mark.parametrize("feed", ["bytes", "text"])
def test_a_default_check_finds_a_consumer_that_knows_one_spelling_only(consumer, feed):
    called = consumer if feed == "bytes" else lambda text: consumer(text.encode())
    report = check(called, ORDER_CONTRACT, feed=feed, raises=(ValueError, RecursionError))
    found = [finding for finding in report.findings if finding.kind == "valid"]
    assert [finding.verdict for finding in found] == [Verdict.CRASHED]
    [finding] = found
    assert finding.case.is_spelled
    assert finding.case.description in {spelling.description for spelling in SPELLINGS}
    # The payload is the smallest one that shows it.
    assert len(finding.case.compact_body) < 75


def test_shrinking_ends_at_the_simplest_spelling(repeatable):
    settings.load_profile("thorough")
    strategy = ORDER_CONTRACT.cases("valid")
    case = find(strategy, lambda case: '"status":"' not in case.body.decode())
    assert case.body == b'{"status": "open", "note": "", "price": 0, "tags": []}'
    case = find(strategy, lambda case: True)
    assert case.body == b'{"status":"open","note":"","price":0,"tags":[]}'


def test_the_message_names_the_spelling(repeatable):
    with pytest.raises(AssertionError) as caught:
        assert_accepts(searches_for_the_status, ORDER_CONTRACT)
    [line] = [line for line in str(caught.value).splitlines() if line.startswith("  spelling     ")]
    assert line.removeprefix("  spelling     ") in {spelling.description for spelling in SPELLINGS}


def test_a_case_can_be_sent_to_another_process(series):
    for case in spelled(series, 100):
        assert pickle.loads(pickle.dumps(case)).body == case.body


def test_the_smallest_payload_is_compact(series):
    assert spelled(series, 100, "minimal") == []
