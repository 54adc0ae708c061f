"""The command ``contractfuzz differ``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from contractfuzz.cli.arguments.options import (
    COUNT,
    HONOURED,
    INTERRUPTED,
    NOT_HONOURED,
    RunArguments,
    output_option,
    print_unread_patterns,
    run_options,
    seed_option,
)
from contractfuzz.cli.arguments.streams import open_output_stream, redirect_consumer_output
from contractfuzz.cli.arguments.targets import find_targets, make_runs
from contractfuzz.errors import ContractError
from contractfuzz.progress import progress_bar

if TYPE_CHECKING:
    from contractfuzz.differential.differ_run import DifferRun


@click.command()
@click.argument("targets", metavar="TARGET|PACKAGE.MODULE:CALLABLE...", nargs=-1)
@run_options(has_expectations=False)
@click.option(
    "--examples",
    type=COUNT,
    default=200,
    show_default=True,
    help="Random cases of each kind, in addition to one for each label.",
)
@seed_option
@click.option("--only", multiple=True, metavar="GLOB", help="Feed only the cases with this label. Repeatable.")
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="text is for people, json for programs, markdown for job summaries and comments.",
)
@click.option(
    "--top", type=COUNT, default=5, show_default=True, help="In text and Markdown: patterns to show of each kind."
)
@output_option
def differ(
    targets: tuple[str, ...],
    run_arguments: RunArguments,
    examples: int,
    seed: int,
    only: tuple[str, ...],
    output_format: str,
    top: int,
    output: str | None,
) -> int:
    """Feed the same cases to two or more targets, and report those on which they disagree.

    Targets disagree if one accepts a case and another rejects it or crashes, or if all accept it with different results. Compare
    an old and a new version, a rewrite, or two parsers. No target is taken to be right.

    A TARGET is the name of a target in the configuration. Options hold for all targets, and override those of the configuration.

    Exit codes: 0 the targets agree, 1 they disagree, 2 the call or its input is wrong.
    """
    # Imported here, so that --help loads neither Hypothesis nor jsonschema.
    from contractfuzz.differential.differ_reports import write_differ_report
    from contractfuzz.differential.differ_run import DifferRun
    from contractfuzz.running.isolation.workers import hide_from_workers

    if len(targets) < 2:
        raise ContractError("name at least two targets to compare, as in: differ old.service:read new.service:read")
    found = [target for name in targets for target in find_targets(name, run_arguments, verb="compare")]
    runs = make_runs(found)
    contracts = {run.contract.name: run.contract for run in runs}
    if len(contracts) > 1:
        raise ContractError(
            f"the targets have different contracts ({', '.join(contracts)}): choose one with --contract"
        )
    names = [target.name or run.name for target, run in zip(found, runs, strict=True)]
    for contract in contracts.values():
        print_unread_patterns(contract)
    run = DifferRun(runs, next(iter(contracts.values())), examples=examples, seed=seed, only=only, names=names)
    with open_output_stream(output, utf_8=output_format != "text") as file:
        # A consumer must not write to the report, nor keep it open.
        with redirect_consumer_output(), hide_from_workers(*([file.fileno()] if output else [])):
            interrupted = _feed(run)
        report = run.report()
        write_differ_report(report, file, output_format, top=top)
    if interrupted:
        return INTERRUPTED
    return HONOURED if report.ok else NOT_HONOURED


def _feed(run: DifferRun) -> bool:
    """Feed every case, and return True if the user interrupted that."""
    try:
        with progress_bar(transient=True, expected=run.case_count) as bar:
            run.feed_all(bar.update)
    except KeyboardInterrupt:
        return True
    return False
