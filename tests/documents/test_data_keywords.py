"""Values of `const`, `enum`, `default` and `examples` are data, not schemas, even if they look like schemas."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema.validators import validator_for

from contractfuzz import Contract

URI = "https://example.org/types/it"
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFT_2020_12 = "https://json-schema.org/draft/2020-12/schema"
ANCHORS = {DRAFT_7: {"$id": "#it"}, DRAFT_2020_12: {"$anchor": "it"}}


def in_data(value):
    """Return a strategy of schemas that hold a value as data."""
    keywords = st.sampled_from(["const", "default", "enum", "examples"])
    return keywords.map(lambda keyword: {keyword: [value] if keyword in ("enum", "examples") else value})


@pytest.mark.parametrize(
    ("draft", "definitions"), [(DRAFT_7, "definitions"), (DRAFT_2020_12, "definitions"), (DRAFT_2020_12, "$defs")]
)
def test_an_id_or_anchor_in_data_is_never_indexed(draft, definitions):
    seen = Counter()

    @given(st.data())
    def verdicts_are_those_of_the_validator(data):
        identity, reference = data.draw(st.sampled_from([({"$id": URI}, URI), (ANCHORS[draft], "#it")]))
        decoy = data.draw(in_data({**identity, "type": "null"}) | in_data({"inner": {**identity, "type": "null"}}))
        named = [("decoy", decoy), ("real", {**identity, "type": "string"}), ("other", data.draw(in_data(identity)))]
        document = {
            "$schema": draft,
            "properties": {"p": {"$ref": reference}},
            definitions: dict(data.draw(st.permutations(named))),
        }
        seen[next(iter(decoy))] += 1
        contract, judge = Contract.load(document), validator_for(document)(document)
        for payload in ({"p": "text"}, {"p": None}):
            assert contract.is_valid(payload) == judge.is_valid(payload) == (payload["p"] == "text")

    verdicts_are_those_of_the_validator()
    assert len(seen) == 4


@pytest.mark.parametrize(
    "value", [{"$ref": "#/nowhere"}, {"$ref": "#"}, {"$id": URI, "$anchor": "a"}, {"type": "none"}]
)
def test_data_is_neither_resolved_nor_rewritten(value):
    document = {"anyOf": [{"const": value}, {"enum": [value, 1]}], "default": value, "examples": [value]}
    contract = Contract.load({"$schema": DRAFT_2020_12, **document})
    assert {keyword: contract.schema[keyword] for keyword in document} == document
    assert contract.is_valid(value)
    assert all(contract.is_valid(case.payload) for case in contract.sample(10))


@pytest.mark.parametrize("name", ["const", "default", "enum", "examples", "$defs"])
def test_a_property_with_the_name_of_such_a_keyword_is_a_schema(name):
    document = {"$schema": DRAFT_2020_12, "type": "object", "properties": {name: {"$ref": "#"}, "p": {"$ref": URI}}}
    document["properties"]["examples" if name == "const" else "const"] = {"$id": URI, "type": "null"}
    contract = Contract.load(document)
    assert contract.is_valid({name: {"p": None}})
    assert not contract.is_valid({name: {"p": 1}})
    assert all(contract.is_valid(case.payload) for case in contract.sample(20))


def test_types_of_json_structure_may_have_the_names_of_such_keywords():
    namespace = {"default": {"type": "int32"}, "const": {"type": "string"}}
    document = {
        "$schema": "https://json-structure.org/meta/core/v0/#",
        "name": "It",
        "type": "object",
        "properties": {"p": {"type": {"$ref": "#/definitions/space/default"}}},
        "definitions": {"space": namespace},
    }
    assert [Contract.load(document).is_valid({"p": payload}) for payload in (1, "x")] == [True, False]
