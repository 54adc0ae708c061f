"""The types of JSON Schema and of JSON Structure."""

from __future__ import annotations

from typing import Any

JSON_TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")


def _integer(lowest: int, highest: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": lowest, "maximum": highest}


def _text(written: str) -> dict[str, Any]:
    return {"type": "string", "format": written}


# What each type of JSON Structure is in JSON Schema.
STRUCTURE_TYPES: dict[str, dict[str, Any]] = {
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
    "integer": _integer(-(2**31), 2**31 - 1),  # by the specification another name of int32
    # By the specification these two are strings on the wire; the documents in the wild, made from OpenAPI, mean numbers.
    "int64": _integer(-(2**63), 2**63 - 1),
    "uint64": _integer(0, 2**64 - 1),
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
    "binary": {"type": "string", "contentEncoding": "base64"},
    "object": {"type": "object"},
    "map": {"type": "object"},
    "array": {"type": "array"},
    "set": {"type": "array", "uniqueItems": True},
    "tuple": {"type": "array"},
}

# Made from OpenAPI, `integer` is OpenAPI's: it has no bounds, and timestamps in milliseconds rely on that.
OPENAPI_TYPES: dict[str, dict[str, Any]] = {**STRUCTURE_TYPES, "integer": {"type": "integer"}}

# Types of JSON Structure that are not lowered yet: refused by name, so that nobody takes them for a misspelling.
UNSUPPORTED_TYPES = ("int128", "uint128", "float8", "decimal", "choice")
