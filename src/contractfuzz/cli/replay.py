"""The command ``contractfuzz replay``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from contractfuzz.cli.options import HONOURED, NOT_HONOURED, RunArguments, project_configuration, run_options
from contractfuzz.cli.streams import open_output_stream, redirect_consumer_output
from contractfuzz.configuration.reading import short_path
from contractfuzz.errors import ContractError

if TYPE_CHECKING:
    from contractfuzz.contract import Contract
    from contractfuzz.testing.kept_cases import KeptCase, ReplayResult


@click.command()
@click.argument("arguments", metavar="[DIR] PACKAGE.MODULE:CALLABLE", nargs=-1, required=True)
@run_options()
def replay(arguments: tuple[str, ...], run_arguments: RunArguments) -> int:
    """Feed the kept cases in DIR to CALLABLE again, and list which are fixed.

    DIR is the folder in which the pytest plugin keeps failing cases. Default: that of the configuration, or
    tests/contract_regressions.

    A case is flaky if the same call shows it at times, and outdated if the contract no longer has its label. Nothing is deleted.
    """
    # Imported here, so that --help loads neither Hypothesis nor jsonschema.
    from contractfuzz.testing.kept_cases import load_kept_cases, replay_kept_cases

    folder, target = _folder_and_target(arguments)
    contract = run_arguments.find_contract()
    kept = load_kept_cases(folder, contract.name) or _kept_by_another_name(folder, contract)
    with redirect_consumer_output():
        run = run_arguments.make_run(target, contract=contract)
        try:
            replayed = list(replay_kept_cases(run, kept))
            run.assert_reached()
        finally:
            run.close()
    with open_output_stream(None) as file:
        _write(replayed, file)
    return NOT_HONOURED if any(one.status in ("fails", "flaky") for one in replayed) else HONOURED


def _kept_by_another_name(folder: Path, contract: Contract) -> list[KeptCase]:
    """Return the kept cases of a document that has another name in the configuration.

    Raises:
        ContractError: the folder has no kept cases, or those of several contracts.

    """
    from contractfuzz.testing.kept_cases import load_kept_cases

    kept = [] if contract.loaded_from is None else load_kept_cases(folder)
    names = sorted({kept_case.contract for kept_case in kept})
    if len(names) == 1:
        return kept
    problem = f"{folder} has no kept cases of {contract.name}"
    if not names:
        raise ContractError(f"{problem}: name another folder, or run check first")
    file = str(contract.loaded_from and contract.loaded_from.document)
    raise ContractError(
        f"{problem}, but of {', '.join(names)}: name one of these, as in --contract '{file}#{names[0]}'"
    )


def _default_folder() -> Path:
    # Imported here, so that --help loads nothing of pytest's sessions.
    from contractfuzz.testing.session import KEPT_CASES_FOLDER

    folder = project_configuration().regressions
    return Path(KEPT_CASES_FOLDER if folder is None else short_path(folder))


def _folder_and_target(arguments: tuple[str, ...]) -> tuple[Path, str]:
    if len(arguments) > 2:
        raise ContractError("replay takes at most a folder and a target, as in: replay tests/regressions service:read")
    folder = Path(arguments[0]) if len(arguments) == 2 else _default_folder()
    if not os.path.isdir(folder):  # noqa: PTH112 - never raises, unlike the method of a path
        raise ContractError(f"{folder} is not a folder: name the folder of the kept cases")
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
