"""Whether a fault within a judged node is what its label says."""

from __future__ import annotations

import json
from dataclasses import replace

from contractfuzz.payloads.choices.seeded import attempts
from contractfuzz.payloads.plan.guards import Judged
from contractfuzz.payloads.plan.node import Node, Proof, Route, Trail

TRIES = 12


def proven(route: Route, root: Node, keyword: str, suffix: tuple[str, ...]) -> Route | None:
    """Return ``route`` with the proof that its label is true; without one where the plan promises it; None where it is not.

    The label says that ``keyword`` is broken at the end of ``route``, which starts at ``root``; ``suffix`` is what its place
    has beyond the faulty node's own.
    """
    nodes = [root, *(hop.child for hop in route.hops)]
    step, judge = next(((step, node) for step, node in enumerate(nodes) if isinstance(node, Judged)), (0, None))
    if judge is None:
        return route
    for choices in attempts("proof", TRIES):
        trail: Trail = []
        payload = judge.reach(choices, choices.block(judge.width), 0, route, step, trail)
        proof = Proof(judge, keyword, suffix, json.dumps(payload), tuple(trail))
        if proof.holds(payload, trail):
            return replace(route, proof=proof)
    return None
