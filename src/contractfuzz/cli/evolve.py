"""The command ``contractfuzz evolve``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from contractfuzz.cli.arguments.completion import complete_changes, complete_targets
from contractfuzz.cli.arguments.contracts import print_unread_patterns
from contractfuzz.cli.arguments.faults import changes_base_option
from contractfuzz.cli.arguments.help_sections import SectionedCommand
from contractfuzz.cli.arguments.options import (
    HONOURED,
    NOT_HONOURED,
    POSITIVE_COUNT,
    RunArguments,
    format_option,
    output_option,
    run_options,
    seed_option,
)
from contractfuzz.cli.arguments.streams import open_output_stream, redirect_consumer_output
from contractfuzz.cli.arguments.targets import Target, find_targets, make_runs
from contractfuzz.progress import progress_bar

if TYPE_CHECKING:
    from contractfuzz.evolution.evolution import Evolution
    from contractfuzz.running.run import Run


@click.command(cls=SectionedCommand, short_help="Report which changes of a provider would break your code.")
@click.argument("target", metavar="[TARGET|PACKAGE.MODULE:CALLABLE]", required=False, shell_complete=complete_targets)
@run_options(has_expectations=False)
@click.option(
    "--tolerate",
    multiple=True,
    metavar="GLOB",
    shell_complete=complete_changes,
    help="Possible change that may break CALLABLE. Repeatable.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="GLOB",
    shell_complete=complete_changes,
    help="Possible change to try, as in '*:nullable'. Repeatable.",
)
@seed_option
@changes_base_option
@click.option(
    "--top",
    type=POSITIVE_COUNT,
    default=5,
    show_default=True,
    help="In text: places in the code to show for each impact, and locations for each place.",
)
@format_option
@output_option
def evolve(
    target: str | None,
    run_arguments: RunArguments,
    only: tuple[str, ...],
    seed: int,
    top: int,
    output_format: str,
    output: str | None,
) -> int:
    """Report what the provider of an API may change without breaking CALLABLE, and what each other change does to it.

    Each possible change is made to a payload that CALLABLE accepts: a property becomes nullable, an id becomes a string, a list
    becomes a page, and so on. CALLABLE may crash, refuse the payload, get it silently wrong, pass the change on, or be
    unaffected. The id of a change is its location and its name, as in /items/*/price:nullable.

    TARGET is the name of a target in the configuration. Without an argument, all targets are examined.

    Exit codes: 0 no possible change breaks CALLABLE, 1 some do, 2 the call or its input is wrong.
    """
    # Imported within the function, because every command imports this module and these load the contract engine.
    from contractfuzz.evolution.json_form import write_evolution_json
    from contractfuzz.evolution.text import write_evolution
    from contractfuzz.running.isolation.workers import hide_from_workers

    tolerate = run_arguments.tolerate
    selection = {"case_sets": ()}  # the cases of a check are not needed, and take time to prepare
    found = find_targets(target, run_arguments, selection, verb="examine")
    targets = [_without_expectations(one) for one in found]
    runs = make_runs(targets)
    for contract in {run.contract.name: run.contract for run in runs}.values():
        print_unread_patterns(contract)
    with open_output_stream(output, utf_8=output_format == "json") as file:
        # A consumer must not write to the report, nor keep it open.
        with redirect_consumer_output(), hide_from_workers(*([file.fileno()] if output else [])):
            evolutions = [_evolve(one, run, only, tolerate, seed) for one, run in zip(targets, runs, strict=True)]
        if output_format == "json":
            write_evolution_json(evolutions, file)
        else:
            write_evolution(evolutions, file, rows=top)
    return HONOURED if all(evolution.ok for evolution in evolutions) else NOT_HONOURED


def _without_expectations(target: Target) -> Target:
    """Return a target without the settings that say which violations it must reject."""
    return replace(
        target, run_arguments=replace(target.run_arguments, tolerate=(), must_accept=(), policy="strict", faults=1)
    )


def _evolve(target: Target, run: Run, only: tuple[str, ...], tolerate: tuple[str, ...], seed: int) -> Evolution:
    # Imported here, so that --help loads no contract engine.
    from contractfuzz.evolution.evolving import evolve

    with target.named_errors(), progress_bar(transient=True) as bar:
        return evolve(run, only=only, tolerate=tolerate, seed=seed, progress=bar.update)
