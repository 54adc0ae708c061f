"""Outcomes: what a report shows for each label, in one word. Reports colour, count and compare by it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from contractfuzz.running.findings import Finding
from contractfuzz.running.report import Report
from contractfuzz.running.verdicts.calling import Verdict
from contractfuzz.running.verdicts.effects import Effect


class Outcome(StrEnum):
    """One word for a label: the consumer's verdict on its cases, and whether it should be so; worst first."""

    WRONGLY_REJECTED = "wrongly rejected"
    """It rejected a payload that it must accept."""
    DIED = "died"
    HUNG = "hung"
    LOOPED = "looped"
    REPEATED = "repeated"
    CRASHED = "crashed"
    CHANGED = "changed silently"
    """It accepted a violation, and its result differs from that for the valid twin."""
    WRONGLY_ACCEPTED = "wrongly accepted"
    """It accepted a case that it must reject, with an effect that is not known."""
    NO_EFFECT = "accepted without effect"
    """It accepted a violation that it must reject, and its result is that for the valid twin."""
    KNOWN = "known"
    """It should not have done it, but the project's baseline has the finding."""
    NOT_FED = "not fed"
    """No case of the label was fed."""
    TOLERATED = "tolerated"
    """It accepted a violation that it may accept."""
    REJECTED = "rejected"
    ACCEPTED = "accepted"

    @property
    def is_bad(self) -> bool:
        """True if the consumer should not have done it."""
        return self in _BAD_OUTCOMES


_BAD_OUTCOMES = frozenset(
    {
        Outcome.WRONGLY_REJECTED,
        Outcome.DIED,
        Outcome.HUNG,
        Outcome.LOOPED,
        Outcome.REPEATED,
        Outcome.CRASHED,
        Outcome.CHANGED,
        Outcome.WRONGLY_ACCEPTED,
        Outcome.NO_EFFECT,
    }
)

OUTCOMES_WORST_FIRST = tuple(Outcome)

Outcomes = dict[str, dict[str, list[Outcome]]]
"""For each kind, each label with its outcomes, worst first. A kind without labels has the label ``""``."""


def outcomes_of(report: Report) -> Outcomes:
    """Return the outcomes of each label of a report.

    Args:
        report: the report.

    Returns:
        For each kind that was fed or has labels, every label with at least one outcome.

    """
    bad: dict[str, dict[str, dict[Outcome, Verdict]]] = {}
    for finding in report.findings:
        bad.setdefault(finding.kind, {}).setdefault(finding.case.label or "", {})[outcome_of(finding)] = finding.verdict
    known = _verdicts_by_label(report.known)
    kinds = dict.fromkeys([*report.counts, *report.labels, *bad, *known])
    return {kind: _outcomes_of_kind(report, kind, bad.get(kind, {}), known.get(kind, {})) for kind in kinds}


def _verdicts_by_label(findings: Iterable[Finding]) -> dict[str, dict[str, set[Verdict]]]:
    verdicts: dict[str, dict[str, set[Verdict]]] = {}
    for finding in findings:
        verdicts.setdefault(finding.kind, {}).setdefault(finding.case.label or "", set()).add(finding.verdict)
    return verdicts


def outcome_of(finding: Finding) -> Outcome:
    """Return the outcome that a finding is."""
    match finding.verdict:
        case Verdict.ACCEPTED:
            effects = {Effect.CHANGED: Outcome.CHANGED, Effect.NONE: Outcome.NO_EFFECT}
            return (
                Outcome.WRONGLY_ACCEPTED
                if finding.effect is None
                else effects.get(finding.effect, Outcome.WRONGLY_ACCEPTED)
            )
        case Verdict.REJECTED:
            return Outcome.WRONGLY_REJECTED
        case _:
            return Outcome(finding.verdict.value)


def worst_first(outcomes: set[Outcome]) -> list[Outcome]:
    """Return outcomes as a list, worst first."""
    return sorted(outcomes, key=OUTCOMES_WORST_FIRST.index)


def _outcomes_of_kind(
    report: Report, kind: str, bad: dict[str, dict[Outcome, Verdict]], known: dict[str, set[Verdict]]
) -> dict[str, list[Outcome]]:
    if kind in report.labels:
        verdicts = {label: [] if verdict is None else [verdict] for label, verdict in report.labels[kind].items()}
    else:
        verdicts = {"": [Verdict(verdict) for verdict in report.counts.get(kind, {})]}
    outcomes = {}
    for label in dict.fromkeys([*verdicts, *bad, *known]):
        found, known_verdicts = bad.get(label, {}), known.get(label, set())
        others = [verdict for verdict in verdicts.get(label, []) if verdict not in {*found.values(), *known_verdicts}]
        good = {_good_outcome(kind, verdict) for verdict in others} | ({Outcome.KNOWN} if known_verdicts else set())
        outcomes[label] = worst_first(set(found) | good or {Outcome.NOT_FED})
    return outcomes


def _good_outcome(kind: str, verdict: Verdict) -> Outcome:
    # If an accepted violation is not a finding, a tolerance excused it.
    return Outcome.TOLERATED if (kind, verdict) == ("invalid", Verdict.ACCEPTED) else Outcome(verdict.value)
