"""A contract as a tree of locations, each with what the consumer did there."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from contractfuzz.json_pointer import unescape_token
from contractfuzz.reports.outcomes import WORST_FIRST, Outcome, Outcomes
from contractfuzz.text import truncate

LONGEST_NAME = 80

_PLAIN = re.compile(r"[\w$@.*-]+")


@dataclass
class LocationSummary:
    """A location of a contract, or all bodies of a kind that has none.

    Attributes:
        name: what to call it beneath its parent.
        labels: the labels that belong to it, each with what came of it, worst first.
        places: those beneath it.
        counts: of a kind without labels, how many of its cases stand how, where that is known.

    """

    name: str
    labels: dict[str, list[Outcome]] = field(default_factory=dict)
    places: dict[str, LocationSummary] = field(default_factory=dict)
    counts: Counter[Outcome] = field(default_factory=Counter)

    @property
    def tally(self) -> list[tuple[Outcome, int]]:
        """How many labels, or cases where there are none, stand how, worst first; a label counts by the worst that came of it."""
        counts = self.counts or Counter(standings[0] for standings in self.labels.values())
        return [(standing, counts[standing]) for standing in WORST_FIRST if counts[standing]]

    @property
    def standing(self) -> Outcome | None:
        """The worst that came of its labels; of those that were not reached only if none was. None if it has none."""
        tally = [standing for standing, _ in self.tally]
        reached = [standing for standing in tally if standing is not Outcome.MISSED]
        return next(iter(reached or tally), None)

    @property
    def words(self) -> str:
        """What came of its labels in words: ``all 9 rejected``; ``2 of 9 crashed, 7 let through``."""
        total = sum(count for _, count in self.tally)
        if len(self.tally) == 1:
            ((standing, _),) = self.tally
            return (
                standing if total == 1 else f"{'none' if standing is Outcome.MISSED else 'all'} {_of(total, standing)}"
            )
        shown = [f"{count} {standing}" for standing, count in self.tally]
        return ", ".join(shown).replace(" ", f" of {total} ", 1)

    def walk(self) -> Iterator[LocationSummary]:
        """Yield the place and all beneath it, in the order of the contract."""
        yield self
        for place in self.places.values():
            yield from place.walk()


def tree_of(labels: dict[str, list[Outcome]]) -> LocationSummary:
    """Return the payload itself, with all locations beneath it that the labels of violations name."""
    root = LocationSummary("the whole payload")
    for label, standings in labels.items():
        place = root
        for token in location_of(label).split("/")[1:]:
            place = place.places.setdefault(token, LocationSummary(_shown(token)))
        place.labels[label] = standings
    return root


def others_of(standings: Outcomes, counts: Mapping[str, Mapping[str, int]]) -> list[LocationSummary]:
    """Return a place for each kind of case that breaks the contract at no location; ``counts`` are those of the report."""
    return [
        LocationSummary(name, labels, counts=_counted(labels[""], counts.get(name, {})) if "" in labels else Counter())
        for name, labels in standings.items()
        if name != "invalid"
    ]


def _counted(standings: list[Outcome], met: Mapping[str, int]) -> Counter[Outcome]:
    rejected = Outcome.REFUSED if Outcome.REFUSED in standings else Outcome.REJECTED
    return Counter({rejected if verdict == "rejected" else Outcome(verdict): count for verdict, count in met.items()})


def location_of(label: str) -> str:
    """Return where a violation lies: the part of its label before keyword and variant."""
    return label.rpartition(":")[0]


def keyword_of(label: str) -> str:
    """Return the keyword that a violation breaks."""
    return label.rpartition(":")[2].partition(".")[0]


def count_outcomes(kinds: Iterable[dict[str, list[Outcome]]]) -> Counter[Outcome]:
    """Return how many labels stand how, each counted by all that came of it."""
    return Counter(standing for labels in kinds for standings in labels.values() for standing in standings)


def _of(total: int, standing: Outcome) -> str:
    return f"of {total} reached" if standing is Outcome.MISSED else f"{total} {standing}"


def _shown(token: str) -> str:
    name = truncate(unescape_token(token), LONGEST_NAME)
    return name if _PLAIN.fullmatch(name) else json.dumps(name, ensure_ascii=False)
