r"""Matching of patterns with the engine of jsonschema-rs, which stops after a number of steps.

The engine has a syntax of its own, so ``patterns.syntax`` reads a pattern, and this module writes it in that syntax. There
``\d``, ``\w``, ``\s``, ``\b`` and ``.`` mean what ECMA-262 defines. A pattern that ``patterns.syntax`` does not read is given to
the engine as it is. Expressions without look-around and back references take time linear in the text; all others have a limit
of steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from contractfuzz.patterns.syntax import (
    MAX_CODE_POINT,
    Alternation,
    BackReference,
    Characters,
    Expression,
    Group,
    Look,
    PatternSyntaxError,
    Position,
    Range,
    Repeat,
    Sequence,
    merged,
    parse_pattern,
    without_surrogates,
)

MAX_STEPS = 1_000_000
"""Number of times that the engine tries another way through a pattern, for one text."""

MAX_COMPILED_BYTES = 30_000_000
"""Size of a compiled pattern. The default of the engine is too small for ``^.{1,32768}$``."""

MAX_COMPILED_REPEAT = 2000
"""Bound of a repeat from which on the engine compiles it slowly."""

IGNORES_CASE = "(?i)"
"""Prefix of a pattern that matches upper and lower case alike."""

_WORD = "[0-9A-Za-z_]"
_BOUNDARY = f"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))"
_POSITIONS = {
    "^": "^",
    "$": "$",
    "b": _BOUNDARY,
    "B": f"(?:(?<={_WORD})(?={_WORD})|(?<!{_WORD})(?!{_WORD}))",
}
_PART = re.compile(r"\\.|.", re.DOTALL)
_UNICODE: dict[str, str | None] = {
    r"\d": r"\p{Nd}",
    r"\D": r"\P{Nd}",
    r"\w": r"[\p{L}\p{N}_]",
    r"\W": r"[^\p{L}\p{N}_]",
    r"\b": None,
    r"\B": None,
}
_UNICODE_IN_CLASS: dict[str, str | None] = {
    r"\d": r"\p{Nd}",
    r"\D": r"\P{Nd}",
    r"\w": r"\p{L}\p{N}_",
    r"\W": None,
}
_NOTHING = r"[^\x00-\u{10FFFF}]"
_ANYTHING = r"[\x00-\u{10FFFF}]"
_ALL = without_surrogates(((0, MAX_CODE_POINT),))


class PatternError(ValueError):
    """A pattern that cannot be used."""


class CompiledPattern:
    """A regular expression of a document.

    Attributes:
        pattern: the pattern as the document has it.
        expression: its syntax tree; None if ``patterns.syntax`` does not read it.

    """

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.expression: Expression | None = None
        problem = ""
        # ECMA-262 has no such prefix, but patterns that were written for other engines do.
        prefix = IGNORES_CASE if pattern.startswith(IGNORES_CASE) else ""
        try:
            self.expression = parse_pattern(pattern.removeprefix(prefix))
        except (PatternSyntaxError, RecursionError) as error:
            problem = str(error)
        self._backtracks = self.expression is None or _backtracks(self.expression)
        self._matcher = None if self.expression is None else _compile_wide(self.expression, prefix)
        if self._matcher is not None:
            return
        attempts = [pattern] if self.expression is None else [prefix + write_expression(self.expression), pattern]
        compiled = next((one for one in map(_compile, attempts) if one is not None), None)
        if compiled is None:
            raise PatternError(problem or "too large, or not supported by the engine")
        self._validator = compiled

    def __reduce__(self) -> tuple[Callable[[str], CompiledPattern], tuple[str]]:
        # The validator of the engine cannot be sent to another process.
        return compile_pattern, (self.pattern,)

    def search(self, text: str) -> bool:
        """Return True if the pattern matches anywhere in ``text``; False too if the engine gave up.

        Args:
            text: the text. A lone surrogate in it is matched as U+FFFD.

        """
        if self._matcher is not None:
            return self._matcher.search(_encodable(text)) is not None
        return bool(self._validator.is_valid(_encodable(text)))

    def misses(self, text: str) -> bool:
        """Return True if it is certain that the pattern matches nowhere in ``text``.

        Args:
            text: the text, as for ``search``.

        """
        return not self.search(text) and not self.gives_up(text)

    def gives_up(self, text: str) -> bool:
        """Return True if the engine stops at its limit before it knows whether the pattern matches.

        Args:
            text: the text, as for ``search``.

        """
        if self._matcher is not None or not self._backtracks:
            return False
        errors = self._validator.iter_errors(_encodable(text))
        return any("error" in error.kind.as_dict() for error in errors)


def _backtracks(expression: Expression) -> bool:
    """Return True if the engine may take more than linear time for an expression, and so may stop at its limit."""
    match expression:
        case Look() | BackReference():
            return True
        case Position(kind):
            return kind in "bB"
        case Sequence(inner) | Alternation(inner):
            return any(map(_backtracks, inner))
        case Repeat(body) | Group(body):
            return _backtracks(body)
    return False


@lru_cache(maxsize=4096)
def compile_pattern(pattern: str) -> CompiledPattern:
    """Return a pattern ready to match.

    Args:
        pattern: the pattern, in the dialect of ECMA-262.

    Raises:
        PatternError: it is not a regular expression, or too large.

    """
    return CompiledPattern(pattern)


def with_unicode_classes(pattern: str) -> str | None:
    r"""Return a pattern in which ``\d`` and ``\w`` stand for the digits and letters of all scripts, as in Python.

    Args:
        pattern: the pattern, in the dialect of ECMA-262.

    Returns:
        The pattern, in the same dialect; None if it has a class or a boundary that cannot be written so.

    """
    is_in_class = False
    written = []
    for part in _PART.findall(pattern):
        if part == "[" and not is_in_class:
            is_in_class = True
        elif part == "]":
            is_in_class = False
        replacement = (_UNICODE_IN_CLASS if is_in_class else _UNICODE).get(part, part)
        if replacement is None:
            return None
        written.append(replacement)
    return "".join(written)


def _compile(text: str) -> Any:
    """Return a validator of strings that match; None if the engine does not compile the pattern."""
    # Loaded here because contracts without patterns do not need it.
    from jsonschema_rs import Draft202012Validator, FancyRegexOptions, ValidationError

    options = FancyRegexOptions(
        backtrack_limit=MAX_STEPS, size_limit=MAX_COMPILED_BYTES, dfa_size_limit=MAX_COMPILED_BYTES
    )
    try:
        return Draft202012Validator({"pattern": text}, pattern_options=options)
    except (ValidationError, ValueError):
        return None


def _compile_wide(expression: Expression, prefix: str) -> re.Pattern[str] | None:
    """Return a matcher of Python for a pattern that is one wide repeat, such as ``^.{1,65536}$``; None for other patterns.

    The engine compiles such a repeat in a second, to hundreds of megabytes. Python does not, and takes linear time because the
    repeat is anchored and nothing but the end of the text follows it.
    """
    match expression:
        case Sequence((Position("^"), one, *rest)) if rest in ([], [Position("$")]):
            repeat = one.body if isinstance(one, Group) else one
        case _:
            return None
    if not isinstance(repeat, Repeat) or max(repeat.low, repeat.high or 0) <= MAX_COMPILED_REPEAT:
        return None
    if not isinstance(repeat.body, Characters) or repeat.body.properties:
        return None
    # The only dollar signs of a written expression are anchors.
    written = write_expression(expression).replace("$", r"\Z")
    return re.compile(prefix + re.sub(r"\\u\{([0-9A-F]+)\}", lambda found: f"\\U{int(found[1], 16):08X}", written))


def _encodable(text: str) -> str:
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def write_expression(expression: Expression) -> str:
    """Return an expression in the syntax of the engine.

    Args:
        expression: the syntax tree.

    """
    match expression:
        case Characters():
            return _write_characters(expression)
        case Sequence(parts):
            return "".join(
                f"(?:{write_expression(one)})" if isinstance(one, Alternation) else write_expression(one)
                for one in parts
            )
        case Alternation(branches):
            return "|".join(map(write_expression, branches))
        case Repeat(body, low, high, suffix):
            inner = write_expression(body) if isinstance(body, Characters | Group) else f"(?:{write_expression(body)})"
            return f"{inner}{_write_quantifier(low, high)}{suffix}"
        case Group(body, number):
            return f"({write_expression(body)})" if number else f"(?:{write_expression(body)})"
        case Look(operator, body):
            return f"({operator}{write_expression(body)})"
        case BackReference(number):
            return f"(?:\\{number})"
        case Position(kind):
            return _POSITIONS[kind]


def _write_quantifier(low: int, high: int | None) -> str:
    if high is None:
        return {0: "*", 1: "+"}.get(low, f"{{{low},}}")
    return {(0, 1): "?"}.get((low, high), f"{{{low}}}" if low == high else f"{{{low},{high}}}")


def _write_characters(characters: Characters) -> str:
    ranges = merged(without_surrogates(characters.ranges))
    if ranges == _ALL and not characters.properties:
        return _NOTHING if characters.is_negated else _ANYTHING
    if not ranges and not characters.properties:
        return _ANYTHING if characters.is_negated else _NOTHING
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1] and not characters.properties and not characters.is_negated:
        return _write_code_point(ranges[0][0])
    inner = "".join(map(_write_range, ranges)) + "".join(characters.properties)
    return f"[{'^' if characters.is_negated else ''}{inner}]"


def _write_range(one: Range) -> str:
    first, last = one
    return _write_code_point(first) if first == last else f"{_write_code_point(first)}-{_write_code_point(last)}"


def _write_code_point(code: int) -> str:
    character = chr(code)
    return character if character.isascii() and character.isalnum() else f"\\u{{{code:X}}}"
