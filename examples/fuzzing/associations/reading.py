"""Tolerant reader: ignores properties that it does not need, and rejects what it cannot read."""

from __future__ import annotations

import json


def associated_ids(body: bytes) -> dict[str, list[str]]:
    """Return the ids of the associated objects by object id.

    Raises:
        ValueError: the body does not contain them.

    """
    try:
        response = json.loads(body, parse_constant=_reject)  # NaN and Infinity are not JSON
    except RecursionError:
        raise ValueError("nested too deep") from None
    return {
        _string(_object(result.get("from")), "id"): [_string(_object(to), "toObjectId") for to in _list(result, "to")]
        for result in map(_object, _list(_object(response), "results"))
    }


def _reject(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _object(value: object) -> dict:
    if not isinstance(value, dict):
        raise ValueError(f"expected an object, not {value!r}")
    return value


def _list(value: dict, name: str) -> list:
    if not isinstance(value.get(name), list):
        raise ValueError(f"expected an array of {name}")
    return value[name]


def _string(value: dict, name: str) -> str:
    if not isinstance(value.get(name), str):
        raise ValueError(f"expected a string for {name}")
    return value[name]
