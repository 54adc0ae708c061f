"""What the assertions of one test session did: where they keep what they find, and what there is to tell at its end.

A test runner says that a session begins; without one, nothing is kept and nothing told. This module loads little, since
every pytest run with tests loads it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contractfuzz.running.report import Report


FOLDER = "tests/contract_regressions"
"""Where a project keeps its regressions, unless it says otherwise."""


@dataclass
class Session:
    """One run of tests.

    Attributes:
        folder: where regressions are kept.
        keeps: whether new ones are written there.
        reports: what each assertion found.
        replayed: for each file that was kept, what came of it: ``fixed``, ``fails``, or ``outdated`` with the reason.
        notes: what went wrong beside the tests, in one line each.

    """

    folder: Path
    keeps: bool
    reports: list[Report] = field(default_factory=list)
    replayed: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def has_news(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.reports or self.replayed or self.notes)

    def tell_replayed(self, path: Path, status: str, why: str) -> None:
        """Note what came of a kept case; that it fails for one consumer outweighs that it is fixed for another."""
        if self.replayed.get(str(path)) != "fails" and status != "not fed":
            self.replayed[str(path)] = f"{status}: {why}" if why else status


_current: Session | None = None


def begin(session: Session | None) -> Session | None:
    """Make ``session`` the one that is on, None for none, and return the one that was."""
    global _current
    before, _current = _current, session
    return before


def current() -> Session | None:
    """Return the session that is on, if any."""
    return _current
