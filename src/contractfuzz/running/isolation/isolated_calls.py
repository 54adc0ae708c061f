"""Processes for consumers that hang or die.

A consumer runs in a forked child. The child writes a code for each case into shared memory and sends messages through a pipe;
the parent watches both, and starts a new child if the old one hangs, dies or is damaged.
"""

from __future__ import annotations

import mmap
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from contractfuzz.running.isolation.workers import Channel, Worker, identity_of
from contractfuzz.running.verdicts.calling import Verdict

MAX_LEFTOVER_THREADS = 32
"""Threads that a consumer may leave running. Thread pools are harmless; with more threads, its process is replaced."""

_POLL_SECONDS = 0.05
_NOT_DONE = 0

Step = tuple[int, bytes | None]
"""The result of one case: a code from 1 to 255, and a message for the parent or None."""

Work = Callable[[int], Iterator[Step]]
"""Takes the number of the first case, and yields the result of each case from there on. Runs in the child."""


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """The child sent a message."""

    message: bytes


@dataclass(frozen=True, slots=True)
class CasesDone:
    """The child finished cases.

    Attributes:
        codes: the codes of the cases that it finished since the last event, in order.

    """

    codes: bytes


@dataclass(frozen=True, slots=True)
class WorkerLost:
    """The child hung or died on a case.

    Attributes:
        number: the number of the case.
        verdict: ``hung`` or ``died``.
        detail: how the child ended, in words.
        is_certain: True if the case was the first one of the child; a new child continues with the next case. False if an earlier
            case may have caused it, for example by a thread that it left running; a new child begins with the same case.

    """

    number: int
    verdict: Verdict
    detail: str
    is_certain: bool = True


def run_isolated(work: Work, total: int, time_limit: float) -> Iterator[MessageReceived | CasesDone | WorkerLost]:
    """Do ``work`` in a child process, and replace the child if it hangs, dies or is damaged.

    Args:
        work: does the cases.
        total: number of cases.
        time_limit: seconds for one case.

    Yields:
        Events in order. The message of a case may come after the event that reports the case as done.

    """
    # One code for each case, and a last byte that the child sets when it wants to be replaced.
    shared = mmap.mmap(-1, total + 1)
    start = 0
    while start < total:
        shared[total] = _NOT_DONE
        with Worker(partial(_work_in_child, work, start, total, shared)) as worker:
            ended = yield from _watch(worker, shared, start, total, time_limit)
        if isinstance(ended, WorkerLost):
            yield ended
            start = ended.number + ended.is_certain
        else:
            start = ended


def _work_in_child(work: Work, start: int, total: int, shared: mmap.mmap, channel: Channel) -> None:
    process_id, state = os.getpid(), ProcessState()
    steps = work(start)
    for number, (code, message) in enumerate(steps, start):
        if os.getpid() != process_id:  # the consumer forked, and this is the copy
            os._exit(0)
        # The message goes first, so that the parent never misses the message of a case that is done.
        if message is not None:
            channel.send(message)
        damaged = state.is_damaged()
        shared[total] = damaged
        shared[number] = code
        if damaged:
            # The next cases need a process that this case did not change.
            return


class ProcessState:
    """Properties of this process that a consumer may change to the harm of later cases, and that are cheap to read."""

    def __init__(self) -> None:
        descriptors = [int(name) for name in os.listdir("/dev/fd")]  # noqa: PTH208 - numbers, not paths
        # Listing them opened another one, which is closed again.
        self._descriptors = [descriptor for descriptor in descriptors if identity_of(descriptor) is not None]
        self._at_start = self._read()

    def is_damaged(self) -> bool:
        """Return True if the properties are not those of the start."""
        return self._read() != self._at_start

    def _read(self) -> tuple[object, ...]:
        # Imported here, because Windows does not have it.
        import resource

        threads = threading.enumerate()
        timers = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
        return (
            len(threads) > MAX_LEFTOVER_THREADS,
            any(isinstance(thread, threading.Timer) for thread in threads),
            [any(signal.getitimer(timer)) for timer in timers],
            [getattr(stream, "closed", True) for stream in (sys.stdout, sys.stderr)],
            [identity_of(descriptor) for descriptor in self._descriptors],
            [*map(signal.getsignal, (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGCHLD))],
            signal.pthread_sigmask(signal.SIG_BLOCK, ()),
            resource.getrlimit(resource.RLIMIT_AS),
        )


def _watch(
    worker: Worker, shared: mmap.mmap, start: int, total: int, time_limit: float
) -> Generator[MessageReceived | CasesDone, None, WorkerLost | int]:
    """Yield the events of a child until it ends. Return the lost case, or the number of the next case."""
    number, started = start, time.monotonic()
    while True:
        message = worker.receive(_POLL_SECONDS)
        if isinstance(message, bytes):
            yield MessageReceived(message)
        if message is Verdict.DIED:  # no message is left in the pipe now
            worker.wait()
            words = worker.last_words()
            if words is not None:
                yield MessageReceived(words)
        done = _first_not_done(shared, number, total)
        if done > number:
            yield CasesDone(shared[number:done])
            number, started = done, time.monotonic()
        finished = number >= total or shared[total]
        if message is Verdict.DIED:
            return number if finished else _died_on(worker, number, is_certain=number == start)
        if time.monotonic() - started > time_limit:
            return number if finished else _hung_on(worker, number, time_limit)


def _died_on(worker: Worker, number: int, *, is_certain: bool) -> WorkerLost:
    return WorkerLost(number, Verdict.DIED, worker.exit_description(), is_certain)


def _hung_on(worker: Worker, number: int, time_limit: float) -> WorkerLost:
    place = worker.current_place()
    return WorkerLost(number, Verdict.HUNG, f"no answer within {time_limit:g} s" + (f", at {place}" if place else ""))


def _first_not_done(shared: mmap.mmap, start: int, total: int) -> int:
    found = shared.find(bytes([_NOT_DONE]), start, total)
    return total if found < 0 else found


class Caller:
    """Calls a function in a child process. The child serves many calls, and is replaced if it hangs, dies or is damaged."""

    def __init__(self, function: Callable[[Any], Any], close: Callable[[], None], time_limit: float) -> None:
        """Make a caller.

        Args:
            function: takes and returns picklable values.
            close: ends what the function has started. Called in the child.
            time_limit: seconds for one call.

        """
        self._function, self._close, self._time_limit = function, close, time_limit
        self._worker: Worker | None = None
        self._calls = 0

    def __call__(self, argument: Any) -> Any:
        """Return the result of the function, or ``WorkerLost`` with the number 0."""
        if self._worker is None:
            self._worker, self._calls = Worker(self._serve), 0
        worker = self._worker
        self._calls += 1
        worker.send(pickle.dumps(argument))
        message = worker.receive(self._time_limit)
        if message is Verdict.DIED:
            worker.wait()
            message = worker.last_words() or message
        if isinstance(message, bytes):
            damaged, result = pickle.loads(message)  # noqa: S301 - from our own child
            if damaged:
                self.close()
            return result
        try:
            lost = _died_on(worker, 0, is_certain=True) if message else _hung_on(worker, 0, self._time_limit)
        finally:
            self._kill()
        # An earlier call may have caused the death.
        return lost if self._calls == 1 or not message else self(argument)

    def close(self) -> None:
        """End the child."""
        if self._worker is not None:
            self._worker.send(b"")
            self._worker.wait()
            self._kill()

    def _kill(self) -> None:
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _serve(self, channel: Channel) -> None:
        process_id, state = os.getpid(), ProcessState()
        while argument := channel.receive():
            result = self._function(pickle.loads(argument))  # noqa: S301 - from our parent
            if os.getpid() != process_id:
                os._exit(0)
            channel.send(pickle.dumps((state.is_damaged(), result)))
        self._close()
