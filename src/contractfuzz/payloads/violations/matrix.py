"""The matrix: every way to break a plan at one location, and the recipes of the cases that do it.

A fault is built where it belongs: the payload is built along the path to one node, whose own value is broken. A violation whose
label the plan does not guarantee is listed only with a proof, see ``contractfuzz.payloads.plan.node``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contractfuzz.json_pointer import encode_pointer
from contractfuzz.payloads.cases.case import Case
from contractfuzz.payloads.cases.violation import Violation
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.node import FaultCursor, FaultPath, Node, PathStep
from contractfuzz.payloads.violations.faults import faults_of
from contractfuzz.payloads.violations.proof import prove


@dataclass(frozen=True, slots=True)
class ViolationRecipe:
    """The recipe of one violation's cases.

    Attributes:
        violation: the violation.
        root: the root of the plan.
        path: the path to the node that it breaks.
        suffix: the tokens that its location has beyond that node.

    """

    violation: Violation
    root: Node
    path: FaultPath
    suffix: tuple[str, ...]

    @property
    def label(self) -> str:
        """The violation's id."""
        return self.violation.id

    def case(self, choices: Choices) -> Case:
        """Build a case of this violation."""
        cursor = FaultCursor(self.path)
        payload = self.root.build_faulty(choices, choices.block(self.root.width), 0, cursor)
        return Case(
            kind="invalid",
            payload=payload,
            label=self.violation.id,
            description=self.violation.description,
            pointer=encode_pointer([*cursor.instance_path, *self.suffix]),
            expectation="rejects",
        )


def make_matrix(root: Node) -> tuple[ViolationRecipe, ...]:
    """Return the recipe of every violation of a plan, in the order of its schema."""
    recipes: dict[str, ViolationRecipe] = {}
    for steps, node in _walk(root, ()):
        tokens = [step.token for step in steps if step.token is not None]
        for fault in faults_of(node):
            location = encode_pointer([*tokens, *fault.suffix])
            violation = Violation(location, fault.keyword, fault.variant, fault.description)
            if violation.id not in recipes:
                path = prove(FaultPath(steps, fault.build), root, fault.keyword, fault.suffix)
                if path is not None:
                    recipes[violation.id] = ViolationRecipe(violation, root, path, fault.suffix)
    return tuple(recipes.values())


def _walk(node: Node, steps: tuple[PathStep, ...]) -> Iterator[tuple[tuple[PathStep, ...], Node]]:
    """Yield every node with the steps to it. A recursive node is not yielded, and entered once per path."""
    if node.is_recursive and any(step.child is node for step in steps[:-1]):
        return
    if not node.is_recursive:
        yield steps, node
    for step in node.steps():
        yield from _walk(step.child, (*steps, step))
