"""The work of the linter grows with the size of a document. Work is the number of Python calls, not a time."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Callable
from typing import Any

import pytest

from contractfuzz.lint import lint

DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

LEAF: Schema = {"type": "object", "properties": {"a": {"type": "string"}}}


def all_of_tree(depth: int) -> Schema:
    schema = LEAF
    for _ in range(depth):
        schema = {"allOf": [schema, schema]}
    return schema


def impossible_leaf(depth: int) -> Schema:
    schema: Schema = {"type": "string", "enum": [1]}
    for _ in range(depth):
        schema = {"allOf": [schema, LEAF]}
    return schema


def impossible_leaves(count: int) -> Schema:
    return {"properties": {f"p{number}": impossible_leaf(7) for number in range(count)}}


def nested_one_of(depth: int) -> Schema:
    schema = LEAF
    for length in range(depth):
        schema = {"oneOf": [schema, {"type": "string", "minLength": length}]}
    return schema


def tagged_branches(count: int) -> Schema:
    return {
        "oneOf": [
            {
                "type": "object",
                "properties": {"tag": {"const": f"t{number}"}, "n": {"type": "integer"}},
                "required": ["tag", "n"],
            }
            for number in range(count)
        ]
    }


def untagged_branches(count: int) -> Schema:
    return {"oneOf": [{"type": "integer", "minimum": 10 * n, "maximum": 10 * n + 9} for n in range(count)]}


def doubled_references(keyword: str, values: Schema) -> Callable[[int], Schema]:
    def document(levels: int) -> Schema:
        definitions: Schema = {f"d{levels}": LEAF}
        for number in range(levels):
            reference = {"$ref": f"#/$defs/d{number + 1}"}
            definitions[f"d{number}"] = {keyword: [reference, reference], **values}
        return {"$ref": "#/$defs/d0", "$defs": definitions}

    return document


FAMILIES: dict[str, tuple[Callable[[int], Schema], int, int]] = {
    "allOf tree": (all_of_tree, 4, 8),
    "impossible leaves": (impossible_leaves, 5, 40),
    "nested oneOf": (nested_one_of, 14, 28),
    "tagged branches": (tagged_branches, 40, 320),
    "untagged branches": (untagged_branches, 40, 320),
    "allOf of doubled references": (doubled_references("allOf", {}), 12, 48),
    "oneOf of doubled references": (doubled_references("oneOf", {}), 3, 12),
    "a default of doubled references": (doubled_references("allOf", {"default": {"a": 1}}), 12, 48),
    "listed values of doubled references": (doubled_references("anyOf", {"enum": [{}, {"a": 1}]}), 12, 36),
    "examples of doubled references": (doubled_references("anyOf", {"examples": [{"a": "x"}]}), 12, 48),
}
TOLERANCE = 2
"""A chain of at most 64 references is walked from each of them."""


def size_of(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(size_of, inner))


def work_of(document: Schema) -> int:
    profile = cProfile.Profile()
    profile.runcall(lint, [document])
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


@pytest.mark.thinned(2)
@pytest.mark.parametrize("name", FAMILIES)
def test_work_grows_with_the_size_of_the_document(name):
    make, small_size, large_size = FAMILIES[name]
    small, large = ({"$schema": DRAFT, **make(size)} for size in (small_size, large_size))
    lint([small])  # fills caches
    work = work_of(small)
    assert work > 1_000
    assert work_of(large) / size_of(large) <= TOLERANCE * work / size_of(small)


def test_a_thousand_tagged_branches_are_compared_without_samples():
    document = {"$schema": DRAFT, **tagged_branches(1_000)}
    lint([{"$schema": DRAFT, **tagged_branches(2)}])
    assert work_of(document) < 5_000_000


@pytest.mark.parametrize(
    ("branches", "is_reported"),
    [
        ([{"const": "a"}, {"const": "b"}], False),
        ([{"enum": ["a", "b"]}, {"enum": ["b", "c"]}], True),
        ([{"const": "a"}, {"const": "a"}], True),
        ([{"enum": ["a", 1]}, {"enum": ["b", 1]}], True),
        ([{"type": "string"}, {"const": "b"}], True),
    ],
)
def test_branches_with_different_tags_do_not_overlap(branches, is_reported):
    tagged = [{"type": "object", "properties": {"tag": tag}, "required": ["tag"]} for tag in branches]
    remarks = lint([{"$schema": DRAFT, "oneOf": tagged}])
    assert ("branches-overlap" in {remark.rule for remark in remarks}) is is_reported


@pytest.mark.parametrize("depth", [1, 3, 6])
def test_a_contradiction_is_found_at_any_depth_of_all_of(depth):
    remarks = lint([{"$schema": DRAFT, **impossible_leaf(depth)}])
    assert [remark.pointer for remark in remarks if remark.rule == "unsatisfiable"] == ["/allOf/0" * depth]


def test_a_contradiction_next_to_a_schema_without_one_is_found():
    part = {"allOf": [LEAF, {"properties": {"b": {"allOf": [{"type": "string"}, {"type": "integer"}]}}}]}
    remarks = lint([{"$schema": DRAFT, "allOf": [LEAF, part]}])
    assert [remark.pointer for remark in remarks] == ["/allOf/1/allOf/1/properties/b"]
