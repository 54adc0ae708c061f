"""Commands that get a process for each case: the body on standard input, the verdict as the exit code."""

from __future__ import annotations

import json
import subprocess
import time
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

REJECTION_STATUS = 1


def run_once(command: Command, body: bytes, time_limit: float) -> Any:
    """Start a command with a body on standard input, and wait until it ends.

    Args:
        command: the command.
        body: the body.
        time_limit: seconds that the command may take.

    Returns:
        The JSON value on standard output, or None if that is not one JSON value.

    Raises:
        ProgramRejectedError: the exit code is 1.
        ProgramCrashError: the exit code is neither 0 nor 1.
        ProgramDiedError: a signal killed the command.
        NoAnswerError: it did not end within the time limit.
        WrongUseError: it cannot be started.

    """
    deadline = time.monotonic() + time_limit
    process = start(command)
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
        raise NoAnswerError(f"no answer within {time_limit:g} s") from None
    finally:
        end(process, output, errors)
    if code == 0:
        return _result(output)
    summary = partial(summarize, describe_exit(code), errors.text(), command.folder)
    if code == REJECTION_STATUS:
        raise ProgramRejectedError(summary)
    raise ProgramDiedError(summary) if is_death(code) else ProgramCrashError(summary)


def _result(output: WholeOutput) -> Any:
    try:
        return json.loads(output.content) if output.is_whole else None
    except (ValueError, RecursionError):
        return None
