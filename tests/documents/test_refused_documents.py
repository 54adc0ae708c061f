"""Documents that cannot be used: each error is one line with the document, the place in it and the remedy."""

import json
import os
from pathlib import Path

import pytest

from contractfuzz.documents.reading import MAX_DEPTH, MAX_FILE_BYTES

CORE = "https://json-structure.org/meta/core/v0/#"
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_2020_12 = "https://json-schema.org/draft/2020-12/schema"


# --- files that hold no document ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "is empty; it must hold a JSON object", id="empty"),
        pytest.param(b" \r\n\t", "is empty; it must hold a JSON object", id="white space"),
        pytest.param(b'{\n"type": }', "is not JSON, line 2 column 9: Expecting value; correct it there", id="not JSON"),
        pytest.param(b"openapi: 3.0.0\n", "is not JSON, line 1 column 1", id="YAML"),
        pytest.param(b'{"a": 1} {"b": 2}', "is not JSON, line 1 column 10: Extra data", id="two documents"),
        pytest.param(b'{"type": "string"', "is not JSON, line 1 column 18", id="cut off"),
        pytest.param(b'{"title": "\xff"}', "is not UTF-8 (byte 11); save it as UTF-8", id="bad UTF-8"),
        pytest.param('{"title": "ü"}'.encode("utf-16"), "is not UTF-8 (byte 0)", id="UTF-16"),
        pytest.param(b"[]", "must be a JSON object at its root, not []; give the document itself", id="array"),
        pytest.param(b'"x"', 'must be a JSON object at its root, not "x"', id="string"),
        pytest.param(b"true", "must be a JSON object at its root, not true", id="true"),
        pytest.param(b"[" * 100_000, "is nested too deep; at most 64", id="100,000 open brackets"),
        pytest.param(b'{"not":' * 100_000 + b"{}" + b"}" * 100_000, "is nested too deep", id="100,000 deep"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", "has a number that cannot be read", id="5,000 digits"),
    ],
)
def test_a_file_that_holds_no_document(tmp_path, refusal, content, said):
    path = tmp_path / "contract.json"
    path.write_bytes(content)
    assert refusal(path).startswith(f"{path}: {said}")


@pytest.mark.parametrize(
    ("content", "pointer", "said"),
    [
        (
            b'{"properties": {"a": {}, "b": {}, "a": {}}}',
            "/properties",
            'has the name "a" twice; delete one of the two',
        ),
        (b'{"default": [1, NaN]}', "/default/1", "nan is not a JSON number; write a finite one"),
        (b'{"default": -1e400}', "/default", "-inf is not a JSON number; write a finite one"),
        (b'{"const": 1' + b"0" * 400 + b"}", "/const", "the number is too large for a double; write a smaller one"),
        (b'{"title": "\\ud83d"}', "/title", '"\\ud83d" has half a surrogate pair; write the whole character'),
        (b'{"allOf": [{"\\udc00": 1}]}', "/allOf/0", '"\\udc00" has half a surrogate pair'),
    ],
)
def test_a_file_that_says_something_no_json_text_should(tmp_path, refusal, content, pointer, said):
    path = tmp_path / "contract.json"
    path.write_bytes(content)
    assert refusal(path).startswith(f"{path} at {pointer}: {said}")


def test_a_file_that_is_missing(tmp_path, refusal):
    path = tmp_path / "contract.json"
    assert refusal(path) == f"{path}: cannot be read (No such file or directory); name a file that can be read"


def test_a_file_below_a_file(tmp_path, refusal):
    (tmp_path / "contract.json").write_text("{}")
    assert "cannot be read (Not a directory)" in refusal(tmp_path / "contract.json" / "more.json")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a file that may not be read")
def test_a_file_that_may_not_be_read(tmp_path, refusal):
    path = tmp_path / "contract.json"
    path.touch(mode=0o000)
    assert "cannot be read (Permission denied)" in refusal(path)


def test_a_folder_as_the_document(tmp_path, refusal):
    assert refusal(tmp_path) == f"{tmp_path}: is a folder; name one file in it, and give the folder as components"


def test_a_folder_of_components_without_any(tmp_path, refusal):
    assert refusal({}, tmp_path) == f"{tmp_path}: has no *.json file; name the folder that holds the components"


def test_a_component_that_is_missing(tmp_path, refusal):
    assert "cannot be read" in refusal({}, [tmp_path / "missing.json"])


@pytest.mark.parametrize("size", [MAX_FILE_BYTES + 1, 50 * 2**20])
def test_a_file_that_is_too_large(tmp_path, refusal, size):
    path = tmp_path / "contract.json"
    with path.open("wb") as file:
        file.truncate(size)
    said = f"is too large, {size:,} bytes of at most {MAX_FILE_BYTES:,}; give the document of one contract"
    assert refusal(path) == f"{path}: {said}"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file without an end")
def test_a_file_without_an_end(refusal):
    assert "is too large" in refusal("/dev/zero")


def test_the_address_of_a_document_is_not_fetched(refusal):
    message = refusal("https://example.org/contract.json")
    assert "nothing is fetched: save it and name the file" in message


@pytest.mark.parametrize("path", ["contract\n.json", "contract\0.json", "\x1b[31m.json", "x" * 5000, ""])
def test_an_odd_path_is_told_on_one_line(refusal, path):
    assert refusal(path)


# --- what is no JSON object at all --------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", [None, 5, ["a.json"], b"contract.json", object()])
def test_neither_a_path_nor_a_dict(refusal, document):
    kind = type(document).__name__
    assert refusal(document) == f"document: must be the path of a file or a dict, not {kind}"


def test_components_that_are_no_list(refusal):
    assert refusal({}, 5) == "components: must be files, folders or dicts, not int"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"const": {1, 2}}, "document at /const: a set is not a JSON value; convert it to one"),
        ({"const": {"a": {1: 2}}}, "document at /const/a: a name is a int; JSON names are strings"),
        ({"const": float("inf")}, "document at /const: inf is not a JSON number"),
    ],
)
def test_a_dict_that_is_no_json(refusal, document, said):
    assert refusal(document).startswith(said)


def test_a_dict_that_holds_itself(refusal):
    document = {}
    document["not"] = document
    assert refusal(document).startswith("document: is nested too deep")


def test_a_dict_may_be_as_deep_as_the_limit_and_no_deeper(refusal):
    def nested(depth):
        return {"default": nested(depth - 1)} if depth > 1 else {}

    assert refusal(nested(MAX_DEPTH + 1))
    with pytest.raises(pytest.fail.Exception):
        refusal(nested(MAX_DEPTH))


# --- documents that say what they cannot mean ---------------------------------------------------------------------------


def structure(**keywords):
    return {"$schema": CORE, "name": "It", **keywords}


def schema(**keywords):
    return {"$schema": DRAFT_2020_12, **keywords}


def draft_7(**keywords):
    return {"$schema": DRAFT_7, **keywords}


REFUSED = [
    # the language
    ({"$schema": "https://example.org/mine"}, "", '`$schema` "https://example.org/mine" is not supported'),
    (
        {"$schema": "http://json-schema.org/draft-03/schema#"},
        "",
        "convert the document to one of https://json-structure.org/",
    ),
    ({"$schema": 7}, "", "`$schema` 7 is not supported"),
    ({"openapi": "3.1.0"}, "", "is an OpenAPI file; choose a component with name=: it has no schemas"),
    (
        {"openapi": "2.9", "components": {"schemas": {"A": {}}}},
        "",
        'OpenAPI "2.9" is not supported; convert the file to 3.0 or 3.1',
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
    (structure(type="object", required=["a", "a"]), "/required/1", 'repeats "a"; delete it'),
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
    (schema(dependencies={}), "/dependencies", "`dependencies` is not supported; use `dependentRequired`"),
    (schema(**{"$dynamicRef": "#a"}), "/$dynamicRef", "`$dynamicRef` is not supported; use `$ref`"),
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
    (
        schema(pattern="("),
        "/pattern",
        '"(" is not a regular expression that Python can compile (missing ), unterminated',
    ),
    (schema(patternProperties={"[": True}), "/patternProperties/[", '"[" is not a regular expression'),
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


@pytest.mark.parametrize(("document", "pointer", "said"), REFUSED)
def test_a_document_that_says_what_it_cannot_mean(refusal, document, pointer, said):
    message = refusal(document)
    assert message.startswith(f"document at {pointer}: " if pointer else "document: ")
    assert said in message


def test_the_file_that_is_wrong_is_named_even_when_it_is_a_component(tmp_path, refusal):
    path = tmp_path / "city.json"
    path.write_text(json.dumps({"name": "City", "type": "object", "properties": {"zip": {"type": "zip"}}}))
    message = refusal({"$ref": "#/components/schemas/City"}, [path])
    assert message.startswith(f'{path} at /properties/zip/type: unknown type "zip"')


def test_a_component_given_as_a_dict_is_called_by_its_number(refusal):
    components = [{"name": "Town"}, {"name": "City", "type": "city"}]
    assert refusal({"$ref": "#/definitions/City"}, components).startswith('component 2 at /type: unknown type "city"')


def test_a_name_that_no_component_has_is_told_with_the_names_that_there_are(refusal):
    message = refusal({"$ref": "#/components/schemas/Citty"}, [{"name": "City"}, {"name": "Town"}])
    assert message == (
        'document at /$ref: "#/components/schemas/Citty" does not resolve: the given components are City, Town; '
        'did you mean "City"?; pass the document named "Citty" as a component'
    )


def test_components_of_one_name_that_differ_are_told(tmp_path, refusal):
    for file, kind in (("a.json", "string"), ("b.json", "int8")):
        (tmp_path / file).write_text(json.dumps({"name": "City", "type": kind}))
    message = refusal({"$ref": "#/components/schemas/City"}, [tmp_path])
    assert f"could lead to several documents that differ: {tmp_path / 'a.json'}, {tmp_path / 'b.json'}" in message
    assert message.endswith("pass only one")


def test_what_the_document_holds_cannot_break_the_line(refusal):
    message = refusal({"properties": {"a\r\n\x1b[31m\u2028": {"type": "x\ny"}}})
    assert "/properties/a\\r\\n\\u001b[31m\\u2028/type" in message
