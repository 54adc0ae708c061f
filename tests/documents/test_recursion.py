"""Loops of references that a validator would follow forever are errors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contractfuzz import Contract
from contractfuzz.documents.reading import MAX_NESTING
from contractfuzz.documents.recursion import find_cyclic_references

TO_SELF = {"$ref": "#"}

LOOPS = {
    "nothing but a reference": TO_SELF,
    "a part of allOf": {"allOf": [{"type": "string"}, TO_SELF]},
    "a branch of anyOf": {"anyOf": [{"type": "string"}, TO_SELF]},
    "a negation": {"not": TO_SELF},
    "a condition": {"if": TO_SELF, "then": False},
    "a dependency": {"dependentSchemas": {"a": TO_SELF}},
}


@pytest.mark.parametrize("document", LOOPS.values(), ids=LOOPS)
def test_a_loop_that_a_validator_never_leaves_is_an_error(document, load_error):
    message = load_error(document)
    assert message == (
        "document: the `$ref`s form a loop that a validator never leaves: document# -> document#; let one lead elsewhere"
    )


def chain(length):
    links = {f"d{i}": {"$ref": f"#/$defs/d{i + 1}"} for i in range(1, length)}
    return {"$ref": "#/$defs/d1", "$defs": {**links, f"d{length}": {"type": "string"}}}


def test_the_number_of_references_in_a_row_is_limited(load_error):
    assert Contract.load(chain(MAX_NESTING)).is_valid("x")
    assert "leads through more than 64 other `$ref`s in a row" in load_error(chain(MAX_NESTING + 1))
    assert "leads through more than 64 other `$ref`s in a row" in load_error(chain(5_000))


# --- cyclic references --------------------------------------------------------------------------------------------------

NAMES = "abcdef"


def schema_of(graph):
    """Return a schema with a definition for each name, which refers to other names anywhere in it."""
    definitions = {
        name: {"properties": {target: {"items": {"$ref": f"#/$defs/{target}"}} for target in targets}}
        for name, targets in graph.items()
    }
    return {"type": "object", "$defs": definitions}


def reachable(start, graph):
    found = set(graph[start])
    while any(not graph[name] <= found for name in found):
        found |= {target for name in found for target in graph[name]}
    return found


def test_cyclic_references_are_those_that_reach_themselves():
    counts = set()

    @given(st.fixed_dictionaries({name: st.sets(st.sampled_from(NAMES), max_size=2) for name in NAMES}))
    def check(graph):
        cyclic = {f"#/$defs/{name}" for name in NAMES if name in reachable(name, graph)}
        counts.add(len(cyclic))
        assert find_cyclic_references(schema_of(graph)) == cyclic

    check()
    assert len(counts) >= 4, counts


def test_a_long_chain_of_definitions_has_no_cyclic_references():
    graph = {f"n{index}": {f"n{index + 1}"} for index in range(5_000)}
    assert find_cyclic_references(schema_of({**graph, "n5000": set()})) == frozenset()
    assert len(find_cyclic_references(schema_of({**graph, "n5000": {"n0"}}))) == 5_001


def test_an_annotation_that_looks_like_a_reference_is_not_one():
    assert find_cyclic_references({"x-note": {"$ref": "#/$defs/missing"}, "default": {"$ref": "#"}}) == frozenset()
