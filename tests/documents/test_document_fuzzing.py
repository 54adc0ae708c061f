"""No document, however broken, brings anything but a ContractError of one line out of the loader."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hubspot_strategies
from contractfuzz import Contract, ContractError
from contractfuzz.documents.dialects.structure_types import OPENAPI_TYPES
from contractfuzz.documents.keywords import METADATA

FOLDER = Path(hubspot_strategies.__file__).parent / "documents"
COMPONENTS = [json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))]
[PUBLISHED] = [document for document in COMPONENTS if document["name"] == "BatchAssociationResponse"]

LANGUAGES = [
    "https://json-structure.org/meta/core/v0/#",
    "https://json-structure.org/draft/2020-12/schema",
    "https://json-structure.org/meta/validation/v0/#",
    "http://json-schema.org/draft-04/schema#",
    "http://json-schema.org/draft-06/schema#",
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2020-12/schema",
]
KEYWORDS = [
    *sorted(METADATA - {"$schema"}),
    *(
        "$ref",
        "$root",
        "$extends",
        "$dynamicRef",
        "$recursiveRef",
        "name",
        "title",
        "description",
        "example",
        "examples",
    ),
    *("type", "enum", "const", "default", "format", "pattern", "minLength", "maxLength", "contentEncoding"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "precision"),
    *("items", "prefixItems", "additionalItems", "contains", "minContains", "minItems", "maxItems", "uniqueItems"),
    *("properties", "patternProperties", "additionalProperties", "propertyNames", "minProperties", "required"),
    *("dependencies", "dependentRequired", "dependentSchemas", "unevaluatedItems", "unevaluatedProperties"),
    *("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "values", "tuple", "choices", "deprecated", "unit"),
    *("selector", "scale", "has", "keyNames", "patternKeys", "minEntries", "maxEntries", "abstract", "nullable"),
    *("$import", "$importdefs", "contentCompression", "discriminator"),
]
REFERENCES = [
    *(
        "#",
        "#/",
        "#/items",
        "#/properties/a",
        "#/$defs/a",
        "#/definitions/a",
        "#/allOf/0",
        "#/allOf/-1",
        "#a",
        "#%ff",
        "a",
    ),
    *(
        "",
        "b.json",
        "https://example.org/",
        "http://[",
        "urn:x",
        "#/components/schemas/Paging",
        "Paging#/properties/next",
    ),
]

junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["string", "\ud800", 10**400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(["a", "b", "", "/~", "$ref", "^a", "(", "\n"])
likely = st.deferred(
    lambda: (
        keyworded
        | st.booleans()
        | st.sampled_from([*OPENAPI_TYPES, *REFERENCES])
        | st.integers(-1, 3)
        | st.lists(likely | names, max_size=3)
        | st.dictionaries(names, likely, max_size=3)
        | junk
    )
)
keyworded = st.dictionaries(st.sampled_from(KEYWORDS), likely, max_size=4)
references = st.fixed_dictionaries({"$ref": st.sampled_from(REFERENCES)})


def shaped(schemas):
    """Return the strategy of schemas in which most keywords have the shape that they ask for."""
    some = st.lists(schemas, min_size=1, max_size=2)
    named = st.dictionaries(names, schemas, max_size=2)
    shape = {
        **dict.fromkeys(("$defs", "definitions", "properties", "patternProperties", "dependentSchemas"), named),
        **dict.fromkeys(("choices", "patternKeys"), named),
        **dict.fromkeys(("has", "keyNames"), schemas),
        **dict.fromkeys(("$extends", "$import", "$importdefs"), st.sampled_from(REFERENCES)),
        **dict.fromkeys(("precision", "scale", "maxEntries"), st.integers(0, 3)),
        **dict.fromkeys(("minimum", "exclusiveMaximum"), st.sampled_from([0, 1.5, "0", "-1.50", True])),
        "selector": names,
        "abstract": st.booleans(),
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), some),
        **dict.fromkeys(("items", "additionalProperties", "values", "contains", "not", "if", "then", "$root"), schemas),
        "type": st.sampled_from([*OPENAPI_TYPES]) | st.lists(st.sampled_from([*OPENAPI_TYPES]) | references),
        "required": st.lists(names, max_size=2),
        "minItems": st.integers(0, 2),
    }
    chosen = st.lists(st.sampled_from(sorted(shape)), max_size=4, unique=True)
    return chosen.flatmap(lambda some: st.fixed_dictionaries({keyword: shape[keyword] for keyword in some}))


mostly_right = st.recursive(references | keyworded, shaped, max_leaves=10)


@pytest.fixture(scope="module")
def load_or_be_told(assert_whole):
    """Load a document; where that fails, it must be told as it should be, and where not, the contract must be whole."""

    def load(document, components=()):
        try:
            schema = Contract.load(document, components).schema
        except ContractError as error:
            message = str(error)
        else:
            assert_whole(schema)
            return
        assert message.isprintable()

    return load


@given(document=junk)
def test_any_json_value(load_or_be_told, document):
    load_or_be_told(document)


@given(document=keyworded, language=st.sampled_from(LANGUAGES) | junk)
def test_any_object_of_keywords(load_or_be_told, document, language):
    load_or_be_told(document)
    load_or_be_told({"$schema": language, **document})


@given(document=mostly_right, component=mostly_right, language=st.sampled_from(LANGUAGES))
def test_any_two_documents_that_are_nearly_right(load_or_be_told, document, component, language):
    components = [{"name": "a", **component}, {"$schema": language, "name": "Paging", **component}]
    load_or_be_told({"$schema": language, **document}, components)


@given(schema=mostly_right, other=mostly_right | junk, version=st.sampled_from(["3.0.3", "3.1.0"]) | junk)
def test_any_openapi_file_that_is_nearly_right(load_or_be_told, schema, other, version):
    file = {"openapi": version, "components": {"schemas": {"Paging": schema, "a": other}}}
    load_or_be_told(file)
    load_or_be_told({**file, "components": {"schemas": {"Paging": schema}}})
    load_or_be_told({"name": "b", **schema}, [file])


def places(value, way=()):
    """Yield the way to every value within a JSON value."""
    yield way
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in children:
        yield from places(child, (*way, step))


@given(
    way=st.sampled_from([way for way in places(PUBLISHED) if way]),
    value=likely,
)
def test_the_published_document_with_one_value_replaced(load_or_be_told, way, value):
    document = copy.deepcopy(PUBLISHED)
    *inner, last = way
    parent = document
    for step in inner:
        parent = parent[step]
    parent[last] = value
    load_or_be_told(document, COMPONENTS)


@given(
    at=st.integers(0, 2000),
    cut=st.integers(0, 20),
    inserted=st.binary(max_size=4) | st.sampled_from([b'"', b"{", b"}"]),
)
def test_the_published_file_with_some_bytes_replaced(load_or_be_told, tmp_path_factory, at, cut, inserted):
    path = tmp_path_factory.getbasetemp() / "mutated.json"
    raw = (FOLDER / "batch-association-response.structure.json").read_bytes()
    path.write_bytes(raw[:at] + inserted + raw[at + cut :])
    load_or_be_told(path, FOLDER)
