"""The command ``contractfuzz validate``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from contractfuzz.commands.options import HONOURED, NOT_HONOURED, components_option, contract_option, find_contract
from contractfuzz.commands.streams import opened
from contractfuzz.errors import ContractError, one_line

if TYPE_CHECKING:
    from contractfuzz.contract import Contract
    from contractfuzz.oracle import PayloadError


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@contract_option
@components_option
def validate(files: tuple[str, ...], contract_name: str | None, components: tuple[str, ...]) -> int:
    """Say of each FILE that holds a payload (- is standard input) whether it keeps the contract, and what is wrong."""
    from contractfuzz.consumers.raised import printable

    contract = find_contract(contract_name, components)
    kept = True
    with opened(None) as file:
        for name in files:
            errors = _judge(name, contract)
            kept = kept and not errors
            file.write(f"{printable(name)}: {'valid' if not errors else 'invalid'}\n")
            for error in errors:
                place = printable(error.pointer) or "the payload itself"
                file.write(f"  {place}: {error.keyword}: {printable(one_line(error.message, 200))}\n")
    return HONOURED if kept else NOT_HONOURED


def _judge(name: str, contract: Contract) -> list[PayloadError]:
    """Return what is wrong with the payload in a file."""
    try:
        return contract.errors(_parse(name))
    except RecursionError:
        raise ContractError(f"{name} is nested too deep to be judged: name a file that holds a payload") from None
    except ValueError as error:
        raise ContractError(f"{name} holds no JSON payload: {one_line(str(error), 200)}") from None
    except OSError as error:
        raise ContractError(f"{name} cannot be read ({error.strerror}): name a file that holds a payload") from None


def _parse(name: str) -> Any:
    if name != "-":
        body = Path(name).read_bytes()
    elif sys.stdin is None:
        raise ContractError("standard input is closed: name a file that holds a payload")
    else:
        body = sys.stdin.buffer.read()
    return json.loads(body, parse_constant=_refuse_constant)


def _refuse_constant(word: str) -> NoReturn:
    msg = f"{word} is no JSON value"
    raise ValueError(msg)
