"""JSON values as Python objects: types, canonical text and copies."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

JsonValue = Any
"""A JSON value: None, bool, int, float, str, list or dict.

The type is Any because a recursive type would require a cast at every use.
"""

JsonObject = dict[str, Any]
"""A JSON object."""


_CONTAINERS = (dict, list)  # a union of types would be made anew for each value that is copied


def canonical(value: JsonValue) -> str:
    """Return a JSON text that is the same for equal values and different for all others.

    Args:
        value: a JSON value. The order of its properties does not matter; ``1``, ``1.0`` and ``True`` differ.

    """
    return json.dumps(value, sort_keys=True)


def compact_json(value: JsonValue) -> str:
    """Return the JSON text of a value without white space, with the characters of every language as they are.

    Args:
        value: a JSON value. Numbers and texts that JSON cannot write stay as ``json.dumps`` writes them, such as ``NaN``.

    """
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def copy_json(value: JsonValue) -> JsonValue:
    """Return a deep copy of a JSON value.

    Args:
        value: a JSON value.

    """
    return json.loads(json.dumps(value)) if isinstance(value, _CONTAINERS) else value


def member(record: JsonValue, name: str, *types: type) -> JsonValue:
    """Return a member of an object that was read from a file.

    Args:
        record: the object.
        name: the name of the member.
        types: the types that its value may have; ``bool`` is not an ``int``.

    Raises:
        KeyError: the object has no such member.
        TypeError: ``record`` is not an object, or the value has another type.

    """
    value = record[name]
    if type(value) not in types:
        raise TypeError(f"{name} is of type {type(value).__name__}")
    return value


def json_type(value: JsonValue) -> str:
    """Return the JSON Schema type of a JSON value.

    Args:
        value: a JSON value.

    Returns:
        ``null``, ``boolean``, ``integer`` (any int), ``number`` (any float, even ``1.0``), ``string``, ``array`` or ``object``.

    Raises:
        TypeError: the value is not a JSON value.

    """
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case dict():
            return "object"
    raise TypeError(f"{type(value).__name__} is not a JSON value")


def value_at(value: JsonValue, path: Iterable[str | int]) -> JsonValue:
    """Return the value within a JSON value that a path of names and indices leads to."""
    for token in path:
        value = value[token]
    return value


def put_at(value: JsonValue, path: Sequence[str | int], new: JsonValue) -> JsonValue:
    """Return a JSON value with another value at a path, which may be a new member or the next item. The value is changed.

    Args:
        value: the JSON value.
        path: the names and indices that lead to the place.
        new: the value to put there.

    """
    if not path:
        return new
    container, key = value_at(value, path[:-1]), path[-1]
    if isinstance(container, list) and key == len(container):
        container.append(new)
    else:
        container[key] = new
    return value


def is_json_value(value: Any) -> bool:
    """Return True if a Python object can be written as a JSON text: no NaN, no infinity, no lone surrogate."""
    try:
        return bool(json.dumps(value, allow_nan=False, ensure_ascii=False).encode())
    except (TypeError, ValueError, RecursionError):
        return False
