"""Strings that match a pattern, a format without examples of its own, or both within bounds of the length."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain, islice
from typing import Any

from contractfuzz.documents.dialects.string_encoded import ANNOTATION
from contractfuzz.errors import ContractError
from contractfuzz.oracle import Oracle
from contractfuzz.patterns.engine import compile_pattern
from contractfuzz.payloads.values.doubtful import is_undisputed
from contractfuzz.payloads.values.formats import format_candidates
from contractfuzz.payloads.values.pattern_strings import pattern_strings
from contractfuzz.payloads.values.string_encoded import encoded_values

STRING_KEYWORDS = frozenset({"type", "pattern", "format", "minLength", "maxLength"})

MAX_EXAMPLES = 200
"""Number of strings in a list of examples."""

_HYPOTHESIS_EXAMPLES = 100
_MAX_JOINED = 30_000
"""Number of joined strings that are tried."""

_PADDING = "a01"


def find_examples(schema: Mapping[str, Any], candidates: Iterable[str] = ()) -> list[str]:
    """Return strings that satisfy the ``STRING_KEYWORDS`` of a schema, the shortest first.

    Args:
        schema: the schema of the string; other keywords are ignored.
        candidates: strings that may be valid. They are used unless the schema is annotated as a string-encoded type.

    Returns:
        At least one string and at most ``MAX_EXAMPLES``, each validated by the oracle; none of them is doubtful. If some are
        printable ASCII, only these: other validators match patterns in other dialects, which differ beyond ASCII.

    Raises:
        ContractError: no valid string was found.

    """
    keywords = {keyword: value for keyword, value in schema.items() if keyword in STRING_KEYWORDS}
    oracle = Oracle(keywords)
    encoded = {text for text in encoded_values(schema.get(ANNOTATION)) if oracle.is_valid(text)}
    if encoded:
        return sorted(encoded, key=lambda text: (len(text), text))
    name = keywords.get("format")
    valid = (
        text for text in chain(_generated(keywords), candidates) if oracle.is_valid(text) and is_undisputed(name, text)
    )
    values = sorted(dict.fromkeys(islice(valid, MAX_EXAMPLES)), key=len)
    if not values:
        raise ContractError(
            f"no string satisfies {json.dumps(keywords)}: check that its keywords do not contradict each other"
        )
    return [text for text in values if text.isascii() and text.isprintable()] or values


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
    if formatted:
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
