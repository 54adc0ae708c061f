"""Reports: the result of a run."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass, field

from contractfuzz.running.findings import Finding
from contractfuzz.running.verdicts.calling import Verdict
from contractfuzz.running.verdicts.effects import Effect


@dataclass(frozen=True)
class Report:
    """Result of feeding the cases of a contract to a consumer.

    Attributes:
        consumer: the consumer's name.
        contract: the contract's name.
        counts: number of cases for each kind and verdict. A verdict without cases is missing.
        findings: the findings, worst first, each with its smallest case.
        tolerated: for each pattern of ``tolerate``, the number of accepted violations that it excused.
        cut_short: the reason why some cases were not fed, in words; empty if all were.
        labels: for each kind that has labels, each label with the verdict on its first and smallest case, or None if no case of
            that label was fed.
        policy: the policy of the run: ``strict`` or ``tolerant``.
        must_accept: the labels that the consumer had to accept, as ids or globs of them.
        unshrunk: number of findings that may have smaller cases, because the time for shrinking was used up.
        known: the findings that are in the project's baseline, worst first; ``findings`` are the others.
        fixed: the entries of the baseline that were not found again, although a case of their label was fed.

    """

    consumer: str
    contract: str
    counts: dict[str, dict[str, int]]
    findings: list[Finding]
    tolerated: dict[str, int] = field(default_factory=dict)
    cut_short: str = ""
    labels: dict[str, dict[str, Verdict | None]] = field(default_factory=dict)
    policy: str = "strict"
    must_accept: tuple[str, ...] = ()
    unshrunk: int = 0
    known: list[Finding] = field(default_factory=list)
    fixed: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """True if every case was fed."""
        return not self.cut_short

    @property
    def ok(self) -> bool:
        """True if nothing was found, apart from what is in the baseline."""
        return not self.findings

    @property
    def unused(self) -> tuple[str, ...]:
        """The patterns of ``tolerate`` that excused nothing."""
        return tuple(pattern for pattern, count in self.tolerated.items() if not count)


LIKELY_IN_PRODUCTION = (
    "*:type.null",
    "*:required.missing",
    "*:enum.unknown",
    "*:type.numeric-string",
    "*:type.unwrapped",
)
"""Violations that real producers send most often, the most frequent first."""

_EFFECTS_WORST_FIRST = (Effect.CHANGED, Effect.UNKNOWN, None, Effect.NONE)


def severity_order(finding: Finding) -> tuple[int, int, int, str]:
    """Return the sort key that puts the worst findings first.

    The order is: refused payloads that must be accepted, crashes, lost processes, accepted faults that changed the result, other
    accepted faults. Those that are more likely in production come first within each.
    """
    if finding.case.expectation == "accepts":
        severity = 0
    elif finding.verdict is Verdict.ACCEPTED:
        severity = 3
    else:
        severity = 1 if finding.verdict is Verdict.CRASHED else 2
    return severity, _EFFECTS_WORST_FIRST.index(finding.effect), likelihood_order(finding), finding.kind


def likelihood_order(finding: Finding) -> int:
    """Return the sort key that puts the findings first whose cases are most likely in production."""
    label = finding.case.label or ""
    matches = (index for index, pattern in enumerate(LIKELY_IN_PRODUCTION) if fnmatch.fnmatchcase(label, pattern))
    return next(matches, len(LIKELY_IN_PRODUCTION))
