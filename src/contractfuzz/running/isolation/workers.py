"""Forked processes that run a consumer, and that end with everything that it started.

A worker has two processes: a supervisor, and the process of the consumer. When the process of the consumer ends, or when the
parent asks for it, the supervisor kills what is left of the consumer. On Linux, these are also processes in new sessions
(``prctl(2)``, PR_SET_CHILD_SUBREAPER). Other systems cannot do that, and do not limit the memory of the consumer.
"""

from __future__ import annotations

import contextlib
import ctypes
import faulthandler
import mmap
import multiprocessing
import os
import re
import select
import signal
import struct
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from enum import IntEnum
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn, Self

from contractfuzz.errors import ContractError
from contractfuzz.running.isolation.memory_limit import PROCESSES, limit_memory
from contractfuzz.running.verdicts.calling import Verdict
from contractfuzz.running.verdicts.exceptions import is_consumer_file

MAX_LAST_WORDS_BYTES = 2**22
"""Size of the memory for a message of a consumer that closed the pipe."""

_FAILED_STATUS = 70
_ENDING_SECONDS = 1.0
_DUMP_SECONDS = 0.3
_DUMP_SIGNAL = getattr(signal, "SIGRTMAX", 0) or getattr(signal, "SIGUSR1", 0)  # Windows has none
_SET_PARENT_DEATH_SIGNAL, _SET_CHILD_SUBREAPER = 1, 36  # prctl(2)

_HEADER = struct.Struct("<i?iBI")
"""Head of the shared memory: consumer's process id, whether it has ended, its exit code, and kind and size of the last words."""


class _Words(IntEnum):
    NOTHING, MESSAGE, REFUSAL = range(3)


_hidden_descriptors: set[int] = set()
"""Descriptors of this process that workers must not have."""


@contextmanager
def hide_from_workers(*descriptors: int) -> Iterator[None]:
    """Keep workers that start within the context from having descriptors of this process, for example of an output file."""
    _hidden_descriptors.update(descriptors)
    try:
        yield
    finally:
        _hidden_descriptors.difference_update(descriptors)


class Channel:
    """The consumer's end of the pipe to the parent."""

    def __init__(self, pipe: Connection, shared: mmap.mmap) -> None:
        self._pipe, self._shared = pipe, shared
        self._descriptor = pipe.fileno()
        self._identity = identity_of(self._descriptor)

    def send(self, message: bytes) -> None:
        """Send a message, through shared memory if the consumer closed the pipe."""
        if identity_of(self._descriptor) == self._identity:
            with contextlib.suppress(OSError):
                self._pipe.send_bytes(message)
                return
        self.leave(_Words.MESSAGE, message)

    def receive(self) -> bytes:
        """Return the next message from the parent."""
        return self._pipe.recv_bytes()

    def leave(self, kind: int, words: bytes) -> None:
        """Write words into shared memory, for the parent to read when this process has ended."""
        if len(words) > MAX_LAST_WORDS_BYTES:
            raise ValueError("the message does not fit into the shared memory")
        self._shared[_HEADER.size : _HEADER.size + len(words)] = words
        process_id, ended, code, _, _ = _HEADER.unpack_from(self._shared)
        _HEADER.pack_into(self._shared, 0, process_id, ended, code, kind, len(words))


def identity_of(descriptor: int) -> tuple[int, int] | None:
    """Return the device and the inode of an open descriptor, or None if it is closed."""
    try:
        status = os.fstat(descriptor)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def assert_isolation() -> None:
    """Raise ContractError if this system cannot isolate a consumer."""
    if not hasattr(os, "fork"):
        system = {"win32": "Windows"}.get(sys.platform, sys.platform)
        raise ContractError(
            f"isolation (--isolate, isolate=True) needs fork(), which {system} does not have: leave it out, or give the "
            "consumer as a program with --command, which always runs in a process of its own"
        )


class Worker:
    """A forked process with a pipe to it. Leaving the context kills it and every process that it started."""

    def __init__(self, target: Callable[[Channel], None]) -> None:
        assert_isolation()
        self._shared = mmap.mmap(-1, _HEADER.size + MAX_LAST_WORDS_BYTES)
        self._pipe, child_pipe = multiprocessing.Pipe()
        control, self._control = os.pipe()
        self._dump, dump = os.pipe()
        self._own = (self._pipe.fileno(), self._control, self._dump)
        sys.stdout and sys.stdout.flush()
        with warnings.catch_warnings():
            # Python warns about fork() in a process with threads. The child calls nothing but the consumer.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._supervisor = os.fork()
        if self._supervisor == 0:
            _run(target, child_pipe, self._shared, control, dump, {*_hidden_descriptors, *self._own})
        _hidden_descriptors.update(self._own)
        child_pipe.close()
        os.close(control)
        os.close(dump)
        self._is_supervised = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, message: bytes) -> None:
        """Send a message to the process."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it has ended, and receive() will report it
            self._pipe.send_bytes(message)

    def receive(self, seconds: float) -> bytes | Verdict | None:
        """Return the next message, None if none comes within ``seconds``, or ``Verdict.DIED`` if no more can come."""
        try:
            if self._pipe.poll(seconds):
                return self._pipe.recv_bytes()
            return None if self._is_alive() or self._pipe.poll() else Verdict.DIED
        except (EOFError, OSError):
            return Verdict.DIED

    def wait(self, seconds: float = _ENDING_SECONDS) -> None:
        """Wait until the process has ended, but no longer than ``seconds``."""
        deadline = time.monotonic() + seconds
        while self._is_alive() and time.monotonic() < deadline:
            time.sleep(0.001)

    def last_words(self) -> bytes | None:
        """Return the message that the process left in shared memory, or None.

        Raises:
            ContractError: the process refused to work.

        """
        _, _, _, kind, size = _HEADER.unpack_from(self._shared)
        words = self._shared[_HEADER.size : _HEADER.size + size]
        if kind == _Words.REFUSAL:
            raise ContractError(words.decode())
        return words if kind == _Words.MESSAGE else None

    def exit_description(self) -> str:
        """Return how the process ended, in words."""
        self.wait()
        _, ended, code, _, _ = _HEADER.unpack_from(self._shared)
        if not ended:
            return "it closed the pipe to its parent" if self._is_alive() else "it killed its supervisor"
        return f"killed by {signal_name(-code)}" if code < 0 else f"exited with status {code}"

    def current_place(self) -> str:
        """Return the place in the consumer that is running now: ``parsing.py:12 in read``; empty if it is not known."""
        process_id, _, _, _, _ = _HEADER.unpack_from(self._shared)
        if not process_id:  # it has not started yet, and a signal to 0 would reach this process
            return ""
        dumped = b""
        with contextlib.suppress(OSError):
            os.kill(process_id, _DUMP_SIGNAL)
            seconds = _DUMP_SECONDS
            while select.select([self._dump], [], [], seconds)[0] and (read := os.read(self._dump, 2**16)):
                dumped += read
                seconds = _DUMP_SECONDS / 10
        return _place_in(dumped.decode(errors="replace"))

    def close(self) -> None:
        """End the process, and everything that it started."""
        if self._control < 0:
            return
        with contextlib.suppress(OSError):
            os.write(self._control, b".")
        self.wait(5)
        if self._is_alive():  # the supervisor is stopped
            _kill(self._supervisor)
            self.wait()
        process_id, ended, _, _, _ = _HEADER.unpack_from(self._shared)
        if process_id and not ended:  # the supervisor was killed
            _kill_group(process_id)
            _kill(process_id)
        _hidden_descriptors.difference_update(self._own)
        self._pipe.close()
        os.close(self._control)
        os.close(self._dump)
        self._control = -1
        self._shared.close()

    def _is_alive(self) -> bool:
        if self._is_supervised:
            try:
                self._is_supervised = os.waitpid(self._supervisor, os.WNOHANG)[0] == 0
            except ChildProcessError:  # this process ignores SIGCHLD
                self._is_supervised = False
        return self._is_supervised


def _run(
    target: Callable[[Channel], None],
    pipe: Connection,
    shared: mmap.mmap,
    control: int,
    dump: int,
    hidden: set[int],
) -> NoReturn:
    """Fork the process of the consumer, and supervise it."""
    try:
        with contextlib.suppress(OSError):
            os.setpgid(0, 0)
        handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)}
        for number, handler in zip(handlers, (signal.SIG_IGN, signal.SIG_DFL, signal.SIG_DFL), strict=True):
            signal.signal(number, handler)
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in hidden:  # not closed, so that their numbers are not used for other files
            os.dup2(null, descriptor)
        os.close(null)
        _control_process(_SET_CHILD_SUBREAPER, 1)
        process_id = os.fork()
        if process_id == 0:
            os.close(control)
            handlers[signal.SIGINT] = signal.default_int_handler
            _run_consumer(target, pipe, shared, dump, handlers)
        with contextlib.suppress(OSError):  # the child does the same: the group exists before either goes on
            os.setpgid(process_id, process_id)
        pipe.close()
        os.close(dump)
        _supervise(process_id, control, shared)
    finally:
        os._exit(_FAILED_STATUS)


def _run_consumer(
    target: Callable[[Channel], None],
    pipe: Connection,
    shared: mmap.mmap,
    dump: int,
    handlers: Mapping[signal.Signals, object],
) -> NoReturn:
    channel = Channel(pipe, shared)
    try:
        os.setpgid(0, 0)
        _control_process(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
        _HEADER.pack_into(shared, 0, os.getpid(), False, 0, _Words.NOTHING, 0)
        for number, handler in handlers.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)  # type: ignore[arg-type]
        faulthandler.disable()
        faulthandler.register(_DUMP_SIGNAL, file=dump, all_threads=True, chain=False)
        limit_memory()
        target(channel)
        os._exit(0)
    except ContractError as refusal:
        channel.leave(_Words.REFUSAL, str(refusal).encode())
    finally:  # the exit status reports other exceptions
        os._exit(_FAILED_STATUS)


def _supervise(process_id: int, control: int, shared: mmap.mmap) -> NoReturn:
    """Wait until the consumer ends, or the parent asks for it or ends. Then kill what is left of the consumer."""
    watched = [control]
    seconds = 0.02
    with contextlib.suppress(OSError, AttributeError):  # Linux only
        watched.append(os.pidfd_open(process_id))
        seconds = 10.0
    ended, code = 0, -int(signal.SIGKILL)
    while not ended:
        readable = select.select(watched, [], [], seconds)[0]
        ended, status = os.waitpid(process_id, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            _note_end(shared, process_id, code)  # before the rest is killed: the parent may be waiting for it
        if control in readable:
            break
    _kill_group(process_id)
    if not ended:
        _kill(process_id)
    _kill_children(time.monotonic() + _ENDING_SECONDS)
    _note_end(shared, process_id, code)
    os._exit(0)


def _note_end(shared: mmap.mmap, process_id: int, code: int) -> None:
    _, _, _, kind, size = _HEADER.unpack_from(shared)
    _HEADER.pack_into(shared, 0, process_id, True, code, kind, size)


def _kill(process_id: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(process_id, signal.SIGKILL)


def _kill_group(leader: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def _kill_children(deadline: float) -> None:
    """Kill every child. The children of a child become ours when it ends."""
    while time.monotonic() < deadline:
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:  # there is none
            return
        for child in _children():
            _kill(child)
        time.sleep(0.001)


def _children() -> Iterator[int]:
    parent = os.getpid()
    for process in PROCESSES.glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            # The second field of proc(5) is a name that may contain spaces and parentheses.
            fields = (process / "stat").read_text(errors="replace").rpartition(")")[2].split()
            if int(fields[1]) == parent:
                yield int(process.name)


def _control_process(operation: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(operation, value, 0, 0, 0)


def signal_name(number: int) -> str:
    """Return the name of a signal: ``SIGSEGV``."""
    try:
        return signal.Signals(number).name
    except ValueError:  # a real-time signal without a name
        first = getattr(signal, "SIGRTMIN", number)
        return f"SIGRTMIN+{number - first}" if number > first else f"signal {number}"


_DUMPED_FRAME = re.compile(r'^  File "(.*)", line (\d+) in (.*)$', re.MULTILINE)
_OUR_FOLDER = str(Path(__file__).parents[2])


def _place_in(dump: str) -> str:
    """Return the innermost place outside of contractfuzz in a dump of faulthandler; empty if there is none."""
    before, current, after = dump.partition("Current thread")
    frames = [
        frame for frame in _DUMPED_FRAME.findall(current + after + before) if not frame[0].startswith(_OUR_FOLDER)
    ]
    frames = [frame for frame in frames if is_consumer_file(frame[0])] or frames
    return f"{Path(frames[0][0]).name}:{frames[0][1]} in {frames[0][2]}" if frames else ""
