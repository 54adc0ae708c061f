"""Runs of a consumer with the cases of a contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any

from contractfuzz.contract import Contract
from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import ABSENT, Case, Kind
from contractfuzz.progress import ShowProgress, ignore_progress
from contractfuzz.running.adapters.registry import adapt
from contractfuzz.running.collecting import Collector
from contractfuzz.running.external.failures import ConsumerGoneError
from contractfuzz.running.feeding import Judgement, make_feeder
from contractfuzz.running.findings import Finding
from contractfuzz.running.options import CASE_SETS, CaseSet, ErrorClasses, RunOptions
from contractfuzz.running.report import Report
from contractfuzz.running.selection import Selection
from contractfuzz.running.shrinking import MAX_HANGS, confirm, shrink
from contractfuzz.running.verdicts.calling import Verdict
from contractfuzz.running.verdicts.reactions import Reaction
from contractfuzz.text import pluralize

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

MAX_SHRINK_SECONDS = 10.0
"""Time for shrinking the findings of a run."""


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
    timeout: float | None = None,
    max_requests: int | None = None,
    paging: str | None = None,
    retries: bool = False,
) -> Report:
    """Feed every kind of case to a consumer.

    Args:
        consumer: a callable of one payload, or anything else that ``adapt`` takes.
        contract: the contract that has the cases.
        feed: the argument of the consumer: the payload as Python ``object``, as JSON ``text`` or as ``bytes``, or the base
            ``url`` of a server that answers with it. None for what its first parameter asks for. A consumer of
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
        time_limit: seconds for one case of an isolated consumer, a command or a service; above 0, at most 86,400. None for 5.
        base: a valid payload, such as a recorded one, to apply the violations to. Other kinds of cases stay as they are.
        faults: the number of faults in each invalid case, 1 or 2.
        timeout: for a client, the seconds after which it gives up waiting for a server, above 0. A client that waits longer, or
            longer than 10 s without this argument, has ``hung``.
        max_requests: number of requests that a client may send in one call, at least 1; None for 20. With more, it ``looped``.
        paging: for a client that pages, the location of the cursor, as a JSON Pointer (RFC 6901); None to recognise its name.
        retries: True for a client that must wait as Retry-After asks after the status 429 or 503, send the request again, and
            return its result.

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
        timeout=timeout,
        max_requests=max_requests,
        paging=paging,
        retries=retries,
    )
    run = Run(consumer, contract, options, examples=examples, seed=seed, base=base, faults=faults)
    run.feed_all()
    return run.report()


class Run:
    """A check in progress. It can report its results at any time.

    Attributes:
        consumer: the code under test.
        name: the consumer's name.
        can_take: returns True for a case that the consumer can take.
        notes: returns remarks on the verdicts so far, in one line each.
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
        time_budget: float | None = None,
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
            time_budget: seconds for feeding, above 0; None for no limit. The first case of each label comes before all random
                ones, and the sets of cases share the rest of the time.

        Raises:
            ContractError: an argument is wrong.

        """
        if time_budget is not None and not 0 < time_budget < inf:
            raise ContractError(f"the time budget of {time_budget} s is out of range: give a time above 0 s")
        if examples < 0:
            raise ContractError(f"cannot feed {examples} examples: examples must be 0 or more")
        if not isinstance(contract, Contract):
            raise ContractError(
                f"{contract!r} is not a Contract: make one with Contract.named(...) or Contract.load(...)"
            )
        options = options or RunOptions()
        contract = contract.with_faults(base=base, faults=faults).with_paging(options.paging)
        adapted = adapt(
            consumer,
            options.feed,
            strict=options.strict,
            route=options.route,
            name=options.name,
            contract=contract.name,
            client=options.client_options(contract),
            time_limit=options.time_limit,
        )
        options.check_consumer(adapted)
        self.consumer, self.name, self.can_take = adapted, adapted.name, adapted.can_take
        self.contract = contract
        is_client = adapted.feed == "url"
        policy = options.make_policy(contract, has_wire_cases=is_client)
        self._feeder = make_feeder(adapted, options, policy, contract)
        case_sets = [case_set for case_set in case_sets if is_client or case_set.kind != "wire"]
        self._selection = Selection(contract, case_sets, only, examples, seed, policy)
        self.case_sets = self._selection.case_sets
        self._collector = Collector(self._selection.all_labels, policy)
        self._skipped: list[Kind] = []
        self._unreachable = adapted.unreachable
        self.notes = adapted.notes
        self._reached = self._unreached = 0
        self._hangs = self._unshrunk = 0
        self._time_budget = time_budget
        self._fed: dict[CaseSet, int] = dict.fromkeys(self.case_sets, 0)
        self._finished = False

    @property
    def case_count(self) -> int:
        """Number of cases that the run feeds, without those for shrinking."""
        return sum(map(self._selection.size, self.case_sets))

    def feed_all(self, progress: ShowProgress = ignore_progress, *, keep_open: bool = False) -> None:
        """Feed every case, then shrink the findings, and feed each again to see whether it is flaky.

        Args:
            progress: receives the progress.
            keep_open: True to leave the processes and servers of the consumer running, for more cases.

        Raises:
            ContractError: no case reached the code under test, or the consumer cannot be started.

        """
        try:
            start = monotonic()
            if self._time_budget is None:
                for case_set in self.case_sets:
                    self._feed_set(case_set, progress)
                end = inf
            else:
                end = start + self._time_budget
                self._feed_within(end, progress)
            self.assert_reached()
            # A slow consumer may need all of its budget for the cases: shrinking then gets a tenth of it on top.
            rest = inf if self._time_budget is None else max(end - monotonic(), self._time_budget / 10)
            with suppress(ConsumerGoneError):  # the findings stay as they are
                self._shrink(progress, monotonic() + min(rest, MAX_SHRINK_SECONDS))
                self._confirm(progress, monotonic() + rest)
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

    def react(self, case: Case) -> Reaction | None:
        """Feed one case without a judgement; return None if the consumer cannot take it."""
        reaction = self._feeder.react(case)
        if reaction is not None:
            self._count_reached(Judgement(reaction.verdict, reached=reaction.reached))
        return reaction

    def strategy(self, case_set: CaseSet, label: str | None = None) -> SearchStrategy[Case]:
        """Return the strategy of a set of cases, or of those with one label. The run's ``only`` applies."""
        only = self._selection.only(case_set) if label is None else (label,)
        return self.contract.cases(case_set.kind, case_set.profile, only=only)

    def first_cases(self, case_set: CaseSet) -> Iterator[Case]:
        """Return the smallest case of each chosen label of a set, or of the set if it has no labels."""
        return islice(self._selection.cases(case_set, 0), max(1, len(self._selection.labels[case_set])))

    def report(self) -> Report:
        """Return the results so far."""
        return self._collector.report(self.name, self.contract.name, self._cut_short(), self._unshrunk)

    def _feed_within(self, end: float, progress: ShowProgress) -> None:
        """Feed the first case of each label, then random cases, until a time of ``time.monotonic()``."""
        for case_set in self.case_sets:
            self._feed_set(case_set, progress, total=max(1, len(self._selection.labels[case_set])), end=end)
        for index, case_set in enumerate(self.case_sets):
            share = (end - monotonic()) / (len(self.case_sets) - index)
            self._feed_set(case_set, progress, end=monotonic() + share)

    def _feed_set(
        self, case_set: CaseSet, progress: ShowProgress, *, total: int | None = None, end: float = inf
    ) -> None:
        """Feed the next cases of a set.

        Args:
            case_set: the set.
            progress: receives the progress.
            total: number of cases of the set after which to stop; None for all.
            end: time of ``time.monotonic()`` at which to stop.

        """
        if case_set.kind in self._skipped or monotonic() >= end:
            return
        labels, size = self._selection.labels[case_set], self._selection.size(case_set)
        total = size if total is None else min(total, size)
        start = fed = self._fed[case_set]

        def cases(number: int) -> Iterator[Case]:
            return self._selection.cases(case_set, start + number)

        for judgement in self._feeder.feed(cases, total - start):
            progress(case_set.kind, fed, total)
            self._count_reached(judgement)
            if judgement.verdict is not None:
                self._collector.count(case_set.kind, judgement.verdict)
                # The first case of each label, or of a set without labels, is the smallest.
                self._collector.add(judgement, case_set, minimal=fed < max(1, len(labels)))
                if fed < len(labels):
                    self._collector.set_label(case_set.kind, labels[fed], judgement.verdict)
            fed += 1
            self._fed[case_set] = fed
            if monotonic() >= end:
                return
        if fed < total:
            self._skipped.append(case_set.kind)

    def _shrink(self, progress: ShowProgress, deadline: float) -> None:
        to_shrink = self._collector.to_shrink()
        self._unshrunk = len(to_shrink)
        for done, (finding, case_set) in enumerate(to_shrink):
            if self._hangs >= MAX_HANGS:  # each hang takes the whole time limit
                break
            progress("shrinking", done, len(to_shrink))
            strategy = self.strategy(case_set, finding.case.label)
            self._collector.replace(shrink(finding, strategy, self.judge, deadline))
            if monotonic() >= deadline:
                return
            self._unshrunk -= 1
        self._unshrunk = 0

    def _confirm(self, progress: ShowProgress, deadline: float) -> None:
        """Mark the findings that their cases do not show again."""
        findings = self._collector.to_confirm()
        for done, finding in enumerate(findings):
            if monotonic() >= deadline:
                return
            progress("confirming", done, len(findings))
            self._collector.replace(confirm(finding, self.judge))

    def _count_reached(self, judgement: Judgement) -> None:
        self._reached += judgement.reached and judgement.verdict is not None
        self._unreached += not judgement.reached

    def _cut_short(self) -> str:
        if not self._finished:
            return "interrupted"
        reasons = [f"it hung or died on too many {', '.join(self._skipped)} cases"] if self._skipped else []
        return "; ".join([*reasons, *self._left_out()])

    def _left_out(self) -> list[str]:
        """Return in words the cases that the time budget left out, if there are some."""
        if self._time_budget is None:
            return []
        left, labels = 0, 0
        for case_set, fed in self._fed.items():
            if case_set.kind not in self._skipped:
                left += self._selection.size(case_set) - fed
                labels += max(0, len(self._selection.labels[case_set]) - fed)
        if not left:
            return []
        total = f"the time budget of {self._time_budget:g} s left out {left:,} of {self.case_count:,} cases"
        return [f"{total}, among them all of {pluralize(labels, 'label')}" if labels else total]
