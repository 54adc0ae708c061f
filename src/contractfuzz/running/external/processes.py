"""Processes of other programs: starting, reading and ending them."""

from __future__ import annotations

import os
import queue
import select
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, Protocol

from contractfuzz import platforms
from contractfuzz.running.external.failures import WrongUseError
from contractfuzz.running.external.targets import Command
from contractfuzz.running.isolation.workers import signal_name

MAX_OUTPUT_BYTES = 2**24
"""Size of the output of one case that is kept."""

MAX_ERROR_BYTES = 2**16
"""Size of the end of standard error that is kept."""

MAX_WAITING_LINES = 100
"""Lines that are read ahead: a program that prints without end must not fill the memory."""

SAFE_WRITE_BYTES = 4096
"""Size of a write that does not block if the pipe is writable (poll(2), PIPE_BUF)."""

ENDING_SECONDS = 1.0
"""Time that a program has to end, and its last output to arrive."""

_PIPE_BYTES = 2**20
_CHUNK_BYTES = 2**18


_FIRST_WINDOWS_DEATH = 0xC0000000
"""First status of severity "error" ([MS-ERREF], section 2.3)."""

_WINDOWS_DEATHS = {
    0xC0000005: "access violation",
    0xC00000FD: "stack overflow",
    0xC0000135: "a DLL is missing",
    0xC000013A: "Ctrl-C",
    0xC0000374: "heap corruption",
    0xC0000409: "fast failure",
}


def start(command: Command) -> subprocess.Popen[bytes]:
    """Start a program with pipes, in a process group of its own.

    Raises:
        WrongUseError: it cannot be started.

    """
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own command, without a shell
            _words(command),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=command.folder,
            bufsize=0,
            start_new_session=True,  # on POSIX systems
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),  # on Windows
        )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise WrongUseError(f"{command.name!r} cannot be started ({reason}): correct the command") from None
    for stream in (process.stdin, process.stdout):
        _enlarge(stream)
    return process


def _enlarge(stream: IO[bytes] | None) -> None:
    """Enlarge a pipe, so that a large body needs few switches between the processes. Only Linux can."""
    if sys.platform == "linux" and stream is not None:
        # Imported here, because Windows does not have it.
        import fcntl

        with suppress(OSError):  # the limit of a user
            fcntl.fcntl(stream.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _words(command: Command) -> Sequence[str]:
    """Return the words to start a command with. Windows looks for a program in our folder, and for an ``.exe`` only."""
    file = command.program_file if platforms.IS_WINDOWS else None
    return command.words if file is None else (file, *command.words[1:])


def end(process: subprocess.Popen[bytes], *readers: OutputReader | OutputLines) -> None:
    """End a program and what it started, and close its pipes."""
    if platforms.IS_WINDOWS:
        # The tree is known as long as the program runs. What a program leaves when it ends goes on.
        if process.poll() is None:
            with suppress(OSError):  # small installations do not have the command
                words = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
                subprocess.run(words, check=False, capture_output=True)  # noqa: S603
            process.kill()
    else:
        # The group exists as long as it has a process, even if the program itself has ended.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for reader in readers:
        reader.end()
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()


def write(process: subprocess.Popen[bytes], content: bytes, *, is_last: bool) -> None:
    """Write to standard input of a program, without waiting for a program that does not read.

    Args:
        process: the program.
        content: the bytes.
        is_last: True to close standard input then.

    """
    assert process.stdin is not None  # noqa: S101 - for mypy
    # A copy, which only the writer closes: its number cannot become that of a pipe to another program meanwhile.
    can_write = is_writable(process)
    descriptor = os.dup(process.stdin.fileno())
    if is_last:
        process.stdin.close()
    if len(content) <= SAFE_WRITE_BYTES and can_write:
        _write(descriptor, content)
    else:
        threading.Thread(target=_write, args=(descriptor, content), daemon=True).start()


def is_writable(process: subprocess.Popen[bytes]) -> bool:
    """Return True if a small write to standard input of a program does not block. False if the system does not know it."""
    if not hasattr(select, "poll") or process.stdin is None:
        return False
    poll = select.poll()
    poll.register(process.stdin.fileno(), select.POLLOUT)
    return bool(poll.poll(0))


def _write(descriptor: int, content: bytes) -> None:
    # A program may answer without having read all, or end.
    with suppress(OSError):
        while content:
            content = content[os.write(descriptor, content) :]
    os.close(descriptor)


def is_death(code: int) -> bool:
    """Return True if a program did not exit by itself: a signal killed it, or an exception of Windows (NTSTATUS)."""
    return code < 0 or code >= _FIRST_WINDOWS_DEATH


def describe_exit(code: int) -> str:
    """Return how a program ended, in words: ``exit status 2`` or ``killed by SIGSEGV``."""
    if code < 0:
        return f"killed by {signal_name(-code)}"
    if is_death(code):
        name = _WINDOWS_DEATHS.get(code)
        return f"exit status 0x{code:08X}" + (f" ({name})" if name else "")
    # A shell reports the signal of its child so.
    known = code > 128 and code - 128 in {*map(int, signal.Signals)}
    return f"exit status {code} ({signal_name(code - 128)})" if known else f"exit status {code}"


class OutputReader:
    """A thread that reads an output of a program, so that the program never waits for it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._is_ending = False
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait until the output has ended, and return True if it has."""
        self._thread.join(max(seconds, 0))
        return not self._thread.is_alive()

    def end(self) -> None:
        """Wait for the last output of a program that has ended, and close the pipe."""
        self._is_ending = True
        if self.wait(ENDING_SECONDS):  # a process that left the group may keep it open
            self._stream.close()

    def _run(self) -> None:
        with suppress(OSError, ValueError):
            self._read()

    def _read(self) -> None:
        raise NotImplementedError


class WholeOutput(OutputReader):
    """The beginning of an output, or its end.

    Attributes:
        content: the bytes that are kept.
        is_whole: False if there were more.

    """

    def __init__(self, stream: IO[bytes], limit: int, *, is_end: bool) -> None:
        self.content, self.is_whole = bytearray(), True
        self._limit, self._is_end = limit, is_end
        super().__init__(stream)

    def text(self) -> str:
        """Return the content as text."""
        return bytes(self.content).decode(errors="replace")

    def _read(self) -> None:
        while chunk := os.read(self._stream.fileno(), _CHUNK_BYTES):
            kept, limit = self.content, self._limit
            self.is_whole &= len(kept) + len(chunk) <= limit
            if self._is_end:
                kept += chunk
                del kept[:-limit]
            else:
                kept += chunk[: max(limit - len(kept), 0)]


class OutputLines(Protocol):
    """The lines of an output."""

    def next(self, seconds: float) -> bytes | None:
        """Return the next line, or None at the end of the output.

        Raises:
            TimeoutError: no line comes within the time.

        """

    def waiting(self) -> bytes | None:
        """Return a line that came with the last one already, or None."""

    def wait(self, seconds: float) -> bool:
        """Wait until the output has ended, and return True if it has."""

    def end(self) -> None:
        """Close the pipe of a program that has ended."""


def lines_of(stream: IO[bytes]) -> OutputLines:
    """Return the lines of an output. A thread reads them where the system cannot wait for a pipe."""
    return PolledLines(stream) if hasattr(select, "poll") else ThreadedLines(stream)


class LineSplitter:
    """Splits chunks of output into lines. It cuts lines of more than ``MAX_OUTPUT_BYTES``."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, chunk: bytes) -> list[bytes]:
        """Return the lines that end in a chunk. An empty chunk ends the last line."""
        self._rest += chunk
        lines: list[bytearray] = []
        if b"\n" in chunk:
            *lines, self._rest = self._rest.split(b"\n")
        if self._rest and (not chunk or len(self._rest) > MAX_OUTPUT_BYTES):
            lines.append(self._rest)
            self._rest = bytearray()
        return [bytes(line) for line in lines]


class PolledLines:
    """Lines that this thread reads: each takes half as long as from another thread."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._descriptor = stream, stream.fileno()
        self._poll = select.poll()
        self._poll.register(self._descriptor, select.POLLIN)
        self._splitter = LineSplitter()
        self._lines: deque[bytes] = deque()
        self._has_ended = False

    def next(self, seconds: float) -> bytes | None:
        """Return the next line; see ``OutputLines``."""
        if self._lines:
            return self._lines.popleft()
        deadline = time.monotonic() + seconds
        while not self._has_ended:
            if not self._poll.poll(max(seconds, 0) * 1000):
                raise TimeoutError
            self._read()
            if self._lines:
                return self._lines.popleft()
            seconds = deadline - time.monotonic()
        return None

    def waiting(self) -> bytes | None:
        """Return a line that came with the last one; see ``OutputLines``."""
        return self._lines.popleft() if self._lines else None

    def wait(self, seconds: float) -> bool:
        """Wait for the end of the output; see ``OutputLines``."""
        deadline = time.monotonic() + seconds
        with suppress(TimeoutError):
            while time.monotonic() < deadline and self.next(deadline - time.monotonic()) is not None:
                self._lines.clear()
        return self._has_ended

    def end(self) -> None:
        """Close the pipe."""
        self._stream.close()

    def _read(self) -> None:
        chunk = os.read(self._descriptor, _CHUNK_BYTES)
        self._lines += self._splitter.feed(chunk)
        self._has_ended = not chunk


class ThreadedLines(OutputReader):
    """Lines that a thread puts into a queue, which ends with None."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        super().__init__(stream)

    def next(self, seconds: float) -> bytes | None:
        """Return the next line; see ``OutputLines``."""
        try:
            return self._lines.get(timeout=max(seconds, 0))
        except queue.Empty:
            raise TimeoutError from None

    def waiting(self) -> bytes | None:
        """Return a line that has come already; see ``OutputLines``."""
        try:
            line = self._lines.get_nowait()
        except queue.Empty:
            return None
        if line is None:  # the end stays, for the next call of next()
            self._lines.put(None)
        return line

    def _run(self) -> None:
        super()._run()
        self._lines.put(None)

    def _read(self) -> None:
        splitter = LineSplitter()
        while chunk := os.read(self._stream.fileno(), _CHUNK_BYTES):
            for line in splitter.feed(chunk):
                self._lines.put(line)
            while self._lines.qsize() > MAX_WAITING_LINES and not self._is_ending:
                time.sleep(0.01)
        for line in splitter.feed(b""):
            self._lines.put(line)
