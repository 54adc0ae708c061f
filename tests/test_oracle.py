"""The oracle: errors with their locations, and strict formats, and patterns of ECMA-262."""

from __future__ import annotations

import jsonschema_rs
import pytest

from contractfuzz import Contract
from contractfuzz.claims import FaultClaim
from contractfuzz.oracle import CHECKED_FORMATS, Oracle

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


STRICT = [
    ("hostname", "a_b.example", False),
    ("hostname", "-a.example", False),
    ("hostname", "example", True),
    ("email", "@example.com", False),
    ("email", "a@", False),
    ("email", "ann@example.com", True),
    ("idn-email", "실례@실례.테스트", True),
    ("uri-template", "http://example.com/{a", False),
    ("uri-template", "http://example.com/{a}", True),
    ("duration", "PT0.5S", False),
    ("duration", "P1Y2W", False),
    ("duration", "P4DT12H30M5S", True),
    ("date", "2024-1-01", False),
    ("time", "12:00:00", False),
    ("ipv6", "::1%eth0", False),
    ("iri", "http://ƒøø.ßår/?∂éœ=πîx", True),
    ("relative-json-pointer", "-1/a", False),
    ("idn-hostname", "실례.테스트", True),
    ("uuid", "2eb8aa08-aa98-11ea-b4aaa73b441d16380", False),
    ("date-time", "1998-12-31T23:58:60Z", False),
    ("hostname", "\ud800", False),
    ("regex", "^\\p{L}$", True),
    ("something", "anything", True),
]


@pytest.mark.parametrize(("string_format", "text", "expected"), STRICT)
def test_formats_are_checked_strictly(string_format, text, expected):
    assert Oracle({"format": string_format}).is_valid(text) is expected
    assert Oracle({"format": string_format}).is_valid(1)


def test_every_checked_format_rejects_something():
    assert [name for name in CHECKED_FORMATS if Oracle({"format": name}).is_valid("\\ [{(")] == []


def test_character_classes_mean_ascii():
    oracle = Oracle({"pattern": r"^\d\w$"})
    assert oracle.is_valid("1a")
    assert not oracle.is_valid("٣a")
    assert not oracle.is_valid("1é")


LETTERS = {"patternProperties": {r"^\p{Lu}$": {"type": "integer"}}, "properties": {"n": True}}


@pytest.mark.parametrize(
    ("schema", "payload", "errors"),
    [
        ({**LETTERS, "additionalProperties": False}, {"É": 1, "n": 2}, []),
        ({**LETTERS, "additionalProperties": False}, {"É": "x"}, [("/É", "type")]),
        ({**LETTERS, "additionalProperties": False}, {"é": 1}, [("", "additionalProperties")]),
        ({**LETTERS, "additionalProperties": {"type": "string"}}, {"é": 1}, [("/é", "type")]),
        ({"allOf": [LETTERS], "unevaluatedProperties": False}, {"É": 1, "n": 1}, []),
        ({"allOf": [LETTERS], "unevaluatedProperties": False}, {"é": 1}, [("", "unevaluatedProperties")]),
        ({"$ref": "#/$defs/l", "$defs": {"l": LETTERS}, "unevaluatedProperties": False}, {"É": 1}, []),
        ({"if": {"required": ["n"]}, "then": LETTERS, "unevaluatedProperties": False}, {"n": 1, "É": 1}, []),
        (
            {"if": {"required": ["n"]}, "then": LETTERS, "unevaluatedProperties": False},
            {"É": 1},
            [("", "unevaluatedProperties")],
        ),
        (
            {"dependentSchemas": {"n": LETTERS}, "unevaluatedProperties": {"type": "string"}},
            {"n": 1, "É": 1, "x": "y"},
            [],
        ),
        (
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "items": {"$ref": "#/$defs/l"},
                "$defs": {"l": LETTERS},
            },
            [{"É": ""}],
            [("/0/É", "type")],
        ),
    ],
)
def test_patterns_of_names_are_those_of_ecma_262(schema, payload, errors):
    oracle = Oracle(schema)
    assert [(error.pointer, error.keyword) for error in oracle.errors(payload)] == errors
    assert oracle.is_valid(payload) is (not errors)
    assert jsonschema_rs.Draft202012Validator(schema).is_valid(payload) is (not errors)


def test_an_error_has_a_location_a_keyword_and_a_message(hubspot):
    [error] = hubspot.errors({**MINIMAL, "results": [{"from": {}, "to": []}]})
    assert (error.pointer, error.keyword) == ("/results/0/from", "required")
    assert "'id'" in error.message


def test_an_error_of_a_union_is_followed_by_the_errors_of_its_branches():
    contract = Contract.load(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "anyOf": [{"maximum": 0}, {"minimum": 3}]}
    )
    assert [error.keyword for error in contract.errors(1)] == ["anyOf", "maximum", "minimum"]


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
    assert oracle.confirms(payload, [FaultClaim(pointer, keyword)]) is confirmed


def test_all_of_is_confirmed_if_one_of_its_parts_is_broken():
    oracle = Oracle({"allOf": [{"minimum": 0}, {"minimum": 10}]})
    assert oracle.confirms(5, [FaultClaim("", "allOf")])
    assert not oracle.confirms(-1, [FaultClaim("", "allOf")]), "two parts are broken"
    assert not oracle.confirms(11, [FaultClaim("", "allOf")]), "nothing is broken"


def test_several_matching_branches_of_one_of_differ_from_no_matching_branch():
    oracle = Oracle({"oneOf": [{"type": "integer"}, {"minimum": 0}]})
    assert oracle.find_errors(1).match_several_branches
    assert not oracle.find_errors(-0.5).match_several_branches


def test_breaking_only_one_keyword_ignores_the_causes_inside_it():
    oracle = Oracle({"anyOf": [{"pattern": "^x"}, {"maxLength": 1}], "minLength": 2})
    assert oracle.find_errors("long").break_only("anyOf")
    assert not oracle.find_errors("").break_only("anyOf")
