r"""Syntax trees of regular expressions in the dialect of JSON Schema: ECMA-262 with its flag ``u``.

Three kinds of syntax are read in addition, because documents contain them: braces that are not a quantifier (ECMA-262, annex B),
named groups as Python writes them, and the anchors ``\A``, ``\Z`` and ``\z``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_CODE_POINT = 0x10FFFF
MAX_GROUP_NESTING = 100
"""Number of groups within each other at most."""

Range = tuple[int, int]
"""First and last code point of a run of characters."""

DIGITS: tuple[Range, ...] = ((0x30, 0x39),)
WORD: tuple[Range, ...] = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
SPACES: tuple[Range, ...] = (
    *((0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029)),
    *((0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)),
)
LINE_ENDS: tuple[Range, ...] = ((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029))
_SURROGATES = (0xD800, 0xDFFF)


class PatternSyntaxError(ValueError):
    """A pattern that this module does not read."""


def complement(ranges: tuple[Range, ...]) -> tuple[Range, ...]:
    """Return the runs of all code points that are not in ``ranges``."""
    found, start = [], 0
    for first, last in sorted(ranges):
        if first > start:
            found.append((start, first - 1))
        start = max(start, last + 1)
    return (*found, (start, MAX_CODE_POINT)) if start <= MAX_CODE_POINT else tuple(found)


def merged(ranges: tuple[Range, ...]) -> tuple[Range, ...]:
    """Return ``ranges`` in order, with runs that touch or overlap made one."""
    found: list[Range] = []
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = found[-1][0], max(found[-1][1], last)
        else:
            found.append((first, last))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Characters:
    r"""One character of a set.

    Attributes:
        ranges: runs of code points.
        properties: Unicode properties, as ``\p{...}`` or ``\P{...}``.
        is_negated: True if all other characters match.

    """

    ranges: tuple[Range, ...]
    properties: tuple[str, ...] = ()
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    """Expressions one after the other."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Alternation:
    """A choice between expressions."""

    branches: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """An expression several times.

    Attributes:
        body: the repeated expression.
        low: the least number of times.
        high: the greatest number of times; None for no upper bound.
        suffix: ``?`` for a lazy repeat.

    """

    body: Expression
    low: int
    high: int | None
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """An expression in parentheses, captured under a number unless ``number`` is 0."""

    body: Expression
    number: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """A condition on the text before or after a position: ``operator`` is ``?=``, ``?!``, ``?<=`` or ``?<!``."""

    operator: str
    body: Expression


@dataclass(frozen=True, slots=True)
class BackReference:
    """The text of an earlier group."""

    number: int


@dataclass(frozen=True, slots=True)
class Position:
    """An anchor or a word boundary: ``^``, ``$``, ``b`` or ``B``."""

    kind: str


Expression = Characters | Sequence | Alternation | Repeat | Group | Look | BackReference | Position

_QUANTIFIER = re.compile(r"\{([0-9]{1,9})(?:(,)([0-9]{1,9})?)?\}")
_GROUP_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_PROPERTY = re.compile(r"[pP]\{[A-Za-z_=0-9]+\}")
_CODE_POINTS = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,8})\}")
_LOW_SURROGATE = re.compile(r"\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})")
_CONTROLS = {"t": 0x09, "n": 0x0A, "v": 0x0B, "f": 0x0C, "r": 0x0D}
_SETS = {
    "d": DIGITS,
    "w": WORD,
    "s": SPACES,
    "D": complement(DIGITS),
    "W": complement(WORD),
    "S": complement(SPACES),
}
_ANCHORS = {"A": "^", "Z": "$", "z": "$", "b": "b", "B": "B"}


def parse_pattern(pattern: str) -> Expression:
    """Return the syntax tree of a pattern.

    Args:
        pattern: the pattern.

    Raises:
        PatternSyntaxError: the pattern has syntax that this module does not read.

    """
    reader = _Reader(pattern)
    expression = reader.alternatives()
    if reader.at < len(pattern):
        raise reader.error("a ) without a group")
    if reader.unresolved or max(reader.references, default=0) > reader.groups:
        raise PatternSyntaxError("a reference to a group that does not exist")
    return expression


@dataclass(slots=True)
class _Reader:
    """A position in a pattern, and the groups that were read before it."""

    text: str
    at: int = 0
    groups: int = 0
    nesting: int = 0
    names: dict[str, int] = field(default_factory=dict)
    references: list[int] = field(default_factory=list)
    unresolved: bool = False

    def error(self, problem: str) -> PatternSyntaxError:
        return PatternSyntaxError(f"{problem} at character {self.at}")

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self, prefix: str) -> bool:
        if not self.text.startswith(prefix, self.at):
            return False
        self.at += len(prefix)
        return True

    def match(self, expression: re.Pattern[str]) -> re.Match[str] | None:
        found = expression.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def alternatives(self) -> Expression:
        branches = [self.sequence()]
        while self.take("|"):
            branches.append(self.sequence())
        return branches[0] if len(branches) == 1 else Alternation(tuple(branches))

    def sequence(self) -> Expression:
        parts: list[Expression] = []
        while (character := self.peek()) and character not in "|)":
            parts.append(self.repeated(self.atom()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def repeated(self, atom: Expression) -> Expression:
        character = self.peek()
        if character and character in "*+?":
            self.at += 1
            low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}[character]
        elif found := self.match(_QUANTIFIER):
            low = int(found[1])
            high = low if found[2] is None else None if found[3] is None else int(found[3])
            if high is not None and high < low:
                raise self.error("a repeat with a maximum below its minimum")
        else:
            return atom
        if isinstance(atom, Position):
            raise self.error("a repeated anchor")
        suffix = "?" if self.take("?") else ""
        if self.peek() in ("*", "+", "?") and self.peek():
            raise self.error("a repeat of a repeat")
        return Repeat(atom, low, high, suffix)

    def atom(self) -> Expression:
        character = self.peek()
        if character == "(":
            return self.group()
        if character == "[":
            return self.characters()
        if character == "\\":
            return self.escape()
        if character in "*+?" or _QUANTIFIER.match(self.text, self.at):
            raise self.error("a repeat of nothing")
        self.at += 1
        if character in "^$":
            return Position(character)
        if character == ".":
            return Characters(LINE_ENDS, is_negated=True)
        return _single(ord(character))

    def group(self) -> Expression:
        self.at += 1
        operator = next((one for one in ("?:", "?=", "?!", "?<=", "?<!") if self.take(one)), "")
        number = 0
        if not operator:
            self.groups += 1
            number = self.groups
            if self.take("?<") or self.take("?P<"):
                self.names[self.name(">")] = number
            elif self.peek() == "?":
                if self.take("?P="):
                    self.groups -= 1
                    return self.reference(self.name(")"))
                raise self.error("a group of an unknown kind")
        self.nesting += 1
        if self.nesting > MAX_GROUP_NESTING:
            raise self.error("too many groups within each other")
        body = self.alternatives()
        self.nesting -= 1
        if not self.take(")"):
            raise self.error("a group that is not closed")
        return Look(operator, body) if operator and operator != "?:" else Group(body, number)

    def name(self, end: str) -> str:
        found = self.match(_GROUP_NAME)
        if found is None or not self.take(end):
            raise self.error("a group with an unusual name")
        return found[0]

    def reference(self, name: str) -> BackReference:
        # A reference before its group matches the empty string in ECMA-262; other dialects refuse it, and so do we.
        self.unresolved |= name not in self.names
        return BackReference(self.names.get(name, 0))

    def escape(self) -> Expression:
        self.at += 1
        character = self.peek()
        if character in _ANCHORS and character:
            self.at += 1
            return Position(_ANCHORS[character])
        if character == "k":
            self.at += 1
            if not self.take("<"):
                raise self.error("a \\k without a name")
            return self.reference(self.name(">"))
        if character and character in "123456789":
            self.at += 1
            if self.peek().isdigit():
                raise self.error("a reference to a group beyond the ninth")
            self.references.append(int(character))
            return BackReference(int(character))
        ranges, properties = self.escaped_set(in_class=False)
        return Characters(ranges, properties)

    def escaped_set(self, *, in_class: bool) -> tuple[tuple[Range, ...], tuple[str, ...]]:
        """Read what follows a backslash: runs of characters, or a property."""
        character = self.peek()
        if character and character in _SETS:
            self.at += 1
            return _SETS[character], ()
        if found := self.match(_PROPERTY):
            return (), (f"\\{found[0]}",)
        if in_class and character == "b":
            self.at += 1
            return ((0x08, 0x08),), ()
        code = self.code_point()
        return ((code, code),), ()

    def code_point(self) -> int:
        character = self.peek()
        if character in _CONTROLS and character:
            self.at += 1
            return _CONTROLS[character]
        if found := self.match(_CODE_POINTS):
            code = int(found[1] or found[2] or found[3], 16)
            low = self.match(_LOW_SURROGATE) if found[2] and 0xD800 <= code < 0xDC00 else None
            if low:
                code = 0x10000 + ((code - 0xD800) << 10) + int(low[1], 16) - 0xDC00
            if code > MAX_CODE_POINT:
                raise self.error("a character beyond U+10FFFF")
            return code
        after = self.text[self.at + 1 : self.at + 2]
        if character == "c" and after.isascii() and after.isalpha():
            self.at += 2
            return ord(after) % 32
        if character == "0" and not after.isdigit():
            self.at += 1
            return 0
        if not character or (character.isalnum() and character.isascii()):
            raise self.error("an unknown escape" if character else "a backslash")
        self.at += 1
        return ord(character)

    def characters(self) -> Expression:
        self.at += 1
        is_negated = self.take("^")
        ranges: list[Range] = []
        properties: list[str] = []
        while not self.take("]"):
            first, named = self.class_member()
            properties += named
            if self.peek() == "-" and self.text[self.at + 1 : self.at + 2] not in ("]", "") and _is_single(first):
                self.at += 1
                last, more = self.class_member()
                if not _is_single(last):
                    # Annex B: a hyphen before a set stands for itself.
                    ranges += [*first, (0x2D, 0x2D), *last]
                    properties += more
                elif last[0][0] < first[0][0]:
                    raise self.error("a range with its ends swapped")
                else:
                    ranges.append((first[0][0], last[0][0]))
            else:
                ranges += first
        return Characters(tuple(ranges), tuple(properties), is_negated)

    def class_member(self) -> tuple[tuple[Range, ...], tuple[str, ...]]:
        character = self.peek()
        if not character:
            raise self.error("a class that is not closed")
        self.at += 1
        if character == "\\":
            return self.escaped_set(in_class=True)
        return ((ord(character), ord(character)),), ()


def _single(code: int) -> Characters:
    return Characters(((code, code),))


def _is_single(ranges: tuple[Range, ...]) -> bool:
    return len(ranges) == 1 and ranges[0][0] == ranges[0][1]


def without_surrogates(ranges: tuple[Range, ...]) -> tuple[Range, ...]:
    """Return ``ranges`` without the code points of surrogates, which no JSON text in UTF-8 contains."""
    low, high = _SURROGATES
    parts = [part for first, last in ranges for part in ((first, min(last, low - 1)), (max(first, high + 1), last))]
    return tuple((first, last) for first, last in parts if first <= last)
