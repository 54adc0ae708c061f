"""The faults of a node: each keyword of its schema, broken in every variant that real producers get wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from contractfuzz.payloads.plan.node import Node
from contractfuzz.payloads.violations.arrays import ARRAY_FAULTS
from contractfuzz.payloads.violations.compositions import composition_faults
from contractfuzz.payloads.violations.enums import enum_faults
from contractfuzz.payloads.violations.fault import Fault
from contractfuzz.payloads.violations.numbers import NUMBER_FAULTS
from contractfuzz.payloads.violations.objects import OBJECT_FAULTS
from contractfuzz.payloads.violations.strings import STRING_FAULTS
from contractfuzz.payloads.violations.types import type_faults

FAULTS_BY_TYPE: dict[str, Mapping[str, Callable[[Any], Iterator[Fault]]]] = {
    "number": NUMBER_FAULTS,
    "string": STRING_FAULTS,
    "array": ARRAY_FAULTS,
    "object": OBJECT_FAULTS,
}
"""For each JSON type the faults of its keywords; integers are numbers."""


def faults_of(node: Node) -> Iterator[Fault]:
    """Yield the faults of one node, without those of its children."""
    if node.unguarded is node:
        yield from _plain_faults(node)
    yield from composition_faults(node, lambda: _faults_with_nodes(node))


def _faults_with_nodes(node: Node) -> Iterator[tuple[Node, Fault]]:
    """Yield the plain faults of a node and of its branches, each with the node that it breaks."""
    node = node.unguarded
    yield from ((node, fault) for fault in _plain_faults(node))
    for branch in node.branches:
        yield from _faults_with_nodes(branch)


def _plain_faults(node: Node) -> Iterator[Fault]:
    """Yield the faults of keywords that contain no schemas."""
    schema = node.schema
    if "type" in schema:
        yield from type_faults(node)
    if "enum" in schema or "const" in schema:
        yield from enum_faults(node)
    elif not node.branches:
        types = {"number" if name == "integer" else name for name in node.types}
        table = FAULTS_BY_TYPE.get(types.pop(), {}) if len(types) == 1 else {}
        for keyword, faults in table.items():
            if keyword in schema:
                yield from faults(node)
