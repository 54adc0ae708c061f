"""The registry of report formats, and functions that write reports in any of them.

A new format is one module with one function, and one row in ``REPORT_FORMATS``. The function takes the reports and the text
file to write to, and as keyword arguments the options that its row lists.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any, TextIO

from contractfuzz.errors import ContractError, unknown

if TYPE_CHECKING:
    from contractfuzz.running.report import Report


@dataclass(frozen=True)
class ReportFormat:
    """A format in which reports are written.

    Attributes:
        name: the name that users choose it by.
        function: the function that writes it, as ``module:function``; imported when it is used.
        audience: the readers that it is for, in a few words.
        suffixes: suffixes of file names that choose it, in lower case.
        options: names of the keyword arguments that the function takes.

    """

    name: str
    function: str
    audience: str
    suffixes: tuple[str, ...] = ()
    options: frozenset[str] = frozenset()


REPORT_FORMATS: dict[str, ReportFormat] = {
    row.name: row
    for row in (
        ReportFormat(
            "text",
            "contractfuzz.reports.text_report:write_text",
            audience="terminals",
            suffixes=(".txt",),
            options=frozenset({"top", "show"}),
        ),
        ReportFormat(
            "html",
            "contractfuzz.reports.page.html_page:write_html",
            audience="browsers",
            suffixes=(".html", ".htm"),
            options=frozenset({"comparisons"}),
        ),
        ReportFormat("json", "contractfuzz.reports.json_report:write_json", audience="programs", suffixes=(".json",)),
        ReportFormat("junit", "contractfuzz.reports.junit_xml:write_junit", audience="CI servers", suffixes=(".xml",)),
        ReportFormat("github", "contractfuzz.reports.github_annotations:write_github", audience="GitHub Actions"),
        ReportFormat(
            "markdown",
            "contractfuzz.reports.markdown_report:write_markdown",
            audience="job summaries and comments",
            suffixes=(".md",),
            options=frozenset({"top", "show"}),
        ),
        ReportFormat(
            "sarif",
            "contractfuzz.reports.sarif_report:write_sarif",
            audience="code scanning services",
            suffixes=(".sarif",),
        ),
    )
}
"""The report formats by name."""


def find_format(name: str) -> ReportFormat:
    """Return the report format of a name.

    Args:
        name: a key of ``REPORT_FORMATS``.

    Raises:
        ContractError: no format has this name.

    """
    if name not in REPORT_FORMATS:
        raise unknown("report format", name, REPORT_FORMATS)
    return REPORT_FORMATS[name]


def format_of_suffix(file: str) -> str | None:
    """Return the name of the report format that the suffix of a file name chooses, or None if it chooses none.

    Args:
        file: a file name or path; upper and lower case are the same.

    """
    suffix = PurePath(file).suffix.lower()
    return next((row.name for row in REPORT_FORMATS.values() if suffix in row.suffixes), None)


def format_of(file: str) -> str:
    """Return the name of the report format that the suffix of a file name chooses.

    Args:
        file: a file name or path; upper and lower case are the same.

    Raises:
        ContractError: no format has this suffix.

    Example:
        >>> format_of("out/report.html")
        'html'

    """
    name = format_of_suffix(file)
    if name is None:
        suffixes = [suffix for row in REPORT_FORMATS.values() for suffix in row.suffixes]
        raise ContractError(f"{file} does not name a report format: end it in {', '.join(suffixes)}")
    return name


def write_report(reports: Report | Sequence[Report], file: TextIO, format: str, **options: Any) -> None:  # noqa: A002
    """Write one or more reports to a text file.

    Args:
        reports: the reports; several as JSON are an array.
        file: the file, open for writing. Text goes to a terminal with colours.
        format: a key of ``REPORT_FORMATS``.
        options: options of any format; a format ignores those that its row does not list.
            ``top``: number of causes per section that text and Markdown show.
            ``show``: titles of the sections that text and Markdown show; empty for all.
            ``comparisons``: earlier or other reports that the page compares with.

    Raises:
        ContractError: the format does not exist.

    """
    row = find_format(format)
    write = resolve_name(row.function)
    several = list(reports) if isinstance(reports, Sequence) else [reports]
    write(several, file, **{name: value for name, value in options.items() if name in row.options})


def render(reports: Report | Sequence[Report], format: str, **options: Any) -> str:  # noqa: A002
    """Return one or more reports as text that ends in a line break.

    Args:
        reports: the reports; several as JSON are an array.
        format: a key of ``REPORT_FORMATS``.
        options: as for ``write_report``.

    Raises:
        ContractError: the format does not exist.

    """
    file = io.StringIO()
    write_report(reports, file, format, **options)
    return file.getvalue()
