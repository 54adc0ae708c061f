"""Proofs that the labels of faults inside guarded nodes are true."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from contractfuzz.payloads.choices.seeded import attempts
from contractfuzz.payloads.plan.guards import Branches, Validated
from contractfuzz.payloads.plan.node import FaultCursor, FaultPath, Node, PathStep, Proof
from contractfuzz.payloads.violations.fault import Fault
from contractfuzz.unions.branch import branch_marks
from contractfuzz.unions.names import BranchMark
from contractfuzz.unions.union import OTHER_BODY, TAG

if TYPE_CHECKING:
    from contractfuzz.claims import FoundErrors
    from contractfuzz.oracle import Oracle

PROOF_ATTEMPTS = 12

BRANCH_PROOF_ATTEMPTS = 4
"""Number of further attempts for a fault inside a branch, of which there are many."""

MAX_PROOF_WORK = 40_000
"""Work of all proofs of a plan, in steps of the oracle."""

Marks = tuple[BranchMark, ...]


@dataclass(frozen=True, slots=True)
class ProvenPath:
    """A fault path whose label is true.

    Attributes:
        path: the path, with its proof if the plan alone does not guarantee the label.
        marks: the branches that the label names.

    """

    path: FaultPath
    marks: Marks


def marks_of(steps: Sequence[PathStep], fault: Fault) -> Marks:
    """Return all branches on the way to a fault."""
    last = [PathStep(steps[-1].child if steps else Node({}), None, fault.branch)] if fault.branch is not None else []
    return tuple(branch_marks([*steps, *last]))


class Prover:
    """Proves the labels of a plan's faults, within a limit of work.

    Args:
        root: the root of the plan.

    Attributes:
        was_short: True if a fault was left out because the limit was reached.

    """

    def __init__(self, root: Node) -> None:
        self._root = root
        self._work = 0
        self.was_short = False

    def prove(self, steps: tuple[PathStep, ...], fault: Fault) -> ProvenPath | None:
        """Prove that a label is true.

        Args:
            steps: the steps from the root to the node that is broken.
            fault: how it is broken.

        Returns:
            The path with the branches that its label names, or None if no proof was found.

        """
        changed_names = None if (fault.keyword, fault.variant) == (TAG, "other") else fault.suffix[:1]
        path = FaultPath(steps, fault.build, build_twin=fault.build_twin, changed_names=changed_names)
        marks = marks_of(steps, fault)
        nodes = [self._root, *(step.child for step in steps)]
        position = next((at for at, node in enumerate(nodes) if _needs_proof(node, steps[at:], fault)), None)
        oracle = None if position is None else nodes[position].oracle
        if position is None or oracle is None:
            return ProvenPath(path, marks)
        if self._work > MAX_PROOF_WORK:
            self.was_short = True
            return None
        start = oracle.steps
        proven = _find_proof(path, nodes[position], position, fault, marks)
        self._work += oracle.steps - start
        return proven


def _find_proof(path: FaultPath, guard: Node, position: int, fault: Fault, marks: Marks) -> ProvenPath | None:
    if guard.oracle is None:
        return None
    start = sum(step.token is not None for step in path.steps[:position])
    outer = tuple(branch_marks(path.steps[:position]))
    inner = tuple((at - start, name) for at, name in marks[len(outer) :])
    keyword = OTHER_BODY if (fault.keyword, fault.variant) == (TAG, "other") else fault.keyword
    for choices in attempts("proof", BRANCH_PROOF_ATTEMPTS if marks else PROOF_ATTEMPTS):
        cursor = FaultCursor(path, position)
        payload = guard.build_faulty(choices, choices.block(guard.width), 0, cursor)
        instance_path = tuple(cursor.instance_path)
        errors = guard.oracle.find_errors(payload)
        for named in _possible_marks(errors, inner):
            text = json.dumps(payload)
            proof = Proof(guard, guard.oracle, keyword, fault.suffix, text, instance_path, branches=named)
            if errors.confirm([proof.claim(instance_path)]):
                proof = replace(proof, twin=_twin(cursor, payload, guard.oracle))
                shifted = tuple((at + start, name) for at, name in named)
                return ProvenPath(replace(path, proof=proof), (*outer, *shifted))
    return None


def _twin(cursor: FaultCursor, payload: Any, oracle: Oracle) -> str | None:
    """Return the twin of an example as JSON text, or None if it is not valid."""
    with suppress(LookupError):
        cursor.payload = payload
        twin = cursor.make_twin()
        return json.dumps(twin) if oracle.is_valid(twin) else None
    return None


def _possible_marks(errors: FoundErrors, inner: Marks) -> list[Marks]:
    """Return all branches on the path, or only those that every error is inside."""
    if not inner:
        return [inner]
    found = min(errors.branches, key=len, default=inner)
    steps = iter(inner)
    return [found] if all(mark in steps for mark in found) else []


def _needs_proof(node: Node, steps: Sequence[PathStep], fault: Fault) -> bool:
    """Return True if the oracle of a node must judge a fault on a path through it."""
    if node.oracle is None:
        return False
    if isinstance(node, Validated):
        return not node.is_guaranteed or _needs_proof(node.node, steps[1:], fault)
    return not (isinstance(node, Branches) and _is_certain(node, steps, fault))


def _is_certain(union: Branches, steps: Sequence[PathStep], fault: Fault) -> bool:
    """Return True if a fault of a union or inside it is certainly reported where its label says."""
    if not steps:
        is_own = fault.keyword in (TAG, "oneOf", "anyOf") and fault.branch is None
        is_optional = union.union is not None and union.union.optional is not None and fault.keyword == "type"
        return union.is_exclusive and not union.has_base and (is_own or is_optional)
    tokens = [*(step.token for step in steps if step.token is not None), *fault.suffix]
    branch = steps[0].branch
    return branch is not None and branch.guarantees(tokens[0] if tokens else None, fault.keyword)
