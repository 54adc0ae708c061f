"""One pair of small documents for each rule. Undoing a change gives the opposite rule."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from contractfuzz import Contract
from contractfuzz.diff.annotations import compare_annotations
from contractfuzz.diff.changes import find_changes
from contractfuzz.diff.rules import RULES, SEVERITIES, rule_for
from contractfuzz.documents.keywords import KEYWORDS, Role

STRING, INTEGER = {"type": "string"}, {"type": "integer"}
DRAFT = "https://json-schema.org/draft/2020-12/schema"


def of(schema, **others):
    """Return a document whose optional property `v` has a schema."""
    return {"$schema": DRAFT, "type": "object", "properties": {"v": schema, "id": STRING}, "required": ["id"], **others}


def array(**keywords):
    return {"type": "array", "items": STRING, **keywords}


def text(**keywords):
    return {**STRING, **keywords}


def number(**keywords):
    return {**INTEGER, **keywords}


def record(**keywords):
    return {"type": "object", "properties": {"a": STRING}, **keywords}


def branch(tag, **properties):
    return {"type": "object", "properties": {"kind": {"const": tag}, **properties}, "required": ["kind"]}


PAIRS = [
    # An earlier version, a later version that allows more, and the rule of this change with that of the opposite.
    (of(STRING), of({"type": ["string", "integer"]}), "/v:type-widened", "/v:type-narrowed"),
    (of(STRING), of({"type": ["string", "null"]}), "/v:became-nullable", "/v:became-not-nullable"),
    (of({"enum": ["a"]}), of({"enum": ["a", None]}), "/v:became-nullable", "/v:became-not-nullable"),
    (of({"enum": ["a"]}), of({"enum": ["a", "b"]}), "/v:enum-value-added", "/v:enum-value-removed"),
    (of({"const": "a"}), of({"enum": ["a", "b"]}), "/v:const-widened", "/v:const-narrowed"),
    (of(number(minimum=5)), of(number(minimum=4)), "/v:minimum-decreased", "/v:minimum-increased"),
    (of(number(exclusiveMinimum=5)), of(number()), "/v:minimum-decreased", "/v:minimum-increased"),
    (of(number(maximum=5)), of(number(maximum=6)), "/v:maximum-increased", "/v:maximum-decreased"),
    (of(number(exclusiveMaximum=5)), of(number()), "/v:maximum-increased", "/v:maximum-decreased"),
    (of(number(multipleOf=10)), of(number(multipleOf=5)), "/v:multiple-of-widened", "/v:multiple-of-narrowed"),
    (of(text(minLength=2)), of(text(minLength=1)), "/v:min-length-decreased", "/v:min-length-increased"),
    (of(text(maxLength=2)), of(text(maxLength=3)), "/v:max-length-increased", "/v:max-length-decreased"),
    (of(text(pattern="^a")), of(text(pattern="^[ab]")), "/v:pattern-widened", "/v:pattern-narrowed"),
    (of(text(format="date")), of(text()), "/v:format-widened", "/v:format-narrowed"),
    (of(array(minItems=2)), of(array(minItems=1)), "/v:min-items-decreased", "/v:min-items-increased"),
    (of(array(maxItems=2)), of(array(maxItems=3)), "/v:max-items-increased", "/v:max-items-decreased"),
    (of(array(uniqueItems=True)), of(array()), "/v:unique-items-widened", "/v:unique-items-narrowed"),
    (of(array(contains={"const": "x"})), of(array()), "/v:contains-widened", "/v:contains-narrowed"),
    (
        of({"type": "array", "prefixItems": [STRING], "items": False}),
        of({"type": "array", "prefixItems": [STRING]}),
        "/v:items-widened",
        "/v:items-narrowed",
    ),
    (of(record(minProperties=2)), of(record()), "/v:min-properties-decreased", "/v:min-properties-increased"),
    (of(record(maxProperties=2)), of(record()), "/v:max-properties-increased", "/v:max-properties-decreased"),
    (
        of(record(propertyNames={"maxLength": 3})),
        of(record()),
        "/v:property-names-widened",
        "/v:property-names-narrowed",
    ),
    (
        of(record(dependentRequired={"a": ["b"]})),
        of(record()),
        "/v/b:dependent-required-widened",
        "/v/b:dependent-required-narrowed",
    ),
    (of({"not": {"const": 1}}), of({}), "/v:not-widened", "/v:not-narrowed"),
    (of({"anyOf": [STRING, INTEGER]}), of({}), "/v:union-widened", "/v:union-narrowed"),
    (
        of({"oneOf": [branch("a", x=STRING), branch("b", y=STRING)]}),
        of({"oneOf": [branch("a", x=STRING), branch("b", y=STRING), branch("c", z=STRING)]}),
        "/v/kind:tag-value-added",
        "/v/kind:tag-value-removed",
    ),
    (of(STRING), of(STRING, required=[]), "/id:property-became-optional", "/id:property-became-required"),
    (
        of(array(items=record(required=["a"]))),
        of(array(items=record())),
        "/v/*/a:property-became-optional",
        "/v/*/a:property-became-required",
    ),
    (
        of(STRING),
        {"$schema": DRAFT, "type": "object", "properties": {"v": STRING}},
        "/id:required-property-removed",
        "/id:required-property-added",
    ),
    (of(record(additionalProperties=False)), of(record()), "/v:property-allowed", "/v:property-forbidden"),
    (
        of(record(additionalProperties=False)),
        of({"type": "object", "properties": {"a": STRING, "b": STRING}, "additionalProperties": False}),
        "/v/b:property-allowed",
        "/v/b:declared-property-forbidden",
    ),
    (of(record(unevaluatedProperties=False)), of(record()), "/v:property-allowed", "/v:property-forbidden"),
    (
        of(record(properties={"a": False})),
        of(record(properties={"a": True})),
        "/v/a:property-allowed",
        "/v/a:property-forbidden",
    ),
    (of(record()), of({"type": "object"}), "/v/a:property-removed", "/v/a:property-added"),
    (of(record(properties={"a": array()})), of({"type": "object"}), "/v/a:property-removed", "/v/a:property-added"),
    (
        of({"allOf": [text(maxLength=2)]}),
        of({"allOf": [text(maxLength=3)]}),
        "/v:max-length-increased",
        "/v:max-length-decreased",
    ),
    (
        of({"if": {"type": "string"}, "then": {"maxLength": 2}}),
        of({"if": {"type": "string"}, "then": {"maxLength": 3}}),
        "/v:max-length-increased",
        "/v:max-length-decreased",
    ),
    (
        of({"type": "object", "patternProperties": {"^x": number(maximum=1)}}),
        of({"type": "object", "patternProperties": {"^x": number(maximum=2)}}),
        "/v/*(^x):maximum-increased",
        "/v/*(^x):maximum-decreased",
    ),
    (
        of({"type": "object", "additionalProperties": number(maximum=1)}),
        of({"type": "object", "additionalProperties": number(maximum=2)}),
        "/v/*:maximum-increased",
        "/v/*:maximum-decreased",
    ),
]


def found(old, new):
    """Return the changes by their ids, each with a witness that both oracles confirm."""
    old, new = Contract.load(old, name="v"), Contract.load(new, name="v")
    changes = find_changes(old, new)
    for change in changes:
        accepting, rejecting = (old, new) if change.direction == "narrower" else (new, old)
        for witness in change.witnesses:
            assert accepting.is_valid(witness.payload)
            assert not rejecting.is_valid(witness.payload)
    return {change.id: change for change in changes}


@pytest.mark.parametrize(
    ("old", "new", "wider", "narrower"), PAIRS, ids=[f"{pair[2]}-{i}" for i, pair in enumerate(PAIRS)]
)
def test_a_change_of_a_keyword_has_a_witness_and_its_rule(old, new, wider, narrower):
    change = found(old, new)[wider]
    assert (change.direction, bool(change.witnesses)) == ("wider", True)
    opposite = found(new, old)[narrower]
    assert (opposite.direction, bool(opposite.witnesses)) == ("narrower", True)


STRUCTURE = "https://json-structure.org/meta/core/v0/#"


def structure(**keywords):
    return {
        "$schema": STRUCTURE,
        "$id": "https://example.com/v",
        "name": "V",
        "type": "object",
        "properties": {"v": keywords},
    }


def openapi(schema, **schemas):
    return {"openapi": "3.0.3", "info": {}, "paths": {}, "components": {"schemas": {"v": schema, **schemas}}}


def pet(**discriminator):
    branches = [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]
    kinds = {"type": "object", "properties": {"kind": STRING, "type": STRING}, "required": ["kind", "type"]}
    return openapi({"anyOf": branches, "discriminator": discriminator}, Cat=kinds, Dog={**kinds, "title": "dog"})


def defined(schema):
    return of({"$ref": "#/$defs/d"}, **{"$defs": {"d": schema}})


def base(**discriminator):
    return openapi({"type": "object", "properties": {"kind": STRING, "type": STRING}, "discriminator": discriminator})


DRAFT_7 = {"$schema": "http://json-schema.org/draft-07/schema#"}
MAPPING = ":discriminator-mapping-changed"
DOG, CAT = "#/components/schemas/Dog", "#/components/schemas/Cat"
ANNOTATIONS = [
    # An earlier version, a later version, the rule, and that of the opposite if it is another one.
    (of(text(default="a")), of(text(default="b")), "/v:default-changed"),
    (of(text()), of(text(default=None)), "/v:default-changed"),
    (of(text()), of(text(deprecated=True)), "/v:deprecated-added", "/v:deprecated-removed"),
    (of(text()), of(text(readOnly=True)), "/v:read-only-added", "/v:read-only-removed"),
    (of(text()), of(text(writeOnly=True)), "/v:write-only-added", "/v:write-only-removed"),
    (of(text()), of(text(contentEncoding="base64")), "/v:content-encoding-changed"),
    (of(text()), of(text(contentMediaType="text/html")), "/v:content-media-type-changed"),
    (of(text(title="a")), of(text(title="b")), "/v:title-changed"),
    (of(text(description="a")), of(text(description="b")), "/v:description-changed"),
    (of(text(examples=["a"])), of(text(examples=["b"])), "/v:examples-changed"),
    (of(number(format="int32")), of(number(format="int64")), "/v:unchecked-format-changed"),
    (of({"type": "number", "format": "float"}), of({"type": "number"}), "/v:unchecked-format-changed"),
    (of(text(format="phone")), of(text()), "/v:unchecked-format-changed"),
    (structure(type="float"), structure(type="double"), "/v:type-name-changed"),
    (structure(type="double", unit="m"), structure(type="double", unit="km"), "/v:unit-changed"),
    (pet(propertyName="kind"), pet(propertyName="type"), ":discriminator-changed"),
    (pet(propertyName="kind", mapping={"d": DOG}), pet(propertyName="kind", mapping={"d": CAT}), MAPPING),
    (defined(text(default="a")), defined(text(default="b")), "/v:default-changed"),
    (of({"allOf": [text(default="a")]}), of({"allOf": [text(default="b")]}), "/v:default-changed"),
    (of(array(items=text(default="a"))), of(array(items=text(default="b"))), "/v/*:default-changed"),
    # Lowering drops these, because the dialect does not define them.
    (of(text(), **DRAFT_7), of(text(deprecated=True), **DRAFT_7), "/v:deprecated-added", "/v:deprecated-removed"),
    (of(text(), **DRAFT_7), of(text(format="uuid"), **DRAFT_7), "/v:unchecked-format-changed"),
    (base(propertyName="kind"), base(propertyName="type"), ":discriminator-changed"),
    (base(propertyName="kind"), base(propertyName="kind", mapping={"d": DOG}), MAPPING),
]


@pytest.mark.parametrize("pair", ANNOTATIONS, ids=[f"{pair[2]}-{i}" for i, pair in enumerate(ANNOTATIONS)])
def test_a_change_of_an_annotation_has_no_witness(pair):
    old, new, *ids = pair
    old, new = (Contract.load(document, name="v") for document in (old, new))
    for name, changes in ((ids[0], compare_annotations(old, new)), (ids[-1], compare_annotations(new, old))):
        [change] = changes
        assert (change.id, change.direction, change.witnesses) == (name, None, ())


def test_every_rule_has_a_pair():
    covered = {name.rpartition(":")[2] for pair in [*PAIRS, *ANNOTATIONS] for name in pair[2:]}
    assert set(RULES) - covered == {"schema-widened", "schema-narrowed"}


def test_every_keyword_that_payloads_can_break_has_a_rule():
    # Errors of these keywords are those of the schemas inside them.
    inner = {
        "$ref",
        "$dynamicRef",
        "allOf",
        "if",
        "then",
        "else",
        "properties",
        "patternProperties",
        "dependentSchemas",
    }
    broken = {row.name for row in KEYWORDS.values() if row.is_current and row.role is Role.ASSERTION} - inner
    assert {keyword for keyword in broken if rule_for(keyword, "wider").id == "schema-widened"} == set()


def test_an_id_names_one_change():
    old, new = of({"enum": ["a"]}), of({"enum": ["a", "b", "c"]}, required=[])
    changes = find_changes(Contract.load(old), Contract.load(new))
    assert max(Counter(change.id for change in changes).values()) == 1


def test_each_added_value_has_a_witness():
    change = found(of({"enum": ["a"]}), of({"enum": ["a", "b", "c"]}))["/v:enum-value-added"]
    assert sorted(witness.payload["v"] for witness in change.witnesses) == ["b", "c"]
    assert change.description == 'newly allowed; rejected before: "b", "c"'


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_rule_is_described_in_a_sentence(rule):
    assert rule.summary.endswith(".")
    assert {rule.consumer, rule.producer} <= set(SEVERITIES)
    assert rule.severity("both") == min(rule.consumer, rule.producer, key=SEVERITIES.index)


def test_the_documentation_lists_every_rule_with_its_severities():
    page = (Path(__file__).parents[2] / "docs" / "publishers.md").read_text(encoding="utf-8")
    rows = [f"| `{rule.id}` | {rule.consumer} | {rule.producer} | {rule.summary} |" for rule in RULES.values()]
    assert [row for row in rows if row not in page.splitlines()] == []


def test_wider_contracts_are_errors_for_consumers_and_narrower_ones_for_producers():
    old, new = of(number(maximum=1)), of(number(maximum=2))
    assert found(old, new)["/v:maximum-increased"].severity("consumer") == "error"
    assert found(old, new)["/v:maximum-increased"].severity("producer") == "info"
    assert found(new, old)["/v:maximum-decreased"].severity("consumer") == "info"
    assert found(new, old)["/v:maximum-decreased"].severity("producer") == "error"


def test_a_property_without_limits_is_reported_without_a_witness():
    change = found(of({}), {"$schema": DRAFT, "type": "object", "properties": {"id": STRING}, "required": ["id"]})
    assert change["/v:property-removed"].witnesses == ()


def test_bounds_of_int32_in_openapi_have_a_witness_and_no_second_change():
    old, new = (
        openapi({"type": "object", "properties": {"v": {**INTEGER, "format": name}}}) for name in ("int32", "int64")
    )
    assert set(found(old, new)) == {"/v:maximum-increased", "/v:minimum-decreased"}


def test_a_contract_made_from_a_schema_is_compared_by_its_own_annotations():
    old, new = (Contract("v", {"type": "object", "default": default}) for default in ({}, {"a": 1}))
    assert [change.id for change in find_changes(old, new)] == [":default-changed"]
