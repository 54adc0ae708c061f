"""Feeders: they pass cases to a consumer, in this process or in another."""

from __future__ import annotations

import pickle
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import NamedTuple, Protocol

from contractfuzz.contract import Contract
from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import ABSENT, Case
from contractfuzz.payloads.wire.page_sequences import EMPTY_PAGE_LABEL, PAGES_LABEL, filled_pages
from contractfuzz.running.adapters.targets import error_classes
from contractfuzz.running.consumer import DEFAULT_TIME_LIMIT_SECONDS, Consumer, UnreachableError
from contractfuzz.running.external.failures import ConsumerGoneError
from contractfuzz.running.findings import Finding
from contractfuzz.running.isolation.isolated_calls import (
    Caller,
    CasesDone,
    MessageReceived,
    Step,
    WorkerLost,
    run_isolated,
)
from contractfuzz.running.isolation.memory_limit import lift_memory_limit
from contractfuzz.running.isolation.workers import assert_isolation
from contractfuzz.running.options import RunOptions, check_command
from contractfuzz.running.verdicts.calling import CallResult, Verdict, call
from contractfuzz.running.verdicts.effects import Effect, measure_effect, measure_loss
from contractfuzz.running.verdicts.policy import Policy
from contractfuzz.running.verdicts.reactions import Reaction


class Judgement(NamedTuple):
    """The result of feeding one case.

    Attributes:
        verdict: what the consumer did, or None if it cannot take the case.
        finding: the finding, or None if the case expects the verdict.
        reached: False if the call did not reach the code under test.

    """

    verdict: Verdict | None
    finding: Finding | None = None
    reached: bool = True


CasesFrom = Callable[[int], Iterator[Case]]
"""Returns the cases of one set, starting with the case of that number."""

MAX_LOST_PROCESSES = {Verdict.DIED: 200, Verdict.HUNG: 3}
"""Processes that one set of cases may cost. The feeder then skips the rest of the set."""


MAX_CASES_AHEAD = 16
"""Cases that are announced to a consumer before they are fed."""

MAX_SECONDS_WITH_TWIN = 0.5
"""Duration of a call up to which the twin of the case is fed as well."""


CHANGED_RESULT = "the result differs from that for the same payload in a plain response"


class Feeder(Protocol):
    """Feeds cases to a consumer."""

    def judge(self, case: Case) -> Judgement:
        """Feed one case."""

    def react(self, case: Case) -> Reaction | None:
        """Feed one case without a judgement; return None if the consumer cannot take it."""

    def feed(self, cases: CasesFrom, total: int) -> Iterator[Judgement]:
        """Feed ``total`` cases in order, or fewer if they cost too many processes."""

    def close(self) -> None:
        """End everything that the feeder and the consumer started. Feeding starts it again."""


def make_feeder(consumer: Consumer, options: RunOptions, policy: Policy, contract: Contract | None = None) -> Feeder:
    """Return the feeder that the options ask for.

    Args:
        consumer: the consumer.
        options: the options of the run.
        policy: the expectations of the run.
        contract: the contract that has the cases, or None if it is not known.

    """
    declared = error_classes(options.raises)
    if consumer.only_own_rejections and declared != (ValueError,):
        raise ContractError(f"{consumer.name} rejects by its status alone: leave out raises (--raises)")
    raises = consumer.rejections if consumer.only_own_rejections else (*declared, *consumer.rejections)
    name = "the contract" if contract is None else contract.name
    command = () if contract is None else check_command(options, consumer.name, contract, consumer.feed)
    feeder = InProcessFeeder(consumer, raises, policy, name, command)
    if consumer.is_external or not options.isolate:
        return feeder
    assert_isolation()
    time_limit = options.time_limit or DEFAULT_TIME_LIMIT_SECONDS
    # The calls with a case and its twin share the time limit.
    feeder.max_seconds_with_twin = min(MAX_SECONDS_WITH_TWIN, time_limit / 10)
    return IsolatedFeeder(feeder, time_limit)


class InProcessFeeder:
    """Calls the consumer in this process. It is fast, but a consumer that hangs or dies takes the run with it."""

    def __init__(
        self,
        consumer: Consumer,
        raises: tuple[type[BaseException], ...],
        policy: Policy,
        contract: str,
        command: tuple[str, ...] = (),
    ) -> None:
        """Make a feeder.

        Args:
            consumer: the consumer.
            raises: the errors that reject a case.
            policy: the expectations of the run.
            contract: the contract's name.
            command: the command that feeds the same cases, for findings.

        """
        self.consumer = consumer
        self._raises, self._policy, self._contract, self._command = raises, policy, contract, command
        self.max_seconds_with_twin = MAX_SECONDS_WITH_TWIN

    def judge(self, case: Case) -> Judgement:
        return self.judgement(self.call(case), case) if self.consumer.can_take(case) else Judgement(None)

    def react(self, case: Case) -> Reaction | None:
        return _reaction(self.call(case)) if self.consumer.can_take(case) else None

    def feed(self, cases: CasesFrom, total: int) -> Iterator[Judgement]:
        if not self.consumer.is_external:
            yield from map(self.judge, islice(cases(0), total))
            return
        lost: Counter[Verdict | None] = Counter()
        with suppress(ConsumerGoneError):
            for case in self._announced(islice(cases(0), total)):
                judgement = self.judge(case)
                lost[judgement.verdict] += 1
                yield judgement
                if any(lost[verdict] >= limit for verdict, limit in MAX_LOST_PROCESSES.items()):
                    return

    def _announced(self, cases: Iterator[Case]) -> Iterator[Case]:
        """Yield cases, each after the next ones are announced to the consumer."""
        ahead: deque[Case] = deque()
        try:
            for case in cases:
                self.consumer.announce(case)
                ahead.append(case)
                if len(ahead) > MAX_CASES_AHEAD:
                    yield ahead.popleft()
            yield from ahead
        finally:
            self.consumer.announce(None)

    def close(self) -> None:
        self.consumer.close()

    def call(self, case: Case, *, isolated: bool = False) -> CallResult:
        """Call the consumer with a case that it can take."""
        self.consumer.open()
        result = call(self.consumer.call, self.consumer.argument(case), self._raises, isolated=isolated)
        return self.consumer.observe(result, case)

    def judgement(self, result: CallResult, case: Case) -> Judgement:
        """Return the judgement of a call."""
        if result.pages == 1 and case.label != PAGES_LABEL:
            return Judgement(None)  # the client reads one page only, so that broken sequences are none to it
        case = self.consumer.as_fed(self._policy.apply(case))
        if result.is_free and case.expectation in ("accepts", "rejects") and not self._policy.demands_retry(case):
            case = replace(case, expectation="survives")
        finding = self._finding(result, case)
        return Judgement(result.verdict, finding, _is_reached(result))

    def _finding(self, result: CallResult, case: Case) -> Finding | None:
        """Return the finding of a call, or of the twin of its case if that is the cause; None if all is as it should be."""
        has_effect = case.kind == "invalid" and result.verdict is Verdict.ACCEPTED and case.expectation != "accepts"
        if case.kind == "wire" and result.verdict is Verdict.ACCEPTED and case.expectation != "rejects":
            return self._finding_of_change(result, case)
        if not has_effect and result.meets_expectation(case):
            return None
        # Made before the twin is fed: the line that reproduces it depends on the last call.
        finding = Finding.of(result, case, self.consumer, self._contract, self._command)
        if not has_effect:
            return self._finding_of_twin(finding, result) or finding
        effect = self._effect(result, case)
        return None if result.meets_expectation(case, effect) else replace(finding, effect=effect)

    def _finding_of_change(self, result: CallResult, case: Case) -> Finding | None:
        """Return the finding of an accepted wire case whose result differs from that for the plain response, or lacks a retry."""
        if case.label == EMPTY_PAGE_LABEL:
            return self._finding_of_lost_pages(result, case)
        if self._policy.demands_retry(case) and not result.has_retried:
            detail = "the client returned without another request"
            return Finding.of(replace(result, detail=detail), case, self.consumer, self._contract, self._command)
        if case.payload is ABSENT:
            return None
        finding = Finding.of(replace(result, detail=CHANGED_RESULT), case, self.consumer, self._contract, self._command)
        twin, status = self._twin(result, case), None if result.exchange is None else result.exchange.status
        if twin is None:
            return None
        effect = measure_loss(result.result, lambda: self._accepted_result(twin), status)
        return replace(finding, effect=effect) if effect is Effect.CHANGED else None

    def _finding_of_lost_pages(self, result: CallResult, case: Case) -> Finding | None:
        """Return the finding of a client that stops at an empty page, but not at the same page with items."""
        count = len(case.payload)
        if result.pages >= count:
            return None
        detail = f"the client asked for {result.pages} of {count} pages: it stopped at the page without items"
        finding = Finding.of(replace(result, detail=detail), case, self.consumer, self._contract, self._command)
        control = self.call(replace(case, payload=filled_pages(case.payload), label=PAGES_LABEL))
        is_lost = control.verdict is Verdict.ACCEPTED and control.pages > result.pages
        return replace(finding, effect=Effect.CHANGED) if is_lost else None

    def _effect(self, result: CallResult, case: Case) -> Effect:
        """Return what the fault of an accepted case changed."""
        twin = self._twin(result, case)
        return Effect.UNKNOWN if twin is None else measure_effect(result.result, lambda: self._accepted_result(twin))

    def _accepted_result(self, case: Case) -> object:
        """Feed a case and return the consumer's result; raise ValueError if it does not accept the case."""
        result = self.call(case)
        if result.verdict is not Verdict.ACCEPTED:
            raise ValueError(f"the consumer {result.verdict} the twin")
        return result.result

    def _finding_of_twin(self, finding: Finding, result: CallResult) -> Finding | None:
        """Return the finding of the twin if that fails in the same way, because then the fault is not the cause."""
        twin = self._twin(result, finding.case) if result.error is not None else None
        if twin is None:
            return None
        twin_result = self.call(twin)
        found = Finding.of(twin_result, twin, self.consumer, self._contract, self._command)
        is_same = (found.verdict, found.raised_at) == (finding.verdict, finding.raised_at)
        return replace(found, revealed_by=finding.case.label) if is_same else None

    def _twin(self, result: CallResult, case: Case) -> Case | None:
        """Return the twin of a case; None if it is not known, or if the consumer is slow and has many cases."""
        # A run has few wire cases, and some are slow on purpose.
        is_quick = case.kind == "wire" or result.seconds <= self.max_seconds_with_twin
        return case.twin() if is_quick else None


class IsolatedFeeder:
    """Calls the consumer in a child process, and replaces the child if it hangs or dies.

    The child sends exceptions as words: only the child is sure to have the consumer's classes.
    """

    def __init__(self, within: InProcessFeeder, time_limit: float) -> None:
        """Make a feeder.

        Args:
            within: the feeder that the child uses.
            time_limit: seconds for one case.

        """
        self._within, self._time_limit = within, time_limit
        self._caller = Caller(self._answer_in_child, within.close, time_limit)

    def judge(self, case: Case) -> Judgement:
        answer: Judgement | WorkerLost = self._caller((self._judge_in_child.__name__, case))
        return self._lost(case, answer) if isinstance(answer, WorkerLost) else answer

    def react(self, case: Case) -> Reaction | None:
        answer: Reaction | WorkerLost | None = self._caller((self._react_in_child.__name__, case))
        return Reaction(answer.verdict, detail=answer.detail) if isinstance(answer, WorkerLost) else answer

    def feed(self, cases: CasesFrom, total: int) -> Iterator[Judgement]:
        done = bytearray()  # the codes of the cases that are done
        found: dict[int, Finding] = {}  # by the number of the case, until it is yielded
        received: dict[int, Finding] = {}  # by the number of the case that the finding was sent with
        uncertain: dict[int, WorkerLost] = {}  # by the number of the case that a new child feeds again
        lost: Counter[Verdict] = Counter()
        number = 0
        for event in run_isolated(partial(self._work, cases), total, self._time_limit):
            match event:
                case MessageReceived():
                    index, finding = pickle.loads(event.message)  # noqa: S301 - from our own child
                    found[index] = (
                        received[finding] if isinstance(finding, int) else received.setdefault(index, finding)
                    )
                case CasesDone():
                    done += event.codes
                case WorkerLost():
                    lost[event.verdict] += event.is_certain
                    if event.is_certain:
                        verdict, lost_finding, _ = self._lost(next(cases(event.number)), event)
                        if lost_finding is not None:
                            found[event.number] = lost_finding
                        done.append(_CODES[verdict] | _HAS_FINDING)
                        uncertain.pop(event.number, None)
                    else:
                        uncertain[event.number] = event
            # The finding of a case may arrive after the case is done.
            while number < len(done) and (not done[number] & _HAS_FINDING or number in found):
                finding = found.pop(number, None)
                if number in uncertain and finding is None:
                    lost[Verdict.DIED] += 1
                    finding = self._unexplained(next(cases(number)), uncertain.pop(number))
                reached = not done[number] & _NOT_REACHED
                yield Judgement(_VERDICTS[done[number] & ~_FLAGS], finding, reached)
                number += 1
            if any(lost[verdict] >= limit for verdict, limit in MAX_LOST_PROCESSES.items()):
                return

    def close(self) -> None:
        self._caller.close()

    def _work(self, cases: CasesFrom, start: int) -> Iterator[Step]:
        """Feed cases in the child. Send each finding once, and again only with a smaller case."""
        smallest: dict[object, tuple[int, int]] = {}
        for index, case in enumerate(cases(start), start):
            verdict, finding, reached = self._judge_in_child(case)
            code = _CODES[verdict] | (0 if reached else _NOT_REACHED)
            if finding is None:
                yield code, None
                continue
            size = len(case.body)
            sent_with, sent_size = smallest.get(finding.key, (index, size + 1))
            is_smaller = size < sent_size
            if is_smaller:
                smallest[finding.key] = index, size
            yield code | _HAS_FINDING, pickle.dumps((index, finding if is_smaller else sent_with))
        self._within.close()

    def _answer_in_child(self, request: tuple[str, Case]) -> Judgement | Reaction | None:
        """Call the method of that name with the case."""
        method, case = request
        answer: Judgement | Reaction | None = getattr(self, method)(case)
        return answer

    def _react_in_child(self, case: Case) -> Reaction | None:
        return _reaction(self._call_in_child(case)) if self._within.consumer.can_take(case) else None

    def _call_in_child(self, case: Case) -> CallResult:
        recursion_limit = sys.getrecursionlimit()
        result = self._within.call(case, isolated=True)
        sys.setrecursionlimit(recursion_limit)
        if isinstance(result.error, MemoryError):
            lift_memory_limit()
        return result

    def _judge_in_child(self, case: Case) -> Judgement:
        if not self._within.consumer.can_take(case):
            return Judgement(None)
        judgement = self._within.judgement(self._call_in_child(case), case)
        if judgement.finding is None:
            return judgement
        return judgement._replace(finding=replace(judgement.finding, error=None))

    def _lost(self, case: Case, lost: WorkerLost) -> Judgement:
        return self._within.judgement(CallResult(lost.verdict, detail=lost.detail), case)

    def _unexplained(self, case: Case, lost: WorkerLost) -> Finding | None:
        """Return the finding of a death that did not happen again when the case was fed to a new process."""
        detail = f"{lost.detail}, but not in a new process: an earlier case may have left a thread"
        finding = self._lost(case, replace(lost, detail=detail)).finding
        return None if finding is None else replace(finding, flaky=True)


def _reaction(result: CallResult) -> Reaction:
    return Reaction.of(result, reached=_is_reached(result))


def _is_reached(result: CallResult) -> bool:
    return not isinstance(result.error, UnreachableError)


_HAS_FINDING = 0x80
"""Bit of a code: a message with the finding was sent before."""
_NOT_REACHED = 0x40
"""Bit of a code: the call did not reach the code under test."""
_FLAGS = _HAS_FINDING | _NOT_REACHED
_CODES: dict[Verdict | None, int] = {verdict: code for code, verdict in enumerate([None, *Verdict], 1)}
_VERDICTS = {code: verdict for verdict, code in _CODES.items()}
