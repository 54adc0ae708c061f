"""Spellings: JSON texts of a valid payload that are not its compact one.

RFC 8259 leaves open the order of properties, white space, escapes and the notation of numbers. A consumer of text or bytes must
accept every spelling. Spellings with a simple difference come first, so that shrinking ends at one of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache, partial
from itertools import chain
from typing import Any, Literal

from contractfuzz.json_values import compact_json
from contractfuzz.payloads.bodies.number_places import NumberTree, make_number_tree
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.choices.seeded import SeededChoices
from contractfuzz.payloads.plan.node import Node

SPELLING_WIDTH = 3
"""Number of bytes that decide on a spelling: which one, and the seed of its details."""

FIRST_SPELLED_BYTE = 128
"""Values of the first byte from which on a case is not compact."""

TURNS = 2
"""Number of the first random cases that each spelling has for certain."""

MAX_RESPELLED_INTEGER = 2**53
"""Greatest integer that is respelt as a double: it stays exact."""

_WHITE_SPACE = ("", "", " ", "\n", "\t", "\r\n", "  ")
_WHITE_SPACE_BY_BYTE = tuple(_WHITE_SPACE[byte * len(_WHITE_SPACE) >> 8] for byte in range(256))

_SLASH = ord("/")
_ESCAPE_TABLES = 32
_MAX_KNOWN_ESCAPES = 1000

_STRING = re.compile(r'"(?:(\\u....|\\.|[^"\\])([^"\\]*(?:\\.[^"\\]*)*))?"')
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{},:]|[^\[\]{},:"]+')
_CHARACTER = re.compile(r"\\u....|\\.|.", re.DOTALL)


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

    @property
    def changes_all(self) -> bool:
        """True if no payload is compact JSON in this spelling."""
        return self.final_newline or self.space == "any"


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
        return self._body(spelling, payload, int.from_bytes(block[1:]))

    @cached_property
    def turns(self) -> list[Callable[[Any, Choices], tuple[str, SpelledBody] | None]]:
        """Functions like ``spell``, one for each spelling that can change a payload, and then again."""
        usable = [one for one in SPELLINGS if one.name != "numbers" or self._numbers.has_numbers]
        return [partial(self._spell_as, spelling) for _ in range(TURNS) for spelling in usable]

    def _spell_as(self, spelling: Spelling, payload: Any, choices: Choices) -> tuple[str, SpelledBody] | None:
        """Return the description and the body of a spelling; None if the body is compact JSON."""
        description, body = self._body(spelling, payload, int.from_bytes(choices.block(SPELLING_WIDTH - 1)))
        is_changed = spelling.changes_all or body() != compact_json(payload).encode()
        return (description, body) if is_changed else None

    def _body(self, spelling: Spelling, payload: Any, seed: int) -> tuple[str, SpelledBody]:
        return spelling.description, SpelledBody(payload, spelling.name, seed, self._numbers)

    @cached_property
    def _numbers(self) -> NumberTree:
        return make_number_tree(self._plan())


class _Writer:
    """Writes one payload in a spelling.

    ``json`` writes the text, and regular expressions change it: a walk in Python would take ten times as long.
    """

    def __init__(self, spelling: Spelling, seed: int) -> None:
        self._spelling, self._seed = spelling, seed

    @cached_property
    def _choices(self) -> SeededChoices:
        return SeededChoices(f"spelling:{self._seed}".encode())

    def text(self, payload: Any, numbers: NumberTree) -> str:
        """Return the JSON text of a payload."""
        spelling = self._spelling
        if spelling.order != "same":
            payload = self._reordered(payload)
        mark = None
        if spelling.respells_numbers and numbers.has_numbers:
            mark = _unused_mark(payload)
            payload = self._with_marked_numbers(payload, (numbers,), mark)
        separators = (",", ":") if spelling.space in ("none", "any") else None
        indent = 2 if spelling.space == "indented" else None
        text = json.dumps(payload, ensure_ascii=spelling.escapes == "ascii", separators=separators, indent=indent)
        if mark is not None:
            text = text.replace(f'"{mark}', "").replace(f'{mark}"', "")
        if spelling.escapes == "some":
            text = _STRING.sub(self._escaped, text)
        elif spelling.escapes_slashes:
            text = text.replace("/", "\\/")
        if spelling.space == "any":
            text = self._with_white_space(text)
        return f"{text}\n" if spelling.final_newline else text

    def _reordered(self, value: Any) -> Any:
        """Return a value in which the properties of all objects are in another order."""
        if isinstance(value, list):
            return [self._reordered(item) if isinstance(item, dict | list) else item for item in value]
        if not isinstance(value, dict):
            return value
        names = list(value)[::-1]
        if self._spelling.order == "shuffled" and len(names) > 1:
            order = self._choices.block(len(names))
            names = [names[index] for index in sorted(range(len(names)), key=order.__getitem__)]
        return {
            name: self._reordered(member) if isinstance(member := value[name], dict | list) else member
            for name in names
        }

    def _with_white_space(self, text: str) -> str:
        """Return a JSON text with white space before or after some of its tokens, at least one."""
        tokens = _TOKEN.findall(text)
        spaces = [*map(_WHITE_SPACE_BY_BYTE.__getitem__, self._choices.block(len(tokens) + 1))]
        if not any(spaces):
            spaces[0] = " "
        return "".join(chain.from_iterable(zip(spaces, [*tokens, ""], strict=True)))

    def _escaped(self, found: re.Match[str]) -> str:
        known = self._known
        text = found[0]
        if text not in known:
            known[text] = self._escape_some(found)
        return known[text]

    @cached_property
    def _known(self) -> dict[str, str]:
        """The strings of the text, mostly names that repeat, each with its spelling."""
        return {}

    def _escape_some(self, found: re.Match[str]) -> str:
        """Return a string in which some characters are escaped: the first one always, so that every name changes."""
        first, rest = found.groups()
        if first is None:
            return found[0]
        if "\\" not in found[0]:
            return f'"{self._first_escapes[ord(first)]}{rest.translate(self._escapes)}"'
        parts = [other if other[0] == "\\" else other.translate(self._escapes) for other in _CHARACTER.findall(rest)]
        first = json.loads(f'"{first}"')
        return f'"{self._first_escapes[ord(first)]}{"".join(parts)}"'

    @cached_property
    def _first_escapes(self) -> _EscapeTable:
        return _escape_table(self._choices.index(_ESCAPE_TABLES), 256)

    @cached_property
    def _escapes(self) -> _EscapeTable:
        return _escape_table(self._choices.index(_ESCAPE_TABLES), 64)

    def _with_marked_numbers(self, value: Any, places: Sequence[NumberTree], mark: str) -> Any:
        """Return a value in which the numbers of free notation are replaced by their texts between two marks."""
        if not any(place.has_numbers for place in places):
            return value
        if isinstance(value, dict):
            return {
                name: self._with_marked_numbers(member, _children(places, name), mark) for name, member in value.items()
            }
        if isinstance(value, list):
            return [
                self._with_marked_numbers(item, _children(places, str(index)), mark) for index, item in enumerate(value)
            ]
        if isinstance(value, bool) or not isinstance(value, int | float):
            return value
        types = {name for place in places for name in place.types}
        if types != {"number"} or (isinstance(value, int) and abs(value) > MAX_RESPELLED_INTEGER):
            return value
        return f"{mark}{self._number(value)}{mark}"

    def _number(self, value: float) -> str:
        """Return a number in another notation."""
        text = json.dumps(value)
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


class _EscapeTable(dict[int, str]):
    """Table for ``str.translate`` that escapes some characters, decided by the bytes of a seed.

    Args:
        seed: the bytes.
        share: number of values of a byte for which a character is escaped.

    """

    SEED_BYTES = 64

    def __init__(self, seed: bytes, share: int) -> None:
        super().__init__()
        self._seed, self._share = seed, share

    def __missing__(self, code: int) -> str:
        choice = self._seed[code % self.SEED_BYTES]
        plain = "\\/" if code == _SLASH else chr(code)
        text = _escape(code)[choice & 1] if choice < self._share else plain
        if len(self) < _MAX_KNOWN_ESCAPES:
            self[code] = text
        return text


@lru_cache(maxsize=2 * _ESCAPE_TABLES)
def _escape_table(number: int, share: int) -> _EscapeTable:
    """Return one of some tables, which texts share, since it takes time to fill them."""
    return _EscapeTable(SeededChoices(f"escapes:{number}".encode()).block(_EscapeTable.SEED_BYTES), share)


def _escape(code: int) -> tuple[str, str]:
    """Return the escape of a character with small and with capital digits: one unit of UTF-16, or two."""
    units = [code] if code < 0x10000 else [0xD800 + (code - 0x10000 >> 10), 0xDC00 + (code & 0x3FF)]
    return "".join(f"\\u{unit:04x}" for unit in units), "".join(f"\\u{unit:04X}" for unit in units)


def _unused_mark(payload: Any) -> str:
    """Return a text that neither starts nor ends a string of a payload."""
    text, mark = json.dumps(payload, ensure_ascii=False), "#"
    while f'"{mark}' in text or f'{mark}"' in text:
        mark += "#"
    return mark


def _children(places: Sequence[NumberTree], token: str) -> Sequence[NumberTree]:
    return places and tuple(child for place in places for child in place.children_at(token))
