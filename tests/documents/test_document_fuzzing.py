"""Broken documents: loading raises a ContractError of one line, and never anything else."""

import copy
import json
from collections import Counter
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

SCHEMA_URIS = [
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
    """Return a strategy of schemas in which most keywords have values of the right shape."""
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
def load(assert_self_contained):
    """Return a function that loads a document, checks its schema or its error, and returns True if it loaded."""

    def load_and_check(document, components=()):
        try:
            schema = Contract.load(document, components).schema
        except ContractError as error:
            schema, message = None, str(error)
        if schema is None:
            assert message.isprintable()
        else:
            assert_self_contained(schema)
        return schema is not None

    return load_and_check


@given(document=junk)
def test_any_json_value(load, document):
    load(document)


@given(document=keyworded, schema_uri=st.sampled_from(SCHEMA_URIS) | junk)
def test_any_object_of_keywords(load, document, schema_uri):
    load(document)
    load({"$schema": schema_uri, **document})


def test_any_two_documents_that_are_nearly_right(load):
    loaded = Counter()

    @given(document=mostly_right, component=mostly_right, schema_uri=st.sampled_from(SCHEMA_URIS))
    def check(document, component, schema_uri):
        components = [{"name": "a", **component}, {"$schema": schema_uri, "name": "Paging", **component}]
        loaded[load({"$schema": schema_uri, **document}, components)] += 1

    check()
    assert min(loaded[True], loaded[False]) >= 5, loaded


def test_any_openapi_file_that_is_nearly_right(load):
    loaded = Counter()

    @given(schema=mostly_right, other=mostly_right | junk, version=st.sampled_from(["3.0.3", "3.1.0"]) | junk)
    def check(schema, other, version):
        file = {"openapi": version, "components": {"schemas": {"Paging": schema, "a": other}}}
        load(file)
        loaded[load({**file, "components": {"schemas": {"Paging": schema}}})] += 1
        loaded[load({"name": "b", **schema}, [file])] += 1

    check()
    assert min(loaded[True], loaded[False]) >= 5, loaded


def locations(value, steps=()):
    """Yield the steps to every value within a JSON value."""
    yield steps
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, child in children:
        yield from locations(child, (*steps, step))


@given(
    steps=st.sampled_from([steps for steps in locations(PUBLISHED) if steps]),
    value=likely,
)
def test_the_published_document_with_one_value_replaced(load, steps, value):
    document = copy.deepcopy(PUBLISHED)
    *inner, last = steps
    parent = document
    for step in inner:
        parent = parent[step]
    parent[last] = value
    load(document, COMPONENTS)


@given(
    at=st.integers(0, 2000),
    cut=st.integers(0, 20),
    inserted=st.binary(max_size=4) | st.sampled_from([b'"', b"{", b"}"]),
)
def test_the_published_file_with_some_bytes_replaced(load, tmp_path_factory, at, cut, inserted):
    path = tmp_path_factory.getbasetemp() / "mutated.json"
    raw = (FOLDER / "batch-association-response.structure.json").read_bytes()
    path.write_bytes(raw[:at] + inserted + raw[at + cut :])
    load(path, FOLDER)
