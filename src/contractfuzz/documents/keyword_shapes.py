"""Shapes of keyword values: functions that check a value, lower the schemas in it and return the result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contractfuzz.documents.document import SourceLocation
from contractfuzz.documents.errors import show_json
from contractfuzz.patterns.engine import PatternError, compile_pattern

Schema = dict[str, Any] | bool
"""A JSON Schema."""

LowerSchema = Callable[[Any, SourceLocation], Schema]
"""Function that lowers the schema at a location to JSON Schema 2020-12."""

ReadValue = Callable[[Any, SourceLocation], Any]
"""Function that checks the value at a location and returns it, or raises a ContractError that names the location."""

_TYPE_NAMES = {dict: "an object", list: "an array", str: "a string", bool: "true or false"}


def require_type(value: Any, expected: type, location: SourceLocation) -> None:
    """Raise a ContractError unless ``value`` is of the ``expected`` type: ``dict``, ``list``, ``str`` or ``bool``."""
    if not isinstance(value, expected):
        raise location.error(f"must be {_TYPE_NAMES[expected]}, not {show_json(value)}")


# --- schemas ------------------------------------------------------------------------------------------------------------


def lower_list(value: Any, location: SourceLocation, lower: LowerSchema) -> list[Schema]:
    """Lower a list of schemas, which must not be empty."""
    require_type(value, list, location)
    if not value:
        raise location.error("is empty; give it at least one schema or delete the keyword")
    return [lower(child, location / index) for index, child in enumerate(value)]


def lower_map(value: Any, location: SourceLocation, lower: LowerSchema) -> dict[str, Schema]:
    """Lower an object whose values are schemas."""
    require_type(value, dict, location)
    return {name: lower(child, location / name) for name, child in value.items()}


def lower_pattern_map(value: Any, location: SourceLocation, lower: LowerSchema) -> dict[str, Schema]:
    """Lower an object whose names are regular expressions and whose values are schemas."""
    schemas = lower_map(value, location, lower)
    return {read_pattern(pattern, location / pattern): schema for pattern, schema in schemas.items()}


# --- plain values -------------------------------------------------------------------------------------------------------


def read_names(value: Any, location: SourceLocation) -> list[str]:
    """Read a list of strings, which must not have duplicates."""
    require_type(value, list, location)
    seen = set()
    for index, name in enumerate(value):
        require_type(name, str, location / index)
        if name in seen:
            raise (location / index).error(f"repeats {show_json(name)}; delete it")
        seen.add(name)
    return list(value)


def read_name_set(value: Any, location: SourceLocation) -> list[str]:
    """Read a list of strings, and return each of them once. A duplicate has no effect."""
    require_type(value, list, location)
    for index, name in enumerate(value):
        require_type(name, str, location / index)
    return list(dict.fromkeys(value))


def read_names_by_name(value: Any, location: SourceLocation) -> dict[str, list[str]]:
    """Read an object whose values are lists of strings."""
    require_type(value, dict, location)
    return {name: read_name_set(names, location / name) for name, names in value.items()}


def read_values(value: Any, location: SourceLocation) -> list[Any]:
    """Read a list of JSON values, which must not be empty."""
    require_type(value, list, location)
    if not value:
        raise location.error("is empty, so no payload is valid; list a value or delete the keyword")
    return list(value)


def read_list(value: Any, location: SourceLocation) -> list[Any]:
    """Read a list of JSON values."""
    require_type(value, list, location)
    return list(value)


def read_text(value: Any, location: SourceLocation) -> str:
    """Read a string."""
    require_type(value, str, location)
    return str(value)


def read_flag(value: Any, location: SourceLocation) -> bool:
    """Read a boolean."""
    require_type(value, bool, location)
    return bool(value)


def read_number(value: Any, location: SourceLocation) -> int | float:
    """Read a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise location.error(f"must be a number, not {show_json(value)}")
    return value


def read_positive_number(value: Any, location: SourceLocation) -> int | float:
    """Read a number greater than 0."""
    number = read_number(value, location)
    if number <= 0:
        raise location.error(f"must be greater than 0, not {show_json(value)}")
    return number


def read_count(value: Any, location: SourceLocation) -> int:
    """Read a whole number from 0. A float without a fraction is one, too."""
    number = read_number(value, location)
    if number < 0 or number != int(number):
        raise location.error(f"must be a whole number from 0, not {show_json(value)}")
    return int(number)


class UnreadPattern(str):
    """A regular expression that no engine reads.

    Attributes:
        note: its location, the problem and the remedy, one line.

    """

    __slots__ = ("note",)
    note: str


def read_pattern(value: Any, location: SourceLocation) -> str:
    """Read a regular expression of ECMA-262; an ``UnreadPattern`` if no engine reads it."""
    pattern = read_text(value, location)
    problem = pattern_problem(pattern)
    if not problem:
        return pattern
    unread = UnreadPattern(pattern)
    unread.note = str(location.error(f"{problem}; payloads and violations ignore it: rewrite it"))
    return unread


def pattern_problem(pattern: str) -> str:
    """Return the reason why no engine reads a pattern; an empty string if an engine reads it."""
    try:
        compile_pattern(pattern)
    except PatternError as error:
        return f"{show_json(pattern)} is not a regular expression that contractfuzz can match ({error})"
    return ""
