"""Runs of a consumer with the cases of a contract."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from contractfuzz.contract import Contract
from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import ABSENT, Case, Kind
from contractfuzz.payloads.cases.recipes import match_labels
from contractfuzz.running.adapters.registry import adapt
from contractfuzz.running.collecting import Collector
from contractfuzz.running.feeding import Judgement, make_feeder
from contractfuzz.running.findings import Finding
from contractfuzz.running.options import CASE_SETS, VALID_SETS, CaseSet, ErrorClasses, RunOptions
from contractfuzz.running.report import Report
from contractfuzz.running.shrinking import MAX_HANGS, confirm, shrink
from contractfuzz.running.verdicts.calling import Verdict
from contractfuzz.running.verdicts.policy import Policy

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

Progress = Callable[[str, int, int], object]
"""Receives the current activity (a kind of case, ``shrinking`` or ``confirming``), the number of steps done and the total."""


def check(
    consumer: Any,
    contract: Contract,
    *,
    feed: str | None = None,
    strict: bool | None = None,
    route: str | None = None,
    raises: ErrorClasses = (ValueError,),
    policy: str = "strict",
    tolerate: str | Iterable[str] = (),
    must_accept: str | Iterable[str] = (),
    examples: int = 200,
    seed: int = 0,
    isolate: bool = False,
    time_limit: float | None = None,
    base: Any = ABSENT,
    faults: int = 1,
) -> Report:
    """Feed every kind of case to a consumer.

    Args:
        consumer: a callable of one payload, or anything else that ``adapt`` takes.
        contract: the contract that has the cases.
        feed: the argument of the consumer: the payload as Python ``object``, as JSON ``text`` or as ``bytes``, or the base
            ``url`` of a server that answers every request with it. None for what its first parameter asks for. A consumer of
            objects gets no malformed bodies, and one of text gets none that are not UTF-8.
        strict: for pydantic and msgspec, True to convert nothing, False to convert what they can, None for their default.
        route: for a web application, the path to which bodies are posted.
        raises: the errors by which the consumer rejects a payload. Any other error is a crash.
        policy: ``strict`` if the consumer should reject every violation; ``tolerant`` if it may accept those that do not change
            its result, and must accept unknown properties and unknown values of an ``enum``.
        tolerate: violations that the consumer may accept, as ids or globs of them.
        must_accept: violations that the consumer must accept, as ids or globs of them.
        examples: number of random cases of each kind, 0 or more. Each label of the kind comes once before them.
        seed: seed of the random cases. The same seed gives the same cases.
        isolate: True to call the consumer in a process of its own, so that the run survives a consumer that hangs or dies.
            Changes that the consumer makes to its process stay there.
        time_limit: seconds that an isolated consumer may take for one case, above 0 and at most 86,400; None for 5.
        base: a valid payload, such as a recorded one, to apply the violations to. Other kinds of cases stay as they are.
        faults: the number of faults in each invalid case, 1 or 2.

    Returns:
        A report with the number of cases for each verdict, and the findings.

    Raises:
        ContractError: an argument is wrong, the base is not valid, or a pattern of ``tolerate`` or ``must_accept`` matches no
            violation.

    Example:
        >>> report = check(parse_response, contract, raises=(ValueError, KeyError))
        >>> assert report.ok, report.findings

    """
    options = RunOptions(
        feed=feed,
        strict=strict,
        route=route,
        raises=raises,
        policy=policy,
        tolerate=tolerate,
        must_accept=must_accept,
        isolate=isolate,
        time_limit=time_limit,
    )
    run = Run(consumer, contract, options, examples=examples, seed=seed, base=base, faults=faults)
    run.feed_all()
    return run.report()


def _ignore_progress(activity: str, done: int, total: int) -> None:
    """Do nothing."""


class Run:
    """A check in progress. It can report its results at any time.

    Attributes:
        name: the consumer's name.
        can_take: returns True for a case that the consumer can take.
        contract: the contract that has the cases.
        case_sets: the cases to feed.

    """

    def __init__(
        self,
        consumer: Any,
        contract: Contract,
        options: RunOptions | None = None,
        *,
        examples: int = 200,
        seed: int = 0,
        only: str | Iterable[str] = (),
        case_sets: Iterable[CaseSet] = CASE_SETS,
        base: Any = ABSENT,
        faults: int = 1,
    ) -> None:
        """Prepare a run. It feeds nothing yet.

        Args:
            consumer: a callable of one payload, or anything else that ``adapt`` takes.
            contract: the contract that has the cases.
            options: how to call the consumer; None for the defaults.
            examples: number of random cases of each kind, 0 or more.
            seed: seed of the random cases.
            only: labels, or globs of them. Other cases are not fed.
            case_sets: the cases to choose from.
            base: a valid payload to apply the violations to; ``ABSENT`` for what the contract does.
            faults: the number of faults in each invalid case, 1 or 2; 1 for what the contract does.

        Raises:
            ContractError: an argument is wrong.

        """
        if examples < 0:
            raise ContractError(f"cannot feed {examples} examples: examples must be 0 or more")
        if not isinstance(contract, Contract):
            raise ContractError(
                f"{contract!r} is not a Contract: make one with Contract.named(...) or Contract.load(...)"
            )
        contract = contract.with_faults(base=base, faults=faults)
        options = options or RunOptions()
        adapted = adapt(
            consumer,
            options.feed,
            strict=options.strict,
            route=options.route,
            name=options.name,
            contract=contract.name,
        )
        self.name = adapted.name
        self.can_take = adapted.can_take
        self.contract = contract
        needs_labels = bool(options.tolerate or options.must_accept)
        violations = [violation.id for violation in contract.violations()] if needs_labels else []
        labels = [violations, contract.labels("malformed")] if needs_labels else None
        policy = Policy(options.policy, options.tolerate, options.must_accept, labels)
        self._feeder = make_feeder(adapted, options, policy, contract)
        self._selection = _Selection(contract, case_sets, only, examples, seed)
        self.case_sets = self._selection.case_sets
        self._collector = Collector(self._selection.all_labels, policy)
        self._skipped: list[Kind] = []
        self._unreachable = adapted.unreachable
        self._reached = self._unreached = 0
        self._hangs = 0
        self._finished = False

    def feed_all(self, progress: Progress = _ignore_progress, *, keep_open: bool = False) -> None:
        """Feed every case, then shrink the findings, and feed each again to see whether it is flaky.

        Args:
            progress: receives the progress.
            keep_open: True to leave the processes and servers of the consumer running, for more cases.

        Raises:
            ContractError: no case reached the code under test, or the consumer cannot be started.

        """
        try:
            for case_set in self.case_sets:
                if case_set.kind not in self._skipped:
                    self._feed_set(case_set, progress)
            self.assert_reached()
            self._shrink(progress)
            self._confirm(progress)
            self._finished = True
        finally:
            if not keep_open:
                self.close()

    def assert_reached(self) -> None:
        """Raise ContractError if cases were fed, and none of them reached the code under test."""
        if self._unreached and not self._reached:
            raise ContractError(self._unreachable)

    def assert_reachable(self, cases: Iterable[Case]) -> None:
        """Feed cases until one reaches the code under test. Most consumers are reached by every call and get none.

        Args:
            cases: the cases to try.

        Raises:
            ContractError: none of the cases reached the code under test.

        """
        if not self._unreachable:
            return
        for case in cases:
            self.judge(case)
            if self._reached:
                return
        self.assert_reached()

    def close(self) -> None:
        """End the processes and servers of the consumer. Feeding another case starts them again."""
        self._feeder.close()

    def judge(self, case: Case, *, counted: bool = False) -> Finding | None:
        """Feed one case.

        Args:
            case: any case of the contract.
            counted: True to count the case in the report.

        Returns:
            The finding, which is not added to the report, or None.

        """
        judgement = self._feeder.judge(case)
        self._hangs += judgement.verdict is Verdict.HUNG
        self._count_reached(judgement)
        if counted and judgement.verdict is not None:
            self._collector.count(case.kind, judgement.verdict)
        return self._collector.unexcused(judgement)

    def strategy(self, case_set: CaseSet, label: str | None = None) -> SearchStrategy[Case]:
        """Return the strategy of a set of cases, or of those with one label."""
        return self.contract.cases(case_set.kind, case_set.profile, only=None if label is None else (label,))

    def report(self) -> Report:
        """Return the results so far."""
        return self._collector.report(self.name, self.contract.name, self._cut_short())

    def _feed_set(self, case_set: CaseSet, progress: Progress) -> None:
        labels, total = self._selection.labels[case_set], self._selection.size(case_set)
        fed = 0
        for judgement in self._feeder.feed(partial(self._selection.cases, case_set), total):
            progress(case_set.kind, fed, total)
            self._count_reached(judgement)
            if judgement.verdict is not None:
                self._collector.count(case_set.kind, judgement.verdict)
                # The first case of each label, or of a set without labels, is the smallest.
                self._collector.add(judgement, case_set, minimal=fed < max(1, len(labels)))
                if fed < len(labels):
                    self._collector.set_label(case_set.kind, labels[fed], judgement.verdict)
            fed += 1
        if fed < total:
            self._skipped.append(case_set.kind)

    def _shrink(self, progress: Progress) -> None:
        to_shrink = self._collector.to_shrink()
        for done, (finding, case_set) in enumerate(to_shrink):
            if self._hangs >= MAX_HANGS:  # each hang takes the whole time limit
                break
            progress("shrinking", done, len(to_shrink))
            self._collector.replace(shrink(finding, self.strategy(case_set, finding.case.label), self.judge))

    def _confirm(self, progress: Progress) -> None:
        """Mark the findings that their cases do not show again."""
        findings = self._collector.to_confirm()
        for done, finding in enumerate(findings):
            progress("confirming", done, len(findings))
            self._collector.replace(confirm(finding, self.judge))

    def _count_reached(self, judgement: Judgement) -> None:
        self._reached += judgement.reached and judgement.verdict is not None
        self._unreached += not judgement.reached

    def _cut_short(self) -> str:
        if not self._finished:
            return "interrupted"
        return f"it hung or died on too many {', '.join(self._skipped)} cases" if self._skipped else ""


class _Selection:
    """The cases that a run feeds.

    Attributes:
        case_sets: the sets that have cases.
        labels: the chosen labels of each set; empty for a set without labels.
        all_labels: all labels of each kind that has some, chosen or not.

    """

    def __init__(
        self, contract: Contract, case_sets: Iterable[CaseSet], only: str | Iterable[str], examples: int, seed: int
    ) -> None:
        self._contract, self._examples, self._seed = contract, examples, seed
        available = [case_set for case_set in case_sets if case_set.profile in contract.profiles]
        self.labels = {case_set: contract.labels(case_set.kind) for case_set in available}
        self.all_labels: dict[Kind, tuple[str, ...]] = {
            case_set.kind: labels for case_set, labels in self.labels.items() if labels
        }
        # A contract without rules has no incoherent cases.
        self.case_sets = tuple(
            case_set for case_set, labels in self.labels.items() if labels or case_set.kind in ("valid", "hostile")
        )
        patterns = [only] if isinstance(only, str) else list(only)
        self._is_whole = not patterns
        if patterns:
            self._choose(patterns)

    def _choose(self, patterns: list[str]) -> None:
        chosen: dict[CaseSet, dict[str, None]] = {case_set: {} for case_set in self.labels}
        for pattern in patterns:
            is_known = False
            for case_set in self.labels:
                # Labels of pairs are many, so only the contract knows them all.
                with suppress(ContractError):
                    chosen[case_set] |= dict.fromkeys(self._contract.labels(case_set.kind, pattern))
                    is_known = True
            if not is_known:
                match_labels(pattern, [label for labels in self.labels.values() for label in labels])
        for case_set, labels in self.labels.items():
            others = tuple(label for label in chosen[case_set] if label not in labels)
            self.labels[case_set] = (*(label for label in labels if label in chosen[case_set]), *others)
        self.case_sets = tuple(case_set for case_set in self.case_sets if self.labels[case_set])

    def size(self, case_set: CaseSet) -> int:
        """Return the number of cases of a set: one of each label, then random ones."""
        labels = len(self.labels[case_set])
        if case_set not in VALID_SETS:
            return labels + (self._examples if labels else max(1, self._examples))
        # The profiles of valid cases share the examples.
        realistic = self._examples // 4 if "realistic" in self._contract.profiles else 0
        return realistic if case_set.profile == "realistic" else max(1, self._examples - realistic)

    def cases(self, case_set: CaseSet, start: int) -> Iterator[Case]:
        """Return the cases of a set, starting with the case of that number."""
        number = self.size(case_set) - start
        only = None if self._is_whole else self.labels[case_set] or None
        return self._contract.sample(number, case_set.kind, case_set.profile, self._seed, start=start, only=only)
