"""Findings that have one cause, together: what a person mends at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contractfuzz.running.calling import Verdict
from contractfuzz.running.findings import Finding
from contractfuzz.running.report import Report


@dataclass(frozen=True)
class Cause:
    """Findings of one cause.

    Attributes:
        title: the cause: an exception and its place, or a location that is not checked.
        findings: at least one, valid payloads before others, and that with the smallest body first.

    """

    title: str
    findings: tuple[Finding, ...]

    @property
    def smallest(self) -> Finding:
        """The finding with the smallest body."""
        return self.findings[0]

    @property
    def labels(self) -> tuple[str, ...]:
        """What the findings are called."""
        return tuple(dict.fromkeys(finding.case.label or f"{finding.kind} payload" for finding in self.findings))


@dataclass(frozen=True)
class Section:
    """Heaps of one sort, the largest first."""

    title: str
    causes: tuple[Cause, ...]


def sections(report: Report) -> list[Section]:
    """Return what was found: valid payloads refused, then crashes, then what was let through; of each only if there is any."""
    refused: list[Finding] = []
    crashed: list[Finding] = []
    passed: list[Finding] = []
    # What is raised by valid payloads too has nothing to do with the faults of others.
    blameless = {finding.cause for finding in report.findings if finding.case.expectation == "accepts"}
    for finding in report.findings:
        if finding.verdict is not Verdict.ACCEPTED and finding.cause in blameless:
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
    causes: dict[str, list[Finding]] = {}
    for finding in findings:
        causes.setdefault(finding.cause, []).append(finding)
    made = [Cause(title, tuple(sorted(cause, key=_telling))) for title, cause in causes.items()]
    return tuple(sorted(made, key=lambda cause: -len(cause.findings)))


def _telling(finding: Finding) -> tuple[bool, int]:
    return finding.case.expectation != "accepts", len(finding.case.body)
