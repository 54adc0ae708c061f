"""The contract as a tree of locations, each with the outcomes of its labels."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from contractfuzz.json_pointer import unescape_token
from contractfuzz.reports.outcomes import OUTCOMES_WORST_FIRST, Outcome, Outcomes
from contractfuzz.text import truncate

MAX_NAME_CHARACTERS = 80
"""Length of a location's name on the page; a longer property name is cut."""

_FIRST_OF_PAIR = re.compile(r"(.*?:[A-Za-z]+\.[A-Za-z0-9-]+) \+ (?=[/:(])", re.DOTALL)
"""The first id in the label of a case with two faults."""
_PLAIN_NAME = re.compile(r"[\w$@.*()|:#-]+")


@dataclass
class LocationSummary:
    """Outcomes at one location of a contract, or of a kind whose cases have no location.

    Attributes:
        name: its name below its parent: a property name, ``*``, or the kind.
        labels: the labels of this very location, each with its outcomes, worst first.
        locations: the locations below, by token of the JSON Pointer.
        case_counts: for a kind without labels, the number of cases per outcome; empty if the report does not count them.

    """

    name: str
    labels: dict[str, list[Outcome]] = field(default_factory=dict)
    locations: dict[str, LocationSummary] = field(default_factory=dict)
    case_counts: Counter[Outcome] = field(default_factory=Counter)

    @property
    def counts(self) -> list[tuple[Outcome, int]]:
        """Number of labels per outcome, worst first; a label counts once, by its worst outcome. Cases if it has no labels."""
        counts = +self.case_counts or Counter(outcomes[0] for outcomes in self.labels.values())
        return [(outcome, counts[outcome]) for outcome in OUTCOMES_WORST_FIRST if counts[outcome]]

    @property
    def total(self) -> int:
        """Number of labels, or of cases if it has no labels."""
        return sum(count for _, count in self.counts)

    @property
    def worst(self) -> Outcome | None:
        """Worst outcome of its labels; ``NOT_FED`` only if no label was fed, None if it has no labels."""
        outcomes = [outcome for outcome, _ in self.counts]
        fed = [outcome for outcome in outcomes if outcome is not Outcome.NOT_FED]
        return next(iter(fed or outcomes), None)

    @property
    def description(self) -> str:
        """Counts in words: ``all 9 rejected``, ``2 of 9 crashed, 7 rejected``, ``none of 9 fed``."""
        total = self.total
        match self.counts:
            case [(outcome, 1)]:
                return outcome
            case [(Outcome.NOT_FED, _)]:
                return f"none of {total:,} fed"
            case [(outcome, _)]:
                return f"all {total:,} {outcome}"
            case [(worst, count), *others]:
                return ", ".join(
                    [f"{count:,} of {total:,} {worst}", *(f"{number:,} {other}" for other, number in others)]
                )
        return ""

    def walk(self) -> Iterator[LocationSummary]:
        """Yield this location and all below it, in the order of the contract."""
        yield self
        for location in self.locations.values():
            yield from location.walk()


def build_tree(labels: Mapping[str, list[Outcome]]) -> LocationSummary:
    """Return the tree of the locations that labels of violations name.

    Args:
        labels: the labels, ``location:keyword.variant``, each with its outcomes.

    Returns:
        The root: the whole payload.

    """
    root = LocationSummary("the whole payload")
    for label, outcomes in labels.items():
        location = root
        # Before the first slash is the name of a branch, or nothing.
        first, *tokens = location_of(label).split("/")
        for token in [first, *tokens] if first else tokens:
            location = location.locations.setdefault(token, LocationSummary(_display_name(token)))
        location.labels[label] = outcomes
    return root


def summarize_kinds(outcomes: Outcomes, counts: Mapping[str, Mapping[str, int]]) -> list[LocationSummary]:
    """Return a summary of each kind whose cases do not break a location: every kind but ``invalid``.

    Args:
        outcomes: the outcomes of a report.
        counts: the report's number of cases per kind and verdict; empty if they are not known.

    """
    return [
        LocationSummary(
            kind, labels, case_counts=_count_cases(labels[""], counts.get(kind, {})) if "" in labels else Counter()
        )
        for kind, labels in outcomes.items()
        if kind != "invalid"
    ]


def _count_cases(outcomes: list[Outcome], counts: Mapping[str, int]) -> Counter[Outcome]:
    rejected = Outcome.WRONGLY_REJECTED if Outcome.WRONGLY_REJECTED in outcomes else Outcome.REJECTED
    return Counter(
        {rejected if verdict == "rejected" else Outcome(verdict): count for verdict, count in counts.items()}
    )


def location_of(label: str) -> str:
    """Return the location of a violation: the part of its label before keyword and variant; of two, that of the first."""
    return _first_of(label).rpartition(":")[0]


def keyword_of(label: str) -> str:
    """Return the keyword that a violation breaks; of two, that of the first."""
    return _first_of(label).rpartition(":")[2].partition(".")[0]


def _first_of(label: str) -> str:
    found = _FIRST_OF_PAIR.match(label)
    return label if found is None else found[1]


def _display_name(token: str) -> str:
    name = truncate(unescape_token(token), MAX_NAME_CHARACTERS)
    return name if _PLAIN_NAME.fullmatch(name) else json.dumps(name, ensure_ascii=False)
