"""Strings of a pattern, made by walking its syntax tree. The same pattern always has the same strings, the simplest first.

A walk asks a source of decisions at each fork: which alternative, how many repeats, which character of a set. Decision 0 is the
simplest. The first string takes it everywhere, the next ones differ from the first in one decision, and the last ones take all
decisions from pseudo-random numbers. A string may miss the pattern, because a walk does not check look-around, so the caller
validates it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain

from contractfuzz.patterns.engine import PatternError, compile_pattern, write_expression
from contractfuzz.patterns.syntax import (
    Alternation,
    BackReference,
    Characters,
    Expression,
    Group,
    Look,
    Range,
    Repeat,
    Sequence,
    complement,
    merged,
    without_surrogates,
)

MORE_PATTERNS = "$patterns"
"""Key among flat keywords for further patterns, which the string must match besides ``pattern``."""

MAX_SINGLE_CHANGES = 160
"""Number of strings that differ from the first in one decision."""

RANDOM_STRINGS = 60
"""Number of strings with pseudo-random decisions."""

SIZED_STRINGS = 12
"""Number of strings with pseudo-random decisions for each number of repeats that gives a right length."""

MAX_SHORTER_REPEATS = 40
"""Number of repeats below a bound of the length that are tried."""

MAX_WALK_CHARACTERS = 2000
"""Length from which on a walk takes as few repeats as it can."""

MAX_WALK_STEPS = 20_000
"""Number of expressions that one walk visits; a longer walk is cut off, and its string misses the pattern."""

MAX_TOTAL_STEPS = 16_000
"""Number of expressions that all walks visit before the last one begins."""

_PREFERRED = "a0A-_ .b1Bz9Z"
_PRINTABLE = range(0x20, 0x7F)
_SAMPLES = "éßñøŁЖЯΩδאעربहあ日한ไ€½²™😀\t\n\u0301\u00a0\u2028"
"""Characters that may have a Unicode property, for sets without ASCII."""

MAX_SPREAD = 160
"""Number of characters of a set at most, apart from its edges."""

_MAX_CHARACTERS = 12
_MAX_SEPARATE_CHARACTERS = 24

Decide = Callable[[int], int]
"""Function that takes the number of ways to go on and returns the index of one."""


def pattern_strings(expression: Expression, low: int = 0, high: int | None = None) -> Iterator[str]:
    """Yield strings that probably match a pattern, each once.

    Args:
        expression: the syntax tree of the pattern.
        low: the least length. Some strings are made for it.
        high: the greatest length; None for no upper bound.

    """
    found: dict[str, None] = {}
    for text in _walks(expression, low, high):
        if text not in found:
            found[text] = None
            yield text
    # A pattern without anchors matches anywhere.
    first = next(iter(found))
    padded = (first + "a" * (length - len(first)) for length in (low, min(high or low, max(low, MAX_WALK_CHARACTERS))))
    extended = dict.fromkeys((f"a{first}", f"{first}a", f"a {first} 0", *padded))
    yield from (text for text in extended if text not in found)


def _walks(expression: Expression, low: int, high: int | None) -> Iterator[str]:
    forks: list[int] = []

    def simplest(ways: int) -> int:
        forks.append(ways)
        return 0

    first = _Walk(simplest)
    yield first.text(expression)
    changes = [(fork, way) for fork, ways in enumerate(forks) for way in range(1, ways)]
    most = max(8, min(MAX_SINGLE_CHANGES, MAX_TOTAL_STEPS // 2 // first.steps))
    step = max(1, -(-len(changes) // most))
    walks = chain(
        _sized_walks(expression, low, high, _sizes(low, high)),
        (_Walk(_changed(fork, way)) for fork, way in changes[::step]),
        (_Walk(_random(seed)) for seed in range(RANDOM_STRINGS)),
    )
    steps = first.steps
    for walk in walks:
        yield walk.text(expression)
        steps += walk.steps
        if steps > MAX_TOTAL_STEPS:
            return


def _sizes(low: int, high: int | None) -> list[int]:
    """Return numbers of repeats that may give a string of the least or the greatest length."""
    # A string of the greatest length is made if it is short enough to read.
    bounds = {low, low + 1, *(() if high is None or high > MAX_WALK_CHARACTERS else (high, high - 1))} - {0, 1, -1}
    counts = (count for length in sorted(bounds) for count in range(length, length - MAX_SHORTER_REPEATS, -1))
    return list(dict.fromkeys(count for count in counts if count > 0))


def _sized_walks(expression: Expression, low: int, high: int | None, counts: list[int]) -> Iterator[_Walk]:
    """Yield walks with many repeats. Those whose strings have a right length are varied."""
    for count in counts:
        yield _Walk(_zero, repeats=count)
        if low <= len(_Walk(_zero, repeats=count).text(expression)) <= (low + 1 if high is None else high):
            yield from (_Walk(_random(seed), repeats=count) for seed in range(SIZED_STRINGS))


def _zero(_ways: int) -> int:
    return 0


def _changed(fork: int, way: int) -> Decide:
    at = -1

    def decide(ways: int) -> int:
        nonlocal at
        at += 1
        return min(way, ways - 1) if at == fork else 0

    return decide


def _random(seed: int) -> Decide:
    """Return pseudo-random decisions, which are the same in every version of Python."""
    state = seed_state(seed)

    def decide(ways: int) -> int:
        nonlocal state
        state = state_after(state)
        return (state >> 33) % ways

    return decide


def seed_state(seed: int) -> int:
    """Return the state of a generator of pseudo-random numbers that starts with a seed."""
    return seed * 2654435761 % 2**64


def state_after(state: int) -> int:
    """Return the next state of the generator, a number of 64 bits. The upper bits are the best ones."""
    return (state * 6364136223846793005 + 1442695040888963407) % 2**64  # Knuth's MMIX


class _Walk:
    """One walk through a syntax tree.

    Args:
        decide: the source of decisions.
        repeats: the number of repeats to prefer; None to decide.

    Attributes:
        steps: the number of expressions that were visited.

    """

    def __init__(self, decide: Decide, repeats: int | None = None) -> None:
        self._decide = decide
        self._repeats = repeats
        self._length = 0
        self.steps = 0
        self._groups: dict[int, str] = {}

    def text(self, expression: Expression) -> str:
        """Return a string of an expression."""
        self.steps += 1
        if self.steps > MAX_WALK_STEPS:
            return ""
        match expression:
            case Characters():
                self._length += 1
                characters = characters_of(expression)
                return characters[self._decide(len(characters))] if characters else ""
            case Sequence(parts):
                return self._sequence(parts)
            case Alternation(branches):
                return self.text(branches[self._decide(len(branches))])
            case Repeat():
                return self._repeat(expression)
            case Group(body, number):
                text = self._groups[number] = self.text(body)
                return text
            case BackReference(number):
                return self._groups.get(number, "")
            case _:
                return ""

    def _sequence(self, parts: tuple[Expression, ...]) -> str:
        done, required = "", ""
        for part in parts:
            if not isinstance(part, Look):
                done += self.text(part)
            elif part.operator == "?=":
                # The required text is laid over the text that follows it, or put before it, or left to chance.
                way = self._decide(3)
                text = self.text(part.body)
                if way == 0:
                    required += text
                elif way == 1:
                    done += text
            elif part.operator == "?<=" and self._decide(2) == 0:
                done += self.text(part.body)
        return required + done[len(required) :] if required else done

    def _repeat(self, repeat: Repeat) -> str:
        low, high = repeat.low, repeat.high
        counts = [low, low + 1, low + 2, low + 5] if high is None else [low, low + 1, high, (low + high) // 2]
        counts = [count for count in dict.fromkeys(counts) if high is None or count <= high]
        count = counts[self._decide(len(counts))]
        if self._repeats is not None:
            count = max(low, self._repeats if high is None else min(self._repeats, high))
        elif self._length + count > MAX_WALK_CHARACTERS:
            count = max(low, min(count, MAX_WALK_CHARACTERS - self._length))
        if isinstance(repeat.body, Characters) and count > _MAX_SEPARATE_CHARACTERS:
            self._length += count
            unit = "".join(self.text(repeat.body) for _ in range(3))
            return (unit * (count // 3 + 1))[:count]
        # Only the outer of several repeats within each other is long.
        outer, self._repeats = self._repeats, None if self._repeats is None else 0
        text = "".join(self.text(repeat.body) for _ in range(min(count, MAX_WALK_STEPS)))
        self._repeats = outer
        return text


@lru_cache(maxsize=4096)
def characters_of(characters: Characters) -> tuple[str, ...]:
    """Return characters of a set, the simplest first: printable ones of ASCII, or others if there are none.

    Args:
        characters: the set.

    Returns:
        At most a dozen characters: the plain ones, and the first and the last of each run. None if the set is empty.

    """
    ranges = _usual_ranges(characters)
    preferred = [one for one in _PREFERRED if any(first <= ord(one) <= last for first, last in ranges)]
    edges = [chr(code) for run in ranges for code in run]
    found = dict.fromkeys([*preferred[:1], *edges, *preferred])
    if len(found) <= _MAX_CHARACTERS:
        return tuple(found)
    kept = list(found)
    step = len(kept) / _MAX_CHARACTERS
    return tuple(kept[int(index * step)] for index in range(_MAX_CHARACTERS))


def spread_characters_of(characters: Characters) -> tuple[str, ...]:
    """Return all characters of a set in order, of the kind of ``characters_of``, or ``MAX_SPREAD`` at equal distances."""
    ranges = _usual_ranges(characters)
    total = sum(last - first + 1 for first, last in ranges)
    found, start, wanted = [], 0, min(total, MAX_SPREAD)
    places = iter([index * total // wanted for index in range(wanted)])
    place = next(places, total)
    for first, last in ranges:
        while place < start + last - first + 1:
            found.append(chr(first + place - start))
            place = next(places, total)
        start += last - first + 1
    return tuple(found)


@lru_cache(maxsize=4096)
def _usual_ranges(characters: Characters) -> tuple[Range, ...]:
    """Return the printable characters of ASCII in a set, or all if there are none."""
    if characters.properties:
        return _ranges_by_engine(characters)
    ranges = merged(without_surrogates(characters.ranges))
    if characters.is_negated:
        ranges = without_surrogates(complement(ranges))
    printable = tuple((max(first, 0x20), min(last, 0x7E)) for first, last in ranges if first <= 0x7E and last >= 0x20)
    return printable or ranges


def _ranges_by_engine(characters: Characters) -> tuple[Range, ...]:
    """Return characters of a set with Unicode properties, which only the engine knows."""
    try:
        search = compile_pattern(f"^{write_expression(characters)}$").search
    except PatternError:
        return ()
    matching = [code for code in _PRINTABLE if search(chr(code))] or [ord(one) for one in _SAMPLES if search(one)]
    edges = [code for run in characters.ranges for code in run if search(chr(code))]
    return merged(tuple((code, code) for code in [*matching, *([] if matching else edges)]))
