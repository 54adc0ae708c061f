"""Commands that get all cases: one JSON object on each line of standard input and of standard output."""

from __future__ import annotations

import json
import re
import subprocess
import time
from base64 import b64encode
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
    OutputLines,
    WholeOutput,
    describe_exit,
    end,
    lines_of,
    start,
    write,
)
from contractfuzz.running.external.stack_traces import summarize
from contractfuzz.running.external.targets import Command
from contractfuzz.text import one_line, printable

MAX_SHOWN_LINE_CHARACTERS = 200
"""Length of a wrong line in a message."""

MAX_PROBE_SECONDS = 3.0
"""Time to wait for a program that ends without any input."""

ANSWER_VERDICTS = ("accepted", "rejected", "crashed")

_DEEP_ANSWER = re.compile(rb'\s*\{\s*"id"\s*:\s*(\d+)\s*,\s*"verdict"\s*:\s*"(\w+)"')


def request_line(number: int, body: bytes) -> bytes:
    """Return the request with a body: ``{"id":1,"body":"..."}``, or with ``base64`` for a body that is not UTF-8.

    Args:
        number: the number of the request.
        body: the body.

    """
    try:
        key, text = "body", body.decode()
    except UnicodeDecodeError:
        key, text = "base64", b64encode(body).decode()
    # In ASCII, so that the encoding of the program's standard input does not matter.
    return json.dumps({"id": number, key: text}, separators=(",", ":")).encode() + b"\n"


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
    """A program that answers requests. It is started for the first one, and again after it hung or died."""

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

    def call(self, body: bytes) -> Any:
        """Send a request, and return the result of the answer.

        Args:
            body: the body.

        Raises:
            ProgramRejectedError, ProgramCrashError: the answer has this verdict.
            ProgramDiedError: the program ended instead, on this body or on an earlier one.
            NoAnswerError: no answer came within the time limit.
            WrongUseError: the program cannot be started, or does not follow the protocol.

        """
        program = self._program = self._program or _Program.started(self._command)
        answer = self._exchange(program, body)
        if isinstance(answer, ProgramDiedError) and program.has_answered:
            # Only a new process shows that this body is the cause.
            self._program = _Program.started(self._command)
            again = self._exchange(self._program, body)
            answer = again if isinstance(again, ProgramDiedError) else _blame_earlier(answer)
        if isinstance(answer, ProgramDiedError):
            raise answer
        verdict = answer["verdict"]
        if verdict == "accepted":
            return answer.get("result")
        words = answer.get("error")
        text = words if isinstance(words, str) else "" if words is None else json.dumps(words)
        summary = partial(
            summarize, "", text or (program.errors.text() if verdict == "crashed" else ""), self._command.folder
        )
        raise ProgramRejectedError(summary) if verdict == "rejected" else ProgramCrashError(summary)

    def _exchange(self, program: _Program, body: bytes) -> dict[str, Any] | ProgramDiedError:
        """Send a request, and return the answer, or the error if the program ends instead."""
        self._number += 1
        if (line := program.lines.waiting()) is not None:
            self._refuse(line, "nothing before the next request")
        write(program.process, request_line(self._number, body), is_last=False)
        try:
            line = program.lines.next(self._time_limit)
        except TimeoutError:
            self._kill()
            raise NoAnswerError(f"no answer within {self._time_limit:g} s") from None
        if line is None:
            return self._death(program)
        answer = self._parse(line)
        self._has_answered = program.has_answered = True
        return answer

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

    def _parse(self, line: bytes) -> dict[str, Any]:
        """Return the answer that a line is."""
        try:
            answer = json.loads(line, parse_int=_integer)
        except RecursionError:
            found = _DEEP_ANSWER.match(line)
            answer = {"id": int(found[1]), "verdict": found[2].decode()} if found else None
        except ValueError:
            answer = None
        is_answer = isinstance(answer, dict) and type(answer.get("id")) is int and answer["id"] == self._number
        if not is_answer or answer.get("verdict") not in ANSWER_VERDICTS:
            self._refuse(
                line, f'{{"id":{self._number},"verdict":"accepted"}} or another verdict of {", ".join(ANSWER_VERDICTS)}'
            )
        parsed: dict[str, Any] = answer
        return parsed

    def _refuse(self, line: bytes, expected: str) -> None:
        self._kill()
        shown = printable(
            one_line(line[: 4 * MAX_SHOWN_LINE_CHARACTERS].decode(errors="replace"), MAX_SHOWN_LINE_CHARACTERS)
        )
        raise WrongUseError(
            f"{self._command.name!r} wrote {shown!r} to standard output, where the protocol expects {expected}: answer each "
            "line with one line, and print everything else to standard error"
        )

    def _death(self, program: _Program) -> ProgramDiedError:
        self._kill()
        summary = partial(
            summarize, describe_exit(program.process.returncode), program.errors.text(), self._command.folder
        )
        if not self._has_answered and self._ends_without_input():
            raise WrongUseError(f"{self._command.name!r} ends without reading a request ({summary().line}): correct it")
        return ProgramDiedError(summary)

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


def _blame_earlier(death: ProgramDiedError) -> ProgramDiedError:
    """Return the error for a program that dies, and not again in a new process."""
    summary = death.summary
    words = ", but not in a new process: an earlier case may be the cause"
    return ProgramDiedError(lambda: replace(summary, name=summary.name + words, line=summary.line + words))


def _integer(text: str) -> Any:
    """Return an integer, or the text of one with more digits than Python converts."""
    try:
        return int(text)
    except ValueError:
        return text
