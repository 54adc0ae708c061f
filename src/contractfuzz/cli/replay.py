"""The command ``contractfuzz replay``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from contractfuzz.cli.options import (
    HONOURED,
    NOT_HONOURED,
    components_option,
    contract_option,
    find_contract,
    isolate_option,
    load_consumer,
    raises_option,
    tolerate_option,
)
from contractfuzz.cli.streams import open_output_stream, redirect_consumer_output
from contractfuzz.errors import ContractError

if TYPE_CHECKING:
    from contractfuzz.testing.kept_cases import ReplayResult


@click.command()
@click.argument("arguments", metavar="[DIR] PACKAGE.MODULE:CALLABLE", nargs=-1, required=True)
@contract_option
@components_option
@click.option("--feed", metavar="object|text|bytes", help="What the callable takes. Default: as it is annotated.")
@raises_option
@tolerate_option
@isolate_option
def replay(
    arguments: tuple[str, ...],
    contract_name: str | None,
    components: tuple[str, ...],
    feed: str | None,
    raises: tuple[str, ...],
    tolerate: tuple[str, ...],
    isolate: bool,
) -> int:
    """Feed the cases that were kept in DIR (tests/contract_regressions) to CALLABLE, and say which are fixed.

    One whose label the contract no longer has is said to be outdated; nothing is deleted.
    """
    from contractfuzz.running.run import Run
    from contractfuzz.testing.kept_cases import load_kept_cases, replay_kept_cases

    folder, target = _arguments(arguments)
    contract = find_contract(contract_name, components)
    kept = load_kept_cases(folder, contract.name)
    if not kept:
        raise ContractError(f"{folder} holds no kept case of {contract.name}: name the folder, or check first")
    consumer, errors = load_consumer(target, raises)
    with redirect_consumer_output():
        run = Run(consumer, contract, feed=feed, raises=errors, tolerate=tolerate, isolate=isolate)
        try:
            replayed = list(replay_kept_cases(run, kept))
        finally:
            run.close()
    with open_output_stream(None) as file:
        _write(replayed, file)
    return NOT_HONOURED if any(one.status == "fails" for one in replayed) else HONOURED


def _arguments(arguments: tuple[str, ...]) -> tuple[Path, str]:
    from contractfuzz.testing.session import KEPT_CASES_FOLDER

    if len(arguments) > 2:
        raise ContractError("replay takes a folder and a target at most, as in: replay tests/regressions service:read")
    folder = Path(arguments[0] if len(arguments) == 2 else KEPT_CASES_FOLDER)
    if not folder.is_dir():
        raise ContractError(f"{folder} is no folder: name the one in which cases were kept")
    return folder, arguments[-1]


def _write(replayed: list[ReplayResult], file: TextIO) -> None:
    from contractfuzz.running.messages import explain
    from contractfuzz.text import printable

    for one in replayed:
        reason = f": {one.reason}" if one.reason else ""
        file.write(printable(f"{one.status}  {one.kept_case.path}{reason}") + "\n")
    for one in replayed:
        if one.finding is not None:
            file.write(f"\n{explain(one.finding)}\n")
