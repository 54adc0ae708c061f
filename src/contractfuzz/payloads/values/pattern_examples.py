"""Strings that match a pattern or a format without examples of its own. Most come from hypothesis-jsonschema."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from contractfuzz.documents.dialects.string_encoded import ANNOTATION
from contractfuzz.errors import ContractError
from contractfuzz.oracle import Oracle
from contractfuzz.payloads.values.string_encoded import encoded_values

STRING_KEYWORDS = frozenset({"type", "pattern", "format", "minLength", "maxLength"})

_HYPOTHESIS_EXAMPLES = 100


def find_examples(schema: Mapping[str, Any], candidates: Iterable[str] = ()) -> list[str]:
    r"""Return strings that satisfy the ``STRING_KEYWORDS`` of a schema, the shortest first.

    Args:
        schema: the schema of the string; other keywords are ignored.
        candidates: strings that may be valid. They are used unless the schema is annotated as a string-encoded type.

    Returns:
        At least one string and up to a few hundred, each validated by the oracle. If some are printable ASCII, only these:
        validators disagree on ``\d``, ``\w`` and ``$`` beyond ASCII.

    Raises:
        ContractError: no valid string was found.

    """
    keywords = {keyword: value for keyword, value in schema.items() if keyword in STRING_KEYWORDS}
    oracle = Oracle(keywords)
    encoded = [text for text in encoded_values(schema.get(ANNOTATION)) if oracle.is_valid(text)]
    found = set(encoded) or {text for text in (*_generated(keywords), *candidates) if oracle.is_valid(text)}
    values = sorted(found, key=lambda text: (len(text), text))
    if not values:
        raise ContractError(
            f"no string satisfies {json.dumps(keywords)}: check that its keywords do not contradict each other"
        )
    return [text for text in values if text.isascii() and text.isprintable()] or values


def _generated(keywords: Mapping[str, Any]) -> Iterator[str]:
    if "pattern" not in keywords:
        yield from _draw_strings(json.dumps(keywords))
        return
    # A pattern matches anywhere in a string. The anchored one gives the short strings that a maximum length needs.
    for pattern in (keywords["pattern"], f"^(?:{keywords['pattern']})$"):
        yield from _draw_strings(json.dumps({"type": "string", "pattern": pattern}))


@cache
def _draw_strings(schema: str) -> tuple[str, ...]:
    """Return strings that hypothesis-jsonschema draws for a schema, given as JSON text, with a fixed seed."""
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
