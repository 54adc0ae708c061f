"""TODO."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from contractfuzz.json_pointer import encode_pointer
from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.choices.protocol import MAX_DEPTH, Choices
from contractfuzz.text import truncate

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle
    from contractfuzz.payloads.plan.guards import OracleGuarded

Schema = Mapping[str, Any]
Make = Callable[["Node", Choices, bytes, int], Any]
InstancePath = list[str | int]


@dataclass(frozen=True, slots=True)
class PathStep:
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

    judge: OracleGuarded
    keyword: str
    suffix: tuple[str, ...]
    payload: str
    trail: tuple[str | int, ...]

    def holds(self, payload: Any, trail: Sequence[str | int]) -> bool:
        """Return whether the label is true for ``payload`` with its fault at the end of ``trail``."""
        return self.judge.oracle.confirms(payload, encode_pointer([*trail, *self.suffix]), self.keyword)


@dataclass(frozen=True, slots=True)
class FaultPath:
    """The way from the root to one node, the fault to make there, and where an oracle must have its say, the proof."""

    hops: tuple[PathStep, ...]
    make: Make
    proof: Proof | None = None


class Node:
    """A part of the plan. ``schema`` holds the flat keywords that it keeps, ``types`` the JSON types that it makes.

    ``whole`` is there where the schema is an ``allOf`` of several parts: the oracle of what they were before they were merged.
    """

    width: int = 0
    extra_draws: int | None = 0
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

    def build_faulty(
        self, choices: Choices, block: bytes, at: int, route: FaultPath, step: int, trail: InstancePath
    ) -> Any:
        """Return a payload that is valid but for the fault at the end of ``route``; its true place is added to ``trail``."""
        if step == len(route.hops):
            return route.make(self, choices, block, at)
        return self.descend(choices, block, at, route, step, trail)

    def descend(self, choices: Choices, block: bytes, at: int, route: FaultPath, step: int, trail: InstancePath) -> Any:
        """Build this node so that the route's next hop is in it. Leaves have no next hop."""
        raise NotImplementedError

    def hops(self) -> Sequence[PathStep]:
        """Return the ways on from here."""
        return ()


class UnfinishedPlanError(Exception):
    """A payload was asked of a part that is still being planned: it holds the very part that asks."""


class Recursive(Node):
    """A part that may hold itself, in a block of its own; beyond ``MAX_DEPTH`` it takes its smallest form."""

    extra_draws = None

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
            return MINIMAL_CHOICES.part(self.body)
        choices.depth += 1
        try:
            return choices.part(self.body)
        finally:
            choices.depth -= 1

    def descend(self, choices: Choices, block: bytes, at: int, route: FaultPath, step: int, trail: InstancePath) -> Any:  # noqa: ARG002
        return self.body.build_faulty(choices, choices.block(self.body.width), 0, route, step + 1, trail)

    def hops(self) -> Sequence[PathStep]:
        return [PathStep(self.body, None)]


def excerpt(schema: Schema) -> str:
    """Return the gist of a schema for a message: one line, not too long."""
    text = json.dumps({key: value for key, value in schema.items() if key not in ("description", "title", "examples")})
    return truncate(text, 120)
