"""A report as JSON, for programs: what ``docs/report.schema.json`` describes, and back again."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import parse_kind
from contractfuzz.payloads.cases.json_form import body_of, case_of
from contractfuzz.running.calling import EXPECTED, Verdict
from contractfuzz.running.exceptions import Raised
from contractfuzz.running.findings import Finding
from contractfuzz.running.report import Report
from contractfuzz.version import installed_version

FORMAT = 2
"""The number of the format; it grows when what was there is left out, renamed or means something else."""

_EXPECTATIONS = {" or ".join(verdicts): name for name, verdicts in EXPECTED.items()}


def report_as_json(report: Report) -> dict[str, Any]:
    """Return ``report`` as a JSON object; a body that is no JSON is in base64 (RFC 4648, section 4)."""
    return {
        "format": FORMAT,
        "contractfuzz": installed_version(),
        "consumer": report.consumer,
        "contract": report.contract,
        "ok": report.ok,
        "complete": report.complete,
        "cut_short": report.cut_short,
        "counts": report.counts,
        "labels": report.labels,
        "tolerated": report.tolerated,
        "findings": [_finding(finding) for finding in report.findings],
    }


def from_json(data: Any) -> Report:
    """Return the report that ``report_as_json`` made ``data`` of; of what was raised only the words are left.

    Raises:
        ContractError: ``data`` is no such object.

    """
    try:
        if data["format"] != FORMAT:
            raise ContractError(
                f"the report has the format {data['format']!r} instead of {FORMAT}: make it with this version of contractfuzz"
            )
        names = data["consumer"], data["contract"]
        return Report(
            *names,
            counts=data["counts"],
            findings=[_finding_of(finding, *names) for finding in data["findings"]],
            tolerated=data["tolerated"],
            cut_short=data["cut_short"],
            labels={
                name: {label: None if met is None else Verdict(met) for label, met in labels.items()}
                for name, labels in data["labels"].items()
            },
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        problem = f"{type(error).__name__}: {error}"
        raise ContractError(f"this is no report ({problem}): make one with contractfuzz check --format json") from error


def _finding(finding: Finding) -> dict[str, Any]:
    case = finding.case
    return {
        "kind": case.kind,
        "label": case.label,
        "description": case.description,
        "pointer": case.pointer,
        "expected": finding.expected,
        "verdict": finding.verdict.value,
        "seen": finding.seen,
        "detail": finding.detail,
        "cause": finding.cause,
        "error": None if finding.raised is None else asdict(finding.raised),
        **body_of(case),
        "reproduction": finding.reproduction,
    }


def _finding_of(data: dict[str, Any], consumer: str, contract: str) -> Finding:
    return Finding(
        case_of(data, parse_kind(data["kind"]), _EXPECTATIONS[data["expected"]]),
        Verdict(data["verdict"]),
        data["expected"],
        error=None,
        consumer=consumer,
        contract=contract,
        reproduction=data["reproduction"],
        raised=None if data["error"] is None else Raised(**data["error"]),
        detail=data["detail"],
        seen=data["seen"],
    )
