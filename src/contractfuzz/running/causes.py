"""Findings grouped by cause: one fix in the consumer ends all findings of a cause."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contractfuzz.payloads.cases.case import Kind
from contractfuzz.running.findings import Finding
from contractfuzz.running.report import Report, likelihood_order
from contractfuzz.running.verdicts.calling import Verdict
from contractfuzz.running.verdicts.effects import Effect

MUST_BE_ACCEPTED = "Must be accepted"
CRASHES = "Crashes"
HUNG_OR_DIED = "Hung or died"
CHANGED_SILENTLY = "Changed silently"
WRONGLY_ACCEPTED = "Wrongly accepted"
WRONG_REQUESTS = "Wrong requests"
NO_EFFECT = "No effect"

SECTION_TITLES = (
    MUST_BE_ACCEPTED,
    CRASHES,
    HUNG_OR_DIED,
    WRONG_REQUESTS,
    CHANGED_SILENTLY,
    WRONGLY_ACCEPTED,
    NO_EFFECT,
)
"""The titles of all sections, worst first."""

_KINDS = ("valid", "wire", "invalid", "incoherent", "hostile", "malformed")


@dataclass(frozen=True)
class Cause:
    """Findings of one cause. All are of the same kind.

    Attributes:
        title: the cause: an exception and where it was raised, the location of the fault, and what is wrong there.
        findings: at least one, by the size of the body, smallest first.

    """

    title: str
    findings: tuple[Finding, ...]

    @property
    def smallest(self) -> Finding:
        """Finding that shows the cause best, because it has the smallest body."""
        return self.findings[0]

    @property
    def kind(self) -> Kind:
        """Kind of all cases of the cause."""
        return self.smallest.kind

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the findings, each once; cases without a label are named after their kind."""
        return tuple(dict.fromkeys(finding.case.label or f"{finding.kind} payload" for finding in self.findings))

    @property
    def case_count(self) -> int:
        """Number of cases of the run with a finding of this cause."""
        return sum(finding.seen for finding in self.findings)


@dataclass(frozen=True)
class Section:
    """Causes that go under one heading.

    Attributes:
        title: one of ``SECTION_TITLES``.
        causes: at least one; those that are most likely in production first.

    """

    title: str
    causes: tuple[Cause, ...]

    @property
    def finding_count(self) -> int:
        """Number of findings of all causes."""
        return sum(len(cause.findings) for cause in self.causes)

    @property
    def case_count(self) -> int:
        """Number of cases of all causes."""
        return sum(cause.case_count for cause in self.causes)


def section_title(finding: Finding) -> str:
    """Return the title of the section that a finding belongs to."""
    if finding.verdict in (Verdict.LOOPED, Verdict.REPEATED):
        return WRONG_REQUESTS
    if finding.verdict is Verdict.HUNG and finding.kind == "wire":
        return HUNG_OR_DIED
    if finding.kind == "wire" and finding.effect is Effect.CHANGED:
        return CHANGED_SILENTLY
    if finding.case.expectation == "accepts":
        return MUST_BE_ACCEPTED
    match finding.verdict:
        case Verdict.HUNG | Verdict.DIED:
            return HUNG_OR_DIED
        case Verdict.ACCEPTED:
            titles = {Effect.CHANGED: CHANGED_SILENTLY, Effect.NONE: NO_EFFECT}
            return WRONGLY_ACCEPTED if finding.effect is None else titles.get(finding.effect, WRONGLY_ACCEPTED)
        case _:
            return CRASHES


def sections(report: Report) -> list[Section]:
    """Group the findings of a report by cause.

    Args:
        report: the report.

    Returns:
        The sections that have findings, worst first.

    """
    findings: dict[str, list[Finding]] = {title: [] for title in SECTION_TITLES}
    for finding in report.findings:
        findings[section_title(finding)].append(finding)
    return [Section(title, _causes(some)) for title, some in findings.items() if some]


def _causes(findings: Iterable[Finding]) -> tuple[Cause, ...]:
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.kind, finding.cause), []).append(finding)
    causes = [
        Cause(title, tuple(sorted(some, key=lambda finding: len(finding.case.body))))
        for (_, title), some in groups.items()
    ]
    return tuple(sorted(causes, key=_most_likely_first))


def _most_likely_first(cause: Cause) -> tuple[int, int, int]:
    return _KINDS.index(cause.kind), min(map(likelihood_order, cause.findings)), -len(cause.findings)
