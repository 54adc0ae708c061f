"""The command ``contractfuzz replay``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from contractfuzz.cli.arguments.completion import complete_targets
from contractfuzz.cli.arguments.contracts import project_configuration
from contractfuzz.cli.arguments.help_sections import SectionedCommand
from contractfuzz.cli.arguments.options import (
    HONOURED,
    NOT_HONOURED,
    RunArguments,
    run_options,
)
from contractfuzz.cli.arguments.streams import open_output_stream, print_error, redirect_consumer_output
from contractfuzz.cli.arguments.targets import Target, find_targets, make_runs
from contractfuzz.configuration.reading import short_path
from contractfuzz.errors import ContractError

if TYPE_CHECKING:
    from contractfuzz.contract import Contract
    from contractfuzz.running.run import Run
    from contractfuzz.testing.kept_cases import KeptCase, ReplayResult


@click.command(cls=SectionedCommand, short_help="Feed the kept failing cases again.")
@click.argument(
    "arguments", metavar="[DIR] [TARGET|PACKAGE.MODULE:CALLABLE]", nargs=-1, shell_complete=complete_targets
)
@run_options()
def replay(arguments: tuple[str, ...], run_arguments: RunArguments) -> int:
    """Feed the kept cases in DIR to CALLABLE again, and list which are fixed.

    DIR is the folder in which the pytest plugin keeps failing cases. Default: that of the configuration, or
    tests/contract_regressions.

    TARGET is the name of a target in the configuration. Without it, each target gets the cases that were kept for its consumer.
    Options override those of a target.

    A case is flaky if it fails in some of several calls. It is outdated if the contract no longer has its label. Nothing is
    deleted.

    Exit codes: 0 no case fails, 1 a case fails or is flaky, 2 the call or its input is wrong.
    """
    named, name = _folder_and_target(arguments)
    folder = _default_folder() if named is None else named
    targets = find_targets(name, run_arguments, verb="replay")
    if named is None and not os.path.lexists(folder):
        # A project has no such folder until a test fails for the first time. A wrong target is an error all the same.
        make_runs(targets)
        print_error(f"no case is kept yet: there is no folder {folder}")
        return HONOURED
    if not os.path.isdir(folder):  # noqa: PTH112 - never raises, unlike the method of a path
        raise ContractError(f"{folder} is not a folder: name the folder of the kept cases")
    replayed = _replay_all(targets, folder) if targets[0].name and name is None else _replay_one(targets[0], folder)
    with open_output_stream(None) as file:
        _write(replayed, file)
    return NOT_HONOURED if any(one.status in ("fails", "flaky") for one in replayed) else HONOURED


def _replay_one(target: Target, folder: Path) -> list[ReplayResult]:
    """Feed the kept cases of the target's contract, also those of other consumers."""
    # Imported here, so that --help loads neither Hypothesis nor jsonschema.
    from contractfuzz.testing.kept_cases import load_kept_cases

    with target.named_errors():
        contract = target.run_arguments.find_contract()
        kept = load_kept_cases(folder, contract.name) or _kept_by_another_name(folder, contract)
        with redirect_consumer_output():
            return _replay(target.make_run(contract), kept)


def _replay_all(targets: list[Target], folder: Path) -> list[ReplayResult]:
    """Feed each target the cases that were kept for its consumer."""
    # Imported here, so that --help loads neither Hypothesis nor jsonschema.
    from contractfuzz.testing.kept_cases import ReplayResult, load_kept_cases

    kept = load_kept_cases(folder)
    if not kept:
        raise ContractError(f"{folder} has no kept cases: name another folder, or run the tests first")
    runs = make_runs(targets)
    owners = {(run.contract.name, run.name) for run in runs}
    strays = [one for one in kept if (one.contract, one.consumer) not in owners]
    if len(strays) == len(kept):
        consumers = ", ".join(sorted({one.consumer for one in strays}))
        raise ContractError(
            f"{folder} has no kept cases of a target, but of {consumers}: name the target that gets them, as in "
            f"replay {targets[0].name}"
        )
    results = []
    for target, run in zip(targets, runs, strict=True):
        own = [one for one in kept if (one.contract, one.consumer) == (run.contract.name, run.name)]
        with target.named_errors(), redirect_consumer_output():
            results += _replay(run, own)
    reason = "no target has the consumer {} and the contract {}"
    return results + [ReplayResult(one, "not fed", reason.format(one.consumer, one.contract)) for one in strays]


def _replay(run: Run, kept: list[KeptCase]) -> list[ReplayResult]:
    from contractfuzz.testing.kept_cases import replay_kept_cases

    try:
        replayed = list(replay_kept_cases(run, kept))
        run.assert_reached()
    finally:
        run.close()
    return replayed


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


def _folder_and_target(arguments: tuple[str, ...]) -> tuple[Path | None, str | None]:
    """Return the folder of the kept cases and the target; None for what is not named."""
    if len(arguments) > 2:
        raise ContractError("replay takes at most a folder and a target, as in: replay tests/regressions service:read")
    if len(arguments) == 2:
        return Path(arguments[0]), arguments[1]
    if not arguments:
        return None, None
    [word] = arguments
    is_name = ":" in word or word in project_configuration().targets
    if not is_name and os.path.isdir(word):  # noqa: PTH112 - never raises, unlike the method of a path
        return Path(word), None
    return None, word


def _write(replayed: list[ReplayResult], file: TextIO) -> None:
    from contractfuzz.running.messages import explain
    from contractfuzz.text import printable

    for one in replayed:
        reason = f": {one.reason}" if one.reason else ""
        file.write(printable(f"{one.status}  {one.kept_case.path}{reason}") + "\n")
    for one in replayed:
        if one.finding is not None:
            file.write(f"\n{explain(one.finding)}\n")
