"""The lint rules for JSON Schema and OpenAPI: what they report, and what they must not report."""

from __future__ import annotations

import re
import time
from itertools import pairwise
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from payload_judges import rust_says

from contractfuzz.documents.keywords import KEYWORDS
from contractfuzz.json_pointer import parse_pointer, resolve_pointer
from contractfuzz.lint import RULES, lint

URIS = {
    "draft-04": "http://json-schema.org/draft-04/schema#",
    "draft-06": "http://json-schema.org/draft-06/schema#",
    "draft-07": "http://json-schema.org/draft-07/schema#",
    "2019-09": "https://json-schema.org/draft/2019-09/schema",
    "2020-12": "https://json-schema.org/draft/2020-12/schema",
}
PUBLISHERS = Path(__file__).parents[2] / "docs" / "publishers.md"


def remarks_of(schema, draft="2020-12"):
    return [(remark.pointer, remark.rule) for remark in lint([{"$schema": URIS[draft], **schema}])]


def messages_of(schema, rule, draft="2020-12"):
    return [remark.message for remark in lint([{"$schema": URIS[draft], **schema}]) if remark.rule == rule]


# --- contradictions ----------------------------------------------------------------------------------------------------


UNSATISFIABLE = {
    "types": ({"type": "object", "allOf": [{"type": "string"}]}, "the types"),
    "types behind references": (
        {"$ref": "#/$defs/A", "type": "integer", "$defs": {"A": {"type": ["string", "null"]}}},
        "none in common",
    ),
    "type and not": ({"type": "string", "not": {"type": "string"}}, "`not` forbids"),
    "integers without integers": (
        {"type": "integer", "minimum": 0.2, "maximum": 0.8},
        "no integer is within minimum 0.2",
    ),
    "no multiple": ({"type": "number", "multipleOf": 5, "minimum": 6, "maximum": 9}, "no multiple of 5"),
    "numbers of two parts": (
        {"type": "number", "allOf": [{"minimum": 3}, {"exclusiveMaximum": 3}]},
        "minimum 3 and exclusiveMaximum 3",
    ),
    "lengths of two parts": (
        {"type": "string", "allOf": [{"minLength": 3}, {"maxLength": 2}]},
        "minLength 3 is greater than maxLength 2",
    ),
    "const of another type": ({"type": "string", "const": 1}, "1 is not valid"),
    "enum of another type": ({"type": "string", "enum": [1, 2]}, "no value of [1, 2]"),
    "enum and pattern": ({"enum": ["a", "b"], "pattern": "^c"}, "no value of"),
    "enums without a common value": ({"allOf": [{"enum": [1, 2]}, {"enum": [3]}]}, "no value of"),
    "a required property is false": (
        {"type": "object", "properties": {"a": False}, "required": ["a"]},
        'the property "a" is required',
    ),
    "a required property is not allowed": (
        {"type": "object", "properties": {}, "additionalProperties": False, "required": ["a"]},
        'the property "a" is required',
    ),
    "allOf of closed objects": (
        {
            "type": "object",
            "allOf": [
                {"properties": {"a": True}, "additionalProperties": False},
                {"properties": {"b": True}, "required": ["b"]},
            ],
        },
        'the property "b" is required',
    ),
    "more required than allowed": ({"type": "object", "required": ["a", "b"], "maxProperties": 1}, "2 properties are"),
    "a required name is forbidden": (
        {"type": "object", "required": ["a"], "propertyNames": {"minLength": 2}},
        "`propertyNames` forbids it",
    ),
    "an item is false": ({"type": "array", "prefixItems": [False], "minItems": 1}, "no item 0"),
    "contains is impossible": ({"type": "array", "contains": False}, "`contains`"),
    "contains of too many": (
        {"type": "array", "contains": True, "minContains": 3, "maxItems": 2},
        "3 items must match",
    ),
    "no branch": ({"type": "string", "anyOf": [{"type": "integer"}, {"type": "null"}]}, "no branch of `anyOf`"),
    "every type": (
        {"type": ["integer", "array"], "minimum": 0.2, "maximum": 0.8, "items": False, "minItems": 1},
        "no item 0",
    ),
    "the root allows nothing": ({"not": {}}, "allows nothing"),
}


@pytest.mark.parametrize("case", UNSATISFIABLE)
def test_a_contradiction_is_reported_with_its_reason(case):
    schema, reason = UNSATISFIABLE[case]
    [message] = messages_of(schema, "unsatisfiable")
    assert reason in message
    assert message.endswith("correct one of them")


@pytest.mark.parametrize(
    "schema",
    [
        {"type": ["integer", "string"], "minimum": 0.2, "maximum": 0.8},
        {"type": ["array", "null"], "items": False, "minItems": 1},
        {"propertyNames": False},
        {"contains": False},
        {"not": {"type": "integer"}, "type": "number"},
        {"not": {"type": "string"}},
        {"properties": {"a": False}, "required": ["b"]},
        {"type": "object", "properties": {"a": False}},
        {"type": "object", "properties": {"a": {"not": {}}}, "additionalProperties": False},
        {"type": "object", "patternProperties": {"^a": True}, "additionalProperties": False, "required": ["ab"]},
        {"type": "array", "items": False},
        {"type": "string", "anyOf": [{"type": "integer"}, {"minLength": 3}]},
        {"enum": [1, "a"], "type": "string"},
        {"type": "number", "multipleOf": 0.1, "minimum": 0.3, "maximum": 0.3},
        {"allOf": [{"properties": {"a": True}}], "unevaluatedProperties": False, "type": "object", "required": ["a"]},
    ],
    ids=str,
)
def test_a_satisfiable_schema_has_no_contradiction(schema):
    assert messages_of(schema, "unsatisfiable") == []


def test_a_contradiction_is_reported_only_where_it_is():
    inner = {"type": "string", "const": 1}
    schema = {
        "type": "object",
        "properties": {
            "a": {"$ref": "#/$defs/A"},
            "b": {"type": "array", "items": {"$ref": "#/$defs/A"}, "minItems": 1},
        },
        "required": ["a"],
        "$defs": {"A": inner},
    }
    assert remarks_of(schema) == [("/$defs/A", "unsatisfiable")]


SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 5), st.sampled_from([0.5, 1.0, 2.5, "", "a", "ab", "abc"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=4,
)
TYPES = st.sampled_from(["null", "boolean", "integer", "number", "string", "array", "object"])
SMALL = st.integers(0, 3)
BOUND = st.sampled_from([-1, 0, 0.2, 0.8, 1, 2, 3])


def _keywords(inner):
    schemas = inner | st.booleans()
    return st.fixed_dictionaries(
        {},
        optional={
            "type": TYPES | st.lists(TYPES, min_size=1, max_size=3, unique=True),
            "enum": st.lists(VALUES, min_size=1, max_size=2),
            "const": VALUES,
            "minimum": BOUND,
            "maximum": BOUND,
            "exclusiveMinimum": BOUND,
            "exclusiveMaximum": BOUND,
            "multipleOf": st.sampled_from([1, 2, 5, 0.5]),
            "minLength": SMALL,
            "maxLength": SMALL,
            "pattern": st.sampled_from(["^a", "b$"]),
            "minItems": SMALL,
            "maxItems": SMALL,
            "items": schemas,
            "prefixItems": st.lists(schemas, min_size=1, max_size=2),
            "contains": schemas,
            "minContains": SMALL,
            "properties": st.dictionaries(st.sampled_from("abc"), schemas, max_size=2),
            "patternProperties": st.dictionaries(st.sampled_from(["^a", "b|c"]), schemas, max_size=1),
            "additionalProperties": schemas,
            "propertyNames": schemas,
            "required": st.lists(st.sampled_from("abc"), unique=True, max_size=2),
            "minProperties": SMALL,
            "maxProperties": SMALL,
            "not": schemas,
            "allOf": st.lists(schemas, min_size=1, max_size=2),
            "anyOf": st.lists(schemas, min_size=1, max_size=2),
            "oneOf": st.lists(schemas, min_size=1, max_size=2),
            "unevaluatedProperties": schemas,
            "unevaluatedItems": schemas,
            "$ref": st.just("#/$defs/A"),
        },
    )


SCHEMAS = st.recursive(st.just({}) | st.fixed_dictionaries({"type": TYPES}), _keywords, max_leaves=6)


def _reported_schema(whole, pointer):
    """Return the schema at a pointer as a document of its own, with the definitions of the whole document."""
    schema = resolve_pointer(whole, parse_pointer(pointer))
    return {**schema, "$schema": whole["$schema"], "$defs": whole["$defs"]}


def test_what_is_called_unsatisfiable_has_no_valid_value():
    judged = []

    @settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
    @given(schema=_keywords(SCHEMAS), definition=SCHEMAS, values=st.lists(VALUES, min_size=20, max_size=20))
    def check(schema, definition, values):
        whole = {"$schema": URIS["2020-12"], **schema, "$defs": {"A": definition}}
        for remark in lint([whole]):
            if remark.rule == "unsatisfiable":
                alone = _reported_schema(whole, remark.pointer)
                judges = jsonschema.Draft202012Validator(alone).is_valid, rust_says(alone)
                assert not any(is_valid(value) for value in values for is_valid in judges), remark
                judged.append(remark)

    check()
    assert len(judged) > 20


def test_a_schema_of_random_keywords_is_often_unsatisfiable():
    """The property above sees contradictions: most of these have one, and no value is valid."""
    bounds = [{"type": "integer", "minimum": low + 0.2, "exclusiveMaximum": high} for low, high in pairwise(range(20))]
    assert sum(bool(messages_of(schema, "unsatisfiable")) for schema in bounds) == len(bounds) == 19


# --- the other rules ----------------------------------------------------------------------------------------------------


CASES = {
    "default": ({"type": "integer", "default": "1"}, "2020-12", ("/default", "default-breaks-schema")),
    "default of a property": (
        {"properties": {"a": {"type": "string", "maxLength": 1, "default": "ab"}}},
        "draft-07",
        ("/properties/a/default", "default-breaks-schema"),
    ),
    "example": ({"type": "integer", "examples": [1, "1"]}, "2020-12", ("/examples/1", "example-breaks-schema")),
    "minimum on a string": ({"type": "string", "minimum": 1}, "2020-12", ("/minimum", "keyword-of-other-type")),
    "minLength on numbers": (
        {"type": ["integer", "null"], "minLength": 1},
        "draft-04",
        ("/minLength", "keyword-of-other-type"),
    ),
    "properties of an array": (
        {"type": "array", "properties": {"a": True}},
        "2020-12",
        ("/properties", "keyword-of-other-type"),
    ),
    "format": ({"type": "string", "format": "date-tiem"}, "2020-12", ("/format", "unknown-format")),
    "short format": ({"type": "string", "format": "url"}, "draft-07", ("/format", "unknown-format")),
    "ref sibling": (
        {"properties": {"a": {"$ref": "#/definitions/A", "maxLength": 3}}, "definitions": {"A": {"type": "string"}}},
        "draft-07",
        ("/properties/a/maxLength", "ref-sibling-ignored"),
    ),
    "large bound": ({"type": "integer", "maximum": 2**53 + 1}, "2020-12", ("/maximum", "integer-imprecise")),
    "large value": ({"enum": [1, -(2**63)]}, "2020-12", ("/enum/1", "integer-imprecise")),
    "large value inside": ({"default": {"id": [2**60]}}, "2020-12", ("/default/id/0", "integer-imprecise")),
    "names": (
        {"properties": {"userId": True, "userID": True}},
        "2020-12",
        ("/properties/userID", "names-differ-in-case"),
    ),
    "required repeats": (
        {"required": ["a", "b", "a"], "properties": {"a": True, "b": True}},
        "2020-12",
        ("/required/2", "required-repeated"),
    ),
    "enum repeats": ({"enum": [{"a": 1}, 2, {"a": 1.0}]}, "2020-12", ("/enum/2", "enum-value-repeated")),
    "enum value": ({"type": "string", "enum": ["a", None]}, "2020-12", ("/enum/1", "enum-value-invalid")),
    "definitions": ({"definitions": [{}]}, "draft-07", ("/definitions", "invalid-definitions")),
    "then": ({"then": {"minimum": 1}}, "2020-12", ("/then", "keyword-alone")),
    "property names": ({"propertyNames": {"type": "integer"}}, "2020-12", ("/propertyNames/type", "names-not-strings")),
    "an unused definition": ({"$defs": {"A": {"type": "strnig"}}}, "2020-12", ("/$defs/A", "unreadable")),
    "branches": (
        {"oneOf": [{"type": "integer"}, {"type": "string"}, {"type": "number"}]},
        "2020-12",
        ("/oneOf/2", "branches-overlap"),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_mistake_has_one_remark_with_its_location(case):
    schema, draft, remark = CASES[case]
    assert remarks_of(schema, draft) == [remark]


@pytest.mark.parametrize(
    ("schema", "draft"),
    [
        ({"type": "string", "format": "my-company-id"}, "2020-12"),
        ({"type": "string", "format": "uuid"}, "draft-07"),
        ({"type": "integer", "format": "int64"}, "2020-12"),
        (
            {"$ref": "#/definitions/A", "description": "x", "default": "a", "definitions": {"A": {"type": "string"}}},
            "draft-07",
        ),
        ({"$ref": "#/$defs/A", "maxLength": 3, "$defs": {"A": {"type": "string"}}}, "2020-12"),
        ({"type": "integer", "maximum": 2**53, "minimum": -(2**53)}, "2020-12"),
        ({"type": "number", "maximum": 1e300}, "2020-12"),
        ({"enum": [True, 1, "1", None, False, 0]}, "2020-12"),
        ({"type": ["string", "integer"], "minimum": 1, "maxLength": 3}, "2020-12"),
        ({"minimum": 1, "maxLength": 3, "properties": {"a": True, "b": True}}, "2020-12"),
        ({"if": {"type": "string"}, "then": {"minLength": 1}}, "2020-12"),
        ({"oneOf": [{"type": "integer"}, {"type": "string"}, {"type": "null"}]}, "2020-12"),
        (
            {"oneOf": [{"properties": {"k": {"const": n}}, "required": ["k"], "type": "object"} for n in range(5)]},
            "2020-12",
        ),
        ({"type": "string", "minimum": 1, "$ref": "#/definitions/A", "definitions": {"A": {}}}, "draft-07"),
    ],
    ids=str,
)
def test_what_is_right_has_no_remark(schema, draft):
    assert [remark for remark in remarks_of(schema, draft) if remark[1] != "ref-sibling-ignored"] == []


def test_overlapping_branches_are_shown_with_a_payload_that_fits_both():
    card = {"type": "object", "properties": {"number": {"type": "string"}}}
    bank = {"type": "object", "properties": {"iban": {"type": "string"}}}
    assert messages_of({"oneOf": [card, bank]}, "branches-overlap") == [
        "{} matches this branch and branch 0, so that `oneOf` rejects it: make the branches exclude each other, or use `anyOf`"
    ]


def test_branches_that_exclude_payloads_with_two_properties_do_not_overlap():
    names = {"properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "type": "object"}
    assert messages_of({**names, "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}, "branches-overlap") == []
    assert (
        len(messages_of({**names, "oneOf": [{"required": ["a"]}, {"required": ["a", "b"]}]}, "branches-overlap")) == 1
    )


def test_properties_may_have_the_names_of_keywords():
    names = {name: {"type": "array", "items": {"type": "string"}} for name in KEYWORDS}
    branches = [{"type": "object", "properties": names, "required": ["items"]}, {"$ref": "#/$defs/items"}]
    schema = {"oneOf": branches, "$defs": {"items": {"type": "object", "properties": names}, "maxItems": True}}
    [message] = messages_of(schema, "branches-overlap")
    assert message.startswith('{"items": []} matches')


@pytest.mark.parametrize("length", [40, 80])
def test_large_recursive_unions_are_compared_within_seconds(length):
    node = {"oneOf": [{"$ref": f"#/$defs/N{index}"} for index in range(length)]}
    definitions = {
        f"N{index}": {
            "type": "object",
            "properties": {"kind": {"const": index}, "parts": {"type": "array", "items": {"$ref": "#/$defs/node"}}},
            "required": ["kind"],
        }
        for index in range(length)
    }
    started = time.process_time()
    assert remarks_of({"$ref": "#/$defs/node", "$defs": {"node": node, **definitions}}) == []
    assert time.process_time() - started < 10


def test_references_that_do_not_resolve_prove_nothing():
    unknown = {"$ref": "https://example.com/unknown"}
    for schema in (
        {"oneOf": [unknown, {"type": "string"}]},
        {"type": "string", "allOf": [{"not": unknown}]},
        {"enum": [1, 2], "not": unknown},
    ):
        assert {rule for _, rule in remarks_of(schema)} == {"unresolved-reference"}


def test_the_id_of_draft_04_is_a_keyword():
    assert remarks_of({"id": "https://example.com/order"}, "draft-04") == []
    assert remarks_of({"id": "https://example.com/order"}, "draft-06") == [("/id", "unknown-keyword")]


def test_branches_that_only_overlap_outside_the_keywords_next_to_them_do_not_overlap():
    branches = [{"type": ["string", "integer"]}, {"type": ["string", "null"]}]
    assert messages_of({"type": ["integer", "null"], "oneOf": branches}, "branches-overlap") == []
    assert len(messages_of({"oneOf": branches}, "branches-overlap")) == 1


def test_an_openapi_reference_with_nullable_next_to_it_is_reported():
    schemas = {
        "A": {"type": "string"},
        "B": {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/A"}}},
    }
    schemas["B"]["properties"]["a"] |= {"nullable": True, "description": "may be null"}
    remarks = lint([{"openapi": "3.0.3", "info": {}, "components": {"schemas": schemas}}])
    assert [(remark.pointer, remark.rule) for remark in remarks] == [
        ("/components/schemas/B/properties/a/nullable", "ref-sibling-ignored")
    ]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
KEYWORD_NAMES = st.sampled_from(sorted(KEYWORDS))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    uri=st.sampled_from([*URIS.values(), "https://json-structure.org/meta/core/v0/#", None]),
    document=st.recursive(
        st.dictionaries(KEYWORD_NAMES, JSON, max_size=4),
        lambda inner: st.dictionaries(
            KEYWORD_NAMES,
            inner | st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner),
            max_size=4,
        ),
        max_leaves=4,
    ),
)
def test_any_object_gives_remarks_and_no_other_error(uri, document):
    remarks = lint([document if uri is None else {"$schema": uri, **document}])
    assert {remark.rule for remark in remarks} <= RULES.keys()
    assert all("\n" not in str(remark) for remark in remarks)


# --- documentation ----------------------------------------------------------------------------------------------------------


def test_the_table_of_rules_in_the_documentation_is_complete():
    about_lint = PUBLISHERS.read_text("utf-8").partition("\n## Diff\n")[0]
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", about_lint, re.MULTILINE)
    assert rows == [(name, summary[0].lower() + summary[1:].removesuffix(".")) for name, summary in RULES.items()]
