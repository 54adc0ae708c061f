"""The command ``contractfuzz check``."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TextIO

import click

from contractfuzz.cli.options import (
    COUNT,
    HONOURED,
    INTERRUPTED,
    NOT_HONOURED,
    components_option,
    contract_option,
    find_contract,
    isolate_option,
    load_consumer,
    output_option,
    raises_option,
    seed_option,
    tolerate_option,
)
from contractfuzz.cli.streams import open_output_stream, progress, redirect_consumer_output
from contractfuzz.errors import ContractError

if TYPE_CHECKING:
    from contractfuzz.reports.comparison import Comparison
    from contractfuzz.running.report import Report
    from contractfuzz.running.run import Run


@click.command()
@click.argument("target", metavar="PACKAGE.MODULE:CALLABLE")
@contract_option
@components_option
@click.option(
    "--feed",
    metavar="object|text|bytes|url",
    help="What the callable takes; url is that of a server which answers with the case. Default: as its parameter says.",
)
@click.option("--strict/--lax", default=None, help="For pydantic and msgspec: convert nothing, or what they can.")
@click.option("--route", metavar="PATH", help="For a web application: the path to which bodies are posted.")
@raises_option
@click.option("--examples", type=COUNT, default=200, show_default=True, help="Random cases of each class.")
@seed_option
@tolerate_option
@click.option("--only", multiple=True, metavar="GLOB", help="Feed only the cases with these labels.")
@isolate_option
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=5.0,
    show_default=True,
    help="With --isolate: seconds for one case.",
)
@click.option(
    "--top", type=COUNT, default=5, show_default=True, help="Causes to show of each sort of finding, as text."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "json", "junit", "github"]),
    default="text",
    show_default=True,
    help="html is a page for people, json for programs, junit and github for CI servers.",
)
@click.option(
    "--compare",
    metavar="REPORT",
    help="With --format html: show beside it what changed against an earlier report, or another consumer's (json or html).",
)
@output_option
def check(
    target: str,
    contract_name: str | None,
    components: tuple[str, ...],
    feed: str | None,
    strict: bool | None,
    route: str | None,
    raises: tuple[str, ...],
    examples: int,
    seed: int,
    tolerate: tuple[str, ...],
    only: tuple[str, ...],
    isolate: bool,
    time_limit: float,
    top: int,
    form: str,
    compare: str | None,
    output: str | None,
) -> int:
    """Feed every class of cases to CALLABLE and say what it should not have done."""
    from contractfuzz.running.run import Run

    consumer, errors = load_consumer(target, raises)
    run = Run(
        consumer,
        find_contract(contract_name, components),
        feed=feed,
        strict=strict,
        route=route,
        name=target,
        raises=errors,
        tolerate=tolerate,
        examples=examples,
        seed=seed,
        only=only,
        isolate=isolate,
        time_limit=time_limit,
    )
    # Before the output is opened: a report may take the place of that which it is compared with.
    others = [] if compare is None else _read_compared(compare, form, run.contract.name)
    with open_output_stream(output, utf_8=form != "text") as file:
        with redirect_consumer_output():
            interrupted = _feed_all(run)
        report = run.report()
        _write_report(report, form, top, others, file)
    if interrupted:
        return INTERRUPTED
    return HONOURED if report.ok else NOT_HONOURED


def _feed_all(run: Run) -> bool:
    """Run a check, with a progress bar where somebody watches; return whether it was interrupted."""
    try:
        with progress() as tell:
            run.feed_all(tell)
    except KeyboardInterrupt:
        return True
    return False


def _read_compared(file: str, form: str, contract: str) -> list[Comparison]:
    from contractfuzz.reports.comparison import read_comparisons

    if form != "html":
        raise ContractError(f"--compare goes with --format html, not {form}")
    found = [other for other in read_comparisons(file) if other.contract == contract]
    if not found:
        raise ContractError(f"{file} holds no report of the contract {contract!r}: name one that does")
    return found


def _write_report(report: Report, form: str, top: int, others: list[Comparison], file: TextIO) -> None:
    if form == "html":
        from contractfuzz.reports.html_page import reports_as_html

        file.write(reports_as_html([report], others))
        return
    if form != "text":
        from contractfuzz.reports import render

        file.write(render(report, form))
        return
    from rich.console import Console

    from contractfuzz.reports.text_report import print_report

    class Output(Console):
        def on_broken_pipe(self) -> NoReturn:
            # The original ends the program, and says that the contract is not honoured.
            raise BrokenPipeError

    # Where a line is too long for the terminal, that may wrap it; a table that rich makes to fit has its numbers cut.
    wide = max(Console(file=file).width, 120)
    print_report(report, Output(file=file, highlight=False, width=wide), top)
