"""Streams of a command: standard output, standard error and output files, with their errors."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TextIO

import click

from contractfuzz import platforms
from contractfuzz.errors import ContractError
from contractfuzz.files import write_errors
from contractfuzz.text import printable


class PipeClosedError(Exception):
    """The reader of standard output closed the pipe."""


def print_error(message: str) -> None:
    """Print a message to standard error, on one line even if it quotes line breaks."""
    click.echo(printable(f"contractfuzz: {message}"), err=True)


@contextmanager
def open_output_stream(output: str | None, *, utf_8: bool = False) -> Iterator[TextIO]:
    """Open the output of a command.

    Opened before the command does any work, so that a wrong path is reported at once.

    Args:
        output: the path of a file; None for standard output.
        utf_8: encode standard output as UTF-8, for output that programs read. Files always are UTF-8.

    Raises:
        ContractError: the output cannot be written.
        PipeClosedError: the reader of standard output closed the pipe.

    """
    if output is None:
        with _open_standard_output() as file:
            if utf_8:
                escape_unencodable(file, encoding="utf-8")
                if isinstance(file, io.TextIOWrapper):  # the bytes are the same on each system
                    file.reconfigure(newline="\n")
            yield file
        return
    with (
        write_errors(output),
        Path(output).open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file,
    ):
        yield file


@contextmanager
def _open_standard_output() -> Iterator[TextIO]:
    if sys.stdout is None:
        raise ContractError("standard output is closed: name a file with --output")
    try:
        yield sys.stdout
        sys.stdout.flush()
    except OSError as error:
        # Redirected to the null device, because Python flushes the buffer again at exit and would report the error once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        # Windows reports a closed pipe as a wrong argument.
        if isinstance(error, BrokenPipeError) or (platforms.IS_WINDOWS and error.errno == errno.EINVAL):
            raise PipeClosedError from None
        raise ContractError(
            f"standard output cannot be written ({error.strerror}): name a file with --output"
        ) from None


def escape_unencodable(stream: TextIO | None, encoding: str | None = None) -> None:
    """Make a stream escape the characters that its encoding does not have.

    Args:
        stream: standard output or standard error; None if it is closed.
        encoding: the new encoding of the stream. Default: the present one.

    """
    if isinstance(stream, io.TextIOWrapper):  # tests replace the streams with other classes
        stream.reconfigure(encoding=encoding, errors="backslashreplace")


@contextmanager
def redirect_consumer_output() -> Iterator[None]:
    """Redirect what a consumer prints to standard error, because standard output is for the report."""
    with redirect_stdout(sys.stderr):
        yield
