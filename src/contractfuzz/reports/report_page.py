"""A report as a page shows it: what is in it from the start, and what its script shows when it is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from contractfuzz.reports.comparison import CHANGES, Comparison
from contractfuzz.reports.headline import answer
from contractfuzz.reports.location_tree import LocationSummary, count_outcomes, keyword_of, others_of, tree_of
from contractfuzz.reports.outcomes import WORST_FIRST, Outcome, outcome_of, outcomes_of
from contractfuzz.reports.payload_layout import lay_out, shorten
from contractfuzz.running.calling import Verdict
from contractfuzz.running.causes import Section, sections
from contractfuzz.running.findings import Finding
from contractfuzz.running.messages import got
from contractfuzz.running.report import Report
from contractfuzz.text import printable
from contractfuzz.version import installed_version

TONES = {
    Outcome.DIED: "bad",
    Outcome.HUNG: "bad",
    Outcome.CRASHED: "bad",
    Outcome.REFUSED: "bad",
    Outcome.LET_THROUGH: "through",
    Outcome.MISSED: "missed",
    Outcome.TOLERATED: "tolerated",
    Outcome.REJECTED: "fine",
    Outcome.ACCEPTED: "fine",
}
"""For each standing the name of its colour."""

SYMBOLS = {"bad": "✕", "through": "→", "missed": "○", "tolerated": "≈", "fine": "✓"}
"""For each colour the symbol that says the same without one."""


@dataclass(frozen=True)
class PageRow:
    """A place as the page draws it.

    Attributes:
        place: the place.
        number: which of the rows it is; the data names it so.
        was: what came of its labels in the report beside, if there is one.
        changes: how many of its labels changed how.
        rows: those beneath it.

    """

    place: LocationSummary
    number: int
    was: LocationSummary | None
    changes: Counter[str]
    rows: list[PageRow] = field(default_factory=list)

    @property
    def changed(self) -> str:
        """What changed, in words; empty if nothing did."""
        return ", ".join(f"{self.changes[change]} {change}" for change in CHANGES[:-1] if self.changes[change])


class ReportPage:
    """A report as the page shows it.

    Attributes:
        report: the report.
        beside: what it is compared with, if anything.
        answer: whether the contract is honoured, in a sentence.
        tree: the contract, location by location; None if no violation was ever to be fed.
        others: the kinds whose cases break no location.
        data: what the script shows when it is asked for.

    """

    def __init__(self, report: Report, beside: Comparison | None) -> None:
        self.report, self.beside = report, beside
        self.answer = answer(report)
        self.standings = outcomes_of(report)
        self._rows: list[list[int]] = []
        self._labels: list[dict[str, Any]] = []
        self._causes = {cause: number for number, cause in enumerate(dict.fromkeys(f.cause for f in report.findings))}
        self._findings: dict[tuple[str, str], list[Finding]] = {}
        for finding in report.findings:
            self._findings.setdefault((finding.kind, finding.case.label or ""), []).append(finding)
        there = beside.standings if beside else {}
        violations = self.standings.get("invalid", {})
        self.tree = self._row(tree_of(violations), tree_of(there.get("invalid", {})), "invalid") if violations else None
        were = {place.name: place for place in others_of(there, {})}
        self.others = [
            self._row(place, were.get(place.name), place.name) for place in others_of(self.standings, report.counts)
        ]
        self.data = self._data()

    def _row(self, place: LocationSummary, was: LocationSummary | None, kind: str) -> PageRow:
        numbers = range(len(self._labels), len(self._labels) + len(place.labels))
        entries = [self._entry(kind, label, standings) for label, standings in place.labels.items()]
        changes = Counter(entry["change"] for entry in entries if "change" in entry)
        self._labels += entries
        self._rows.append(list(numbers))
        row = PageRow(place, len(self._rows) - 1, was if was and was.labels else None, changes)
        for token, inner in place.places.items():
            row.rows.append(self._row(inner, was.places.get(token) if was else None, kind))
        return row

    def _entry(self, kind: str, label: str, standings: list[Outcome]) -> dict[str, Any]:
        entry = {
            "kind": kind,
            "label": label,
            "now": standings,
            "keyword": keyword_of(label) if kind == "invalid" else "",
        }
        if self.beside is None:
            return entry
        was = self.beside.standings.get(kind, {}).get(label, [])
        return {**entry, "change": self.beside.change(kind, label, standings), "was": was}

    def _data(self) -> dict[str, Any]:
        """Return what the script needs: strings that many findings share are there once."""
        tracebacks: dict[str, int] = {}
        findings: list[dict[str, Any]] = []
        for entry in self._labels:
            entry["findings"] = []
            for finding in self._findings.get((entry["kind"], entry["label"]), []):
                entry["findings"].append(len(findings))
                findings.append(self._shown(finding, tracebacks))
        return {
            "contractfuzz": installed_version(),
            "consumer": self.report.consumer,
            "contract": self.report.contract,
            "rows": self._rows,
            "labels": self._labels,
            "findings": findings,
            "causes": [printable(cause) for cause in self._causes],
            "tracebacks": list(tracebacks),
        }

    def _shown(self, finding: Finding, tracebacks: dict[str, int]) -> dict[str, Any]:
        raised = finding.raised
        return {
            "standing": outcome_of(finding),
            "description": finding.case.description,
            "expected": finding.expected,
            "got": got(finding),
            "pointer": finding.case.pointer,
            "payload": lay_out(finding.case),
            "traceback": -1 if raised is None else tracebacks.setdefault(shorten(raised.traceback), len(tracebacks)),
            "reproduction": finding.reproduction,
            "seen": finding.seen,
            "cause": self._causes[finding.cause],
        }

    # --- what the top of the page says ----------------------------------------------------------------------------------

    @property
    def verdicts(self) -> list[Verdict]:
        """The columns of the table of counts: those that any case met, and the usual ones."""
        usual = (Verdict.ACCEPTED, Verdict.REJECTED, Verdict.CRASHED)
        return [
            verdict
            for verdict in Verdict
            if verdict in usual or any(verdict in met for met in self.report.counts.values())
        ]

    @cached_property
    def found(self) -> set[tuple[str, str]]:
        """Where in the table of counts are cases that should not have met that verdict."""
        return {(finding.kind, finding.verdict.value) for finding in self.report.findings}

    @property
    def cases(self) -> int:
        """How many cases were fed."""
        return sum(sum(met.values()) for met in self.report.counts.values())

    @property
    def places(self) -> int:
        """How many locations the contract has at which it can be broken."""
        return sum(1 for place in self.tree.place.walk() if place.labels) if self.tree else 0

    @property
    def tally(self) -> list[tuple[Outcome, int]]:
        """How many violations stand how, worst first."""
        counts = Counter(standings[0] for standings in self.standings.get("invalid", {}).values())
        return sorted(counts.items(), key=lambda item: WORST_FIRST.index(item[0]))

    @cached_property
    def sections(self) -> list[Section]:
        """What has a cause that one place in the consumer's code can be mended at."""
        return [section for section in sections(self.report) if section.title != "Let through"]

    def cause(self, title: str) -> int:
        """Return the number of a cause in the data."""
        return self._causes[title]

    @property
    def passed_keywords(self) -> list[tuple[str, int]]:
        """The keywords that violations were let through by, each with how many, most first."""
        counts = Counter(
            keyword_of(label)
            for label, standings in self.standings.get("invalid", {}).items()
            if Outcome.LET_THROUGH in standings
        )
        return counts.most_common()

    @property
    def passed_places(self) -> int:
        """At how many locations violations were let through."""
        places = self.tree.place.walk() if self.tree else ()
        return sum(1 for place in places if any(Outcome.LET_THROUGH in each for each in place.labels.values()))

    # --- what the filters offer -----------------------------------------------------------------------------------------

    @property
    def kind_counts(self) -> list[tuple[str, int]]:
        """The kinds, each with how many labels it has."""
        return [(name, len(labels)) for name, labels in self.standings.items()]

    @property
    def keyword_counts(self) -> list[tuple[str, int]]:
        """The keywords, each with how many violations break it, in the order of their names."""
        return sorted(Counter(map(keyword_of, self.standings.get("invalid", {}))).items())

    @property
    def standing_counts(self) -> list[tuple[Outcome, int]]:
        """What came of labels, each with of how many, worst first."""
        counts = count_outcomes(self.standings.values())
        return [(standing, counts[standing]) for standing in WORST_FIRST if counts[standing]]

    @property
    def change_counts(self) -> list[tuple[str, int]]:
        """How labels changed against the report beside, each with how many."""
        counts = self.beside.changes(self.standings) if self.beside else Counter()
        return [(change, counts[change]) for change in CHANGES if counts[change]]

    @property
    def lost(self) -> list[str]:
        """The labels that only the report beside has."""
        return self.beside.only_here(self.standings) if self.beside else []


def pieces(place: LocationSummary) -> Iterator[tuple[str, float, float]]:
    """Yield the pieces of the strip that draws a place's tally: the colour, where it begins and how long it is, in hundredths."""
    at = 0.0
    total = sum(count for _, count in place.tally)
    for standing, count in place.tally:
        width = round(100 * count / total, 2)
        yield TONES[standing], round(at, 2), width
        at += width
