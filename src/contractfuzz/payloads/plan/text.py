"""Strings, decided by four bytes each: of which alphabet, how long, and which characters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.node import Node, Schema
from contractfuzz.payloads.values.hostile import HOSTILE_STRINGS

WIDTH = 4
"""Bytes that one string reads: one for alphabet and length, and three for characters, or of a long one for length and two."""

PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789 -_.,:;/@#+*=?!'\"()[]{}<>|&%$^~`\\ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FOREIGN = "éßñøşŁЖЯΩδאעربहあ日本語한글ไทย€–“”…½²™→✓😀🚀👍"
SHORT = [1] * 16 + [2] * 15 + [3] * 12 + [4] * 9 + [5] * 6 + [6] * 5 + [7] * 3 + [8] * 2
"""Lengths of short strings, one for each of equally likely decisions, as of the other lists."""
MIDDLE = tuple(sorted([*range(9, 32)] * 3 + [*range(32, 40)] * 12 + [*range(40, 64)] * 3 + [*range(64, 83)]))
LONGEST = MIDDLE[0]
"""A byte is added to this for any length up to 264: it begins where the list does, or shrinking would end at its own least."""
EMPTY, MIDDLES, LONGESTS = 54, 32, 1
"""How many values of the first byte mean an empty string, and for each alphabet a string of middle length and of the longest."""


def _by_byte(alphabet: str) -> tuple[str, ...]:
    """Return the character that each of the 256 values of a byte means."""
    return tuple(alphabet[pick * len(alphabet) >> 8] for pick in range(256))


_PLAIN, _FOREIGN = _by_byte(PLAIN), _by_byte(FOREIGN)
_LONGEST = tuple(range(LONGEST, LONGEST + 256))


def _sorts() -> Iterator[tuple[tuple[str, ...], int, tuple[int, ...] | None]]:
    """Yield what the first byte means: the alphabet, and the length or the list of lengths that the second byte picks from.

    Every second value is of the foreign alphabet, so that shrinking can lower a length and keep the alphabet.
    """
    yield from [(_PLAIN, 0, None)] * EMPTY
    lengths = [*((short, None) for short in SHORT), *[(0, MIDDLE)] * MIDDLES, *[(0, _LONGEST)] * LONGESTS]
    for length, listed in lengths:
        yield _PLAIN, length, listed
        yield _FOREIGN, length, listed


_SORTS = tuple(_sorts())


class Text(Node):
    """A string between two lengths, in characters (code points).

    Two or three characters are repeated over and over, those of bytes above zero first: where shrinking has lowered all but
    the telling one, that is the first, and the others can go.
    """

    types = frozenset({"string"})
    width = WIDTH

    def __init__(self, schema: Schema, low: int, high: int | None) -> None:
        super().__init__(schema)
        self.low, self.high = low, high

    def build(self, choices: Choices, block: bytes, at: int) -> Any:  # noqa: ARG002
        # A fifth of the time that a payload takes in bulk is spent here.
        chars, length, lengths = _SORTS[block[at]]
        low, high = self.low, self.high
        if not length and lengths is None:
            return PLAIN[0] * low
        third, second, first = block[at + 1 : at + WIDTH]
        if not first:
            first, second = second, 0
        if lengths is not None:
            length = lengths[third]
            repeated = chars[first] + chars[second]
        else:
            if not first:
                first, third = third, 0
            if length == 1 and low <= 1:
                return chars[first] if high != 0 else ""
            repeated = chars[first] + chars[second] + chars[third]
        if length < low:
            length = low
        if high is not None and length > high:
            length = high
        return repeated[:length] if length <= 2 else (repeated * (length // 2 + 1))[:length]


class HostileText(Text):
    """A nasty string that is no longer than what the payload has room for; as plain as in ``broad`` where none fits."""

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        most = max(self.low, choices.size_budget)
        nasty = HOSTILE_STRINGS[block[at + 3] * len(HOSTILE_STRINGS) >> 8]
        if block[at] >= 64 and self.low <= len(nasty) <= (most if self.high is None else min(self.high, most)):
            return nasty
        return super().build(choices, block, at)[:most]
