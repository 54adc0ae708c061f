"""Every document that the JSON Structure SDK refuses has a remark. Each row is one of the SDK's refusals."""

from __future__ import annotations

import copy

import pytest

from contractfuzz.lint import lint

json_structure = pytest.importorskip("json_structure")

VALID = {
    "$schema": "https://json-structure.org/meta/validation/v0/#",
    "$id": "https://example.com/order",
    "name": "Order",
    "type": "object",
    "properties": {"id": {"type": "string"}},
}
TEXT, NUMBER = {"type": "string"}, {"type": "int32"}
PAIR = {"type": "tuple", "name": "Pair", "properties": {"a": TEXT, "b": NUMBER}, "tuple": ["a", "b"]}


def without(*names):
    return {name: value for name, value in VALID.items() if name not in names}


def with_it(**keywords):
    return {**VALID, "properties": {"it": keywords}}


def with_definitions(**definitions):
    return {**VALID, "definitions": definitions}


REFUSALS = {
    # The document.
    "$id is missing": (without("$id"), "identity-missing"),
    "$id is empty": ({**VALID, "$id": ""}, "identity-missing"),
    "$id is not a string": ({**VALID, "$id": 1}, "identity-missing"),
    "$id has no scheme": ({**VALID, "$id": "order"}, "identity-missing"),
    "name is missing": (without("name"), "identity-missing"),
    "name is not a string": ({**VALID, "name": 1}, "unreadable"),
    "name is not an identifier": ({**VALID, "name": "my order"}, "invalid-identifier"),
    "$schema is not a URI": ({**VALID, "$schema": "core"}, "unreadable"),
    "type is missing at the root": (without("type", "properties"), "type-missing"),
    "$root and type": ({**with_definitions(A=TEXT), "$root": "#/definitions/A"}, "unreadable"),
    "$root leads nowhere": ({**without("type", "properties"), "$root": "#/definitions/A"}, "unreadable"),
    "$root is not a string": ({**without("type", "properties"), "$root": 1}, "unreadable"),
    "$uses is not a list": ({**VALID, "$uses": "JSONStructureImport"}, "invalid-extension"),
    "$uses lists another value": ({**VALID, "$uses": [1]}, "invalid-extension"),
    "$uses lists an unknown extension": ({**VALID, "$uses": ["JSONStructureImports"]}, "invalid-extension"),
    "a composition without its extension": (
        {
            **with_it(type="string", **{"not": {"type": "string"}}),
            "$schema": "https://json-structure.org/meta/core/v0/#",
        },
        "extension-missing",
    ),
    "a unit without its extension": (with_it(type="int32", unit="kg"), "extension-missing"),
    "$offers is not an object": ({**VALID, "$offers": []}, "invalid-extension"),
    "$offers leads nowhere": ({**VALID, "$offers": {"More": "#/definitions/More"}}, "invalid-extension"),
    "$offers has another value": ({**VALID, "$offers": {"More": 1}}, "invalid-extension"),
    "definitions is a list": ({**VALID, "definitions": [TEXT]}, "invalid-definitions"),
    "a definition is not a schema": (with_definitions(A=5), "invalid-definitions"),
    "an unused definition has an unknown type": (with_definitions(A={"type": "strnig"}), "unreadable"),
    # References and inheritance.
    "$ref is outside type": (with_it(**{"$ref": "#/definitions/A"}), "ref-outside-type"),
    "$ref leads nowhere": (with_it(type={"$ref": "#/definitions/A"}), "unresolved-reference"),
    "$ref of a union leads nowhere": (with_it(type=["null", {"$ref": "#/definitions/A"}]), "unresolved-reference"),
    "$ref is not a string": (with_it(type={"$ref": 1}), "unreadable"),
    "$ref leads to itself": (with_definitions(A={"type": {"$ref": "#/definitions/A"}}), "unreadable"),
    "$extends leads nowhere": ({**VALID, "$extends": "#/definitions/A"}, "unreadable"),
    "$extends a primitive type": ({**with_definitions(A=TEXT), "$extends": "#/definitions/A"}, "unreadable"),
    "$extends is not a string": ({**VALID, "$extends": 1}, "unreadable"),
    "$extends is a loop": (
        with_definitions(A={"type": "object", "properties": {}, "$extends": "#/definitions/A"}),
        "unreadable",
    ),
    # Types.
    "a schema has no type": (with_it(description="any value"), "type-missing"),
    "an enum has no type": (with_it(enum=["a", "b"]), "type-missing"),
    "type is unknown": (with_it(type="text"), "unreadable"),
    "type is a number": (with_it(type=1), "unreadable"),
    "type is an object without $ref": (with_it(type={"description": "x"}), "unreadable"),
    "a union is empty": (with_it(type=[]), "unreadable"),
    "a union has an unknown type": (with_it(type=["string", "text"]), "unreadable"),
    "a union has a compound type": (with_it(type=["null", "object"]), "compound-in-union"),
    "a union defines a type": (with_it(type=["null", {"type": "string"}]), "compound-in-union"),
    "an object has no properties": (with_it(type="object"), "type-incomplete"),
    "properties is not an object": (with_it(type="object", properties=[]), "unreadable"),
    "a property is not a schema": (with_it(type="object", properties={"a": 1}), "unreadable"),
    "a property is not an identifier": (with_it(type="object", properties={"a b": TEXT}), "invalid-identifier"),
    "an array has no items": (with_it(type="array"), "type-incomplete"),
    "items is not a schema": (with_it(type="array", items=[TEXT]), "unreadable"),
    "a set has no items": (with_it(type="set"), "type-incomplete"),
    "a map has no values": (with_it(type="map"), "type-incomplete"),
    "values is not a schema": (with_it(type="map", values=1), "unreadable"),
    "a tuple has no name": (with_it(**{k: v for k, v in PAIR.items() if k != "name"}), "type-incomplete"),
    "a tuple has no properties": (with_it(**{k: v for k, v in PAIR.items() if k != "properties"}), "type-incomplete"),
    "a tuple has no order": (with_it(**{k: v for k, v in PAIR.items() if k != "tuple"}), "unreadable"),
    "a tuple orders an unknown property": (with_it(**{**PAIR, "tuple": ["a", "c"]}), "unreadable"),
    "a choice has no choices": (with_it(type="choice"), "type-incomplete"),
    "choices is not an object": (with_it(type="choice", choices=[TEXT]), "unreadable"),
    "a choice is not a schema": (with_it(type="choice", choices={"a": 1}), "unreadable"),
    "selector is not a string": (with_it(type="choice", choices={"a": TEXT}, selector=1), "unreadable"),
    "abstract is not a boolean": (
        with_definitions(A={"type": "object", "properties": {}, "abstract": 1}),
        "unreadable",
    ),
    # Keywords for another type.
    "minLength on an integer": (with_it(type="int32", minLength=1), "keyword-of-other-type"),
    "pattern on a boolean": (with_it(type="boolean", pattern="a"), "keyword-of-other-type"),
    "maxLength on a uuid": (with_it(type="uuid", maxLength=36), "keyword-of-other-type"),
    "minimum on a string": (with_it(type="string", minimum=1), "keyword-of-other-type"),
    "multipleOf on an object": ({**VALID, "multipleOf": 2}, "keyword-of-other-type"),
    "minItems on a string": (with_it(type="string", minItems=1), "keyword-of-other-type"),
    "contains on a map": (with_it(type="map", values=TEXT, contains=TEXT), "keyword-of-other-type"),
    "required on a string": (with_it(type="string", required=["a"]), "keyword-of-other-type"),
    "additionalProperties on an array": (
        with_it(type="array", items=TEXT, additionalProperties=False),
        "keyword-of-other-type",
    ),
    "minProperties on a map": (with_it(type="map", values=TEXT, minProperties=1), "keyword-of-other-type"),
    "maxEntries on an object": ({**VALID, "maxEntries": 3}, "keyword-of-other-type"),
    "patternProperties on a map": (
        with_it(type="map", values=TEXT, patternProperties={"a": TEXT}),
        "keyword-of-other-type",
    ),
    "patternKeys on an object": ({**VALID, "patternKeys": {"a": TEXT}}, "keyword-of-other-type"),
    "propertyNames on a map": (with_it(type="map", values=TEXT, propertyNames=TEXT), "keyword-of-other-type"),
    "keyNames on an object": ({**VALID, "keyNames": TEXT}, "keyword-of-other-type"),
    "dependentRequired on a map": (
        with_it(type="map", values=TEXT, dependentRequired={"a": ["b"]}),
        "keyword-of-other-type",
    ),
    "enum of a compound type": (with_it(type="map", values=TEXT, enum=[{}]), "keyword-of-other-type"),
    "const of a compound type": (with_it(type="array", items=TEXT, const=[]), "keyword-of-other-type"),
    # Values of keywords.
    "required is not a list": ({**VALID, "required": "id"}, "unreadable"),
    "required lists another value": ({**VALID, "required": [1]}, "unreadable"),
    "a required property is not defined": ({**VALID, "required": ["it"]}, "required-undefined"),
    "enum is not a list": (with_it(type="string", enum="a"), "unreadable"),
    "enum is empty": (with_it(type="string", enum=[]), "unreadable"),
    "enum repeats a value": (with_it(type="string", enum=["a", "b", "a"]), "enum-value-repeated"),
    "an enum value has another type": (with_it(type="string", enum=["a", 1]), "enum-value-invalid"),
    "all enum values have another type": (with_it(type="int32", enum=["a", "b"]), "unsatisfiable"),
    "minLength is negative": (with_it(type="string", minLength=-1), "unreadable"),
    "maxLength is a fraction": (with_it(type="string", maxLength=1.5), "unreadable"),
    "minLength is greater than maxLength": (with_it(type="string", minLength=2, maxLength=1), "bounds-crossed"),
    "pattern is not a string": (with_it(type="string", pattern=1), "unreadable"),
    "pattern is not a regular expression": (with_it(type="string", pattern="("), "pattern-unreadable"),
    "format is not a string": (with_it(type="string", format=1), "unreadable"),
    "format is unknown": (with_it(type="string", format="emial"), "unknown-format"),
    "contentEncoding is not a string": (with_it(type="string", contentEncoding=1), "unreadable"),
    "contentMediaType is not a string": (with_it(type="string", contentMediaType=1), "unreadable"),
    "minimum is not a number": (with_it(type="int32", minimum="1"), "unreadable"),
    "minimum of an int64 is not a string": (with_it(type="int64", minimum=1), "bound-not-a-string"),
    "multipleOf is zero": (with_it(type="int32", multipleOf=0), "unreadable"),
    "minimum is greater than maximum": (with_it(type="int32", minimum=2, maximum=1), "bounds-crossed"),
    "minItems is negative": (with_it(type="array", items=TEXT, minItems=-1), "unreadable"),
    "minItems is greater than maxItems": (with_it(type="array", items=TEXT, minItems=2, maxItems=1), "bounds-crossed"),
    "uniqueItems is not a boolean": (with_it(type="array", items=TEXT, uniqueItems=1), "unreadable"),
    "a set with equal items": (with_it(type="set", items=TEXT, uniqueItems=False), "unreadable"),
    "contains is not a schema": (with_it(type="array", items=TEXT, contains=1), "unreadable"),
    "minContains without contains": (with_it(type="array", items=TEXT, minContains=1), "keyword-alone"),
    "maxContains is negative": (with_it(type="array", items=TEXT, contains=TEXT, maxContains=-1), "unreadable"),
    "minProperties is negative": ({**VALID, "minProperties": -1}, "unreadable"),
    "maxEntries is negative": (with_it(type="map", values=TEXT, maxEntries=-1), "unreadable"),
    "dependentRequired is not an object": ({**VALID, "dependentRequired": ["id"]}, "unreadable"),
    "dependentRequired has another value": ({**VALID, "dependentRequired": {"id": "id"}}, "unreadable"),
    "patternKeys is not an object": (with_it(type="map", values=TEXT, patternKeys=[]), "unreadable"),
    "patternKeys has a wrong pattern": (
        with_it(type="map", values=TEXT, patternKeys={"(": TEXT}),
        "pattern-unreadable",
    ),
    "keyNames is not a schema": (with_it(type="map", values=TEXT, keyNames=1), "unreadable"),
    "keyNames is not a string": (with_it(type="map", values=TEXT, keyNames=NUMBER), "names-not-strings"),
    "has is not a schema": (with_it(type="map", values=TEXT, has=1), "unreadable"),
    "allOf is not a list": (with_it(type="string", allOf=TEXT), "unreadable"),
    "anyOf is empty": (with_it(type="string", anyOf=[]), "unreadable"),
    "oneOf has another value": (with_it(type="string", oneOf=[1]), "unreadable"),
    "not is not a schema": (with_it(type="string", **{"not": 1}), "unreadable"),
    "if is not a schema": (with_it(type="string", **{"if": 1}), "unreadable"),
    "unit on a string": (
        {**with_it(type="string", unit="kg"), "$uses": ["JSONStructureUnits"]},
        "keyword-of-other-type",
    ),
}


def refusals_of(document):
    return json_structure.SchemaValidator(extended=True).validate(copy.deepcopy(document))


def test_the_valid_document_is_accepted_by_both():
    assert refusals_of(VALID) == []
    assert lint([VALID]) == []


def test_documents_that_use_extensions_are_accepted_by_both():
    document = with_it(type="int32", unit="kg", anyOf=[{"type": "int32", "minimum": 1}])
    document |= {"$uses": ["JSONStructureUnits", "JSONStructureConditionalComposition"]}
    assert refusals_of(document) == []
    assert lint([document]) == []


@pytest.mark.parametrize("refusal", REFUSALS)
def test_what_the_sdk_refuses_has_a_remark(refusal):
    document, rule = REFUSALS[refusal]
    assert refusals_of(document) != []
    remarks = lint([document])
    assert rule in {remark.rule for remark in remarks}, remarks


def test_the_rows_are_different_refusals():
    messages = {refusals_of(document)[0].message for document, _ in REFUSALS.values()}
    assert len(messages) >= 90
