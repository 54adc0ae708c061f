"""TODO."""

from __future__ import annotations

from dataclasses import dataclass, field

from contractfuzz.running.calling import Verdict
from contractfuzz.running.findings import Finding

INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class Report:
    """What a consumer did with the cases of a contract.

    Attributes:
        consumer, contract: their names.
        counts: for each kind of case, how many met each verdict; a verdict that none met is missing.
        findings: what the consumer should not have done, worst first, each once with its smallest case.
        tolerated: for each pattern of ``tolerate``, how many accepted violations it excused.
        cut_short: why not every case was fed, in words; empty if every one was.
        labels: for each kind that has labels, each of them with what its first, smallest case met; None if that was not fed.

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
        """Whether every case was fed."""
        return not self.cut_short

    @property
    def ok(self) -> bool:
        """Whether the consumer honours the contract: nothing was found."""
        return not self.findings

    @property
    def unused(self) -> tuple[str, ...]:
        """The patterns of ``tolerate`` that excused nothing."""
        return tuple(pattern for pattern, times in self.tolerated.items() if not times)


def badness(finding: Finding) -> tuple[object, ...]:
    """Return what sorts findings, worst first: good payloads refused, then crashes, then violations let through."""
    refused = finding.case.expectation == "accepts"
    return not refused, finding.verdict is Verdict.ACCEPTED, finding.kind
