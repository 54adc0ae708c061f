"""The whole run: every class of cases fed to one consumer, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from contractfuzz.consumers.adapting import adapt
from contractfuzz.consumers.findings import Finding
from contractfuzz.consumers.judging import Outcome, Verdict, call
from contractfuzz.consumers.shrinking import shrink
from contractfuzz.consumers.targets import declared
from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases import Case, Kind
from contractfuzz.payloads.recipes import matching

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from contractfuzz.contract import Contract

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


@dataclass(frozen=True)
class Report:
    """What a consumer did with the cases of a contract.

    Attributes:
        consumer, contract: their names.
        counts: for each class of cases (a kind, or ``hostile``) how many met each verdict; a verdict that none met is missing.
        findings: what the consumer should not have done, worst first, each once with its smallest case.
        tolerated: for each pattern of ``tolerate``, how many accepted violations it excused.
        complete: whether every case was fed; False after an interruption.

    """

    consumer: str
    contract: str
    counts: dict[str, dict[str, int]]
    findings: list[Finding]
    tolerated: dict[str, int] = field(default_factory=dict)
    complete: bool = True

    @property
    def ok(self) -> bool:
        """Whether the consumer honours the contract: nothing was found."""
        return not self.findings

    @property
    def unused(self) -> tuple[str, ...]:
        """The patterns of ``tolerate`` that excused nothing."""
        return tuple(pattern for pattern, times in self.tolerated.items() if not times)


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
            is left out: all malformed bodies for objects, those that are not UTF-8 for text.
        raises: the errors by which the consumer rejects a payload; any other is a crash.
        tolerate: ids of violations, or globs of them, that the consumer may accept.
        examples: how many random cases of each class are fed, 0 or more; before them comes each label of the class once.
        seed: of the random cases; the same seed gives the same cases.
        isolate: not available yet: ContractError.

    Raises:
        ContractError: an argument is wrong, or a pattern of ``tolerate`` names no violation.

    """
    if isolate:
        raise ContractError("isolate=True is not available yet: leave it out")
    run = Run(consumer, contract, feed=feed, raises=raises, tolerate=tolerate, examples=examples, seed=seed)
    run.feed_all()
    return run.report()


def _silent(doing: str, done: int, total: int) -> None:
    """Tell nobody of the progress."""


class Run:
    """A check under way: what was found so far can be told at any time.

    Attributes:
        name: the consumer's name.
        groups: the classes of cases that it is fed.

    Args: as for ``check``, but for
        feed, strict, route: as for ``adapt``.
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
        raises: Errors = (ValueError,),
        tolerate: Iterable[str] = (),
        examples: int = 200,
        seed: int = 0,
        only: str | Iterable[str] = (),
        groups: Iterable[Group] = GROUPS,
    ) -> None:
        if examples < 0:
            raise ContractError(f"cannot feed {examples} examples: examples must be 0 or more")
        self._consumer = adapt(consumer, feed, strict=strict, route=route)
        self.name = self._consumer.name
        self._contract = contract
        self._raises = (*declared(raises), *self._consumer.rejections)
        self._tolerance = Tolerance(contract, tolerate)
        self._examples, self._seed = examples, seed
        self.groups = tuple(group for group in groups if group.profile in contract.profiles)
        self._labels = {group: contract.labels(group.kind) for group in self.groups}
        self._choose([only] if isinstance(only, str) else list(only))
        self._counts: dict[str, Counter[str]] = {}
        self._findings: dict[tuple[object, ...], Finding] = {}
        self._to_shrink: dict[tuple[object, ...], Group] = {}
        self._complete = False

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
        for group in self.groups:
            self._feed_group(group, progress)
        to_shrink = self._worth_shrinking()
        for done, (key, group) in enumerate(to_shrink):
            progress("shrinking", done, len(to_shrink))
            finding = self._findings[key]
            self._findings[key] = shrink(finding, self.strategy(group, finding.case.label), partial(self.judge, group))
        self._complete = True

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
        return self._contract.cases(group.kind, group.profile, only=None if label is None else (label,))

    def judge(self, group: Group, case: Case) -> Finding | None:
        """Feed one case and return what was found, without a trace in the report."""
        return self._judge(case, group)[1]

    def report(self) -> Report:
        """Return what was found so far."""
        counts = {name: dict(verdicts) for name, verdicts in self._counts.items()}
        findings = sorted(self._findings.values(), key=badness)
        names = self.name, self._contract.name
        return Report(*names, counts, findings, dict(self._tolerance.used), self._complete)

    def _feed_group(self, group: Group, progress: Progress) -> None:
        labels = self._labels[group]
        total = len(labels) + self._size(group)
        cases = self._contract.sample(total, group.kind, group.profile, self._seed, only=labels or None)
        for number, case in enumerate(cases):
            progress(group.name, number, total)
            if self._consumer.can_take(case):
                # The first case of each label, or of a class without labels, is as small as can be.
                self._feed(case, group, smallest=number < max(1, len(labels)))

    def _size(self, group: Group) -> int:
        """Return how many cases of a class are fed beyond the labels; valid ones share them among their profiles."""
        if group.kind == "incoherent" and not self._labels[group]:
            return 0
        if group not in VALID:
            return self._examples if self._labels[group] else max(1, self._examples)
        realistic = self._examples // 4 if "realistic" in self._contract.profiles else 0
        return realistic if group.profile == "realistic" else max(1, self._examples - realistic)

    def _feed(self, case: Case, group: Group, *, smallest: bool) -> None:
        outcome, finding = self._judge(case, group)
        self._counts.setdefault(group.name, Counter())[outcome.verdict.value] += 1
        if finding is None:
            return
        known = self._findings.get(finding.key)
        if known is None:
            self._findings[finding.key] = finding
            if not smallest:
                self._to_shrink[finding.key] = group
        else:
            smaller = min(known, finding, key=lambda one: len(one.case.body))
            self._findings[finding.key] = replace(smaller, seen=known.seen + 1)

    def _judge(self, case: Case, group: Group) -> tuple[Outcome, Finding | None]:
        outcome = call(self._consumer.call, self._consumer.argument(case), self._raises)
        if outcome.honours(case) or (outcome.verdict is Verdict.ACCEPTED and self._tolerance.excuses(case)):
            return outcome, None
        return outcome, Finding.of(outcome, case, self._consumer, self._contract.name, group.name)


class Tolerance:
    """The violations that may be accepted, and which of these decisions were needed.

    Attributes:
        used: for each pattern, how many accepted violations it excused.

    """

    def __init__(self, contract: Contract, patterns: str | Iterable[str]) -> None:
        patterns = [patterns] if isinstance(patterns, str) else list(patterns)
        self.used: Counter[str] = Counter(dict.fromkeys(patterns, 0))
        self._labels = {pattern: frozenset(contract.labels("invalid", pattern)) for pattern in patterns}

    def excuses(self, case: Case) -> bool:
        """Return whether ``case`` may be accepted although it breaks the contract."""
        excusing = [pattern for pattern, labels in self._labels.items() if case.label in labels]
        self.used.update(excusing)
        return bool(excusing)


def badness(finding: Finding) -> tuple[object, ...]:
    """Return what sorts findings, worst first: good payloads refused, then crashes, then violations let through."""
    refused = finding.case.expectation == "accepts"
    return not refused, finding.verdict is Verdict.ACCEPTED, finding.group
