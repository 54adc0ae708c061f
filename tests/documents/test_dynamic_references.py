"""References that depend on how a validator got to them: `$dynamicRef` of 2020-12 and `$recursiveRef` of 2019-09."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from payload_judges import rust_says

from contractfuzz import Contract

DRAFT_2019_09 = "https://json-schema.org/draft/2019-09/schema"
DRAFT_2020_12 = "https://json-schema.org/draft/2020-12/schema"
BASE = "https://example.org/"

TREE_2020_12 = {
    "$schema": DRAFT_2020_12,
    "$id": f"{BASE}tree",
    "$dynamicAnchor": "node",
    "type": "object",
    "properties": {"data": True, "children": {"type": "array", "items": {"$dynamicRef": "#node"}}},
}
STRICT_2020_12 = {
    "$schema": DRAFT_2020_12,
    "$id": f"{BASE}strict-tree",
    "$dynamicAnchor": "node",
    "$ref": "tree",
    "unevaluatedProperties": False,
}
TREE_2019_09 = {
    "$schema": DRAFT_2019_09,
    "$id": f"{BASE}tree",
    "$recursiveAnchor": True,
    "type": "object",
    "properties": {"data": True, "children": {"type": "array", "items": {"$recursiveRef": "#"}}},
}
STRICT_2019_09 = {
    "$schema": DRAFT_2019_09,
    "$id": f"{BASE}strict-tree",
    "$recursiveAnchor": True,
    "$ref": "tree",
    "unevaluatedProperties": False,
}
RIGHT, WRONG = {"children": [{"data": 1}]}, {"children": [{"daat": 1}]}


@pytest.mark.parametrize(
    ("tree", "strict"), [(TREE_2020_12, STRICT_2020_12), (TREE_2019_09, STRICT_2019_09)], ids=["2020-12", "2019-09"]
)
def test_the_outermost_anchor_counts(tree, strict):
    contract = Contract.load(strict, [tree])
    assert [contract.is_valid(payload) for payload in (RIGHT, WRONG)] == [True, False]
    assert Contract.load(tree).is_valid(WRONG)
    assert all(contract.is_valid(case.payload) for case in contract.sample(30))
    assert not any(contract.is_valid(case.payload) for case in contract.sample(30, "invalid"))


def test_one_schema_may_be_used_in_several_dynamic_scopes():
    document = {
        "$schema": DRAFT_2020_12,
        "$id": f"{BASE}both",
        "properties": {"loose": {"$ref": "tree"}, "strict": {"$ref": "strict-tree"}},
    }
    contract = Contract.load(document, [TREE_2020_12, STRICT_2020_12])
    assert contract.is_valid({"loose": WRONG, "strict": RIGHT})
    assert not contract.is_valid({"strict": WRONG})


def test_a_dynamic_reference_next_to_a_reference_applies_too():
    document = {
        "$schema": DRAFT_2020_12,
        "$ref": "#/$defs/text",
        "$dynamicRef": "#short",
        "allOf": [{"minLength": 1}],
        "$defs": {"text": {"type": "string"}, "short": {"$dynamicAnchor": "short", "maxLength": 2}},
    }
    contract = Contract.load(document)
    assert [contract.is_valid(payload) for payload in ("ab", "abc", 1, "")] == [True, False, False, False]


def test_a_plain_reference_to_a_dynamic_anchor_is_not_dynamic():
    inner = {"$id": "inner", "items": {"$ref": "#node"}, "$defs": {"node": {"$dynamicAnchor": "node", "type": "null"}}}
    outer = {"node": {"$dynamicAnchor": "node", "type": "string"}, "inner": inner}
    contract = Contract.load({"$schema": DRAFT_2020_12, "$id": BASE, "$ref": "inner", "$defs": outer})
    assert [contract.is_valid(payload) for payload in ([None], ["x"])] == [True, False]


@pytest.mark.parametrize("draft", ["http://json-schema.org/draft-07/schema#", DRAFT_2019_09])
def test_older_drafts_do_not_know_dynamic_references(draft):
    assert Contract.load({"$schema": draft, "properties": {"a": {"$dynamicRef": "#nowhere"}}}).is_valid({"a": 1})


RESOURCES = "abc"
simple = st.sampled_from([{"type": "null"}, {"type": "string"}, {"type": "integer"}])
# Both judges take a `$ref` to a dynamic anchor for a dynamic reference, against section 8.2.2 of Core: it has its own test.
pointing = st.sampled_from([{"$dynamicRef": "#node"}, *({"$dynamicRef": f"{name}#node"} for name in RESOURCES)])
anchors = st.sampled_from([{"$dynamicAnchor": "node"}, {"$dynamicAnchor": "node"}, {"$anchor": "node"}])


@st.composite
def resources(draw):
    """Return a document of several resources, each with an anchor `node`, which refer to each other."""
    definitions = {}
    for index, name in enumerate(RESOURCES):
        targets = [pointing, *(st.just({"$ref": later}) for later in RESOURCES[index + 1 :])]
        definitions[name] = {
            "$id": name,
            "properties": {"p": draw(st.one_of(targets)), "q": draw(st.one_of(targets))},
            "$defs": {"node": {**draw(anchors), **draw(simple)}},
        }
    own = {"node": {**draw(anchors), **draw(simple)}} if draw(st.booleans()) else {}
    start = {"properties": {"p": {"$ref": draw(st.sampled_from(RESOURCES))}}}
    return {"$schema": DRAFT_2020_12, "$id": BASE, **start, "$defs": {**definitions, **own}}


leaves = st.sampled_from([None, "x", 1])
# Chance alone seldom nests deep enough to reach a reference.
deep = st.fixed_dictionaries(
    {"p": st.fixed_dictionaries({"p": leaves, "q": leaves | st.fixed_dictionaries({"p": leaves})})}
)
payloads = deep | st.recursive(
    leaves, lambda inner: st.dictionaries(st.sampled_from("pq"), inner, max_size=2), max_leaves=6
)


def nested_twice():
    """Return a document for which jsonschema-rs 0.52 follows a reference of another property."""
    node = {"node": {"$dynamicAnchor": "node", "type": "null"}}
    outer = {"$id": "a", "properties": {"p": {"$dynamicRef": "b#node"}, "q": {"$ref": "b"}}, "$defs": node}
    inner = {"$id": "b", "properties": {"p": {"$dynamicRef": "#node"}}, "$defs": node}
    return {
        "$schema": DRAFT_2020_12,
        "$id": BASE,
        "properties": {"p": {"$ref": "a"}},
        "$defs": {"a": outer, "b": inner},
    }


@pytest.mark.skipif(
    not rust_says(nested_twice())({"p": {"p": None, "q": "x"}}),
    reason="this version of jsonschema-rs resolves dynamic references wrongly",
)
def test_any_dynamic_reference_leads_where_a_validator_gets_by_it():
    verdicts = Counter()

    @given(resources(), st.lists(payloads, min_size=3, max_size=8))
    def verdicts_are_equal(document, several):
        contract, judge = Contract.load(document), rust_says(document)
        for payload in several:
            verdicts[judge(payload)] += 1
            assert contract.is_valid(payload) == judge(payload)

    verdicts_are_equal()
    assert min(verdicts[True], verdicts[False]) > 20, verdicts
