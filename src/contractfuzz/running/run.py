"""TODO."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from contractfuzz.contract import Contract
from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import Case, Kind
from contractfuzz.payloads.cases.recipes import matching
from contractfuzz.running.adapters.registry import adapt
from contractfuzz.running.adapters.targets import declared
from contractfuzz.running.calling import Verdict
from contractfuzz.running.feeding import Feeder, InProcess, Isolated
from contractfuzz.running.findings import Finding
from contractfuzz.running.isolation import TIME_LIMIT
from contractfuzz.running.report import INTERRUPTED, Report, badness
from contractfuzz.running.shrinking import shrink

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Errors = Iterable[type[BaseException]] | type[BaseException]

Progress = Callable[[str, int, int], object]
"""Told what is under way (a kind of case, or ``shrinking``), how much of it is done, and how much there is."""

SHRUNK = 40
"""How many findings of one run are shrunk at most, one of each cause first; most are as small as can be when they are found."""


@dataclass(frozen=True, slots=True)
class CaseSet:
    """The cases of one kind and profile."""

    kind: Kind
    profile: str = "broad"


VALID_SETS = (CaseSet("valid"), CaseSet("valid", "realistic"))
INVALID_SETS = (CaseSet("invalid"),)
SURVIVAL_SETS = (CaseSet("malformed"), CaseSet("incoherent"), CaseSet("hostile"))
"""The cases that a consumer should survive."""
CASE_SETS = (*VALID_SETS, *INVALID_SETS, *SURVIVAL_SETS)
"""All cases that a check feeds."""


def check(
    consumer: Any,
    contract: Contract,
    *,
    feed: str = "object",
    raises: Errors = (ValueError,),
    tolerate: Iterable[str] = (),
    examples: int = 200,
    seed: int = 0,
    isolate: bool = False,
) -> Report:
    """Feed every kind of case to ``consumer`` and return what it did.

    Args:
        consumer: a callable of one payload.
        contract: whose cases.
        feed: what the consumer takes: the payload as Python ``object``, as JSON ``text`` or as ``bytes``. What cannot be fed
            is left out: all malformed bodies for objects, those that are not UTF-8 for text. Or the base ``url`` of a server that
            answers whatever it is asked with the payload: for a function that makes one call with a client.
        raises: the errors by which the consumer rejects a payload; any other is a crash.
        tolerate: ids of violations, or globs of them, that the consumer may accept.
        examples: how many random cases of each kind are fed, 0 or more; before them comes each label of the kind once.
        seed: of the random cases; the same seed gives the same cases.
        isolate: whether to call the consumer in a process of its own, so that one that hangs or takes its process down is
            judged so and the run goes on. What it changes in its process stays there.

    Raises:
        ContractError: an argument is wrong, or a pattern of ``tolerate`` names no violation.

    """
    run = Run(
        consumer, contract, feed=feed, raises=raises, tolerate=tolerate, examples=examples, seed=seed, isolate=isolate
    )
    run.feed_all()
    return run.report()


def _silent(doing: str, done: int, total: int) -> None:
    """Tell nobody of the progress."""


class Run:
    """A check under way: what was found so far can be told at any time.

    Attributes:
        name: the consumer's name.
        can_take: says of a case whether it can be fed.
        contract: the contract.
        case_sets: the cases that it is fed.

    Args: as for ``check``, but for
        feed, strict, route, name: as for ``adapt``.
        time_limit: seconds that an isolated consumer may take for one case.
        only: labels, or globs of them: nothing but their cases is fed.
        case_sets: the cases to feed.

    """

    def __init__(
        self,
        consumer: Any,
        contract: Contract,
        *,
        feed: str | None = None,
        strict: bool | None = None,
        route: str | None = None,
        name: str | None = None,
        raises: Errors = (ValueError,),
        tolerate: Iterable[str] = (),
        examples: int = 200,
        seed: int = 0,
        isolate: bool = False,
        time_limit: float = TIME_LIMIT,
        only: str | Iterable[str] = (),
        case_sets: Iterable[CaseSet] = CASE_SETS,
    ) -> None:
        if examples < 0:
            raise ContractError(f"cannot feed {examples} examples: examples must be 0 or more")
        _demand_contract(contract)
        if not time_limit > 0:
            raise ContractError(f"a time limit of {time_limit} s leaves no time for any case: give one above 0")
        adapted = adapt(consumer, feed, strict=strict, route=route, name=name, contract=contract.name)
        self.name = adapted.name
        self.can_take = adapted.can_take
        within = InProcess(adapted, (*declared(raises), *adapted.rejections), contract.name)
        self._feeder: Feeder = Isolated(within, time_limit) if isolate else within
        self.contract = contract
        self._tolerance = Tolerance(contract, tolerate)
        self._examples, self._seed = examples, seed
        self._labels = {
            case_set: contract.labels(case_set.kind) for case_set in case_sets if case_set.profile in contract.profiles
        }
        # A contract without rules has no incoherent cases.
        self.case_sets = tuple(
            case_set for case_set, labels in self._labels.items() if labels or case_set.kind in ("valid", "hostile")
        )
        self._met: dict[str, dict[str, Verdict | None]] = {
            case_set.kind: dict.fromkeys(labels) for case_set, labels in self._labels.items() if labels
        }
        self._choose([only] if isinstance(only, str) else list(only))
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._findings: dict[tuple[object, ...], Finding] = {}
        self._to_shrink: dict[tuple[object, ...], CaseSet] = {}
        self._given_up: list[str] = []
        self._interrupted = True

    def _choose(self, only: list[str]) -> None:
        if not only:
            return
        known = [label for labels in self._labels.values() for label in labels]
        chosen = {label for pattern in only for label in matching(pattern, known)}
        self._labels = {
            case_set: tuple(label for label in labels if label in chosen) for case_set, labels in self._labels.items()
        }
        self.case_sets = tuple(case_set for case_set in self.case_sets if self._labels[case_set])

    def feed_all(self, progress: Progress = _silent) -> None:
        """Feed every case, then look for the smallest case of each finding."""
        try:
            self._feed_sets(progress)
        finally:
            self.close()

    def close(self) -> None:
        """End the consumer's process, if it has one; it is started again when it is needed."""
        self._feeder.close()

    def _feed_sets(self, progress: Progress) -> None:
        for case_set in self.case_sets:
            self._feed_set(case_set, progress)
        to_shrink = self._worth_shrinking()
        for done, (key, case_set) in enumerate(to_shrink):
            progress("shrinking", done, len(to_shrink))
            finding = self._findings[key]
            self._findings[key] = shrink(finding, self.strategy(case_set, finding.case.label), self.judge)
        self._interrupted = False

    def _worth_shrinking(self) -> list[tuple[tuple[object, ...], CaseSet]]:
        """Return what to shrink: the smallest finding of each cause first, and of one that is as small as can be, none."""
        causes = {finding.cause for key, finding in self._findings.items() if key not in self._to_shrink}
        first: list[tuple[tuple[object, ...], CaseSet]] = []
        later: list[tuple[tuple[object, ...], CaseSet]] = []
        for key, case_set in sorted(self._to_shrink.items(), key=lambda item: len(self._findings[item[0]].case.body)):
            cause = self._findings[key].cause
            (later if cause in causes else first).append((key, case_set))
            causes.add(cause)
        return (first + later)[:SHRUNK]

    def strategy(self, case_set: CaseSet, label: str | None = None) -> SearchStrategy[Case]:
        """Return the strategy of a set of cases, or of its cases of one label."""
        return self.contract.cases(case_set.kind, case_set.profile, only=None if label is None else (label,))

    def judge(self, case: Case, *, counted: bool = False) -> Finding | None:
        """Feed one case and return what was found; it leaves no trace in the report, unless it is ``counted`` there."""
        verdict, finding = self._feeder.judge(case)
        if counted and verdict is not None:
            self._counts[case.kind][verdict.value] += 1
        return None if finding is None or self._tolerance.excuses(finding) else finding

    def report(self) -> Report:
        """Return what was found so far."""
        counts = {name: dict(verdicts) for name, verdicts in self._counts.items()}
        findings = sorted(self._findings.values(), key=badness)
        names = self.name, self.contract.name
        met = {name: dict(labels) for name, labels in self._met.items()}
        return Report(*names, counts, findings, dict(self._tolerance.used), self._why_cut_short(), met)

    def _why_cut_short(self) -> str:
        if self._interrupted:
            return INTERRUPTED
        return f"it hung or died on too many {', '.join(self._given_up)} cases" if self._given_up else ""

    def _feed_set(self, case_set: CaseSet, progress: Progress) -> None:
        labels = self._labels[case_set]
        total = len(labels) + self._size(case_set)

        def cases(start: int) -> Iterator[Case]:
            return self.contract.sample(
                total - start, case_set.kind, case_set.profile, self._seed, start=start, only=labels or None
            )

        fed = 0
        for verdict, finding in self._feeder.feed(cases, total):
            progress(case_set.kind, fed, total)
            if verdict is not None:
                # The first case of each label, or of a set without labels, is as small as can be.
                self._note(verdict, finding, case_set, smallest=fed < max(1, len(labels)))
                if fed < len(labels):
                    self._met[case_set.kind][labels[fed]] = verdict
            fed += 1
        if fed < total:
            self._given_up.append(case_set.kind)

    def _size(self, case_set: CaseSet) -> int:
        """Return how many cases of a set are fed beyond the labels; valid ones share them among their profiles."""
        if case_set not in VALID_SETS:
            return self._examples if self._labels[case_set] else max(1, self._examples)
        realistic = self._examples // 4 if "realistic" in self.contract.profiles else 0
        return realistic if case_set.profile == "realistic" else max(1, self._examples - realistic)

    def _note(self, verdict: Verdict, finding: Finding | None, case_set: CaseSet, *, smallest: bool) -> None:
        self._counts[case_set.kind][verdict.value] += 1
        if finding is None or self._tolerance.excuses(finding):
            return
        known = self._findings.get(finding.key)
        if known is None:
            self._findings[finding.key] = finding
            if not smallest and verdict is not Verdict.HUNG:  # each try of a hung one would cost the time limit
                self._to_shrink[finding.key] = case_set
        else:
            smaller = min(known, finding, key=lambda one: len(one.case.body))
            self._findings[finding.key] = replace(smaller, seen=known.seen + 1)


def _demand_contract(given: object) -> None:
    if not isinstance(given, Contract):
        raise ContractError(f"{given!r} is no Contract: make one with Contract.named(...) or Contract.load(...)")


class Tolerance:
    """The violations that may be accepted, and which of these decisions were needed.

    Attributes:
        used: for each pattern, how many accepted violations it excused.

    """

    def __init__(self, contract: Contract, patterns: str | Iterable[str]) -> None:
        patterns = [patterns] if isinstance(patterns, str) else list(patterns)
        self.used: Counter[str] = Counter(dict.fromkeys(patterns, 0))
        self._labels = {pattern: frozenset(contract.labels("invalid", pattern)) for pattern in patterns}

    def excuses(self, finding: Finding) -> bool:
        """Return whether what was found is a violation that may be accepted."""
        if finding.verdict is not Verdict.ACCEPTED:
            return False
        excusing = [pattern for pattern, labels in self._labels.items() if finding.case.label in labels]
        self.used.update(excusing)
        return bool(excusing)
