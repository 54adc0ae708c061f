"""Causes in one line each, and in rows of names and texts: what the reports for people have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from contractfuzz.running.causes import CHANGED_SILENTLY, NO_EFFECT, Cause, Section
from contractfuzz.running.messages import EFFECT_WORDS, fault_locations, got, remedy_of, show_body
from contractfuzz.running.verdicts.effects import Effect
from contractfuzz.text import pluralize, printable

RESERVED_LINES = 2
"""Lines of each section, so that many crashes do not hide what was changed silently."""

MAX_LABELS_PER_CAUSE = 8

MAX_LABELS_PER_MESSAGE = 5

MAX_MESSAGE_BODY_CHARACTERS = 400

LINE_BREAK = "\n"


class CauseLine(NamedTuple):
    """A cause in one line.

    Attributes:
        word: the verdict, or the effect of a violation that was accepted.
        case: the label of the smallest case, or its kind; and the number of other labels.
        reason: the exception and the place that raised it, or another reason; empty if there is none.
        section: title of the section of the cause.

    """

    word: str
    case: str
    reason: str
    section: str


class CauseRow(NamedTuple):
    """A property of a cause.

    Attributes:
        name: its name, one or two words.
        text: its text on one line.
        is_payload: True if the text is part of a payload or of a response.
        is_copied: True if people copy the text as it is: it must not be broken into lines.

    """

    name: str
    text: str
    is_payload: bool = False
    is_copied: bool = False


def cause_lines(sections: Sequence[Section], limit: int) -> tuple[list[CauseLine], int]:
    """Return a line for each cause, worst first. The findings without effect share one line, which is always among them.

    Args:
        sections: the sections of a report.
        limit: maximum number of lines, without the line about findings without effect.

    Returns:
        The lines, and the number of causes that have no line.

    """
    others = [section for section in sections if section.title != NO_EFFECT]
    shown: list[CauseLine] = []
    for index, section in enumerate(others):
        reserved = sum(min(len(later.causes), RESERVED_LINES) for later in others[index + 1 :])
        count = max(limit - len(shown) - reserved, RESERVED_LINES)
        shown += [_line(section, cause) for cause in section.causes[:count]]
    more = sum(len(section.causes) for section in others) - len(shown)
    return shown + [_line_of_no_effect(section) for section in sections if section.title == NO_EFFECT], more


def _line(section: Section, cause: Cause) -> CauseLine:
    finding = cause.smallest
    word = "changed" if section.title == CHANGED_SILENTLY else finding.verdict.value
    more = len(cause.labels) - 1
    case = cause.labels[0] + (f" and {more:,} more" if more else "")
    reason = finding.raised_at or finding.detail
    if finding.effect is Effect.UNKNOWN:
        reason = "effect unknown"
    return CauseLine(word, case, f"{reason} (flaky)" if finding.flaky else reason, section.title)


def _line_of_no_effect(section: Section) -> CauseLine:
    case = f"{pluralize(section.finding_count, 'violation')} at {pluralize(len(section.causes), 'location')}"
    return CauseLine("no effect", case, "", section.title)


def section_line(section: Section) -> str:
    """Return the title of a section with its numbers: ``Crashes: 3 findings (7 cases) from 2 causes``."""
    counts = f"{pluralize(section.finding_count, 'finding')} ({pluralize(section.case_count, 'case')})"
    number = len(section.causes)
    origin = (
        f"at {pluralize(number, 'location')}" if section.title == NO_EFFECT else f"from {pluralize(number, 'cause')}"
    )
    return f"{section.title}: {counts} {origin}"


def cause_rows(cause: Cause, max_body_characters: int) -> list[CauseRow]:
    """Return a cause as rows: its error, its labels, its smallest payload or exchange, and a line that reproduces it.

    Args:
        cause: the cause.
        max_body_characters: the length at which the payload is cut.

    """
    finding = cause.smallest
    rows = []
    if finding.raised is not None or finding.detail:
        rows.append(CauseRow("error", finding.raised.line if finding.raised else finding.detail))
    rows.append(CauseRow(pluralize(len(cause.labels), "label"), label_list(cause)))
    if finding.kind == "wire":
        rows.append(CauseRow("in words", finding.case.description))
    for name, text in [] if finding.exchange is None else finding.exchange.rows():
        if finding.kind == "wire" or name != "body":
            rows.append(CauseRow(name, text, is_payload=True))
    if finding.kind != "wire":
        rows.append(CauseRow("smallest", show_body(finding.case, max_body_characters), is_payload=True, is_copied=True))
    if finding.case.is_spelled:
        rows.append(CauseRow("spelling", finding.case.description))
    if any(finding.case.pointers):
        rows.append(CauseRow("fault at", fault_locations(finding.case)))
    if finding.revealed_by is not None:
        rows.append(CauseRow("shown by", f"{finding.revealed_by} too, but its fault is not the cause"))
    if remedy := remedy_of(finding):
        rows.append(CauseRow("remedy", remedy))
    rows.append(CauseRow("reproduce", finding.reproduction, is_copied=True))
    return rows


def cause_message(cause: Cause) -> str:
    """Return a cause as a message for one line of code, on several printable lines."""
    finding = cause.smallest
    exchange, is_wire = [] if finding.exchange is None else finding.exchange.rows(), finding.kind == "wire"
    labels = ", ".join(cause.labels[:MAX_LABELS_PER_MESSAGE])
    more = len(cause.labels) - MAX_LABELS_PER_MESSAGE
    rows = [
        f"{finding.consumer} {got(finding)}",
        f"{pluralize(len(cause.labels), 'label')}: {labels}" + (f" and {more} more" if more > 0 else ""),
        *([] if finding.effect is None else [f"effect: {EFFECT_WORDS[finding.effect]}"]),
        *(f"{name}: {text}" for name, text in exchange[:2]),
        *([] if is_wire else [f"smallest: {show_body(finding.case, MAX_MESSAGE_BODY_CHARACTERS)}"]),
        f"reproduce: {finding.reproduction}",
    ]
    return LINE_BREAK.join(printable(row) for row in rows)


def label_list(cause: Cause) -> str:
    """Return the labels of a cause, separated by commas; they do not repeat a location that all of them share."""
    locations = {label.rpartition(":")[0] for label in cause.labels}
    prefix = f"{locations.pop()}:" if len(locations) == 1 and len(cause.labels) > 1 else ""
    labels = [label.removeprefix(prefix) for label in cause.labels]
    more = len(labels) - MAX_LABELS_PER_CAUSE
    return ", ".join(labels[:MAX_LABELS_PER_CAUSE]) + (f" and {more} more" if more > 0 else "")
