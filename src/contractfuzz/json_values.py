"""JSON values as Python objects: types, canonical text and copies."""

from __future__ import annotations

import json
from typing import Any

JsonValue = Any
"""A JSON value: None, bool, int, float, str, list or dict.

The type is Any because a recursive type would require a cast at every use.
"""

JsonObject = dict[str, Any]
"""A JSON object."""


def canonical(value: JsonValue) -> str:
    """Return a JSON text that is the same for equal values and different for all others.

    Args:
        value: a JSON value. The order of its properties does not matter; ``1``, ``1.0`` and ``True`` differ.

    """
    return json.dumps(value, sort_keys=True)


def copy_json(value: JsonValue) -> JsonValue:
    """Return a deep copy of a JSON value.

    Args:
        value: a JSON value.

    """
    return json.loads(json.dumps(value)) if isinstance(value, dict | list) else value


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
