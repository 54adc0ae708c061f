"""The plan of a payload: a tree of nodes that turn decisions into JSON values.

Every node knows three things: how many bytes of its parent's block it reads (``width``), how to build a valid payload
(``build``), and how to build one that has a fault at the end of a route (``reach``). Arrays, maps and recursive parts begin
new blocks, since their number is not known beforehand; everything else is laid out flat in its parent's block.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar

from contractfuzz.errors import ContractError
from contractfuzz.payloads.choices import MAX_DEPTH, SIMPLEST, Choices, attempts
from contractfuzz.pointers import to_pointer

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle

Schema = Mapping[str, Any]
Make = Callable[["Node", Choices, bytes, int], Any]
Trail = list[str | int]


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a route: to ``child``, by a property's name, by ``*`` or ``*(pattern)`` for an item or value, or by none."""

    child: Node
    token: str | None


@dataclass(frozen=True, slots=True)
class Proof:
    """What a fault within a judged node must be, for its label to be true.

    Attributes:
        judge: the outermost node on the way that comes with an oracle.
        keyword, suffix: what the label says is broken, and what its place has beyond the faulty node's own.
        payload, trail: a payload of ``judge`` as JSON text for which the label is true, and the way to the fault in it.

    """

    judge: Judged
    keyword: str
    suffix: tuple[str, ...]
    payload: str
    trail: tuple[str | int, ...]

    def holds(self, payload: Any, trail: Sequence[str | int]) -> bool:
        """Return whether the label is true for ``payload`` with its fault at the end of ``trail``."""
        return self.judge.oracle.confirms(payload, to_pointer([*trail, *self.suffix]), self.keyword)


@dataclass(frozen=True, slots=True)
class Route:
    """The way from the root to one node, the fault to make there, and where an oracle must have its say, the proof."""

    hops: tuple[Hop, ...]
    make: Make
    proof: Proof | None = None


class Node:
    """A part of the plan. ``schema`` holds the flat keywords that it keeps, ``types`` the JSON types that it makes.

    ``whole`` is there where the schema is an ``allOf`` of several parts: the oracle of what they were before they were merged.
    """

    width: int = 0
    further: int | None = 0
    types: ClassVar[frozenset[str]]
    whole: Oracle | None = None

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        """Return a valid payload, decided by ``block[at : at + self.width]`` and, for parts, by further blocks."""
        raise NotImplementedError

    def skip(self, choices: Choices) -> None:
        """Take the choices beyond the block that the simplest ``build`` takes, for a property that is absent.

        So the choices that follow mean the same with and without it, and shrinking can remove it.
        """

    def reach(self, choices: Choices, block: bytes, at: int, route: Route, step: int, trail: Trail) -> Any:
        """Return a payload that is valid but for the fault at the end of ``route``; its true place is added to ``trail``."""
        if step == len(route.hops):
            return route.make(self, choices, block, at)
        return self.pass_on(choices, block, at, route, step, trail)

    def pass_on(self, choices: Choices, block: bytes, at: int, route: Route, step: int, trail: Trail) -> Any:
        """Build this node so that the route's next hop is in it. Leaves have no next hop."""
        raise NotImplementedError

    def hops(self) -> Sequence[Hop]:
        """Return the ways on from here."""
        return ()


class UnfinishedPlanError(Exception):
    """A payload was asked of a part that is still being planned: it holds the very part that asks."""


class Recursive(Node):
    """A part that may hold itself, in a block of its own; beyond ``MAX_DEPTH`` it takes its smallest form."""

    further = None

    def __init__(self, schema: Schema) -> None:
        super().__init__(schema)
        self.body: Node

    @cached_property
    def types(self) -> frozenset[str]:  # type: ignore[override]
        return self.body.types

    def build(self, choices: Choices, block: bytes, at: int) -> Any:  # noqa: ARG002
        if not hasattr(self, "body"):
            raise UnfinishedPlanError
        if choices.depth >= MAX_DEPTH:
            return SIMPLEST.part(self.body)
        choices.depth += 1
        try:
            return choices.part(self.body)
        finally:
            choices.depth -= 1

    def pass_on(self, choices: Choices, block: bytes, at: int, route: Route, step: int, trail: Trail) -> Any:  # noqa: ARG002
        return self.body.reach(choices, choices.block(self.body.width), 0, route, step + 1, trail)

    def hops(self) -> Sequence[Hop]:
        return [Hop(self.body, None)]


class Judged(Node):
    """A node that comes with an ``oracle``: it confirms what is made of the node, since the plan alone cannot promise it.

    Nothing is retried, so that a payload costs no more choices for it: what is not confirmed is replaced by a known example.
    """

    def __init__(self, schema: Schema, oracle: Oracle) -> None:
        super().__init__(schema)
        self.oracle = oracle

    def reach(self, choices: Choices, block: bytes, at: int, route: Route, step: int, trail: Trail) -> Any:
        start = len(trail)
        payload = super().reach(choices, block, at, route, step, trail)
        proof = route.proof
        if proof is None or proof.judge is not self or proof.holds(payload, trail[start:]):
            return payload
        trail[start:] = proof.trail
        return json.loads(proof.payload)


class Checked(Judged):
    """A node whose schema says more than its plan, as ``not``, ``if`` and their like do."""

    further = None

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

    def pass_on(self, choices: Choices, block: bytes, at: int, route: Route, step: int, trail: Trail) -> Any:
        return self.node.reach(choices, block, at + 1, route, step + 1, trail)

    def hops(self) -> Sequence[Hop]:
        return [Hop(self.node, None)]


class Alternatives(Node):
    """One of several nodes, chosen by a byte; what each reads lies behind that byte."""

    further = None

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

    def pass_on(self, choices: Choices, block: bytes, at: int, route: Route, step: int, trail: Trail) -> Any:
        return route.hops[step].child.reach(choices, block, at + 1, route, step + 1, trail)

    def hops(self) -> Sequence[Hop]:
        return [Hop(node, None) for node in self.alternatives]


class Branches(Judged, Alternatives):
    """The branches of ``anyOf``, ``oneOf`` or ``if``, each together with the keywords that stand beside them.

    A fault in one branch is no fault of the whole where another branch fits, and where none fits, the oracle only says so of
    the whole. What stands beside the branches is broken at its own place. So the ways on lead into the branches only where
    something stands beside them (``open_``), and the oracle decides which faults there are true.
    """

    def __init__(self, schema: Schema, alternatives: Sequence[Node], oracle: Oracle, *, open_: bool) -> None:
        Alternatives.__init__(self, schema, alternatives)
        self.oracle, self.open_ = oracle, open_

    def hops(self) -> Sequence[Hop]:
        return super().hops() if self.open_ else ()


WANTED, TRIES = 16, 400
"""How many examples are looked for, and among how many payloads."""


def find_witnesses(node: Node, is_valid: Callable[[Any], bool]) -> tuple[str, ...]:
    """Return a few different payloads of ``node`` that are valid, as JSON texts, the shortest first; none where none is found."""
    candidates = (choices.part(node) for choices in attempts("witness", TRIES))
    found = {canonical(payload): json.dumps(payload) for payload in islice(filter(is_valid, candidates), WANTED)}
    return tuple(found[key] for key in sorted(found, key=lambda key: (len(key), key)))


def canonical(payload: Any) -> str:
    """Return a text that is equal for equal JSON values and no others."""
    return json.dumps(payload, sort_keys=True)


def excerpt(schema: Schema) -> str:
    """Return the gist of a schema for a message: one line, not too long."""
    text = json.dumps({key: value for key, value in schema.items() if key not in ("description", "title", "examples")})
    return text if len(text) <= 120 else text[:117] + "..."


def copy(payload: Any) -> Any:
    """Return a copy of a JSON value that may hold others."""
    return json.loads(json.dumps(payload)) if isinstance(payload, dict | list) else payload


def json_type(value: Any) -> str:
    """Return the JSON Schema type of a Python value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case dict():
            return "object"
    raise TypeError(type(value))
