"""TODO."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
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
"""Told what is under way (a class of cases, or ``shrinking``), how much of it is done, and how much there is."""

SHRUNK = 40
"""How many findings of one run are shrunk at most, one of each cause first; most are as small as can be when they are found."""


@dataclass(frozen=True, slots=True)
class Group:
    """A class of cases.

    Attributes:
        name: what reports count them under: their kind, or ``hostile`` for valid ones that readers differ on.
        kind, profile: what they are made by.

    """

    name: str
    kind: Kind
    profile: str = "broad"


VALID = (Group("valid", "valid"), Group("valid", "valid", "realistic"))
INVALID = (Group("invalid", "invalid"),)
NASTY = (Group("malformed", "malformed"), Group("incoherent", "incoherent"), Group("hostile", "valid", "hostile"))
GROUPS = (*VALID, *INVALID, *NASTY)


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
    """Feed every class of cases to ``consumer`` and return what it did.

    Args:
        consumer: a callable of one payload.
        contract: whose cases.
        feed: what the consumer takes: the payload as Python ``object``, as JSON ``text`` or as ``bytes``. What cannot be fed
            is left out: all malformed bodies for objects, those that are not UTF-8 for text. Or the base ``url`` of a server that
            answers whatever it is asked with the payload: for a function that makes one call with a client.
        raises: the errors by which the consumer rejects a payload; any other is a crash.
        tolerate: ids of violations, or globs of them, that the consumer may accept.
        examples: how many random cases of each class are fed, 0 or more; before them comes each label of the class once.
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
        groups: the classes of cases that it is fed.

    Args: as for ``check``, but for
        feed, strict, route, name: as for ``adapt``.
        time_limit: seconds that an isolated consumer may take for one case.
        only: labels, or globs of them: nothing but their cases is fed.
        groups: the classes of cases.

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
        groups: Iterable[Group] = GROUPS,
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
        self._labels = {group: contract.labels(group.kind) for group in groups if group.profile in contract.profiles}
        # A contract without rules has no incoherent cases.
        self.groups = tuple(group for group, labels in self._labels.items() if group.kind == "valid" or labels)
        self._met: dict[str, dict[str, Verdict | None]] = {
            group.name: dict.fromkeys(labels) for group, labels in self._labels.items() if labels
        }
        self._choose([only] if isinstance(only, str) else list(only))
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._findings: dict[tuple[object, ...], Finding] = {}
        self._to_shrink: dict[tuple[object, ...], Group] = {}
        self._given_up: list[str] = []
        self._interrupted = True

    def _choose(self, only: list[str]) -> None:
        if not only:
            return
        known = [label for labels in self._labels.values() for label in labels]
        chosen = {label for pattern in only for label in matching(pattern, known)}
        self._labels = {
            group: tuple(label for label in labels if label in chosen) for group, labels in self._labels.items()
        }
        self.groups = tuple(group for group in self.groups if self._labels[group])

    def feed_all(self, progress: Progress = _silent) -> None:
        """Feed every case, then look for the smallest case of each finding."""
        try:
            self._feed_groups(progress)
        finally:
            self.close()

    def close(self) -> None:
        """End the consumer's process, if it has one; it is started again when it is needed."""
        self._feeder.close()

    def _feed_groups(self, progress: Progress) -> None:
        for group in self.groups:
            self._feed_group(group, progress)
        to_shrink = self._worth_shrinking()
        for done, (key, group) in enumerate(to_shrink):
            progress("shrinking", done, len(to_shrink))
            finding = self._findings[key]
            self._findings[key] = shrink(finding, self.strategy(group, finding.case.label), partial(self.judge, group))
        self._interrupted = False

    def _worth_shrinking(self) -> list[tuple[tuple[object, ...], Group]]:
        """Return what to shrink: the smallest finding of each cause first, and of one that is as small as can be, none."""
        causes = {finding.cause for key, finding in self._findings.items() if key not in self._to_shrink}
        first: list[tuple[tuple[object, ...], Group]] = []
        later: list[tuple[tuple[object, ...], Group]] = []
        for key, group in sorted(self._to_shrink.items(), key=lambda item: len(self._findings[item[0]].case.body)):
            cause = self._findings[key].cause
            (later if cause in causes else first).append((key, group))
            causes.add(cause)
        return (first + later)[:SHRUNK]

    def strategy(self, group: Group, label: str | None = None) -> SearchStrategy[Case]:
        """Return the strategy of a class of cases, or of its cases of one label."""
        return self.contract.cases(group.kind, group.profile, only=None if label is None else (label,))

    def judge(self, group: Group, case: Case, *, counted: bool = False) -> Finding | None:
        """Feed one case and return what was found; it leaves no trace in the report, unless it is ``counted`` there."""
        verdict, finding = self._feeder.judge(case, group.name)
        if counted and verdict is not None:
            self._counts[group.name][verdict.value] += 1
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

    def _feed_group(self, group: Group, progress: Progress) -> None:
        labels = self._labels[group]
        total = len(labels) + self._size(group)

        def cases(start: int) -> Iterator[Case]:
            return self.contract.sample(
                total - start, group.kind, group.profile, self._seed, start=start, only=labels or None
            )

        fed = 0
        for verdict, finding in self._feeder.feed(cases, total, group.name):
            progress(group.name, fed, total)
            if verdict is not None:
                # The first case of each label, or of a class without labels, is as small as can be.
                self._note(verdict, finding, group, smallest=fed < max(1, len(labels)))
                if fed < len(labels):
                    self._met[group.name][labels[fed]] = verdict
            fed += 1
        if fed < total:
            self._given_up.append(group.name)

    def _size(self, group: Group) -> int:
        """Return how many cases of a class are fed beyond the labels; valid ones share them among their profiles."""
        if group not in VALID:
            return self._examples if self._labels[group] else max(1, self._examples)
        realistic = self._examples // 4 if "realistic" in self.contract.profiles else 0
        return realistic if group.profile == "realistic" else max(1, self._examples - realistic)

    def _note(self, verdict: Verdict, finding: Finding | None, group: Group, *, smallest: bool) -> None:
        self._counts[group.name][verdict.value] += 1
        if finding is None or self._tolerance.excuses(finding):
            return
        known = self._findings.get(finding.key)
        if known is None:
            self._findings[finding.key] = finding
            if not smallest and verdict is not Verdict.HUNG:  # each try of a hung one would cost the time limit
                self._to_shrink[finding.key] = group
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
