"""Feeders: they pass cases to a consumer, in this process or in another."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import NamedTuple, Protocol

from contractfuzz.payloads.cases.case import Case
from contractfuzz.running.adapters.targets import error_classes
from contractfuzz.running.calling import CallResult, Verdict, call
from contractfuzz.running.consumer import Consumer
from contractfuzz.running.findings import Finding
from contractfuzz.running.isolation import Caller, CasesDone, MessageReceived, Step, WorkerLost, run_isolated
from contractfuzz.running.options import DEFAULT_TIME_LIMIT_SECONDS, RunOptions


class Judgement(NamedTuple):
    """The result of feeding one case.

    Attributes:
        verdict: what the consumer did, or None if it cannot take the case.
        finding: the finding, or None if the case expects the verdict.

    """

    verdict: Verdict | None
    finding: Finding | None = None


CasesFrom = Callable[[int], Iterator[Case]]
"""Returns the cases of one set, starting with the case of that number."""

MAX_LOST_PROCESSES = {Verdict.DIED: 200, Verdict.HUNG: 10}
"""Processes that one set of cases may cost. The feeder then skips the rest of the set."""


class Feeder(Protocol):
    """Feeds cases to a consumer."""

    def judge(self, case: Case) -> Judgement:
        """Feed one case."""

    def feed(self, cases: CasesFrom, total: int) -> Iterator[Judgement]:
        """Feed ``total`` cases in order, or fewer if they cost too many processes."""

    def close(self) -> None:
        """End everything that the feeder and the consumer started. Feeding starts it again."""


def make_feeder(consumer: Consumer, options: RunOptions, contract: str) -> Feeder:
    """Return the feeder that the options ask for."""
    feeder = InProcessFeeder(consumer, (*error_classes(options.raises), *consumer.rejections), contract)
    return IsolatedFeeder(feeder, options.time_limit or DEFAULT_TIME_LIMIT_SECONDS) if options.isolate else feeder


class InProcessFeeder:
    """Calls the consumer in this process. It is fast, but a consumer that hangs or dies takes the run with it."""

    def __init__(self, consumer: Consumer, raises: tuple[type[BaseException], ...], contract: str) -> None:
        self.consumer, self.contract = consumer, contract
        self._raises = raises

    def judge(self, case: Case) -> Judgement:
        if not self.consumer.can_take(case):
            return Judgement(None)
        result = call(self.consumer.call, self.consumer.argument(case), self._raises)
        if result.meets_expectation(case):
            return Judgement(result.verdict)
        return Judgement(result.verdict, Finding.of(result, case, self.consumer, self.contract))

    def feed(self, cases: CasesFrom, total: int) -> Iterator[Judgement]:
        for case in islice(cases(0), total):
            yield self.judge(case)

    def close(self) -> None:
        self.consumer.close()


class IsolatedFeeder:
    """Calls the consumer in a child process, and replaces the child if it hangs or dies."""

    def __init__(self, within: InProcessFeeder, time_limit: float) -> None:
        """Make a feeder.

        Args:
            within: the feeder that the child uses.
            time_limit: seconds for one case.

        """
        self._within, self._time_limit = within, time_limit
        self._caller = Caller(self._judge_portably, time_limit)

    def judge(self, case: Case) -> Judgement:
        answer: Judgement | WorkerLost = self._caller(case)
        return self._lost(case, answer) if isinstance(answer, WorkerLost) else answer

    def feed(self, cases: CasesFrom, total: int) -> Iterator[Judgement]:
        done = bytearray()  # the codes of the cases that are done
        found: dict[int, Finding] = {}  # by the number of the case, until it is yielded
        received: dict[int, Finding] = {}  # by the number of the case that the finding was sent with
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
                    verdict, lost_finding = self._lost(next(cases(event.number)), event)
                    if lost_finding is not None:
                        found[event.number] = lost_finding
                    done.append(_CODES[verdict] | _HAS_FINDING)
                    lost[event.verdict] += 1
            # The finding of a case may arrive after the case is done.
            while number < len(done) and (not done[number] & _HAS_FINDING or number in found):
                yield Judgement(_VERDICTS[done[number] & ~_HAS_FINDING], found.pop(number, None))
                number += 1
            if any(lost[verdict] == limit for verdict, limit in MAX_LOST_PROCESSES.items()):
                return

    def close(self) -> None:
        self._caller.close()

    def _work(self, cases: CasesFrom, start: int) -> Iterator[Step]:
        """Feed cases in the child. Send each finding once, and again only with a smaller case."""
        smallest: dict[object, tuple[int, int]] = {}
        for index, case in enumerate(cases(start), start):
            verdict, finding = self._judge_portably(case)
            if finding is None:
                yield _CODES[verdict], None
                continue
            size = len(case.body)
            sent_with, sent_size = smallest.get(finding.key, (index, size + 1))
            is_smaller = size < sent_size
            if is_smaller:
                smallest[finding.key] = index, size
            yield _CODES[verdict] | _HAS_FINDING, pickle.dumps((index, finding if is_smaller else sent_with))

    def _judge_portably(self, case: Case) -> Judgement:
        judgement = self._within.judge(case)
        finding = judgement.finding
        if finding is None or finding.error is None:
            return judgement
        return Judgement(judgement.verdict, replace(finding, error=_portable(finding.error)))

    def _lost(self, case: Case, lost: WorkerLost) -> Judgement:
        result = CallResult(lost.verdict, detail=lost.detail)
        return Judgement(lost.verdict, Finding.of(result, case, self._within.consumer, self._within.contract))


class IsolatedError(Exception):
    """Stands for an exception of an isolated consumer that cannot be pickled."""


def _portable(error: BaseException) -> BaseException:
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301
    except Exception as failure:  # noqa: BLE001 - pickling runs code of the consumer
        return IsolatedError(f"{type(error).__name__}, which cannot be pickled ({type(failure).__name__})")
    return error


_HAS_FINDING = 0x80
"""Bit of a code: a message with the finding was sent before."""
_CODES: dict[Verdict | None, int] = {verdict: code for code, verdict in enumerate([None, *Verdict], 1)}
_VERDICTS = {code: verdict for verdict, code in _CODES.items()}
