"""The whole matrix: every way to break a plan in exactly one place, and the cases that do it.

A fault is made where it belongs: a payload is built along the route to one node, and there the node's own value is broken.
A violation whose label the plan alone cannot promise is listed only if it was proven, see ``proofs``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contractfuzz.json_pointer import encode_pointer
from contractfuzz.payloads.cases.case import Case
from contractfuzz.payloads.cases.violation import Violation
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.node import FaultPath, Node, PathStep, Recursive
from contractfuzz.payloads.violations.faults import faults_of
from contractfuzz.payloads.violations.proof import proven


@dataclass(frozen=True, slots=True)
class ViolationRecipe:
    """A violation and the way to it."""

    violation: Violation
    root: Node
    route: FaultPath
    suffix: tuple[str, ...]

    @property
    def label(self) -> str:
        """The violation's id."""
        return self.violation.id

    def case(self, choices: Choices) -> Case:
        """Return a case of this violation, decided by ``choices``."""
        trail: list[str | int] = []
        payload = self.root.build_faulty(choices, choices.block(self.root.width), 0, self.route, 0, trail)
        return Case(
            kind="invalid",
            payload=payload,
            label=self.violation.id,
            description=self.violation.description,
            pointer=encode_pointer([*trail, *self.suffix]),
            expectation="rejects",
        )


def make_matrix(root: Node) -> tuple[ViolationRecipe, ...]:
    """Return every violation of a plan, in the order of its schema, each once."""
    breaches: dict[str, ViolationRecipe] = {}
    for hops, node in _walk(root, ()):
        tokens = [hop.token for hop in hops if hop.token is not None]
        for fault in faults_of(node):
            violation = Violation(
                encode_pointer([*tokens, *fault.suffix]), fault.keyword, fault.variant, fault.description
            )
            if violation.id not in breaches:
                route = proven(FaultPath(hops, fault.make), root, fault.keyword, fault.suffix)
                if route is not None:
                    breaches[violation.id] = ViolationRecipe(violation, root, route, fault.suffix)
    return tuple(breaches.values())


def _walk(node: Node, hops: tuple[PathStep, ...]) -> Iterator[tuple[tuple[PathStep, ...], Node]]:
    """Yield every node with the way to it; a recursive part is entered once on each way."""
    if isinstance(node, Recursive) and any(hop.child is node for hop in hops[:-1]):
        return
    if not isinstance(node, Recursive):
        yield hops, node
    for hop in node.hops():
        yield from _walk(hop.child, (*hops, hop))
