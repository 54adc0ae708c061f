"""A pattern that no engine reads blocks nothing: the rest of the schema is used, and what was left out is reported."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from payload_judges import rust_says

from contractfuzz import Contract, ContractError
from contractfuzz.documents.unread_patterns import UNREAD
from contractfuzz.lint import lint

DIALECT = "https://json-schema.org/draft/2020-12/schema"
UNREADABLE = ["(a", "[z-a]", "a**", "^(.{1,1000}){1,1000}$", r"\u{110000}"]
READABLE = ["", "^a", "[^a]$", "^.{0,2}$", "é", r"[^\s\S]"]
"""Patterns that an unreadable one may have meant: all, many, few or no strings match."""

PLACEHOLDER = "(a"


def load(schema):
    return Contract.load({"$schema": DIALECT, **schema}, name="small")


@pytest.mark.parametrize("pattern", UNREADABLE)
def test_a_document_with_an_unreadable_pattern_has_the_payloads_and_violations_of_the_rest(pattern):
    text = {"type": "string", "minLength": 2, "maxLength": 5}
    rest = load({"type": "object", "properties": {"sku": text}, "required": ["sku"]})
    contract = load({"type": "object", "properties": {"sku": {**text, "pattern": pattern}}, "required": ["sku"]})
    assert [violation.id for violation in contract.violations()] == [violation.id for violation in rest.violations()]
    assert [case.body for case in contract.sample(50)] == [case.body for case in rest.sample(50)]
    assert "pattern" not in contract.schema["properties"]["sku"]
    [note] = contract.notes
    assert note.startswith("document at /properties/sku/pattern: ")
    assert json.dumps(pattern) in note
    assert note.endswith("payloads and violations ignore it: rewrite it")
    assert contract.schema["properties"]["sku"][UNREAD] == [note]
    assert Contract.load(contract.schema).notes == contract.notes


def test_the_note_names_the_place_in_the_document_in_every_dialect(tmp_path):
    structure = {
        "$schema": "https://json-structure.org/meta/core/v0/#",
        "$id": "https://example.org/it",
        "name": "It",
        "type": "object",
        "properties": {"id": {"type": "string", "pattern": "(a"}},
    }
    openapi = {"openapi": "3.0.3", "components": {"schemas": {"A": {"type": "string", "pattern": "(a"}}}}
    file = tmp_path / "it.json"
    for content, pointer in ((structure, "/properties/id/pattern"), (openapi, "/components/schemas/A/pattern")):
        file.write_text(json.dumps(content))
        [note] = Contract.load(file).notes
        assert note.startswith(f'{file} at {pointer}: "(a" is not')


HOLDERS = [
    {"type": "string", "pattern": PLACEHOLDER, "minLength": 1},
    {"patternProperties": {PLACEHOLDER: {"type": "integer"}}, "additionalProperties": False, "type": "object"},
    {"patternProperties": {PLACEHOLDER: False, "^b": {"type": "null"}}, "properties": {"a": True}, "type": "object"},
    {"patternProperties": {PLACEHOLDER: True}, "unevaluatedProperties": False, "properties": {"a": True}},
    {
        "propertyNames": {"pattern": PLACEHOLDER, "maxLength": 2},
        "type": "object",
        "properties": {"a": {"type": "null"}},
    },
    {"propertyNames": {"pattern": PLACEHOLDER}, "type": "object", "maxProperties": 1, "required": ["aa"]},
    {"properties": {"a": {"$ref": "#/$defs/P"}}, "type": "object", "required": ["a"]},
]
COMBINED = st.recursive(
    st.sampled_from(HOLDERS),
    lambda inner: st.one_of(
        inner.map(lambda one: {"not": one}),
        inner.map(lambda one: {"type": ["string", "object"], "not": one}),
        inner.map(lambda one: {"type": "array", "items": one, "maxItems": 2}),
        inner.map(lambda one: {"type": "array", "contains": one, "minContains": 1, "maxContains": 2}),
        inner.map(lambda one: {"type": "array", "contains": one, "unevaluatedItems": {"type": "null"}}),
        inner.map(lambda one: {"if": one, "then": {"maxLength": 3}, "else": {"type": "object"}}),
        inner.map(lambda one: {"if": {"type": "string"}, "then": one}),
        inner.map(lambda one: {"dependentSchemas": {"a": one}, "type": "object", "properties": {"a": True}}),
        inner.map(lambda one: {"allOf": [one], "unevaluatedProperties": False, "properties": {"b": True}}),
        st.tuples(inner, inner).map(lambda pair: {"oneOf": [*pair]}),
        st.tuples(inner, inner).map(lambda pair: {"anyOf": [*pair], "oneOf": [pair[0], {"type": "null"}]}),
        st.tuples(inner, inner).map(lambda pair: {"allOf": [*pair]}),
        inner.map(lambda one: {"type": "object", "properties": {"x": one}, "required": ["x"]}),
    ),
    max_leaves=4,
)
DEFINITIONS = {"P": {"type": "string", "pattern": PLACEHOLDER, "maxLength": 9}}


def with_pattern(value, pattern):
    """Return a schema with another pattern in each place of the unreadable one."""
    return json.loads(json.dumps(value).replace(json.dumps(PLACEHOLDER), json.dumps(pattern)))


@given(COMBINED)
def test_an_invalid_payload_is_invalid_for_each_meaning_of_the_pattern(schema):
    try:
        contract = load({**schema, "$defs": DEFINITIONS})
        cases = list(contract.sample(40, kind="invalid"))
    except ContractError:  # a schema may have no payload
        return
    assert contract.notes
    for pattern in READABLE:
        accepts = rust_says({"$schema": DIALECT, **with_pattern({**schema, "$defs": DEFINITIONS}, pattern)})
        assert [case for case in cases if accepts(case.payload)] == []


@pytest.mark.parametrize("keywords", HOLDERS[1:6])
def test_an_object_with_unreadable_patterns_of_names_has_no_undeclared_properties(keywords):
    contract = load({**keywords, "type": "object"})
    declared = {*keywords.get("properties", ()), *keywords.get("required", ())}
    payloads = [case.payload for case in contract.sample(200)]
    assert all(declared.issuperset(payload) for payload in payloads)
    assert any(payloads) or not declared


def test_a_negated_pattern_leaves_no_violation_of_not():
    contract = load({"type": "string", "maxLength": 3, "not": {"pattern": "(a"}})
    assert {violation.keyword for violation in contract.violations()} == {"type", "maxLength"}
    assert contract.is_valid("abc")


@pytest.fixture
def document(tmp_path):
    file = tmp_path / "small.json"
    file.write_text(json.dumps({"$schema": DIALECT, "type": "string", "pattern": "(a"}))
    return str(file)


@pytest.mark.parametrize(
    "arguments",
    [
        ["sample", "-n", "2", "--contract"],
        ["violations", "--contract"],
        ["check", "builtins:str", "--examples", "1", "--feed", "object", "--contract"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_commands_print_the_note_once(document, arguments):
    command = [sys.executable, "-m", "contractfuzz", *arguments, document]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr.count(f'contractfuzz: {document} at /pattern: "(a" is not a regular expression') == 1


def test_lint_reports_unreadable_patterns_with_their_place():
    schema = {"properties": {"a": {"pattern": "(a"}}, "patternProperties": {"[b": True, "^c": True}}
    found = [
        (remark.pointer, remark.message)
        for remark in lint([{"$schema": DIALECT, **schema}])
        if remark.rule == "pattern-unreadable"
    ]
    assert [pointer for pointer, _ in found] == ["/patternProperties/[b", "/properties/a/pattern"]
    assert all("is not a regular expression that contractfuzz can match" in message for _, message in found)
