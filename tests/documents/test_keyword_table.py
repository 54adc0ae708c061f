"""The table of keywords, compared with the metaschemas of jsonschema; and merges, compared with validation."""

import itertools

import pytest
from jsonschema import Draft202012Validator
from jsonschema_specifications import REGISTRY

from contractfuzz import ContractError
from contractfuzz.documents.keywords import (
    ANNOTATIONS,
    KEYWORDS,
    KEYWORDS_BY_TYPE,
    METADATA,
    Applicator,
    Draft,
    keywords_after,
)

METASCHEMAS = {
    Draft.DRAFT_4: ["http://json-schema.org/draft-04/schema#"],
    Draft.DRAFT_6: ["http://json-schema.org/draft-06/schema#"],
    Draft.DRAFT_7: ["http://json-schema.org/draft-07/schema#"],
    Draft.DRAFT_2019_09: [
        f"https://json-schema.org/draft/2019-09/meta/{name}"
        for name in ("core", "applicator", "validation", "meta-data", "format", "content")
    ],
    Draft.DRAFT_2020_12: [
        f"https://json-schema.org/draft/2020-12/meta/{name}"
        for name in ("core", "applicator", "unevaluated", "validation", "meta-data", "format-annotation", "content")
    ],
}

NOT_IN_METASCHEMA = {
    Draft.DRAFT_4: {"$comment", "$ref"},
    Draft.DRAFT_6: {"$comment"},
    Draft.DRAFT_7: {"writeOnly"},
    Draft.DRAFT_2019_09: {"definitions"},
    Draft.DRAFT_2020_12: {"definitions"},
}
"""Keywords that the table has for a draft, although its metaschema does not list them."""

NOT_IN_TABLE = {
    Draft.DRAFT_4: {"id"},  # Dialect.id_keyword
    Draft.DRAFT_6: set(),
    Draft.DRAFT_7: set(),
    Draft.DRAFT_2019_09: set(),
    Draft.DRAFT_2020_12: set(),
}


@pytest.mark.parametrize("draft", Draft)
def test_the_table_has_the_keywords_of_each_metaschema(draft):
    listed = {keyword for uri in METASCHEMAS[draft] for keyword in REGISTRY[uri].contents["properties"]}
    in_table = {row.name for row in KEYWORDS.values() if row.since is not None and row.since <= draft <= row.until}
    assert in_table - NOT_IN_METASCHEMA[draft] == listed - NOT_IN_TABLE[draft]


def test_a_draft_ignores_the_keywords_of_later_drafts_only():
    assert keywords_after(Draft.DRAFT_2020_12) == frozenset()
    assert keywords_after(Draft.DRAFT_2019_09) == {"prefixItems", "$dynamicRef"}
    assert keywords_after(Draft.DRAFT_4) > keywords_after(Draft.DRAFT_6) > keywords_after(Draft.DRAFT_7)
    assert METADATA.isdisjoint(keywords_after(Draft.DRAFT_4))


def test_a_keyword_of_a_type_has_no_effect_on_other_types():
    values = {"object": {"a": 1}, "array": [1, "x"], "string": "x", "number": 1.5}
    examples = {"properties": {"a": False}, "items": False, "pattern": "y", "maximum": 1, "required": ["b"]}
    for keyword, (type_name, value) in itertools.product(examples, values.items()):
        is_valid = Draft202012Validator({keyword: examples[keyword]}).is_valid(value)
        assert is_valid is (keyword not in KEYWORDS_BY_TYPE[type_name]), (keyword, value)


@pytest.mark.parametrize("keyword", sorted(ANNOTATIONS))
def test_no_payload_violates_an_annotation(keyword):
    value = {"examples": [1], "deprecated": True, "readOnly": True, "writeOnly": True}.get(keyword, "text")
    validator = Draft202012Validator({keyword: value})
    assert all(map(validator.is_valid, [None, True, 1, "x", [], {}]))


# --- merges -------------------------------------------------------------------------------------------------------------

VALUES = [
    *(None, True, 0, 1, 2, 3, 4, 1.5, "", "a", "ab", "abc", "abcd"),
    *([], [1], [1, 1], ["a"], [1, "a"], [1, 2, 3], [1, 2, 3, 4]),
    *({}, {"a": 1}, {"b": 1}, {"a": 1, "b": 1}, {"a": "x"}, {"a": 1, "b": 1, "c": 1}, {"ab": "x", "b": 2}),
]
SCHEMAS = [{"type": "integer"}, {"type": "string"}, {"minLength": 2}]
MERGED = {
    "type": ["integer", "number", ["string", "integer"], ["number", "null", "string"]],
    "enum": [[1, "a", None], ["a", 2, 1], [None, "a"]],
    "items": SCHEMAS,
    "additionalProperties": [*SCHEMAS, False],
    "propertyNames": SCHEMAS,
    "properties": [{"a": schema} for schema in SCHEMAS] + [{"b": {"type": "integer"}}],
    "patternProperties": [{"^a": {"type": "integer"}}, {"^a": {"type": "string"}}, {"b": {"type": "string"}}],
    "dependentSchemas": [{"a": {"required": ["b"]}}, {"a": {"maxProperties": 2}}, {"b": {"required": ["a"]}}],
    "dependentRequired": [{"a": ["b"]}, {"a": ["c"], "b": ["a"]}, {"b": []}],
    "required": [["a"], ["b", "a"], []],
    "uniqueItems": [True, False],
    **dict.fromkeys(("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"), (1, 2, 3.5)),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), (1, 2, 3)),
}
"""Values of each keyword that is merged."""


def test_every_merge_is_tested():
    assert {row.name for row in KEYWORDS.values() if row.merge} == {*MERGED, "examples"}


@pytest.mark.parametrize("keyword", MERGED)
def test_a_merged_value_allows_what_both_values_allow(keyword):
    allowed, forbidden = set(), set()
    for one, other in itertools.product(MERGED[keyword], repeat=2):
        merged = Draft202012Validator({keyword: KEYWORDS[keyword].merge(one, other)})
        both = Draft202012Validator({"allOf": [{keyword: one}, {keyword: other}]})
        for value in VALUES:
            assert merged.is_valid(value) == both.is_valid(value), (one, other, value)
            (allowed if both.is_valid(value) else forbidden).add(repr(value))
    assert allowed
    assert forbidden


def test_types_that_no_payload_has_cannot_be_merged():
    with pytest.raises(ContractError, match="allOf asks for the types 'string' and 'integer' at once"):
        KEYWORDS["type"].merge("string", "integer")


def test_a_keyword_that_holds_schemas_has_no_reader():
    rows = [row for row in KEYWORDS.values() if row.applicator is not Applicator.NONE]
    assert len(rows) > 20
    assert [row.name for row in rows if row.read is not None] == []
