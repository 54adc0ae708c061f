"""The keywords of JSON Schema 2020-12: what shape the value of each has, and how the schemas in it are lowered."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from contractfuzz.documents.document import SourceLocation
from contractfuzz.documents.errors import shown

# What a document says of itself, and its definitions: those that are referred to are lowered where they are found.
IDENTITY = frozenset(
    {"$schema", "$id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$vocabulary", "$defs", "definitions"}
)

Schema = dict[str, Any] | bool
Lower = Callable[[Any, SourceLocation], Schema]
"""Lowers a schema within the schema at hand."""
Refer = Callable[[Any, SourceLocation], str]
"""Turns the value of a ``$ref`` at a place into the reference within the lowered schema."""


@dataclass(frozen=True)
class ReferenceContext:
    """How a schema is tied to others.

    Attributes:
        refer: turns the value of a ``$ref`` at a place into the reference within the lowered schema.
        resolve: says where a reference at a place leads.
        refer_to: makes the reference to the schema at a place, which then becomes one of its own.
        within: the places of the schemas that are being lowered, each within the one before.

    """

    refer: Refer
    resolve: Callable[[Any, SourceLocation], SourceLocation]
    refer_to: Callable[[SourceLocation], str]
    within: list[SourceLocation] = field(default_factory=list)


def lower_keyword(keyword: str, value: Any, place: SourceLocation, lower: Lower) -> Any:
    """Bring the value of a keyword over into JSON Schema 2020-12.

    Args:
        keyword: the keyword as 2020-12 calls it.
        value: its value in the document.
        place: where that value is.
        lower: lowers the schemas in it.

    Returns:
        The value with its schemas lowered; for a keyword that 2020-12 does not know, an annotation, the value itself.

    Raises:
        ContractError: the value has not the shape that the keyword asks for, or the keyword is not supported.

    """
    if keyword in _REFUSED:
        raise place.refusal(f"`{keyword}` is not supported; use {_REFUSED[keyword]}")
    if keyword in _HOLDING_SCHEMAS:
        return _HOLDING_SCHEMAS[keyword](value, place, lower)
    return _PLAIN[keyword](value, place) if keyword in _PLAIN else value


def expect(kind: type, value: Any, place: SourceLocation) -> None:
    """Refuse a value of another kind than ``dict``, ``list``, ``str`` or ``bool``, whichever is asked for."""
    if not isinstance(value, kind):
        raise place.refusal(f"must be {_KINDS[kind]}, not {shown(value)}")


def names(value: Any, place: SourceLocation) -> list[str]:
    """Read a list of strings in which none occurs twice."""
    expect(list, value, place)
    seen = set()
    for i, name in enumerate(value):
        expect(str, name, place / i)
        if name in seen:
            raise (place / i).refusal(f"names {shown(name)} a second time; delete it")
        seen.add(name)
    return list(value)


_REFUSED = {
    **dict.fromkeys(("$dynamicRef", "$recursiveRef"), "`$ref`"),
    "dependencies": "`dependentRequired` or `dependentSchemas`",
}

_KINDS = {dict: "an object", list: "an array", str: "a string", bool: "true or false"}


def _schema(value: Any, place: SourceLocation, lower: Lower) -> Schema:
    return lower(value, place)


def _schemas(value: Any, place: SourceLocation, lower: Lower) -> list[Schema]:
    expect(list, value, place)
    if not value:
        raise place.refusal("is empty; give it one schema at least or delete the keyword")
    return [lower(child, place / i) for i, child in enumerate(value)]


def _named_schemas(value: Any, place: SourceLocation, lower: Lower) -> dict[str, Schema]:
    expect(dict, value, place)
    return {name: lower(child, place / name) for name, child in value.items()}


def _schemas_by_pattern(value: Any, place: SourceLocation, lower: Lower) -> dict[str, Schema]:
    schemas = _named_schemas(value, place, lower)
    for pattern in schemas:
        _pattern(pattern, place / pattern)
    return schemas


def _names_by_name(value: Any, place: SourceLocation) -> dict[str, list[str]]:
    expect(dict, value, place)
    return {name: names(wanted, place / name) for name, wanted in value.items()}


def _values(value: Any, place: SourceLocation) -> list[Any]:
    expect(list, value, place)
    if not value:
        raise place.refusal("is empty, so no payload could keep it; list a value or delete the keyword")
    return list(value)


def _list(value: Any, place: SourceLocation) -> list[Any]:
    expect(list, value, place)
    return list(value)


def _text(value: Any, place: SourceLocation) -> str:
    expect(str, value, place)
    return str(value)


def _flag(value: Any, place: SourceLocation) -> bool:
    expect(bool, value, place)
    return bool(value)


def _number(value: Any, place: SourceLocation) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise place.refusal(f"must be a number, not {shown(value)}")
    return value


def _step(value: Any, place: SourceLocation) -> int | float:
    number = _number(value, place)
    if number <= 0:
        raise place.refusal(f"must be greater than 0, not {shown(value)}")
    return number


def _count(value: Any, place: SourceLocation) -> int:
    number = _number(value, place)
    if number < 0 or number != int(number):
        raise place.refusal(f"must be a whole number from 0, not {shown(value)}")
    return int(number)


def _pattern(value: Any, place: SourceLocation) -> str:
    pattern = _text(value, place)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python may one day read otherwise is no fault of the document
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        problem = f"{shown(pattern)} is no regular expression that Python reads ({error}); rewrite it"
        raise place.refusal(problem) from None
    return pattern


_HOLDING_SCHEMAS: dict[str, Callable[[Any, SourceLocation, Lower], Any]] = {
    **dict.fromkeys(("items", "contains", "unevaluatedItems", "contentSchema"), _schema),
    **dict.fromkeys(("additionalProperties", "propertyNames", "unevaluatedProperties"), _schema),
    **dict.fromkeys(("not", "if", "then", "else"), _schema),
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), _schemas),
    **dict.fromkeys(("properties", "dependentSchemas"), _named_schemas),
    "patternProperties": _schemas_by_pattern,
}

_PLAIN: dict[str, Callable[[Any, SourceLocation], Any]] = {
    "required": names,
    "dependentRequired": _names_by_name,
    "enum": _values,
    "examples": _list,
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _number),
    "multipleOf": _step,
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), _count),
    **dict.fromkeys(("minContains", "maxContains"), _count),
    "pattern": _pattern,
    **dict.fromkeys(("title", "description", "$comment", "format", "contentEncoding", "contentMediaType"), _text),
    **dict.fromkeys(("uniqueItems", "deprecated", "readOnly", "writeOnly"), _flag),
}
