"""Problems: what is wrong at the location that a label names, in a few words."""

from __future__ import annotations

_PROBLEMS = {
    "type.null": "null",
    "type.numeric-string": "number as a string",
    "type.unwrapped": "one item instead of a list",
    "required.missing": "missing",
    "enum.unknown": "unknown value",
}
"""Problems of single variants: those that real producers send most often."""

_PROBLEMS_OF_KEYWORDS = {
    "type": "wrong type",
    "enum": "wrong spelling of a value",
    "const": "wrong value",
    "format": "wrong format",
    "pattern": "wrong pattern",
    "additionalProperties": "unknown property",
    "unevaluatedProperties": "unknown property",
    "propertyNames": "wrong property name",
    "minimum": "too small",
    "exclusiveMinimum": "too small",
    "maximum": "too large",
    "exclusiveMaximum": "too large",
    "minLength": "too short",
    "maxLength": "too long",
    "minItems": "too few items",
    "maxItems": "too many items",
    "minProperties": "too few properties",
    "maxProperties": "too many properties",
    "uniqueItems": "repeated item",
}
"""Problems of all other variants of a keyword."""


def location_and_problem(label: str) -> tuple[str, str]:
    """Return the location that a violation breaks, and what is wrong there.

    Args:
        label: the id of the violation.

    Returns:
        The location in words for the whole payload, and the problem; a keyword without words of its own is its own problem.

    Example:
        >>> location_and_problem("/results/*/from/id:type.integer")
        ('/results/*/from/id', 'wrong type')

    """
    location, _, violation = label.rpartition(":")
    keyword = violation.partition(".")[0]
    problem = _PROBLEMS.get(violation) or _PROBLEMS_OF_KEYWORDS.get(keyword, f"{keyword} broken")
    return location or "the whole payload", problem


def malformation_of(label: str) -> str:
    """Return the malformation that a label of a malformed body names, without the location of the value that has it."""
    return label.partition("@")[0]


def problem_labels(label: str) -> str:
    """Return the glob of all violations with the same problem at the same location as one of them.

    Args:
        label: the id of the violation.

    Example:
        >>> problem_labels("/results/*/from/id:type.integer")
        '/results/*/from/id:type.*'

    """
    location, _, violation = label.rpartition(":")
    return label if violation in _PROBLEMS else f"{location}:{violation.partition('.')[0]}.*"
