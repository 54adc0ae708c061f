"""TODO."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Violation:
    """One way to break a contract, in exactly one place.

    Attributes:
        location: where, as a JSON Pointer (RFC 6901) with ``*`` for any array item or map value, and ``*(pattern)`` for
            any whose name is one of ``patternProperties``; ``""`` is the payload itself.
        keyword: the JSON Schema keyword that the oracle will name: ``type``, ``required``, ``format``...; of ``allOf``,
            ``then``, ``else`` and ``dependentSchemas``, which it never names, it names what they hold.
        variant: which of the keyword's breaks: ``missing``, ``numeric-string``, ``month-13``...
        description: the break in words, one line.

    """

    location: str
    keyword: str
    variant: str
    description: str = field(compare=False)

    @property
    def id(self) -> str:
        """The stable name, ``location:keyword.variant``: ``/results/*/from/id:required.missing``."""
        return f"{self.location}:{self.keyword}.{self.variant}"

    def __str__(self) -> str:
        return self.id
