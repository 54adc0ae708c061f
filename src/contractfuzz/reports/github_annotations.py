"""The report as workflow commands of GitHub Actions, which shows them as annotations of the code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

from contractfuzz.reports.cause_summary import LINE_BREAK, cause_message
from contractfuzz.reports.code_locations import location_of
from contractfuzz.reports.headline import answer
from contractfuzz.running.causes import Cause, sections
from contractfuzz.running.report import Report
from contractfuzz.text import pluralize, printable

MAX_ERRORS_PER_STEP = 10
"""Error annotations that GitHub shows of one step (GitHub's documentation, limits of annotations)."""


def write_github(reports: Sequence[Report], file: TextIO) -> None:
    """Write reports as workflow commands, one on each line: the answers as notices, then an error for each cause, worst first.

    GitHub shows at most ``MAX_ERRORS_PER_STEP`` errors of a step; a warning counts the causes beyond that.

    Args:
        reports: the reports.
        file: the text file to write to.

    """
    lines = [_command("notice", answer(report), title="contractfuzz") for report in reports]
    errors = [error for report in reports for error in _errors(report)]
    lines += errors[:MAX_ERRORS_PER_STEP]
    if len(errors) > MAX_ERRORS_PER_STEP:
        more = pluralize(len(errors) - MAX_ERRORS_PER_STEP, "more cause")
        lines.append(_command("warning", f"{more}: write the report as HTML or JSON to see all", title="contractfuzz"))
    file.write("\n".join(lines) + "\n")


def _errors(report: Report) -> Iterator[str]:
    for section in sections(report):
        for cause in section.causes:
            title = f"{section.title}: {cause.title}"
            yield _command("error", cause_message(cause), title=title, **_properties(cause))


def _properties(cause: Cause) -> dict[str, str]:
    location = location_of(cause.smallest)
    return {} if location is None else {"file": location.path, "line": str(location.line)}


def _command(name: str, message: str, **properties: str) -> str:
    pairs = ",".join(f"{key}={_escape(printable(value), ':,')}" for key, value in properties.items())
    return f"::{name} {pairs}::{_escape(printable(message, keep=LINE_BREAK))}"


def _escape(text: str, also: str = "") -> str:
    """Escape the characters that end a line, and ``also`` those that end a property, as GitHub's ``@actions/core`` does."""
    for character in f"%\r\n{also}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text
