"""Session: the state that the assertions of one test run share.

A test runner activates a session. Without an active session, failing cases are not kept and nothing is recorded. Every pytest run
with tests imports this module, so it imports little.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contractfuzz.running.report import Report


KEPT_CASES_FOLDER = "tests/contract_regressions"
"""Default folder for kept cases, relative to the project's root."""


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

    """

    folder: Path
    keeps_cases: bool
    reports: list[Report] = field(default_factory=list)
    replayed: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def has_results(self) -> bool:
        """True if the session has anything to report."""
        return bool(self.reports or self.replayed or self.notes)

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
