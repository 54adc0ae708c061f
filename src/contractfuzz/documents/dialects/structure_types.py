"""The types of JSON Structure as JSON Schemas."""

from __future__ import annotations

from typing import Any

from contractfuzz.documents.dialects.string_encoded import INTEGERS, binary_schema, decimal_schema, integer_schema


def _integer(minimum: int, maximum: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": minimum, "maximum": maximum}


def _text(format_name: str) -> dict[str, Any]:
    return {"type": "string", "format": format_name}


_COMMON_TYPES: dict[str, dict[str, Any]] = {
    "any": {},
    "null": {"type": "null"},
    "boolean": {"type": "boolean"},
    "string": {"type": "string"},
    "number": {"type": "number"},
    "float": {"type": "number"},
    "double": {"type": "number"},
    "int8": _integer(-(2**7), 2**7 - 1),
    "int16": _integer(-(2**15), 2**15 - 1),
    "int32": _integer(-(2**31), 2**31 - 1),
    "integer": _integer(-(2**31), 2**31 - 1),  # an alias of int32
    "uint8": _integer(0, 2**8 - 1),
    "uint16": _integer(0, 2**16 - 1),
    "uint32": _integer(0, 2**32 - 1),
    "date": _text("date"),
    "datetime": _text("date-time"),
    "time": _text("time"),
    "duration": _text("duration"),
    "uuid": _text("uuid"),
    "uri": _text("uri"),
    "email": _text("email"),
    "jsonpointer": _text("json-pointer"),
    "object": {"type": "object"},
    "map": {"type": "object"},
    "array": {"type": "array"},
    "set": {"type": "array", "uniqueItems": True},
    "tuple": {"type": "array"},
    "float8": {"type": "number"},
    "choice": {"type": "object"},
}
"""Types that are the same in JSON Structure as specified and in JSON Structure converted from OpenAPI."""

STRUCTURE_TYPES: dict[str, dict[str, Any]] = {
    **_COMMON_TYPES,
    **{name: integer_schema(name, *bounds) for name, bounds in INTEGERS.items()},
    "decimal": decimal_schema(None, None, {}),
    "binary": binary_schema("base64"),
}
"""Types as specified: wide integers, decimals and bytes are strings, with a pattern for their grammar and range."""

OPENAPI_TYPES: dict[str, dict[str, Any]] = {
    **_COMMON_TYPES,
    **{name: _integer(*bounds) for name, bounds in INTEGERS.items()},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "binary": {"type": "string", "contentEncoding": "base64"},
}
"""Types of documents converted from OpenAPI: wide integers are numbers, and ``integer`` has no bounds.

Timestamps in milliseconds need an ``integer`` without bounds.
"""
