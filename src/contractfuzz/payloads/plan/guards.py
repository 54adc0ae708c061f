"""Nodes whose values the oracle confirms, since the plan alone cannot guarantee them.

``contractfuzz.payloads.plan.node`` explains proofs by the oracle.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from contractfuzz.errors import ContractError
from contractfuzz.json_values import canonical
from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.choices.seeded import attempts
from contractfuzz.payloads.plan.alternatives import Alternatives, after_bytes
from contractfuzz.payloads.plan.context import excerpt
from contractfuzz.payloads.plan.node import CachedAttribute, FaultCursor, Node, PathStep, Schema, includes_type
from contractfuzz.unions.branch import Branch
from contractfuzz.unions.facts import Facts
from contractfuzz.unions.union import Union

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle

MAX_WITNESSES = 16
"""Number of examples that are kept for one node."""

WITNESS_ATTEMPTS = 400
"""Number of values that are built in search of examples."""

REDUCED_ATTEMPTS = ((30_000, WITNESS_ATTEMPTS), (60_000, 40))
"""Number of these values until the oracle has taken some steps. After all of them it is ``LEAST_ATTEMPTS``."""

LEAST_ATTEMPTS = 10

MAX_CHECK_WORK = 10_000
"""Work of the oracle, in steps, after which the search for a single value ends."""


class OracleGuarded(Node):
    """A node with an oracle. It replaces a faulty value by the proof's example if the oracle denies the label."""

    def __init__(self, schema: Schema, oracle: Oracle) -> None:
        super().__init__(schema)
        self.oracle: Oracle = oracle

    def build_faulty(self, choices: Choices, block: bytes, at: int, cursor: FaultCursor) -> Any:
        path = cursor.instance_path
        start = len(path)
        payload = super().build_faulty(choices, block, at, cursor)
        proof = cursor.path.proof
        if proof is None or proof.guard is not self:
            return payload
        cursor.guard_depth = start
        if proof.holds(payload, path[start:]):
            return payload
        return cursor.replace_by_example(proof, start)


class NoValuesError(ContractError):
    """No valid value of a node was found.

    Attributes:
        node: the node.

    """

    def __init__(self, problem: str, node: Validated) -> None:
        super().__init__(problem)
        self.node = node


class Validated(OracleGuarded):
    """A node whose schema asks for more than the plan guarantees, as ``not`` and ``uniqueItems`` do.

    A value that the oracle refuses is replaced by an example. The first byte selects the example.

    Args:
        node: the node of the values.
        oracle: the oracle of the schema.
        needs_exclusive_branches: True if the values are valid without a check, provided that each fits only one branch.

    """

    extra_draws = None

    def __init__(self, node: Node, oracle: Oracle, *, needs_exclusive_branches: bool = False) -> None:
        super().__init__(node.schema, oracle)
        self.node = node
        self.width = 1 + node.width
        self._needs_exclusive_branches = needs_exclusive_branches
        self._is_searching = False
        self._smallest: str | None = None
        # Decided while planning, so that later uses of the plan, in any order, make the same examples.
        self._attempts = next((count for steps, count in REDUCED_ATTEMPTS if oracle.steps < steps), LEAST_ATTEMPTS)

    @property
    def types(self) -> frozenset[str]:
        return self.node.types

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        if choices is MINIMAL_CHOICES:
            return self._build_smallest(block, at)
        payload = self.node.build(choices, block, at + 1)
        # A recursive schema holds values of this node within values of this node. During the search for examples only the
        # outermost value is checked.
        if self._is_searching or self._is_valid(payload):
            return payload
        return json.loads(self.examples[block[at] * len(self.examples) >> 8])

    def _build_smallest(self, block: bytes, at: int) -> Any:
        """Build the smallest value, which the oracle confirms only once."""
        if self._smallest is None:
            payload = self.node.build(MINIMAL_CHOICES, block, at + 1)
            if self._is_searching:
                return payload
            self._smallest = json.dumps(payload) if self._is_valid(payload) else self.examples[0]
        return json.loads(self._smallest)

    def _is_valid(self, payload: Any) -> bool:
        return self.is_guaranteed or self.oracle.is_valid(payload)

    @CachedAttribute
    def is_guaranteed(self) -> bool:
        return self._needs_exclusive_branches and isinstance(self.node, Branches) and self.node.is_exclusive

    def check(self) -> None:
        """Raise a ContractError if no valid value is found. This is faster than a search for several."""
        self._is_searching = True
        try:
            start = self.oracle.steps
            for count, payload in enumerate(_candidates(self.node, self._attempts)):
                if self._is_valid(payload):
                    return
                if count >= LEAST_ATTEMPTS and self.oracle.steps - start > MAX_CHECK_WORK:
                    break
            raise self._without_values()
        finally:
            self._is_searching = False

    def _without_values(self) -> NoValuesError:
        return NoValuesError(str(without_values(self.schema)), self)

    @CachedAttribute
    def examples(self) -> tuple[str, ...]:
        """Valid values as JSON texts, the shortest first.

        Raises:
            ContractError: none was found.

        """
        self._is_searching = True
        try:
            found = find_witnesses(self.node, self._attempts, self._is_valid)
        finally:
            self._is_searching = False
        if not found:
            raise self._without_values()
        return found

    def skip(self, choices: Choices) -> None:
        self.node.skip(choices)

    def descend(self, choices: Choices, block: bytes, at: int, cursor: FaultCursor) -> Any:
        return cursor.enter().build_faulty(choices, block, at + 1, cursor)

    def steps(self) -> Sequence[PathStep]:
        return [PathStep(self.node, None)]

    @property
    def unguarded(self) -> Node:
        return self.node

    def for_type(self, name: str) -> tuple[Node, int] | None:
        return after_bytes(1, self.node.for_type(name)) if includes_type(self.types, name) else None


class Branches(OracleGuarded, Alternatives):
    """The branches of ``anyOf``, ``oneOf``, ``if`` or ``dependentSchemas``, each merged with the keywords next to them.

    A value that breaks one branch may fit another one. A fault inside a branch has a label only if the faulty value shows which
    branch is meant. If the branches differ in their types or tags, this is certain; otherwise the oracle decides.

    Args:
        schema: the keywords of the whole.
        branches: the nodes of the branches.
        oracle: the oracle of the whole.
        details: for each node the branch that it is.
        parts: for each node its schema.
        union: the union of ``anyOf`` or ``oneOf``; None for conditions.
        base: the facts of the keywords next to the branches.

    """

    def __init__(
        self,
        schema: Schema,
        branches: Sequence[Node],
        oracle: Oracle,
        details: Sequence[Branch],
        parts: Sequence[Any],
        *,
        union: Union | None,
        base: Facts,
    ) -> None:
        Alternatives.__init__(self, schema, branches)
        self.oracle, self.union, self.base = oracle, union, base
        self.details, self._parts, self._nodes = tuple(details), tuple(parts), tuple(branches)
        self.has_base = any(branch.has_base for branch in details)
        self.is_exclusive = union is not None and all(branch.is_certain for branch in details)

    def steps(self) -> Sequence[PathStep]:
        return self._steps

    @CachedAttribute
    def _steps(self) -> tuple[PathStep, ...]:
        return tuple(
            PathStep(node, None, branch)
            for node, branch in self.listed_branches()
            if branch.is_recognised or (branch.has_base and branch.tries_base)
        )

    def listed_branches(self) -> list[tuple[Node, Branch]]:
        """Return the nodes with the branches that they are, in the order of the schema."""
        return sorted(zip(self._nodes, self.details, strict=True), key=lambda pair: pair[1].index)

    def values_at(self, step: PathStep, payload: Any) -> Iterable[Any]:
        if step.branch is None:
            return []
        if self.union is not None and step.branch.is_certain:
            return [payload] if self.union.recognise(payload).branch == step.branch.index else []
        return [payload] if self._oracles[step.branch.index].is_valid(payload) else []

    @CachedAttribute
    def _oracles(self) -> dict[int, Oracle]:
        """For the index of each branch the oracle of its payloads."""
        pairs = zip(self.details, self._parts, strict=True)
        return {branch.index: self.oracle.for_schema(part) for branch, part in pairs}


def without_values(schema: Schema) -> ContractError:
    """Return the error for a schema for which no value was found."""
    return ContractError(f"no payload was found for {excerpt(schema)}: check that its keywords can hold together")


def find_witnesses(node: Node, count: int, is_valid: Callable[[Any], bool]) -> tuple[str, ...]:
    """Return up to ``MAX_WITNESSES`` different valid values of a node as JSON texts, the shortest first."""
    valid = (payload for payload in _candidates(node, count) if is_valid(payload))
    found = {canonical(payload): json.dumps(payload) for payload in islice(valid, MAX_WITNESSES)}
    return tuple(found[key] for key in sorted(found, key=lambda key: (len(key), key)))


def _candidates(node: Node, count: int) -> Iterator[Any]:
    return (choices.build(node) for choices in attempts("witness", count))
