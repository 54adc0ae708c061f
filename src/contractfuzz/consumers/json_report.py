"""A report as JSON, for programs."""

from __future__ import annotations

import base64
from typing import Any

import contractfuzz
from contractfuzz.consumers.checking import Report
from contractfuzz.consumers.findings import Finding
from contractfuzz.consumers.wording import error_line, traceback_of
from contractfuzz.payloads.cases import ABSENT


def report_as_json(report: Report) -> dict[str, Any]:
    """Return ``report`` as a JSON object; a body that is no JSON is in base64 (RFC 4648, section 4)."""
    return {
        "contractfuzz": contractfuzz.__version__,
        "consumer": report.consumer,
        "contract": report.contract,
        "ok": report.ok,
        "complete": report.complete,
        "counts": report.counts,
        "tolerated": report.tolerated,
        "findings": [_finding(finding) for finding in report.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    case = finding.case
    body = {"body": base64.b64encode(case.body).decode()} if case.payload is ABSENT else {"payload": case.payload}
    return {
        "class": finding.group,
        "label": case.label,
        "description": case.description,
        "pointer": case.pointer,
        "expected": finding.expected,
        "verdict": finding.verdict.value,
        "seen": finding.seen,
        "error": None if finding.error is None else _error(finding),
        **body,
        "reproduction": finding.reproduction,
    }


def _error(finding: Finding) -> dict[str, str]:
    assert finding.error is not None  # noqa: S101 - the caller has looked
    return {
        "type": type(finding.error).__name__,
        "message": error_line(finding.error),
        "place": finding.place,
        "traceback": traceback_of(finding.error),
    }
