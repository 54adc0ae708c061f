"""TODO."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import shake_128
from typing import Any

from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.choices.protocol import FLAVOURS, MAX_SIZE_BUDGET, Choices, Flavour, Part, simplest


class SeededChoices:
    """Takes decisions from the stream that SHAKE-128 (FIPS 202) makes of a key: same key, same payload, on any machine."""

    __slots__ = ("_at", "_key", "_length", "_stream", "depth", "size_budget")
    aligned = False

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._length = 512
        self._stream = shake_128(key).digest(512)
        self._at = 0
        self.depth = 0
        self.size_budget = MAX_SIZE_BUDGET

    def block(self, width: int) -> bytes:
        start = self._at
        self._at = end = start + width
        while end > self._length:
            # A longer digest of the same key begins with the shorter one.
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

    def integer(self, low: int, high: int, flavour: int) -> int:
        kind = FLAVOURS[flavour]
        if kind is Flavour.ANY:
            width = (high - low).bit_length() // 8 + 2
            return low + (int.from_bytes(self.block(width)) * (high - low + 1) >> 8 * width)
        if kind is Flavour.HIGHEST:
            return high
        if kind is Flavour.LOWEST:
            return low
        if kind is Flavour.NEAR:
            return min(max(simplest(low, high) + self.block(1)[0] - 128, low), high)
        return simplest(low, high)

    def part(self, node: Part) -> Any:
        return node.build(self, self.block(node.width), 0)


def attempts(salt: str, tries: int) -> Iterator[Choices]:
    """Yield the simplest decisions, then ``tries`` random ones, always the same for one ``salt``."""
    yield MINIMAL_CHOICES
    for number in range(tries):
        yield SeededChoices(f"{salt}:{number}".encode())
