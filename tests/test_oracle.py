"""The oracle's formats are checked: without their checkers installed, jsonschema lets any string pass as a date-time."""

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
def test_a_string_that_is_no_date_time_is_refused(hubspot, text):
    errors = hubspot.errors({**MINIMAL, "startedAt": text})
    assert [(error.pointer, error.keyword) for error in errors] == [("/startedAt", "format")]


def test_a_date_time_is_accepted(hubspot):
    assert hubspot.is_valid(MINIMAL)
    assert hubspot.errors(MINIMAL) == []


@pytest.mark.parametrize(
    ("form", "text"),
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
def test_the_checker_of_every_format_is_installed(form, text):
    assert not Oracle({"type": "string", "format": form}).is_valid(text)


def test_an_error_says_where_which_keyword_and_why(hubspot):
    [error] = hubspot.errors({**MINIMAL, "results": [{"from": {}, "to": []}]})
    assert (error.pointer, error.keyword) == ("/results/0/from", "required")
    assert "'id'" in error.message


def test_an_error_of_a_union_is_followed_by_those_of_its_branches():
    contract = Contract.load(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "anyOf": [{"type": "null"}, {"minimum": 3}]}
    )
    assert [error.keyword for error in contract.errors(1)] == ["anyOf", "type", "minimum"]


def test_a_name_that_is_not_allowed_is_an_error_of_property_names():
    oracle = Oracle({"propertyNames": {"pattern": "^[a-z]+$"}})
    assert [error.keyword for error in oracle.errors({"A": 1})] == ["propertyNames"]


def test_a_property_that_is_called_like_a_keyword_is_no_keyword():
    oracle = Oracle({"properties": {"propertyNames": {"type": "string"}}})
    assert [error.keyword for error in oracle.errors({"propertyNames": 1})] == ["type"]
