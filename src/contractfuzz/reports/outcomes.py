"""How a consumer stands with each label of a contract, in one word: what reports colour, count and compare by."""

from __future__ import annotations

from enum import StrEnum

from contractfuzz.running.calling import Verdict
from contractfuzz.running.findings import Finding
from contractfuzz.running.report import Report


class Outcome(StrEnum):
    """What came of a label, worst first."""

    DIED = "died"
    HUNG = "hung"
    CRASHED = "crashed"
    REFUSED = "refused"
    """A valid payload was not accepted."""
    LET_THROUGH = "let through"
    """What must be rejected was accepted."""
    MISSED = "not reached"
    """No case of it was fed."""
    TOLERATED = "tolerated"
    """It was let through, and may be."""
    REJECTED = "rejected"
    ACCEPTED = "accepted"

    @property
    def is_bad(self) -> bool:
        """Whether it is something that the consumer should not have done."""
        return self in _BAD


_BAD = frozenset({Outcome.DIED, Outcome.HUNG, Outcome.CRASHED, Outcome.REFUSED, Outcome.LET_THROUGH})
WORST_FIRST = tuple(Outcome)

Outcomes = dict[str, dict[str, list[Outcome]]]
"""For each kind each label, or ``""`` for a kind without labels, with all that came of it, worst first."""


def outcomes_of(report: Report) -> Outcomes:
    """Return how the consumer of a report stands with each label of each kind."""
    found: dict[str, dict[str, set[Verdict]]] = {}
    for finding in report.findings:
        found.setdefault(finding.kind, {}).setdefault(finding.case.label or "", set()).add(finding.verdict)
    names = dict.fromkeys([*report.counts, *report.labels, *found])
    return {name: _of_kind(report, name, found.get(name, {})) for name in names}


def outcome_of(finding: Finding) -> Outcome:
    """Return the word for what was found."""
    return _bad(finding.verdict)


def _of_kind(report: Report, name: str, found: dict[str, set[Verdict]]) -> dict[str, list[Outcome]]:
    if name in report.labels:
        met = {label: [] if verdict is None else [verdict] for label, verdict in report.labels[name].items()}
    else:
        met = {"": [Verdict(verdict) for verdict in report.counts.get(name, {})]}
    made = {}
    for label in dict.fromkeys([*met, *found]):
        bad = found.get(label, set())
        fine = {_fine(name, verdict) for verdict in met.get(label, []) if verdict not in bad}
        made[label] = sorted({_bad(verdict) for verdict in bad} | fine or {Outcome.MISSED}, key=WORST_FIRST.index)
    return made


def _bad(verdict: Verdict) -> Outcome:
    match verdict:
        case Verdict.ACCEPTED:
            return Outcome.LET_THROUGH
        case Verdict.REJECTED:
            return Outcome.REFUSED
        case _:
            return Outcome(verdict.value)


def _fine(name: str, verdict: Verdict) -> Outcome:
    # An accepted violation that is no finding is excused.
    return Outcome.TOLERATED if (name, verdict) == ("invalid", Verdict.ACCEPTED) else Outcome(verdict.value)
