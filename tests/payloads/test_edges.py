"""Edge values: the random valid cases show each of them at each location, in payloads that stay valid."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutants.subjects import SUBJECTS
from payload_judges import python_says, rust_says, structure_says

from contractfuzz import Contract
from contractfuzz.json_values import canonical
from contractfuzz.payloads.values.edge_texts import EDGE_TEXTS, edge_texts
from contractfuzz.payloads.values.formats import EDGE_STRINGS, FORMAT_DECODERS

STRUCTURE = "https://json-structure.org/meta/core/v0/#"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
EACH_SUBJECT = pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.name)


def contract_of(schema, **options):
    return Contract.load({"$schema": DRAFT, **schema}, **options)


def values_in(payload):
    """Yield all values in a payload as JSON texts."""
    yield canonical(payload)
    for inner in payload.values() if isinstance(payload, dict) else payload if isinstance(payload, list) else ():
        yield from values_in(inner)


def shown(contract, count, seed=0):
    """Return the values of all kinds in the first cases of a sample."""
    return {value for case in contract.sample(count, seed=seed) for value in values_in(case.payload)}


@EACH_SUBJECT
def test_payloads_with_edge_values_are_valid(subject):
    contract = subject.contract
    rust = rust_says(contract.schema)
    for case in itertools.chain(contract.sample(500), contract.sample(100, profile="closed")):
        assert contract.is_valid(case.payload)
        assert rust(case.payload)


@pytest.mark.parametrize(
    ("schema", "edges"),
    [
        ({"type": "string"}, [*EDGE_TEXTS, "a" * 300, "👍" * 300]),
        ({"type": "string", "minLength": 2, "maxLength": 3}, ["aa", "a\nb", "012", "nul", "👍👍👍"]),
        ({"type": "string", "enum": ["x", "y", "z"]}, ["x", "y", "z"]),
        ({"type": "string", "examples": ["K-17"]}, ["K-17"]),
        ({"type": "string", "pattern": "^(GET|PUT)$"}, ["GET", "PUT"]),
        ({"type": "string", "format": "date"}, EDGE_STRINGS["date"]),
        ({"type": "integer"}, [0, 1, -1, 2**31 - 1, 2**31, -(2**31), 2**32, 2**53 - 1, -(2**53) + 1]),
        ({"type": "integer", "minimum": 3, "maximum": 9, "multipleOf": 3}, [3, 9]),
        ({"type": "number"}, [0.3, 3e-7, 1.5, 0.30000000000000004, 1.7976931348623157e308]),
        ({"type": "number", "minimum": 0.25, "maximum": 8}, [0.25, 8]),
        ({"type": ["boolean", "null"]}, [True, False, None]),
        ({"type": "array", "items": {"type": "integer"}, "examples": [[1, 2, 3]]}, [[1, 2, 3]]),
    ],
)
def test_a_sample_shows_the_edge_values_of_a_property(schema, edges):
    contract = contract_of({"type": "object", "properties": {"rare": schema}})
    assert {canonical(edge) for edge in edges} - shown(contract, 60) == set()


@pytest.mark.parametrize(
    ("schema", "location"),
    [
        ({"type": "array", "items": {"type": "object", "properties": {"at": {"$ref": "#/$defs/leaf"}}}}, "item"),
        ({"type": "object", "additionalProperties": {"$ref": "#/$defs/leaf"}}, "map"),
        ({"prefixItems": [{"type": "null"}, {"$ref": "#/$defs/leaf"}], "minItems": 2}, "prefix"),
        ({"oneOf": [{"type": "null"}, {"type": "object", "properties": {"at": {"$ref": "#/$defs/leaf"}}}]}, "branch"),
        ({"type": "array", "uniqueItems": True, "items": {"$ref": "#/$defs/leaf"}}, "unique item"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_sample_shows_edge_values_at_any_place(schema, location):
    leaf = {"type": "string", "format": "date"}
    contract = contract_of({**schema, "$defs": {"leaf": leaf}})
    texts = {canonical(edge) for edge in EDGE_STRINGS["date"]}
    assert texts - shown(contract, 30) == set(), location


@pytest.mark.parametrize(
    ("schema", "names"),
    [
        ({"additionalProperties": {"type": "integer"}}, EDGE_TEXTS),
        ({"propertyNames": {"maxLength": 2}, "additionalProperties": {"type": "null"}}, ["", "a", "é", "01", " a"]),
        ({"propertyNames": {"enum": ["x", "y"]}, "additionalProperties": True}, ["x", "y"]),
        ({"patternProperties": {"^(x|y)$": {"type": "integer"}}, "additionalProperties": False}, ["x", "y"]),
        ({"properties": {"0": False}, "additionalProperties": {"type": "integer"}}, set(EDGE_TEXTS) - {"0"}),
    ],
)
def test_a_sample_shows_edge_texts_as_names_of_map_members(schema, names):
    contract = contract_of({"type": "object", **schema})
    payloads = [case.payload for case in contract.sample(80)]
    assert all(map(rust_says(contract.schema), payloads))
    assert set(names) - {name for payload in payloads for name in payload} == set()


def test_a_sample_shows_undeclared_properties_of_each_object_that_may_have_them():
    leaf = {"type": "object", "properties": {"x": {"const": 1}}}
    closed = {**leaf, "additionalProperties": False}
    contract = contract_of({"type": "object", "properties": {"rare": leaf, "a.b": leaf, "closed": closed}})
    payloads = [case.payload for case in contract.sample(12)]
    assert all(map(rust_says(contract.schema), payloads))
    assert any("createdBy" in payload for payload in payloads)
    for name in ("rare", "a.b"):
        assert {"createdBy", "a.b"} <= {inner for payload in payloads for inner in payload.get(name, ())}


@pytest.mark.parametrize(
    "schema",
    [
        {"additionalProperties": {"type": "integer"}, "maxProperties": 1},
        {"additionalProperties": {"type": "integer"}, "minProperties": 2},
        {"additionalProperties": {"type": "integer"}, "dependentRequired": {"a": ["b"], "0": ["c"]}},
        {"patternProperties": {"a": {"type": "string"}, "b": {"type": "null"}}},
        {"patternProperties": {"a": {"minLength": 1}, "b": {"maxLength": 1}}, "additionalProperties": False},
        {"additionalProperties": {"type": "integer"}, "not": {"required": ["null"]}},
        {
            "additionalProperties": {"type": "object", "additionalProperties": {"$ref": "#"}},
            "unevaluatedProperties": False,
        },
    ],
)
def test_objects_with_edge_texts_as_names_are_valid(schema):
    contract = contract_of({"type": "object", **schema})
    judges = [rust_says(contract.schema), python_says(contract.schema)]
    assert all(judge(case.payload) for case in contract.sample(100) for judge in judges)


def test_each_seed_shows_other_edge_values_if_they_are_many():
    names = [f"p{number}" for number in range(60)]
    contract = contract_of({"type": "object", "properties": {name: {"type": "string"} for name in names}})
    assert canonical("a" * 300) in shown(contract, 20, seed=0) | shown(contract, 20, seed=1)
    edges = {seed: {canonical(case.payload) for case in contract.sample(20, seed=seed)} for seed in range(3)}
    assert len(edges[0] & edges[1]) <= 1  # the smallest payload


def test_a_value_of_the_user_does_not_replace_an_edge_value():
    contract = contract_of({"type": "object", "properties": {"id": {"type": "string"}}}, values={"/id": ["33451"]})
    texts = shown(contract, 60)
    assert canonical("33451") in texts
    assert {canonical(text) for text in EDGE_TEXTS} - texts == set()


def test_payloads_without_places_for_edge_values_are_made_as_well():
    assert [case.payload for case in contract_of({"type": "array", "maxItems": 0}).sample(5)] == [[]] * 5


@given(st.integers(0, 1200), st.integers(0, 1200))
def test_edge_texts_keep_the_bounds_of_the_length(one, other):
    low, high = sorted((one, other))
    for bound in (high, None):
        texts = edge_texts(low, bound)
        assert len(set(texts)) == len(texts) >= 1
        assert all(low <= len(text) and (bound is None or len(text) <= bound) for text in texts)


def test_each_decoded_format_has_edge_values():
    assert EDGE_STRINGS.keys() == FORMAT_DECODERS.keys()


@pytest.mark.parametrize(
    ("string_format", "text"), [(name, text) for name, texts in EDGE_STRINGS.items() for text in texts]
)
def test_validators_agree_that_edge_values_keep_their_format(string_format, text):
    schema = {"type": "string", "format": string_format}
    judges = [rust_says(schema), python_says(schema)]
    if structure_type := {"date-time": "datetime", "date": "date"}.get(string_format):
        judges.append(structure_says({"$schema": STRUCTURE, "name": "V", "type": structure_type}))
    assert all(judge(text) for judge in judges)
