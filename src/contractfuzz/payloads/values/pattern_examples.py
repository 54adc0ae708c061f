"""Leaf values that hypothesis-jsonschema makes: patterns, and formats with no list of ours."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from contractfuzz.documents.dialects import string_encoded as wire
from contractfuzz.errors import ContractError
from contractfuzz.oracle import Oracle

KEYWORDS = frozenset({"type", "pattern", "format", "minLength", "maxLength"})


def find_examples(schema: Mapping[str, Any], candidates: Iterable[str] = ()) -> list[str]:
    r"""Return up to some hundred strings that keep the ``KEYWORDS`` of a schema, the shortest first.

    The oracle has confirmed each: what is made of the pattern or the format alone, and the ``candidates``. Plain ASCII goes
    before everything else, since validators differ on what ``\d``, ``\w`` and ``$`` mean beyond it. ContractError where none
    is found.
    """
    wanted = {keyword: value for keyword, value in schema.items() if keyword in KEYWORDS}
    oracle = Oracle(wanted)
    # Of types whose pattern is of our own making their edges are known.
    known = [text for text in wire.values(schema.get(wire.HINT)) if oracle.is_valid(text)]
    found = set(known) or {text for text in (*_made(wanted), *candidates) if oracle.is_valid(text)}
    values = sorted(found, key=lambda text: (len(text), text))
    if not values:
        raise ContractError(
            f"no string was found that keeps {json.dumps(wanted)}: check that its keywords can hold together"
        )
    return [text for text in values if text.isascii() and text.isprintable()] or values


def _made(wanted: Mapping[str, Any]) -> Iterator[str]:
    if "pattern" not in wanted:
        yield from _drawn(json.dumps(wanted))
        return
    # A pattern is not bound to the ends of a string: with them come the short ones that bounds of the length ask for.
    for pattern in (wanted["pattern"], f"^(?:{wanted['pattern']})$"):
        yield from _drawn(json.dumps({"type": "string", "pattern": pattern}))


@cache
def _drawn(schema: str) -> tuple[str, ...]:
    """Return strings that hypothesis-jsonschema makes of a schema, given as JSON text: always the same."""
    # Only contracts that need it pay for loading it.
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis_jsonschema import from_schema

    found: list[str] = []

    @seed(0)
    @settings(
        max_examples=100,
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
        raise ContractError(f"no string keeps {schema}: {type(error).__name__}: {error}") from error
    return tuple(found)
