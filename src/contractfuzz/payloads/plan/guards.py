"""Nodes whose values the oracle confirms, since the plan alone cannot guarantee them.

``contractfuzz.payloads.plan.node`` explains proofs by the oracle.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from contractfuzz.errors import ContractError
from contractfuzz.json_values import canonical
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.choices.seeded import attempts
from contractfuzz.payloads.plan.alternatives import Alternatives, after_first_byte
from contractfuzz.payloads.plan.context import excerpt
from contractfuzz.payloads.plan.node import CachedAttribute, FaultCursor, Node, PathStep, Schema, includes_type

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle

MAX_WITNESSES = 16
"""Number of examples that are kept for one node."""

WITNESS_ATTEMPTS = 400
"""Number of values that are built in search of examples."""


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

    @property
    def types(self) -> frozenset[str]:
        return self.node.types

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        payload = self.node.build(choices, block, at + 1)
        # A recursive schema holds values of this node within values of this node. During the search for examples only the
        # outermost value is checked.
        if self._is_searching or self._is_valid(payload):
            return payload
        return json.loads(self.examples[block[at] * len(self.examples) >> 8])

    def _is_valid(self, payload: Any) -> bool:
        return self._is_guaranteed or self.oracle.is_valid(payload)

    @CachedAttribute
    def _is_guaranteed(self) -> bool:
        return self._needs_exclusive_branches and are_exclusive(self.node.branches)

    def check(self) -> None:
        """Raise a ContractError if no valid value is found. This is faster than a search for several."""
        self._is_searching = True
        try:
            if not any(map(self._is_valid, _candidates(self.node))):
                raise self._without_values()
        finally:
            self._is_searching = False

    def _without_values(self) -> NoValuesError:
        problem = f"no payload was found for {excerpt(self.schema)}"
        return NoValuesError(f"{problem}: check that its keywords can hold together", self)

    @CachedAttribute
    def examples(self) -> tuple[str, ...]:
        """Valid values as JSON texts, the shortest first.

        Raises:
            ContractError: none was found.

        """
        self._is_searching = True
        try:
            found = find_witnesses(self.node, self._is_valid)
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
        return after_first_byte(self.node.for_type(name)) if includes_type(self.types, name) else None


class Branches(OracleGuarded, Alternatives):
    """The branches of ``anyOf``, ``oneOf`` or ``if``, each merged with the keywords next to them.

    A value that breaks one branch may fit another one, and if it fits none, the oracle reports an error of the whole. A fault in
    the keywords next to the branches has a location of its own, though. So faults are built inside the branches only if there
    are such keywords (``has_base``), and the oracle decides which of these faults are real.
    """

    def __init__(self, schema: Schema, branches: Sequence[Node], oracle: Oracle, *, has_base: bool) -> None:
        Alternatives.__init__(self, schema, branches)
        self.oracle, self.has_base = oracle, has_base

    def steps(self) -> Sequence[PathStep]:
        return super().steps() if self.has_base else ()


def are_exclusive(branches: Sequence[Node]) -> bool:
    """Return True if it is certain that no value fits two branches: their types or the values of one property differ."""
    nodes = [branch.unguarded for branch in branches]
    types = [{"number" if name == "integer" else name for name in node.types} for node in nodes]
    counts = Counter(name for names in types for name in names)
    # Branches that share their types with others need different tags.
    shared = [node for node, names in zip(nodes, types, strict=True) if any(counts[name] > 1 for name in names)]
    if not all(_allows_its_types_only(node) for node in nodes):
        return False
    tags = [_tags(node) for node in shared]
    return not shared or any(_are_disjoint([values.get(name) for values in tags]) for name in tags[0])


def _allows_its_types_only(node: Node) -> bool:
    return not {"type", "enum", "const"}.isdisjoint(node.schema)


def _tags(node: Node) -> dict[str, Sequence[Any]]:
    """Return the required properties of an object that are one of several strings, with these strings."""
    if node.schema.get("type") != "object":
        return {}
    return {
        name: child.listed_values
        for name, child in ((str(step.token), step.child.unguarded) for step in node.steps())
        if name in node.schema.get("required", ()) and not {"enum", "const"}.isdisjoint(child.schema)
    }


def _are_disjoint(lists: Sequence[Sequence[Any] | None]) -> bool:
    values = [value for one in lists for value in one or [None]]
    return all(isinstance(value, str) for value in values) and len(values) == len(set(values))


def find_witnesses(node: Node, is_valid: Callable[[Any], bool]) -> tuple[str, ...]:
    """Return up to ``MAX_WITNESSES`` different valid values of a node as JSON texts, the shortest first."""
    valid = (payload for payload in _candidates(node) if is_valid(payload))
    found = {canonical(payload): json.dumps(payload) for payload in islice(valid, MAX_WITNESSES)}
    return tuple(found[key] for key in sorted(found, key=lambda key: (len(key), key)))


def _candidates(node: Node) -> Iterator[Any]:
    return (choices.build(node) for choices in attempts("witness", WITNESS_ATTEMPTS))
