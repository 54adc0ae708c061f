"""Summary of a test session: lines for the terminal, a report file, and JSON for another process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from contractfuzz.reports.headline import MAX_FIXED_ENTRIES
from contractfuzz.reports.json_report import from_json, report_as_json
from contractfuzz.reports.merging import merge
from contractfuzz.reports.rendering import format_of, render
from contractfuzz.running.report import Report
from contractfuzz.testing.session import Session
from contractfuzz.text import list_names, pluralize, printable

_FINDING_WORDS = {
    "accepted": "wrongly accepted",
    "rejected": "wrongly rejected",
    "crashed": "crashed",
    "hung": "hung",
    "looped": "looped",
    "repeated": "repeated a request",
    "died": "died",
}


def summary_lines(session: Session) -> Iterator[str]:
    """Return the results of a session: a line for each consumer, tolerance, replayed case and note."""
    return map(printable, _raw_summary_lines(session))


def _raw_summary_lines(session: Session) -> Iterator[str]:
    for report in _merged_reports(session):
        yield _report_line(report)
        if report.fixed:
            yield f"  fixed: {list_names(report.fixed, MAX_FIXED_ENTRIES)}"
        for pattern, count in report.tolerated.items():
            yield f"  tolerated {pattern}: {pluralize(count, 'case') if count else 'not needed, remove it'}"
    for path, status in session.replayed.items():
        yield f"{path}: {status}"
    yield from session.notes


def _merged_reports(session: Session) -> list[Report]:
    reports = merge(session.reports)
    if session.baseline is None or session.updates_baseline:
        return reports
    return [session.baseline.apply(report) for report in reports]


def update_baseline(session: Session) -> None:
    """Write the baseline of a session with the findings of the session, if the session updates it.

    Raises:
        ContractError: the file cannot be written.

    """
    if session.baseline is not None and session.updates_baseline:
        updated = session.baseline.updated(merge(session.reports))
        updated.write()
        session.notes.append(session.baseline.describe_update(updated))


def write_report(session: Session, file: str) -> str:
    """Write the merged reports of a session to a file.

    Args:
        session: the session.
        file: the path of the file; its suffix decides the format of the report.

    Returns:
        A line that says where the report is, or why it was not written.

    """
    if not session.reports:
        return f"{file} was not written: no contract assertion ran"
    try:
        Path(file).write_text(render(_merged_reports(session), format_of(file)), encoding="utf-8", newline="\n")
    except OSError as error:
        return f"{file} cannot be written ({error.strerror}): name a file in a folder that exists"
    return f"report: {file}"


def session_as_json(session: Session) -> str:
    """Return the results of a session as JSON text, for ``add_session_json`` in another process."""
    reports = [report_as_json(report) for report in session.reports]
    return json.dumps(
        {
            "reports": reports,
            "replayed": session.replayed,
            "notes": session.notes,
            "statistics": session.statistics,
        }
    )


def add_session_json(session: Session, text: str) -> None:
    """Add the results of another process to a session.

    Args:
        session: the session to add to.
        text: the JSON text that ``session_as_json`` returned in the other process.

    """
    results = json.loads(text)
    session.reports += [from_json(report) for report in results["reports"]]
    for path, status in results["replayed"].items():
        session.record_replay(Path(path), status, "")
    session.notes += results["notes"]
    session.statistics += results["statistics"]


def _report_line(report: Report) -> str:
    fed = sum(sum(verdicts.values()) for verdicts in report.counts.values())
    counts = {words: _count_findings(report, verdict) for verdict, words in _FINDING_WORDS.items()}
    found = ", ".join(f"{count} {words}" for words, count in counts.items() if count)
    known = f", {len(report.known)} known" if report.known else ""
    nothing = "nothing new" if known else "nothing found"
    return f"{report.consumer} on {report.contract}: {pluralize(fed, 'case')}, {found or nothing}{known}"


def _count_findings(report: Report, verdict: str) -> int:
    """Count the cases that led to findings with a verdict."""
    return sum(finding.seen for finding in report.findings if finding.verdict == verdict)
