"""Proofs that the labels of faults inside guarded nodes are true."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from contractfuzz.payloads.choices.seeded import attempts
from contractfuzz.payloads.plan.node import FaultCursor, FaultPath, Node, Proof

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle

PROOF_ATTEMPTS = 12


def prove(path: FaultPath, root: Node, keyword: str, suffix: tuple[str, ...]) -> FaultPath | None:
    """Prove that a label is true.

    Args:
        path: the path from ``root`` to the fault.
        root: the root of the plan.
        keyword: the keyword that the label names.
        suffix: the tokens that the label's location has beyond the faulty node.

    Returns:
        The path with its proof, the path itself if the plan guarantees the label, or None if no proof was found.

    """
    nodes = [root, *(step.child for step in path.steps)]
    position, guard = next(((i, node) for i, node in enumerate(nodes) if node.oracle is not None), (0, root))
    if guard.oracle is None:
        return path
    for choices in attempts("proof", PROOF_ATTEMPTS):
        cursor = FaultCursor(path, position)
        payload = guard.build_faulty(choices, choices.block(guard.width), 0, cursor)
        instance_path = tuple(cursor.instance_path)
        proof = Proof(guard, guard.oracle, keyword, suffix, json.dumps(payload), instance_path)
        if proof.holds(payload, instance_path):
            return replace(path, proof=replace(proof, twin=_twin(cursor, payload, guard.oracle)))
    return None


def _twin(cursor: FaultCursor, payload: Any, oracle: Oracle) -> str | None:
    """Return the twin of an example as JSON text, or None if it is not valid."""
    with suppress(LookupError):
        cursor.payload = payload
        twin = cursor.make_twin()
        return json.dumps(twin) if oracle.is_valid(twin) else None
    return None
