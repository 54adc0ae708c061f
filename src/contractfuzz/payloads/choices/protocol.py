"""TODO."""

from __future__ import annotations

from collections.abc import Hashable
from enum import IntEnum
from typing import Any, Protocol

MAX_DEPTH = 3
"""How many times a recursive part may hold itself before it is cut to its smallest form."""


MAX_SIZE_BUDGET = 2**16
"""How long a string may be where a profile makes long ones, and how much of it each of many items has, see ``split_budget``."""


def split_budget(size_budget: int, count: int) -> int:
    """Return the room that each of ``count`` items has: halved often enough, so that there are few different rooms."""
    return size_budget >> (count - 1).bit_length() if count > 1 else size_budget


class Flavour(IntEnum):
    """Which integers of a range: any, the bounds, some near the simplest, or the simplest itself."""

    ANY = 0
    HIGHEST = 1
    LOWEST = 2
    NEAR = 3
    MINIMAL_CHOICES = 4


FLAVOURS = tuple(flavour for flavour, share in zip(Flavour, (64, 44, 44, 56, 48), strict=True) for _ in range(share))
"""The flavour that each of the 256 values of a byte means."""


class Part(Hashable, Protocol):
    """What can be built from a block of decisions: every node of a plan."""

    @property
    def width(self) -> int:
        """How many bytes of a block it reads."""

    @property
    def extra_draws(self) -> int | None:
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
    size_budget: int

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
