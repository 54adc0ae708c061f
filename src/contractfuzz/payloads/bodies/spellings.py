"""Spellings: JSON texts of a valid payload that are not its compact one.

RFC 8259 leaves open the order of properties, white space, escapes and the notation of numbers. A consumer of text or bytes must
accept every spelling. Spellings with a simple difference come first, so that shrinking ends at one of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

from contractfuzz.payloads.bodies.number_places import NumberTree, make_number_tree
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.choices.seeded import SeededChoices
from contractfuzz.payloads.plan.node import Node

SPELLING_WIDTH = 3
"""Number of bytes that decide on a spelling: which one, and the seed of its details."""

FIRST_SPELLED_BYTE = 128
"""Values of the first byte from which on a case is not compact."""

MAX_EXACT_INTEGER = 2**53
"""Greatest integer that is respelt as a double: it stays exact."""

_WHITE_SPACE = ("", "", " ", "\n", "\t", "\r\n", "  ")


@dataclass(frozen=True, slots=True)
class Spelling:
    r"""One way to write a payload.

    Attributes:
        name: the name.
        description: the spelling in words.
        space: the white space: none, ``after`` colons and commas, ``indented`` lines, or ``any`` at each place that allows it.
        order: the order of properties: that of the payload, ``reversed`` or ``shuffled``.
        escapes: the characters that are written as ``\u`` escapes: none, those beyond ``ascii``, or ``some`` of all.
        escapes_slashes: True to write ``/`` as ``\/``.
        respells_numbers: True to write declared numbers with exponents and trailing zeros.
        final_newline: True to end the text with a line feed.

    """

    name: str
    description: str
    space: Literal["none", "after", "indented", "any"] = "none"
    order: Literal["same", "reversed", "shuffled"] = "same"
    escapes: Literal["none", "ascii", "some"] = "none"
    escapes_slashes: bool = False
    respells_numbers: bool = False
    final_newline: bool = False


SPELLINGS = (
    Spelling("spaces", "a space after each colon and comma", space="after"),
    Spelling("final-newline", "a line feed after the text", final_newline=True),
    Spelling("indented", "each member on a line of its own", space="indented"),
    Spelling("reversed", "the properties in reverse order", order="reversed"),
    Spelling("shuffled", "the properties in another order", order="shuffled"),
    Spelling("slashes", "each slash as \\/", escapes_slashes=True),
    Spelling("ascii", "characters that are not ASCII as \\u escapes", escapes="ascii"),
    Spelling("escapes", "some characters of names and strings as \\u escapes", escapes="some", escapes_slashes=True),
    Spelling("numbers", "numbers with exponents and trailing zeros", respells_numbers=True),
    Spelling("white-space", "white space at each place that allows it", space="any"),
    Spelling(
        "mixed",
        "another order, white space, escapes and notation of numbers",
        space="any",
        order="shuffled",
        escapes="some",
        escapes_slashes=True,
        respells_numbers=True,
    ),
)
"""All spellings, the simplest first."""

_SPELLING_BY_NAME = {spelling.name: spelling for spelling in SPELLINGS}


@dataclass(frozen=True, slots=True)
class SpelledBody:
    """A body in a spelling, made on demand.

    Attributes:
        payload: the payload.
        spelling: the name of the spelling.
        seed: the seed of its details.
        numbers: the places of numbers that may have a fraction.

    """

    payload: Any
    spelling: str
    seed: int
    numbers: NumberTree

    def __call__(self) -> bytes:
        """Return the body."""
        return _Writer(_SPELLING_BY_NAME[self.spelling], self.seed).text(self.payload, self.numbers).encode()


class Speller:
    """Chooses spellings for the payloads of a contract.

    Args:
        plan: returns the root of the plan; called when a payload is first spelt in another way.

    """

    def __init__(self, plan: Callable[[], Node]) -> None:
        self._plan = plan

    def spell(self, payload: Any, choices: Choices) -> tuple[str, SpelledBody] | None:
        """Return the description and the body of the spelling that choices decide on; None for compact JSON, half of the time."""
        block = choices.block(SPELLING_WIDTH)
        if block[0] < FIRST_SPELLED_BYTE:
            return None
        spelling = SPELLINGS[(block[0] - FIRST_SPELLED_BYTE) * len(SPELLINGS) // (256 - FIRST_SPELLED_BYTE)]
        return spelling.description, SpelledBody(payload, spelling.name, int.from_bytes(block[1:]), self._numbers)

    @cached_property
    def _numbers(self) -> NumberTree:
        return make_number_tree(self._plan())


class _Writer:
    """Writes one payload in a spelling."""

    def __init__(self, spelling: Spelling, seed: int) -> None:
        self._spelling = spelling
        self._choices = SeededChoices(f"spelling:{seed}".encode())

    def text(self, payload: Any, numbers: NumberTree) -> str:
        """Return the JSON text of a payload."""
        spelling = self._spelling
        ordered = payload if spelling.order == "same" else self._reordered(payload)
        if spelling.space == "any" or spelling.escapes == "some" or spelling.respells_numbers:
            text = f"{self._space()}{self._value(ordered, (numbers,))}{self._space()}"
        else:
            separators = (",", ":") if spelling.space == "none" else None
            indent = 2 if spelling.space == "indented" else None
            text = json.dumps(ordered, ensure_ascii=spelling.escapes == "ascii", separators=separators, indent=indent)
            text = text.replace("/", "\\/") if spelling.escapes_slashes else text
        return f"{text}\n" if spelling.final_newline else text

    def _reordered(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._reordered(item) for item in value]
        if not isinstance(value, dict):
            return value
        names = list(value)[::-1]
        if self._spelling.order == "shuffled":
            names = [names.pop(self._choices.index(len(names))) for _ in range(len(names))]
        return {name: self._reordered(value[name]) for name in names}

    def _value(self, value: Any, places: Sequence[NumberTree]) -> str:
        if isinstance(value, dict):
            members = (
                f"{self._string(name)}{self._space()}:{self._space()}{self._value(member, _children(places, name))}"
                for name, member in value.items()
            )
            return f"{{{self._joined(members)}}}"
        if isinstance(value, list):
            items = (self._value(item, _children(places, str(index))) for index, item in enumerate(value))
            return f"[{self._joined(items)}]"
        if isinstance(value, str):
            return self._string(value)
        if self._spelling.respells_numbers and not isinstance(value, bool) and isinstance(value, int | float):
            return self._number(value, places)
        return json.dumps(value)

    def _joined(self, members: Iterable[str]) -> str:
        text = ",".join(f"{self._space()}{member}{self._space()}" for member in members)
        return text or self._space()

    def _space(self) -> str:
        """Return the white space at one place."""
        return _WHITE_SPACE[self._choices.index(len(_WHITE_SPACE))] if self._spelling.space == "any" else ""

    def _string(self, value: str) -> str:
        escapes = self._spelling.escapes
        if escapes == "some":
            # The first character is always one of them, so that every name is spelt in another way.
            return f'"{"".join(self._character(character, index) for index, character in enumerate(value))}"'
        text = json.dumps(value, ensure_ascii=escapes == "ascii")
        return text.replace("/", "\\/") if self._spelling.escapes_slashes else text

    def _character(self, character: str, index: int) -> str:
        if index and self._choices.index(4):
            text = json.dumps(character, ensure_ascii=False)[1:-1]
            return "\\/" if text == "/" and self._spelling.escapes_slashes else text
        units = character.encode("utf-16-be").hex()
        if self._choices.index(2):
            units = units.upper()
        return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))

    def _number(self, value: float, places: Sequence[NumberTree]) -> str:
        text = json.dumps(value)
        types = {name for place in places for name in place.types}
        if types != {"number"} or (isinstance(value, int) and abs(value) > MAX_EXACT_INTEGER):
            return text
        _, decimals, exponent = Decimal(text).as_tuple()
        sign, digits, power = "-" if text.startswith("-") else "", "".join(map(str, decimals)), int(exponent)
        mantissa, e, shift = text.partition("e")
        zero = "0" if "." in mantissa else ".0"
        spelt = (
            f"{mantissa}{zero}{e}{shift}",
            f"{mantissa}{zero}00{e}{shift}",
            f"{sign}{digits}e{power}",
            f"{sign}{digits}E{power:+03}",
            f"{sign}{digits}0e{power - 1}" if value else f"{sign}0.0E+00",
            f"{sign}{digits[0]}.{digits[1:]}0E{power + len(digits) - 1}",
        )
        return spelt[self._choices.index(len(spelt))]


def _children(places: Sequence[NumberTree], token: str) -> Sequence[NumberTree]:
    return places and tuple(child for place in places for child in place.children_at(token))
