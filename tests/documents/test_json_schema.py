"""How JSON Schema is lowered: 2020-12 stays as it is, draft-07 keeps its meaning in other words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator

from contractfuzz import Contract, ContractError

DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_2020_12 = "https://json-schema.org/draft/2020-12/schema"


def test_what_2020_12_says_stays_as_it_is_but_for_identity_and_definitions(assert_whole):
    said = {
        "description": "All sorts of keywords.",
        "type": ["object", "null"],
        "properties": {
            "a": {"type": "array", "prefixItems": [True], "items": False, "contains": {"const": 1}, "minContains": 0},
            "b": {"type": "string", "pattern": "^x", "minLength": 1, "format": "uri", "contentEncoding": "base64"},
            "c": {"type": "number", "multipleOf": 0.5, "exclusiveMinimum": 0, "examples": [1]},
            "d": {"not": {"enum": [1, None]}, "if": {"minimum": 0}, "then": {"maximum": 9}, "else": True},
        },
        "patternProperties": {"^x-": {"anyOf": [{"type": "string"}, {"type": "integer"}]}},
        "propertyNames": {"maxLength": 9},
        "dependentRequired": {"a": ["b"]},
        "dependentSchemas": {"b": {"minProperties": 2}},
        "required": ["a"],
        "unevaluatedProperties": False,
        "x-ours": {"any": "thing"},
    }
    of_itself = {"$id": "https://example.org/it", "$defs": {"unused": True}, "$anchor": "it", "$vocabulary": {}}
    lowered = Contract.load({"$schema": DRAFT_2020_12, **of_itself, **said}).schema
    assert_whole(lowered)
    assert lowered == {"$schema": DRAFT_2020_12, "title": "document", **said}


def test_a_schema_of_draft_7_is_said_in_the_words_of_2020_12(assert_whole):
    lowered = Contract.load(
        {
            "$schema": DRAFT_7,
            "properties": {"one": {"$ref": "#/definitions/one", "maxLength": 3}},
            "items": [{"type": "string"}],
            "additionalItems": {"type": "integer"},
            "dependencies": {"a": ["b"], "c": {"required": ["d"]}},
            "prefixItems": [False],
            "definitions": {"one": {"type": "string"}},
        }
    ).schema
    assert_whole(lowered)
    assert lowered == {
        "$schema": DRAFT_2020_12,
        "title": "document",
        "properties": {"one": {"$ref": "#/$defs/one"}},
        "prefixItems": [{"type": "string"}],
        "items": {"type": "integer"},
        "dependentRequired": {"a": ["b"]},
        "dependentSchemas": {"c": {"required": ["d"]}},
        "$defs": {"one": {"type": "string"}},
    }


def test_a_document_without_a_schema_is_of_2020_12():
    assert Contract.load({"prefixItems": [{"type": "null"}]}).is_valid([1]) is False


# --- the same verdict on every payload ----------------------------------------------------------------------------------

NAMES = ("a", "b", "$ref")
scalars = st.sampled_from([None, True, 0, 1, 5, 1.5, "", "x", "xyz"])
payloads = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=8,
)

STRING = {"type": "string"}
DRAFT_7_DOCUMENTS = {
    "what stands beside a reference is passed over": {
        "properties": {"a": {"$ref": "#/definitions/s", "minLength": 2, "enum": ["x"]}, "b": {"minLength": 2}},
        "definitions": {"s": STRING},
    },
    "even at the root": {
        "$ref": "#/definitions/s",
        "type": "object",
        "definitions": {"s": {"type": ["array", "string"]}},
    },
    "a property may be called $ref": {"properties": {"$ref": STRING}, "required": ["$ref"], "minProperties": 2},
    "a list of items": {"items": [STRING, {"type": "integer"}]},
    "a list of items and no others": {"items": [STRING, {"type": "integer"}], "additionalItems": False},
    "a list of items and others": {"items": [STRING], "additionalItems": {"type": "integer"}},
    "others without a list of items": {"items": STRING, "additionalItems": False},
    "others without items": {"additionalItems": False},
    "dependencies of both kinds": {"dependencies": {"a": ["b"], "b": {"maxProperties": 2}, "$ref": False, "c": []}},
    "words that draft-07 does not know": {
        "prefixItems": [STRING],
        "contains": {"type": "integer"},
        "minContains": 2,
        "maxContains": 2,
        "dependentRequired": {"a": ["b"]},
        "dependentSchemas": {"a": False},
        "unevaluatedItems": False,
        "unevaluatedProperties": False,
    },
    "a circle that ends": {
        "type": ["object", "null", "array"],
        "additionalProperties": {"$ref": "#"},
        "items": [{"$ref": "#/definitions/n"}],
        "definitions": {"n": {"items": {"$ref": "#"}, "not": {"type": "string"}}},
    },
    "identities within": {
        "items": {"$ref": "other.json#/definitions/s"},
        "properties": {"a": {"$ref": "#anchored"}, "b": {"$id": "https://nowhere.example/", "$ref": "#/definitions/n"}},
        "definitions": {
            "n": {"$id": "#anchored", "type": "integer"},
            "o": {"$id": "other.json", "definitions": {"s": STRING, "n": {"type": "null"}}},
        },
        "$id": "https://example.org/it.json",
    },
}


@pytest.mark.parametrize("document", DRAFT_7_DOCUMENTS.values(), ids=DRAFT_7_DOCUMENTS)
def test_a_draft_7_document_judges_as_it_did(document):
    original = Draft7Validator({"$schema": DRAFT_7, **document})
    lowered = Draft202012Validator(Contract.load({"$schema": DRAFT_7, **document}).schema)

    @given(payloads)
    def judged_alike(payload):
        assert lowered.is_valid(payload) == original.is_valid(payload)

    judged_alike()


def documents(draft):
    """Return the strategy of documents in all that means other things in the two drafts, or that leads to references."""
    targets = ["#", "#/definitions/a", "#/definitions/b"]
    identities = {"a": {}, "b": {}}
    if draft == DRAFT_2020_12:  # of draft-07, jsonschema itself stumbles over identities beside lists in `dependencies`
        targets += ["#anchor", "b.json"]
        identities = {"a": {"$anchor": "anchor"}, "b": {"$id": "b.json"}}
    objects = st.deferred(lambda: references | some_of(keywords))
    schemas = st.booleans() | objects
    references = st.fixed_dictionaries({"$ref": st.sampled_from(targets)})
    some = st.lists(schemas, min_size=1, max_size=2)
    names = st.lists(st.sampled_from(NAMES), max_size=2, unique=True)
    keywords = {
        "$ref": st.sampled_from(targets),
        "type": st.sampled_from(["string", "integer", "object", ["array", "null"], ["object", "string"]]),
        # jsonschema itself stumbles over plain true or false beside `additionalItems`.
        "items": objects | some if draft == DRAFT_7 else schemas,
        "prefixItems": some,
        "additionalItems": schemas,
        "contains": schemas,
        "minContains": st.integers(0, 2),
        "properties": st.dictionaries(st.sampled_from(NAMES), schemas, min_size=1, max_size=2),
        "patternProperties": st.dictionaries(st.sampled_from(["^[ab]", "x"]), schemas, min_size=1, max_size=2),
        "additionalProperties": schemas,
        "unevaluatedProperties": schemas,
        "required": names,
        "dependentRequired": st.dictionaries(st.sampled_from(NAMES), names, max_size=2),
        "anyOf": some,
        "allOf": some,
        "oneOf": some,
        "not": schemas,
        "if": schemas,
        "then": schemas,
        "const": scalars,
        "maxLength": st.integers(0, 2),
    }
    if draft == DRAFT_7:
        keywords["dependencies"] = st.dictionaries(st.sampled_from(NAMES), schemas | names, min_size=1, max_size=2)
    definitions = st.fixed_dictionaries({name: some_of(keywords, **said) for name, said in identities.items()})
    return definitions.flatmap(lambda both: some_of(keywords, **{"$schema": draft, "definitions": both}))


def some_of(keywords, **always):
    chosen = st.lists(st.sampled_from(sorted(keywords)), min_size=1, max_size=3, unique=True)
    return chosen.flatmap(
        lambda some: st.fixed_dictionaries(
            {name: st.just(value) for name, value in always.items()} | {name: keywords[name] for name in some}
        )
    )


@pytest.mark.parametrize(
    ("draft", "validator"), [(DRAFT_7, Draft7Validator), (DRAFT_2020_12, Draft202012Validator)], ids=["7", "2020-12"]
)
def test_any_document_judges_as_it_did(draft, validator, assert_whole):
    @given(documents(draft), st.lists(payloads, min_size=3, max_size=6))
    def judged_alike(document, several):
        try:
            lowered = Contract.load(document).schema
        except ContractError:
            return  # its references lead nowhere or never end
        assert_whole(lowered)
        for payload in several:
            assert Draft202012Validator(lowered).is_valid(payload) == validator(document).is_valid(payload)

    judged_alike()
