"""Commands that get a process for each case: the body on standard input, the verdict as the exit code."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections import Counter
from functools import partial
from typing import Any

from contractfuzz.running.external.failures import (
    NoAnswerError,
    ProgramCrashError,
    ProgramDiedError,
    ProgramRejectedError,
)
from contractfuzz.running.external.processes import (
    MAX_ERROR_BYTES,
    MAX_OUTPUT_BYTES,
    WholeOutput,
    describe_exit,
    end,
    is_death,
    start,
    write,
)
from contractfuzz.running.external.stack_traces import summarize
from contractfuzz.running.external.targets import Command
from contractfuzz.text import pluralize

REJECTION_STATUS = 1

MAX_NOTED_CAUSES = 3

_UNCAUGHT = re.compile(
    r"^(?:Traceback \(most recent call last\):|Node\.js v\d|Exception in thread \"|\S+\.rb:\d+:in .*\(\w+\)$)",
    re.MULTILINE,
)
"""Lines that runtimes print which exit with 1 after an exception that nothing catches: Python, Node, Java, Ruby."""


class SingleUseProgram:
    """A program that is started for each body."""

    def __init__(self, command: Command, time_limit: float) -> None:
        """Make a program. It starts nothing yet.

        Args:
            command: the command.
            time_limit: seconds that it may take for one body.

        """
        self._command, self._time_limit = command, time_limit
        self._uncaught: Counter[str] = Counter()

    def call(self, body: bytes) -> Any:
        """Start the program with a body on standard input, and wait until it ends.

        Args:
            body: the body.

        Returns:
            The JSON value on standard output, or None if that is not one JSON value.

        Raises:
            ProgramRejectedError: the exit code is 1.
            ProgramCrashError: the exit code is neither 0 nor 1.
            ProgramDiedError: a signal killed the program.
            NoAnswerError: it did not end within the time limit.
            WrongUseError: it cannot be started.

        """
        code, output, errors = self._run(body)
        if code == 0:
            return _result(output)
        summary = partial(summarize, describe_exit(code), errors, self._command.folder)
        if code != REJECTION_STATUS:
            raise ProgramDiedError(summary) if is_death(code) else ProgramCrashError(summary)
        if _UNCAUGHT.search(errors):
            found = summarize("", errors, self._command.folder)
            self._uncaught[f"{found.name} at {found.place}" if found.place else found.name] += 1
        raise ProgramRejectedError(summary)

    def notes(self) -> list[str]:
        """Return a remark on rejections that may be crashes: some runtimes exit with 1 after every uncaught exception."""
        if not self._uncaught:
            return []
        causes = [f"{cause} ({count:,})" for cause, count in self._uncaught.most_common(MAX_NOTED_CAUSES)]
        more = len(self._uncaught) - len(causes)
        total = pluralize(self._uncaught.total(), "rejection")
        named = f"{', '.join(causes)}{f' and {more:,} more' if more else ''}"
        note = f"{total} of {self._command.name!r} are uncaught exceptions that ended it with exit code 1: {named}"
        return [f"{note}; if one is a bug, let it exit with another code"]

    def _run(self, body: bytes) -> tuple[int, WholeOutput, str]:
        """Return the exit code of the program, its output, and what it wrote to standard error."""
        deadline = time.monotonic() + self._time_limit
        process = start(self._command)
        assert process.stdout is not None  # noqa: S101 - for mypy
        assert process.stderr is not None  # noqa: S101
        output = WholeOutput(process.stdout, MAX_OUTPUT_BYTES, is_end=False)
        errors = WholeOutput(process.stderr, MAX_ERROR_BYTES, is_end=True)
        try:
            write(process, body, is_last=True)
            # The end of the output is exact to the microsecond; waiting for a process polls it.
            output.wait(deadline - time.monotonic())
            code = process.wait(max(deadline - time.monotonic(), 0.001))
        except subprocess.TimeoutExpired:
            raise NoAnswerError(f"no answer within {self._time_limit:g} s") from None
        finally:
            end(process, output, errors)
        return code, output, errors.text()


def _result(output: WholeOutput) -> Any:
    try:
        return json.loads(output.content) if output.is_whole else None
    except (ValueError, RecursionError):
        return None
