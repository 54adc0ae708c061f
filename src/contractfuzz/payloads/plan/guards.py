"""TODO."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from contractfuzz.errors import ContractError
from contractfuzz.json_values import canonical
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.choices.seeded import attempts
from contractfuzz.payloads.plan.node import FaultPath, InstancePath, Node, PathStep, Schema, excerpt

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle


class OracleGuarded(Node):
    """A node that comes with an ``oracle``: it confirms what is made of the node, since the plan alone cannot promise it.

    Nothing is retried, so that a payload costs no more choices for it: what is not confirmed is replaced by a known example.
    """

    def __init__(self, schema: Schema, oracle: Oracle) -> None:
        super().__init__(schema)
        self.oracle = oracle

    def build_faulty(
        self, choices: Choices, block: bytes, at: int, route: FaultPath, step: int, trail: InstancePath
    ) -> Any:
        start = len(trail)
        payload = super().build_faulty(choices, block, at, route, step, trail)
        proof = route.proof
        if proof is None or proof.judge is not self or proof.holds(payload, trail[start:]):
            return payload
        trail[start:] = proof.trail
        return json.loads(proof.payload)


class Validated(OracleGuarded):
    """A node whose schema says more than its plan, as ``not``, ``if`` and their like do."""

    extra_draws = None

    def __init__(self, node: Node, oracle: Oracle) -> None:
        super().__init__(node.schema, oracle)
        self.node = node
        self.types = node.types  # type: ignore[misc]
        self.width = 1 + node.width
        self._searching = False

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        payload = self.node.build(choices, block, at + 1)
        # While examples are looked for, one that holds another of its kind is not confirmed piece by piece.
        if self._searching or self.oracle.is_valid(payload):
            return payload
        return json.loads(self.examples[block[at] * len(self.examples) >> 8])

    @cached_property
    def examples(self) -> tuple[str, ...]:
        """Confirmed payloads as JSON texts, the shortest first; ContractError where none was found."""
        self._searching = True
        try:
            found = find_witnesses(self.node, self.oracle.is_valid)
        finally:
            self._searching = False
        if not found:
            raise ContractError(
                f"no payload was found for {excerpt(self.schema)}: check that its keywords can hold together"
            )
        return found

    def skip(self, choices: Choices) -> None:
        self.node.skip(choices)

    def descend(self, choices: Choices, block: bytes, at: int, route: FaultPath, step: int, trail: InstancePath) -> Any:
        return self.node.build_faulty(choices, block, at + 1, route, step + 1, trail)

    def hops(self) -> Sequence[PathStep]:
        return [PathStep(self.node, None)]


WANTED, TRIES = 16, 400
"""How many examples are looked for, and among how many payloads."""


def find_witnesses(node: Node, is_valid: Callable[[Any], bool]) -> tuple[str, ...]:
    """Return a few different payloads of ``node`` that are valid, as JSON texts, the shortest first; none where none is found."""
    candidates = (choices.part(node) for choices in attempts("witness", TRIES))
    found = {canonical(payload): json.dumps(payload) for payload in islice(filter(is_valid, candidates), WANTED)}
    return tuple(found[key] for key in sorted(found, key=lambda key: (len(key), key)))
