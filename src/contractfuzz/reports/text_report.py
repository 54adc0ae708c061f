"""A report as text: a table of what happened, then what should not have, worst first."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from contractfuzz.reports.headline import KIND_DESCRIPTIONS, answer
from contractfuzz.running.calling import Verdict
from contractfuzz.running.causes import Cause, Section, sections
from contractfuzz.running.messages import show_body
from contractfuzz.running.report import Report
from contractfuzz.text import pluralize, printable

MOST_LABELS = 8

_ALWAYS = (Verdict.ACCEPTED, Verdict.REJECTED, Verdict.CRASHED)


def print_report(report: Report, console: Console, top: int = 5) -> None:
    """Print ``report`` to ``console``, with colours where it has them; of each sort of finding the ``top`` causes."""
    _line(console, answer(report), style="bold green" if report.ok else "bold red")
    console.print()
    console.print(_table(report))
    for section in sections(report):
        _print_section(section, console, top)
    if report.tolerated:
        console.print()
        for pattern, times in report.tolerated.items():
            words = f"excused {times} cases" if times else "was not needed: remove it"
            _line(console, f"tolerated {pattern}: {words}", style="" if times else "yellow")
    if not report.complete:
        console.print()
        _line(console, f"Not every case was fed ({report.cut_short}): this is what was found so far.", style="yellow")


def _table(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    verdicts = [v for v in Verdict if v in _ALWAYS or any(v in met for met in report.counts.values())]
    table.add_column("kind", no_wrap=True)
    table.add_column("", style="dim", no_wrap=True)
    table.add_column("cases", justify="right", no_wrap=True)
    for verdict in verdicts:
        table.add_column(verdict, justify="right", no_wrap=True)
    for name, met in report.counts.items():
        table.add_row(
            name,
            KIND_DESCRIPTIONS[name],
            f"{sum(met.values()):,}",
            *(f"{met[v]:,}" if v in met else "·" for v in verdicts),
        )
    return table


def _print_section(section: Section, console: Console, top: int) -> None:
    console.print()
    findings = [finding for cause in section.causes for finding in cause.findings]
    counts = f"{pluralize(len(findings), 'finding')} ({pluralize(sum(finding.seen for finding in findings), 'case')})"
    _line(console, f"{section.title}: {counts} in {pluralize(len(section.causes), 'place')}", style="bold")
    for cause in section.causes[:top]:
        console.print()
        _print_causes(cause, console)
    if len(section.causes) > top:
        console.print()
        _line(console, f"  and {len(section.causes) - top} more: --top says how many to show", style="dim")


def _print_causes(cause: Cause, console: Console) -> None:
    finding = cause.smallest
    _line(console, f"  {printable(cause.title)}", style="red")
    if finding.raised is not None or finding.detail:
        _row(console, "error", finding.raised.line if finding.raised else finding.detail)
    _row(console, pluralize(len(cause.labels), "label"), _listed(_without_location(cause)))
    _row(console, "smallest", show_body(finding.case, 400))
    if finding.case.pointer:
        _row(console, "fault at", finding.case.pointer)
    _row(console, "reproduce", finding.reproduction)


def _without_location(cause: Cause) -> list[str]:
    # Where the title is the location, the labels need not say it again.
    return [label.removeprefix(f"{cause.title}:") for label in cause.labels]


def _listed(labels: list[str]) -> str:
    more = len(labels) - MOST_LABELS
    return ", ".join(labels[:MOST_LABELS]) + (f" and {more} more" if more > 0 else "")


def _row(console: Console, name: str, text: str) -> None:
    line = Text(f"    {name:<11}", style="dim")
    line.append(text, style="not dim")
    console.print(line, soft_wrap=True)


def _line(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style), soft_wrap=True)
