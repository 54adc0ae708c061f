"""Several reports made one: those of a test run's assertions, or of the processes that share a test run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from contractfuzz.running.calling import Verdict
from contractfuzz.running.findings import Finding
from contractfuzz.running.report import Report, severity_order

_WORST_FIRST: tuple[Verdict | None, ...] = (
    Verdict.DIED,
    Verdict.HUNG,
    Verdict.CRASHED,
    Verdict.ACCEPTED,
    Verdict.REJECTED,
    None,
)


def merge(reports: Iterable[Report]) -> list[Report]:
    """Return one report for each consumer and contract, in the order in which they first appear.

    Cases are counted together, and a finding that several have appears once, with its smallest case. Of a label that met
    different verdicts the worst is kept.
    """
    same: dict[tuple[str, str], list[Report]] = {}
    for report in reports:
        same.setdefault((report.consumer, report.contract), []).append(report)
    return [_one_of(each) for each in same.values()]


def _one_of(reports: Sequence[Report]) -> Report:
    counts: dict[str, Counter[str]] = {}
    tolerated: Counter[str] = Counter()
    labels: dict[str, dict[str, Verdict | None]] = {}
    findings: dict[tuple[object, ...], Finding] = {}
    for report in reports:
        tolerated.update(report.tolerated)
        for name, met in report.counts.items():
            counts.setdefault(name, Counter()).update(met)
        for name, verdicts in report.labels.items():
            known = labels.setdefault(name, {})
            for label, verdict in verdicts.items():
                known[label] = min(known.get(label), verdict, key=_WORST_FIRST.index)
        for finding in report.findings:
            other = findings.get(finding.key)
            findings[finding.key] = finding if other is None else _smaller(other, finding)
    return Report(
        reports[0].consumer,
        reports[0].contract,
        {name: dict(met) for name, met in counts.items()},
        sorted(findings.values(), key=severity_order),
        dict(tolerated),
        "; ".join(dict.fromkeys(report.cut_short for report in reports if report.cut_short)),
        labels,
    )


def _smaller(one: Finding, other: Finding) -> Finding:
    smaller = min(one, other, key=lambda finding: len(finding.case.body))
    return replace(smaller, seen=one.seen + other.seen)
