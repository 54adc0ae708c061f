"""The consumer in a process of its own, so that whatever it does to its process is a verdict and not the end of the run."""

from __future__ import annotations

import contextlib
import faulthandler
import mmap
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Self

from contractfuzz.errors import ContractError
from contractfuzz.running.calling import Verdict

TIME_LIMIT = 5.0
"""Seconds that a consumer may take for one case."""
MEMORY = 4 * 2**30
"""Bytes of address space that it may take beyond what the process has at its start."""

_LOOK = 0.05  # seconds between two looks at what a worker has done
_NOT_DONE = 0

Step = tuple[int, bytes | None]
"""What came of one case: a code from 1 to 255, and a message for the parent, if there is one."""


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """A message that the work sent."""

    message: bytes


@dataclass(frozen=True, slots=True)
class CasesDone:
    """The codes of the cases that were done since the last event, in order."""

    codes: bytes


@dataclass(frozen=True, slots=True)
class WorkerLost:
    """A case on which the process hung or died; the work goes on behind it in a new one."""

    number: int
    verdict: Verdict
    detail: str


def run_isolated(
    work: Callable[[int], Iterator[Step]], total: int, time_limit: float = TIME_LIMIT
) -> Iterator[MessageReceived | CasesDone | WorkerLost]:
    """Do ``work`` in a process that is replaced whenever it hangs or dies.

    Args:
        work: given the number to begin with, yields what came of each case, in order. Runs in the child.
        total: how many cases there are.
        time_limit: seconds that one case may take.

    Yields:
        What the work told, what it has done, and which cases were lost. A message may come after its case is done.

    """
    shared = mmap.mmap(-1, total + 1)  # a code for each case, and at the end whether the process asked to be replaced
    start = 0
    while start < total:
        shared[total] = _NOT_DONE
        with _Worker(partial(_do, work, start, total, shared)) as worker:
            ended = yield from _watch(worker, shared, start, total, time_limit)
        if isinstance(ended, WorkerLost):
            yield ended
            start = ended.number + 1
        else:
            start = ended


def _do(work: Callable[[int], Iterator[Step]], start: int, total: int, shared: mmap.mmap, pipe: Connection) -> None:
    pid, before = os.getpid(), _state()
    for number, (code, message) in enumerate(work(start), start):
        if os.getpid() != pid:  # a copy of us that the consumer made has come back from its call
            return
        # Told before it is written down as done, so that nothing done is untold.
        if message is not None:
            pipe.send_bytes(message)
        changed = _state() != before
        shared[total] = changed
        shared[number] = code
        if changed:
            # What the consumer did to its process must not be blamed on the cases that follow.
            return


MOST_THREADS = 32
"""Threads that a consumer may leave running before its process is replaced: pools are no misbehaviour."""


def _state() -> tuple[object, ...]:
    """Return what a consumer may have changed in its process, as far as that is cheap to see."""
    return (
        threading.active_count() > MOST_THREADS,
        *(getattr(stream, "closed", True) for stream in (sys.stdout, sys.stderr)),
        *map(_is_open, (0, 1, 2)),
        *map(signal.getsignal, (signal.SIGINT, signal.SIGTERM, signal.SIGALRM, signal.SIGCHLD)),
    )


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def _watch(
    worker: _Worker, shared: mmap.mmap, start: int, total: int, time_limit: float
) -> Generator[MessageReceived | CasesDone, None, WorkerLost | int]:
    """Yield what a worker does until it ends; return the case on which it was lost, or the number to go on with."""
    number, since = start, time.monotonic()
    while True:
        message = worker.receive(_LOOK)
        if isinstance(message, bytes):
            yield MessageReceived(message)
        done = _first_not_done(shared, number, total)
        if done > number:
            yield CasesDone(shared[number:done])
            number, since = done, time.monotonic()
        if message is Verdict.DIED:  # or it is through: only now has all been read that it sent
            through = number >= total or shared[total]
            return number if through else worker.died_on(number)
        if number < total and time.monotonic() - since > time_limit:
            return _hung_on(number, time_limit)


def _hung_on(number: int, time_limit: float) -> WorkerLost:
    return WorkerLost(number, Verdict.HUNG, f"no answer within {time_limit:g} s")


def _first_not_done(shared: mmap.mmap, start: int, total: int) -> int:
    found = shared.find(bytes([_NOT_DONE]), start, total)
    return total if found < 0 else found


class Caller:
    """Calls a function in a process that is kept from one call to the next, and replaced when it hangs or dies."""

    def __init__(self, function: Callable[[Any], Any], time_limit: float = TIME_LIMIT) -> None:
        self._function, self._time_limit = function, time_limit
        self._worker: _Worker | None = None

    def __call__(self, argument: Any) -> Any:
        """Return what the function returns (both must be picklable), or ``WorkerLost``, as case 0."""
        if self._worker is None:
            self._worker = _Worker(self._serve)
        self._worker.send(pickle.dumps(argument))
        message = self._worker.receive(self._time_limit)
        if isinstance(message, bytes):
            return pickle.loads(message)  # noqa: S301 - from our own child
        lost = self._worker.died_on(0) if message is Verdict.DIED else _hung_on(0, self._time_limit)
        self.close()
        return lost

    def close(self) -> None:
        """End the process."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _serve(self, pipe: Connection) -> None:
        while True:
            pipe.send_bytes(pickle.dumps(self._function(pickle.loads(pipe.recv_bytes()))))  # noqa: S301 - from our parent


class _Worker:
    """One forked process with a pipe to it; leaving the context kills it and all that it started."""

    def __init__(self, target: Callable[[Connection], None]) -> None:
        if "fork" not in multiprocessing.get_all_start_methods():
            raise ContractError(f"isolation needs processes that fork, which {sys.platform} has not: leave it out")
        context = multiprocessing.get_context("fork")
        self._pipe, theirs = context.Pipe()
        alive, self._alive = os.pipe()
        self._process = context.Process(target=self._run, args=(target, theirs, alive), daemon=True)
        with warnings.catch_warnings():
            # Python warns of forking beside threads; the child calls nothing but the consumer.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process.start()
        theirs.close()
        os.close(alive)
        with contextlib.suppress(OSError):  # the child does the same; whoever is first
            os.setpgid(self._process.pid or 0, self._process.pid or 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, message: bytes) -> None:
        with contextlib.suppress(BrokenPipeError):  # it is dead, as the next look will tell
            self._pipe.send_bytes(message)

    def receive(self, seconds: float) -> bytes | Verdict | None:
        """Return its next message, ``Verdict.DIED`` if there will be none, or None if there is none within ``seconds``."""
        try:
            if self._pipe.poll(seconds):
                return self._pipe.recv_bytes()
            # What it started may hold its end of the pipe open.
            return None if self._process.is_alive() or self._pipe.poll() else Verdict.DIED
        except (EOFError, OSError):
            return Verdict.DIED

    def died_on(self, number: int) -> WorkerLost:
        """Return that a case was lost by the end of the process, and how it ended in words."""
        return WorkerLost(number, Verdict.DIED, self._how_it_ended())

    def _how_it_ended(self) -> str:
        patience = time.monotonic() + 1
        while self._process.is_alive() and time.monotonic() < patience:  # join() would wait for more than its timeout
            time.sleep(0.001)
        code = self._process.exitcode
        if code is None:
            return "it closed the pipe to its parent"
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exited with status {code}"

    def close(self) -> None:
        pid = self._process.pid
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)  # type: ignore[arg-type]
        self._process.join()
        self._process.close()
        self._pipe.close()
        os.close(self._alive)

    def _run(self, target: Callable[[Connection], None], pipe: Connection, alive: int) -> None:
        with contextlib.suppress(OSError):
            os.setpgid(0, 0)
        os.close(self._alive)
        self._pipe.close()
        faulthandler.disable()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _limit_memory()
        threading.Thread(target=_die_with_the_parent, args=(alive,), daemon=True).start()
        try:
            target(pipe)
        except BaseException:  # noqa: BLE001 - the consumer's last word: it is told by how the process ends
            os._exit(70)
        os._exit(0)


def _die_with_the_parent(alive: int) -> None:
    os.read(alive, 1)  # returns when the other end is closed, at the latest by the parent's end
    os.killpg(0, signal.SIGKILL)


def _limit_memory() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (OSError, ValueError):  # not Linux: there the address space of a process says little
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = pages * resource.getpagesize() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
