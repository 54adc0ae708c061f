"""Contents of valid payloads in each profile, and their frequencies."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given, settings

from contractfuzz import Contract, ContractError

SAMPLE = 3000


@pytest.fixture(scope="module")
def broad(hubspot):
    return [case.payload for case in hubspot.sample(SAMPLE)]


@pytest.fixture(scope="module")
def drawn(hubspot):
    """The same 200 payloads each time, drawn by Hypothesis."""
    payloads = []

    @settings(max_examples=200, derandomize=True, database=None)
    @given(hubspot.valid())
    def collect(payload):
        payloads.append(payload)

    collect()
    return payloads


def objects(payload, schema, root, location=""):
    """Yield every object in a payload with its schema and location."""
    schema = root["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if isinstance(payload, dict):
        yield payload, schema, location
        for name, value in payload.items():
            inner = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
            token = name if name in schema.get("properties", {}) else "*"
            if inner is not None:
                yield from objects(value, inner, root, f"{location}/{token}")
    elif isinstance(payload, list):
        for item in payload:
            yield from objects(item, schema["items"], root, f"{location}/*")


def test_every_optional_property_is_present_in_30_to_70_percent_of_its_parents(hubspot, broad):
    parents, present = Counter(), Counter()
    for payload in broad:
        for value, schema, location in objects(payload, hubspot.schema, hubspot.schema):
            for name in schema.get("properties", {}).keys() - set(schema.get("required", ())):
                parents[f"{location}/{name}"] += 1
                present[f"{location}/{name}"] += name in value
    shares = {name: present[name] / parents[name] for name in parents}
    assert len(shares) == 17
    assert {name: share for name, share in shares.items() if not 0.3 < share < 0.7} == {}


def test_every_array_and_map_has_no_one_and_several_members_in_at_least_a_tenth_of_the_cases(hubspot, broad):
    sizes, total = Counter(), Counter()

    def count(value, location):
        total[location] += 1
        sizes[location, min(len(value), 2)] += 1

    for payload in broad:
        for value, schema, location in objects(payload, hubspot.schema, hubspot.schema):
            if "additionalProperties" in schema:
                count(value, location)
            for name, inner in value.items():
                if isinstance(inner, list) and ("additionalProperties" in schema or name in schema["properties"]):
                    count(inner, f"{location}/{name if name in schema.get('properties', {}) else '*'}")
    assert len(total) == 11
    shares = {(name, size): sizes[name, size] / total[name] for name in total for size in (0, 1, 2)}
    assert {key: share for key, share in shares.items() if share < 0.1} == {}


def test_within_200_examples_of_hypothesis_every_kind_of_point_is_reached(hubspot, drawn):
    reached = Counter(point.rpartition(":")[2] for point in hubspot.coverage(drawn).reached)
    assert {'="PENDING"', '="PROCESSING"', '="CANCELED"', '="COMPLETE"'} <= reached.keys()
    assert {'="HUBSPOT_DEFINED"', '="USER_DEFINED"', '="INTEGRATOR_DEFINED"'} <= reached.keys()
    assert {"minimum", "maximum", "zero", "negative"} <= reached.keys()
    assert {"empty", "one", "several", "ascii", "non-ascii", "long"} <= reached.keys()
    assert {"Z", "offset", "fraction"} <= reached.keys()


def test_within_200_examples_of_hypothesis_nearly_every_point_is_reached(hubspot, drawn):
    assert hubspot.coverage(drawn).ratio > 0.9


def test_few_payloads_have_properties_that_the_contract_does_not_name(hubspot, broad):
    def has_extra(payload):
        return any(
            value.keys() - schema["properties"].keys()
            for value, schema, _ in objects(payload, hubspot.schema, hubspot.schema)
            if "properties" in schema
        )

    share = sum(map(has_extra, broad)) / SAMPLE
    assert 0.01 < share < 0.15


def test_95_percent_of_broad_payloads_are_smaller_than_4_kb_and_none_is_huge(hubspot):
    sizes = sorted(len(case.body) for case in hubspot.sample(SAMPLE, seed=1))
    assert sizes[SAMPLE * 95 // 100] < 4000
    assert sizes[-1] < 50_000
    assert sum(sizes) / SAMPLE > 500


def test_an_object_with_hundreds_of_optional_properties_has_some_thirty_of_them_on_average():
    contract = Contract.load({"type": "object", "properties": {f"p{number}": {} for number in range(500)}})
    sizes = [len(case.payload) for case in contract.sample(200)]
    assert 25 < sum(sizes) / len(sizes) < 40


def test_minimal_payloads_have_only_required_properties(hubspot):
    cases = list(hubspot.sample(200, profile="minimal"))
    assert len(cases) == 200
    for case in cases:
        assert case.payload.keys() == {"status", "results", "startedAt", "completedAt"}
        assert case.payload["results"] == []


@pytest.mark.parametrize("profile", ["broad", "minimal", "realistic"])
def test_payloads_of_every_profile_but_hostile_are_valid_and_must_be_accepted(hubspot, profile):
    cases = list(hubspot.sample(300, profile=profile))
    assert len(cases) == 300
    for case in cases:
        assert case.kind == "valid"
        assert case.expectation == "accepts"
        assert hubspot.is_valid(case.payload)


def test_a_contract_without_realistic_values_suggests_another_profile():
    contract = Contract.load(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "null"}, name="nothing"
    )
    with pytest.raises(ContractError, match="'nothing' has no realistic values: use the profile 'broad'"):
        contract.valid("realistic")


def test_the_body_of_a_case_is_its_payload(hubspot):
    cases = list(hubspot.sample(100))
    assert len(cases) == 100
    for case in cases:
        assert json.loads(case.body) == case.payload
