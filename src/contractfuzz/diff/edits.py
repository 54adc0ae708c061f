"""Edits of payloads at one place."""

from __future__ import annotations

from typing import Any

from contractfuzz.json_pointer import MISSING
from contractfuzz.json_values import copy_json, put_at, value_at

Path = tuple[str | int, ...]
"""The names and indices that lead to a place in a payload."""


def find_value(payload: Any, path: Path) -> Any:
    """Return the value at a place; ``MISSING`` if the payload has no such place."""
    try:
        return value_at(payload, path)
    except (LookupError, TypeError):
        return MISSING


def with_value(payload: Any, path: Path, value: Any) -> Any:
    """Return a copy of a payload with another value at a place, or without the property there if the value is ``MISSING``.

    Args:
        payload: the payload, which is not changed.
        path: the place. Its last name may be one that the payload does not have.
        value: the value.

    Returns:
        The copy; ``MISSING`` if the payload has no such place.

    """
    try:
        if value is not MISSING:
            return put_at(copy_json(payload), path, copy_json(value))
        copy = copy_json(payload)
        del value_at(copy, path[:-1])[path[-1]]
    except (LookupError, TypeError):
        return MISSING
    return copy
