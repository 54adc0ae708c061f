"""The table of lint rules. To add a rule for schemas, add a function to one of the modules and an entry here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from contractfuzz.lint import branch_rules, keyword_rules, structure_rules, type_rules, value_rules
from contractfuzz.lint.reference_rules import unresolved_reference
from contractfuzz.lint.schema_view import Problem, SchemaView

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
    SchemaRule(
        "identity-missing",
        "A JSON Structure document has an `$id`, and a `name` for its type.",
        structure_rules.missing_identity,
    ),
    SchemaRule(
        "ref-outside-type", "In JSON Structure, a `$ref` is inside `type`.", structure_rules.reference_outside_type
    ),
    SchemaRule(
        "map-without-type",
        "In JSON Structure, an object with arbitrary property names is a `map` with `values`.",
        structure_rules.map_without_type,
    ),
    SchemaRule("type-missing", "In JSON Structure, a schema has a `type`.", structure_rules.missing_type),
    SchemaRule(
        "type-incomplete",
        "In JSON Structure, a type has the keywords that it needs, such as the `items` of an array.",
        structure_rules.incomplete_type,
    ),
    SchemaRule(
        "compound-in-union",
        "In JSON Structure, a union refers to its arrays, maps and objects.",
        structure_rules.inline_compound,
    ),
    SchemaRule(
        "invalid-identifier",
        "In JSON Structure, names of types and properties are identifiers.",
        structure_rules.invalid_identifier,
    ),
    SchemaRule(
        "bound-not-a-string",
        "In JSON Structure, bounds of types that JSON carries as strings are strings.",
        structure_rules.bound_not_a_string,
    ),
    SchemaRule(
        "invalid-extension",
        "In JSON Structure, `$uses` lists extensions and `$offers` refers to definitions.",
        structure_rules.wrong_extension,
    ),
    SchemaRule(
        "extension-missing",
        "In JSON Structure, a document uses the extensions that its keywords belong to.",
        structure_rules.missing_extension,
    ),
    SchemaRule(
        UNRESOLVED_REFERENCE,
        "A `$ref` refers to a schema in the document or in the documents given with it.",
        unresolved_reference,
    ),
    SchemaRule(
        "ref-sibling-ignored",
        "Before JSON Schema 2019-09, a `$ref` has no assertions next to it.",
        type_rules.ignored_sibling,
    ),
    SchemaRule("unknown-keyword", "A keyword belongs to the dialect of the document.", keyword_rules.unknown_keyword),
    SchemaRule("invalid-definitions", "`definitions` is an object of schemas.", keyword_rules.wrong_definitions),
    SchemaRule(
        "keyword-alone", "A keyword has the keyword next to it that it depends on.", keyword_rules.keyword_alone
    ),
    SchemaRule(
        "keyword-of-other-type", "A keyword has an effect on the type next to it.", type_rules.keyword_of_other_type
    ),
    SchemaRule("names-not-strings", "The schema of property names allows strings.", type_rules.names_not_strings),
    SchemaRule("unknown-format", "A `format` is one that the dialect has.", type_rules.unknown_format),
    SchemaRule("pattern-unreadable", "A pattern is a regular expression of ECMA-262.", keyword_rules.unread_pattern),
    SchemaRule("bounds-crossed", "A lower bound is below the upper bound.", keyword_rules.crossed_bounds),
    SchemaRule("unsatisfiable", "At least one value is valid.", branch_rules.unsatisfiable),
    SchemaRule("branches-overlap", "No value matches two branches of a `oneOf`.", branch_rules.overlapping_branches),
    SchemaRule("required-undefined", "A required property is defined.", keyword_rules.undefined_required),
    SchemaRule("required-repeated", "The names in `required` differ.", keyword_rules.repeated_required),
    SchemaRule(
        "names-differ-in-case",
        "Property names differ in more than upper and lower case.",
        keyword_rules.names_differ_in_case,
    ),
    SchemaRule("enum-value-repeated", "The values of an `enum` differ.", value_rules.repeated_value),
    SchemaRule(
        "enum-value-invalid", "A value of an `enum` is valid by the keywords next to it.", value_rules.invalid_value
    ),
    SchemaRule(
        "integer-imprecise",
        "An integer is at most 2^53, as greater ones may be rounded.",
        value_rules.imprecise_integer,
    ),
    SchemaRule("example-not-in-enum", "An example of an enum is one of its values.", value_rules.example_not_in_enum),
    SchemaRule("example-breaks-schema", "An example is valid by its own schema.", value_rules.example_breaks_schema),
    SchemaRule("default-breaks-schema", "A default is valid by its own schema.", value_rules.default_breaks_schema),
)
"""The rules for schemas, in the order in which a schema is checked."""

RULES = {
    **{rule.name: rule.summary for rule in SCHEMA_RULES},
    UNREADABLE: "A document can be lowered to one JSON Schema.",
    NAME_DRIFT: "Documents with the same name are equal.",
}
"""Summary of each rule by its name."""
