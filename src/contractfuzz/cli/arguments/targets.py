"""Targets of the configuration: their settings, and the table of their answers."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, TextIO

import click
from click.core import ParameterSource

from contractfuzz.cli.arguments.contracts import project_configuration, short_contract
from contractfuzz.cli.arguments.external import check_external, is_external
from contractfuzz.cli.arguments.options import RunArguments
from contractfuzz.configuration.locating import OWN_FILE
from contractfuzz.configuration.reading import TABLE, TargetEntry, short_path
from contractfuzz.configuration.settings import check_settings
from contractfuzz.errors import ContractError
from contractfuzz.progress import progress_bar
from contractfuzz.text import printable

if TYPE_CHECKING:
    from contractfuzz.contract import Contract
    from contractfuzz.differential.differ_run import DifferRun
    from contractfuzz.running.report import Report
    from contractfuzz.running.run import Run


MIN_TABLE_WIDTH = 60
"""Width of the table in a narrower terminal too: rich would cut its numbers."""

_CONTRACT_SETTINGS = (
    *("contract_name", "api", "operation", "components"),
    *("side", "dialect", "values_file", "base_file", "faults"),
)
"""Settings that make a contract. Targets for which they are equal share one."""


@dataclass(frozen=True, slots=True)
class Target:
    """A consumer to feed, with its settings. It can be pickled and sent to another process.

    Attributes:
        name: the name of the target in the configuration; empty for a consumer that the command line names.
        consumer: the consumer, as ``package.module:callable``; the command or the URL of one that is not Python.
        run_arguments: how to run it.
        selection: the cases to feed, as ``Run`` takes them.

    """

    name: str
    consumer: str
    run_arguments: RunArguments
    selection: dict[str, Any] = field(default_factory=dict)

    def make_run(self, contract: Contract | None = None, **options: Any) -> Run:
        """Import the consumer, and return the run that feeds it.

        Args:
            contract: the contract, if it is loaded already.
            options: more arguments of ``RunArguments.make_run``.

        Raises:
            ContractError: a setting is wrong.

        """
        return self.run_arguments.make_run(self.consumer, contract=contract, **self.selection, **options)

    @contextmanager
    def named_errors(self) -> Iterator[None]:
        """Name the target in each ContractError that the body of a ``with`` statement raises."""
        try:
            yield
        except ContractError as error:
            raise ContractError(f"target {self.name}: {error}" if self.name else str(error)) from error


def find_targets(
    name: str | None, run_arguments: RunArguments, selection: dict[str, Any] | None = None, *, verb: str = "check"
) -> list[Target]:
    """Return the targets that the command line names. Its options override those of the configuration.

    Args:
        name: ``package.module:callable``, or the name of a target; None for the command or the URL among the options, or for all
            targets.
        run_arguments: the options of the command line.
        selection: the options of the command line that select cases. Targets have no others.
        verb: the command, for its message if the configuration has none.

    Raises:
        ContractError: the configuration is wrong, or has no such target.

    """
    selection = selection or {}
    configuration = project_configuration()
    if configuration.file is not None and str(configuration.file.parent) not in sys.path:
        # The consumers are found from each folder of the project.
        sys.path.insert(0, str(configuration.file.parent))
    check_external(run_arguments, name)
    if is_external(run_arguments):
        return [Target("", run_arguments.command or run_arguments.url or "", run_arguments, selection)]
    if name is not None and ":" in name:
        return [Target("", name, run_arguments, selection)]
    entries = list(configuration.targets.values()) if name is None else [configuration.target(name)]
    if not entries:
        raise ContractError(
            f"there is nothing to {verb}: name PACKAGE.MODULE:CALLABLE, or declare targets in "
            f"[{TABLE}.targets] of pyproject.toml or in [targets] of {OWN_FILE}"
        )
    return [_with_settings(entry, run_arguments, selection) for entry in entries]


def make_runs(targets: Sequence[Target]) -> list[Run]:
    """Return the run of each target. Targets with the same contract share it.

    Raises:
        ContractError: a setting is wrong.

    """
    contracts: dict[tuple[Any, ...], Contract] = {}
    runs = []
    for target in targets:
        arguments = target.run_arguments
        key = tuple(getattr(arguments, name) for name in _CONTRACT_SETTINGS)
        with target.named_errors():
            run = target.make_run(contracts.get(key))
        contracts[key] = run.contract
        runs.append(run)
    return runs


def feed_interruptibly(run: Run | DifferRun) -> bool:
    """Feed every case of a run, with a progress bar on a terminal. Return True if the user interrupted that."""
    try:
        with progress_bar(transient=True, expected=run.case_count) as bar:
            run.feed_all(bar.update)
    except KeyboardInterrupt:
        return True
    return False


def write_table(targets: Sequence[Target], reports: Sequence[Report], file: TextIO) -> None:
    """Write one line for each target: its contract, policy, numbers of cases and findings, and the answer.

    Args:
        targets: the targets.
        reports: the report of each target; those of the last ones may be missing.
        file: the text file to write to. A terminal gets colours.

    """
    # Imported here, so that --help does not load rich.
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("target", "contract", "policy"):
        table.add_column(name, overflow="fold")
    for name in ("cases", "findings"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("answer", no_wrap=True)
    for target, report in zip(targets, reports, strict=False):
        cases = sum(sum(verdicts.values()) for verdicts in report.counts.values())
        numbers = (f"{cases:,}", f"{len(report.findings):,}")
        answer, style = ("honoured", "green") if report.ok else ("not honoured", "red")
        answer += "" if report.complete else " so far"
        # A text is not parsed for rich's markup.
        names = (Text(printable(text)) for text in (target.name, report.contract, report.policy))
        table.add_row(*names, *numbers, Text(answer, style))
    Console(file=file, highlight=False, width=max(Console(file=file).width, MIN_TABLE_WIDTH)).print(table)
    file.write("\n")


def _with_settings(entry: TargetEntry, run_arguments: RunArguments, selection: dict[str, Any]) -> Target:
    context = click.get_current_context()
    settings = {
        name: value
        for name, value in _with_short_paths(entry.settings).items()
        if context.get_parameter_source(name) is not ParameterSource.COMMANDLINE
    }
    selected = {name: settings.get(name, value) for name, value in selection.items()}
    how = {one.name: settings[one.name] for one in fields(run_arguments) if one.name in settings}
    file = project_configuration().file
    folder = None if file is None else str(file.parent)
    return Target(entry.name, entry.consumer, replace(run_arguments, **how, folder=folder), selected)


def _with_short_paths(settings: dict[str, Any]) -> dict[str, Any]:
    short = dict(settings)
    for setting in check_settings():
        if setting.is_path and setting.name in settings:
            value = settings[setting.name]
            short[setting.name] = tuple(map(short_path, value)) if isinstance(value, tuple) else short_contract(value)
    return short
