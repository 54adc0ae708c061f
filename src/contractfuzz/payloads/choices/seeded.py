"""Seeded choices: the source for bulk sampling, fast and the same on every machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from hashlib import shake_128
from typing import Any

from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.choices.protocol import (
    BIAS_OF_BYTE,
    MAX_DEPTH,
    MAX_SIZE_BUDGET,
    Buildable,
    Choices,
    IntegerBias,
    simplest_integer,
)

# CPython 3.11 looks up members of an enumeration slowly, and bulk sampling compares with them for each integer.
_ANY = IntegerBias.ANY
_HIGHEST = IntegerBias.HIGHEST
_LOWEST = IntegerBias.LOWEST
_NEAR_SIMPLEST = IntegerBias.NEAR_SIMPLEST


DEPTH_OF_ATTEMPTS = MAX_DEPTH - 1
"""Depth that attempts start with. They serve searches, for which small values are enough, and the oracle validates each."""


class SeededChoices:
    """Source of choices that reads the SHAKE-128 stream (FIPS 202) of a key."""

    __slots__ = ("_at", "_key", "_length", "_stream", "depth", "recursive_values", "size_budget")
    aligned = False

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._length = 512
        self._stream = shake_128(key).digest(512)
        self._at = 0
        self.depth = 0
        self.recursive_values = 0
        self.size_budget = MAX_SIZE_BUDGET

    def block(self, width: int) -> bytes:
        start = self._at
        self._at = end = start + width
        while end > self._length:
            # A longer digest of the same key starts with the shorter one.
            self._length *= 4
            self._stream = shake_128(self._key).digest(self._length)
        return self._stream[start:end]

    def index(self, size: int) -> int:
        if size <= 16:
            at = self._at
            if at < self._length:
                self._at = at + 1
                return self._stream[at] * size >> 8
            return self.block(1)[0] * size >> 8
        return int.from_bytes(self.block(4)) * size >> 32

    def integer(self, low: int, high: int, bias_byte: int) -> int:
        bias = BIAS_OF_BYTE[bias_byte]
        if bias is _ANY:
            width = (high - low).bit_length() // 8 + 2
            number = int.from_bytes(self.block(width + 1))
            selector, number = number & 255, number >> 8
            if selector < 128:
                return low + (number * (high - low + 1) >> 8 * width)
            return _of_any_magnitude(low, high, selector - 128, number)
        if bias is _HIGHEST:
            return high
        if bias is _LOWEST:
            return low
        if bias is _NEAR_SIMPLEST:
            return min(max(simplest_integer(low, high) + self.block(1)[0] - 128, low), high)
        return simplest_integer(low, high)

    def build(self, node: Buildable) -> Any:
        start = self._at
        end = start + node.width
        if end > self._length:
            return node.build(self, self.block(node.width), 0)
        self._at = end
        return node.build(self, self._stream[start:end], 0)

    def repeatable(self) -> tuple[Choices, Callable[[], Choices]]:
        return self, partial(_at_position, self._key, self._at, self.depth, self.recursive_values, self.size_budget)


def _of_any_magnitude(low: int, high: int, selector: int, number: int) -> int:
    """Return an integer in ``low..high`` whose distance from the simplest one has any number of bits with equal chance.

    Args:
        low: the least integer.
        high: the greatest integer.
        selector: a number below 128: half of them select a power of two or the integer below it.
        number: a random number of more bits than the distance.

    """
    start = simplest_integer(low, high)
    is_upwards = low == start or (high != start and number & 1 == 0)
    bits = ((selector & 63) * ((high - start if is_upwards else start - low).bit_length() + 1)) >> 6
    distance = (1 << bits) - (number >> 1 & 1) if selector < 64 else number >> 2 & ((1 << bits) - 1)
    return min(start + distance, high) if is_upwards else max(start - distance, low)


def _at_position(key: bytes, at: int, depth: int, recursive_values: int, size_budget: int) -> SeededChoices:
    """Return a source that reads the stream of ``key`` from byte ``at`` on."""
    choices = SeededChoices(key)
    choices.block(at)
    choices.depth, choices.recursive_values, choices.size_budget = depth, recursive_values, size_budget
    return choices


def attempts(salt: str, count: int) -> Iterator[Choices]:
    """Yield the minimal choices, then ``count`` seeded ones that depend on ``salt`` alone."""
    yield MINIMAL_CHOICES
    for number in range(count):
        choices = SeededChoices(f"{salt}:{number}".encode())
        choices.depth = DEPTH_OF_ATTEMPTS
        yield choices
