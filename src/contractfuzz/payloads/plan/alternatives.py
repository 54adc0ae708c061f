"""TODO."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.guards import OracleGuarded
from contractfuzz.payloads.plan.node import FaultPath, InstancePath, Node, PathStep, Schema

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle


class Alternatives(Node):
    """One of several nodes, chosen by a byte; what each reads lies behind that byte."""

    extra_draws = None

    def __init__(self, schema: Schema, alternatives: Sequence[Node]) -> None:
        super().__init__(schema)
        self.alternatives = tuple(alternatives)
        self.width = 1 + max(node.width for node in alternatives)

    @cached_property
    def types(self) -> frozenset[str]:  # type: ignore[override]
        return frozenset().union(*(node.types for node in self.alternatives))

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        return self.alternatives[block[at] * len(self.alternatives) >> 8].build(choices, block, at + 1)

    def skip(self, choices: Choices) -> None:
        self.alternatives[0].skip(choices)

    def descend(self, choices: Choices, block: bytes, at: int, route: FaultPath, step: int, trail: InstancePath) -> Any:
        return route.hops[step].child.build_faulty(choices, block, at + 1, route, step + 1, trail)

    def hops(self) -> Sequence[PathStep]:
        return [PathStep(node, None) for node in self.alternatives]


class Branches(OracleGuarded, Alternatives):
    """The branches of ``anyOf``, ``oneOf`` or ``if``, each together with the keywords that stand beside them.

    A fault in one branch is no fault of the whole where another branch fits, and where none fits, the oracle only says so of
    the whole. What stands beside the branches is broken at its own place. So the ways on lead into the branches only where
    something stands beside them (``open_``), and the oracle decides which faults there are true.
    """

    def __init__(self, schema: Schema, alternatives: Sequence[Node], oracle: Oracle, *, open_: bool) -> None:
        Alternatives.__init__(self, schema, alternatives)
        self.oracle, self.open_ = oracle, open_

    def hops(self) -> Sequence[PathStep]:
        return super().hops() if self.open_ else ()
