"""Cases on their way to the consumer: in this process, or in one of its own."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Protocol

from contractfuzz.payloads.cases.case import Case
from contractfuzz.running.calling import CallResult, Verdict, call
from contractfuzz.running.consumer import Consumer
from contractfuzz.running.findings import Finding
from contractfuzz.running.isolation import Caller, CasesDone, MessageReceived, WorkerLost, run_isolated

Judgement = tuple[Verdict | None, Finding | None]
"""What the consumer did with a case (None if it could not be fed) and what was found, if anything."""

Cases = Callable[[int], Iterator[Case]]
"""The cases of one kind and profile from a number on."""

MOST_LOST = {Verdict.DIED: 200, Verdict.HUNG: 10}
"""How often the cases of one kind and profile may make the consumer die or hang; then the rest of them is left out."""


class Feeder(Protocol):
    """Feeds cases to a consumer."""

    def judge(self, case: Case) -> Judgement:
        """Feed one case."""

    def feed(self, cases: Cases, total: int) -> Iterator[Judgement]:
        """Feed ``total`` cases in order; fewer if too many processes are lost."""

    def close(self) -> None:
        """End what was started."""


class InProcess:
    """Calls the consumer in this process: fast, and as safe as the consumer is."""

    def __init__(self, consumer: Consumer, raises: tuple[type[BaseException], ...], contract: str) -> None:
        self.consumer, self.contract = consumer, contract
        self._raises = raises

    def judge(self, case: Case) -> Judgement:
        if not self.consumer.can_take(case):
            return None, None
        outcome = call(self.consumer.call, self.consumer.argument(case), self._raises)
        if outcome.honours(case):
            return outcome.verdict, None
        return outcome.verdict, Finding.of(outcome, case, self.consumer, self.contract)

    def feed(self, cases: Cases, total: int) -> Iterator[Judgement]:
        for case in islice(cases(0), total):
            yield self.judge(case)

    def close(self) -> None:
        self.consumer.close()


class Isolated:
    """Calls the consumer in a process of its own, which is replaced whenever it hangs or dies."""

    def __init__(self, within: InProcess, time_limit: float) -> None:
        self._within, self._time_limit = within, time_limit
        self._caller = Caller(self._judge_portably, time_limit)

    def judge(self, case: Case) -> Judgement:
        answer: Judgement | WorkerLost = self._caller(case)
        return self._lost(case, answer) if isinstance(answer, WorkerLost) else answer

    def feed(self, cases: Cases, total: int) -> Iterator[Judgement]:
        done = bytearray()
        found: dict[int, Finding] = {}
        told: dict[int, Finding] = {}
        lost: Counter[Verdict] = Counter()
        number = 0

        def work(start: int) -> Iterator[tuple[int, bytes | None]]:
            smallest: dict[object, tuple[int, int]] = {}
            for at, case in enumerate(cases(start), start):
                verdict, finding = self._judge_portably(case)
                if finding is None:
                    yield _CODES[verdict], None
                    continue
                # One that was told and is no smaller now is only referred to: that is most of them.
                number, size = smallest.get(finding.key, (at, len(case.body) + 1))
                again = size <= len(case.body)
                if not again:
                    smallest[finding.key] = at, len(case.body)
                yield _CODES[verdict] | _FOUND, pickle.dumps((at, number if again else finding))

        for event in run_isolated(work, total, self._time_limit):
            match event:
                case MessageReceived():
                    at, finding = pickle.loads(event.message)  # noqa: S301 - from our own child
                    found[at] = told[finding] if isinstance(finding, int) else told.setdefault(at, finding)
                case CasesDone():
                    done += event.codes
                case WorkerLost():
                    verdict, lost_finding = self._lost(next(cases(event.number)), event)
                    if lost_finding is not None:
                        found[event.number] = lost_finding
                    done.append(_CODES[verdict] | _FOUND)
                    lost[event.verdict] += 1
            # What was found in a case may be told after the case is done.
            while number < len(done) and (not done[number] & _FOUND or number in found):
                yield _VERDICTS[done[number] & ~_FOUND], found.pop(number, None)
                number += 1
            if any(lost[verdict] == most for verdict, most in MOST_LOST.items()):
                return

    def close(self) -> None:
        self._caller.close()

    def _judge_portably(self, case: Case) -> Judgement:
        verdict, finding = self._within.judge(case)
        if finding is None or finding.error is None:
            return verdict, finding
        return verdict, replace(finding, error=_portable(finding.error))

    def _lost(self, case: Case, lost: WorkerLost) -> tuple[Verdict, Finding]:
        outcome = CallResult(lost.verdict, detail=lost.detail)
        return lost.verdict, Finding.of(outcome, case, self._within.consumer, self._within.contract)


class IsolatedError(Exception):
    """Stands for an exception of an isolated consumer that cannot be brought over from its process."""


def _portable(error: BaseException) -> BaseException:
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301
    except Exception as trouble:  # noqa: BLE001 - any exception of any class may fail in any way
        return IsolatedError(f"{type(error).__name__}, which cannot be pickled ({type(trouble).__name__})")
    return error


_FOUND = 0x80
_CODES: dict[Verdict | None, int] = {verdict: code for code, verdict in enumerate([None, *Verdict], 1)}
_VERDICTS = {code: verdict for verdict, code in _CODES.items()}
