"""Processes for consumers that hang or die.

A consumer runs in a forked child. The child writes a code for each case into shared memory and sends messages through a pipe;
the parent watches both, and starts a new child if the old one hangs, dies or is damaged.
"""

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

MAX_EXTRA_MEMORY_BYTES = 4 * 2**30
"""Address space that a consumer may take in addition to what its process has at the start."""
MAX_LEFTOVER_THREADS = 32
"""Threads that a consumer may leave running. Thread pools are harmless; with more threads, its process is replaced."""

_POLL_SECONDS = 0.05
_NOT_DONE = 0
_FAILED_STATUS = 70

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
    """The child hung or died on a case. A new child continues with the next case.

    Attributes:
        number: the number of the case.
        verdict: ``hung`` or ``died``.
        detail: how the child ended, in words.

    """

    number: int
    verdict: Verdict
    detail: str


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
        with _Worker(partial(_work_in_child, work, start, total, shared)) as worker:
            ended = yield from _watch(worker, shared, start, total, time_limit)
        if isinstance(ended, WorkerLost):
            yield ended
            start = ended.number + 1
        else:
            start = ended


def _work_in_child(work: Work, start: int, total: int, shared: mmap.mmap, pipe: Connection) -> None:
    process_id, state = os.getpid(), _process_state()
    for number, (code, message) in enumerate(work(start), start):
        if os.getpid() != process_id:  # the consumer forked, and this is the copy
            return
        # The message goes first, so that the parent never misses the message of a case that is done.
        if message is not None:
            pipe.send_bytes(message)
        damaged = _process_state() != state
        shared[total] = damaged
        shared[number] = code
        if damaged:
            # The next cases need a process that this case did not change.
            return


def _process_state() -> tuple[object, ...]:
    """Return properties of the process that a consumer may have changed and that are cheap to read."""
    return (
        threading.active_count() > MAX_LEFTOVER_THREADS,
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
    """Yield the events of a child until it ends. Return the lost case, or the number of the next case."""
    number, started = start, time.monotonic()
    while True:
        message = worker.receive(_POLL_SECONDS)
        if isinstance(message, bytes):
            yield MessageReceived(message)
        done = _first_not_done(shared, number, total)
        if done > number:
            yield CasesDone(shared[number:done])
            number, started = done, time.monotonic()
        if message is Verdict.DIED:  # no message is left in the pipe now
            finished = number >= total or shared[total]
            return number if finished else worker.died_on(number)
        if number < total and time.monotonic() - started > time_limit:
            return _hung_on(number, time_limit)


def _hung_on(number: int, time_limit: float) -> WorkerLost:
    return WorkerLost(number, Verdict.HUNG, f"no answer within {time_limit:g} s")


def _first_not_done(shared: mmap.mmap, start: int, total: int) -> int:
    found = shared.find(bytes([_NOT_DONE]), start, total)
    return total if found < 0 else found


class Caller:
    """Calls a function in a child process. The child serves many calls, and is replaced if it hangs or dies."""

    def __init__(self, function: Callable[[Any], Any], time_limit: float) -> None:
        """Make a caller.

        Args:
            function: takes and returns picklable values.
            time_limit: seconds for one call.

        """
        self._function, self._time_limit = function, time_limit
        self._worker: _Worker | None = None

    def __call__(self, argument: Any) -> Any:
        """Return the result of the function, or ``WorkerLost`` with the number 0."""
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
        """End the child."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _serve(self, pipe: Connection) -> None:
        while True:
            pipe.send_bytes(pickle.dumps(self._function(pickle.loads(pipe.recv_bytes()))))  # noqa: S301 - from our parent


class _Worker:
    """A forked child with a pipe to it. Leaving the context kills the child and every process that it started."""

    def __init__(self, target: Callable[[Connection], None]) -> None:
        if "fork" not in multiprocessing.get_all_start_methods():
            raise ContractError(
                f"an isolated consumer needs fork(), which {sys.platform} does not have: do not isolate it"
            )
        context = multiprocessing.get_context("fork")
        self._pipe, child_pipe = context.Pipe()
        # The child reads from one end. It returns when the parent closes the other end or ends.
        read_end, self._write_end = os.pipe()
        self._process = context.Process(target=self._run, args=(target, child_pipe, read_end), daemon=True)
        with warnings.catch_warnings():
            # Python warns about fork() in a process with threads. The child calls nothing but the consumer.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process.start()
        child_pipe.close()
        os.close(read_end)
        with contextlib.suppress(OSError):  # parent and child both do this, so that it is done before either goes on
            os.setpgid(self._process.pid or 0, self._process.pid or 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, message: bytes) -> None:
        with contextlib.suppress(BrokenPipeError):  # the child is dead, and receive() will report it
            self._pipe.send_bytes(message)

    def receive(self, seconds: float) -> bytes | Verdict | None:
        """Return the next message, None if none comes within ``seconds``, or ``Verdict.DIED`` if no more can come."""
        try:
            if self._pipe.poll(seconds):
                return self._pipe.recv_bytes()
            # A process that the child started may keep the child's end of the pipe open.
            return None if self._process.is_alive() or self._pipe.poll() else Verdict.DIED
        except (EOFError, OSError):
            return Verdict.DIED

    def died_on(self, number: int) -> WorkerLost:
        """Return the event for a case on which the child died."""
        return WorkerLost(number, Verdict.DIED, self._exit_description())

    def _exit_description(self) -> str:
        deadline = time.monotonic() + 1
        while self._process.is_alive() and time.monotonic() < deadline:  # join() waits longer than its timeout
            time.sleep(0.001)
        code = self._process.exitcode
        if code is None:
            return "it closed the pipe to its parent"
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exited with status {code}"

    def close(self) -> None:
        process_id = self._process.pid
        if process_id is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process_id, signal.SIGKILL)
        self._process.join()
        self._process.close()
        self._pipe.close()
        os.close(self._write_end)

    def _run(self, target: Callable[[Connection], None], pipe: Connection, read_end: int) -> None:
        with contextlib.suppress(OSError):
            os.setpgid(0, 0)
        os.close(self._write_end)
        self._pipe.close()
        faulthandler.disable()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _limit_memory()
        threading.Thread(target=_end_with_parent, args=(read_end,), daemon=True).start()
        try:
            target(pipe)
        except BaseException:  # noqa: BLE001 - the exit status reports it
            os._exit(_FAILED_STATUS)
        os._exit(0)


def _end_with_parent(read_end: int) -> None:
    os.read(read_end, 1)  # returns when the parent closes the other end, or ends
    os.killpg(0, signal.SIGKILL)


def _limit_memory() -> None:
    # Imported here, because Windows does not have it.
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (OSError, ValueError):  # not Linux; address space does not measure memory there
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = pages * resource.getpagesize() + MAX_EXTRA_MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
