"""The command ``contractfuzz validate``."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn, TextIO, cast

import click

from contractfuzz.cli.arguments.completion import complete_files
from contractfuzz.cli.arguments.contracts import find_contract, print_unread_patterns
from contractfuzz.cli.arguments.help_sections import SectionedCommand
from contractfuzz.cli.arguments.options import (
    HONOURED,
    NOT_HONOURED,
    WRONG_CALL,
    components_option,
    contract_option,
    dialect_option,
    side_option,
)
from contractfuzz.cli.arguments.streams import open_output_stream, print_error
from contractfuzz.errors import ContractError
from contractfuzz.text import one_line, printable

if TYPE_CHECKING:
    from contractfuzz.contract import Contract
    from contractfuzz.oracle import PayloadError

JSON_LINES_SUFFIXES = (".jsonl", ".jsonl.gz")
STANDARD_INPUT = "-"
MAX_BODY_BYTES = 256 * 2**20
"""Size limit of a body that is read: a device such as /dev/zero never ends."""
MAX_ERROR_MESSAGE_CHARACTERS = 200
"""Length limit of an error message in the output."""


@click.command(cls=SectionedCommand, short_help="Check payloads in files against a contract.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, shell_complete=complete_files)
@click.option(
    "--lines", is_flag=True, help="Read each line of every FILE as a payload, also if its name does not end in .jsonl."
)
@contract_option
@components_option
@side_option
@dialect_option
def validate(
    files: tuple[str, ...],
    contract_name: str | None,
    components: tuple[str, ...],
    side: str | None,
    dialect: str | None,
    *,
    lines: bool,
) -> int:
    """Check payloads against the contract and list the errors of each.

    A FILE contains one JSON payload, or one per line if its name ends in .jsonl or .jsonl.gz. A dash (-) is standard input. The
    output is "FILE: valid", or "FILE: invalid" and one line per error: its JSON Pointer, the keyword and a message. For a file
    with one payload per line, only invalid lines are listed, as "FILE:NUMBER: invalid".

    A FILE that cannot be read or is not JSON is reported on standard error; the others are checked nevertheless.

    Exit codes: 0 all payloads are valid, 1 a payload is invalid, 2 a FILE cannot be read or is not JSON.
    """
    contract = find_contract(contract_name, components, side, dialect)
    print_unread_patterns(contract)
    code = HONOURED
    with open_output_stream(None) as output:
        for file in files:
            try:
                valid = _validate_file(file, contract, output, lines=lines or file.endswith(JSON_LINES_SUFFIXES))
            except ContractError as error:
                print_error(str(error))
                code = WRONG_CALL
            else:
                code = max(code, HONOURED if valid else NOT_HONOURED)
    return code


def _validate_file(file: str, contract: Contract, output: TextIO, *, lines: bool) -> bool:
    """Write the result for a file to ``output``; return True if all its payloads are valid."""
    valid = True
    for place, body in _read_bodies(file, lines=lines):
        errors = _find_errors(place, body, contract)
        if errors:
            valid = False
            output.write(printable(f"{place}: invalid") + "\n")
        for error in errors:
            message = one_line(error.message, MAX_ERROR_MESSAGE_CHARACTERS)
            output.write(printable(f"  {error.pointer or 'the payload itself'}: {error.keyword}: {message}") + "\n")
    if valid:
        output.write(printable(f"{file}: valid") + "\n")
    return valid


def _find_errors(place: str, body: bytes, contract: Contract) -> list[PayloadError]:
    try:
        return contract.errors(json.loads(body, parse_constant=_refuse_constant))
    except RecursionError:
        raise ContractError(f"{place} is nested too deeply to be checked: name a file with a flatter payload") from None
    except ValueError as error:
        raise ContractError(f"{place} is not JSON: {one_line(str(error), MAX_ERROR_MESSAGE_CHARACTERS)}") from None


def _read_bodies(file: str, *, lines: bool) -> Iterator[tuple[str, bytes]]:
    """Yield the bodies in a file: all of it, or each line. Each body comes with its place for messages."""
    try:
        with _open_source(file) as source:
            bodies: Iterator[tuple[str, bytes]]
            if lines:
                read_line = partial(source.readline, MAX_BODY_BYTES + 1)
                bodies = ((f"{file}:{number}", line) for number, line in enumerate(iter(read_line, b""), 1))
            else:
                bodies = iter([(file, source.read(MAX_BODY_BYTES + 1))])
            for place, body in bodies:
                if len(body) > MAX_BODY_BYTES:
                    raise ContractError(
                        f"{place} is larger than {MAX_BODY_BYTES:,} bytes: name a file with smaller payloads"
                    )
                yield place, body
    except (OSError, EOFError, zlib.error) as error:
        problem = getattr(error, "strerror", None) or error
        raise ContractError(f"{file} cannot be read ({problem}): name a file that contains a payload") from None


def _open_source(file: str) -> AbstractContextManager[IO[bytes]]:
    if file == STANDARD_INPUT:
        if sys.stdin is None:
            raise ContractError("standard input is closed: name a file that contains a payload")
        return nullcontext(sys.stdin.buffer)
    return cast("IO[bytes]", gzip.open(file)) if file.endswith(".gz") else Path(file).open("rb")


def _refuse_constant(constant: str) -> NoReturn:
    message = f"{constant} is not a JSON value"
    raise ValueError(message)
