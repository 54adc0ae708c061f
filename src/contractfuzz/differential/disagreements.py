"""Disagreements of targets: one case, and what each target did with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from contractfuzz.payloads.cases.case import Case, Kind
from contractfuzz.running.verdicts.calling import Verdict
from contractfuzz.running.verdicts.reactions import Reaction

KINDS_IN_ORDER: tuple[Kind, ...] = ("valid", "invalid", "incoherent", "hostile", "malformed")
"""The kinds in the order of a report: on hostile and malformed cases, parsers differ by their nature."""

VERBS = {
    Verdict.ACCEPTED: "accepts",
    Verdict.REJECTED: "rejects",
    Verdict.CRASHED: "crashes",
    Verdict.HUNG: "hangs",
    Verdict.DIED: "dies",
    Verdict.LOOPED: "loops",
    Verdict.REPEATED: "repeats a request",
}
"""Each verdict in the present tense."""

_UNLABELLED = ("valid", "hostile")
"""Kinds whose cases have no label, so that the place that raised distinguishes disagreements."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One target with what it did with a case.

    Attributes:
        target: the name of the target.
        verdict: what it did; None if it cannot take the case.
        reason: the exception in one line, or how its process ended; empty if it returned.
        raised_at: the class of the exception and its place; empty if it returned.
        reproduction: a line that calls the target with the case; empty if there is none.

    """

    target: str
    verdict: Verdict | None
    reason: str = ""
    raised_at: str = ""
    reproduction: str = ""

    @classmethod
    def of(cls, target: str, reaction: Reaction | None) -> Answer:
        """Return the answer that a reaction is.

        Args:
            target: the name of the target.
            reaction: its reaction; None if it cannot take the case.

        """
        if reaction is None:
            return cls(target, None)
        raised = reaction.raised
        reason = raised.line if raised is not None else reaction.detail
        place = "" if raised is None else f"{raised.name} at {raised.place}" if raised.place else raised.name
        return cls(target, reaction.verdict, reason, place)


@dataclass(frozen=True, eq=False)
class Disagreement:
    """A case on which targets disagree.

    Attributes:
        case: the case; a report has the smallest one.
        answers: what each target did.
        place: the place at which the results differ, as a JSON Pointer with ``*`` for items; None if the verdicts differ.
        difference: the first part of the results that differs there, in words; empty if the verdicts differ.
        seen: number of cases with the same disagreement.

    """

    case: Case
    answers: tuple[Answer, ...]
    place: str | None = None
    difference: str = ""
    seen: int = 1

    @property
    def kind(self) -> Kind:
        """The kind of the case."""
        return self.case.kind

    @property
    def label(self) -> str:
        """The label of the case; its kind if it has none."""
        return self.case.label or f"{self.kind} payload"

    @cached_property
    def key(self) -> tuple[object, ...]:
        """The identity of the disagreement. Cases with the same label, verdicts and place show the same one."""
        raised = tuple(answer.raised_at for answer in self.answers) if self.kind in _UNLABELLED else ()
        return self.kind, self.case.label, self.verdicts, self.place, raised

    @property
    def verdicts(self) -> tuple[Verdict | None, ...]:
        """The verdict of each target; None for one that cannot take the case."""
        return tuple(answer.verdict for answer in self.answers)

    @cached_property
    def pattern(self) -> str:
        """The disagreement in words: ``a:read accepts, b:read rejects``."""
        answers = [answer for answer in self.answers if answer.verdict is not None]
        if self.place is None:
            return ", ".join(f"{answer.target} {VERBS[answer.verdict]}" for answer in answers if answer.verdict)
        names = [answer.target for answer in answers]
        return f"{', '.join(names[:-1])} and {names[-1]} return different results" + (
            f" at {self.place}" if self.place else ""
        )


@dataclass(frozen=True)
class DisagreementGroup:
    """Disagreements of one kind with the same pattern.

    Attributes:
        pattern: the pattern in words.
        disagreements: at least one, the smallest case first.

    """

    pattern: str
    disagreements: tuple[Disagreement, ...]

    @property
    def kind(self) -> Kind:
        """The kind of all cases."""
        return self.disagreements[0].kind

    @property
    def case_count(self) -> int:
        """Number of cases with this pattern."""
        return sum(disagreement.seen for disagreement in self.disagreements)


@dataclass(frozen=True)
class DifferReport:
    """The result of feeding the same cases to several targets.

    Attributes:
        targets: the names of the targets.
        contract: the name of the contract.
        counts: number of cases that at least two targets could take, by kind.
        disagreements: the disagreements, by kind, each with its smallest case.
        not_comparable: number of cases that all targets accepted, and whose results have parts that cannot be compared.
        unstable: number of cases on which a target did not do the same when it got the case again.
        not_shared: number of cases that fewer than two targets could take.
        silent: the targets that return nothing, so that only their verdicts are compared.
        unlisted: number of cases with more disagreements than a report lists.
        unshrunk: number of disagreements that may have smaller cases, because the time for shrinking was used up.
        cut_short: the reason why some cases were not fed, in words; empty if all were.

    """

    targets: tuple[str, ...]
    contract: str
    counts: dict[Kind, int]
    disagreements: tuple[Disagreement, ...]
    not_comparable: int = 0
    unstable: int = 0
    not_shared: int = 0
    silent: tuple[str, ...] = ()
    unlisted: int = 0
    unshrunk: int = 0
    cut_short: str = ""

    @property
    def ok(self) -> bool:
        """True if the targets agree on every case."""
        return not self.disagreements

    @property
    def complete(self) -> bool:
        """True if every case was fed."""
        return not self.cut_short

    def groups(self, kind: Kind) -> list[DisagreementGroup]:
        """Return the disagreements of a kind by their pattern, the most frequent pattern first."""
        return group_by_pattern(one for one in self.disagreements if one.kind == kind)


def group_by_pattern(disagreements: Iterable[Disagreement]) -> list[DisagreementGroup]:
    """Return disagreements of one kind by their pattern, the most frequent pattern first."""
    groups: dict[str, list[Disagreement]] = {}
    for disagreement in disagreements:
        groups.setdefault(disagreement.pattern, []).append(disagreement)
    made = [DisagreementGroup(pattern, _smallest_first(some)) for pattern, some in groups.items()]
    return sorted(made, key=lambda group: -group.case_count)


def _smallest_first(disagreements: Sequence[Disagreement]) -> tuple[Disagreement, ...]:
    return tuple(sorted(disagreements, key=lambda one: len(one.case.body)))
