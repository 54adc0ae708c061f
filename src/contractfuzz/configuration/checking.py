"""Checking of a configuration against its schema.

Every pytest run reads the configuration, so this module loads no validator.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from contractfuzz.configuration.schema import Schema
from contractfuzz.errors import unknown
from contractfuzz.text import one_line

_MAX_VALUE_CHARACTERS = 100
_NOUNS = {
    "string": "a string",
    "integer": "an integer",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a table",
}
_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


def find_problem(value: Any, schema: Schema, path: Sequence[str] = ()) -> str:
    """Return the first problem of a value, as a message without the name of the file; empty if it is valid.

    Args:
        value: the parsed TOML.
        schema: the schema, with only the keywords of ``configuration_schema``.
        path: the keys that lead to the value.

    """
    if "anyOf" in schema:
        # At most one of the schemas has the type of the value.
        fitting = [one for one in schema["anyOf"] if _has_type(value, one["type"])]
        if not fitting:
            return _wrong(value, path, " or ".join(_noun(one) for one in schema["anyOf"]))
        return find_problem(value, fitting[0], path)
    if "enum" in schema and value not in schema["enum"]:
        # The words of the error for a name on the command line.
        return str(unknown(dotted(path), value, schema["enum"]))
    if "type" in schema and not _has_type(value, schema["type"]):
        return _wrong(value, path, _noun(schema))
    if isinstance(value, dict):
        return _problem_in_table(value, schema, path)
    if isinstance(value, list):
        return _problem_in_list(value, schema, path)
    return _problem_of_limits(value, schema, path)


def dotted(path: Iterable[str]) -> str:
    """Return the keys that lead to a value as TOML writes them: ``targets."my orders".feed``."""
    return ".".join(toml_key(key) for key in path)


def toml_key(key: str) -> str:
    """Return a key as TOML writes it, in quotation marks if it needs them."""
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else toml_string(key)


def toml_string(text: str) -> str:
    """Return a string as TOML writes it (a basic string), on one line."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda match: f"\\u{ord(match[0]):04x}", escaped) + '"'


def _problem_in_table(table: dict[str, Any], schema: Schema, path: Sequence[str]) -> str:
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", {})
    pattern = schema.get("propertyNames", {}).get("pattern")
    for key, value in table.items():
        if key not in properties and others is False:
            return str(unknown(f"key in {dotted(path)}" if path else "key", key, properties))
        if pattern is not None and not re.search(pattern, key):
            return (
                f"the name {key!r} in {dotted(path)} is empty, begins with a hyphen or has a colon: choose another name"
            )
        problem = find_problem(value, properties.get(key, others), [*path, key])
        if problem:
            return problem
    alternatives = [key for one in schema.get("oneOf", ()) for key in one["required"]]
    if alternatives and len(given := [key for key in alternatives if key in table]) != 1:
        if given:
            return f"{dotted(path)} has {given[0]!r} and {given[1]!r}: remove one of them"
        return f"{dotted(path)} has no {alternatives[0]!r}, nor {' or '.join(map(repr, alternatives[1:]))}: add one of them"
    missing = next((key for key in schema.get("required", ()) if key not in table), None)
    return "" if missing is None else f"{dotted(path)} has no {missing!r}: add it"


def _problem_in_list(values: list[Any], schema: Schema, path: Sequence[str]) -> str:
    if len(values) < schema.get("minItems", 0):
        return f"{dotted(path)} is empty: write at least one value in the list, or remove it"
    for value in values:
        problem = find_problem(value, schema.get("items", {}), path)
        if problem:
            return problem
    return ""


def _problem_of_limits(value: Any, schema: Schema, path: Sequence[str]) -> str:
    if isinstance(value, str) and len(value) < schema.get("minLength", 0):
        return f"{dotted(path)} is empty: write a value, or remove it"
    if "minimum" in schema and not schema["minimum"] <= value <= schema["maximum"]:
        shown = one_line(_shown(value), _MAX_VALUE_CHARACTERS)
        return f"{dotted(path)} is {shown}: write a number from {schema['minimum']} to {schema['maximum']:,}"
    return ""


def _has_type(value: Any, name: str) -> bool:
    found = _TYPES.get(type(value))
    return found == name or (found == "integer" and name == "number")


def _noun(schema: Schema) -> str:
    noun = _NOUNS[schema["type"]]
    return f"{noun} of strings" if schema["type"] == "array" and schema.get("items") else noun


def _wrong(value: Any, path: Sequence[str], wanted: str) -> str:
    shown = one_line(_shown(value), _MAX_VALUE_CHARACTERS)
    return f"{dotted(path)} is {shown}: write {wanted}"


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return _NOUNS[_TYPES[type(value)]]
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        return toml_string(value) if isinstance(value, str) else str(value)
    except ValueError:  # an integer with too many digits
        return "a huge integer"
