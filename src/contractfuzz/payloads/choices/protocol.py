"""The protocol that every source of choices implements.

A plan (see ``contractfuzz.payloads.plan.node``) turns choices into payloads. It serves several sources: the seeded streams of
bulk sampling, the minimal choices, and Hypothesis, which searches and shrinks. Five rules make one plan fit all of them.

1. **Blocks.** A draw from Hypothesis costs about as much as the rest of a small payload. So one draw decides a *block*: a run of
   bytes that serves a node and the nodes inside it. A node states how many bytes it reads, its ``width``, and reads
   ``block[at : at + width]``.
2. **Zero is simplest.** Bytes and indices of zero select the simplest value. Hypothesis shrinks choices towards zero, and thereby
   payloads towards simple ones.
3. **Extra draws.** Lengths, wide integers and the items of arrays are drawn apart from the block. A node states how many draws it
   takes beyond its block, its ``extra_draws``: a fixed number, or None if the number depends on the choices.
4. **Own blocks for items.** An item of an array is built by ``Choices.build`` from a block of its own. Hypothesis sees one span
   per item and can delete it as a whole.
5. **Aligned draws.** An absent member still takes the extra draws of its smallest value (``Node.skip``) if the source is
   ``aligned``. Later draws then mean the same with and without the member, so shrinking can remove it.

Methods that build pass ``choices``, ``block`` and ``at`` as three arguments, since this is the hot path of all sampling. An
object that bundles them would be created for every node of every payload.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from enum import IntEnum
from typing import Any, Protocol

MAX_DEPTH = 3
"""Number of times that a recursive schema is entered within itself before its smallest value ends the recursion."""

MAX_RECURSIVE_VALUES = 40
"""Number of recursive values of a payload that choices decide on; further ones are the smallest."""

MAX_SIZE_BUDGET = 2**16
"""Size budget of a whole payload, in characters. It bounds strings and lengths if the profile is ``budgeted``."""


def split_budget(size_budget: int, count: int) -> int:
    """Return the size budget of each of ``count`` items.

    The budget is halved repeatedly instead of divided, so that few different budgets occur and caches stay small.
    """
    return size_budget >> (count - 1).bit_length() if count > 1 else size_budget


class IntegerBias(IntEnum):
    """Part of a range that an integer is taken from."""

    ANY = 0
    HIGHEST = 1
    LOWEST = 2
    NEAR_SIMPLEST = 3
    SIMPLEST = 4


BIAS_OF_BYTE = tuple(bias for bias, share in zip(IntegerBias, (64, 44, 44, 56, 48), strict=True) for _ in range(share))
"""Bias that each of the 256 values of a byte selects."""


class Buildable(Hashable, Protocol):
    """Anything that is built from a block: the nodes of a plan, and the parts of a pack's realistic payloads."""

    @property
    def width(self) -> int:
        """Number of bytes that it reads from a block."""

    @property
    def extra_draws(self) -> int | None:
        """Number of draws that it takes beyond the block, or None if the number varies."""

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        """Return a value that ``block[at : at + width]`` and, for extra draws, ``choices`` decide."""


class Choices(Protocol):
    """A source of choices.

    Attributes:
        aligned: True if absent members take the draws of their smallest value, which shrinking needs (see the module).
        depth: number of recursive nodes around the node that is being built.
        recursive_values: number of recursive values that have been built.
        size_budget: number of characters that are left for the value that is being built.

    """

    aligned: bool
    depth: int
    recursive_values: int
    size_budget: int

    def block(self, width: int) -> bytes:
        """Draw a block of ``width`` bytes."""

    def index(self, size: int) -> int:
        """Draw a number in ``range(size)``."""

    def integer(self, low: int, high: int, bias_byte: int) -> int:
        """Draw an integer in ``low..high`` with the bias that ``bias_byte`` selects (see ``BIAS_OF_BYTE``)."""

    def build(self, node: Buildable) -> Any:
        """Build a value of ``node`` from a block of its own, which shrinking can delete as a whole."""

    def repeatable(self) -> tuple[Choices, Callable[[], Choices]]:
        """Return a source of the same choices, and a function that returns a source that repeats what is drawn from it."""


def simplest_integer(low: int, high: int) -> int:
    """Return the integer in ``low..high`` that is nearest to zero."""
    return min(max(0, low), high)
