"""The command ``contractfuzz check``."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, nullcontext
from typing import TYPE_CHECKING

import click

from contractfuzz.cli.arguments.completion import complete_files, complete_targets, complete_words
from contractfuzz.cli.arguments.contracts import print_unread_patterns
from contractfuzz.cli.arguments.faults import base_option, faults_option, print_fault_notes
from contractfuzz.cli.arguments.help_sections import SectionedCommand
from contractfuzz.cli.arguments.options import (
    COUNT,
    HONOURED,
    INTERRUPTED,
    NOT_HONOURED,
    RunArguments,
    examples_option,
    only_option,
    run_options,
    seed_option,
)
from contractfuzz.cli.arguments.streams import open_output_stream, print_error, redirect_consumer_output
from contractfuzz.cli.arguments.targets import Target, feed_interruptibly, find_targets, make_runs, write_table
from contractfuzz.errors import ContractError, unknown
from contractfuzz.files import write_errors
from contractfuzz.reports.rendering import REPORT_FORMATS, format_of_suffix, write_report

if TYPE_CHECKING:
    from contractfuzz.reports.comparison import Comparison
    from contractfuzz.running.report import Report
    from contractfuzz.running.run import Run
    from contractfuzz.testing.baseline import Baseline


SECTION_WORDS = ("must", "crashes", "hung", "wrong", "changed", "wrongly", "no")
"""First words of the sections of a report."""


@click.command(cls=SectionedCommand, short_help="Feed every kind of case to your code, and report its mistakes.")
@click.argument("target", metavar="[TARGET|PACKAGE.MODULE:CALLABLE]", required=False, shell_complete=complete_targets)
@run_options()
@examples_option
@seed_option
@base_option
@faults_option
@click.option(
    "--time-budget",
    type=float,
    metavar="SECONDS",
    help="Time for feeding, for slow consumers: one case of each label, then random cases. The report names what is left out.",
)
@only_option
@click.option(
    "--format",
    "chosen_format",
    type=click.Choice(list(REPORT_FORMATS)),
    help="Format of the report: "
    + ", ".join(f"{row.name} for {row.audience}" for row in REPORT_FORMATS.values())
    + ". Default: that of the suffix of --output, else text.",
)
@click.option(
    "--top", type=COUNT, default=5, show_default=True, help="In text and Markdown: causes to show in each section."
)
@click.option(
    "--show",
    multiple=True,
    metavar="SECTION",
    shell_complete=complete_words(*SECTION_WORDS),
    help=f"In text and Markdown: show only the section with this first word: {', '.join(SECTION_WORDS)}. Repeatable.",
)
@click.option(
    "--compare",
    metavar="REPORT",
    shell_complete=complete_files,
    help="On an HTML page: also show the differences from an earlier report, or from another consumer's (json or html).",
)
@click.option(
    "--baseline",
    metavar="FILE",
    shell_complete=complete_files,
    help="Fail only on findings that this file does not have.",
)
@click.option(
    "--update-baseline",
    is_flag=True,
    help="Write the findings to the file of --baseline, and remove those that are fixed.",
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    shell_complete=complete_files,
    help="Write to this file instead of standard output, which is '-'. Repeatable: one report in each file, in the format of its "
    "suffix.",
)
def check(
    target: str | None,
    run_arguments: RunArguments,
    examples: int,
    seed: int,
    time_budget: float | None,
    only: tuple[str, ...],
    chosen_format: str | None,
    top: int,
    show: tuple[str, ...],
    compare: str | None,
    baseline: str | None,
    update_baseline: bool,
    outputs: tuple[str, ...],
) -> int:
    """Feed every kind of case to CALLABLE, and report what it should not have done.

    It should accept valid cases, reject invalid ones, and survive malformed, incoherent and hostile ones. A client gets wire
    cases, too: other statuses, headers, connections and pages.

    TARGET is the name of a target in the configuration: [tool.contractfuzz.targets] in pyproject.toml, or [targets] in
    contractfuzz.toml. Without an argument, all targets are checked. Options override those of a target.

    Code in other languages is checked with --command or --url, without an argument.

    The command 'contractfuzz explain LABEL' explains a label of the report.
    """
    # Imported here, because it loads multiprocessing, which no other command needs.
    from contractfuzz.running.isolation.workers import hide_from_workers

    known = _read_baseline(baseline, update=update_baseline)
    destinations = _choose_formats(outputs, chosen_format)
    titles = [_section_title(word) for word in show]
    selection = {"examples": examples, "seed": seed, "only": only, "time_budget": time_budget}
    targets = find_targets(target, run_arguments, selection)
    runs = make_runs(targets)
    contracts = {run.contract.name: run.contract for run in runs}
    for contract in contracts.values():
        print_unread_patterns(contract)
        print_fault_notes(contract)
    # Read before the output is opened, because the report may replace the one that it is compared with.
    comparisons = [] if compare is None else _read_comparisons(compare, set(destinations.values()), list(contracts))
    with ExitStack() as stack:
        files = {
            output: stack.enter_context(open_output_stream(output, utf_8=report_format != "text"))
            for output, report_format in destinations.items()
        }
        # A consumer must not write to the reports, nor keep them open.
        with redirect_consumer_output(), hide_from_workers(*(file.fileno() for name, file in files.items() if name)):
            reports, interrupted = _feed_all(targets, runs)
        if known is not None:
            updated = known.updated(reports) if update_baseline and not interrupted else known
            reports = [updated.apply(report) for report in reports]
        for output, report_format in destinations.items():
            # An error of one file must not be reported as that of another one.
            with write_errors(output) if output else nullcontext():
                if targets[0].name and target is None and report_format == "text":
                    write_table(targets, reports, files[output])
                write_report(reports, files[output], report_format, top=top, show=titles, comparisons=comparisons)
    for note in [note for run in runs for note in run.notes()]:
        print_error(note)
    if interrupted:
        return INTERRUPTED
    if known is not None and update_baseline:
        updated.write()
        print_error(known.describe_update(updated))
    return HONOURED if all(report.ok for report in reports) else NOT_HONOURED


def _choose_formats(outputs: tuple[str, ...], chosen: str | None) -> dict[str | None, str]:
    """Return the format of each report, by its file. Standard output is None, and the last: its errors are its own.

    Raises:
        ContractError: a file is named twice, or ``--format`` fits none of several files.

    """
    files = [None if output == "-" else output for output in outputs] or [None]
    repeated = [name for name, count in Counter(outputs).items() if count > 1]
    if repeated:
        raise ContractError(f"--output {repeated[0]} is given twice: name each file once")
    if len(files) > 1 and chosen is not None and None not in files:
        raise ContractError(
            f"--format {chosen} does not choose one of several files: leave it out, the suffix of each file chooses its format"
        )
    return {
        file: (chosen if file is None or len(files) == 1 else None)
        or (format_of_suffix(file) if file is not None else None)
        or "text"
        for file in sorted(files, key=lambda file: file is None)
    }


def _read_baseline(file: str | None, *, update: bool) -> Baseline | None:
    # Imported here, because most checks have no baseline.
    from contractfuzz.testing.baseline import read_baseline

    if file is None:
        if update:
            raise ContractError("--update-baseline needs a file: name it with --baseline FILE")
        return None
    return read_baseline(file, create="--update-baseline", may_be_missing=update)


def _section_title(word: str) -> str:
    # Imported here, so that --help loads no consumer.
    from contractfuzz.running.causes import SECTION_TITLES

    names = {title.partition(" ")[0].lower(): title for title in SECTION_TITLES}
    if word.lower() not in names:
        raise unknown("section", word, names)
    return names[word.lower()]


def _feed_all(targets: list[Target], runs: list[Run]) -> tuple[list[Report], bool]:
    """Feed every case, with a progress bar on a terminal.

    Returns:
        The report of each run, and True if the user interrupted the last of them.

    """
    reports = []
    for target, run in zip(targets, runs, strict=True):
        with target.named_errors():
            interrupted = feed_interruptibly(run)
        reports.append(run.report())
        if interrupted:
            return reports, True
    return reports, False


def _read_comparisons(file: str, report_formats: set[str], contracts: list[str]) -> list[Comparison]:
    # Imported here, so that --help loads no report.
    from contractfuzz.reports.comparison import read_comparisons

    if not any("comparisons" in REPORT_FORMATS[report_format].options for report_format in report_formats):
        able = " or ".join(row.name for row in REPORT_FORMATS.values() if "comparisons" in row.options)
        raise ContractError(f"--compare needs --format {able}, not {' or '.join(sorted(report_formats))}")
    comparisons = [comparison for comparison in read_comparisons(file) if comparison.contract in contracts]
    if not comparisons:
        raise ContractError(f"{file} has no report of the contract {contracts[0]!r}: name a file that has one")
    return comparisons
