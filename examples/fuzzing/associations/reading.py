"""A tolerant reader: it looks at what it needs, and refuses what it cannot understand."""

from __future__ import annotations

import json


def associated_ids(body: bytes) -> dict[str, list[str]]:
    """Return the ids that each object is associated with; ValueError where the body does not say it."""
    try:
        response = json.loads(body)
    except RecursionError:
        raise ValueError("nested too deep") from None
    return {
        _text(_object(result.get("from")), "id"): [_text(_object(to), "toObjectId") for to in _list(result, "to")]
        for result in map(_object, _list(_object(response), "results"))
    }


def _object(value: object) -> dict:
    if not isinstance(value, dict):
        raise ValueError(f"expected an object, not {value!r}")
    return value


def _list(value: dict, name: str) -> list:
    if not isinstance(value.get(name), list):
        raise ValueError(f"expected a list of {name}")
    return value[name]


def _text(value: dict, name: str) -> str:
    if not isinstance(value.get(name), str):
        raise ValueError(f"expected a text for {name}")
    return value[name]
