"""The table of rules: for each change its severity for consumers and for producers. A new rule is one row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

Direction = Literal["narrower", "wider"]
"""``narrower`` if valid payloads became invalid, ``wider`` if invalid payloads became valid."""

Severity = Literal["error", "warning", "info"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""The severities, worst first."""

Side = Literal["consumer", "producer", "both"]
SIDES: tuple[Side, ...] = get_args(Side)
"""The programs that a change can break: those that read payloads, and those that send them."""


@dataclass(frozen=True, slots=True)
class ChangeRule:
    """A kind of change.

    Attributes:
        id: its name, as users write it.
        consumer: its severity for programs that read payloads.
        producer: its severity for programs that send payloads.
        summary: the change in one sentence.
        has_witness: True if a payload shows the change; False for annotations, which validators ignore.

    """

    id: str
    consumer: Severity
    producer: Severity
    summary: str
    has_witness: bool = True

    def severity(self, side: Side) -> Severity:
        """Return the severity for a side; the worse of the two for ``both``."""
        if side == "both":
            return min(self.consumer, self.producer, key=SEVERITIES.index)
        return self.consumer if side == "consumer" else self.producer


# Groups of keywords, each with the words from which its two rules are named.
_LIMITS = (
    (("minimum", "exclusiveMinimum"), "minimum", "decreased", "increased", "a number"),
    (("maximum", "exclusiveMaximum"), "maximum", "increased", "decreased", "a number"),
    (("minLength",), "min-length", "decreased", "increased", "the length of a string"),
    (("maxLength",), "max-length", "increased", "decreased", "the length of a string"),
    (("minItems",), "min-items", "decreased", "increased", "the number of items"),
    (("maxItems",), "max-items", "increased", "decreased", "the number of items"),
    (("minProperties",), "min-properties", "decreased", "increased", "the number of properties"),
    (("maxProperties",), "max-properties", "increased", "decreased", "the number of properties"),
)
LIMITS = frozenset(keyword for keywords, *_ in _LIMITS for keyword in keywords)
"""Keywords that limit a number, a length or a count."""

_OTHERS = (
    ("type", ("type",)),
    ("const", ("const",)),
    ("multiple-of", ("multipleOf",)),
    ("pattern", ("pattern",)),
    ("format", ("format",)),
    ("items", ("items", "prefixItems", "unevaluatedItems")),
    ("unique-items", ("uniqueItems",)),
    ("contains", ("contains", "minContains", "maxContains")),
    ("property-names", ("propertyNames",)),
    ("dependent-required", ("dependentRequired",)),
    ("union", ("anyOf", "oneOf")),
    ("not", ("not",)),
)


def _limit_rules() -> Iterator[tuple[tuple[str, ...], ChangeRule, ChangeRule]]:
    for keywords, name, wider, narrower, noun in _LIMITS:
        bound = "lower" if name.startswith("min") else "upper"
        yield (
            keywords,
            ChangeRule(f"{name}-{wider}", "error", "info", f"The {bound} limit of {noun} allows more, or is gone."),
            ChangeRule(f"{name}-{narrower}", "info", "error", f"The {bound} limit of {noun} allows less, or is new."),
        )


def _other_rules() -> Iterator[tuple[tuple[str, ...], ChangeRule, ChangeRule]]:
    for name, keywords in _OTHERS:
        shown = " or ".join(f"`{keyword}`" for keyword in keywords)
        yield (
            keywords,
            ChangeRule(f"{name}-widened", "error", "info", f"Values are allowed that {shown} forbade."),
            ChangeRule(f"{name}-narrowed", "info", "error", f"Values are forbidden by {shown} that were allowed."),
        )


SCHEMA_WIDENED = ChangeRule("schema-widened", "error", "info", "Values are allowed that another keyword forbade.")
SCHEMA_NARROWED = ChangeRule("schema-narrowed", "info", "error", "Values are forbidden by another keyword.")
BECAME_NULLABLE = ChangeRule("became-nullable", "error", "info", "A value may be null.")
BECAME_NOT_NULLABLE = ChangeRule("became-not-nullable", "info", "error", "A value may no longer be null.")
ENUM_VALUE_ADDED = ChangeRule("enum-value-added", "error", "info", "A value that `enum` did not list is allowed.")
ENUM_VALUE_REMOVED = ChangeRule("enum-value-removed", "info", "error", "A value that `enum` listed is forbidden.")
TAG_ADDED = ChangeRule("tag-value-added", "error", "info", "A union has a branch for another value of its tag.")
TAG_REMOVED = ChangeRule("tag-value-removed", "info", "error", "A union has no branch for a value of its tag any more.")
BECAME_OPTIONAL = ChangeRule("property-became-optional", "error", "info", "A required property may be absent.")
BECAME_REQUIRED = ChangeRule("property-became-required", "info", "error", "An optional property must be present.")
REQUIRED_REMOVED = ChangeRule(
    "required-property-removed", "error", "info", "The declaration of a required property is gone: it may be absent."
)
REQUIRED_ADDED = ChangeRule(
    "required-property-added", "info", "error", "A new property is declared, and must be present."
)
PROPERTY_ALLOWED = ChangeRule(
    "property-allowed", "error", "info", "A property that a closed object forbade is allowed."
)
PROPERTY_FORBIDDEN = ChangeRule("property-forbidden", "info", "error", "A property that was allowed is forbidden.")
DECLARED_FORBIDDEN = ChangeRule(
    "declared-property-forbidden",
    "warning",
    "error",
    "The declaration of a property of a closed object is gone, which forbids it.",
)
PROPERTY_REMOVED = ChangeRule(
    "property-removed",
    "warning",
    "info",
    "The declaration of a property of an open object is gone: it may have any value.",
)
PROPERTY_ADDED = ChangeRule(
    "property-added", "info", "warning", "An open object declares a property, which limits its values."
)

_WITNESSED = (
    BECAME_NULLABLE,
    BECAME_NOT_NULLABLE,
    ENUM_VALUE_ADDED,
    ENUM_VALUE_REMOVED,
    TAG_ADDED,
    TAG_REMOVED,
    BECAME_OPTIONAL,
    BECAME_REQUIRED,
    REQUIRED_REMOVED,
    REQUIRED_ADDED,
    PROPERTY_ALLOWED,
    PROPERTY_FORBIDDEN,
    DECLARED_FORBIDDEN,
    PROPERTY_REMOVED,
    PROPERTY_ADDED,
    SCHEMA_WIDENED,
    SCHEMA_NARROWED,
)


def _annotation(name: str, severities: tuple[Severity, Severity], summary: str) -> ChangeRule:
    return ChangeRule(name, *severities, summary, has_witness=False)


_BOTH: tuple[Severity, Severity] = ("warning", "warning")
_NEITHER: tuple[Severity, Severity] = ("info", "info")

_ANNOTATIONS = (
    _annotation("default-changed", _BOTH, "The `default` of an absent value is another one, is new or is gone."),
    _annotation("deprecated-added", _BOTH, "A value is deprecated."),
    _annotation("deprecated-removed", _NEITHER, "A value that was deprecated is not deprecated any more."),
    _annotation("read-only-added", ("info", "warning"), "A property is `readOnly`: requests must not have it."),
    _annotation("read-only-removed", _NEITHER, "A property that was `readOnly` is not `readOnly` any more."),
    _annotation("write-only-added", ("warning", "info"), "A property is `writeOnly`: responses do not have it."),
    _annotation("write-only-removed", _NEITHER, "A property that was `writeOnly` is not `writeOnly` any more."),
    _annotation("content-encoding-changed", _BOTH, "The encoding of bytes in a string (`contentEncoding`) changed."),
    _annotation("content-media-type-changed", _BOTH, "The content of a string (`contentMediaType`) changed."),
    _annotation("discriminator-changed", _BOTH, "Another property selects the branch of a union."),
    _annotation("discriminator-mapping-changed", _BOTH, "A value of a `discriminator` selects another branch."),
    _annotation("unchecked-format-changed", _BOTH, "A `format` changed that no validator checks, such as `float`."),
    _annotation("type-name-changed", _BOTH, "Another name of a type, with the same payloads: `float` and `double`."),
    _annotation("unit-changed", _BOTH, "The `unit`, `currency` or `symbol` of a number changed."),
    _annotation("title-changed", _NEITHER, "The `title` changed."),
    _annotation("description-changed", _NEITHER, "The `description` changed."),
    _annotation("examples-changed", _NEITHER, "The examples changed."),
)

_BY_KEYWORD: dict[str, tuple[ChangeRule, ChangeRule]] = {
    keyword: (wider, narrower)
    for keywords, wider, narrower in (
        *_limit_rules(),
        *_other_rules(),
        (("enum",), ENUM_VALUE_ADDED, ENUM_VALUE_REMOVED),
        (("tag",), TAG_ADDED, TAG_REMOVED),
        (("required",), BECAME_OPTIONAL, BECAME_REQUIRED),
        # A schema that is `false` forbids a property, and has no keyword.
        (("additionalProperties", "unevaluatedProperties", "None"), PROPERTY_ALLOWED, PROPERTY_FORBIDDEN),
    )
    for keyword in keywords
}

RULES: dict[str, ChangeRule] = {
    rule.id: rule for rule in (*(rule for pair in _BY_KEYWORD.values() for rule in pair), *_WITNESSED, *_ANNOTATIONS)
}
"""All rules by their ids."""


def rule_for(keyword: str, direction: Direction) -> ChangeRule:
    """Return the rule for a keyword that one version breaks and the other does not.

    Args:
        keyword: the keyword, as ``Contract.errors`` names it.
        direction: the direction of the change.

    """
    wider, narrower = _BY_KEYWORD.get(keyword, (SCHEMA_WIDENED, SCHEMA_NARROWED))
    return wider if direction == "wider" else narrower
