"""The report as JSON, for programs, and back again; ``docs/report.schema.json`` describes it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, TextIO

from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import parse_kind
from contractfuzz.payloads.cases.json_form import case_from_json, content_to_json
from contractfuzz.running.calling import EXPECTED_VERDICTS, Verdict
from contractfuzz.running.exceptions import ExceptionSummary
from contractfuzz.running.findings import Finding
from contractfuzz.running.report import Report
from contractfuzz.version import installed_version

FORMAT_NUMBER = 2
"""Number of the format. It grows when a property is removed, renamed or changes its meaning."""

_EXPECTATIONS = {" or ".join(verdicts): name for name, verdicts in EXPECTED_VERDICTS.items()}


def write_json(reports: Sequence[Report], file: TextIO) -> None:
    """Write one report as a JSON object, several as an array of them.

    Args:
        reports: the reports.
        file: the text file to write to.

    """
    data = [report_as_json(report) for report in reports]
    file.write(json.dumps(data[0] if len(data) == 1 else data, indent=2) + "\n")


def report_as_json(report: Report) -> dict[str, Any]:
    """Return a report as a JSON object; a body that is not JSON is in base64 (RFC 4648, section 4)."""
    return {
        "format": FORMAT_NUMBER,
        "contractfuzz": installed_version(),
        "consumer": report.consumer,
        "contract": report.contract,
        "ok": report.ok,
        "complete": report.complete,
        "cut_short": report.cut_short,
        "counts": report.counts,
        "labels": report.labels,
        "tolerated": report.tolerated,
        "findings": [_finding_as_json(finding) for finding in report.findings],
    }


def from_json(data: Any) -> Report:
    """Return the report that ``report_as_json`` turned into ``data``.

    Args:
        data: the JSON object.

    Returns:
        The report. Its findings have no exceptions (``Finding.error``), only their descriptions (``Finding.raised``).

    Raises:
        ContractError: ``data`` is not a report, or has another format.

    """
    try:
        if data["format"] != FORMAT_NUMBER:
            raise ContractError(
                f"the report has format {data['format']!r} instead of {FORMAT_NUMBER}: write it with this version of contractfuzz"
            )
        consumer, contract = data["consumer"], data["contract"]
        return Report(
            consumer,
            contract,
            counts=data["counts"],
            findings=[_finding_from_json(finding, consumer, contract) for finding in data["findings"]],
            tolerated=data["tolerated"],
            cut_short=data["cut_short"],
            labels={
                kind: {label: None if verdict is None else Verdict(verdict) for label, verdict in labels.items()}
                for kind, labels in data["labels"].items()
            },
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        problem = f"{type(error).__name__}: {error}"
        raise ContractError(f"not a report ({problem}): write one with contractfuzz check --format json") from error


def _finding_as_json(finding: Finding) -> dict[str, Any]:
    case = finding.case
    return {
        "kind": finding.kind,
        "label": case.label,
        "description": case.description,
        "pointer": case.pointer,
        "expected": finding.expected,
        "verdict": finding.verdict.value,
        "seen": finding.seen,
        "flaky": finding.flaky,
        "detail": finding.detail,
        "cause": finding.cause,
        "error": None if finding.raised is None else asdict(finding.raised),
        **content_to_json(case),
        "reproduction": finding.reproduction,
    }


def _finding_from_json(data: dict[str, Any], consumer: str, contract: str) -> Finding:
    return Finding(
        case_from_json(data, parse_kind(data["kind"]), _EXPECTATIONS[data["expected"]]),
        Verdict(data["verdict"]),
        data["expected"],
        error=None,
        consumer=consumer,
        contract=contract,
        reproduction=data["reproduction"],
        raised=None if data["error"] is None else ExceptionSummary(**data["error"]),
        detail=data["detail"],
        seen=data["seen"],
        flaky=data.get("flaky", False),
    )
