"""Leaf values that hypothesis-jsonschema makes: patterns, and formats with no list of ours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.oracle import Oracle

SCALAR_KEYWORDS = frozenset(
    {"type", "pattern", "format", "minLength", "maxLength", "multipleOf"}
    | {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
)


def find_examples(schema: Mapping[str, Any]) -> list[Any]:
    r"""Return up to a hundred values that keep a scalar ``schema``, the shortest first; ContractError where none is found.

    The oracle has confirmed each. Plain ASCII goes before everything else, since validators differ on what ``\d``, ``\w`` and
    ``$`` mean beyond it.
    """
    # Only contracts that need it pay for loading it.
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis_jsonschema import from_schema

    scalar = {keyword: value for keyword, value in schema.items() if keyword in SCALAR_KEYWORDS}
    try:
        strategy = from_schema(scalar)
        found: dict[str, Any] = {}

        @seed(0)
        @settings(
            max_examples=100,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def collect(value: Any) -> None:
            found[json.dumps(value)] = value

        collect()
    except Exception as error:
        raise ContractError(f"no value keeps {json.dumps(scalar)}: {type(error).__name__}: {error}") from error
    oracle = Oracle(scalar)
    values = [
        value for _, value in sorted(found.items(), key=lambda item: (len(item[0]), item[0])) if oracle.is_valid(value)
    ]
    plain = [value for value in values if not isinstance(value, str) or (value.isascii() and value.isprintable())]
    if not values:
        raise ContractError(f"no value keeps {json.dumps(scalar)} with its format checked")
    return plain or values
