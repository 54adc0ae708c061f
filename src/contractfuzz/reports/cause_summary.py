"""Causes in one line each, for the start of the text report and the messages of assertions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from contractfuzz.running.causes import CHANGED_SILENTLY, NO_EFFECT, Cause, Section
from contractfuzz.running.verdicts.effects import Effect
from contractfuzz.text import pluralize

RESERVED_LINES = 2
"""Lines of each section, so that many crashes do not hide what was changed silently."""


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
