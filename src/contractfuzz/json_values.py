"""JSON values as Python objects: their type, a canonical text, and copies."""

from __future__ import annotations

import json
from typing import Any

JsonValue = Any
"""A JSON value: None, bool, int, float, str, list or dict. Any, because a checked recursive type costs a cast at every use."""

JsonObject = dict[str, Any]
"""A JSON object."""


def canonical(value: JsonValue) -> str:
    """Return a text that is equal for equal JSON values and for no others."""
    return json.dumps(value, sort_keys=True)


def copy_json(value: JsonValue) -> JsonValue:
    """Return a deep copy of a JSON value."""
    return json.loads(json.dumps(value)) if isinstance(value, dict | list) else value


def json_type(value: JsonValue) -> str:
    """Return the JSON Schema type of a Python value: ``integer`` for an int, ``number`` for a float.

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
    raise TypeError(type(value))
