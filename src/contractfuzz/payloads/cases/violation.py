"""Violations: the ways to break a schema."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Violation:
    """One way to break a schema, at one location.

    Attributes:
        location: the location in any payload: a JSON Pointer (RFC 6901) with ``*`` for any array item or map value, and
            ``*(pattern)`` for a value of one of the ``patternProperties``; ``""`` is the payload itself. The name of a branch
            follows the place of its union in parentheses: ``/event(user.created)/email``.
        keyword: the broken JSON Schema keyword: ``type``, ``required``, ``format``... Validators report the keyword, except for
            ``allOf``, ``then``, ``else`` and ``dependentSchemas`` (they report the keywords inside) and for ``tag``: for a
            payload that selects no branch of a union they report ``oneOf`` or ``anyOf``.
        variant: the way in which the keyword is broken: ``missing``, ``numeric-string``, ``month-13``...
        description: the violation in one line.

    """

    location: str
    keyword: str
    variant: str
    description: str = field(compare=False)

    @property
    def id(self) -> str:
        """Stable identifier, ``location:keyword.variant``: ``/results/*/from/id:required.missing``."""
        return f"{self.location}:{self.keyword}.{self.variant}"

    def __str__(self) -> str:
        return self.id
