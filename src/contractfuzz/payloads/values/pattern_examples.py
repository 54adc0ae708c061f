"""Strings that match a pattern, a format without examples of its own, or both within bounds of the length."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any

from contractfuzz.documents.dialects.string_encoded import ANNOTATION
from contractfuzz.errors import ContractError
from contractfuzz.oracle import CHECKED_FORMATS, Oracle
from contractfuzz.patterns.engine import IGNORES_CASE, CompiledPattern, compile_pattern
from contractfuzz.patterns.syntax import Expression
from contractfuzz.payloads.choices.seeded import SeededChoices
from contractfuzz.payloads.values.doubtful import is_undisputed
from contractfuzz.payloads.values.formats import FORMAT_DECODERS, format_candidates
from contractfuzz.payloads.values.pattern_decoder import PatternDecoder, length_bounds
from contractfuzz.payloads.values.pattern_strings import MORE_PATTERNS, pattern_strings
from contractfuzz.payloads.values.string_encoded import encoded_values

STRING_KEYWORDS = frozenset({"type", "pattern", "format", "minLength", "maxLength"})

MAX_EXAMPLES = 200
"""Number of strings in a list of examples."""

_HYPOTHESIS_EXAMPLES = 100
_MAX_JOINED = 6_000
"""Number of joined strings that are tried."""

_ENOUGH_FORMATTED = 20
"""Number of matching strings of a format from which on no joined strings are needed."""

_PADDING = "a01"
_DECODED_ATTEMPTS = 6
_TRIALS = 8


@dataclass(frozen=True, slots=True)
class StringDecoder:
    """A function that makes strings from bytes, and a check of these strings.

    Attributes:
        width: the number of bytes that a string reads.
        decode: returns the string for a block, the index of the first byte, and the number of an attempt.
        is_valid: returns True if a string keeps the keywords.

    """

    width: int
    decode: Callable[[bytes, int, int], str]
    is_valid: Callable[[str], bool]

    def string(self, block: bytes, at: int) -> str | None:
        """Return the string that ``block[at : at + width]`` decides; None if several attempts are invalid."""
        for attempt in range(_DECODED_ATTEMPTS):
            text = self.decode(block, at, attempt)
            if self.is_valid(text):
                return text
        return None


def find_decoder(schema: Mapping[str, Any], examples: Sequence[str]) -> StringDecoder | None:
    """Return a decoder of strings that satisfy the ``STRING_KEYWORDS`` of a schema, among them ``pattern``.

    Args:
        schema: the schema of the string.
        examples: strings that ``find_examples`` found for it.

    Returns:
        The decoder; None if the decoded strings are rarely valid, or take long to match, so that only the examples remain.

    """
    if ANNOTATION in schema:
        return None
    patterns = list(map(compile_pattern, patterns_of(schema)))
    expressions = [pattern.expression for pattern in patterns if pattern.expression is not None]
    low, high = _length_bounds(schema, expressions)
    is_valid = string_check(schema, examples)
    decoders: list[StringDecoder] = []
    for expression in expressions:
        walk = PatternDecoder(expression, low, high)
        if walk.is_possible:
            decoders.append(StringDecoder(walk.width, walk.decode, is_valid))
    if schema.get("format") in FORMAT_DECODERS:
        width, decode = FORMAT_DECODERS[schema["format"]]
        decoders.append(StringDecoder(width, lambda block, at, _: decode(block, at), is_valid))
    successes = [_count_successes(decoder, patterns) for decoder in decoders]
    best = max(successes, default=0)
    return decoders[successes.index(best)] if 2 * best >= _TRIALS else None


def _length_bounds(schema: Mapping[str, Any], expressions: Sequence[Expression]) -> tuple[int, int | None]:
    """Return the bounds of the length of a string, those that follow from several patterns included."""
    low, highs = int(schema.get("minLength", 0)), [int(schema["maxLength"])] if "maxLength" in schema else []
    for shortest, longest in map(length_bounds, expressions if len(expressions) > 1 else ()):
        low = max(low, shortest)
        highs += [] if longest is None else [longest]
    return low, min(highs, default=None)


def string_check(
    schema: Mapping[str, Any], examples: Sequence[str] = (), *, skipped: str | None = None
) -> Callable[[str], bool]:
    """Return a function that returns True for strings that keep the ``STRING_KEYWORDS`` of a schema, and are not doubtful.

    Args:
        schema: the schema.
        examples: valid strings. If they are printable ASCII, other strings must be, too.
        skipped: a pattern that is not checked.

    """
    low, high = int(schema.get("minLength", 0)), schema.get("maxLength", math.inf)
    searches = [compile_pattern(pattern).search for pattern in patterns_of(schema) if pattern != skipped]
    name = schema.get("format")
    has_format = Oracle({"format": name}).is_valid if name in CHECKED_FORMATS else None
    is_plain = bool(examples) and all(map(_is_plain, examples))

    def is_valid(text: str) -> bool:
        if not low <= len(text) <= high or (is_plain and not _is_plain(text)):
            return False
        for search in searches:
            if not search(text):
                return False
        return has_format is None or (has_format(text) and is_undisputed(name, text))

    return is_valid


def patterns_of(schema: Mapping[str, Any]) -> list[str]:
    """Return all patterns that a flat schema has."""
    return [*([schema["pattern"]] if "pattern" in schema else ()), *schema.get(MORE_PATTERNS, ())]


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _count_successes(decoder: StringDecoder, patterns: Iterable[CompiledPattern]) -> int:
    """Return the number of trials in which a decoder makes a valid string; 0 if a string takes long to match."""
    stream = SeededChoices(b"decoder")
    blocks = [stream.block(decoder.width) for _ in range(_TRIALS)]
    if any(pattern.gives_up(decoder.decode(block, 0, 0)) for block in blocks for pattern in patterns):
        return 0
    return sum(decoder.string(block, 0) is not None for block in blocks)


def find_examples(schema: Mapping[str, Any], candidates: Iterable[str] = ()) -> list[str]:
    """Return strings that satisfy the ``STRING_KEYWORDS`` of a schema, the shortest first.

    Args:
        schema: the schema of the string; other keywords are ignored.
        candidates: strings that may be valid. They are used unless the schema is annotated as a string-encoded type.

    Returns:
        At least one string and at most ``MAX_EXAMPLES``; none of them is doubtful. If some are printable ASCII, only these: other
        validators match patterns in other dialects, which differ beyond ASCII.

    Raises:
        ContractError: no valid string was found.

    """
    keywords = {keyword: value for keyword, value in schema.items() if keyword in STRING_KEYWORDS}
    is_valid = string_check(schema)
    encoded = {text for text in encoded_values(schema.get(ANNOTATION)) if is_valid(text)}
    if encoded:
        return sorted(encoded, key=lambda text: (len(text), text))
    sources = [{**keywords, "pattern": pattern} for pattern in patterns_of(schema)] or [keywords]
    found = (text for texts in (*map(_generated, sources), candidates) for text in texts if is_valid(text))
    values = sorted(dict.fromkeys(islice(found, MAX_EXAMPLES)), key=len)
    if not values:
        shown = json.dumps({**keywords, "pattern": patterns_of(schema)} if MORE_PATTERNS in schema else keywords)
        raise ContractError(f"no string satisfies {shown}: check that its keywords do not contradict each other")
    return [text for text in values if _is_plain(text)] or values


def _generated(keywords: Mapping[str, Any]) -> Iterator[str]:
    """Yield strings that may satisfy the keywords, the most likely ones first."""
    pattern, name = keywords.get("pattern"), keywords.get("format")
    low, high = int(keywords.get("minLength", 0)), keywords.get("maxLength")
    formatted = list(format_candidates(name)) if name else []
    if pattern is None:
        yield from formatted
        yield from _padded(formatted, low)
        if not formatted:
            yield from _draw_strings(json.dumps(keywords))
        return
    compiled = compile_pattern(pattern)
    fitting = [text for text in formatted if compiled.search(text)]
    yield from fitting
    if compiled.expression is None:
        yield from _draw_strings(json.dumps({"type": "string", "pattern": pattern}))
        return
    own = list(pattern_strings(compiled.expression, low, None if high is None else int(high)))
    yield from own
    if pattern.startswith(IGNORES_CASE):
        yield from (text.upper() for text in own)
    if formatted and len(fitting) < _ENOUGH_FORMATTED:
        fitting += [text for text in islice(_joined(own, formatted), _MAX_JOINED) if compiled.search(text)]
        yield from fitting
    yield from _padded(fitting, low)


def _joined(own: Iterable[str], formatted: list[str]) -> Iterator[str]:
    """Yield strings of a format with a part replaced by a string of the pattern: at the start, at the end, or added there."""
    patterned = [text for text in own if text][:40]
    spread = formatted[:: max(1, len(formatted) // 12)]
    for text in spread:
        for part in patterned:
            yield part + text[len(part) :]
            yield text[: -len(part)] + part
    for part in patterned:
        for text in spread:
            for index in range(len(text) + 1):
                yield part + text[index:]
                yield text[:index] + part


def _padded(texts: Iterable[str], low: int) -> Iterator[str]:
    """Yield ``texts`` that are too short with characters added in one place."""
    for text in islice(texts, 20):
        if len(text) < low:
            for index in range(len(text) + 1):
                yield from (text[:index] + one * (low - len(text)) + text[index:] for one in _PADDING)


@cache
def _draw_strings(schema: str) -> tuple[str, ...]:
    """Return strings that hypothesis-jsonschema draws for a schema, given as JSON text, with a fixed seed.

    Only for patterns that ``contractfuzz.patterns`` does not read, and formats without candidates. Hypothesis mixes constants of
    the user's loaded modules into its strings and has no public option against it, so these strings may differ between projects.
    """
    # Loaded here because most contracts need neither.
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis_jsonschema import from_schema

    found: list[str] = []

    @seed(0)
    @settings(
        max_examples=_HYPOTHESIS_EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(from_schema(json.loads(schema)))
    def collect(value: str) -> None:
        found.append(value)

    try:
        collect()
    except Exception as error:
        raise ContractError(f"no string satisfies {schema}: {type(error).__name__}: {error}") from error
    return tuple(found)
