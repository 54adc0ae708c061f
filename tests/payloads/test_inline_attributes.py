"""Nodes of a plan keep their attributes inline: CPython 3.11 and 3.12 read them slower once a node has a `__dict__`."""

from __future__ import annotations

import gc
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
from hypothesis import given, settings

from contractfuzz import Contract
from contractfuzz.payloads.plan.node import Node
from contractfuzz.payloads.plan.objects import Object
from contractfuzz.payloads.plan.termination import find_nodes

COMPOSED = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "tagged": {
            "oneOf": [
                {"type": "object", "properties": {"tag": {"const": tag}, "n": {"type": "number"}}, "required": ["tag"]}
                for tag in ("a", "b")
            ]
        },
        "list": {"type": "array", "items": {"anyOf": [{"$ref": "#"}, {"type": "null"}]}, "uniqueItems": True},
        "pair": {"type": "array", "prefixItems": [{"type": "boolean"}], "items": {"type": ["string", "integer"]}},
        "map": {"type": "object", "additionalProperties": {"not": {"const": 1}}, "minProperties": 1},
        "choice": {"enum": [1, "a", None]},
        "date": {"type": "string", "format": "date"},
    },
    "minProperties": 2,
}


def has_dict(node: object) -> bool:
    """Return True if a node has a `__dict__` of its own, which the garbage collector then finds in it."""
    referents = gc.get_referents(node)
    attributes = vars(node)
    return any(referent is attributes for referent in referents)


def test_a_dict_is_recognised():
    node = Node({})
    assert not has_dict(node)
    assert has_dict(node)  # the first check created it


def use_and_find_nodes_with_a_dict(name: str) -> list[str]:
    """Return the classes of the nodes that have a `__dict__` after a contract was planned, broken, sampled and covered."""
    contract = Contract.named("batch_association_response") if name == "hubspot" else Contract.load(COMPOSED)
    for profile in ("broad", "minimal", "closed", "hostile"):
        list(contract.sample(100, profile=profile))
    for kind in ("invalid", "malformed"):
        list(contract.sample(300, kind))
    contract.coverage(contract.sample(100))

    @settings(max_examples=50, derandomize=True, database=None, deadline=None)
    @given(contract.valid(), contract.invalid())
    def draw(payload, case):
        assert case.label

    draw()
    nodes = find_nodes(contract._generator.plan(profile) for profile in ("broad", "minimal", "closed", "hostile"))
    assert len(nodes) >= 60
    entries = [one for node in nodes if isinstance(node, Object) for one in node.entries]
    assert entries
    return [type(one).__name__ for one in (*nodes, *entries) if has_dict(one)]


@pytest.mark.parametrize("name", ["hubspot", "composed"])
def test_nodes_get_no_dict_by_planning_breaking_sampling_and_covering(name):
    # In a process of its own: how many attributes fit depends on all nodes that the process had before.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(use_and_find_nodes_with_a_dict, name).result() == []
