"""Changes between two versions of a contract, and the payloads that show them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from contractfuzz.diff.rules import ChangeRule, Direction, Severity, Side

UNKNOWN_IMPACT = "unknown"
"""Name of the impact of a change whose effect on the consumer does not show."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A payload that one version accepts and the other rejects.

    Attributes:
        payload: the payload.
        path: the names and indices that lead to the change in it. A missing property has a path, too.
        tokens: the tokens of the location of this place: ``*`` for any item or map value.
        message: the message of the validator that rejects it.

    """

    payload: Any
    path: tuple[str | int, ...]
    tokens: tuple[str, ...]
    message: str

    @property
    def size(self) -> int:
        """Number of characters of the payload."""
        return len(json.dumps(self.payload))


@dataclass(frozen=True, slots=True)
class ConsumerImpact:
    """Effect of a change on a consumer.

    Attributes:
        name: the impact in one or two words, such as ``crashed``, or ``UNKNOWN_IMPACT``.
        is_break: True if the change breaks the consumer.
        description: what the consumer did, in one line.
        file: the path of the file in which it failed; empty if it is not known.
        line: the line in this file; 0 if it is not known.
        payload: the payload that showed it; None if no payload was fed.

    """

    name: str
    is_break: bool
    description: str
    file: str = ""
    line: int = 0
    payload: Any = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change between two versions of a contract.

    Attributes:
        location: where it is, as a JSON Pointer with ``*`` for any array item or map value; ``""`` is the payload itself.
        rule: the kind of change.
        description: the change in one line.
        keyword: the keyword that one version's schema reports there and the other's does not, or the annotation.
        tokens: the tokens of the location, without the names of branches.
        direction: ``narrower`` if valid payloads became invalid, ``wider`` if invalid payloads became valid; None for a change
            without a witness.
        witnesses: payloads that are valid in one version and invalid in the other, the smallest first. Each has another type of
            value at the location, or another value of an ``enum``; for a limit, the last one is the farthest beyond it. Empty for
            an annotation.
        payload_count: the number of payloads that showed the change.
        impact: what the change does to a consumer; None if no consumer was asked.

    """

    location: str
    rule: ChangeRule
    description: str
    keyword: str
    tokens: tuple[str, ...] = ()
    direction: Direction | None = None
    witnesses: tuple[Witness, ...] = ()
    payload_count: int = 0
    impact: ConsumerImpact | None = None

    @property
    def id(self) -> str:
        """Stable identifier, ``location:rule``: ``/status:enum-value-added``."""
        return f"{self.location}:{self.rule.id}"

    @property
    def witness(self) -> Any:
        """Smallest payload that shows the change; None for an annotation."""
        return self.witnesses[0].payload if self.witnesses else None

    def severity(self, side: Side) -> Severity:
        """Return the severity for a side.

        If a consumer was asked, its answer decides: ``error`` for a change that breaks it, ``warning`` if that is not known. It
        has no answer for a change of an annotation.
        """
        if self.impact is None or (self.direction is None and self.impact.payload is None):
            return self.rule.severity(side)
        if self.impact.is_break:
            return "error"
        return "warning" if self.impact.name == UNKNOWN_IMPACT else "info"
