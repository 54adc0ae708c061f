"""Lint rules for the values that a schema gives: examples, the default, listed values, numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contractfuzz.documents.document import SourceLocation
from contractfuzz.documents.errors import show_json
from contractfuzz.documents.keywords import KEYWORDS, Applicator
from contractfuzz.json_values import canonical
from contractfuzz.lint.schema_view import Problem, SchemaView
from contractfuzz.oracle import Oracle
from contractfuzz.text import one_line

_SHOWN_ERRORS = 3
_MAX_ERROR_LENGTH = 120
_MAX_EXACT_INTEGER = 2**53


def example_not_in_enum(schema: SchemaView) -> Iterator[Problem]:
    """Yield each example that is not a value of the schema's ``enum``."""
    enum = schema.keywords.get("enum")
    for location, example in _examples(schema):
        if isinstance(enum, list) and example not in enum:
            yield location, f"{show_json(example)} is not in the enum: write one of its values"


def example_breaks_schema(schema: SchemaView) -> Iterator[Problem]:
    """Yield each example that the schema rejects for another reason than its ``enum``."""
    enum = schema.keywords.get("enum")
    for location, example in _examples(schema):
        if isinstance(enum, list) and example not in enum:
            continue
        if errors := _show_errors(example, "the example", schema):
            yield location, f"{errors}: correct the example"


def default_breaks_schema(schema: SchemaView) -> Iterator[Problem]:
    """Yield the default if the schema rejects it."""
    if "default" in schema.keywords and (errors := _show_errors(schema.keywords["default"], "the default", schema)):
        yield schema.location / "default", f"{errors}: correct the default"


def repeated_value(schema: SchemaView) -> Iterator[Problem]:
    """Yield each value of an ``enum`` that is equal to an earlier one."""
    first: dict[str, int] = {}
    for index, value in _listed_values(schema):
        if (earlier := first.setdefault(canonical(_without_fractions(value)), index)) != index:
            yield schema.location / "enum" / index, f"{show_json(value)} repeats value {earlier}: delete it"


def invalid_value(schema: SchemaView) -> Iterator[Problem]:
    """Yield each value of an ``enum`` that the keywords next to it reject. If they reject all, another rule reports it."""
    values = list(_listed_values(schema))
    if not values or schema.lowered is None or schema.is_reference or not schema.can_validate:
        return
    oracle = Oracle({keyword: value for keyword, value in schema.lowered.items() if keyword != "enum"})
    invalid = [(index, value) for index, value in values if not oracle.is_valid(value)]
    if len(invalid) == len(values):
        return
    for index, value in invalid:
        error = _show_errors(value, "the value", schema)
        yield schema.location / "enum" / index, f"{error}: delete the value or correct the other keywords"


def imprecise_integer(schema: SchemaView) -> Iterator[Problem]:
    """Yield each integer beyond 2^53 in the value of a keyword: many readers round it (RFC 8259, section 6)."""
    for keyword, value in schema.keywords.items():
        if keyword in KEYWORDS and KEYWORDS[keyword].applicator is Applicator.NONE:
            for location, integer in _large_integers(value, schema.location / keyword):
                remedy = "readers that use doubles round it; use a string or a smaller number"
                yield location, f"{integer} is beyond 2^53: {remedy}"


def _examples(schema: SchemaView) -> Iterator[tuple[SourceLocation, Any]]:
    if "example" in schema.keywords:
        yield schema.location / "example", schema.keywords["example"]
    if isinstance(examples := schema.keywords.get("examples"), list):
        yield from ((schema.location / "examples" / index, example) for index, example in enumerate(examples))


def _listed_values(schema: SchemaView) -> Iterator[tuple[int, Any]]:
    if isinstance(values := schema.keywords.get("enum"), list):
        yield from enumerate(values)


def _show_errors(value: Any, name: str, schema: SchemaView) -> str:
    """Return the errors of a value on one line; an empty string if it is valid or the schema cannot be lowered."""
    errors = list(schema.oracle.errors(value)) if schema.oracle is not None else []
    shown = "; ".join(
        f"{error.pointer or name}: {one_line(error.message, _MAX_ERROR_LENGTH)}" for error in errors[:_SHOWN_ERRORS]
    )
    return shown + (f" and {len(errors) - _SHOWN_ERRORS} more" if len(errors) > _SHOWN_ERRORS else "")


def _without_fractions(value: Any) -> Any:
    """Return a value with its floats without a fraction as integers: 1.0 and 1 are equal in JSON Schema."""
    if isinstance(value, list):
        return [_without_fractions(item) for item in value]
    if isinstance(value, dict):
        return {name: _without_fractions(item) for name, item in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _large_integers(value: Any, location: SourceLocation) -> Iterator[tuple[SourceLocation, int]]:
    if isinstance(value, int) and abs(value) > _MAX_EXACT_INTEGER:
        yield location, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in inner:
        yield from _large_integers(item, location / step)
