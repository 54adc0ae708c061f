"""The table of lint rules. To add a rule for schemas, add a function to one of the modules and an entry here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from contractfuzz.lint.example_rules import example_breaks_schema, example_not_in_enum
from contractfuzz.lint.keyword_rules import crossed_bounds, undefined_required, unknown_keyword
from contractfuzz.lint.reference_rules import unresolved_reference
from contractfuzz.lint.schema_view import Problem, SchemaView
from contractfuzz.lint.structure_rules import map_without_type, missing_type, reference_outside_type

NAME_DRIFT = "name-drift"
UNREADABLE = "unreadable"
UNRESOLVED_REFERENCE = "unresolved-reference"


@dataclass(frozen=True, slots=True)
class SchemaRule:
    """A rule that each schema of a document is checked against.

    Attributes:
        name: the name of the rule, as remarks show it.
        summary: what the rule requires, one sentence.
        check: yields what breaks the rule in a schema.

    """

    name: str
    summary: str
    check: Callable[[SchemaView], Iterator[Problem]]


SCHEMA_RULES = (
    SchemaRule("ref-outside-type", "In JSON Structure, a `$ref` is inside `type`.", reference_outside_type),
    SchemaRule(
        "map-without-type",
        "In JSON Structure, an object with arbitrary property names is a `map` with `values`.",
        map_without_type,
    ),
    SchemaRule("type-missing", "In JSON Structure, a schema has a `type`.", missing_type),
    SchemaRule(
        UNRESOLVED_REFERENCE,
        "A `$ref` refers to a schema in the document or in the documents given with it.",
        unresolved_reference,
    ),
    SchemaRule("unknown-keyword", "A keyword belongs to the dialect of the document.", unknown_keyword),
    SchemaRule("bounds-crossed", "A lower bound is below the upper bound.", crossed_bounds),
    SchemaRule("required-undefined", "A required property is defined.", undefined_required),
    SchemaRule("example-not-in-enum", "An example of an enum is one of its values.", example_not_in_enum),
    SchemaRule("example-breaks-schema", "An example is valid by its own schema.", example_breaks_schema),
)
"""The rules for schemas, in the order in which a schema is checked."""

RULES = {
    **{rule.name: rule.summary for rule in SCHEMA_RULES},
    UNREADABLE: "A document can be lowered to one JSON Schema.",
    NAME_DRIFT: "Documents with the same name are equal.",
}
"""Summary of each rule by its name."""
