"""The types of JSON Schema and of JSON Structure."""

from __future__ import annotations

from typing import Any

from contractfuzz.documents.dialects import string_encoded as wire

JSON_TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")


def _integer(lowest: int, highest: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": lowest, "maximum": highest}


def _text(written: str) -> dict[str, Any]:
    return {"type": "string", "format": written}


# What the types of JSON Structure are in JSON Schema that are the same in all its dialects.
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
    "integer": _integer(-(2**31), 2**31 - 1),  # by the specification another name of int32
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

# By the specification these are strings on the wire, with a grammar and a range that a pattern holds.
STRUCTURE_TYPES: dict[str, dict[str, Any]] = {
    **_COMMON_TYPES,
    **{name: wire.integer(name, *bounds) for name, bounds in wire.INTEGERS.items()},
    "decimal": wire.decimal(None, None, {}),
    "binary": wire.binary("base64"),
}

# Made from OpenAPI, these are numbers, and `integer` is OpenAPI's: it has no bounds, and timestamps in milliseconds rely on that.
OPENAPI_TYPES: dict[str, dict[str, Any]] = {
    **_COMMON_TYPES,
    **{name: _integer(*bounds) for name, bounds in wire.INTEGERS.items()},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "binary": {"type": "string", "contentEncoding": "base64"},
}
