"""Strings, decided by six bytes each: what sort, how long, and which characters."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH = 6
"""Bytes that one string reads: sort, length, further length, and three for its characters."""

PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789 -_.,:;/@#+*=?!'\"()[]{}<>|&%$^~`\\ABCDEFGHIJKLMNOPQRSTUVWXYZ"
FOREIGN = "éßñøşŁЖЯΩδאעربहあ日本語한글ไทย€–“”…½²™→✓😀🚀👍"
LENGTHS = bytes(
    [1] * 34 + [2] * 32 + [3] * 28 + [4] * 22 + [5] * 16 + [6] * 14 + [7] * 12 + [8] * 11 + list(range(9, 32))
)
BASE = 32
"""Length bytes beyond the table give so many characters and some of the further length: any up to 287 is met exactly."""
LONG, LONGEST = len(LENGTHS), 252


def decode(block: bytes, at: int, low: int, high: int | None) -> str:
    """Return the string of ``low`` to ``high`` characters (code points) that six bytes of ``block`` decide."""
    sort = block[at]
    if sort < 60:
        return PLAIN[0] * low
    alphabet = FOREIGN if sort >= 160 else PLAIN
    length = decode_length(block[at + 1], block[at + 2], low, high)
    return spell(alphabet, block[at + 3 : at + 6], length)


def decode_length(short: int, further: int, low: int, high: int | None) -> int:
    """Return a length of ``low`` (at least 1) to ``high`` that grows with both bytes."""
    length = LENGTHS[short] if short < LONG else BASE + (further if short >= LONGEST else further >> 3)
    length = max(low, length)
    return length if high is None else min(length, high)


def spell(alphabet: Sequence[str], picks: bytes, length: int) -> str:
    """Return ``length`` characters: those that ``picks`` names in ``alphabet``, over and over.

    The last pick is the first character: shrinking sorts a block, which so moves the telling character to the front, and the
    others can go.
    """
    size = len(alphabet)
    chars = "".join([alphabet[pick * size >> 8] for pick in reversed(picks)])
    return chars[:length] if length <= len(chars) else (chars * (length // len(chars) + 1))[:length]
