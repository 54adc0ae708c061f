"""The leaves of a plan: values that hold no others, and those that are taken from a list."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from contractfuzz.json_values import copy_json, json_type
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.node import Node, Schema


class OneOfValues(Node):
    """One of a list of values: ``enum``, ``const``, ``null``, ``boolean``, and the values that stand for *any*."""

    def __init__(self, schema: Schema, values: Sequence[Any]) -> None:
        super().__init__(schema)
        self.values = tuple(values)
        self.width = 1 if len(values) <= 256 else 2

    @cached_property
    def types(self) -> frozenset[str]:  # type: ignore[override]
        return frozenset(json_type(value) for value in self.values)

    def build(self, choices: Choices, block: bytes, at: int) -> Any:  # noqa: ARG002
        pick = block[at] if self.width == 1 else block[at] << 8 | block[at + 1]
        return copy_json(self.values[pick * len(self.values) >> 8 * self.width])


class Integer(Node):
    """An integer between two bounds, both included, in steps."""

    types = frozenset({"integer"})
    width = 1
    extra_draws = 1

    def __init__(self, schema: Schema, low: int, high: int, step: int = 1) -> None:
        super().__init__(schema)
        self.low, self.high, self.step = low, high, step
        self.first, self.last = -(-low // step), high // step

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        return choices.integer(self.first, self.last, block[at]) * self.step

    def skip(self, choices: Choices) -> None:
        choices.integer(self.first, self.last, 0)


class DoubtfulInteger(Integer):
    """An integer that is written with a point every second time: ``1.0``, on which validators and parsers differ."""

    width = 2

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        value = super().build(choices, block, at)
        return float(value) if block[at + 1] >= 128 and abs(value) < 2**53 else value


class Number(Node):
    """A number between two bounds, with few binary digits behind its point, so that it prints short and reads back the same."""

    types = frozenset({"number"})
    width = 2
    SCALES = (1, 2, 4, 8, 1024)
    FINEST = 2**40

    def __init__(self, schema: Schema, low: float, high: float) -> None:
        super().__init__(schema)
        self.low, self.high = low, high
        _, first, last = self._steps(1)
        self.extra_draws = int(first <= last)

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        scale, first, last = self._steps(self.SCALES[block[at + 1] * len(self.SCALES) >> 8])
        if first > last:
            return self.low
        value = choices.integer(first, last, block[at])
        return value // scale if value % scale == 0 else value / scale

    def skip(self, choices: Choices) -> None:
        _, first, last = self._steps(1)
        if first <= last:
            choices.integer(first, last, 0)

    def _steps(self, scale: int) -> tuple[int, int, int]:
        """Return the first scale from ``scale`` on in which there is a value, and the values' range in it."""
        # A scale that is a power of two divides without rounding, so that the bounds hold exactly.
        while True:
            first, last = math.ceil(self.low * scale), math.floor(self.high * scale)
            if first <= last or scale >= self.FINEST:
                return scale, first, last
            scale *= 2


class Formatted(Node):
    """A string of one format, made from ``width`` bytes."""

    types = frozenset({"string"})

    def __init__(self, schema: Schema, width: int, decode: Callable[[bytes, int], str]) -> None:
        super().__init__(schema)
        self.width, self.decode = width, decode

    def build(self, choices: Choices, block: bytes, at: int) -> Any:  # noqa: ARG002
        return self.decode(block, at)
