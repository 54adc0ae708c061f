"""Rich payloads: valid payloads with something in each part, so that a client that drops a part returns something else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.choices.seeded import SeededChoices
from contractfuzz.payloads.wire.cursors import find_cursors

CANDIDATES = 60
"""Number of payloads to choose from."""

_ERROR_NAME = re.compile("err|fail|warn|problem", re.IGNORECASE)


def candidates(make_payload: Callable[[Choices], Any]) -> Iterator[Any]:
    """Yield the payloads to choose from. They are always the same."""
    for number in range(CANDIDATES):
        yield make_payload(SeededChoices(f"wire:{number}".encode()))


def rich_payload(payloads: Iterable[Any]) -> Any:
    """Return the payload with items in as many arrays as possible, without errors and cursors; of equal ones, the smallest.

    Args:
        payloads: the payloads to choose from.

    """
    return max(payloads, key=_richness)


def _richness(payload: Any) -> tuple[int, int]:
    arrays: set[tuple[str, ...]] = set()
    errors = 0
    waiting: list[tuple[tuple[str, ...], Any]] = [((), payload)]
    while waiting:
        location, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [((*location, name), member) for name, member in value.items()]
            continue
        if not isinstance(value, list) or not value:
            continue
        arrays.add(location)
        errors += any(map(_ERROR_NAME.search, location))
        waiting += [((*location, "*"), item) for item in value]
    score = len(arrays) - 10 * errors - 10 * bool(find_cursors(payload))
    return score, -len(json.dumps(payload))
