"""The table of keywords: one row for each keyword of every dialect, and what other modules derive from it.

To add a keyword, add its row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from enum import Enum, Flag, IntEnum, auto
from functools import cache, partial
from typing import Any

from contractfuzz.documents import keyword_merges as merges
from contractfuzz.documents import keyword_shapes as shapes
from contractfuzz.documents.document import SourceLocation
from contractfuzz.documents.keyword_shapes import LowerSchema

JSON_TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")
"""The types of JSON Schema."""


class Applicator(Enum):
    """Kind of value in which a keyword holds schemas."""

    NONE = auto()
    SCHEMA = auto()
    SCHEMA_OR_LIST = auto()  # a list before 2020-12, one schema since
    LIST = auto()
    MAP = auto()
    PATTERN_MAP = auto()


class Role(Enum):
    """Purpose of a keyword."""

    ASSERTION = auto()  # a payload can violate it
    ANNOTATION = auto()  # describes payloads; no payload can violate it
    METADATA = auto()  # describes the document; lowering drops it


class Family(Flag):
    """Families of dialects."""

    JSON_SCHEMA = auto()
    JSON_STRUCTURE = auto()
    OPENAPI = auto()
    SHARED = JSON_SCHEMA | JSON_STRUCTURE


class Draft(IntEnum):
    """Drafts of JSON Schema, oldest first."""

    DRAFT_4 = 4
    DRAFT_6 = 6
    DRAFT_7 = 7
    DRAFT_2019_09 = 201909
    DRAFT_2020_12 = 202012


@dataclass(frozen=True)
class Keyword:
    """One keyword.

    Attributes:
        name: the keyword.
        read: the function that checks a value without schemas; None if any value is allowed or dialects check it themselves.
        applicator: the kind of value in which it holds schemas.
        in_place: True if its schemas apply to the same payload as the schema around them, not to a part of it.
        applies_to: the JSON type that it constrains, numbers as ``number``; empty if it constrains any type.
        role: its purpose.
        merge: the function that merges two values; None if two different values cannot be merged.
        part_of: the main keyword of its group, without which it has no meaning. Groups of two schemas are never mixed.
        depends_on: keywords of the same schema that change its meaning.
        needs_oracle: True if a plan does not guarantee it, so that the oracle must check what the plan makes.
        limits_other_properties: True if it may forbid a property that no keyword declares.
        since: the first draft of JSON Schema that knows it; None if none does.
        until: the last one.
        families: the families whose linters know it.
        alias_of: what JSON Schema calls it, for keywords of JSON Structure.
        replacement: what to use in its place, for keywords that are not supported.

    """

    name: str
    _: KW_ONLY
    read: shapes.ReadValue | None = None
    applicator: Applicator = Applicator.NONE
    in_place: bool = False
    applies_to: str = ""
    role: Role = Role.ASSERTION
    merge: merges.Merge | None = None
    part_of: str = ""
    depends_on: tuple[str, ...] = ()
    needs_oracle: bool = False
    limits_other_properties: bool = False
    since: Draft | None = Draft.DRAFT_4
    until: Draft = Draft.DRAFT_2020_12
    families: Family = Family.SHARED
    alias_of: str = ""
    replacement: str = ""

    @property
    def is_current(self) -> bool:
        """True if JSON Schema 2020-12, to which every document is lowered, knows it."""
        return self.since is not None and self.until is Draft.DRAFT_2020_12


_array = partial(Keyword, applies_to="array")
_object = partial(Keyword, applies_to="object")
_string = partial(Keyword, applies_to="string")
_number = partial(Keyword, applies_to="number")
_annotation = partial(Keyword, role=Role.ANNOTATION)
_metadata = partial(Keyword, role=Role.METADATA)
_structure = partial(Keyword, since=None, families=Family.JSON_STRUCTURE)

_ONE, _ONE_OR_LIST, _LIST = Applicator.SCHEMA, Applicator.SCHEMA_OR_LIST, Applicator.LIST
_MAP, _PATTERN_MAP = Applicator.MAP, Applicator.PATTERN_MAP
_JSON_SCHEMA, _OPENAPI = Family.JSON_SCHEMA, Family.OPENAPI
_6, _7, _2019_09, _2020_12 = Draft.DRAFT_6, Draft.DRAFT_7, Draft.DRAFT_2019_09, Draft.DRAFT_2020_12

_ROWS = (
    Keyword("$ref"),
    Keyword("$dynamicRef", since=_2020_12, families=_JSON_SCHEMA, replacement="`$ref`"),
    Keyword("$recursiveRef", since=_2019_09, families=_JSON_SCHEMA, until=_2019_09, replacement="`$ref`"),
    # Any type.
    Keyword("type", merge=merges.intersect_types),
    Keyword("enum", read=shapes.read_values, merge=merges.intersect_values),
    Keyword("const", since=_6),
    # Compositions.
    Keyword("allOf", applicator=_LIST, in_place=True),
    Keyword("anyOf", applicator=_LIST, in_place=True),
    Keyword("oneOf", applicator=_LIST, in_place=True, needs_oracle=True),
    # Arrays.
    _array(
        "prefixItems",
        applicator=_LIST,
        since=_2020_12,
        families=_JSON_SCHEMA,
        needs_oracle=True,
        depends_on=("prefixItems",),
    ),
    _array("items", applicator=_ONE_OR_LIST, merge=merges.all_of, depends_on=("prefixItems",)),
    _array("additionalItems", applicator=_ONE, families=_JSON_SCHEMA, until=_2019_09),
    _array("contains", applicator=_ONE, since=_6, needs_oracle=True, part_of="contains"),
    _array("minContains", read=shapes.read_count, since=_2019_09, part_of="contains"),
    _array("maxContains", read=shapes.read_count, since=_2019_09, part_of="contains"),
    _array(
        "unevaluatedItems",
        applicator=_ONE,
        since=_2019_09,
        families=_JSON_SCHEMA,
        needs_oracle=True,
        depends_on=("prefixItems", "items", "unevaluatedItems"),
    ),
    _array("minItems", read=shapes.read_count, merge=max),
    _array("maxItems", read=shapes.read_count, merge=min),
    _array("uniqueItems", read=shapes.read_flag, needs_oracle=True, merge=merges.either),
    # Strings.
    _string("minLength", read=shapes.read_count, merge=max),
    _string("maxLength", read=shapes.read_count, merge=min),
    _string("pattern", read=shapes.read_pattern),
    _string("format", read=shapes.read_text),
    _annotation("contentEncoding", read=shapes.read_text, applies_to="string", since=_7),
    _annotation("contentMediaType", read=shapes.read_text, applies_to="string", since=_7),
    _annotation("contentSchema", applicator=_ONE, applies_to="string", since=_2019_09, families=_JSON_SCHEMA),
    # Numbers.
    _number("minimum", read=shapes.read_number, merge=max),
    _number("maximum", read=shapes.read_number, merge=min),
    _number("exclusiveMinimum", read=shapes.read_number, merge=max),
    _number("exclusiveMaximum", read=shapes.read_number, merge=min),
    _number("multipleOf", read=shapes.read_positive_number),
    # Objects.
    _object("properties", applicator=_MAP, merge=merges.all_of_by_name),
    _object(
        "patternProperties",
        applicator=_PATTERN_MAP,
        needs_oracle=True,
        limits_other_properties=True,
        merge=merges.all_of_by_name,
    ),
    _object(
        "additionalProperties",
        applicator=_ONE,
        merge=merges.all_of_or_false,
        depends_on=("properties", "patternProperties", "additionalProperties"),
    ),
    _object(
        "propertyNames", applicator=_ONE, since=_6, needs_oracle=True, limits_other_properties=True, merge=merges.all_of
    ),
    _object(
        "unevaluatedProperties",
        applicator=_ONE,
        since=_2019_09,
        families=_JSON_SCHEMA,
        needs_oracle=True,
        limits_other_properties=True,
        depends_on=("properties", "patternProperties", "additionalProperties", "unevaluatedProperties"),
    ),
    _structure("values", applicator=_ONE, alias_of="additionalProperties"),
    _object("required", read=shapes.read_name_set, merge=merges.unite_names),
    _object("minProperties", read=shapes.read_count, needs_oracle=True, merge=max),
    _object("maxProperties", read=shapes.read_count, needs_oracle=True, limits_other_properties=True, merge=min),
    _object(
        "dependentRequired",
        read=shapes.read_names_by_name,
        since=_2019_09,
        needs_oracle=True,
        merge=merges.unite_dependents,
    ),
    # Conditions.
    Keyword("not", applicator=_ONE, in_place=True, needs_oracle=True),
    Keyword("if", applicator=_ONE, since=_7, in_place=True, needs_oracle=True, part_of="if"),
    Keyword("then", applicator=_ONE, since=_7, in_place=True, part_of="if"),
    Keyword("else", applicator=_ONE, since=_7, in_place=True, part_of="if"),
    _object(
        "dependentSchemas",
        applicator=_MAP,
        since=_2019_09,
        families=_JSON_SCHEMA,
        in_place=True,
        needs_oracle=True,
        merge=merges.all_of_by_name,
    ),
    _object(
        "dependencies",
        applicator=_MAP,
        families=_JSON_SCHEMA,
        until=_7,
        replacement="`dependentRequired` or `dependentSchemas`",
    ),
    # Annotations.
    _annotation("title", read=shapes.read_text),
    _annotation("description", read=shapes.read_text),
    _annotation("$comment", read=shapes.read_text),  # new in draft-07; in older documents it is kept all the same
    _annotation("default"),
    _annotation("examples", read=shapes.read_list, since=_6, merge=merges.join_lists),
    _annotation("deprecated", read=shapes.read_flag, since=_2019_09),
    _annotation("readOnly", read=shapes.read_flag, since=_7),
    _annotation("writeOnly", read=shapes.read_flag, since=_7),
    *(_annotation(name, since=None) for name in ("example", "unit", "currency", "symbol")),
    *(_annotation(name, since=None, families=_OPENAPI) for name in ("discriminator", "xml", "externalDocs")),
    # The document.
    _metadata("$schema"),
    _metadata("$id", since=_6),
    _metadata("$anchor", since=_2019_09, families=_JSON_SCHEMA),
    _metadata("$dynamicAnchor", since=_2020_12, families=_JSON_SCHEMA),
    _metadata("$recursiveAnchor", since=_2019_09, families=_JSON_SCHEMA, until=_2019_09),
    _metadata("$vocabulary", since=_2019_09, families=_JSON_SCHEMA),
    _metadata("$defs", applicator=_MAP, since=_2019_09),
    _metadata("definitions", applicator=_MAP),
    *(_metadata(name, since=None) for name in ("altnames", "altenums", "descriptions")),
    # OpenAPI 3.0.
    Keyword("nullable", since=None, families=_OPENAPI),
    # JSON Structure.
    *(_structure(name, role=Role.METADATA) for name in ("name", "$root", "$uses", "$offers", "abstract")),
    _structure("patternKeys", applicator=_PATTERN_MAP, alias_of="patternProperties"),
    _structure("choices", applicator=_MAP),
    _structure("keyNames", applicator=_ONE, alias_of="propertyNames"),
    _structure("has", applicator=_ONE),
    _structure("minEntries", alias_of="minProperties"),
    _structure("maxEntries", alias_of="maxProperties"),
    *map(_structure, ("$extends", "$import", "$importdefs", "tuple", "selector")),
    *map(_structure, ("precision", "scale", "contentCompression")),
)

KEYWORDS: dict[str, Keyword] = {row.name: row for row in _ROWS}
"""Every keyword by its name."""


def select_keywords(condition: Callable[[Keyword], bool]) -> frozenset[str]:
    """Return the names of the keywords whose rows meet a condition."""
    return frozenset(row.name for row in _ROWS if condition(row))


METADATA = select_keywords(lambda row: row.role is Role.METADATA and row.since is not None)
"""Keywords of JSON Schema that describe the document."""

ANNOTATIONS = select_keywords(
    lambda row: row.role is Role.ANNOTATION and row.is_current and row.applicator is Applicator.NONE
)
"""Keywords of JSON Schema 2020-12 that no payload can violate."""

KEYWORDS_BY_TYPE: dict[str, frozenset[str]] = {
    name: frozenset(
        row.name for row in _ROWS if row.applies_to == name and row.is_current and row.part_of in ("", row.name)
    )
    for name in ("object", "array", "string", "number")
}
"""Keywords of JSON Schema 2020-12 by the JSON type that they constrain on their own."""

NEEDS_ORACLE = select_keywords(lambda row: row.needs_oracle)
"""Keywords that a plan does not guarantee: the oracle must check what it makes."""

LIMITS_OTHER_PROPERTIES = select_keywords(lambda row: row.limits_other_properties)
"""Keywords that may forbid a property that no keyword declares. ``additionalProperties`` is not one: its value decides."""


def keywords_after(draft: Draft) -> frozenset[str]:
    """Return the keywords of JSON Schema that a draft does not know yet. Metadata, which lowering drops, is not among them."""
    return select_keywords(lambda row: row.since is not None and row.since > draft and row.role is not Role.METADATA)


@cache
def known_keywords(families: Family) -> frozenset[str]:
    """Return the keywords that at least one of the families knows."""
    return select_keywords(lambda row: bool(row.families & families))


def lower_keyword(keyword: str, value: Any, location: SourceLocation, lower: LowerSchema) -> Any:
    """Lower the value of a keyword to JSON Schema 2020-12.

    Args:
        keyword: the keyword as 2020-12 calls it.
        value: its value in the document.
        location: the location of the value.
        lower: lowers the schemas in it.

    Returns:
        The value with its schemas lowered. The value of a keyword that 2020-12 does not know, an annotation, is returned
        as it is.

    Raises:
        ContractError: the value does not have the shape that the keyword requires, or the keyword is not supported.

    """
    row = KEYWORDS.get(keyword)
    if row is not None and row.replacement:
        raise location.error(f"`{keyword}` is not supported; use {row.replacement}")
    if row is None or not row.is_current:
        return value
    match row.applicator:
        case Applicator.SCHEMA | Applicator.SCHEMA_OR_LIST:
            return lower(value, location)
        case Applicator.LIST:
            return shapes.lower_list(value, location, lower)
        case Applicator.MAP:
            return shapes.lower_map(value, location, lower)
        case Applicator.PATTERN_MAP:
            return shapes.lower_pattern_map(value, location, lower)
    return value if row.read is None else row.read(value, location)
