"""Mistakes in strings of a pattern: strings that miss it in one place, as people and programs write them.

Some mistakes change a valid string: another character, wrong case, a line break at the end. The others are strings of a changed
pattern, in which one repeat has another number or one part is missing. No change is certain to miss the pattern, so the engine
confirms each string.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from contractfuzz.patterns.engine import CompiledPattern, compile_pattern
from contractfuzz.patterns.syntax import Alternation, Characters, Expression, Group, Position, Repeat
from contractfuzz.patterns.syntax import Sequence as Parts
from contractfuzz.payloads.choices.seeded import SeededChoices
from contractfuzz.payloads.values.pattern_decoder import PatternDecoder
from contractfuzz.payloads.values.pattern_edits import (
    EDITS,
    NUMBERS,
    Candidates,
    rotated,
    with_foreign_character,
    with_other_character,
)
from contractfuzz.payloads.values.pattern_examples import patterns_of, string_check
from contractfuzz.payloads.values.pattern_strings import MORE_PATTERNS

MAX_CHANGED_PATTERNS = 12
"""Number of changed patterns of each variant."""

MAX_PLACES = 3
"""Number of labels for the places of a variant that changes the pattern."""

MAX_CONFIRMED = 4
"""Number of confirmed strings that are kept of each variant."""

_MAX_TRIES = 40
"""Number of candidates that are tried for one string."""

_MAX_SEARCHED = 200
"""Number of candidates that are tried in search of a variant."""

_DECODED_TRIES = 3
_SEARCHED_NUMBERS = (0, NUMBERS // 2, NUMBERS - 1)
_SEARCHED_DATA = (bytes(16), *map(SeededChoices(b"mistakes").block, [16] * 23))
"""Bytes of the tries in search of a variant."""


@dataclass(frozen=True, slots=True)
class PatternMistake:
    """One variant of mistakes in the strings of a pattern.

    Attributes:
        variant: the name of the variant.
        description: the mistake in words.
        confirmed: some strings with the mistake, the simplest first.
        is_mistake: returns True if a string misses the pattern, and keeps all other keywords.
        candidates: yields further strings; None if the engine may take long to match them.

    """

    variant: str
    description: str
    confirmed: tuple[str, ...]
    is_mistake: Callable[[str], bool]
    candidates: Candidates | None

    def string(self, text: str, data: bytes, number: int) -> str:
        """Return a string with the mistake.

        Args:
            text: a valid string, the start for mistakes that change one.
            data: bytes that decide about strings of a changed pattern.
            number: selects the place of the mistake; below ``NUMBERS``. 0 is the simplest.

        """
        candidates = iter(()) if self.candidates is None else self.candidates(text, data, number)
        found = next((one for one in islice(candidates, _MAX_TRIES) if self.is_mistake(one)), None)
        return self.confirmed[number * len(self.confirmed) // NUMBERS] if found is None else found


def find_mistakes(schema: Mapping[str, Any], valid: Sequence[str]) -> list[PatternMistake]:
    """Return the variants of mistakes that the strings of a pattern can have.

    Args:
        schema: the keywords of the string, with ``pattern``. Of several patterns, a mistake breaks one.
        valid: some valid strings, the simplest first.

    """
    found: dict[str, PatternMistake] = {}
    for pattern in patterns_of(schema):
        compiled = compile_pattern(pattern)
        others = [other for other in patterns_of(schema) if other != pattern]
        search = _MistakeSearch(
            compiled, string_check({**schema, "pattern": pattern, MORE_PATTERNS: others}, skipped=pattern)
        )
        for variant, (description, candidates) in (EDITS | _changed_patterns(schema, compiled)).items():
            if variant not in found and (confirmed := _confirm(search, candidates, valid)):
                found[variant] = PatternMistake(variant, description, confirmed, search.is_mistake, candidates)
        if search.gave_up:
            found |= {variant: replace(mistake, candidates=None) for variant, mistake in found.items()}
    return list(found.values())


def _confirm(search: _MistakeSearch, candidates: Candidates, valid: Sequence[str]) -> tuple[str, ...]:
    """Return some strings with a variant of mistakes, the simplest first."""
    confirmed: dict[str, None] = {}
    starts = ((text, number) for text in valid for number in _SEARCHED_NUMBERS)
    for (text, number), data in zip(starts, _SEARCHED_DATA, strict=False):
        mistake = search.first(candidates(text, data, number))
        if mistake is not None:
            confirmed[mistake] = None
        if len(confirmed) == MAX_CONFIRMED or search.gave_up:
            break
    return tuple(sorted(confirmed, key=len))


class _MistakeSearch:
    """The search for strings that miss a pattern.

    Attributes:
        gave_up: True if the engine has stopped at its limit. The search ends then, since each such string takes long.

    """

    def __init__(self, pattern: CompiledPattern, keeps_others: Callable[[str], bool]) -> None:
        self._pattern, self._keeps_others = pattern, keeps_others
        self.gave_up = False

    def first(self, candidates: Iterator[str]) -> str | None:
        """Return the first of some candidates that is a mistake."""
        for text in islice(candidates, _MAX_SEARCHED):
            if self.gave_up:
                return None
            if self.is_mistake(text):
                return text
        return None

    def is_mistake(self, text: str) -> bool:
        """Return True if a string certainly misses the pattern, and keeps all other keywords."""
        if self._pattern.search(text) or not self._keeps_others(text):
            return False
        if self._pattern.gives_up(text):
            self.gave_up = True
            return False
        return True


# --- strings of a changed pattern ------------------------------------------------------------------------------------------

_CHANGES = {
    "few": "one repeat too few",
    "many": "one repeat too many",
    "part": "a part that the pattern requires is missing",
    "head": "the start is missing",
    "tail": "the end is missing",
    "twice": "the end is there twice",
}

_WITHOUT_PLACES = ("head", "tail", "twice")
"""Variants with one label for all places."""

_NOTHING = Parts(())

Change = tuple[str, Callable[[], Expression]]
"""A variant, and a function that returns the changed pattern."""


def _changed_patterns(schema: Mapping[str, Any], compiled: CompiledPattern) -> dict[str, tuple[str, Candidates]]:
    """Return the variants with the candidates that are strings of changed patterns."""
    foreign = "one digit or letter that is not ASCII", with_foreign_character(compiled.pattern)
    if compiled.expression is None:
        return {"foreign": foreign}
    found = {
        "foreign": foreign,
        "edge": ("one character just outside a class", with_other_character(_characters_beyond(compiled.expression))),
    }
    low, high = int(schema.get("minLength", 0)), schema.get("maxLength")
    changes: dict[str, list[Callable[[], Expression]]] = {variant: [] for variant in _CHANGES}
    for variant, make in (*_cuts_of(compiled.expression), *_changes_of(compiled.expression, lambda one: one)):
        changes[variant].append(make)
    for variant, makers in changes.items():
        step = max(1, -(-len(makers) // MAX_CHANGED_PATTERNS))
        changed = dict.fromkeys(make() for make in makers[::step])
        decoders = [PatternDecoder(expression, low, None if high is None else int(high)) for expression in changed]
        possible = [decoder for decoder in decoders if decoder.is_possible]
        # Each of the first places has a label, so that all of them are fed even if few cases are.
        places = 1 if variant in _WITHOUT_PLACES else MAX_PLACES
        for place in range(min(places, len(possible))):
            words = _CHANGES[variant] if not place else f"{_CHANGES[variant]}, at place {place + 1}"
            found[_label(variant, place)] = words, _decoded_by(possible[place::places])
    return found


def _label(variant: str, place: int) -> str:
    return f"{variant}-{place + 1}" if place else variant


def _decoded_by(decoders: Sequence[PatternDecoder]) -> Candidates:
    def candidates(_text: str, data: bytes, number: int) -> Iterator[str]:
        for decoder in rotated(decoders, number):
            kept = data[:1] + data[1:][-(decoder.width - 1) :].rjust(decoder.width - 1, b"\0")
            yield from (decoder.decode(kept, 0, attempt) for attempt in range(_DECODED_TRIES))

    return candidates


def _characters_beyond(expression: Expression) -> str:
    """Return the printable characters next to the sets in a pattern that are not in them."""
    match expression:
        case Characters(ranges, _, is_negated):
            # A single character is not an edge of a class.
            beyond = 0 if is_negated else 1
            codes = [code for first, last in ranges if first < last for code in (first - beyond, last + beyond)]
            return "".join(chr(code) for code in codes if 0x21 <= code <= 0x7E)
        case Parts(inner) | Alternation(inner):
            return "".join(dict.fromkeys("".join(map(_characters_beyond, inner))))
        case Repeat(body) | Group(body):
            return _characters_beyond(body)
    return ""


def _cuts_of(expression: Expression) -> Iterator[Change]:
    """Yield the changes of a pattern in which several parts at its start or end are missing, or are there twice."""
    parts = expression.parts if isinstance(expression, Parts) else (expression,)
    kept = [part for part in parts if not isinstance(part, Position)]
    for count in range(2, len(kept)):
        yield "head", lambda count=count: _anchored(parts, kept[count:])  # type: ignore[misc]
        yield "tail", lambda count=count: _anchored(parts, kept[:-count])  # type: ignore[misc]
    for count in range(1, len(kept) + 1):
        yield "twice", lambda count=count: _anchored(parts, [*kept, *kept[-count:]])  # type: ignore[misc]


def _anchored(parts: tuple[Expression, ...], kept: Sequence[Expression]) -> Expression:
    """Return other parts between the anchors of a pattern."""
    before = [part for part in parts[:1] if isinstance(part, Position)]
    return Parts((*before, *kept, *[part for part in parts[-1:] if isinstance(part, Position)]))


def _changes_of(expression: Expression, rebuild: Callable[[Expression], Expression]) -> Iterator[Change]:
    """Yield the changes of an expression. ``rebuild`` returns the whole pattern with the expression replaced."""
    match expression:
        case Repeat(body, low, high):
            if low:
                yield "few", lambda: rebuild(Repeat(body, low - 1, low - 1))
            if high is not None:
                yield "many", lambda: rebuild(Repeat(body, high + 1, high + 1))
            # Without its only character, the first repeat is one too few.
            inner_body = body.body if isinstance(body, Group) else body
            if high != 0 and not isinstance(inner_body, Characters):
                rest = Repeat(body, max(0, low - 1), None if high is None else high - 1)
                yield from _changes_of(body, lambda inner: rebuild(Parts((inner, rest))))
        case Parts(parts):
            yield from _changes_of_parts(parts, rebuild)
        case Alternation(branches):
            for branch in branches:
                yield from _changes_of(branch, rebuild)
        case Group(body, number):
            yield from _changes_of(body, lambda inner: rebuild(Group(inner, number)))
        case Characters():
            yield "part", lambda: rebuild(_NOTHING)


def _changes_of_parts(parts: tuple[Expression, ...], rebuild: Callable[[Expression], Expression]) -> Iterator[Change]:
    # Without its only part, the string is empty, which is a mismatch and not a near miss.
    is_only = sum(not isinstance(part, Position) for part in parts) == 1
    for index, part in enumerate(parts):

        def replace(inner: Expression, index: int = index) -> Expression:
            kept = () if inner == _NOTHING else (inner,)
            return rebuild(Parts((*parts[:index], *kept, *parts[index + 1 :])))

        # Without a repeat of one character, that repeat is one too few.
        is_short = isinstance(part, Repeat) and part.low == 1 and isinstance(part.body, Characters)
        is_required = isinstance(part, Alternation | Group) or (isinstance(part, Repeat) and part.low and not is_short)
        if is_required and not is_only:
            yield "part", lambda replace=replace: replace(_NOTHING)  # type: ignore[misc]
        yield from _changes_of(part, replace)
