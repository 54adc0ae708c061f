"""TODO."""

from __future__ import annotations

from typing import Any

from contractfuzz.payloads.choices.protocol import MAX_SIZE_BUDGET, Part, simplest


class MinimalChoices:
    """Takes the simplest decision always: makes the smallest payload there is."""

    aligned = False
    depth = 0
    size_budget = MAX_SIZE_BUDGET

    def block(self, width: int) -> bytes:
        return bytes(width)

    def index(self, size: int) -> int:  # noqa: ARG002
        return 0

    def integer(self, low: int, high: int, flavour: int) -> int:  # noqa: ARG002
        return simplest(low, high)

    def part(self, node: Part) -> Any:
        return node.build(self, bytes(node.width), 0)


MINIMAL_CHOICES = MinimalChoices()
