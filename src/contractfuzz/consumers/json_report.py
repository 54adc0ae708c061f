"""A report as JSON, for programs."""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import Any

import contractfuzz
from contractfuzz.consumers.checking import Report
from contractfuzz.consumers.findings import Finding
from contractfuzz.payloads.cases import ABSENT


def report_as_json(report: Report) -> dict[str, Any]:
    """Return ``report`` as a JSON object; a body that is no JSON is in base64 (RFC 4648, section 4)."""
    return {
        "contractfuzz": contractfuzz.__version__,
        "consumer": report.consumer,
        "contract": report.contract,
        "ok": report.ok,
        "complete": report.complete,
        "cut_short": report.cut_short,
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
        "detail": finding.detail,
        "error": None if finding.raised is None else asdict(finding.raised),
        **body,
        "reproduction": finding.reproduction,
    }
