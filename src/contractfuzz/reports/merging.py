"""Merge reports: those of a test session's assertions, or of the processes that share a session."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from contractfuzz.running.findings import Finding
from contractfuzz.running.report import Report, severity_order
from contractfuzz.running.verdicts.calling import Verdict

_VERDICTS_WORST_FIRST: tuple[Verdict | None, ...] = (
    Verdict.DIED,
    Verdict.HUNG,
    Verdict.LOOPED,
    Verdict.REPEATED,
    Verdict.CRASHED,
    Verdict.ACCEPTED,
    Verdict.REJECTED,
    None,
)


def merge(reports: Iterable[Report]) -> list[Report]:
    """Merge the reports of the same consumer and contract.

    Cases are added up. A finding that several reports have is kept once, with its smallest case. A label keeps its worst verdict.
    The fixed entries of a baseline are left out: ``Baseline.apply`` finds them in the merged report.

    Args:
        reports: any number of reports.

    Returns:
        One report for each consumer and contract, in the order in which they first appear.

    """
    groups: dict[tuple[str, str], list[Report]] = {}
    for report in reports:
        groups.setdefault((report.consumer, report.contract), []).append(report)
    return [_merge_all(group) for group in groups.values()]


def _merge_all(reports: Sequence[Report]) -> Report:
    counts: dict[str, Counter[str]] = {}
    tolerated: Counter[str] = Counter()
    labels: dict[str, dict[str, Verdict | None]] = {}
    for report in reports:
        tolerated.update(report.tolerated)
        for kind, verdicts in report.counts.items():
            counts.setdefault(kind, Counter()).update(verdicts)
        for kind, verdict_of in report.labels.items():
            worst = labels.setdefault(kind, {})
            for label, verdict in verdict_of.items():
                worst[label] = min(worst.get(label), verdict, key=_VERDICTS_WORST_FIRST.index)
    return Report(
        reports[0].consumer,
        reports[0].contract,
        {kind: dict(verdicts) for kind, verdicts in counts.items()},
        _merge_equal(finding for report in reports for finding in report.findings),
        dict(tolerated),
        "; ".join(dict.fromkeys(report.cut_short for report in reports if report.cut_short)),
        labels,
        "tolerant" if any(report.policy == "tolerant" for report in reports) else "strict",
        tuple(dict.fromkeys(pattern for report in reports for pattern in report.must_accept)),
        sum(report.unshrunk for report in reports),
        known=_merge_equal(finding for report in reports for finding in report.known),
    )


def _merge_equal(findings: Iterable[Finding]) -> list[Finding]:
    """Return each finding once, worst first."""
    by_key: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        other = by_key.get(finding.key)
        by_key[finding.key] = finding if other is None else _merge_findings(other, finding)
    return sorted(by_key.values(), key=severity_order)


def _merge_findings(one: Finding, other: Finding) -> Finding:
    smaller = min(one, other, key=lambda finding: len(finding.case.body))
    return replace(smaller, seen=one.seen + other.seen)
