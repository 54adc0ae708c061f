"""Changes of a valid string that make it miss its pattern: another character, a wrong case, text before or after it.

No change is certain to miss the pattern. So each makes many candidates, and the engine confirms one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from contractfuzz.payloads.values.string_encoded import matches_in_python

NUMBERS = 128
"""Number of different numbers that select a mistake."""

Candidates = Callable[[str, bytes, int], Iterator[str]]
"""Function from a valid string, bytes and a number below ``NUMBERS`` to strings that may miss the pattern, the best first."""

_SYMBOLS = "!-_.~:/"
_SEPARATORS = "-_. /:,"
_CONFUSED_SEPARATORS = {".": ",", ",": ".", "-": "_", "_": "-", "/": "-", ":": "."}
_FOREIGN_CHARACTERS = "٣²é"
_ADDITIONS = ("x", " ", "-", "0", "!", "X", "x y")


def rotated(items: Sequence[Any], number: int) -> Iterator[Any]:
    """Yield items from the one that a number below ``NUMBERS`` selects on, then those before it."""
    start = number * len(items) // NUMBERS
    yield from items[start:]
    yield from items[:start]


def with_other_character(replacements: str, last: str = "") -> Candidates:
    """Return the candidates with one of ``replacements``, or one of ``last`` if none of them misses the pattern."""

    def candidates(text: str, _data: bytes, number: int) -> Iterator[str]:
        # The parts that vary come first: there the pattern has a class, which a reader may have got wrong.
        places = sorted(rotated(range(len(text)), number), key=lambda at: not text[at].isalnum())
        characters = [*rotated(replacements, number * 7 % NUMBERS), *last]
        # A diagonal, so that few candidates have many places and many characters.
        for step in range(len(places) * len(characters)):
            row, place = divmod(step, len(places))
            at, character = places[place], characters[(row + place) % len(characters)]
            if character.lower() != text[at].lower():
                yield text[:at] + character + text[at + 1 :]

    return candidates


def _with_other_case(text: str, _data: bytes, number: int) -> Iterator[str]:
    places = [at for at, character in enumerate(text) if character.isascii() and character.isalpha()]
    one = (text[:at] + text[at].swapcase() + text[at + 1 :] for at in rotated(places, number))
    whole = (text.lower(), text.upper(), text.swapcase())
    for changed in (*one, *whole) if number % 2 else (*whole, *one):
        if changed != text:
            yield changed


def _with_other_separator(text: str, _data: bytes, number: int) -> Iterator[str]:
    places = [at for at, character in enumerate(text) if character in _SEPARATORS]
    for at in rotated(places, number):
        confused = _CONFUSED_SEPARATORS.get(text[at], "") if number % 2 == 0 else ""
        for separator in (*confused, *rotated(_SEPARATORS, number * 7 % NUMBERS)):
            if separator != text[at]:
                yield text[:at] + separator + text[at + 1 :]


def _with_other_dot(text: str, _data: bytes, number: int) -> Iterator[str]:
    places = [at for at, character in enumerate(text) if character == "."]
    for character in rotated("_a0-", number):
        yield from (text[:at] + character + text[at + 1 :] for at in places)


def _with_line_break(text: str, _data: bytes, _number: int) -> Iterator[str]:
    yield text + "\n"


def _with_text_before(text: str, _data: bytes, number: int) -> Iterator[str]:
    yield from (addition + text for addition in rotated(_ADDITIONS, number))


def _with_text_after(text: str, _data: bytes, number: int) -> Iterator[str]:
    yield from (text + addition for addition in rotated(_ADDITIONS, number))


def _with_double_character(text: str, _data: bytes, number: int) -> Iterator[str]:
    places = sorted(rotated(range(len(text)), number), key=lambda at: text[at].isalnum())
    yield from (text[:at] + text[at] + text[at:] for at in places)


def _halved(text: str, _data: bytes, _number: int) -> Iterator[str]:
    half = len(text) // 2
    yield from (text[:half], text[half:])


def _with_leading_zero(text: str, _data: bytes, number: int) -> Iterator[str]:
    places = [found.start() for found in re.finditer(r"(?<![0-9A-Za-z])[0-9]", text)]
    yield from (f"{text[:at]}0{text[at:]}" for at in rotated(places, number))


def _with_part_again(text: str, _data: bytes, _number: int) -> Iterator[str]:
    for part in re.findall(r"[^0-9A-Za-z][0-9A-Za-z]+", text):
        yield text.replace(part, part * 2, 1)


def _with_inner_space(text: str, _data: bytes, number: int) -> Iterator[str]:
    places = rotated(range(1, len(text)), (number + NUMBERS // 2) % NUMBERS)
    yield from (f"{text[:at]} {text[at:]}" for at in places)


def _with_separator_before(text: str, _data: bytes, number: int) -> Iterator[str]:
    yield from (separator + text for separator in rotated(_SEPARATORS, number))


def _with_separator_after(text: str, _data: bytes, number: int) -> Iterator[str]:
    yield from (text + separator for separator in rotated(_SEPARATORS, number))


def with_foreign_character(pattern: str) -> Candidates:
    """Return the candidates with a digit or letter that is not ASCII, and that misses the pattern in Python, too."""

    def candidates(text: str, _data: bytes, number: int) -> Iterator[str]:
        # The last ones come first, since many patterns have a rule of their own for the first.
        for at in rotated([at for at in reversed(range(len(text))) if text[at].isalnum()], number):
            for character in _FOREIGN_CHARACTERS if text[at].isdigit() else _FOREIGN_CHARACTERS[::-1]:
                changed = text[:at] + character + text[at + 1 :]
                if not matches_in_python(pattern, changed):
                    yield changed

    return candidates


EDITS: dict[str, tuple[str, Candidates]] = {
    "character": ("one character that the pattern does not allow there", with_other_character(_SYMBOLS, "a0A Z9")),
    "letter": ("one letter that the pattern does not allow there", with_other_character("aAgGzZfF")),
    "digit": ("one digit that the pattern does not allow there", with_other_character("0918")),
    "separator": ("another separator", _with_other_separator),
    "dot": ("another character instead of a dot", _with_other_dot),
    "space": ("one space that the pattern does not allow there", with_other_character(" ")),
    "case": ("letters in the wrong case", _with_other_case),
    "newline": ("a line break at the end", _with_line_break),
    "prefix": ("other text before it", _with_text_before),
    "suffix": ("other text after it", _with_text_after),
    "double": ("one character twice", _with_double_character),
    "half": ("one half of it", _halved),
    "zero": ("a zero before a number", _with_leading_zero),
    "part-again": ("one of its parts twice", _with_part_again),
    "inner-space": ("a space between its characters", _with_inner_space),
    "separator-before": ("a separator before it", _with_separator_before),
    "separator-after": ("a separator after it", _with_separator_after),
}
