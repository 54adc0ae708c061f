"""The points of a schema, and which payloads reach them."""

from __future__ import annotations

import pytest

from contractfuzz import Contract


def load(**schema):
    return Contract.load({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, name="small")


@pytest.mark.parametrize("seed", range(5))
def test_broad_reaches_every_point_of_the_contract_within_100_payloads(hubspot, seed):
    coverage = hubspot.coverage(hubspot.sample(100, seed=seed))
    assert coverage.missed == ()
    assert coverage.ratio == 1


def test_without_payloads_no_point_is_reached(hubspot):
    coverage = hubspot.coverage([])
    assert coverage.reached == ()
    assert coverage.ratio == 0
    assert len(coverage.missed) == 170


def test_the_points_of_an_object_are_its_properties_present_and_the_optional_ones_absent():
    contract = load(type="object", properties={"a": {"type": "null"}, "b": {"type": "null"}}, required=["a"])
    assert contract.coverage([]).missed == ("/a:present", "/b:absent", "/b:present")
    assert contract.coverage([{"a": None}]).reached == ("/a:present", "/b:absent")
    assert contract.coverage([{"a": None}, {"a": None, "b": None}]).missed == ()


@pytest.mark.parametrize(
    ("schema", "payload", "points"),
    [
        ({"type": "array"}, [], (":empty",)),
        ({"type": "array"}, ["x"], (":one",)),
        ({"type": "array"}, ["x", "y", "z"], (":several",)),
        ({"type": "object", "additionalProperties": {"type": "null"}}, {}, (":empty",)),
        ({"type": "object", "additionalProperties": {"type": "null"}}, {"a": None, "b": None}, (":several",)),
        ({"enum": ["a", 1, None]}, 1, (":=1",)),
        ({"enum": ["a", 1, None]}, "a", (':="a"',)),
        ({"type": "boolean"}, True, (":=true",)),
        ({"type": "integer", "minimum": -3, "maximum": 4}, -3, (":minimum", ":negative")),
        ({"type": "integer", "minimum": -3, "maximum": 4}, 4, (":maximum",)),
        ({"type": "integer", "minimum": -3, "maximum": 4}, 0, (":zero",)),
        ({"type": "number"}, -0.5, (":fraction", ":negative")),
        ({"type": "string"}, "", (":empty",)),
        ({"type": "string"}, "abc", (":ascii",)),
        ({"type": "string"}, "é", (":non-ascii",)),
        ({"type": "string"}, "a" * 32, (":ascii", ":long")),
        ({"type": "string", "format": "date-time"}, "2025-03-15T14:30:00Z", (":Z",)),
        ({"type": "string", "format": "date-time"}, "2025-03-15T14:30:00.5+01:00", (":fraction", ":offset")),
        ({"type": ["integer", "null"]}, None, (":null",)),
        ({"type": ["integer", "null"]}, 0, (":integer", ":zero")),
    ],
)
def test_the_points_that_a_payload_reaches(schema, payload, points):
    assert load(**schema).coverage([payload]).reached == points


@pytest.mark.parametrize(
    ("schema", "points"),
    [
        ({"type": "integer", "minimum": 1}, (":minimum",)),
        ({"type": "string", "minLength": 1, "maxLength": 5}, (":ascii", ":non-ascii")),
        ({"type": "array", "items": {"type": "null"}, "minItems": 1, "maxItems": 1}, (":one",)),
    ],
)
def test_the_points_are_limited_to_what_the_schema_allows(schema, points):
    assert load(**schema).coverage([]).missed == points


def test_points_in_items_and_map_values_have_their_locations():
    contract = load(type="array", items={"type": "object", "additionalProperties": {"enum": ["a"]}})
    assert contract.coverage([[{"k": "a"}]]).reached == ('/*/*:="a"', ":one")


def test_the_coverage_of_an_invalid_payload_has_every_point(hubspot):
    coverages = [hubspot.coverage([case.payload]) for case in hubspot.sample(800, kind="invalid")]
    assert len(coverages) == 800
    assert {len(coverage.reached) + len(coverage.missed) for coverage in coverages} == {170}
    assert sum(bool(coverage.reached) for coverage in coverages) > 700


def test_cases_can_be_given_instead_of_their_payloads(hubspot):
    cases = list(hubspot.sample(20))
    assert hubspot.coverage(cases) == hubspot.coverage(case.payload for case in cases)


def test_malformed_cases_reach_no_point(hubspot):
    assert hubspot.coverage(hubspot.sample(5, kind="malformed")).reached == ()


def test_the_points_of_a_recursive_schema_count_once():
    tree = load(type="object", properties={"name": {"type": "null"}, "kids": {"type": "array", "items": {"$ref": "#"}}})
    points = tree.coverage([]).missed
    assert "/kids/*/kids:empty" in points
    assert [point for point in points if point.count("kids") > 2] == []
    assert tree.coverage(tree.sample(100)).missed == ()
