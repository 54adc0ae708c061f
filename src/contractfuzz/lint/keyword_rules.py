"""Lint rules for keywords and their values."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from contractfuzz.documents.errors import show_json, suggestion
from contractfuzz.documents.keyword_shapes import pattern_problem
from contractfuzz.documents.keywords import KEYWORDS, known_keywords
from contractfuzz.lint.schema_view import Problem, SchemaView

_BOUND_PAIRS = (
    ("minimum", "maximum"),
    ("exclusiveMinimum", "maximum"),
    ("minimum", "exclusiveMaximum"),
    ("exclusiveMinimum", "exclusiveMaximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minContains", "maxContains"),
    ("minProperties", "maxProperties"),
    ("minEntries", "maxEntries"),
)


def unknown_keyword(schema: SchemaView) -> Iterator[Problem]:
    """Yield each keyword that the dialect of the document does not have; those with the prefix ``x-`` are extensions."""
    known = known_keywords(schema.dialect.families) | {schema.dialect.id_keyword}
    for keyword in schema.keywords:
        if keyword not in known and not keyword.startswith("x-"):
            remedy = suggestion(keyword, known) or "; correct or delete it"
            yield schema.location / keyword, f"not a keyword of {schema.dialect.name}{remedy}"


def crossed_bounds(schema: SchemaView) -> Iterator[Problem]:
    """Yield each lower bound that leaves no value below its upper bound."""
    for lower, upper in _BOUND_PAIRS:
        low, high = _as_number(schema.keywords.get(lower)), _as_number(schema.keywords.get(upper))
        if low is None or high is None:
            continue
        bounds = f"{lower} {schema.keywords[lower]}", f"{upper} {schema.keywords[upper]}"
        if low > high:
            yield schema.location / lower, f"{bounds[0]} is greater than {bounds[1]}: swap them"
        elif low == high and "exclusive" in lower + upper:
            yield schema.location / lower, f"no value is between {bounds[0]} and {bounds[1]}: widen one of them"


def undefined_required(schema: SchemaView) -> Iterator[Problem]:
    """Yield each required property that ``properties`` does not define. A type with ``$extends`` may inherit it."""
    properties, required = schema.keywords.get("properties"), schema.keywords.get("required")
    if not isinstance(properties, dict) or not isinstance(required, list) or "$extends" in schema.keywords:
        return
    for index, name in enumerate(required):
        if isinstance(name, str) and name not in properties:
            remedy = suggestion(name, properties) or "; define it or delete it from `required`"
            yield schema.location / "required" / index, f"{show_json(name)} is required but not in `properties`{remedy}"


def wrong_definitions(schema: SchemaView) -> Iterator[Problem]:
    """Yield each ``definitions`` that is not an object, and each definition that is not a schema."""
    shapes: tuple[type, ...] = (dict,) if schema.is_structure else (dict, bool)
    for keyword in ("definitions", "$defs"):
        definitions = schema.keywords.get(keyword, {})
        if not isinstance(definitions, dict):
            yield schema.location / keyword, f"must be an object of schemas, not {show_json(definitions)}"
            continue
        for name, definition in definitions.items():
            if not isinstance(definition, shapes):
                yield schema.location / keyword / name, f"must be a schema, not {show_json(definition)}"


def repeated_required(schema: SchemaView) -> Iterator[Problem]:
    """Yield each name that `required` has a second time. It has no effect."""
    required = schema.keywords.get("required")
    first: dict[str, int] = {}
    for index, name in enumerate(required if isinstance(required, list) else ()):
        if isinstance(name, str) and (earlier := first.setdefault(name, index)) != index:
            yield schema.location / "required" / index, f"{show_json(name)} repeats name {earlier}: delete it"


def keyword_alone(schema: SchemaView) -> Iterator[Problem]:
    """Yield each keyword that has no effect without another one, such as ``minContains`` without ``contains``."""
    for keyword in sorted(schema.keywords.keys() - schema.dialect.ignored_keywords):
        main = KEYWORDS[keyword].part_of if keyword in KEYWORDS else ""
        if main and main not in schema.keywords:
            yield schema.location / keyword, f"`{keyword}` has no effect without `{main}`: add `{main}` or delete it"


def names_differ_in_case(schema: SchemaView) -> Iterator[Problem]:
    """Yield each property with a name that differs from an earlier one in upper and lower case only."""
    properties = schema.keywords.get("properties")
    first: dict[str, str] = {}
    for name in properties if isinstance(properties, dict) else ():
        if (earlier := first.setdefault(name.casefold(), name)) != name:
            problem = f"{show_json(name)} and {show_json(earlier)} differ in upper and lower case only"
            yield schema.location / "properties" / name, f"{problem}: rename or delete one"


def unread_pattern(schema: SchemaView) -> Iterator[Problem]:
    """Yield each pattern, of a string or of property names, that no engine reads."""
    if isinstance(pattern := schema.keywords.get("pattern"), str) and (problem := pattern_problem(pattern)):
        yield schema.location / "pattern", f"{problem}: rewrite it"
    for keyword in ("patternProperties", "patternKeys"):
        patterns = schema.keywords.get(keyword)
        for name in patterns if isinstance(patterns, dict) else ():
            if problem := pattern_problem(name):
                yield schema.location / keyword / name, f"{problem}: rewrite it"


def _as_number(bound: Any) -> Decimal | None:
    """Return a bound as a number, or None if it is not one. JSON Structure writes bounds of string-encoded types as strings."""
    if isinstance(bound, bool) or not isinstance(bound, int | float | str):
        return None
    try:
        number = Decimal(bound)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
