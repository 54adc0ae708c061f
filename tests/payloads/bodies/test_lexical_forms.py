"""Odd lexical forms: they stand at every declared place, nothing else is wrong, and their expectations fit what parsers do."""

from __future__ import annotations

import json
import pickle
from collections import Counter
from random import Random

import msgspec
import pydantic_core
import pytest
from payload_judges import is_at
from random_schemas import random_schema

from contractfuzz import Contract, ContractError, assert_survives, check
from contractfuzz.json_pointer import parse_pointer, resolve_pointer
from contractfuzz.payloads.bodies.lexical_forms import LEXICAL_FORMS, NUMBER_FORMS, PROPERTY_FORMS, PlacedBody
from contractfuzz.payloads.bodies.malformed_cases import MAX_PLACED_FORMS

NUMBERS = {"type": "array", "items": {"type": "number"}}
INTEGER_FORMS = {form.name for form in NUMBER_FORMS if "integer" in form.places}
FRACTION_FORMS = {form.name for form in NUMBER_FORMS if "number" in form.places}


class Token(str):
    """The text of a number."""

    __slots__ = ()


def read_tokens(body):
    return json.loads(body, parse_constant=Token, parse_int=Token, parse_float=Token)


def load(schema):
    return Contract.load({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, name="small")


def placed_cases(contract, n=0):
    labels = [label for label in contract.labels("malformed") if "@" in label]
    return list(contract.sample(len(labels) + n, "malformed", only=labels)) if labels else []


def forms_at(contract, location):
    return {label.partition("@")[0] for label in contract.labels("malformed") if label.partition("@")[2] == location}


@pytest.mark.parametrize(
    ("schema", "location"),
    [
        ({"type": "integer"}, "/a"),
        ({"type": "integer", "minimum": 5, "maximum": 6}, "/a"),
        ({"enum": [1, 2]}, "/a"),
        ({"type": ["integer", "null"]}, "/a"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "/a"),
        ({"type": "integer", "not": {"const": 3}}, "/a"),
        ({"type": "array", "items": {"type": "integer"}}, "/a/*"),
        ({"type": "array", "items": {"type": "integer"}, "uniqueItems": True}, "/a/*"),
        ({"type": "array", "prefixItems": [{"type": "integer"}]}, "/a/0"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "/a/*"),
        ({"type": "object", "patternProperties": {"^x": {"type": "integer"}}}, "/a/*(^x)"),
        ({"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "integer"}}]}, "/a(array)/*"),
        ({"allOf": [{"type": "object", "properties": {"b": {"type": "integer"}}}]}, "/a/b"),
    ],
    ids=lambda value: json.dumps(value)[:60],
)
def test_every_declared_integer_has_every_form(schema, location):
    contract = load({"type": "object", "properties": {"a": schema}, "required": ["a"]})
    assert forms_at(contract, location) >= INTEGER_FORMS
    for case in placed_cases(contract):
        if case.label.endswith(f"@{location}") and case.label.partition("@")[0] in INTEGER_FORMS:
            token = resolve_pointer(read_tokens(case.body), parse_pointer(case.pointer))
            assert type(token) is Token


def test_a_place_inside_a_branch_has_the_name_of_the_branch():
    def event(name, amount):
        properties = {"type": {"const": name}, "amount": {"type": amount}}
        return {"type": "object", "properties": properties, "required": ["type", "amount"]}

    contract = load({"type": "array", "items": {"oneOf": [event("paid", "number"), event("sent", "integer")]}})
    labels = ("nan@/*(paid)/amount", "nan@/*(sent)/amount")
    assert contract.labels("malformed", "nan@*") == labels
    for label, text in zip(labels, ("paid", "sent"), strict=True):
        for case in contract.sample(20, "malformed", only=label):
            payload = read_tokens(case.body)
            *place, _ = parse_pointer(case.pointer)
            assert resolve_pointer(payload, place) == {"type": text, "amount": "NaN"}


def test_a_number_has_the_forms_of_numbers():
    contract = load({"type": "object", "properties": {"a": {"type": "number"}}})
    assert forms_at(contract, "/a") - {form.name for form in PROPERTY_FORMS} == FRACTION_FORMS


def test_only_declared_numbers_have_them():
    contract = load({"type": "object", "properties": {"a": {}, "b": {"type": "string"}, "c": True}})
    assert forms_at(contract, "/a") == forms_at(contract, "/c") == {form.name for form in PROPERTY_FORMS}
    assert {"nan", "infinity", "huge-integer", "huge-exponent"} <= set(contract.labels("malformed"))


def test_a_form_at_a_declared_place_replaces_the_one_at_an_undeclared_place(hubspot):
    bare = {label for label in hubspot.labels("malformed") if "@" not in label}
    assert bare.isdisjoint(form.name for form in LEXICAL_FORMS)
    assert {"nan", "duplicate-key", "lone-surrogate"} <= set(load({"type": "null"}).labels("malformed"))


def test_labels_are_unique_and_forms_can_be_chosen_by_name(hubspot):
    labels = hubspot.labels("malformed")
    assert len(set(labels)) == len(labels)
    assert hubspot.labels("malformed", only="nan@*") == (
        "nan@/numErrors",
        "nan@/results/*/to/*/associationTypes/*/associationTypeId",
    )


def test_a_form_is_at_its_place_in_a_payload_that_is_valid_without_it(hubspot):
    cases = placed_cases(hubspot, 300)
    assert len(cases) > 500
    for case in cases:
        assert is_at(case.pointer, case.label.partition("@")[2])
        assert hubspot.is_valid(json.loads(case.raw.text))
        assert case.body != case.raw.text.encode()


@pytest.mark.parametrize("seed", range(40))
def test_forms_are_at_their_places_for_any_schema(seed):
    try:
        contract = load(random_schema(Random(seed), 3))
        cases = placed_cases(contract, 20)
    except ContractError:
        pytest.skip("no payload satisfies the schema")
    for case in cases:
        assert is_at(case.pointer, case.label.partition("@")[2])
        name = case.label.partition("@")[0]
        if name in INTEGER_FORMS | FRACTION_FORMS:
            assert type(resolve_pointer(read_tokens(case.body), parse_pointer(case.pointer))) is Token
        else:
            # The text is JSON that Python reads.
            assert json.loads(case.body, parse_int=str) is not None


def test_a_number_that_must_be_rejected_is_not_json(hubspot):
    cases = [case for case in placed_cases(hubspot) if case.expectation == "rejects"]
    assert {case.label.partition("@")[0] for case in cases} == {"nan", "infinity", "negative-infinity"}
    for case in cases:
        with pytest.raises(ValueError, match="parse constant"):
            json.loads(case.body, parse_constant=refuse)
        with pytest.raises(msgspec.DecodeError):
            msgspec.json.decode(case.body)


def refuse(name):
    raise ValueError(f"parse constant {name}")


def test_the_other_forms_are_json_that_some_parser_reads(hubspot):
    cases = [case for case in placed_cases(hubspot) if case.expectation == "survives"]
    assert len(cases) > 200
    for case in cases:
        assert json.loads(case.body.decode("ascii"), parse_int=str, parse_constant=refuse) is not None


def test_parsers_differ_about_surrogates_and_huge_numbers(hubspot):
    refused = Counter()
    for case in placed_cases(hubspot):
        try:
            pydantic_core.from_json(case.body, allow_inf_nan=False)
        except ValueError:
            refused[case.label.partition("@")[0]] += 1
    assert {"lone-surrogate", "swapped-surrogates", "lone-surrogate-name", "nan"} <= set(refused)
    assert refused["duplicate-key"] == 0


def test_a_duplicate_of_a_property_has_another_value_after_it(hubspot):
    cases = list(hubspot.sample(200, "malformed", only="duplicate-key@*"))
    changes = Counter()
    for case in cases:
        *_, name = parse_pointer(case.pointer)
        pairs = find_pairs(json.loads(case.body, object_pairs_hook=list), parse_pointer(case.pointer)[:-1])
        values = [value for other, value in pairs if other == name]
        index = next(index for index, pair in enumerate(pairs) if pair[0] == name)
        assert len(values) == 2
        assert pairs[index + 1][0] == name
        assert values[0] != values[1]
        changes[type(values[0]) is type(values[1])] += 1
    assert changes == {True: 200}


def find_pairs(value, tokens):
    """Return the pairs of the object at a place; lists of pairs are objects, and other lists are arrays."""
    for token in tokens:
        if value and all(isinstance(item, tuple) for item in value):
            value = next(item for name, item in value if name == token)
        else:
            value = value[int(token)]
    return value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("duplicate-key", '{"id":"","id":"a"}'),
        ("duplicate-key-other-type", '{"id":"","id":null}'),
        ("duplicate-key-nested", '{"id":"","id":{"id":""}}'),
        ("duplicate-key-escaped", '{"id":"","\\u0069d":"a"}'),
        ("duplicate-key-truncated", '{"id":"","id\\u0000":"a"}'),
        ("lone-surrogate-name", '{"id":"","id\\ud800":"a"}'),
        ("swapped-surrogates-name", '{"id":"","id\\ude00\\ud83d":"a"}'),
        ("lone-surrogate", '{"id":"\\ud800"}'),
        ("swapped-surrogates", '{"id":"\\ude00\\ud83d"}'),
    ],
)
def test_the_text_of_a_form(name, text):
    contract = load({"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]})
    [case] = contract.sample(1, "malformed", only=f"{name}@/id")
    assert case.body.decode() == text


@pytest.mark.parametrize("name", ["", "😀", '"', "\ue000", "a/b", "~", "é"])
def test_any_name_can_be_duplicated(name):
    contract = load({"type": "object", "properties": {name: {"type": "null"}}, "required": [name]})
    cases = list(contract.sample(5, "malformed", only="duplicate-key-*"))
    assert len(cases) == 5
    for case in cases[:3]:
        names = [key for key, _ in json.loads(case.body, object_pairs_hook=list)]
        assert names == [name, name]


def test_a_body_can_be_sent_to_another_process(hubspot):
    for case in placed_cases(hubspot):
        assert pickle.loads(pickle.dumps(case)).body == case.body


def test_a_place_that_does_not_exist_is_an_error():
    with pytest.raises(ValueError, match="nothing at"):
        PlacedBody("nan", "[1]", "/1")()


def many_numbers(count):
    names = [f"n{number}" for number in range(count)]
    return load({"type": "object", "properties": {name: {"type": "number"} for name in names}, "required": names})


def test_a_large_contract_has_each_form_and_each_place_but_not_each_pair():
    contract = many_numbers(200)
    labels = [
        label for label in contract.labels("malformed") if label.partition("@")[0] in FRACTION_FORMS and "@" in label
    ]
    assert len(labels) == MAX_PLACED_FORMS
    assert {label.partition("@")[0] for label in labels} == FRACTION_FORMS
    assert Counter(label.partition("@")[2] for label in labels) == {f"/n{number}": 2 for number in range(200)}
    [note] = contract.notes
    assert "left out" in note


def test_a_larger_one_has_the_places_nearest_to_the_root():
    labels = [label for label in many_numbers(1000).labels("malformed") if label.startswith("nan@")]
    assert 40 <= len(labels) <= 60


def test_a_small_contract_leaves_nothing_out(hubspot):
    assert hubspot.notes == many_numbers(20).notes == ()


def is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def reads_any_number(body: bytes):
    payload = json.loads(body)
    if isinstance(payload, list) and all(map(is_number, payload)):
        return payload
    raise ValueError("not a list of numbers")


def truncates_numbers(body: bytes):
    payload = json.loads(body, parse_constant=refuse)
    if isinstance(payload, list) and all(map(is_number, payload)):
        return list(map(int, payload))
    raise ValueError("not a list of numbers")


DECLARED = (ValueError, RecursionError)


def test_a_default_check_finds_a_consumer_that_takes_nan():
    report = check(reads_any_number, load(NUMBERS), raises=DECLARED)
    assert {finding.case.label for finding in report.findings} == {"nan@/*", "infinity@/*", "negative-infinity@/*"}
    assert {finding.verdict for finding in report.findings} == {"accepted"}


def test_a_default_check_finds_a_consumer_that_crashes_on_an_infinite_number():
    report = check(truncates_numbers, load(NUMBERS), raises=DECLARED)
    assert [(finding.case.label, finding.verdict) for finding in report.findings] == [("huge-exponent@/*", "crashed")]
    assert report.findings[0].case.body == b"[1e400]"


def test_a_consumer_may_take_nan_on_purpose(repeatable):
    contract = load(NUMBERS)
    report = check(reads_any_number, contract, tolerate=["nan@*", "*infinity@*"], raises=DECLARED)
    assert report.ok
    assert report.unused == ()
    assert_survives(reads_any_number, contract, tolerate=["nan@*", "*infinity@*"], raises=DECLARED)
    with pytest.raises(ContractError, match="unknown label 'nam@"):
        check(reads_any_number, contract, tolerate="nam@*")
