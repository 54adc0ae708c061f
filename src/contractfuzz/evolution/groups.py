"""Groups of possible changes that break a consumer in the same way, and what the provider may change freely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contractfuzz.evolution.evolution import Evolution, PossibleChange
from contractfuzz.evolution.impact import Impact


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Possible changes with the same impact, exception and place.

    Attributes:
        impact: the impact.
        place: the place that raised the exception; empty if it is not known.
        error: the class of the exception; empty if the consumer returned.
        changes: the changes, by location.

    """

    impact: Impact
    place: str
    error: str
    changes: tuple[PossibleChange, ...]

    @property
    def cause(self) -> str:
        """The place with its exception: ``service.py:14 (TypeError)``; empty if the consumer returned."""
        return f"{self.place} ({self.error})" if self.place and self.error else self.place or self.error

    @property
    def by_location(self) -> dict[str, list[PossibleChange]]:
        """The changes at each location."""
        found: dict[str, list[PossibleChange]] = {}
        for change in self.changes:
            found.setdefault(change.location, []).append(change)
        return found


def group_changes(changes: Sequence[PossibleChange]) -> list[ChangeGroup]:
    """Return changes in groups, the worst impact first, and of equal impacts the greatest group first."""
    found: dict[tuple[Impact, str, str], list[PossibleChange]] = {}
    for change in changes:
        found.setdefault((change.impact, change.place, change.error), []).append(change)
    groups = [ChangeGroup(*key, tuple(some)) for key, some in found.items()]
    return sorted(groups, key=lambda group: (group.impact.severity, -len(group.changes)))


def safe_words(evolution: Evolution) -> list[str]:
    """Return, in words, the changes that break the consumer at no location where they were tried."""
    broken = {change.words for change in evolution.changes if change.impact.is_break}
    known = (change.words for change in evolution.changes if change.impact is not Impact.UNKNOWN)
    return [words for words in dict.fromkeys(known) if words not in broken]


def free_locations(evolution: Evolution) -> list[str]:
    """Return the locations at which no change breaks the consumer, and that are not inside each other."""
    broken = {change.location for change in evolution.changes if change.impact is not Impact.UNAFFECTED}
    free = list(dict.fromkeys(change.location for change in evolution.changes))
    free = [one for one in free if not any(f"{other}/".startswith(_beginnings(one)) for other in broken)]
    return [one for one in free if not any(one != other and one.startswith(_beginnings(other)) for other in free)]


def _beginnings(location: str) -> tuple[str, str]:
    """Return the texts that the locations inside a location begin with, and the location itself with a slash."""
    return f"{location}/", f"{location}("
