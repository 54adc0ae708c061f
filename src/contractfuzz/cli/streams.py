"""Where a command reads and writes, and what can go wrong with that."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TextIO

import click

from contractfuzz.errors import ContractError
from contractfuzz.files import write_errors


class PipeClosedError(Exception):
    """Whoever read our output has gone."""


def complain(message: str) -> None:
    """Say something on standard error, in one line."""
    from contractfuzz.text import printable

    # What was given is quoted, line breaks and all; yet we promise one line.
    click.echo(f"contractfuzz: {printable(message)}", err=True)


@contextmanager
def opened(output: str | None, *, utf_8: bool = False) -> Iterator[TextIO]:
    """Open the file to write to, before any work is done for it; None is standard output, in UTF-8 where programs read it."""
    if output is None:
        with standard_output() as file:
            if utf_8:
                forgive_characters(file, encoding="utf-8")
            yield file
        return
    with write_errors(output), Path(output).open("w", encoding="utf-8", errors="backslashreplace") as file:
        yield file


@contextmanager
def standard_output() -> Iterator[TextIO]:
    """Yield standard output; PipeClosedError if its reader goes, ContractError if it cannot be written otherwise."""
    if sys.stdout is None:
        raise ContractError("standard output is closed: name a file with --output")
    try:
        yield sys.stdout
        sys.stdout.flush()
    except OSError as error:
        # What is still in the buffer goes nowhere, or Python would complain about it on the way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise PipeClosedError from None
        raise ContractError(
            f"standard output cannot be written ({error.strerror}): name a file with --output"
        ) from None


def forgive_characters(stream: TextIO | None, encoding: str | None = None) -> None:
    """Let ``stream`` escape what its encoding does not know."""
    if isinstance(stream, io.TextIOWrapper):  # under test it may be something else
        stream.reconfigure(encoding=encoding, errors="backslashreplace")


@contextmanager
def consumer_prints_elsewhere() -> Iterator[None]:
    """Send what a consumer prints to standard error: standard output is the report's."""
    with redirect_stdout(sys.stderr):
        yield
