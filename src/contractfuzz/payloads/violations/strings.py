"""Faults of strings."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from contractfuzz.documents.dialects.string_encoded import ANNOTATION
from contractfuzz.patterns.engine import compile_pattern
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.choices.seeded import attempts
from contractfuzz.payloads.plan.node import FaultBuilder, Node, Schema
from contractfuzz.payloads.plan.strings import MAX_STRING_LENGTH, Formatted
from contractfuzz.payloads.values import formats
from contractfuzz.payloads.values.string_encoded import encoded_mistakes, number_mistakes
from contractfuzz.payloads.violations.fault import WRAPPED, Derived, Fault, NearMiss, changed, constant, derived, one_of

if TYPE_CHECKING:
    from contractfuzz.payloads.values.pattern_mistakes import PatternMistake

MAX_MISMATCHES = 8
MAX_CHANGED_STRINGS = 8
"""Number of valid strings that are changed in search of mistakes."""

REPLACEMENTS = "a0!~A -"
"""Characters that replace the last one of a string so that it misses its pattern: no line break, which ``$`` may accept."""

ADDITIONS = " !a0A"
"""Characters that are added to a string so that it misses its pattern."""

_SAMPLED_STRINGS = 20
"""Number of strings that show whether all strings of a node hold a number."""

_NUMBER = re.compile(r"-?[0-9]{1,300}(\.[0-9]{1,300})?")

_SECONDS_END = len("2000-01-01T00:00:00")

_CHARACTER_CLASSES = re.compile(r"\\[wWdDsSbB]")


def _min_length(node: Node) -> Iterator[Fault]:
    low = int(node.schema["minLength"])
    if low:
        yield Fault("minLength", "short", "one character too few", _of_length(low - 1))
    if low > 1:
        yield Fault("minLength", "far", "an empty string", constant(""))


def _max_length(node: Node) -> Iterator[Fault]:
    high = node.schema["maxLength"]
    if high < MAX_STRING_LENGTH:
        yield Fault("maxLength", "long", "one character too many", _of_length(int(high) + 1))
        far = min(int(high) * 10 + 100, MAX_STRING_LENGTH + 1)
        yield Fault("maxLength", "far", "far too long", _of_length(far))


def _pattern(node: Node) -> Iterator[Fault]:
    if ANNOTATION in node.schema:
        yield from _encoding_mistakes(node.schema)
        return
    # Loads jsonschema, which contracts without patterns do not need.
    from contractfuzz.payloads.values.pattern_examples import string_check
    from contractfuzz.payloads.values.pattern_mistakes import find_mistakes

    mismatches = _mismatches(node)
    if mismatches:
        words = "a string that the pattern does not match"
        yield Fault("pattern", "mismatch", words, _mismatched(node, mismatches))
    valid = [text for text in node.listed_values if isinstance(text, str)]
    for mistake in find_mistakes(node.schema, _spread(valid, MAX_CHANGED_STRINGS)):
        yield Fault("pattern", mistake.variant, mistake.description, _mistaken(node, mistake))
    keeps_others = string_check(node.schema, skipped=node.schema["pattern"])
    numbers = [mistake for mistake in number_mistakes(node.schema["pattern"]) if keeps_others(mistake[1])]
    yield from _mistakes(node.schema, numbers, "a number as a string")


def _mistaken(node: Node, mistake: PatternMistake) -> FaultBuilder:
    from contractfuzz.payloads.values.pattern_edits import NUMBERS

    def change(text: str, choices: Choices, block: bytes, at: int) -> Any:
        return mistake.string(text, block[at + 1 : at + node.width], choices.index(NUMBERS))

    return derived(node, change)


def _format(node: Node) -> Iterator[Fault]:
    name = node.schema["format"]
    if name == "date-time":
        for variant, (change, words) in formats.DATE_TIME_MISTAKES.items():
            yield Fault("format", variant, f"{words}; expected a date-time", _changed_date_time(node, change))
        return
    for variant, value, words in formats.FORMAT_MISTAKES.get(name, ()):
        yield Fault("format", variant, f"{words}; expected {_with_article(name)}", constant(value))


STRING_FAULTS: dict[str, Callable[[Node], Iterator[Fault]]] = {
    "minLength": _min_length,
    "maxLength": _max_length,
    "pattern": _pattern,
    "format": _format,
}
"""For each keyword of strings its faults."""


def _without_quotes(node: Node, allowed: frozenset[str]) -> FaultBuilder | None:
    """Return the builder of the number that a string holds, for strings that all hold one."""
    samples = [choices.build(node) for choices in attempts("unquoted", _SAMPLED_STRINGS)]
    if allowed & {"integer", "number"} or not all(_NUMBER.fullmatch(text) for text in samples):
        return None
    return changed(node, _unquoted)


def _unquoted(text: str) -> int | float:
    # A reader that turns the number into a string again gets the same length only without zeros at the start and at the end.
    text = re.sub(r"^(-?)0(?=[0-9])", r"\g<1>1", text)
    return float(text.removesuffix("0") + "5" if text.endswith("0") else text) if "." in text else int(text)


STRING_NEAR_MISSES = (
    NearMiss("unquoted", "the number that the string holds, without quotes", _without_quotes),
    WRAPPED,
)


def _with_article(name: str) -> str:
    return f"an {name}" if name.startswith(("e", "i")) else f"a {name}"


def _of_length(length: int) -> FaultBuilder:
    # JSON Schema counts the emoji as one character, although UTF-16 needs two units for it.
    build = one_of(["a" * length, "😀" * length] if length else [""])
    return Derived(
        frozenset(["string"]), build, lambda text, _choices, _block, _at: f"{text}{(text or 'a') * length}"[:length]
    )


def _mismatched(node: Node, mismatches: Sequence[str]) -> FaultBuilder:
    is_mismatch = _mismatch_test(node.schema)

    def change(text: str, choices: Choices, block: bytes, at: int) -> Any:
        near = sorted(set(_mistyped(text, is_mismatch)), key=lambda one: (len(one), one))
        return one_of(near or mismatches)(choices, block, at)

    return Derived(frozenset(["string"]), one_of(mismatches), change)


def _changed_date_time(node: Node, change: Callable[[str], str]) -> FaultBuilder:
    if not isinstance(node, Formatted):
        return constant(change("2000-01-01T00:00:00Z"))

    # The changes expect no fraction and no offset.
    def build(_choices: Choices, block: bytes, at: int) -> Any:
        # A first byte of zero leaves them out.
        return change(node.decode(b"\0" + block[at + 1 : at + node.width], 0))

    return Derived(
        frozenset(["string"]), build, lambda text, _choices, _block, _at: change(f"{text[:_SECONDS_END].upper()}Z")
    )


def _encoding_mistakes(schema: Schema) -> Iterator[Fault]:
    """Yield the mistakes in a number or in bytes that are written as a string, if the pattern reveals them."""
    encoding = schema[ANNOTATION]
    type_name = str(encoding.get("type")) if isinstance(encoding, dict) else ""
    yield from _mistakes(schema, encoded_mistakes(encoding), _with_article(type_name))


def _mistakes(schema: Schema, mistakes: Iterable[tuple[str, str, str]], expected: str) -> Iterator[Fault]:
    is_mismatch = _mismatch_test(schema)
    for variant, value, words in mistakes:
        if is_mismatch(value):
            yield Fault("pattern", variant, f"{words}; expected {expected}", constant(value))


def _mismatch_test(schema: Schema) -> Callable[[str], bool]:
    """Return a function that returns True for strings that miss the pattern and keep the bounds of the length."""
    misses = compile_pattern(schema["pattern"]).misses
    low, high = int(schema.get("minLength", 0)), schema.get("maxLength", math.inf)
    return lambda text: low <= len(text) <= high and misses(text)


def _mismatches(node: Node) -> list[str]:
    """Return strings that the pattern does not match, and that keep the other keywords if any can."""
    # Loads jsonschema, which contracts without patterns do not need.
    from contractfuzz.payloads.values.pattern_examples import string_check

    is_mismatch = _mismatch_test(node.schema)
    keeps_others = string_check(node.schema, skipped=node.schema["pattern"])
    return _find_mismatches(node, lambda text: keeps_others(text) and is_mismatch(text)) or _find_mismatches(
        node, is_mismatch
    )


def _find_mismatches(node: Node, is_mismatch: Callable[[str], bool]) -> list[str]:
    """Return a plain mismatch, then valid strings with one mistake."""
    plain = (text for text in _plain_texts(node.schema) if is_mismatch(text))
    valid = [text for text in node.listed_values if _is_plain(text)]
    near = (text for example in _spread(valid) for text in _mistyped(example, is_mismatch))
    found = dict.fromkeys([*islice(plain, 1), *near])
    return sorted(islice(found, MAX_MISMATCHES), key=lambda text: (len(text), text))


def _plain_texts(schema: Schema) -> Iterator[str]:
    length = max(int(schema.get("minLength", 0)), 1)
    yield ""
    yield from (character * length for character in REPLACEMENTS)
    yield "x" * int(min(schema.get("maxLength", math.inf), length + 8))
    # Regular expression dialects agree on character classes only for ASCII.
    if not _CHARACTER_CLASSES.search(schema["pattern"]):
        yield from (character * length for character in "é☃")


def _is_plain(text: Any) -> bool:
    return isinstance(text, str) and text.isascii() and text.isprintable()


def _spread(values: Sequence[str], count: int = 3) -> list[str]:
    """Return the first value, the last one, and some at equal distances between them."""
    places = dict.fromkeys(index * (len(values) - 1) // (count - 1) for index in range(count))
    return [values[place] for place in places] if values else []


def _mistyped(text: str, is_mismatch: Callable[[str], bool]) -> Iterator[str]:
    """Yield strings that differ from ``text`` by one mistake: for each kind of mistake the first that is a mismatch."""
    middle = len(text) // 2
    mistakes: list[Iterable[str]] = [[text[:-1]], [text[1:]]]
    mistakes += [(text + character for character in ADDITIONS), (character + text for character in ADDITIONS)]
    if text:
        mistakes.append(text[:-1] + character for character in REPLACEMENTS)
    mistakes += [[text.swapcase()], [text[:middle] + text[middle + 1 :]]]
    for candidates in mistakes:
        yield from islice((candidate for candidate in candidates if is_mismatch(candidate)), 1)
