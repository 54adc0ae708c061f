"""The report as text for terminals: the answer, a table of verdicts, and the causes of findings, worst first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from contractfuzz.reports.headline import (
    KIND_DESCRIPTIONS,
    answer,
    baseline_sentences,
    incompleteness,
    tolerance_use,
    verdict_columns,
)
from contractfuzz.running.causes import Cause, Section, sections
from contractfuzz.running.messages import show_body
from contractfuzz.running.report import Report
from contractfuzz.text import pluralize, printable

MIN_TABLE_WIDTH = 120
"""Width of the table in a narrower terminal too. The terminal wraps its lines; rich would cut its numbers."""

MAX_LABELS_PER_CAUSE = 8

MAX_SMALLEST_CHARACTERS = 400


class _Console(Console):
    def on_broken_pipe(self) -> NoReturn:
        # The original exits with code 1, which here means that the contract is not honoured.
        raise BrokenPipeError


def write_text(reports: Sequence[Report], file: TextIO, *, top: int = 5) -> None:
    """Write reports as text, with colours if ``file`` is a terminal.

    Args:
        reports: the reports.
        file: the text file to write to.
        top: number of causes that each section shows, 0 or more.

    """
    width = max(Console(file=file).width, MIN_TABLE_WIDTH)
    console = _Console(file=file, highlight=False, width=width)
    for index, report in enumerate(reports):
        if index:
            console.print()
        _print_report(report, console, top)


def _print_report(report: Report, console: Console, top: int) -> None:
    _print_line(console, answer(report), style="bold green" if report.ok else "bold red")
    console.print()
    console.print(_table(report))
    for section in sections(report):
        _print_section(section, console, top)
    if sentences := baseline_sentences(report):
        console.print()
        for sentence in sentences:
            _print_line(console, sentence, style="dim")
    if report.tolerated:
        console.print()
        for pattern, cases in report.tolerated.items():
            _print_line(console, f"tolerance {pattern} {tolerance_use(cases)}", style="" if cases else "yellow")
    if not report.complete:
        console.print()
        _print_line(console, incompleteness(report), style="yellow")


def _table(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    columns = verdict_columns(report)
    table.add_column("kind", no_wrap=True)
    table.add_column("", style="dim", no_wrap=True)
    table.add_column("cases", justify="right", no_wrap=True)
    for verdict in columns:
        table.add_column(verdict, justify="right", no_wrap=True)
    for kind, counts in report.counts.items():
        numbers = [f"{counts[verdict]:,}" if verdict in counts else "·" for verdict in columns]
        table.add_row(kind, KIND_DESCRIPTIONS[kind], f"{sum(counts.values()):,}", *numbers)
    return table


def _print_section(section: Section, console: Console, top: int) -> None:
    console.print()
    findings = [finding for cause in section.causes for finding in cause.findings]
    counts = f"{pluralize(len(findings), 'finding')} ({pluralize(sum(finding.seen for finding in findings), 'case')})"
    _print_line(console, f"{section.title}: {counts} from {pluralize(len(section.causes), 'cause')}", style="bold")
    for cause in section.causes[:top]:
        console.print()
        _print_cause(cause, console)
    if len(section.causes) > top:
        console.print()
        more = len(section.causes) - top
        _print_line(console, f"  and {more:,} more: contractfuzz check --top N shows more", style="dim")


def _print_cause(cause: Cause, console: Console) -> None:
    finding = cause.smallest
    _print_line(console, f"  {cause.title}", style="red")
    if finding.raised is not None or finding.detail:
        _print_row(console, "error", finding.raised.line if finding.raised else finding.detail)
    _print_row(console, pluralize(len(cause.labels), "label"), _label_list(cause))
    _print_row(console, "smallest", show_body(finding.case, MAX_SMALLEST_CHARACTERS))
    if finding.case.is_spelled:
        _print_row(console, "spelling", finding.case.description)
    if finding.case.pointer:
        _print_row(console, "fault at", finding.case.pointer)
    _print_row(console, "reproduce", finding.reproduction)


def _label_list(cause: Cause) -> str:
    # Labels do not repeat a location that is the title.
    labels = [label.removeprefix(f"{cause.title}:") for label in cause.labels]
    more = len(labels) - MAX_LABELS_PER_CAUSE
    return ", ".join(labels[:MAX_LABELS_PER_CAUSE]) + (f" and {more} more" if more > 0 else "")


def _print_row(console: Console, name: str, text: str) -> None:
    line = Text(f"    {name:<11}", style="dim")
    line.append(printable(text), style="not dim")
    console.print(line, soft_wrap=True)


def _print_line(console: Console, text: str, style: str = "") -> None:
    console.print(Text(printable(text), style=style), soft_wrap=True)
