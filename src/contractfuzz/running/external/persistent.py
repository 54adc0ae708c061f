"""Commands that get all cases: requests, answers, and what happens when a program hangs or dies."""

from __future__ import annotations

import json
import subprocess
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from contractfuzz.running.external.failures import (
    NoAnswerError,
    ProgramCrashError,
    ProgramDiedError,
    ProgramRejectedError,
    WrongUseError,
)
from contractfuzz.running.external.processes import (
    ENDING_SECONDS,
    MAX_ERROR_BYTES,
    SAFE_WRITE_BYTES,
    OutputLines,
    WholeOutput,
    describe_exit,
    end,
    is_writable,
    lines_of,
    start,
    write,
)
from contractfuzz.running.external.protocol import ANSWER_VERDICTS, parse_answer, request_line
from contractfuzz.running.external.stack_traces import summarize
from contractfuzz.running.external.targets import Command
from contractfuzz.text import one_line, printable

MAX_SHOWN_LINE_CHARACTERS = 200
"""Length of a wrong line in a message."""

MAX_PROBE_SECONDS = 3.0
"""Time to wait for a program that ends without any input."""

MAX_AHEAD_BYTES = 2**15
"""Size of the requests that are sent before their calls."""


@dataclass(eq=False, slots=True)
class _Request:
    """A request to the program.

    Attributes:
        number: its number.
        body: the body.
        size: the size of its line in bytes.

    """

    number: int
    body: bytes
    size: int = 0


@dataclass(slots=True)
class _Program:
    """A running program, with its outputs.

    Attributes:
        has_answered: True if it has answered a request.

    """

    process: subprocess.Popen[bytes]
    lines: OutputLines
    errors: WholeOutput
    has_answered: bool = False

    @classmethod
    def started(cls, command: Command) -> _Program:
        process = start(command)
        assert process.stdout is not None  # noqa: S101 - for mypy
        assert process.stderr is not None  # noqa: S101
        return cls(process, lines_of(process.stdout), WholeOutput(process.stderr, MAX_ERROR_BYTES, is_end=True))

    def end(self) -> None:
        end(self.process, self.lines, self.errors)


class PersistentProgram:
    """A program that answers requests. It is started for the first one, and again after it hung or died.

    Requests may be sent before their calls, so that the program reads one body while the answer to another one is judged. If it
    then hangs or dies, each request without an answer is sent again, alone, to find the body that is the cause.
    """

    def __init__(self, command: Command, time_limit: float) -> None:
        """Make a program. It starts nothing yet.

        Args:
            command: the command.
            time_limit: seconds for one answer.

        """
        self._command, self._time_limit = command, time_limit
        self._program: _Program | None = None
        self._number = 0
        self._has_answered = False
        self._announced: deque[_Request] = deque()  # without a call, in order
        self._sent: dict[int, _Request] = {}  # without an answer, in order
        self._answers: dict[int, dict[str, Any]] = {}  # without a call
        self._suspects: list[_Request] = []  # to be sent again, alone
        self._death: ProgramDiedError | None = None  # which the suspects must explain

    def announce(self, body: bytes) -> None:
        """Send a request before its call, if the program is running and the request is small.

        Args:
            body: the body. The calls must come in the order of the announcements.

        """
        if self._program is None or self._suspects or len(body) > SAFE_WRITE_BYTES:
            return
        request = self._new_request(body)
        line = request_line(request.number, body)
        request.size = len(line)
        ahead = sum(one.size for one in self._sent.values())
        if len(line) <= SAFE_WRITE_BYTES and ahead <= MAX_AHEAD_BYTES and is_writable(self._program.process):
            self._announced.append(request)
            self._send(self._program, request, line)

    def forget(self) -> None:
        """Forget the announced requests that get no call any more."""
        self._announced.clear()
        self._answers.clear()
        self._suspects.clear()
        self._death = None

    def call(self, body: bytes) -> Any:
        """Send a request, unless it was announced, and return the result of the answer.

        Args:
            body: the body.

        Raises:
            ProgramRejectedError, ProgramCrashError: the answer has this verdict.
            ProgramDiedError: the program ended instead, on this body or on an earlier one.
            NoAnswerError: no answer came within the time limit.
            WrongUseError: the program cannot be started, or does not follow the protocol.

        """
        answer = self._answer_to(self._request_of(body))
        verdict = answer["verdict"]
        if verdict == "accepted":
            return answer.get("result")
        words = answer.get("error")
        text = words if isinstance(words, str) else "" if words is None else json.dumps(words)
        if not text and verdict == "crashed" and self._program is not None:
            text = self._program.errors.text()
        summary = partial(summarize, "", text, self._command.folder)
        raise ProgramRejectedError(summary) if verdict == "rejected" else ProgramCrashError(summary)

    def _new_request(self, body: bytes) -> _Request:
        self._number += 1
        return _Request(self._number, body)

    def _request_of(self, body: bytes) -> _Request:
        """Return the announced request with a body, or a new one. Announced ones before it get no call any more."""
        if any(request.body is body for request in self._announced):
            while (request := self._announced.popleft()).body is not body:
                pass
            return request
        return self._new_request(body)

    def _send(self, program: _Program, request: _Request, line: bytes) -> None:
        self._sent[request.number] = request
        write(program.process, line, is_last=False)

    def _answer_to(self, request: _Request) -> dict[str, Any]:
        """Return the answer to a request, which is sent if it is not."""
        while request.number not in self._answers:
            program = self._program = self._program or _Program.started(self._command)
            if request.number not in self._sent:
                self._send(program, request, request_line(request.number, request.body))
            try:
                line = program.lines.next(self._time_limit)
            except TimeoutError:
                self._give_up(request)
                continue
            if line is None:
                self._bury(program, request)
                continue
            answer = parse_answer(line, self._sent)
            if answer is None:
                self._refuse(line)
            else:
                del self._sent[answer["id"]]
                self._answers[answer["id"]] = answer
                self._has_answered = program.has_answered = True
        self._absolve(request)
        return self._answers.pop(request.number)

    def _give_up(self, request: _Request) -> None:
        """End a program that does not answer. Raise NoAnswerError if the request is the cause."""
        is_alone = len(self._sent) == 1
        self._suspects = [*self._sent.values()]
        self._kill()
        if is_alone:
            self._convict(request)
            words = "" if self._has_answered else ", nor to any other body: does the program flush its standard output?"
            raise NoAnswerError(f"no answer within {self._time_limit:g} s{words}")

    def _bury(self, program: _Program, request: _Request) -> None:
        """Note that the program ended. Raise ProgramDiedError if the request is the cause."""
        is_certain = len(self._sent) == 1 and not program.has_answered
        suspects = [*self._sent.values()]
        self._kill()
        summary = partial(
            summarize, describe_exit(program.process.returncode), program.errors.text(), self._command.folder
        )
        death = ProgramDiedError(summary)
        if not is_certain:
            # Only a new process shows which body is the cause, and whether it is one of them.
            self._suspects, self._death = suspects, death
            return
        if not self._has_answered and self._ends_without_input():
            raise WrongUseError(f"{self._command.name!r} ends without reading a request ({death}): correct it")
        self._convict(request)
        raise death

    def _convict(self, request: _Request) -> None:
        """Note that a request explains what happened."""
        self._absolve(request, is_guilty=True)

    def _absolve(self, request: _Request, *, is_guilty: bool = False) -> None:
        """Note that a suspect has an answer, or is the cause. Raise ProgramDiedError if no suspect explains the death."""
        if is_guilty:
            self._death = None
        if request not in self._suspects:
            return
        self._suspects.remove(request)
        if not self._suspects and self._death is not None:
            death, self._death = self._death, None
            self._answers.pop(request.number, None)
            raise _blame_earlier(death)

    def close(self) -> None:
        """End the program: it gets the end of its input first."""
        program = self._program
        if program is None:
            return
        if program.process.stdin is not None:
            with suppress(OSError):
                program.process.stdin.close()
        program.lines.wait(ENDING_SECONDS)
        self._kill()
        self.forget()

    def _refuse(self, line: bytes) -> None:
        number = next(iter(self._sent), self._number + 1)
        self._kill()
        shown = printable(
            one_line(line[: 4 * MAX_SHOWN_LINE_CHARACTERS].decode(errors="replace"), MAX_SHOWN_LINE_CHARACTERS)
        )
        expected = f'{{"id":{number},"verdict":"accepted"}}'
        raise WrongUseError(
            f"{self._command.name!r} wrote {shown!r} to standard output, where the protocol expects {expected} or another of the "
            f"verdicts {', '.join(ANSWER_VERDICTS)}: answer each line with one line, and print everything else to standard error"
        )

    def _ends_without_input(self) -> bool:
        """Return True if the program also ends if it gets no request, so that no body is the cause."""
        program = _Program.started(self._command)
        deadline = time.monotonic() + min(MAX_PROBE_SECONDS, self._time_limit)
        try:
            while (line := program.lines.next(deadline - time.monotonic())) is not None:
                del line
        except TimeoutError:
            return False
        finally:
            program.end()
        return True

    def _kill(self) -> None:
        if self._program is not None:
            program, self._program = self._program, None
            program.end()
            self._sent.clear()


def _blame_earlier(death: ProgramDiedError) -> ProgramDiedError:
    """Return the error for a program that dies, and not again in a new process."""
    summary = death.summary
    words = ", but not in a new process: an earlier case may be the cause"
    return ProgramDiedError(lambda: replace(summary, name=summary.name + words, line=summary.line + words))
