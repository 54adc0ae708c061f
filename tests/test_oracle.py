"""The oracle: errors with their locations, and formats, which jsonschema ignores unless their checkers are installed."""

from __future__ import annotations

import pytest

from contractfuzz import Contract
from contractfuzz.oracle import Oracle

MINIMAL = {
    "status": "PENDING",
    "results": [],
    "startedAt": "2025-03-15T14:30:00Z",
    "completedAt": "2025-03-15T14:30:00Z",
}


@pytest.mark.parametrize("text", ["2025-13-01T00:00:00Z", ""])
def test_a_string_that_is_not_a_date_time_is_rejected(hubspot, text):
    errors = hubspot.errors({**MINIMAL, "startedAt": text})
    assert [(error.pointer, error.keyword) for error in errors] == [("/startedAt", "format")]


def test_a_date_time_is_accepted(hubspot):
    assert hubspot.is_valid(MINIMAL)
    assert hubspot.errors(MINIMAL) == []


@pytest.mark.parametrize(
    ("string_format", "text"),
    [
        ("date", "2025-13-01"),
        ("time", "25:00:00Z"),
        ("duration", "P"),
        ("email", "nobody"),
        ("uri", "no scheme"),
        ("uri-reference", "\\\\server"),
        ("uuid", "1234"),
        ("ipv4", "1.2.3"),
        ("ipv6", "::1::"),
        ("hostname", "-a"),
        ("json-pointer", "a"),
        ("regex", "("),
    ],
)
def test_the_checker_of_every_format_is_installed(string_format, text):
    assert not Oracle({"type": "string", "format": string_format}).is_valid(text)


def test_an_error_has_a_location_a_keyword_and_a_message(hubspot):
    [error] = hubspot.errors({**MINIMAL, "results": [{"from": {}, "to": []}]})
    assert (error.pointer, error.keyword) == ("/results/0/from", "required")
    assert "'id'" in error.message


def test_an_error_of_a_union_is_followed_by_the_errors_of_its_branches():
    contract = Contract.load(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "anyOf": [{"type": "null"}, {"minimum": 3}]}
    )
    assert [error.keyword for error in contract.errors(1)] == ["anyOf", "type", "minimum"]


def test_a_forbidden_property_name_is_an_error_of_property_names():
    oracle = Oracle({"propertyNames": {"pattern": "^[a-z]+$"}})
    assert [error.keyword for error in oracle.errors({"A": 1})] == ["propertyNames"]


def test_a_property_named_like_a_keyword_is_not_a_keyword():
    oracle = Oracle({"properties": {"propertyNames": {"type": "string"}}})
    assert [error.keyword for error in oracle.errors({"propertyNames": 1})] == ["type"]


@pytest.mark.parametrize(
    ("payload", "pointer", "keyword", "confirmed"),
    [
        ({"n": "x"}, "/n", "type", True),
        ({"n": "x"}, "", "type", False),
        ({"n": "x"}, "/n", "minimum", False),
        ({"n": -1}, "/n", "minimum", True),
        ({}, "/n", "required", True),
        ({}, "/n/x", "required", False),
        ({"n": "x", "m": "x"}, "/n", "type", False),
        ({"n": 1}, "/n", "type", False),
    ],
)
def test_a_violation_is_confirmed_only_if_nothing_else_is_broken(payload, pointer, keyword, confirmed):
    oracle = Oracle(
        {"properties": {"n": {"type": "integer", "minimum": 0}, "m": {"type": "integer"}}, "required": ["n"]}
    )
    assert oracle.confirms(payload, pointer, keyword) is confirmed


def test_all_of_is_confirmed_if_one_of_its_parts_is_broken():
    oracle = Oracle({"allOf": [{"minimum": 0}, {"minimum": 10}]})
    assert oracle.confirms(5, "", "allOf")
    assert not oracle.confirms(-1, "", "allOf"), "two parts are broken"
    assert not oracle.confirms(11, "", "allOf"), "nothing is broken"


def test_several_matching_branches_of_one_of_differ_from_no_matching_branch():
    oracle = Oracle({"oneOf": [{"type": "integer"}, {"minimum": 0}]})
    assert oracle.matches_several_branches(1)
    assert not oracle.matches_several_branches(-0.5)


def test_breaking_only_one_keyword_ignores_the_causes_inside_it():
    oracle = Oracle({"anyOf": [{"type": "integer"}, {"maxLength": 1}], "minLength": 2})
    assert oracle.breaks_only("long", "anyOf")
    assert not oracle.breaks_only("", "anyOf")
