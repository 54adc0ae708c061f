"""Reports: the result of a run."""

from __future__ import annotations

from dataclasses import dataclass, field

from contractfuzz.running.calling import Verdict
from contractfuzz.running.findings import Finding


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

    """

    consumer: str
    contract: str
    counts: dict[str, dict[str, int]]
    findings: list[Finding]
    tolerated: dict[str, int] = field(default_factory=dict)
    cut_short: str = ""
    labels: dict[str, dict[str, Verdict | None]] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """True if every case was fed."""
        return not self.cut_short

    @property
    def ok(self) -> bool:
        """True if the consumer honours the contract, so that nothing was found."""
        return not self.findings

    @property
    def unused(self) -> tuple[str, ...]:
        """The patterns of ``tolerate`` that excused nothing."""
        return tuple(pattern for pattern, count in self.tolerated.items() if not count)


def severity_order(finding: Finding) -> tuple[object, ...]:
    """Return the sort key that puts the worst findings first: refused valid payloads, crashes, accepted violations."""
    refused = finding.case.expectation == "accepts"
    return not refused, finding.verdict is Verdict.ACCEPTED, finding.kind
