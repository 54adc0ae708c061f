"""Whether a fault within a judged node is what its label says."""

from __future__ import annotations

import json
from dataclasses import replace

from contractfuzz.payloads.choices.seeded import attempts
from contractfuzz.payloads.plan.guards import OracleGuarded
from contractfuzz.payloads.plan.node import FaultPath, InstancePath, Node, Proof

TRIES = 12


def proven(route: FaultPath, root: Node, keyword: str, suffix: tuple[str, ...]) -> FaultPath | None:
    """Return ``route`` with the proof that its label is true; without one where the plan promises it; None where it is not.

    The label says that ``keyword`` is broken at the end of ``route``, which starts at ``root``; ``suffix`` is what its place
    has beyond the faulty node's own.
    """
    nodes = [root, *(hop.child for hop in route.hops)]
    step, judge = next(((step, node) for step, node in enumerate(nodes) if isinstance(node, OracleGuarded)), (0, None))
    if judge is None:
        return route
    for choices in attempts("proof", TRIES):
        trail: InstancePath = []
        payload = judge.build_faulty(choices, choices.block(judge.width), 0, route, step, trail)
        proof = Proof(judge, keyword, suffix, json.dumps(payload), tuple(trail))
        if proof.holds(payload, trail):
            return replace(route, proof=proof)
    return None
