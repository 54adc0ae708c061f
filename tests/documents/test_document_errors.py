"""Errors in documents: each is one line with the document, the location in it and the remedy."""

import json

import pytest

CORE = "https://json-structure.org/meta/core/v0/#"
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_2020_12 = "https://json-schema.org/draft/2020-12/schema"


def structure(**keywords):
    return {"$schema": CORE, "name": "It", **keywords}


def schema(**keywords):
    return {"$schema": DRAFT_2020_12, **keywords}


def draft_7(**keywords):
    return {"$schema": DRAFT_7, **keywords}


ERRORS = [
    # the dialect
    ({"$schema": "https://example.org/mine"}, "", '`$schema` "https://example.org/mine" is not supported'),
    (
        {"$schema": "http://json-schema.org/draft-03/schema#"},
        "",
        "convert the document to one of https://json-structure.org/",
    ),
    ({"$schema": 7}, "", "`$schema` 7 is not supported"),
    (
        {"openapi": "3.1.0"},
        "",
        "is an OpenAPI file; choose a component, as in name='NAME' (on the command line, document#NAME): it has no schemas",
    ),
    (
        {"openapi": "2.9", "components": {"schemas": {"A": {}}}},
        "",
        'OpenAPI "2.9" is not supported; convert the file to 2.0, 3.0 or 3.1',
    ),
    # types
    (structure(type="strng"), "/type", 'unknown type "strng"; did you mean "string"?'),
    (structure(type="colour"), "/type", 'unknown type "colour"; the types are any, null, boolean'),
    (structure(type=["int8", "Int8"]), "/type/1", 'unknown type "Int8"; did you mean "int8"?'),
    (structure(type=["int8", "int8"]), "/type/1", 'repeats "int8"; delete it'),
    (structure(type=["int8", 5]), "/type/1", "must be an object, not 5"),
    (structure(type=[]), "/type", "must be the name of a type"),
    (structure(type=None), "/type", "must be the name of a type"),
    (structure(properties={"a": {"type": {"ref": "x"}}}), "/properties/a/type", "must be the name of a type"),
    (schema(type="int"), "/type", 'unknown type "int"; did you mean "integer"?'),
    (schema(type="datetime"), "/type", 'unknown type "datetime"; the types of JSON Schema are null, boolean,'),
    (schema(type=["string", "string"]), "/type/1", 'repeats "string"; delete it'),
    (schema(type=[]), "/type", "must be the name of a type or a list of names, not []"),
    (draft_7(items=[{"type": "text"}]), "/items/0/type", 'unknown type "text"'),
    # keywords of JSON Structure
    (structure(type="string", name=5), "/name", "must be a string, not 5"),
    (structure(type="string", **{"$extends": "#"}), "/$extends", "only an object or a choice can extend another type"),
    (structure(type="object", properties=[]), "/properties", "must be an object, not []"),
    (structure(type="object", properties={"a": True}), "/properties/a", "must be an object, not true"),
    (structure(type="object", required=[["a"], "b"]), "/required/1", 'must be an array, not "b"'),
    (structure(type="tuple"), "", 'a tuple needs both, "type": "tuple" and the list `tuple`'),
    (structure(type="array", tuple=["a"]), "", 'a tuple needs both, "type": "tuple" and the list `tuple`'),
    (structure(type="tuple", tuple=[]), "/tuple", "is empty; name the properties in their order"),
    (
        structure(type="tuple", properties={"ab": {"type": "any"}}, tuple=["abc"]),
        "/tuple/0",
        '"abc" is not defined; did you mean "ab"?; define it in `properties`',
    ),
    (
        structure(type="map", values={"type": "any"}, additionalProperties={"type": "int8"}),
        "/additionalProperties",
        "another keyword of the schema means the same (`additionalProperties` in JSON Schema); delete one of the two",
    ),
    (structure(type="uuid", format="email"), "/format", "contradicts the type; move `format` into `allOf`"),
    (
        structure(type={"$ref": "#/definitions/a"}, definitions={"a": {"type": "any"}}, **{"$ref": "#/definitions/a"}),
        "/$ref",
        "contradicts the type; move `$ref` into `allOf`",
    ),
    (structure(type="int8", minimum="0"), "/minimum", 'must be a number, not "0"'),
    (structure(**{"$root": 5}), "/$root", "must be a string, not 5"),
    (structure(type="any", **{"$root": "#/definitions/a"}), "/$root", "a document has either a `$root` or a `type`"),
    # keywords of JSON Schema
    (schema(items=[{}]), "/items", "is a list, not a schema; use `prefixItems`"),
    (schema(dependencies=[]), "/dependencies", "must be an object, not []"),
    (schema(**{"$dynamicRef": "#a"}), "/$dynamicRef", '"#a" does not resolve in document; correct the reference'),
    (schema(**{"$dynamicRef": 5}), "/$dynamicRef", "must be a string, not 5"),
    (structure(type="object", dependencies={}), "/dependencies", "`dependencies` is not supported; use `dependentReq"),
    (schema(required=["a", 1]), "/required/1", "must be a string, not 1"),
    (False, "", "`false` allows no payload; give a schema that allows one"),
    (schema(allOf=[]), "/allOf", "is empty; give it at least one schema or delete the keyword"),
    (schema(allOf={}), "/allOf", "must be an array, not {}"),
    (schema(anyOf=[{}, 5]), "/anyOf/1", "must be an object, not 5"),
    (schema(properties={"a/b~": {"not": "x"}}), "/properties/a~1b~0/not", 'must be an object, not "x"'),
    (schema(enum=[]), "/enum", "is empty, so no payload is valid"),
    (schema(enum="x"), "/enum", 'must be an array, not "x"'),
    (schema(minLength=-1), "/minLength", "must be a whole number from 0, not -1"),
    (schema(minItems=1.5), "/minItems", "must be a whole number from 0, not 1.5"),
    (schema(maxItems=True), "/maxItems", "must be a number, not true"),
    (schema(multipleOf=0), "/multipleOf", "must be greater than 0, not 0"),
    (schema(pattern=1), "/pattern", "must be a string, not 1"),
    (schema(uniqueItems="yes"), "/uniqueItems", 'must be true or false, not "yes"'),
    (schema(description=["x"]), "/description", 'must be a string, not ["x"]'),
    (schema(dependentRequired={"a": "b"}), "/dependentRequired/a", 'must be an array, not "b"'),
    (draft_7(dependencies={"a": ["b", 5]}), "/dependencies/a/1", "must be a string, not 5"),
    # references
    (schema(**{"$ref": 5}), "/$ref", "must be a string, not 5"),
    (schema(items={"$ref": "#/$defs/A"}), "/items/$ref", "does not resolve: no components were given"),
    (schema(**{"$ref": "#/properties/a"}), "/$ref", "does not resolve in document; correct the reference"),
    (schema(**{"$ref": "#a"}), "/$ref", '"#a" does not resolve in document; correct the reference'),
    (
        schema(**{"$ref": "#/enum", "enum": [5]}),
        "/$ref",
        "leads to something that is not a schema; correct the reference",
    ),
    (schema(**{"$ref": "#/enum/0", "enum": [5]}), "/$ref", "leads to something that is not a schema"),
    (schema(**{"$ref": "#/allOf/00", "allOf": [{}]}), "/$ref", "does not resolve in document"),
    (
        structure(type="array", items={"$ref": "https://example.org/a.json"}),
        "/items/$ref",
        '"https://example.org/a.json" is not in any document that was given, and nothing is fetched; pass the document with this',
    ),
    (schema(**{"$ref": "http://[broken"}), "/$ref", "is not in any document that was given, and nothing is fetched"),
]


@pytest.mark.parametrize(("document", "pointer", "problem"), ERRORS)
def test_an_error_names_the_location_the_problem_and_the_remedy(load_error, document, pointer, problem):
    message = load_error(document)
    assert message.startswith(f"document at {pointer}: " if pointer else "document: ")
    assert problem in message


def test_an_error_in_a_component_names_the_file_of_the_component(tmp_path, load_error):
    path = tmp_path / "city.json"
    path.write_text(json.dumps({"name": "City", "type": "object", "properties": {"zip": {"type": "zip"}}}))
    message = load_error({"$ref": "#/components/schemas/City"}, [path])
    assert message.startswith(f'{path} at /properties/zip/type: unknown type "zip"')


def test_an_error_in_a_component_given_as_a_dict_names_its_number(load_error):
    components = [{"name": "Town"}, {"name": "City", "type": "city"}]
    assert load_error({"$ref": "#/definitions/City"}, components).startswith(
        'component 2 at /type: unknown type "city"'
    )


def test_the_error_for_an_unknown_component_lists_the_known_ones(load_error):
    message = load_error({"$ref": "#/components/schemas/Citty"}, [{"name": "City"}, {"name": "Town"}])
    assert message == (
        'document at /$ref: "#/components/schemas/Citty" does not resolve: the given components are City, Town; '
        'did you mean "City"?; pass the document named "Citty" as a component'
    )


def test_the_error_for_different_components_with_one_name_lists_their_files(tmp_path, load_error):
    for file, kind in (("a.json", "string"), ("b.json", "int8")):
        (tmp_path / file).write_text(json.dumps({"name": "City", "type": kind}))
    message = load_error({"$ref": "#/components/schemas/City"}, [tmp_path])
    assert f"could lead to several documents that differ: {tmp_path / 'a.json'}, {tmp_path / 'b.json'}" in message
    assert message.endswith("pass only one")


def test_control_characters_in_a_document_are_escaped_in_the_message(load_error):
    message = load_error({"properties": {"a\r\n\x1b[31m\u2028": {"type": "x\ny"}}})
    assert "/properties/a\\r\\n\\u001b[31m\\u2028/type" in message
