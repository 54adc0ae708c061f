"""The report as Markdown, for job summaries of CI services and comments on pull requests."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TextIO

from contractfuzz.markdown import MAX_COMMENT_BYTES, LimitedPage, code_span, fenced, left_out_line, table
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
from contractfuzz.running.causes import NO_EFFECT, Cause, Section, sections
from contractfuzz.running.report import Report
from contractfuzz.text import pluralize, truncate

MAX_LISTED_CAUSES = 10
"""Causes that are listed right after the answer."""

MAX_PAYLOAD_CHARACTERS = 1000

MAX_NAME_CHARACTERS = 500
"""Length limit of each text that is not copied, such as the name of a consumer or a list of labels."""

_RESERVED_BYTES = 500
"""Room for the sentence about what is left out."""


def write_markdown(reports: Sequence[Report], file: TextIO, *, top: int = 5, show: Collection[str] = ()) -> None:
    """Write reports as Markdown of at most ``MAX_COMMENT_BYTES`` bytes. A sentence at the end counts what is left out.

    Args:
        reports: the reports.
        file: the text file to write to.
        top: number of causes that each section shows in full, 0 or more.
        show: titles of the sections to show; empty for all.

    """
    page = _CausesPage(MAX_COMMENT_BYTES - _RESERVED_BYTES)
    chosen = [[one for one in sections(report) if not show or one.title in show] for report in reports]
    starts = [_start_of(report, some) for report, some in zip(reports, chosen, strict=True)]
    reserved = sum(len(start.encode()) for start in starts)
    hidden_reports = 0
    for start, some in zip(starts, chosen, strict=True):
        # The answers of later reports are worth more than the details of this one.
        reserved -= len(start.encode())
        if not page.add(start):
            hidden_reports += 1
            continue
        for section in some:
            page.add_section(section, top, reserved)
    file.write(page.text(hidden_reports))


class _CausesPage(LimitedPage):
    """A page with the causes of reports."""

    def __init__(self, room: int) -> None:
        super().__init__(room)
        self._hidden_causes = 0

    def add_section(self, section: Section, top: int, reserved: int) -> None:
        shown = section.causes[:top]
        more = len(section.causes) - len(shown)
        if not shown or not self.add(f"### {section_line(section)}\n", reserved):
            self._hidden_causes += len(shown)
            return
        if section.title == NO_EFFECT:
            rows = [f"- {_name(cause.title.rpartition(':')[0])}: {_name(label_list(cause))}\n" for cause in shown]
            blocks = ["".join(rows)]
        else:
            blocks = [_cause_block(cause) for cause in shown]
        self._hidden_causes += sum(not self.add(block, reserved) for block in blocks)
        if more:
            self.add(f"and {more:,} more: `--top N` shows more\n", reserved)

    def text(self, hidden_reports: int) -> str:
        """Return the page, with a sentence about what is left out."""
        hidden = [
            *([pluralize(self._hidden_causes, "cause")] if self._hidden_causes else []),
            *([pluralize(hidden_reports, "report")] if hidden_reports else []),
        ]
        last = [left_out_line(" and ".join(hidden), "HTML")] if hidden else []
        return "\n".join([*self.blocks, *last])


def _start_of(report: Report, some: Sequence[Section]) -> str:
    """Return the blocks that start a report: the answer, a line for each cause, the table, and the notes."""
    lines, more = cause_lines(some, MAX_LISTED_CAUSES)
    listed = [_list_item(line) for line in lines] + ([f"- and {pluralize(more, 'more cause')}\n"] if more else [])
    notes = [note for note in _notes(report) if note]
    blocks = [
        f"## {answer(report, _name)}\n",
        "".join(listed),
        _table(report) if report.counts else "",
        "".join(f"- {note}\n" for note in notes),
    ]
    return "\n".join(block for block in blocks if block)


def _list_item(line: CauseLine) -> str:
    return f"- {line.word}: {_name(line.case)}" + (f" ({_name(line.reason)})" if line.reason else "") + "\n"


def _table(report: Report) -> str:
    columns = verdict_columns(report)
    rows = [["kind", "cases", *columns]]
    for kind, counts in report.counts.items():
        numbers = [sum(counts.values()), *(counts.get(verdict, 0) for verdict in columns)]
        rows.append([f"{kind}: {KIND_DESCRIPTIONS[kind]}", *(f"{number:,}" for number in numbers)])
    return table(rows, len(columns) + 1)


def _notes(report: Report) -> Iterator[str]:
    yield policy_line(report, _name)
    yield from baseline_sentences(report, _name)
    for pattern, cases in report.tolerated.items():
        yield f"tolerance {_name(pattern)} {tolerance_use(cases)}"
    yield incompleteness(report, _name)
    yield shrinking_limit(report)


def _cause_block(cause: Cause) -> str:
    rows = cause_rows(cause, MAX_PAYLOAD_CHARACTERS)
    items = "".join(f"- {row.name}: {_name(row.text)}\n" for row in rows if not row.is_copied and row.text)
    codes = [f"{row.name}:\n\n{fenced(row.text, _language(row.text))}" for row in rows if row.is_copied]
    return "\n".join([f"**{_name(cause.title)}**\n", *([items] if items else []), *codes])


def _language(text: str) -> str:
    """Return the language for the highlighting of a text that is copied."""
    if text.startswith(("import ", "from ")):
        return "python"
    return "json" if text.startswith(("{", "[")) else "text"


def _name(text: str) -> str:
    return code_span(truncate(text, MAX_NAME_CHARACTERS))
