"""Strings of a pattern, decoded from bytes: byte zero is the simplest decision everywhere.

A decoder walks through the syntax tree of a pattern. At each fork a byte decides: which alternative, how many repeats, which
character of a set. The last byte decides first. When all bytes but the first have decided, those in the first half decide again,
unless the first byte is zero: then the rest is simplest. Shrinking prefers nonzero bytes at the end, so what matters moves to the
start of the string, and the rest can be cut off.

The walk keeps bounds of the length. Each part knows the lengths that it can have, so a decision that leaves no way to a right
length is not taken. Look-around and word boundaries are not kept: the caller validates the string.
"""

from __future__ import annotations

import math
from collections.abc import Sequence as Items
from functools import lru_cache

from contractfuzz.patterns.syntax import (
    Alternation,
    BackReference,
    Characters,
    Expression,
    Group,
    Look,
    Position,
    Repeat,
    Sequence,
)
from contractfuzz.payloads.values.pattern_strings import (
    MAX_WALK_CHARACTERS,
    characters_of,
    seed_state,
    spread_characters_of,
    state_after,
)

MAX_DECISION_BYTES = 12
"""Number of bytes that decide at most; further decisions are pseudo-random."""

MAX_DECODED_PARTS = 4_000
"""Number of parts that each string of a pattern has at most; a pattern with more has no decoder."""

TYPICAL_MORE_REPEATS = 32
"""Number of repeats beyond the least that all parts of a string have together, apart from bounds."""

MAX_READABLE_REPEATS = 100
"""Difference of the bounds of a repeat up to which the greatest number of repeats is preferred."""

_FEWEST, _ONE_MORE, _MOST = 72, 112, 152
"""Bytes from which on a repeat is not at its least, not at one more, and not at its most."""

_ENDLESS = 10**9
_MORE_DECISIONS = 6
_UNIT = 3
_MAX_SEPARATE_CHARACTERS = 100
_ANY_PADDING = Characters(((0x20, 0x7E),))


class PatternDecoder:
    """Makes strings of a pattern between two lengths from bytes.

    Args:
        expression: the syntax tree of the pattern.
        low: the least length.
        high: the greatest length; None for no upper bound.

    Attributes:
        width: the number of bytes that a string reads.

    """

    def __init__(self, expression: Expression, low: int = 0, high: int | None = None) -> None:
        root = _make_part(_padded(expression), low + TYPICAL_MORE_REPEATS)
        most = root.shortest + MAX_WALK_CHARACTERS if high is None else high
        self._root = root
        self._spare = most - root.shortest
        self._waste = root.longest - low if low else math.inf
        decisions = root.decisions + max(0, low - root.shortest) + _MORE_DECISIONS * (root.longest > root.shortest)
        self.width = 1 + min(MAX_DECISION_BYTES, max(1, decisions))

    @property
    def is_possible(self) -> bool:
        """True if some string has a right length and is short enough to make."""
        return self._spare >= 0 and self._waste >= 0 and self._root.work <= MAX_DECODED_PARTS

    def decode(self, block: bytes, at: int, attempt: int = 0) -> str:
        """Return the string that ``block[at : at + width]`` decides.

        Args:
            block: the bytes.
            at: the index of the first one.
            attempt: 0 for the string of the bytes themselves; other numbers give other strings.

        """
        data = block[at : at + self.width]
        return self._root.write(_Decoding(data, self._spare, self._waste, attempt))


def length_bounds(expression: Expression) -> tuple[int, int | None]:
    """Return the lengths of the shortest and the longest string that a pattern matches; None for no longest one.

    Look-around and back references are not considered, so that some strings may be shorter or longer.
    """
    root = _make_part(_padded(expression), _ENDLESS)
    return root.shortest, root.longest if root.longest < _ENDLESS else None


class _Decoding:
    """The state while one string is decoded.

    Attributes:
        spare: number of characters that the string may have beyond the shortest one.
        waste: number of characters that it may have less than the longest one.
        repeats: number of repeats beyond the least that are still typical.
        groups: the text of each captured group.

    """

    __slots__ = ("_at", "_data", "_state", "groups", "repeats", "spare", "waste")

    def __init__(self, data: bytes, spare: int, waste: float, attempt: int) -> None:
        self._data = data
        self._at = 0 if attempt else len(data) - 1
        self._state = seed_state(int.from_bytes(data) << 8 | attempt) if attempt else 0
        self.spare, self.waste = spare, waste
        self.repeats = TYPICAL_MORE_REPEATS
        self.groups: dict[int, str] = {}

    def byte(self) -> int:
        if self._state:
            self._state = state = state_after(self._state)
            return state >> 56
        at = self._at
        if not at:
            if not self._data[0]:
                return 0
            at = len(self._data) + 1 >> 1
        self._at = at - 1
        return self._data[at]

    def index(self, size: int) -> int:
        if size <= 256:
            return self.byte() * size >> 8 if size > 1 else 0
        return (self.byte() << 8 | self.byte()) * size >> 16


class _Part:
    """A part of a decoder.

    Attributes:
        shortest: the least number of characters.
        longest: the greatest number of characters. Repeats without an upper bound count as if they had one.
        decisions: the number of bytes that decide a short string.
        work: the number of parts that each string has.

    """

    __slots__ = ("decisions", "longest", "shortest", "work")

    def __init__(self, shortest: int = 0, longest: int = 0, decisions: int = 0, work: int = 1) -> None:
        self.shortest, self.longest, self.decisions, self.work = shortest, longest, decisions, work

    def write(self, decoding: _Decoding) -> str:  # noqa: ARG002
        return ""


class _CharacterPart(_Part):
    __slots__ = ("characters",)

    def __init__(self, characters: Characters) -> None:
        self.characters = _characters_by_byte(characters)
        count = 1 if self.characters else 0
        super().__init__(count, count, int(len(self.characters) > 1))

    def write(self, decoding: _Decoding) -> str:
        characters = self.characters
        if len(characters) <= 1:
            return characters[0] if characters else ""
        return characters[decoding.byte()]


class _SequencePart(_Part):
    """Parts in a row; ``required`` ones of a look-ahead are laid over the text that follows."""

    __slots__ = ("is_required", "parts")

    def __init__(self, parts: Items[_Part], is_required: Items[bool]) -> None:
        self.parts = list(parts)
        self.is_required = list(is_required) if any(is_required) else []
        kept = [part for part, required in zip(parts, is_required, strict=True) if not required]
        shortest, longest = sum(part.shortest for part in kept), sum(part.longest for part in kept)
        super().__init__(shortest, longest, sum(part.decisions for part in parts), 1 + sum(part.work for part in parts))

    def write(self, decoding: _Decoding) -> str:
        if not self.is_required:
            return "".join([part.write(decoding) for part in self.parts])
        required = done = ""
        for part, is_required in zip(self.parts, self.is_required, strict=True):
            if is_required:
                spare, waste = decoding.spare, decoding.waste
                required += part.write(decoding)
                decoding.spare, decoding.waste = spare, waste
            else:
                done += part.write(decoding)
        return required + done[len(required) :]


class _AlternationPart(_Part):
    __slots__ = ("branches",)

    def __init__(self, branches: Items[_Part]) -> None:
        self.branches = list(branches)
        super().__init__(
            min(part.shortest for part in branches),
            max(part.longest for part in branches),
            1 + max(part.decisions for part in branches),
            1 + max(part.work for part in branches),
        )

    def write(self, decoding: _Decoding) -> str:
        branches, spare, waste = self.branches, decoding.spare, decoding.waste
        if spare < self.longest or waste < self.longest:
            branches = [
                part
                for part in branches
                if part.shortest - self.shortest <= spare and self.longest - part.longest <= waste
            ] or branches
        branch = branches[decoding.index(len(branches))]
        decoding.spare = spare - branch.shortest + self.shortest
        decoding.waste = waste - self.longest + branch.longest
        return branch.write(decoding)


class _RepeatPart(_Part):
    """A part several times: most often the least number, one more or, if it is bounded, the greatest."""

    __slots__ = ("body", "high", "is_bounded", "low")

    def __init__(self, body: _Part, low: int, high: int | None, unbounded: int) -> None:
        self.body, self.low, self.is_bounded = body, low, high is not None
        self.high = low + unbounded if high is None else high
        super().__init__(
            low * body.shortest,
            self.high * body.longest,
            int(low != high) + min(max(low, 1), MAX_DECISION_BYTES) * body.decisions,
            1 + low * body.work,
        )

    def write(self, decoding: _Decoding) -> str:
        body, low, high = self.body, self.low, self.high
        fewest, most = low, high
        unit = max(1, body.shortest, body.work // 8)
        if (high - low) * unit > decoding.spare:
            most = low + decoding.spare // unit
        if (high - low) * body.longest > decoding.waste:
            fewest = min(most, high - int(decoding.waste // body.longest))
        count = self._count(decoding, fewest, most)
        decoding.spare -= (count - low) * body.shortest
        decoding.waste -= (high - count) * body.longest
        decoding.repeats -= count - fewest
        if count > _MAX_SEPARATE_CHARACTERS and isinstance(body, _CharacterPart):
            unit_text = "".join([body.write(decoding) for _ in range(_UNIT)])
            return (unit_text * (count // _UNIT + 1))[:count]
        return "".join([body.write(decoding) for _ in range(count)])

    def _count(self, decoding: _Decoding, fewest: int, most: int) -> int:
        span = most - fewest
        if span <= 0:
            return fewest
        byte = decoding.byte()
        if span == 1:
            return fewest + (byte >> 7)
        if byte < _FEWEST:
            return fewest
        if byte < _ONE_MORE or decoding.repeats < 2:
            return fewest + 1
        if byte < _MOST and span <= MAX_READABLE_REPEATS and (self.is_bounded or most < self.high):
            return most
        return fewest + 2 + ((byte - _ONE_MORE) * (min(span, decoding.repeats) - 1) >> 8)


class _GroupPart(_Part):
    __slots__ = ("body", "number")

    def __init__(self, body: _Part, number: int) -> None:
        self.body, self.number = body, number
        super().__init__(body.shortest, body.longest, body.decisions, 1 + body.work)

    def write(self, decoding: _Decoding) -> str:
        text = decoding.groups[self.number] = self.body.write(decoding)
        return text


class _ReferencePart(_Part):
    __slots__ = ("number",)

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__()

    def write(self, decoding: _Decoding) -> str:
        return decoding.groups.get(self.number, "")


def _make_part(expression: Expression, unbounded: int) -> _Part:
    match expression:
        case Characters():
            return _CharacterPart(expression)
        case Sequence(parts):
            kept = [part for part in parts if not isinstance(part, Position)]
            made = [_make_part(part, unbounded) for part in kept]
            return _SequencePart(made, [isinstance(part, Look) and part.operator == "?=" for part in kept])
        case Alternation(branches):
            return _AlternationPart([_make_part(branch, unbounded) for branch in branches])
        case Repeat(body, low, high):
            return _RepeatPart(_make_part(body, unbounded), low, high, unbounded)
        case Group(body, number):
            inner = _make_part(body, unbounded)
            return _GroupPart(inner, number) if number else inner
        case Look(operator, body) if operator in ("?=", "?<="):
            return _make_part(body, unbounded)
        case BackReference(number):
            return _ReferencePart(number)
        case _:
            return _Part()


def _padded(expression: Expression) -> Expression:
    """Return an expression with any text before and after it, except at an anchor."""
    if isinstance(expression, Alternation):
        return Alternation(tuple(map(_padded, expression.branches)))
    padding = Alternation((*[Sequence(())] * 3, Repeat(_ANY_PADDING, 1, None)))
    before = () if _is_anchored(expression, "^", 0) else (padding,)
    after = () if _is_anchored(expression, "$", -1) else (padding,)
    return Sequence((*before, expression, *after)) if before or after else expression


def _is_anchored(expression: Expression, kind: str, end: int) -> bool:
    match expression:
        case Position():
            return expression.kind == kind
        case Sequence(parts) if parts:
            return _is_anchored(parts[end], kind, end)
        case Alternation(branches):
            return all(_is_anchored(branch, kind, end) for branch in branches)
        case Group(body):
            return _is_anchored(body, kind, end)
    return False


@lru_cache(maxsize=4096)
def _characters_by_byte(characters: Characters) -> tuple[str, ...]:
    """Return the characters that the 256 values of a byte select; one if there is one, none if the set is empty.

    The plainest one comes first, then edges of the set, then all characters of the set, or a part of them at equal distances.
    """
    edges = characters_of(characters)
    if len(edges) <= 1:
        return edges
    others = spread_characters_of(characters)
    return tuple(
        edges[0]
        if byte < 16
        else edges[(byte - 16) * len(edges) // 80]
        if byte < 96
        else others[(byte - 96) * len(others) // 160]
        for byte in range(256)
    )
