"""Findings grouped by cause: one fix in the consumer ends all findings of a cause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contractfuzz.running.findings import Finding
from contractfuzz.running.report import Report
from contractfuzz.running.verdicts.calling import Verdict

VALID_NOT_ACCEPTED = "Valid payloads not accepted"
CRASHES = "Crashes"
WRONGLY_ACCEPTED = "Wrongly accepted"


@dataclass(frozen=True)
class Cause:
    """Findings of one cause.

    Attributes:
        title: the cause: an exception and where it was raised, or a location that is not checked.
        findings: at least one; valid payloads before others, then by the size of the body, smallest first.

    """

    title: str
    findings: tuple[Finding, ...]

    @property
    def smallest(self) -> Finding:
        """Finding that shows the cause best: of a valid payload if there is one, with the smallest body."""
        return self.findings[0]

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the findings, each once; cases without a label are named after their kind."""
        return tuple(dict.fromkeys(finding.case.label or f"{finding.kind} payload" for finding in self.findings))


@dataclass(frozen=True)
class Section:
    """Causes that go under one heading.

    Attributes:
        title: ``VALID_NOT_ACCEPTED``, ``CRASHES`` or ``WRONGLY_ACCEPTED``.
        causes: at least one; that with the most findings first.

    """

    title: str
    causes: tuple[Cause, ...]


def sections(report: Report) -> list[Section]:
    """Group the findings of a report by cause.

    Args:
        report: the report.

    Returns:
        The sections that have findings, worst first: valid payloads not accepted, crashes, cases wrongly accepted.

    """
    # A cause that valid payloads have too does not come from the faults of the others.
    causes_of_valid = {finding.cause for finding in report.findings if finding.case.expectation == "accepts"}
    findings: dict[str, list[Finding]] = {VALID_NOT_ACCEPTED: [], CRASHES: [], WRONGLY_ACCEPTED: []}
    for finding in report.findings:
        if finding.verdict is Verdict.ACCEPTED:
            title = WRONGLY_ACCEPTED
        else:
            title = VALID_NOT_ACCEPTED if finding.cause in causes_of_valid else CRASHES
        findings[title].append(finding)
    return [Section(title, _causes(some)) for title, some in findings.items() if some]


def _causes(findings: Iterable[Finding]) -> tuple[Cause, ...]:
    by_title: dict[str, list[Finding]] = {}
    for finding in findings:
        by_title.setdefault(finding.cause, []).append(finding)
    causes = [Cause(title, tuple(sorted(some, key=_clearest_first))) for title, some in by_title.items()]
    return tuple(sorted(causes, key=lambda cause: -len(cause.findings)))


def _clearest_first(finding: Finding) -> tuple[bool, int]:
    return finding.case.expectation != "accepts", len(finding.case.body)
