"""Strings, decided by six bytes each: what sort, how long, and which characters."""

from __future__ import annotations

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


def _by_byte(alphabet: str) -> tuple[str, ...]:
    """Return the character that each of the 256 values of a byte means."""
    return tuple(alphabet[pick * len(alphabet) >> 8] for pick in range(256))


_PLAIN, _FOREIGN = _by_byte(PLAIN), _by_byte(FOREIGN)


def decode(block: bytes, at: int, low: int, high: int | None) -> str:
    """Return the string of ``low`` to ``high`` characters (code points) that six bytes of ``block`` decide.

    Its length grows with the second and third byte; three characters are repeated over and over. The last of the six bytes is
    the first character: shrinking sorts a block, which so moves the telling character to the front, and the others can go.
    """
    # Half of the time that a payload takes in bulk is spent here.
    sort, short, further, third, second, first = block[at : at + WIDTH]
    if sort < 60:
        return PLAIN[0] * low
    chars = _FOREIGN if sort >= 160 else _PLAIN
    length = LENGTHS[short] if short < LONG else BASE + (further if short >= LONGEST else further >> 3)
    if length < low:
        length = low
    if high is not None and length > high:
        length = high
    return ((chars[first] + chars[second] + chars[third]) * (length // 3 + 1))[:length]
