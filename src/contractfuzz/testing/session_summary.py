"""What there is to tell at the end of a test session, line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from contractfuzz.reports.json_report import from_json, report_as_json
from contractfuzz.reports.merging import merge
from contractfuzz.reports.rendering import format_of, render
from contractfuzz.running.report import Report
from contractfuzz.testing.session import Session
from contractfuzz.text import pluralize, printable

_VERDICTS = {"accepted": "let through", "rejected": "refused", "crashed": "crashed", "hung": "hung", "died": "died"}


def lines(session: Session) -> Iterator[str]:
    """Yield what the assertions of a session did: each consumer, the tolerances, the kept cases, and what went wrong."""
    for report in merge(session.reports):
        yield _of(report)
        for pattern, times in report.tolerated.items():
            yield f"  tolerated {pattern}: {f'{times} cases' if times else 'not needed, remove it'}"
    for path, status in session.replayed.items():
        yield f"{printable(path)}: {status}"
    yield from (printable(note) for note in session.notes)


def write_report(session: Session, file: str) -> str:
    """Write the reports of a session into ``file``, in the form that its suffix names, and return in one line what came of it."""
    if not session.reports:
        return f"{file} was not written: no contract assertion was run"
    try:
        Path(file).write_text(render(merge(session.reports), format_of(file)), encoding="utf-8")
    except OSError as error:
        return f"{file} cannot be written ({error.strerror}): name a file in a folder that exists"
    return f"report: {file}"


def as_json(session: Session) -> str:
    """Return what a session has to tell as JSON, for another process."""
    reports = [report_as_json(report) for report in session.reports]
    return json.dumps({"reports": reports, "replayed": session.replayed, "notes": session.notes})


def add_json(session: Session, text: str) -> None:
    """Add to ``session`` what ``as_json`` made of another one."""
    told = json.loads(text)
    session.reports += [from_json(report) for report in told["reports"]]
    for path, status in told["replayed"].items():
        session.tell_replayed(Path(path), status, "")
    session.notes += told["notes"]


def _of(report: Report) -> str:
    cases = sum(sum(met.values()) for met in report.counts.values())
    found = ", ".join(
        f"{number} {words}" for verdict, words in _VERDICTS.items() if (number := _found(report, verdict))
    )
    return f"{report.consumer} on {report.contract}: {pluralize(cases, 'case')}, {found or 'nothing found'}"


def _found(report: Report, verdict: str) -> int:
    return sum(finding.seen for finding in report.findings if finding.verdict == verdict)
