"""Minimal choices: the source that builds the smallest payload of a plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contractfuzz.payloads.choices.protocol import MAX_SIZE_BUDGET, Buildable, Choices, simplest_integer


class MinimalChoices:
    """Source of choices that always takes the simplest one."""

    aligned = False
    depth = 0
    recursive_values = 0
    size_budget = MAX_SIZE_BUDGET

    def block(self, width: int) -> bytes:
        return bytes(width)

    def index(self, size: int) -> int:  # noqa: ARG002
        return 0

    def integer(self, low: int, high: int, bias_byte: int) -> int:  # noqa: ARG002
        return simplest_integer(low, high)

    def build(self, node: Buildable) -> Any:
        return node.build(self, bytes(node.width), 0)

    def repeatable(self) -> tuple[Choices, Callable[[], Choices]]:
        return self, lambda: self


MINIMAL_CHOICES = MinimalChoices()
