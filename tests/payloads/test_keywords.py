"""The violations of every keyword on small schemas, and the truth of their labels by jsonschema and jsonschema-rs.

The violations of ``type``, which nearly every schema has, are in a table of their own.
"""

from __future__ import annotations

import re

import pytest
from payload_judges import LabelJudge, rust_says

from contractfuzz import Contract, ContractError
from contractfuzz.documents.keywords import ANNOTATIONS, KEYWORDS_BY_TYPE
from contractfuzz.json_values import json_type
from contractfuzz.payloads.violations.compositions import COMPOSITION_VARIANTS
from contractfuzz.payloads.violations.matrix import FAULTS_BY_TYPE

INTEGER, STRING, NULL = {"type": "integer"}, {"type": "string"}, {"type": "null"}


def load(schema):
    return Contract.load({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, name="small")


def an_object(**keywords):
    return {"type": "object", **keywords}


def an_array(**keywords):
    return {"type": "array", **keywords}


ABC = {"a": INTEGER, "b": INTEGER, "c": INTEGER}
DATE_TIME = (
    "format.empty format.date-only format.no-offset format.month-13 format.day-30-february format.hour-25 format.minute-60 "
    "format.offset-out-of-range format.missing-seconds format.compact format.epoch-seconds format.epoch-milliseconds "
    "format.trailing-text format.non-ascii-digits format.words"
)
RANGE_OF_ITEMS = "/*:minimum.beyond /*:minimum.far /*:maximum.beyond /*:maximum.far"
KIND_VIOLATIONS = "/kind:enum.unknown /kind:enum.case /kind:enum.padded /kind:enum.empty /kind:enum.index " + " ".join(
    f"/kind:enum.{name}" for name in ("null", "boolean", "integer", "number", "array", "object")
)
EXTRA = "additionalProperties.extra additionalProperties.comment additionalProperties.case"
NOT_STRINGS = "enum.null enum.boolean enum.integer enum.number enum.array enum.object"

KEYWORDS = {
    # --- enum and const
    "enum": ({"enum": ["RED", "green"]}, f"enum.unknown enum.case enum.padded enum.empty enum.index {NOT_STRINGS}"),
    "enum without letters": ({"enum": ["1", "2"]}, f"enum.unknown enum.padded enum.empty enum.index {NOT_STRINGS}"),
    "enum with the empty string": ({"enum": ["", "a"]}, f"enum.unknown enum.case enum.padded enum.index {NOT_STRINGS}"),
    "enum of positions": ({"enum": ["0", "1"]}, f"enum.unknown enum.padded enum.empty {NOT_STRINGS}"),
    "enum of numbers": ({"type": "integer", "enum": [1, 2, 5]}, "enum.unknown"),
    "enum of many types": (
        {"enum": ["a", 1, None]},
        "enum.unknown enum.case enum.padded enum.empty enum.index enum.boolean enum.array enum.object",
    ),
    "enum of strings, with type": (
        {"type": "string", "enum": ["a"]},
        "enum.unknown enum.case enum.padded enum.empty enum.index",
    ),
    "enum of all booleans": ({"type": "boolean", "enum": [True, False]}, ""),
    "enum with maxLength": (
        {"enum": ["a", "abc"], "maxLength": 2},
        f"enum.unknown enum.case enum.padded enum.empty enum.index {NOT_STRINGS}",
    ),
    "const": (
        {"const": "v1"},
        f"const.unknown const.case const.padded const.empty const.index {NOT_STRINGS.replace('enum', 'const')}",
    ),
    "const number": (
        {"const": 2},
        "const.unknown const.null const.boolean const.string const.array const.object const.numeric-string",
    ),
    "const boolean": (
        {"const": True},
        "const.unknown const.null const.integer const.number const.string const.array const.object const.boolean-string",
    ),
    "const object": (
        {"const": {"a": 1}},
        "const.unknown const.null const.boolean const.integer const.number const.string const.array",
    ),
    "const null": (
        {"const": None},
        "const.unknown const.boolean const.integer const.number const.string const.array const.object",
    ),
    # --- numbers
    "minimum, maximum": ({"minimum": -3, "maximum": 7}, "minimum.beyond minimum.far maximum.beyond maximum.far"),
    "of doubles": (
        {"type": "number", "minimum": 0.1, "maximum": 99.5},
        "minimum.beyond minimum.far maximum.beyond maximum.far",
    ),
    "of 64 bits": (
        {"type": "integer", "minimum": -(2**63), "maximum": 2**63 - 1},
        "minimum.beyond minimum.far maximum.beyond maximum.far",
    ),
    "exclusive": (
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        "exclusiveMinimum.beyond exclusiveMinimum.far exclusiveMaximum.beyond exclusiveMaximum.far",
    ),
    "exclusive of integers": (
        {"type": "integer", "exclusiveMinimum": 1.5, "exclusiveMaximum": 9},
        "exclusiveMinimum.beyond exclusiveMinimum.far exclusiveMaximum.beyond exclusiveMaximum.far",
    ),
    "multipleOf": (
        {"type": "integer", "multipleOf": 5, "minimum": 3, "maximum": 22},
        "minimum.beyond minimum.far maximum.beyond maximum.far multipleOf.off",
    ),
    "multipleOf an even number": (
        {"type": "integer", "multipleOf": 60, "maximum": 120},
        "maximum.beyond maximum.far multipleOf.off multipleOf.half",
    ),
    "multipleOf of cents": (
        {"type": "number", "multipleOf": 0.01, "minimum": 0},
        "minimum.beyond minimum.far multipleOf.off",
    ),
    "multipleOf of thirds": ({"type": "number", "multipleOf": 0.3}, "multipleOf.off"),
    "multipleOf with a fraction, for integers": ({"type": "integer", "multipleOf": 2.5}, "multipleOf.off"),
    "multipleOf 1": ({"type": "integer", "multipleOf": 1}, ""),
    # --- strings
    "lengths": ({"minLength": 2, "maxLength": 5}, "minLength.short minLength.far maxLength.long maxLength.far"),
    "minLength 1": ({"minLength": 1}, "minLength.short"),
    "maxLength 0": ({"maxLength": 0}, "maxLength.long maxLength.far"),
    "pattern": (
        {"pattern": "^[a-z]{2,4}$"},
        " ".join(
            f"pattern.{variant}"
            for variant in (
                *("mismatch", "character", "letter", "digit", "space", "case", "newline"),
                *("prefix", "suffix", "edge", "few", "many", "twice"),
                *("double", "half", "inner-space", "separator-before", "separator-after", "foreign"),
            )
        ),
    ),
    "pattern with minLength": (
        {"pattern": "^x", "minLength": 3},
        "minLength.short minLength.far "
        + " ".join(
            f"pattern.{variant}"
            for variant in (
                *("mismatch", "character", "letter", "digit", "space", "case", "prefix", "part"),
                *("foreign", "separator-before"),
            )
        ),
    ),
    "pattern that nothing breaks": ({"pattern": ".*"}, ""),
    # --- formats
    "date-time": ({"format": "date-time"}, DATE_TIME),
    "date-time with maxLength": (
        {"format": "date-time", "maxLength": 25},
        f"maxLength.long maxLength.far {DATE_TIME}",
    ),
    "date": (
        {"format": "date"},
        "format.empty format.month-13 format.day-30-february format.date-time format.compact format.us-order format.words",
    ),
    "time": (
        {"format": "time"},
        "format.empty format.hour-25 format.minute-60 format.no-offset format.date-time format.words",
    ),
    "duration": (
        {"format": "duration"},
        "format.empty format.bare-p format.bare-t format.number format.clock format.words",
    ),
    "email": (
        {"format": "email"},
        "format.empty format.no-at format.spelled-at format.full-width-at format.words",
    ),
    "uri": (
        {"format": "uri"},
        "format.empty format.relative format.no-scheme format.space format.bad-percent",
    ),
    "uri-reference": (
        {"format": "uri-reference"},
        "format.space format.bad-percent format.backslash format.braces",
    ),
    "uuid": ({"format": "uuid"}, "format.empty format.short format.braced format.bad-digit format.number"),
    "ipv4": (
        {"format": "ipv4"},
        "format.empty format.three-parts format.five-parts format.octet-256 format.ipv6 format.words",
    ),
    "ipv6": ({"format": "ipv6"}, "format.empty format.ipv4 format.two-gaps format.long-group format.bracketed"),
    "hostname": ({"format": "hostname"}, "format.leading-hyphen format.long-label format.space format.url"),
    "json-pointer": (
        {"format": "json-pointer"},
        "format.no-slash format.fragment format.bad-escape format.bare-tilde",
    ),
    "regex": ({"format": "regex"}, "format.open-group format.open-class format.bare-star format.close-group"),
    "a format that nobody checks": ({"type": "string", "format": "shoe-size"}, ""),
    # --- arrays
    "minItems, maxItems": (an_array(items=INTEGER, minItems=1, maxItems=3), "minItems.few maxItems.many"),
    "many items": (an_array(items=STRING, minItems=300, maxItems=400), "minItems.few maxItems.many"),
    "uniqueItems": (an_array(items=INTEGER, uniqueItems=True), "uniqueItems.duplicate uniqueItems.apart"),
    "uniqueItems of few values": (
        an_array(items={"enum": ["a", "b"]}, uniqueItems=True),
        (
            "uniqueItems.duplicate uniqueItems.apart /*:enum.unknown /*:enum.case /*:enum.padded /*:enum.empty /*:enum.index "
            f"{NOT_STRINGS.replace('enum', '/*:enum')}"
        ),
    ),
    "uniqueItems with bounds": (
        an_array(items={"minimum": 0, "maximum": 3, **INTEGER}, uniqueItems=True, minItems=2, maxItems=3),
        f"minItems.few maxItems.many uniqueItems.duplicate uniqueItems.apart {RANGE_OF_ITEMS}",
    ),
    "contains": (an_array(items=INTEGER, contains={"minimum": 100}), "contains.none"),
    "contains of anything": (an_array(contains=STRING), "contains.none"),
    "minContains, maxContains": (
        an_array(items=INTEGER, contains={"minimum": 100}, minContains=2, maxContains=3),
        "contains.none minContains.few maxContains.many",
    ),
    "minContains 0": (
        an_array(items=INTEGER, contains={"minimum": 100}, minContains=0, maxContains=1),
        "maxContains.many",
    ),
    "contains what only the prefix has": (
        an_array(prefixItems=[STRING, INTEGER], items=STRING, contains=INTEGER),
        "",
    ),
    "contains what every item is": (
        an_array(items={"const": 1}, contains={"const": 1}, minContains=2),
        (
            "contains.none minContains.few /*:const.unknown /*:const.null /*:const.boolean /*:const.string /*:const.array "
            "/*:const.object /*:const.numeric-string"
        ),
    ),
    "prefixItems": (an_array(prefixItems=[STRING, INTEGER], items=False), "items.extra"),
    "prefixItems and more": (
        an_array(prefixItems=[STRING, INTEGER], items=NULL, minItems=3, maxItems=4),
        "minItems.few maxItems.many",
    ),
    # --- objects
    "required": (an_object(properties=ABC, required=["a", "b"]), "/a:required.missing /b:required.missing"),
    "required but not described": (an_object(required=["a"]), "/a:required.missing"),
    "minProperties": (an_object(properties=ABC, minProperties=2), "minProperties.few"),
    "minProperties with required": (
        an_object(properties=ABC, required=["a"], minProperties=2),
        "/a:required.missing minProperties.few",
    ),
    "maxProperties": (an_object(properties=ABC, maxProperties=1), "maxProperties.many"),
    "maxProperties of a closed object": (
        an_object(properties=ABC, maxProperties=2, additionalProperties=False, required=["b"]),
        f"/b:required.missing maxProperties.many {EXTRA}",
    ),
    "sizes of a map": (
        an_object(additionalProperties=INTEGER, minProperties=1, maxProperties=3),
        "minProperties.few maxProperties.many",
    ),
    "additionalProperties": (an_object(properties=ABC, additionalProperties=False), EXTRA),
    "additionalProperties, with names that have no case": (
        an_object(properties={"1": INTEGER}, additionalProperties=False),
        "additionalProperties.extra additionalProperties.comment",
    ),
    "propertyNames": (
        an_object(propertyNames={"pattern": "^[a-z]+$"}),
        "propertyNames.bad-name propertyNames.near-name propertyNames.similar-name",
    ),
    "propertyNames of one length": (
        an_object(propertyNames={"maxLength": 8}, additionalProperties=INTEGER),
        "propertyNames.bad-name propertyNames.near-name",
    ),
    "propertyNames of few names": (
        an_object(propertyNames={"enum": ["a", "b"]}, additionalProperties=INTEGER, required=["a"]),
        "/a:required.missing propertyNames.bad-name",
    ),
    "dependentRequired": (
        an_object(properties=ABC, dependentRequired={"a": ["b", "c"]}),
        "/b:dependentRequired.missing-dependent /c:dependentRequired.missing-dependent",
    ),
    "dependentRequired in a row": (
        an_object(dependentRequired={"a": ["b"], "b": ["c"]}, required=["a"]),
        "/a:required.missing /b:dependentRequired.missing-dependent /c:dependentRequired.missing-dependent",
    ),
    "dependentRequired with maxProperties": (
        an_object(properties=ABC, dependentRequired={"a": ["b"]}, maxProperties=2),
        "/b:dependentRequired.missing-dependent maxProperties.many",
    ),
    "patternProperties": (
        an_object(patternProperties={"^x-": {"minimum": 0, **INTEGER}}, additionalProperties=False),
        (
            "additionalProperties.extra additionalProperties.comment additionalProperties.near-name "
            "additionalProperties.similar-name /*(^x-):minimum.beyond /*(^x-):minimum.far"
        ),
    ),
    "patternProperties with maxProperties": (
        an_object(patternProperties={"^x-[a-z]+$": INTEGER}, additionalProperties=False, maxProperties=3),
        (
            "maxProperties.many additionalProperties.extra additionalProperties.comment additionalProperties.near-name "
            "additionalProperties.similar-name"
        ),
    ),
    "patternProperties and properties": (
        an_object(patternProperties={"^x": {"minimum": 5}}, properties={"x1": INTEGER}, additionalProperties=STRING),
        "/x1:minimum.beyond /x1:minimum.far /*(^x):minimum.beyond /*(^x):minimum.far",
    ),
    "patternProperties of several patterns": (
        an_object(
            patternProperties={"^x-": {"maxLength": 2}, "^n/": {"minimum": 0}}, additionalProperties={"minLength": 1}
        ),
        "/*:minLength.short /*(^x-):maxLength.long /*(^x-):maxLength.far /*(^n~1):minimum.beyond /*(^n~1):minimum.far",
    ),
    # --- schemas in schemas
    "anyOf": (
        {"anyOf": [INTEGER, STRING]},
        "anyOf.none anyOf.null anyOf.boolean anyOf.number anyOf.array anyOf.wrapped",
    ),
    "anyOf with null": ({"anyOf": [{"minimum": 3, **INTEGER}, NULL]}, "minimum.beyond minimum.far"),
    "anyOf with properties": (
        an_object(properties=ABC, anyOf=[{"required": ["a"]}, {"required": ["b"]}]),
        "anyOf.none",
    ),
    "oneOf": (
        {"oneOf": [{"multipleOf": 2, **INTEGER}, {"multipleOf": 3, **INTEGER}]},
        (
            "oneOf.none oneOf.null oneOf.boolean oneOf.integer oneOf.number oneOf.string oneOf.array oneOf.object "
            "oneOf.several"
        ),
    ),
    "oneOf whose branches exclude each other": (
        {"oneOf": [INTEGER, STRING]},
        "oneOf.none oneOf.null oneOf.boolean oneOf.number oneOf.array oneOf.wrapped",
    ),
    "oneOf with required": (
        an_object(properties=ABC, required=["c"], oneOf=[{"required": ["a"]}, {"required": ["b"]}]),
        "oneOf.none oneOf.several /c:required.missing",
    ),
    "allOf": (
        {"allOf": [an_object(properties=ABC, required=["a"]), an_object(required=["d"])]},
        "/d:required.missing /a:required.missing allOf.part",
    ),
    "allOf of steps": ({"allOf": [INTEGER, {"multipleOf": 2}, {"multipleOf": 3}]}, "allOf.part multipleOf.off"),
    "allOf with a closed part": (
        {"allOf": [an_object(properties={"a": INTEGER}, additionalProperties=False), {"properties": {"b": STRING}}]},
        f"{EXTRA} allOf.part /a:allOf.part",
    ),
    "allOf of one": ({"allOf": [an_object(required=["a"])]}, "/a:required.missing"),
    "not": ({"type": "string", "not": {"enum": ["a", "b"]}}, "not.matched"),
    "not both": (an_object(properties=ABC, **{"not": {"required": ["a", "b"]}}), "not.matched"),
    "if, then, else": (
        {"type": "integer", "if": {"minimum": 10}, "then": {"multipleOf": 5}, "else": {"multipleOf": 2}},
        "then.branch else.branch (then):multipleOf.off (else):multipleOf.off",
    ),
    "if with properties": (
        an_object(
            properties={"kind": {"enum": ["x", "y"]}, "n": INTEGER},
            required=["kind"],
            **{"if": {"properties": {"kind": {"const": "x"}}}, "then": {"required": ["n"]}},
        ),
        f"then.branch /kind:required.missing (x)/n:required.missing {KIND_VIOLATIONS}",
    ),
    "dependentSchemas": (
        an_object(properties=ABC, dependentSchemas={"a": {"properties": {"b": {"minimum": 3}}}}),
        "(a)/b:minimum.beyond (a)/b:minimum.far",
    ),
    "unevaluatedProperties": (
        an_object(allOf=[{"properties": {"a": INTEGER}}], properties={"b": STRING}, unevaluatedProperties=False),
        "unevaluatedProperties.extra",
    ),
    "unevaluatedItems": (an_array(prefixItems=[INTEGER], unevaluatedItems=False), "unevaluatedItems.extra"),
    # --- references
    "$ref": ({"$ref": "#/$defs/n", "$defs": {"n": {"minimum": 3}}}, "minimum.beyond minimum.far"),
    "$ref to itself": (
        an_object(properties={"kids": an_array(items={"$ref": "#"})}, required=["name"]),
        "/name:required.missing /kids/*/name:required.missing",
    ),
    "$ref to itself, checked by the oracle": (
        an_object(properties={"kids": an_array(items={"$ref": "#"}, uniqueItems=True)}, required=["kids"]),
        (
            "/kids:required.missing /kids:uniqueItems.duplicate /kids:uniqueItems.apart "
            "/kids/*/kids:required.missing /kids/*/kids:uniqueItems.duplicate /kids/*/kids:uniqueItems.apart"
        ),
    ),
    "names that a pointer escapes": (
        an_object(required=["a/b", "m~n"]),
        "/a~1b:required.missing /m~0n:required.missing",
    ),
    "nothing": ({}, ""),
}


@pytest.mark.parametrize("name", KEYWORDS)
def test_the_violations_of_a_keyword(name):
    schema, expected = KEYWORDS[name]
    found = [label.removeprefix(":") for label in load(schema).labels("invalid") if ":type." not in label]
    assert sorted(found) == sorted(expected.split())


@pytest.mark.parametrize("name", KEYWORDS)
def test_two_validators_agree_on_valid_payloads(name, nightly):
    contract = load(KEYWORDS[name][0])
    rust = rust_says(contract.schema)
    cases = list(contract.sample(1000 if nightly else 60))
    assert len(cases) >= 60
    for case in cases:
        assert contract.is_valid(case.payload), case.payload
        assert rust(case.payload), case.payload


@pytest.mark.parametrize("name", KEYWORDS)
def test_every_label_is_true(name, nightly):
    contract = load(KEYWORDS[name][0])
    judge, rust = LabelJudge(contract.schema), rust_says(contract.schema)
    for label in contract.labels("invalid"):
        cases = list(contract.sample(200 if nightly else 10, kind="invalid", only=label))
        assert len(cases) >= 10
        for case in cases:
            assert judge.objections(case) == []
            assert not rust(case.payload), (label, case.payload)


TYPES = {
    "null": (NULL, "boolean integer number string array object null-string"),
    "boolean": ({"type": "boolean"}, "null integer number string array object boolean-string boolean-integer wrapped"),
    "integer": (INTEGER, "null boolean number string array object numeric-string fractional wrapped"),
    "number": ({"type": "number"}, "null boolean string array object numeric-string wrapped"),
    "string": (STRING, "null boolean integer number array object wrapped"),
    "array": (an_array(items=INTEGER), "null boolean integer number string object stringified unwrapped"),
    "array of arrays": (an_array(items=an_array()), "null boolean integer number string object stringified"),
    "array of two": (an_array(items=INTEGER, minItems=2), "null boolean integer number string object stringified"),
    "object": (an_object(), "null boolean integer number string array stringified wrapped entries"),
    "map": (
        an_object(additionalProperties=INTEGER),
        "null boolean integer number string array stringified wrapped entries",
    ),
    "integer or null": (
        {"type": ["integer", "null"]},
        "boolean number string array object null-string numeric-string fractional wrapped",
    ),
    "integer or string": ({"type": ["integer", "string"]}, "null boolean number array object fractional wrapped"),
    "object or array": ({"type": ["object", "array"]}, "null boolean integer number string stringified"),
}


@pytest.mark.parametrize("name", TYPES)
def test_the_wrong_types_and_near_misses_of_a_type(name):
    schema, expected = TYPES[name]
    labels = load(schema).labels("invalid")
    found = [label.removeprefix(":type.") for label in labels if label.startswith(":type.")]
    assert sorted(found) == sorted(expected.split())


@pytest.mark.parametrize("name", TYPES)
def test_the_labels_of_types_are_true(name):
    contract = load(TYPES[name][0])
    judge, rust = LabelJudge(contract.schema), rust_says(contract.schema)
    cases = list(contract.sample(300, kind="invalid"))
    assert len(cases) == 300
    for case in cases:
        assert judge.objections(case) == []
        assert not rust(case.payload)


def payloads_of(schema, label):
    payloads = [case.payload for case in load(schema).sample(50, kind="invalid", only=label)]
    assert len(payloads) == 50
    return payloads


@pytest.mark.parametrize(
    ("schema", "label", "payload"),
    [
        ({"type": "integer", "maximum": 2**63 - 1}, ":maximum.beyond", 2**63),
        ({"type": "integer", "minimum": -(2**63)}, ":minimum.beyond", -(2**63) - 1),
        ({"type": "integer", "multipleOf": 5, "maximum": 22}, ":maximum.beyond", 25),
        ({"type": "integer", "multipleOf": 5, "minimum": 3}, ":minimum.beyond", 0),
        ({"type": "integer", "multipleOf": 5, "exclusiveMaximum": 20}, ":exclusiveMaximum.beyond", 20),
        ({"type": "integer", "exclusiveMinimum": 1.5}, ":exclusiveMinimum.beyond", 1),
        ({"type": "number", "exclusiveMinimum": 0}, ":exclusiveMinimum.beyond", 0),
        ({"type": "number", "maximum": 99.5}, ":maximum.beyond", 99.50000000000001),
        ({"type": "number", "multipleOf": 0.25, "minimum": 0.5}, ":minimum.beyond", 0.25),
        ({"type": "number", "multipleOf": 0.25, "maximum": 99.6}, ":maximum.beyond", 99.75),
        ({"type": "number", "multipleOf": 0.01, "minimum": 0}, ":minimum.beyond", -0.01),
        ({"type": "number", "multipleOf": 0.5, "exclusiveMinimum": 1}, ":exclusiveMinimum.beyond", 1),
        ({"type": "number", "multipleOf": 0.5, "exclusiveMaximum": 1.25}, ":exclusiveMaximum.beyond", 1.5),
    ],
)
def test_beyond_is_the_next_value(schema, label, payload):
    assert set(payloads_of(schema, label)) == {payload}


def test_length_counts_characters_not_utf_16_units():
    assert set(payloads_of({"maxLength": 3}, ":maxLength.long")) == {"aaaa", "😀😀😀😀"}
    assert set(payloads_of({"minLength": 3}, ":minLength.short")) == {"aa", "😀😀"}


def test_a_pattern_is_missed_by_one_character():
    made = set(payloads_of({"type": "string", "pattern": "^[A-Z]{3}-[0-9]{2}$"}, ":pattern.mismatch"))
    near = {text for text in made if len(text) in (5, 6, 7)}
    assert "" in made
    assert len(near) >= 5
    assert {len(text) for text in near} == {5, 6, 7}


def test_a_string_that_misses_a_pattern_keeps_the_bounds_of_its_length():
    made = set(payloads_of({"type": "string", "pattern": "^x", "minLength": 3, "maxLength": 4}, ":pattern.mismatch"))
    assert len(made) > 2
    assert all(len(text) in (3, 4) for text in made)


@pytest.mark.parametrize(
    ("form", "expected"),
    [("date", "a date"), ("time", "a time"), ("email", "an email"), ("hostname", "a hostname"), ("ipv4", "an ipv4")],
)
def test_a_description_states_the_expected_format_once(form, expected):
    violations = load({"type": "string", "format": form}).violations()
    descriptions = [one.description for one in violations if one.keyword == "format"]
    assert len(descriptions) > 3
    assert [text for text in descriptions if not text.endswith(f"; expected {expected}")] == []
    assert [text for text in descriptions if text.count("expected") != 1] == []


def test_the_values_of_each_pattern_are_broken():
    schema = an_object(patternProperties={"^x-": STRING, "^n-": STRING}, additionalProperties=INTEGER)
    for start, location in (("x-", "/*(^x-)"), ("n-", "/*(^n-)")):
        made = payloads_of(schema, f"{location}:type.null")
        broken = [name for payload in made for name in payload if payload[name] is None]
        assert len(broken) >= 50
        assert all(name.startswith(start) for name in broken)
        assert any(list(payload.values()) == [None] for payload in made)


@pytest.mark.parametrize("forbidden", [{"required": ["forbidden"]}, {"$ref": "#/$defs/it"}])
def test_a_forbidden_schema_is_matched(forbidden):
    schema = an_object(**{"not": forbidden, "$defs": {"it": {"required": ["forbidden"]}}})
    made = payloads_of(schema, ":not.matched")
    assert all(isinstance(payload, dict) and "forbidden" in payload for payload in made)


def test_true_and_false_are_sent_for_an_integer():
    assert set(payloads_of(INTEGER, ":type.boolean")) == {True, False}


def test_the_first_boolean_that_is_sent_for_a_number_is_one_that_keeps_its_bounds():
    for bounds, first in (({}, False), ({"minimum": 1}, True), ({"maximum": 0}, False), ({"minimum": 5}, False)):
        case = next(load({"type": "integer", **bounds}).sample(1, kind="invalid", only=":type.boolean"))
        assert case.payload is first


def test_the_multiples_next_to_distant_bounds_are_valid_values():
    schema = {"type": "number", "multipleOf": 0.25, "minimum": -1000.1, "maximum": 100}
    made = [case.payload for case in load(schema).sample(200)]
    assert {-1000, 100} <= set(made)
    assert len(set(made)) > 50


def test_half_a_step_is_added_or_taken_away():
    made = set(payloads_of({"type": "integer", "multipleOf": 60, "minimum": 0, "maximum": 120}, ":multipleOf.half"))
    assert made == {30, 90}


def test_true_and_false_are_sent_as_1_and_0():
    made = payloads_of({"type": "boolean"}, ":type.boolean-integer")
    assert {json_type(payload) for payload in made} == {"integer"}
    assert set(made) == {0, 1}


def test_the_value_of_a_property_that_is_not_allowed_is_the_value_of_others():
    schema = an_object(patternProperties={"^x-[a-z]+$": {"const": 5}}, additionalProperties=False)
    for variant in ("extra", "comment", "near-name"):
        made = payloads_of(schema, f":additionalProperties.{variant}")
        assert all(5 in payload.values() and set(payload.values()) == {5} for payload in made)
    near = {name for payload in payloads_of(schema, ":additionalProperties.near-name") for name in payload}
    assert len([name for name in near if re.search("^x-[a-z]+$", name) is None]) >= 2


def test_the_names_of_properties_are_sent_in_different_letter_case():
    schema = an_object(properties={"userName": {"const": 5}, "ID": {"const": 6}}, additionalProperties=False)
    made = payloads_of(schema, ":additionalProperties.case")
    names = {name for payload in made for name in payload} - {"userName", "ID"}
    assert names == {"USERnAME", "USERNAME", "Username", "id", "Id"}
    assert all(payload[name] == (6 if len(name) == 2 else 5) for payload in made for name in payload)


def test_a_name_that_is_nearly_allowed_is_one_character_too_long():
    made = payloads_of(an_object(propertyNames={"maxLength": 8}), ":propertyNames.near-name")
    assert 9 in {len(name) for payload in made for name in payload}


def test_a_number_is_sent_instead_of_the_string_that_holds_it():
    made = set(payloads_of({"type": "string", "pattern": "^[0-9]{4}$"}, ":type.unquoted"))
    assert {json_type(payload) for payload in made} == {"integer"}
    assert {len(str(payload)) for payload in made} == {4}
    prices = payloads_of({"type": "string", "pattern": r"^(0|[1-9][0-9]*)\.[0-9]{2}$"}, ":type.unquoted")
    assert all(isinstance(price, float) for price in prices)
    assert sum(re.fullmatch(r"[0-9]+\.[0-9]{2}", str(price)) is not None for price in prices) >= 40
    for schema in (STRING, {"type": "string", "pattern": "^v[0-9]$"}, {"type": "string", "format": "uuid"}):
        assert ":type.unquoted" not in load(schema).labels("invalid")


def test_an_item_is_repeated_after_another_one():
    for items in payloads_of(an_array(items=INTEGER, uniqueItems=True, maxItems=5), ":uniqueItems.apart"):
        assert items[0] == items[-1]
        assert items[0] not in items[1:-1]
        assert len(items) >= 3


def test_valid_arrays_and_texts_reach_their_greatest_length():
    for high in (4, 12, 50):
        made = [case.payload for case in load(an_array(items=INTEGER, maxItems=high)).sample(200)]
        assert high in set(map(len, made))
        objects = [case.payload for case in load(an_array(items=an_object(properties=ABC), maxItems=high)).sample(200)]
        assert high in set(map(len, objects))
    for high in (30, 83, 200, 1000):
        made = [case.payload for case in load({"type": "string", "maxLength": high}).sample(200)]
        assert high in set(map(len, made))
        assert any(len(text) == high and not text.isascii() for text in made)


def test_the_repeated_item_is_at_different_positions():
    positions = {
        next(index for index, item in enumerate(items) if items.count(item) > 1)
        for items in payloads_of(
            an_array(items={"type": "integer", "minimum": 0}, uniqueItems=True, minItems=3), ":uniqueItems.duplicate"
        )
    }
    assert len(positions) > 1


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "maxLength": 10**9},
        an_array(items=STRING, maxItems=10**9),
        an_object(additionalProperties=STRING, maxProperties=10**9),
    ],
)
def test_a_bound_that_only_a_huge_payload_would_break_has_no_violation(schema):
    contract = load(schema)
    assert [label for label in contract.labels("invalid") if ".many" in label or ".long" in label] == []
    sizes = [len(case.body) for case in contract.sample(200)]
    assert len(sizes) == 200
    assert max(sizes) < 10_000


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string", "minLength": 3, "maxLength": 2}, "minLength 3 is greater than maxLength 2"),
        ({"type": "string", "minLength": 10**9}, "minLength is greater than 200000"),
        (an_array(minItems=10**9), "minItems is greater than 10000"),
        ({"type": "integer", "minimum": 1.1, "maximum": 1.9}, "no integer is within the bounds"),
        ({"type": "number", "minimum": 2, "maximum": 1}, "no number is within the bounds"),
        ({"type": "number", "multipleOf": 7, "minimum": 1, "maximum": 6}, "no multiple of 7 is within the bounds"),
        ({"enum": ["a"], "type": "integer"}, "no listed value is allowed"),
        ({"enum": ["a"], "minLength": 2}, "no listed value is allowed"),
        ({"allOf": [INTEGER, STRING]}, "no payload has both"),
        ({"type": "string", "not": {}}, "no payload was found"),
        (an_array(items={"const": 1}, uniqueItems=True, minItems=2), "no payload was found"),
        (
            an_array(prefixItems=[STRING], items=False, minItems=2),
            "minItems 2 is greater than the number of items that the array can have",
        ),
        (an_array(items=STRING, contains=INTEGER), "no item can match contains"),
        (an_array(prefixItems=[STRING], items=STRING, contains=INTEGER), "no payload was found"),
        (an_object(properties={"a": False}, required=["a"]), "no payload was found"),
    ],
)
def test_a_schema_that_no_payload_keeps_is_refused(schema, words):
    with pytest.raises(ContractError, match=words) as refusal:
        list(load(schema).sample(5))
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("schema", "is_plain"),
    [
        (an_object(properties={"a": INTEGER, "never": False}), lambda payload: "never" not in payload),
        (an_object(additionalProperties={"type": "integer", "enum": ["a"]}), lambda payload: payload == {}),
        (an_object(patternProperties={"^x": {"not": {}}}), lambda payload: not any(map("x".startswith, payload))),
        (an_array(items={"allOf": [INTEGER, STRING]}), lambda payload: payload == []),
        (an_array(prefixItems=[STRING, {"not": {}}, STRING]), lambda payload: len(payload) < 2),
        (an_array(items=INTEGER, contains=STRING, minContains=0), lambda payload: True),
    ],
)
def test_an_optional_part_without_possible_values_is_left_out(schema, is_plain):
    contract = load(schema)
    cases = list(contract.sample(100))
    assert len(cases) == 100
    for case in cases:
        assert contract.is_valid(case.payload)
        assert is_plain(case.payload)


CHILDREN_ONLY = {"properties", "patternProperties", "prefixItems"}
"""Keywords that are broken only inside their children."""


def test_every_keyword_of_a_type_has_faults():
    composed = {keyword for keyword, _, _ in COMPOSITION_VARIANTS}
    assert len(KEYWORDS_BY_TYPE) == 4
    for name, keywords in KEYWORDS_BY_TYPE.items():
        assertions = keywords - ANNOTATIONS - {"contentSchema"}
        assert assertions - FAULTS_BY_TYPE[name].keys() - composed - CHILDREN_ONLY == set()
