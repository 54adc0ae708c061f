"""The command ``contractfuzz check``."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from contractfuzz.cli.streams import open_output_stream, redirect_consumer_output
from contractfuzz.errors import ContractError
from contractfuzz.progress import progress_bar
from contractfuzz.reports.rendering import REPORT_FORMATS, write_report

if TYPE_CHECKING:
    from contractfuzz.reports.comparison import Comparison
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
    type=click.Choice(list(REPORT_FORMATS)),
    default="text",
    show_default=True,
    help="; ".join(f"{row.name} is for {row.audience}" for row in REPORT_FORMATS.values()) + ".",
)
@click.option(
    "--compare",
    metavar="REPORT",
    help="With --format html: show what changed since an earlier report, or against that of another consumer (json or html).",
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
    format: str,  # noqa: A002 - click names it after the option
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
    comparisons = [] if compare is None else _read_comparisons(compare, format, run.contract.name)
    with open_output_stream(output, utf_8=format != "text") as file:
        with redirect_consumer_output():
            interrupted = _feed_all(run)
        report = run.report()
        write_report(report, file, format, top=top, comparisons=comparisons)
    if interrupted:
        return INTERRUPTED
    return HONOURED if report.ok else NOT_HONOURED


def _feed_all(run: Run) -> bool:
    """Run a check with a progress bar; return True if it was interrupted."""
    try:
        with progress_bar(transient=True) as bar:
            run.feed_all(bar.update)
    except KeyboardInterrupt:
        return True
    return False


def _read_comparisons(file: str, format: str, contract: str) -> list[Comparison]:  # noqa: A002
    # Loaded only for --compare: --help must start without it.
    from contractfuzz.reports.comparison import read_comparisons

    if "comparisons" not in REPORT_FORMATS[format].options:
        able = " or ".join(row.name for row in REPORT_FORMATS.values() if "comparisons" in row.options)
        raise ContractError(f"--compare needs --format {able}, not {format}")
    comparisons = [comparison for comparison in read_comparisons(file) if comparison.contract == contract]
    if not comparisons:
        raise ContractError(f"{file} has no report of the contract {contract!r}: name one that does")
    return comparisons
