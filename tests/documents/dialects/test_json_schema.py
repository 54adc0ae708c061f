"""Lowering of JSON Schema: 2020-12 stays as it is, older drafts keep their meaning in the keywords of 2020-12."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator
from jsonschema.validators import validator_for

from contractfuzz import Contract, ContractError

DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_2020_12 = "https://json-schema.org/draft/2020-12/schema"


def test_a_schema_of_2020_12_is_unchanged_but_for_metadata(assert_self_contained):
    keywords = {
        "description": "Keywords of all kinds.",
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
    metadata = {"$id": "https://example.org/it", "$defs": {"unused": True}, "$anchor": "it", "$vocabulary": {}}
    lowered = Contract.load({"$schema": DRAFT_2020_12, **metadata, **keywords}).schema
    assert_self_contained(lowered)
    assert lowered == {"$schema": DRAFT_2020_12, "title": "document", **keywords}


def test_a_schema_of_draft_7_becomes_one_of_2020_12(assert_self_contained):
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
    assert_self_contained(lowered)
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


def test_a_document_without_a_dialect_is_2020_12():
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
    "keywords next to a reference are ignored": {
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
    "keywords that draft-07 does not know": {
        "prefixItems": [STRING],
        "contains": {"type": "integer"},
        "minContains": 2,
        "maxContains": 2,
        "dependentRequired": {"a": ["b"]},
        "dependentSchemas": {"a": False},
        "unevaluatedItems": False,
        "unevaluatedProperties": False,
    },
    "a satisfiable loop": {
        "type": ["object", "null", "array"],
        "additionalProperties": {"$ref": "#"},
        "items": [{"$ref": "#/definitions/n"}],
        "definitions": {"n": {"items": {"$ref": "#"}, "not": {"type": "string"}}},
    },
    "schemas with ids": {
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
def test_a_draft_7_document_gives_the_same_verdicts_when_lowered(document):
    original = Draft7Validator({"$schema": DRAFT_7, **document})
    lowered = Draft202012Validator(Contract.load({"$schema": DRAFT_7, **document}).schema)

    @given(payloads)
    def verdicts_are_equal(payload):
        assert lowered.is_valid(payload) == original.is_valid(payload)

    verdicts_are_equal()


def documents(draft):
    """Return a strategy of documents with the keywords that the two drafts read differently, and with references."""
    targets = ["#", "#/definitions/a", "#/definitions/b"]
    identities = {"a": {}, "b": {}}
    if draft == DRAFT_2020_12:  # in draft-07, jsonschema fails on ids next to lists in `dependencies`
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
        # jsonschema fails on a boolean `items` next to `additionalItems`.
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
    definitions = st.fixed_dictionaries({name: some_of(keywords, **identity) for name, identity in identities.items()})
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
def test_any_document_gives_the_same_verdicts_when_lowered(draft, validator, assert_self_contained):
    loaded = Counter()

    @given(documents(draft), st.lists(payloads, min_size=3, max_size=6))
    def verdicts_are_equal(document, several):
        try:
            lowered = Contract.load(document).schema
        except ContractError:  # its references do not resolve or are in a loop
            loaded[False] += 1
            return
        loaded[True] += 1
        assert_self_contained(lowered)
        for payload in several:
            assert Draft202012Validator(lowered).is_valid(payload) == validator(document).is_valid(payload)

    verdicts_are_equal()
    assert 4 * loaded[True] >= loaded[False] > 0, loaded


# --- all drafts ---------------------------------------------------------------------------------------------------------

DRAFT = {
    "draft-04": "http://json-schema.org/draft-04/schema#",
    "draft-06": "http://json-schema.org/draft-06/schema#",
    "draft-07": "http://json-schema.org/draft-07/schema#",
    "2019-09": "https://json-schema.org/draft/2019-09/schema",
    "2020-12": "https://json-schema.org/draft/2020-12/schema",
}
OLD = ["draft-04", "draft-06", "draft-07"]
READINGS = [
    (OLD[:1], {"minimum": 3, "exclusiveMinimum": True}, [4], [3]),
    (OLD[:1], {"maximum": 3, "exclusiveMaximum": False}, [3], [4]),
    (OLD[:1], {"const": 1, "propertyNames": False, "contains": {"type": "null"}}, [2, {"a": 1}, []], []),
    (OLD[1:], {"exclusiveMinimum": 3}, [4], [3]),
    (OLD[1:], {"const": 1}, [1], [2]),
    (OLD[:2], {"if": {"const": 1}, "then": False}, [1, 2], []),
    (["draft-07", "2019-09", "2020-12"], {"if": {"const": 1}, "then": False}, [2], [1]),
    ([*OLD, "2019-09"], {"items": [{"type": "null"}], "additionalItems": False}, [[], [None]], [[1], [None, None]]),
    ([*OLD, "2019-09"], {"items": {"type": "null"}, "additionalItems": False}, [[None, None]], [[1]]),
    ([*OLD, "2019-09"], {"prefixItems": [{"type": "null"}]}, [[1]], []),
    (OLD, {"dependencies": {"a": ["b"]}}, [{}, {"a": 1, "b": 1}], [{"a": 1}]),
    (OLD, {"dependentRequired": {"a": ["b"]}}, [{"a": 1}], []),
    (["2019-09", "2020-12"], {"dependentRequired": {"a": ["b"]}}, [{"b": 1}], [{"a": 1}]),
    (OLD, {"$ref": "#/definitions/a", "maxLength": 1, "definitions": {"a": {"type": "string"}}}, ["xx"], [1]),
    (["2019-09"], {"$ref": "#/$defs/a", "maxLength": 1, "$defs": {"a": {"type": "string"}}}, ["x"], [1, "xx"]),
    (["draft-04"], {"items": {"$ref": "#a"}, "definitions": {"a": {"id": "#a", "type": "null"}}}, [[None]], [[1]]),
]


@pytest.mark.parametrize(
    ("draft", "schema", "valid", "invalid"),
    [pytest.param(draft, *rest, id=f"{draft} {list(rest[0])}") for drafts, *rest in READINGS for draft in drafts],
)
def test_each_draft_reads_a_schema_in_its_own_way(draft, schema, valid, invalid, judge):
    document = {"$schema": DRAFT[draft], **schema}
    for contract in (Contract.load(document), Contract.load(schema, dialect=draft)):
        assert [payload for payload in valid if not contract.is_valid(payload)] == []
        assert [payload for payload in invalid if contract.is_valid(payload)] == []
    assert [payload for payload in valid if not judge(document).is_valid(payload)] == []
    assert [payload for payload in invalid if judge(document).is_valid(payload)] == []


@pytest.fixture
def judge():
    """Return the validator of a schema's own draft."""
    return lambda schema: validator_for(schema)(schema)


# --- what documents do that the drafts do not ask for --------------------------------------------------------------------


@pytest.mark.parametrize("draft", ["2019-09", "2020-12"])
def test_dependencies_apply_along_with_their_replacements(draft):
    schema = {
        "$schema": DRAFT[draft],
        "dependencies": {"a": ["b"], "c": {"required": ["d"]}},
        "dependentRequired": {"a": ["e"]},
        "dependentSchemas": {"c": {"required": ["f"]}},
    }
    contract = Contract.load(schema)
    valid = [{}, {"a": 1, "b": 1, "e": 1}, {"c": 1, "d": 1, "f": 1}]
    invalid = [{"a": 1, "b": 1}, {"a": 1, "e": 1}, {"c": 1, "d": 1}, {"c": 1, "f": 1}]
    assert [contract.is_valid(payload) for payload in [*valid, *invalid]] == [True] * 3 + [False] * 4


@pytest.mark.parametrize("draft", DRAFT)
def test_a_name_twice_in_required_counts_once(draft):
    contract = Contract.load({"$schema": DRAFT[draft], "type": "object", "required": ["a", "b", "a"]})
    assert contract.schema["required"] == ["a", "b"]
    missing = [violation for violation in contract.violations() if violation.keyword == "required"]
    assert [violation.location for violation in missing] == ["/a", "/b"]


def test_lists_of_items_without_a_schema_uri_are_read_as_up_to_2019_09():
    first, rest = {"type": "string"}, {"type": "integer"}
    contract = Contract.load({"properties": {"a": {"items": [first], "additionalItems": rest}, "b": {"items": rest}}})
    assert contract.is_valid({"a": ["x", 1, 2], "b": [1, 2]})
    assert not any(map(contract.is_valid, ({"a": [1]}, {"a": ["x", "y"]}, {"b": ["x"]})))


def test_other_keywords_next_to_lists_of_items_keep_their_meaning():
    document = {
        "items": [{"$ref": "#/$defs/a", "maxLength": 1}],
        "dependentRequired": {"a": ["b"]},
        "$defs": {"a": {"type": "string"}},
    }
    contract = Contract.load(document)
    assert [contract.is_valid(payload) for payload in (["x"], ["xx"], [1], {"a": 1})] == [True, False, False, False]


# --- formats ------------------------------------------------------------------------------------------------------------

FORMATS = {
    "draft-04": {"date-time", "email", "hostname", "ipv4", "ipv6", "uri"},
    "draft-06": {"json-pointer", "uri-reference"},
    "draft-07": {"date", "time", "regex", "idn-email", "relative-json-pointer"},
    "2019-09": {"duration", "uuid"},
    "2020-12": set(),
}
NO_FORMAT = "\\ (no.\n format"


@pytest.mark.parametrize("draft", DRAFT)
def test_a_format_is_asserted_from_the_draft_that_defines_it(draft):
    drafts = list(FORMATS)
    for since, names in FORMATS.items():
        for name in names:
            contract = Contract.load({"$schema": DRAFT[draft], "type": "string", "format": name})
            assert contract.is_valid(NO_FORMAT) == (drafts.index(draft) < drafts.index(since)), name
            assert all(contract.is_valid(case.payload) for case in contract.sample(10))
            assert not any(contract.is_valid(case.payload) for case in contract.sample(20, "invalid"))


def test_openapi_asserts_the_formats_of_its_registry():
    schema = {"type": "string", "format": "uuid"}
    for version in (
        {"swagger": "2.0", "definitions": {"It": schema}},
        {"openapi": "3.0.3", "components": {"schemas": {"It": schema}}},
    ):
        assert not Contract.load(version).is_valid("no uuid")
