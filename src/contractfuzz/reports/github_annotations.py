"""The report as workflow commands of GitHub Actions, which shows them as annotations of the code."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from contractfuzz.reports.headline import answer
from contractfuzz.running.causes import Cause, sections
from contractfuzz.running.findings import Finding
from contractfuzz.running.messages import EFFECT_WORDS, got, show_body
from contractfuzz.running.report import Report
from contractfuzz.text import pluralize, printable

MAX_ERRORS_PER_STEP = 10
"""Error annotations that GitHub shows of one step (GitHub's documentation, limits of annotations)."""

MAX_LABELS_PER_ANNOTATION = 5

LINE_BREAK = "\n"

MAX_ANNOTATED_BODY_CHARACTERS = 400


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
            yield _command("error", _message(cause), title=title, **_position(cause.smallest))


def _message(cause: Cause) -> str:
    finding = cause.smallest
    exchange, is_wire = [] if finding.exchange is None else finding.exchange.rows(), finding.kind == "wire"
    labels = ", ".join(cause.labels[:MAX_LABELS_PER_ANNOTATION])
    more = len(cause.labels) - MAX_LABELS_PER_ANNOTATION
    rows = [
        f"{finding.consumer} {got(finding)}",
        f"{pluralize(len(cause.labels), 'label')}: {labels}" + (f" and {more} more" if more > 0 else ""),
        *([] if finding.effect is None else [f"effect: {EFFECT_WORDS[finding.effect]}"]),
        *(f"{name}: {text}" for name, text in exchange[:2]),
        *([] if is_wire else [f"smallest: {show_body(finding.case, MAX_ANNOTATED_BODY_CHARACTERS)}"]),
        f"reproduce: {finding.reproduction}",
    ]
    return LINE_BREAK.join(printable(row) for row in rows)


def _position(finding: Finding) -> dict[str, str]:
    """Return the properties of an annotation's position: the line that raised, else the definition of the consumer."""
    file, line = ("", 0) if finding.raised is None else (finding.raised.file, finding.raised.number)
    if not _path_in_repository(file):
        file, line = _definition(finding.consumer)
    path = _path_in_repository(file)
    return {"file": path, "line": str(line)} if path else {}


def _definition(consumer: str) -> tuple[str, int]:
    """Return the file and line where a consumer that is imported is defined; an empty file if that is not known."""
    module, _, attributes = consumer.rpartition(":")
    value: Any = sys.modules.get(module)
    for attribute in attributes.split("."):
        value = inspect.getattr_static(value, attribute, None)
    try:
        target = inspect.unwrap(value)
        return inspect.getsourcefile(target) or "", inspect.getsourcelines(target)[1]
    except (TypeError, OSError, ValueError):
        return "", 0


def _path_in_repository(file: str) -> str:
    """Return the path of ``file`` relative to the root of the repository; empty if it is outside."""
    root = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())
    try:
        return Path(file).resolve().relative_to(root.resolve()).as_posix() if file else ""
    except (ValueError, OSError):
        return ""


def _command(name: str, message: str, **properties: str) -> str:
    pairs = ",".join(f"{key}={_escape(printable(value), ':,')}" for key, value in properties.items())
    return f"::{name} {pairs}::{_escape(printable(message, keep=LINE_BREAK))}"


def _escape(text: str, also: str = "") -> str:
    """Escape the characters that end a line, and ``also`` those that end a property, as GitHub's ``@actions/core`` does."""
    for character in f"%\r\n{also}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text
