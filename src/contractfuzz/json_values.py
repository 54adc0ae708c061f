"""TODO."""

from __future__ import annotations

import json
from typing import Any


def canonical(payload: Any) -> str:
    """Return a text that is equal for equal JSON values and no others."""
    return json.dumps(payload, sort_keys=True)


def copy(payload: Any) -> Any:
    """Return a copy of a JSON value that may hold others."""
    return json.loads(json.dumps(payload)) if isinstance(payload, dict | list) else payload


def json_type(value: Any) -> str:
    """Return the JSON Schema type of a Python value."""
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
