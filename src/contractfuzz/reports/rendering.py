"""Any form of a report, by its name."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence
from pathlib import PurePath
from typing import Literal, get_args

from contractfuzz.errors import ContractError, unknown
from contractfuzz.running.report import Report

Form = Literal["text", "json", "html", "junit", "github"]
FORMS: tuple[Form, ...] = get_args(Form)

_SUFFIXES: dict[str, Form] = {".txt": "text", ".json": "json", ".html": "html", ".htm": "html", ".xml": "junit"}


def render(reports: Report | Sequence[Report], form: str) -> str:
    """Return a report, or several, in one of ``FORMS``, ending in a line break; several as JSON are an array.

    Raises:
        ContractError: there is no such form.

    """
    several = [reports] if isinstance(reports, Report) else list(reports)
    for known, write in _WRITERS.items():
        if form == known:
            return write(several)
    raise unknown("form of a report", form, FORMS)


def form_of(file: str) -> Form:
    """Return the form that belongs to the suffix of a file's name; ContractError where none does."""
    suffix = PurePath(file).suffix.lower()
    if suffix not in _SUFFIXES:
        raise ContractError(f"{file} names no form of a report: end it in {', '.join(_SUFFIXES)}")
    return _SUFFIXES[suffix]


def _text(reports: Sequence[Report]) -> str:
    from rich.console import Console

    from contractfuzz.reports.text_report import print_report

    file = io.StringIO()
    console = Console(file=file, highlight=False, width=120)
    for number, report in enumerate(reports):
        if number:
            console.print()
        print_report(report, console)
    return file.getvalue()


def _json(reports: Sequence[Report]) -> str:
    from contractfuzz.reports.json_report import report_as_json

    data = [report_as_json(report) for report in reports]
    return json.dumps(data[0] if len(data) == 1 else data, indent=2) + "\n"


def _html(reports: Sequence[Report]) -> str:
    from contractfuzz.reports.html_page import reports_as_html

    return reports_as_html(reports)


def _junit(reports: Sequence[Report]) -> str:
    from contractfuzz.reports.junit_xml import reports_as_junit

    return reports_as_junit(reports)


def _github(reports: Sequence[Report]) -> str:
    from contractfuzz.reports.github_annotations import reports_as_github

    return reports_as_github(reports)


_WRITERS: dict[Form, Callable[[Sequence[Report]], str]] = {
    "text": _text,
    "json": _json,
    "html": _html,
    "junit": _junit,
    "github": _github,
}
