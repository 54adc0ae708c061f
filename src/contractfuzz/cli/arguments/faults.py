"""Arguments of commands that make invalid cases: the payload to break, and the number of faults."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contractfuzz.cli.arguments.completion import complete_files
from contractfuzz.cli.arguments.streams import print_error
from contractfuzz.errors import ContractError
from contractfuzz.files import read_whole
from contractfuzz.text import one_line

if TYPE_CHECKING:
    from contractfuzz.contract import Contract

MAX_BASE_ERROR_CHARACTERS = 200
"""Length of the reason in a message; a longer one is cut."""

base_option = click.option(
    "--base",
    "base_file",
    metavar="FILE",
    shell_complete=complete_files,
    help="A valid payload of your own, as JSON: every violation is applied to it, so that its ids and references stay.",
)
changes_base_option = click.option(
    "--base",
    "base_file",
    metavar="FILE",
    shell_complete=complete_files,
    help="A valid payload of your own, as JSON: every change is made to it, so that its ids and references stay.",
)
faults_option = click.option(
    "--faults",
    type=click.IntRange(1, 2),
    metavar="1|2",
    default=1,
    show_default=True,
    help="Number of faults in each invalid case, at different places.",
)


def with_faults(contract: Contract, base_file: str | None, faults: int) -> Contract:
    """Return a contract whose invalid cases are those of ``--base`` and ``--faults``.

    Args:
        contract: the contract.
        base_file: the file of the payload that violations are applied to; None for none.
        faults: the number of faults in each case.

    Raises:
        ContractError: the base cannot be read or is not valid.

    """
    if base_file is None:
        return contract.with_faults(faults=faults)
    try:
        base = json.loads(read_whole(Path(base_file)))
    except OSError as error:
        raise ContractError(f"{base_file} cannot be read ({error.strerror}): name a file with a payload") from None
    except (ValueError, RecursionError) as error:
        problem = one_line(str(error), MAX_BASE_ERROR_CHARACTERS)
        raise ContractError(f"{base_file} is not a JSON payload: {problem}; name a file with one") from None
    return contract.with_faults(base=base, faults=faults)


def print_fault_notes(contract: Contract) -> None:
    """Print a note to standard error on the violations that ``--base`` and ``--faults`` leave out."""
    for note in contract.fault_notes:
        print_error(note)
