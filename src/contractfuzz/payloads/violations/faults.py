"""The faults of a node: each keyword of its schema, broken in every variant that real producers get wrong."""

from __future__ import annotations

from collections.abc import Iterator

from contractfuzz.payloads.plan.alternatives import Alternatives
from contractfuzz.payloads.plan.arrays import Array
from contractfuzz.payloads.plan.guards import Validated
from contractfuzz.payloads.plan.node import Node
from contractfuzz.payloads.plan.objects import Object
from contractfuzz.payloads.violations.arrays import array_faults
from contractfuzz.payloads.violations.compositions import composition_faults
from contractfuzz.payloads.violations.enums import value_faults
from contractfuzz.payloads.violations.fault import Fault
from contractfuzz.payloads.violations.numbers import number_faults
from contractfuzz.payloads.violations.objects import object_faults
from contractfuzz.payloads.violations.strings import string_faults
from contractfuzz.payloads.violations.types import type_faults

__all__ = ["Fault", "faults_of"]


def faults_of(node: Node) -> Iterator[Fault]:
    """Yield the faults of one node, not of those within it."""
    if not isinstance(node, Validated):
        yield from _plain_faults(node)
    yield from composition_faults(node, lambda: _beside(node))


def _beside(node: Node) -> Iterator[tuple[Node, Fault]]:
    """Yield the plain faults of ``node``, and of its alternatives, each with the node that it breaks."""
    if isinstance(node, Validated):
        node = node.node
    yield from ((node, fault) for fault in _plain_faults(node))
    if isinstance(node, Alternatives):
        for alternative in node.alternatives:
            yield from _beside(alternative)


def _plain_faults(node: Node) -> Iterator[Fault]:
    schema = node.schema
    if "type" in schema:
        yield from type_faults(node)
    if "enum" in schema or "const" in schema:
        yield from value_faults(node)
    elif isinstance(node, Alternatives):
        return
    elif isinstance(node, Array):
        yield from array_faults(node)
    elif isinstance(node, Object):
        yield from object_faults(node)
    elif node.types <= {"integer", "number"}:
        yield from number_faults(node)
    elif node.types == {"string"}:
        yield from string_faults(node)
