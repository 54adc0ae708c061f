"""Reports as workflow commands of GitHub Actions: annotations beside the code."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from contractfuzz.reports.headline import answer
from contractfuzz.running.causes import Cause, sections
from contractfuzz.running.findings import Finding
from contractfuzz.running.messages import got, show_body
from contractfuzz.running.report import Report
from contractfuzz.text import pluralize, printable

MOST_ERRORS = 10
"""How many errors GitHub shows of one step (its documentation of the limits of annotations)."""

MOST_LABELS = 5


def reports_as_github(reports: Sequence[Report]) -> str:
    """Return ``reports`` as workflow commands, a line each: an error for each cause, worst first, and the answer as a notice.

    GitHub shows no more than ``MOST_ERRORS`` errors of a step: beyond that, a warning says how many causes are left.
    """
    lines = [_command("notice", answer(report), title="contractfuzz") for report in reports]
    errors = [error for report in reports for error in _errors(report)]
    lines += errors[:MOST_ERRORS]
    if len(errors) > MOST_ERRORS:
        more = f"{pluralize(len(errors) - MOST_ERRORS, 'more cause')}: the report of contractfuzz in another form shows all."
        lines.append(_command("warning", more, title="contractfuzz"))
    return "\n".join(lines) + "\n"


def _errors(report: Report) -> Iterator[str]:
    for section in sections(report):
        for cause in section.causes:
            yield _command("error", _message(cause), title=f"{section.title}: {cause.title}", **_place(cause.smallest))


def _message(cause: Cause) -> str:
    finding = cause.smallest
    labels = ", ".join(cause.labels[:MOST_LABELS])
    more = len(cause.labels) - MOST_LABELS
    rows = [
        f"{finding.consumer} {got(finding)}",
        f"{pluralize(len(cause.labels), 'label')}: {labels}" + (f" and {more} more" if more > 0 else ""),
        f"smallest: {show_body(finding.case, 400)}",
        f"reproduce: {finding.reproduction}",
    ]
    return "\n".join(printable(row) for row in rows)


def _place(finding: Finding) -> dict[str, str]:
    """Return the properties that lead an annotation to where the consumer raised, else to where it begins, if that is known."""
    file, number = ("", 0) if finding.raised is None else (finding.raised.file, finding.raised.number)
    if not _in_repository(file):
        file, number = _definition(finding.consumer)
    shown = _in_repository(file)
    return {"file": shown, "line": str(number)} if shown else {}


def _definition(consumer: str) -> tuple[str, int]:
    module, _, path = consumer.rpartition(":")
    found: Any = sys.modules.get(module)
    for step in path.split("."):
        found = inspect.getattr_static(found, step, None)
    try:
        target = inspect.unwrap(found)
        return inspect.getsourcefile(target) or "", inspect.getsourcelines(target)[1]
    except (TypeError, OSError, ValueError):
        return "", 0


def _in_repository(file: str) -> str:
    """Return the path of ``file`` as an annotation names it, from the repository's root; empty if it lies elsewhere."""
    root = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())
    try:
        return Path(file).resolve().relative_to(root.resolve()).as_posix() if file else ""
    except (ValueError, OSError):
        return ""


def _command(name: str, message: str, **properties: str) -> str:
    shown = ",".join(f"{key}={_escaped(printable(value), ':,')}" for key, value in properties.items())
    return f"::{name} {shown}::{_escaped(message)}"


def _escaped(text: str, also: str = "") -> str:
    """Escape what ends a line or, in a property, the property: as GitHub's own toolkit (``@actions/core``) does."""
    for character in f"%\r\n{also}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text
