"""Session: the state that the assertions of one test run share.

A test runner activates a session. Without an active session, failing cases are not kept and nothing is recorded. Every pytest run
with tests imports this module, so it imports little.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from contractfuzz.payloads.cases.case import Case
    from contractfuzz.running.findings import Finding
    from contractfuzz.running.report import Report
    from contractfuzz.testing.baseline import Baseline


KEPT_CASES_FOLDER = "tests/contract_regressions"
"""Default folder for kept cases, relative to the project's root."""


class CaseOrigin(NamedTuple):
    """Origin of a case that a marker passes to a test.

    Attributes:
        contract: the name of its contract.
        kept_for: the name of the consumer that failed it; empty if it was not kept, or if the marker names the consumer.

    """

    contract: str = "the contract"
    kept_for: str = ""


@dataclass
class Session:
    """Settings and results of one test run.

    Attributes:
        folder: the folder of the kept cases.
        keeps_cases: True if new failing cases are written to ``folder``.
        reports: the report of each assertion, in the order in which they ran.
        replayed: the status of each kept case that was replayed, by the path of its file: ``fixed``, ``fails``, or
            ``outdated: REASON``.
        notes: problems apart from test failures, one line each.
        baseline: the findings that the project knows; None if the run has no baseline.
        updates_baseline: True if the baseline gets the findings of this run, so that none of them fails an assertion.
        shows_statistics: True if ``statistics`` are collected.
        statistics: a paragraph about each property that Hypothesis searched.
        origins: the origin of each case that a marker passes to a test.

    """

    folder: Path
    keeps_cases: bool
    reports: list[Report] = field(default_factory=list)
    replayed: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    baseline: Baseline | None = None
    updates_baseline: bool = False
    shows_statistics: bool = False
    statistics: list[str] = field(default_factory=list)
    origins: WeakKeyDictionary[Case, CaseOrigin] = field(default_factory=WeakKeyDictionary)

    @property
    def has_results(self) -> bool:
        """True if the session has anything to report."""
        return bool(self.reports or self.replayed or self.notes)

    def is_new(self, finding: Finding) -> bool:
        """Return True if a finding fails an assertion, because the baseline does not have it."""
        return self.baseline is None or not (self.updates_baseline or self.baseline.has(finding))

    def add_report(self, report: Report) -> None:
        """Add the report of an assertion. Its known findings are set apart."""
        if self.baseline is not None:
            baseline = self.baseline.updated([report]) if self.updates_baseline else self.baseline
            report = baseline.apply(report)
        self.reports.append(report)

    def origin_of(self, case: Case) -> CaseOrigin:
        """Return the origin of a case; the default one if no marker made it."""
        return self.origins.get(case, CaseOrigin())

    def record_replay(self, path: Path, status: str, reason: str) -> None:
        """Record the status of a kept case. ``fails`` for one consumer outweighs ``fixed`` for another one."""
        if self.replayed.get(str(path)) != "fails" and status != "not fed":
            self.replayed[str(path)] = f"{status}: {reason}" if reason else status


_active: Session | None = None


def set_active_session(session: Session | None) -> Session | None:
    """Set the active session and return the previous one.

    Args:
        session: the session in which assertions record their results from now on; None to record nothing.

    Returns:
        The session that was active before, to be restored when this one ends; None if there was none.

    """
    global _active
    previous, _active = _active, session
    return previous


def active_session() -> Session | None:
    """Return the active session, or None if no test runner has set one."""
    return _active
