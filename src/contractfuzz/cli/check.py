"""The command ``contractfuzz check``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TextIO

import click

from contractfuzz.cli.options import (
    COUNT,
    HONOURED,
    INTERRUPTED,
    NOT_HONOURED,
    RunArguments,
    output_option,
    run_options,
    seed_option,
)
from contractfuzz.cli.streams import open_output_stream, progress, redirect_consumer_output
from contractfuzz.errors import ContractError

if TYPE_CHECKING:
    from contractfuzz.reports.comparison import Comparison
    from contractfuzz.running.report import Report
    from contractfuzz.running.run import Run

MIN_TEXT_WIDTH = 120
"""Columns of a report as text. In fewer columns, rich cuts numbers off."""


@click.command()
@click.argument("target", metavar="PACKAGE.MODULE:CALLABLE")
@run_options()
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
    "report_format",
    type=click.Choice(["text", "html", "json", "junit", "github"]),
    default="text",
    show_default=True,
    help="Format of the report: html is a page for people, json is for programs, junit and github are for CI servers.",
)
@click.option(
    "--top", type=COUNT, default=5, show_default=True, help="With --format text: causes to show in each section."
)
@click.option(
    "--compare",
    metavar="REPORT",
    help="With --format html: also show the differences from an earlier report, or from another consumer's (json or html).",
)
@output_option
def check(
    target: str,
    run_arguments: RunArguments,
    examples: int,
    seed: int,
    only: tuple[str, ...],
    report_format: str,
    top: int,
    compare: str | None,
    output: str | None,
) -> int:
    """Feed every kind of case to CALLABLE, and report what it should not have done.

    It should accept valid cases, reject invalid ones, and survive malformed, incoherent and hostile ones.
    """
    run = run_arguments.make_run(target, examples=examples, seed=seed, only=only)
    # Read before the output is open_output_stream, because the report may replace the one that it is compared with.
    others = [] if compare is None else _read_compared(compare, report_format, run.contract.name)
    with open_output_stream(output, utf_8=report_format != "text") as file:
        with redirect_consumer_output():
            interrupted = _feed_all(run)
        report = run.report()
        _write_report(report, report_format, top, others, file)
    if interrupted:
        return INTERRUPTED
    return HONOURED if report.ok else NOT_HONOURED


def _feed_all(run: Run) -> bool:
    """Feed every case, with a progress bar on a terminal. Return True if the user interrupted it."""
    try:
        with progress() as report_progress:
            run.feed_all(report_progress)
    except KeyboardInterrupt:
        return True
    return False


def _read_compared(file: str, report_format: str, contract: str) -> list[Comparison]:
    from contractfuzz.reports.comparison import read_comparisons

    if report_format != "html":
        raise ContractError(f"--compare needs --format html, not {report_format}")
    found = [other for other in read_comparisons(file) if other.contract == contract]
    if not found:
        raise ContractError(f"{file} has no report of the contract {contract!r}: name a file that has one")
    return found


def _write_report(report: Report, report_format: str, top: int, others: list[Comparison], file: TextIO) -> None:
    # Imported here, so that each format loads only the libraries that it needs.
    if report_format == "html":
        from contractfuzz.reports.html_page import reports_as_html

        file.write(reports_as_html([report], others))
        return
    if report_format != "text":
        from contractfuzz.reports import render

        file.write(render(report, report_format))
        return
    from rich.console import Console

    from contractfuzz.reports.text_report import print_report

    class Output(Console):
        def on_broken_pipe(self) -> NoReturn:
            # The original ends the program with exit code 1, which means that the contract is not honoured.
            raise BrokenPipeError

    # A terminal may wrap long lines, but rich would cut the numbers of a table off.
    width = max(Console(file=file).width, MIN_TEXT_WIDTH)
    print_report(report, Output(file=file, highlight=False, width=width), top)
