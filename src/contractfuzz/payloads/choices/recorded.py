"""Recorded choices: a source that remembers its draws, and one that repeats them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from contractfuzz.json_values import copy_json
from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.choices.protocol import MAX_SIZE_BUDGET, Buildable, Choices, simplest_integer

Value = TypeVar("Value")

Draw = tuple[object, Any]
"""A draw: its arguments, and the value that was drawn."""


class RecordedChoices:
    """Source of choices that takes those of another source, and remembers them.

    Attributes:
        draws: the draws so far. The value of a node that was built from its own block counts as one draw.

    """

    __slots__ = ("_source", "aligned", "draws")

    def __init__(self, source: Choices) -> None:
        self._source = source
        self.aligned = source.aligned
        self.draws: list[Draw] = []

    @property
    def depth(self) -> int:
        return self._source.depth

    @depth.setter
    def depth(self, depth: int) -> None:
        self._source.depth = depth

    @property
    def recursive_values(self) -> int:
        return self._source.recursive_values

    @recursive_values.setter
    def recursive_values(self, count: int) -> None:
        self._source.recursive_values = count

    @property
    def size_budget(self) -> int:
        return self._source.size_budget

    @size_budget.setter
    def size_budget(self, size_budget: int) -> None:
        self._source.size_budget = size_budget

    def block(self, width: int) -> bytes:
        return self._remember(("block", width), self._source.block(width))

    def index(self, size: int) -> int:
        return self._remember(("index", size), self._source.index(size))

    def integer(self, low: int, high: int, bias_byte: int) -> int:
        return self._remember(("integer", low, high), self._source.integer(low, high, bias_byte))

    def build(self, node: Buildable) -> Any:
        value = self._source.build(node)
        # Copied, because the fault may change it.
        self.draws.append((node, copy_json(value)))
        return value

    def repeatable(self) -> tuple[Choices, Callable[[], Choices]]:
        start = len(self.draws)
        return self, lambda: RepeatedChoices(self.draws[start:])

    def _remember(self, arguments: object, value: Value) -> Value:
        self.draws.append((arguments, value))
        return value


class RepeatedChoices:
    """Source of choices that repeats remembered draws.

    For a draw with other arguments than the next remembered one, it takes the simplest choice and keeps that one for later.
    It is aligned because only aligned sources are recorded.
    """

    aligned = True

    def __init__(self, draws: Sequence[Draw]) -> None:
        self._draws = deque(draws)
        self.depth = 0
        self.recursive_values = 0
        self.size_budget = MAX_SIZE_BUDGET

    def block(self, width: int) -> bytes:
        return self._repeat(("block", width), bytes(width))

    def index(self, size: int) -> int:
        return self._repeat(("index", size), 0)

    def integer(self, low: int, high: int, bias_byte: int) -> int:  # noqa: ARG002
        return self._repeat(("integer", low, high), simplest_integer(low, high))

    def build(self, node: Buildable) -> Any:
        if self._draws and self._draws[0][0] == node:
            return copy_json(self._draws.popleft()[1])
        return MINIMAL_CHOICES.build(node)

    def repeatable(self) -> tuple[Choices, Callable[[], Choices]]:
        return self, partial(RepeatedChoices, tuple(self._draws))

    def _repeat(self, arguments: object, simplest: Value) -> Value:
        if not self._draws or self._draws[0][0] != arguments:
            return simplest
        value: Value = self._draws.popleft()[1]
        return value
