"""Nodes that choose: one of several values, or one of several nodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from contractfuzz.json_values import canonical, copy_json, json_type
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.node import (
    CachedAttribute,
    CoveragePoint,
    FaultCursor,
    Node,
    PathStep,
    Schema,
    has_type,
    includes_type,
    is_equal,
)


class OneOfValues(Node):
    """One of a list of values: ``enum``, ``const``, ``null``, ``boolean``, and strings or numbers that were found beforehand."""

    def __init__(self, schema: Schema, values: Sequence[Any]) -> None:
        super().__init__(schema)
        self.listed_values = tuple(values)
        self.width = 1 if len(values) <= 256 else 2

    @CachedAttribute
    def types(self) -> frozenset[str]:
        return frozenset(json_type(value) for value in self.listed_values)

    def build(self, choices: Choices, block: bytes, at: int) -> Any:  # noqa: ARG002
        index = block[at] if self.width == 1 else block[at] << 8 | block[at + 1]
        return copy_json(self.listed_values[index * len(self.listed_values) >> 8 * self.width])

    def for_type(self, name: str) -> tuple[Node, int] | None:
        values = [value for value in self.listed_values if includes_type((json_type(value),), name)]
        return (OneOfValues(self.schema, values), 0) if values else None

    def coverage_points(self) -> Iterator[CoveragePoint]:
        if not {"enum", "const"}.isdisjoint(self.schema) or self.types == {"boolean"}:
            for value in self.listed_values:
                yield CoveragePoint(f":={canonical(value)}", partial(is_equal, value))


class Alternatives(Node):
    """One of several nodes. The first byte, or the first two, select it; its own bytes follow.

    Attributes:
        selector_width: the number of bytes that select the node.

    """

    extra_draws = None

    def __init__(self, schema: Schema, branches: Sequence[Node]) -> None:
        super().__init__(schema)
        self.branches = tuple(branches)
        self.selector_width = 1 if len(branches) <= 256 else 2
        self.width = self.selector_width + max(node.width for node in branches)

    @CachedAttribute
    def types(self) -> frozenset[str]:
        return frozenset().union(*(node.types for node in self.branches))

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        branches = self.branches
        if self.selector_width == 1:
            return branches[block[at] * len(branches) >> 8].build(choices, block, at + 1)
        return branches[(block[at] << 8 | block[at + 1]) * len(branches) >> 16].build(choices, block, at + 2)

    def skip(self, choices: Choices) -> None:
        self.branches[0].skip(choices)

    def descend(self, choices: Choices, block: bytes, at: int, cursor: FaultCursor) -> Any:
        return cursor.enter().build_faulty(choices, block, at + self.selector_width, cursor)

    def steps(self) -> Sequence[PathStep]:
        return [PathStep(node, None) for node in self.branches]

    @CachedAttribute
    def has_collections(self) -> bool:
        return any(node.has_collections for node in self.branches)

    def for_type(self, name: str) -> tuple[Node, int] | None:
        branch = next((node for node in self.branches if includes_type(node.types, name)), None)
        return None if branch is None else after_bytes(self.selector_width, branch.for_type(name))

    def coverage_points(self) -> Iterator[CoveragePoint]:
        for name in sorted(self.types):
            yield CoveragePoint(f":{name}", partial(has_type, {name}))


def after_bytes(count: int, found: tuple[Node, int] | None) -> tuple[Node, int] | None:
    """Return the result of ``for_type`` for a parent whose block has some bytes before those of its child."""
    return None if found is None else (found[0], found[1] + count)
