"""Causes: findings that one fix of the consumer probably ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contractfuzz.running.calling import Verdict
from contractfuzz.running.findings import Finding
from contractfuzz.running.report import Report


@dataclass(frozen=True)
class Cause:
    """Findings with the same cause.

    Attributes:
        title: the cause: an exception and its place, or a location that the consumer does not check.
        findings: at least one finding. Those on valid payloads come first, then those with small bodies.

    """

    title: str
    findings: tuple[Finding, ...]

    @property
    def smallest(self) -> Finding:
        """The finding that shows the cause best."""
        return self.findings[0]

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the findings; ``valid payload`` or ``hostile payload`` for a case without a label."""
        return tuple(dict.fromkeys(finding.case.label or f"{finding.kind} payload" for finding in self.findings))


@dataclass(frozen=True)
class Section:
    """Causes that a report lists under one title, those with the most findings first."""

    title: str
    causes: tuple[Cause, ...]


def sections(report: Report) -> list[Section]:
    """Return the sections of a report that have findings: refused valid payloads, crashes, accepted violations."""
    refused: list[Finding] = []
    crashed: list[Finding] = []
    passed: list[Finding] = []
    # An exception that valid payloads raise too is not caused by the faults of other payloads.
    causes_on_valid = {finding.cause for finding in report.findings if finding.case.expectation == "accepts"}
    for finding in report.findings:
        if finding.verdict is not Verdict.ACCEPTED and finding.cause in causes_on_valid:
            refused.append(finding)
        elif finding.verdict is Verdict.ACCEPTED:
            passed.append(finding)
        else:
            crashed.append(finding)
    made = (
        Section("Valid payloads that were not accepted", _causes(refused)),
        Section("Crashes", _causes(crashed)),
        Section("Let through", _causes(passed)),
    )
    return [section for section in made if section.causes]


def _causes(findings: Iterable[Finding]) -> tuple[Cause, ...]:
    by_cause: dict[str, list[Finding]] = {}
    for finding in findings:
        by_cause.setdefault(finding.cause, []).append(finding)
    causes = [Cause(title, tuple(sorted(group, key=_clarity))) for title, group in by_cause.items()]
    return tuple(sorted(causes, key=lambda cause: -len(cause.findings)))


def _clarity(finding: Finding) -> tuple[bool, int]:
    return finding.case.expectation != "accepts", len(finding.case.body)
