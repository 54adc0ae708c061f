"""Where payloads get their decisions from: the one face of both engines.

A payload is decided by a few *blocks* of bytes and a few integers. A node of the plan reads its own bytes of its parent's
block, so that an object with all its scalars costs one choice. Zero is always the simplest decision, and a smaller byte
never makes a larger payload: that is what lets Hypothesis shrink a block byte by byte to the smallest payload.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from enum import IntEnum
from hashlib import shake_128
from typing import Any, Protocol

MAX_DEPTH = 3
"""How many times a recursive part may hold itself before it is cut to its smallest form."""


ROOM = 2**16
"""How long a string may be where a profile makes long ones, and how much of it each of many items has, see ``narrowed``."""


def narrowed(room: int, count: int) -> int:
    """Return the room that each of ``count`` items has: halved often enough, so that there are few different rooms."""
    return room >> (count - 1).bit_length() if count > 1 else room


class Flavour(IntEnum):
    """Which integers of a range: any, the bounds, some near the simplest, or the simplest itself."""

    ANY = 0
    HIGHEST = 1
    LOWEST = 2
    NEAR = 3
    SIMPLEST = 4


FLAVOURS = tuple(flavour for flavour, share in zip(Flavour, (64, 44, 44, 56, 48), strict=True) for _ in range(share))
"""The flavour that each of the 256 values of a byte means."""


class Part(Hashable, Protocol):
    """What can be built from a block of decisions: every node of a plan."""

    @property
    def width(self) -> int:
        """How many bytes of a block it reads."""

    @property
    def further(self) -> int | None:
        """How many choices it takes beyond them, where these are always as many; None otherwise."""

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        """Return a payload, decided by ``block[at : at + width]`` and by further choices."""


class Choices(Protocol):
    """A source of decisions.

    Attributes:
        aligned: whether choices are also taken for what is absent (``Node.skip``), so that those that follow mean the same with
            and without it, as shrinking needs it.
        depth: how many recursive parts hold the one that is being built.
        room: how long a string may be where a profile makes long ones.

    """

    aligned: bool
    depth: int
    room: int

    def block(self, width: int) -> bytes:
        """Return ``width`` bytes, each a decision of its own."""

    def index(self, size: int) -> int:
        """Return a number in ``range(size)``."""

    def integer(self, low: int, high: int, flavour: int) -> int:
        """Return an integer in ``low..high``, of the flavour that the byte ``flavour`` means."""

    def part(self, node: Part) -> Any:
        """Return a payload of ``node``, decided by a block of its own: an item, which shrinking can delete as a whole."""


def simplest(low: int, high: int) -> int:
    """Return the integer of ``low..high`` that lies nearest to zero."""
    return min(max(0, low), high)


class Simplest:
    """Takes the simplest decision always: makes the smallest payload there is."""

    aligned = False
    depth = 0
    room = ROOM

    def block(self, width: int) -> bytes:
        return bytes(width)

    def index(self, size: int) -> int:  # noqa: ARG002
        return 0

    def integer(self, low: int, high: int, flavour: int) -> int:  # noqa: ARG002
        return simplest(low, high)

    def part(self, node: Part) -> Any:
        return node.build(self, bytes(node.width), 0)


SIMPLEST = Simplest()


class Entropy:
    """Takes decisions from the stream that SHAKE-128 (FIPS 202) makes of a key: same key, same payload, on any machine."""

    __slots__ = ("_at", "_key", "_length", "_stream", "depth", "room")
    aligned = False

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._length = 512
        self._stream = shake_128(key).digest(512)
        self._at = 0
        self.depth = 0
        self.room = ROOM

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
    yield SIMPLEST
    for number in range(tries):
        yield Entropy(f"{salt}:{number}".encode())
