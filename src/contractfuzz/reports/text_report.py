"""The report as text for terminals: the answer, a line for each cause, a table of verdicts, and the causes in full."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from typing import NoReturn, TextIO

from rich.console import Console
from rich.text import Text

from contractfuzz.reports.cause_summary import CauseLine, cause_lines, cause_rows, label_list, section_line
from contractfuzz.reports.headline import (
    KIND_DESCRIPTIONS,
    answer,
    baseline_sentences,
    incompleteness,
    policy_line,
    shrinking_limit,
    tolerance_use,
    verdict_columns,
)
from contractfuzz.running.causes import (
    CHANGED_SILENTLY,
    CRASHES,
    HUNG_OR_DIED,
    MUST_BE_ACCEPTED,
    NO_EFFECT,
    WRONG_REQUESTS,
    WRONGLY_ACCEPTED,
    Cause,
    Section,
    sections,
)
from contractfuzz.running.report import Report
from contractfuzz.text import json_escaped, pluralize, printable, wrap_words

UNLIMITED_WIDTH = 10_000
"""Width of lines that go to a file or a pipe: programs that read them should find each row on one line."""

MAX_SUMMARY_LINES = 10
"""Causes that are listed right after the answer."""

MAX_SMALLEST_CHARACTERS = 400

_ROW_NAME_WIDTH = 11
_SUMMARY_WORD_WIDTH = 13

_STYLES = {
    MUST_BE_ACCEPTED: "red",
    CRASHES: "red",
    HUNG_OR_DIED: "red",
    WRONG_REQUESTS: "red",
    CHANGED_SILENTLY: "magenta",
    WRONGLY_ACCEPTED: "yellow",
    NO_EFFECT: "dim",
}
"""Colour of each section."""


class _Console(Console):
    def on_broken_pipe(self) -> NoReturn:
        # The original exits with code 1, which here means that the contract is not honoured.
        raise BrokenPipeError


def write_text(reports: Sequence[Report], file: TextIO, *, top: int = 5, show: Collection[str] = ()) -> None:
    """Write reports as text, with colours if ``file`` is a terminal.

    Args:
        reports: the reports.
        file: the text file to write to.
        top: number of causes that each section shows in full, 0 or more.
        show: titles of the sections to show; empty for all.

    """
    console = make_console(file)
    for index, report in enumerate(reports):
        if index:
            console.print()
        _TextReport(report, console, show).print(top)


def make_console(file: TextIO) -> Console:
    """Return a console that colours text on a terminal, and breaks no lines in a file or a pipe."""
    console = _Console(file=file, highlight=False)
    # Programs that pass COLUMNS want this width in a pipe, too.
    if not console.is_terminal and "COLUMNS" not in os.environ:
        return _Console(file=file, highlight=False, width=UNLIMITED_WIDTH)
    return console


class _TextReport:
    """One report on a console."""

    def __init__(self, report: Report, console: Console, show: Collection[str]) -> None:
        self._report, self._console = report, console
        self._sections = [section for section in sections(report) if not show or section.title in show]
        encoding = getattr(console.file, "encoding", None) or "utf-8"
        self._is_ascii = not _can_encode("·é", encoding)

    def print(self, top: int) -> None:
        report = self._report
        self._print_line(answer(report), style="bold green" if report.ok else "bold red")
        self._print_summary()
        self._console.print()
        self._print_table()
        for section in self._sections:
            self._print_section(section, top)
        notes = [(policy_line(report), ""), *((sentence, "dim") for sentence in baseline_sentences(report))]
        notes += [
            (f"tolerance {pattern} {tolerance_use(cases)}", "" if cases else "yellow")
            for pattern, cases in report.tolerated.items()
        ]
        notes += [(incompleteness(report), "yellow"), (shrinking_limit(report), "yellow")]
        if any(text for text, _ in notes):
            self._console.print()
        for text, style in notes:
            if text:
                self._print_line(text, style=style)

    # --- the summary and the table ------------------------------------------------------------------------------------------

    def _print_summary(self) -> None:
        lines, more = cause_lines(self._sections, MAX_SUMMARY_LINES)
        if lines:
            self._console.print()
        width = max((len(line.case) for line in lines if line.reason), default=0)
        longest = max((len(line.reason) for line in lines), default=0)
        if _SUMMARY_WORD_WIDTH + width + 2 + longest > self._console.width:
            width = 0  # columns that do not fit are not aligned
        for line in lines:
            self._print_summary_line(line, width)
        if more:
            self._print_line(f"  and {pluralize(more, 'more cause')}", style="dim")

    def _print_summary_line(self, line: CauseLine, width: int) -> None:
        word, style = f"  {line.word}".ljust(_SUMMARY_WORD_WIDTH), _STYLES[line.section]
        text = f"{printable(line.case):<{width}}  {printable(line.reason)}".rstrip()
        first, *others = wrap_words(text, self._console.width - len(word))
        rest = "dim" if style == "dim" else ""
        self._print_text(Text.assemble((word, style), (first, rest)))
        for other in others:
            self._print_text(Text(" " * len(word) + other, style=rest))

    def _print_table(self) -> None:
        """Print the table of verdicts, without the descriptions of the kinds if the console is too narrow for them."""
        columns = verdict_columns(self._report)
        nothing = "-" if self._is_ascii else "·"
        rows = [["kind", "", "cases", *columns]]
        for kind, counts in self._report.counts.items():
            numbers = [f"{counts[verdict]:,}" if verdict in counts else nothing for verdict in columns]
            rows.append([kind, KIND_DESCRIPTIONS[kind], f"{sum(counts.values()):,}", *numbers])
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        if sum(widths) + 2 * (len(widths) - 1) > self._console.width:
            rows = [[kind, *others] for kind, _, *others in rows]
            del widths[1]
        texts = len(widths) - len(columns) - 1  # columns of text, which are aligned to the left
        for number, row in enumerate(rows):
            line = Text(style="" if number else "dim")
            for index, (cell, width) in enumerate(zip(row, widths, strict=True)):
                aligned = cell.ljust(width) if index < texts else cell.rjust(width)
                line.append(f"{'  ' if index else ''}{aligned}", style="dim" if 0 < index < texts else "")
            self._print_text(line)

    # --- the causes in full -------------------------------------------------------------------------------------------------

    def _print_section(self, section: Section, top: int) -> None:
        self._console.print()
        is_folded = section.title == NO_EFFECT
        self._print_line(section_line(section), style="bold")
        if is_folded and top:
            self._console.print()
        for cause in section.causes[:top]:
            if is_folded:
                self._print_folded(cause)
            else:
                self._console.print()
                self._print_cause(cause, _STYLES[section.title])
        if len(section.causes) > top:
            self._console.print()
            more = len(section.causes) - top
            self._print_line(f"  and {more:,} more: contractfuzz check --top N shows more", style="dim")

    def _print_folded(self, cause: Cause) -> None:
        location, _, _ = cause.title.rpartition(":")
        self._print_line(f"  {location}  {pluralize(len(cause.labels), 'label')}: {label_list(cause)}", indent=4)

    def _print_cause(self, cause: Cause, style: str) -> None:
        self._print_line(f"  {cause.title}", style=style, indent=4)
        for row in cause_rows(cause, MAX_SMALLEST_CHARACTERS):
            text = json_escaped(row.text) if row.is_payload and self._is_ascii else row.text
            self._print_row(row.name, text, is_copied=row.is_copied)

    # --- lines --------------------------------------------------------------------------------------------------------------

    def _print_row(self, name: str, text: str, *, is_copied: bool = False) -> None:
        """Print one row of a cause. A terminal copies a line that it has wrapped itself as one line."""
        head = f"    {name:<{_ROW_NAME_WIDTH}}"
        lines = [printable(text)] if is_copied else wrap_words(printable(text), self._console.width - len(head))
        line = Text(head, style="dim")
        line.append(lines[0], style="not dim")
        self._print_text(line)
        for other in lines[1:]:
            self._print_text(Text(" " * len(head) + other))

    def _print_line(self, text: str, style: str = "", indent: int = 0) -> None:
        first, *others = wrap_words(printable(text), self._console.width - indent)
        self._print_text(Text(first, style=style))
        for other in others:
            self._print_text(Text(" " * indent + other, style=style))

    def _print_text(self, text: Text) -> None:
        self._console.print(text, soft_wrap=True)


def _can_encode(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
