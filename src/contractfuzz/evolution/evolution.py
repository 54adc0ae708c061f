"""The evolution of a contract as a consumer sees it: possible changes by the provider, with their impacts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from contractfuzz.evolution.impact import Impact, Measurement
from contractfuzz.running.verdicts.exceptions import ExceptionSummary


@dataclass(frozen=True, slots=True)
class PossibleChange:
    """A change that the provider may make tomorrow, and its impact on the consumer.

    Attributes:
        location: the location that changes: a JSON Pointer with ``*`` for array items and map values.
        name: the name of the change type: ``nullable``.
        words: the change as a predicate of the location: ``becomes nullable``.
        impact: the impact on the consumer.
        raised: the summary of the exception of the consumer; None if it returned.
        detail: how the consumer's process ended, why the impact is unknown, or the part of the result that differs, in words.
        is_allowed: True if the contract allows the changed payload already.
        is_tolerated: True if the user accepts the break.
        twin: the payload before the change.
        payload: the payload after the change.

    """

    location: str
    name: str
    words: str
    impact: Impact
    raised: ExceptionSummary | None = None
    detail: str = ""
    is_allowed: bool = False
    is_tolerated: bool = False
    twin: Any = field(default=None, repr=False)
    payload: Any = field(default=None, repr=False)

    @property
    def id(self) -> str:
        """Stable identifier: ``/results/*/from/id:nullable``."""
        return f"{self.location}:{self.name}"

    @property
    def is_break(self) -> bool:
        """True if the change breaks the consumer, and the user does not accept that."""
        return self.impact.is_break and not self.is_tolerated

    @property
    def place(self) -> str:
        """The place in the consumer that raised the exception: ``service.py:14``; empty if it is not known."""
        return Measurement(self.impact, self.raised).place

    @property
    def error(self) -> str:
        """The class of the exception; empty if the consumer returned."""
        return "" if self.raised is None else self.raised.name

    def __str__(self) -> str:
        """Return the change and its impact in words: ``/id becomes a string: crashed at service.py:14 (TypeError)``."""
        at = f" at {self.place}" if self.place else ""
        error = f" ({self.error})" if self.error else ""
        detail = f" ({self.detail})" if self.detail and not error else ""
        return f"{self.location or 'the payload'} {self.words}: {self.impact}{at}{error}{detail}"


@dataclass(frozen=True, slots=True)
class Evolution:
    """The possible changes of one contract, and what one consumer does with each.

    Attributes:
        consumer: the consumer's name.
        contract: the contract's name.
        changes: the possible changes, the worst impact first, then by location.
        missing: the locations that no accepted payload has, so that no change was tried there.
        unused: the patterns of ``tolerate`` that were not needed.
        cut_short: why not every change was tried; empty if every change was.

    """

    consumer: str
    contract: str
    changes: tuple[PossibleChange, ...]
    missing: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    cut_short: str = ""

    @property
    def ok(self) -> bool:
        """True if no possible change breaks the consumer, apart from tolerated ones."""
        return not self.breaks

    @property
    def breaks(self) -> tuple[PossibleChange, ...]:
        """The changes that break the consumer, without tolerated ones; the worst first."""
        return tuple(change for change in self.changes if change.is_break)

    @property
    def counts(self) -> Mapping[Impact, int]:
        """The number of changes with each impact, the worst first; tolerated ones are included."""
        found = Counter(change.impact for change in self.changes)
        return {impact: found[impact] for impact in Impact if found[impact]}
