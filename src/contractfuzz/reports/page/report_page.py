"""The data of one report on the page: the rows and numbers of the template, and the JSON that the script shows on demand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from contractfuzz.reports.comparison import LABEL_CHANGES, Comparison
from contractfuzz.reports.headline import answer, verdict_columns
from contractfuzz.reports.outcomes import OUTCOMES_WORST_FIRST, Outcome, outcome_of, outcomes_of
from contractfuzz.reports.page.location_tree import LocationSummary, build_tree, keyword_of, summarize_kinds
from contractfuzz.reports.page.payload_layout import lay_out, shorten
from contractfuzz.running.causes import NO_EFFECT, Cause, sections
from contractfuzz.running.findings import Finding
from contractfuzz.running.messages import EFFECT_WORDS, fault_locations, got
from contractfuzz.running.report import Report
from contractfuzz.running.verdicts.calling import Verdict
from contractfuzz.text import pluralize, printable
from contractfuzz.version import installed_version

TONES = {
    Outcome.WRONGLY_REJECTED: "error",
    Outcome.DIED: "error",
    Outcome.HUNG: "error",
    Outcome.LOOPED: "error",
    Outcome.REPEATED: "error",
    Outcome.CRASHED: "error",
    Outcome.CHANGED: "changed",
    Outcome.WRONGLY_ACCEPTED: "warning",
    Outcome.NO_EFFECT: "unread",
    Outcome.KNOWN: "tolerated",
    Outcome.NOT_FED: "skipped",
    Outcome.TOLERATED: "tolerated",
    Outcome.REJECTED: "good",
    Outcome.ACCEPTED: "good",
}
"""For each outcome its tone: the CSS class that gives it a colour."""

SYMBOLS = {"error": "✕", "changed": "≠", "warning": "→", "unread": "·", "skipped": "○", "tolerated": "≈", "good": "✓"}
"""For each tone a symbol, for readers who do not see the colour."""


@dataclass(frozen=True)
class PageRow:
    """One row of a tree on the page.

    Attributes:
        location: the location, or kind, that the row shows.
        number: its index in ``ReportPage.data["rows"]``.
        compared: the same location in the other report; None without another report, or if it has no labels there.
        changes: number of its labels per change.
        children: the rows below it.

    """

    location: LocationSummary
    number: int
    compared: LocationSummary | None
    changes: Counter[str]
    children: list[PageRow] = field(default_factory=list)

    @property
    def changes_description(self) -> str:
        """Changes in words, for example ``2 better, 1 worse``; empty if nothing changed."""
        counts = ((change, self.changes[change]) for change in LABEL_CHANGES if change != "unchanged")
        return ", ".join(f"{count:,} {change}" for change, count in counts if count)


class ReportPage:
    """One report as the page shows it.

    Attributes:
        report: the report.
        comparison: the other report that it is compared with, or None.
        answer: the answer in one sentence.
        outcomes: the outcomes of each label.
        tree: the row of the whole payload, with the locations below it; None if the contract has no violations.
        kind_rows: a row for each kind whose cases have no location.
        data: the JSON that the script reads when a reader opens a row.

    """

    def __init__(self, report: Report, comparison: Comparison | None) -> None:
        self.report, self.comparison = report, comparison
        self.answer = answer(report)
        self.outcomes = outcomes_of(report)
        self._labels_of_rows: list[list[int]] = []
        self._labels: list[dict[str, Any]] = []
        self.sections = sections(report)
        causes = [cause for section in self.sections for cause in section.causes]
        self._cause_numbers = {(cause.kind, cause.title): number for number, cause in enumerate(causes)}
        self._cause_titles = [cause.title for cause in causes]
        self._smallest_findings = [cause.smallest for cause in causes]
        compared = comparison.outcomes if comparison else {}
        violations = self._violations
        self.tree = (
            self._row(build_tree(violations), build_tree(compared.get("invalid", {})), "invalid")
            if violations
            else None
        )
        compared_kinds = {kind.name: kind for kind in summarize_kinds(compared, {})}
        self.kind_rows = [
            self._row(kind, compared_kinds.get(kind.name), kind.name)
            for kind in summarize_kinds(self.outcomes, report.counts)
        ]
        self.data = self._data()

    @property
    def _violations(self) -> dict[str, list[Outcome]]:
        return self.outcomes.get("invalid", {})

    # --- rows and the script's data ---------------------------------------------------------------------------------------

    def _row(self, location: LocationSummary, compared: LocationSummary | None, kind: str) -> PageRow:
        first = len(self._labels)
        entries = [self._label_entry(kind, label, outcomes) for label, outcomes in location.labels.items()]
        self._labels += entries
        self._labels_of_rows.append(list(range(first, first + len(entries))))
        row = PageRow(
            location,
            number=len(self._labels_of_rows) - 1,
            compared=compared if compared and compared.labels else None,
            changes=Counter(entry["change"] for entry in entries if "change" in entry),
        )
        for token, child in location.locations.items():
            row.children.append(self._row(child, compared.locations.get(token) if compared else None, kind))
        return row

    def _label_entry(self, kind: str, label: str, outcomes: list[Outcome]) -> dict[str, Any]:
        entry = {
            "kind": kind,
            "label": label,
            "outcomes": outcomes,
            "keyword": keyword_of(label) if kind == "invalid" else "",
        }
        if self.comparison is None:
            return entry
        compared = self.comparison.outcomes.get(kind, {}).get(label, [])
        return {**entry, "change": self.comparison.change(kind, label, outcomes), "compared": compared}

    def _data(self) -> dict[str, Any]:
        """Return the script's data; causes and tracebacks, which findings share, are in it once."""
        findings_of: dict[tuple[str, str], list[Finding]] = {}
        for finding in self.report.findings:
            findings_of.setdefault((finding.kind, finding.case.label or ""), []).append(finding)
        traceback_numbers: dict[str, int] = {}
        findings: list[dict[str, Any]] = []
        numbers: dict[int, int] = {}
        for entry in self._labels:
            entry["findings"] = []
            for finding in findings_of.get((entry["kind"], entry["label"]), []):
                entry["findings"].append(len(findings))
                numbers[id(finding)] = len(findings)
                findings.append(self._finding_entry(finding, traceback_numbers))
        smallest = [numbers[id(finding)] for finding in self._smallest_findings]
        return {
            "contractfuzz": installed_version(),
            "consumer": self.report.consumer,
            "contract": self.report.contract,
            "tones": TONES,
            "symbols": SYMBOLS,
            "rows": self._labels_of_rows,
            "labels": self._labels,
            "findings": findings,
            "causes": [printable(title) for title in self._cause_titles],
            "smallest": smallest,
            "tracebacks": list(traceback_numbers),
        }

    def _finding_entry(self, finding: Finding, traceback_numbers: dict[str, int]) -> dict[str, Any]:
        traceback = None
        if finding.raised is not None:
            traceback = traceback_numbers.setdefault(shorten(finding.raised.traceback), len(traceback_numbers))
        return {
            "outcome": outcome_of(finding),
            "description": finding.case.description,
            "expected": finding.expected,
            "verdict": got(finding),
            "effect": None if finding.effect is None else EFFECT_WORDS[finding.effect],
            "revealed": finding.revealed_by,
            "pointer": finding.case.pointer if finding.case.second is None else fault_locations(finding.case),
            "exchange": [] if finding.exchange is None else finding.exchange.rows(),
            "payload": ("", "", "") if finding.kind == "wire" and not finding.case.body else lay_out(finding.case),
            "traceback": traceback,
            "reproduction": finding.reproduction,
            "cases": finding.seen,
            "cause": self._cause_numbers[finding.kind, finding.cause],
        }

    # --- the overview -----------------------------------------------------------------------------------------------------

    @property
    def verdicts(self) -> list[Verdict]:
        """Columns of the table of counts."""
        return verdict_columns(self.report)

    @cached_property
    def bad_cells(self) -> set[tuple[str, str]]:
        """Cells of the table of counts, as kind and verdict, with cases that should not have met the verdict."""
        return {(finding.kind, finding.verdict.value) for finding in self.report.findings}

    @property
    def case_count(self) -> int:
        """Number of cases that were fed."""
        return sum(sum(verdicts.values()) for verdicts in self.report.counts.values())

    @property
    def location_count(self) -> int:
        """Number of locations that have violations."""
        return sum(1 for location in self.tree.location.walk() if location.labels) if self.tree else 0

    @property
    def violation_counts(self) -> list[tuple[Outcome, int]]:
        """Number of violations per outcome, worst first; a violation counts once, by its worst outcome."""
        return _in_order(Counter(outcomes[0] for outcomes in self._violations.values()))

    @property
    def finding_counts(self) -> list[str]:
        """The findings of each other kind in words: ``3 valid cases wrongly rejected``."""
        counts = []
        for kind, verdicts in self.report.counts.items():
            for verdict, number in verdicts.items():
                if kind != "invalid" and (kind, verdict) in self.bad_cells:
                    wrongly = "wrongly " if verdict in ("accepted", "rejected") else ""
                    counts.append(f"{pluralize(number, f'{kind} case')} {wrongly}{verdict}")
        return counts

    def cause_number(self, cause: Cause) -> int:
        """Return the index of a cause in ``data["causes"]``."""
        return self._cause_numbers[cause.kind, cause.title]

    @property
    def keywords_without_effect(self) -> list[tuple[str, int]]:
        """Keywords of the violations that were accepted without effect, with their number, highest first."""
        return Counter(
            keyword_of(label) for label, outcomes in self._violations.items() if Outcome.NO_EFFECT in outcomes
        ).most_common()

    @property
    def locations_without_effect(self) -> int:
        """Number of locations with violations that were accepted without effect."""
        return sum(len(section.causes) for section in self.sections if section.title == NO_EFFECT)

    # --- the filters and the comparison -----------------------------------------------------------------------------------

    @property
    def kind_counts(self) -> list[tuple[str, int]]:
        """Kinds with their number of labels."""
        return [(kind, len(labels)) for kind, labels in self.outcomes.items()]

    @property
    def keyword_counts(self) -> list[tuple[str, int]]:
        """Keywords with their number of violations, in alphabetical order."""
        return sorted(Counter(map(keyword_of, self._violations)).items())

    @property
    def outcome_counts(self) -> list[tuple[Outcome, int]]:
        """Outcomes with their number of labels, worst first; a label counts for each of its outcomes."""
        lists = (outcomes for labels in self.outcomes.values() for outcomes in labels.values())
        return _in_order(Counter(outcome for outcomes in lists for outcome in outcomes))

    @property
    def change_counts(self) -> list[tuple[str, int]]:
        """Changes against the other report with their number of labels."""
        counts = self.comparison.changes(self.outcomes) if self.comparison else Counter()
        return [(change, counts[change]) for change in LABEL_CHANGES if counts[change]]

    @property
    def missing_labels(self) -> list[str]:
        """Labels that only the other report has."""
        return self.comparison.labels_missing_from(self.outcomes) if self.comparison else []


def strip_segments(location: LocationSummary) -> Iterator[tuple[str, float, float]]:
    """Yield the segments of the strip that draws the counts of a location.

    Args:
        location: a location with labels.

    Yields:
        The tone of a segment, its start and its width, both in percent of the strip.

    """
    start = 0.0
    for outcome, count in location.counts:
        width = round(100 * count / location.total, 2)
        yield TONES[outcome], round(start, 2), width
        start += width


def _in_order(counts: Counter[Outcome]) -> list[tuple[Outcome, int]]:
    return [(outcome, counts[outcome]) for outcome in OUTCOMES_WORST_FIRST if counts[outcome]]
