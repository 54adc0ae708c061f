"""Lint rules for examples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contractfuzz.documents.document import SourceLocation
from contractfuzz.documents.errors import show_json
from contractfuzz.documents.lowering import lower_leniently
from contractfuzz.errors import ContractError
from contractfuzz.lint.schema_view import Problem, SchemaView
from contractfuzz.oracle import Oracle
from contractfuzz.text import one_line

_SHOWN_ERRORS = 3
_MAX_ERROR_LENGTH = 120


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
        try:
            errors = list(Oracle(lower_leniently(schema.location, schema.registry)).errors(example))
        except ContractError:  # other rules report why the schema cannot be lowered
            return
        if errors:
            shown_errors = "; ".join(
                f"{error.pointer or 'the example'}: {one_line(error.message, _MAX_ERROR_LENGTH)}"
                for error in errors[:_SHOWN_ERRORS]
            )
            more = f" and {len(errors) - _SHOWN_ERRORS} more" if len(errors) > _SHOWN_ERRORS else ""
            yield location, f"{shown_errors}{more}: correct the example"


def _examples(schema: SchemaView) -> Iterator[tuple[SourceLocation, Any]]:
    if "example" in schema.keywords:
        yield schema.location / "example", schema.keywords["example"]
    if isinstance(examples := schema.keywords.get("examples"), list):
        yield from ((schema.location / "examples" / index, example) for index, example in enumerate(examples))
