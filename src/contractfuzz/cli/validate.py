"""The command ``contractfuzz validate``."""

from __future__ import annotations

import gzip
import json
import sys
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn, TextIO, cast

import click

from contractfuzz.cli.options import (
    HONOURED,
    NOT_HONOURED,
    WRONG_CALL,
    components_option,
    contract_option,
    find_contract,
)
from contractfuzz.cli.streams import complain, opened
from contractfuzz.errors import ContractError
from contractfuzz.text import one_line

if TYPE_CHECKING:
    from contractfuzz.contract import Contract
    from contractfuzz.oracle import PayloadError

LINES = (".jsonl", ".jsonl.gz")


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--lines", is_flag=True, help="Each line of a FILE is a payload, as in any that is called *.jsonl.")
@contract_option
@components_option
def validate(files: tuple[str, ...], contract_name: str | None, components: tuple[str, ...], *, lines: bool) -> int:
    """Say of each FILE that holds a payload (- is standard input) whether it keeps the contract, and what is wrong.

    Of a file of lines, `FILE:NUMBER` is said of each line that breaks it. A file that holds no payload is told of on standard
    error, and the others are judged all the same.
    """
    contract = find_contract(contract_name, components)
    code = HONOURED
    with opened(None) as file:
        for name in files:
            try:
                kept = _judge(name, contract, file, lines=lines or name.endswith(LINES))
            except ContractError as error:
                complain(str(error))
                code = WRONG_CALL
            else:
                code = max(code, HONOURED if kept else NOT_HONOURED)
    return code


def _judge(name: str, contract: Contract, file: TextIO, *, lines: bool) -> bool:
    """Write the verdict on what a file holds; return whether it keeps the contract."""
    from contractfuzz.text import printable

    kept = True
    for place, body in _bodies(name, lines=lines):
        errors = _errors(place, body, contract)
        if errors:
            kept = False
            file.write(f"{printable(place)}: invalid\n")
        for error in errors:
            where = printable(error.pointer) or "the payload itself"
            file.write(f"  {where}: {error.keyword}: {printable(one_line(error.message, 200))}\n")
    if kept:
        file.write(f"{printable(name)}: valid\n")
    return kept


def _errors(place: str, body: bytes, contract: Contract) -> list[PayloadError]:
    """Return what is wrong with the payload in ``body``."""
    try:
        return contract.errors(json.loads(body, parse_constant=_refuse_constant))
    except RecursionError:
        raise ContractError(f"{place} is nested too deep to be judged: name a file that holds a payload") from None
    except ValueError as error:
        raise ContractError(f"{place} holds no JSON payload: {one_line(str(error), 200)}") from None


def _bodies(name: str, *, lines: bool) -> Iterator[tuple[str, bytes]]:
    """Yield what a file holds, the whole or each of its lines, with the place."""
    try:
        with _source(name) as source:
            if lines:
                yield from ((f"{name}:{number}", line) for number, line in enumerate(source, 1))
            else:
                yield name, source.read()
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or error
        raise ContractError(f"{name} cannot be read ({why}): name a file that holds a payload") from None


def _source(name: str) -> AbstractContextManager[IO[bytes]]:
    if name == "-":
        if sys.stdin is None:
            raise ContractError("standard input is closed: name a file that holds a payload")
        return nullcontext(sys.stdin.buffer)
    return cast("IO[bytes]", gzip.open(name)) if name.endswith(".gz") else Path(name).open("rb")


def _refuse_constant(word: str) -> NoReturn:
    msg = f"{word} is no JSON value"
    raise ValueError(msg)
