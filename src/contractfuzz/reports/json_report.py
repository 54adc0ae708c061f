"""The report as JSON, for programs, and back again; ``docs/report.schema.json`` describes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, TextIO

from contractfuzz.errors import ContractError
from contractfuzz.json_values import member
from contractfuzz.payloads.cases.case import parse_kind
from contractfuzz.payloads.cases.json_form import case_from_json, content_to_json, second_to_json
from contractfuzz.running.findings import Finding
from contractfuzz.running.report import Report
from contractfuzz.running.verdicts.calling import EXPECTATION_WORDS, Verdict
from contractfuzz.running.verdicts.effects import Effect
from contractfuzz.running.verdicts.exceptions import ExceptionSummary
from contractfuzz.running.verdicts.exchanges import ExchangeSummary
from contractfuzz.text import json_texts, one_line
from contractfuzz.version import installed_version

MAX_PROBLEM_CHARACTERS = 200
"""Length limit of the part of an error message that quotes a file."""

FORMAT_NUMBER = 2
"""Number of the format. It grows when a property is removed, renamed or changes its meaning."""

_EXPECTATIONS = {words: name for name, words in EXPECTATION_WORDS.items()}


def write_json(reports: Sequence[Report], file: TextIO) -> None:
    """Write one report as a JSON object, several as an array of them.

    Args:
        reports: the reports.
        file: the text file to write to.

    """
    file.write(json_texts([report_as_json(report) for report in reports]))


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
        "unshrunk": report.unshrunk,
        "counts": report.counts,
        "labels": report.labels,
        "policy": report.policy,
        "must_accept": list(report.must_accept),
        "tolerated": report.tolerated,
        "findings": [_finding_as_json(finding) for finding in report.findings],
        "known": [_finding_as_json(finding) for finding in report.known],
        "fixed": list(report.fixed),
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
        if member(data, "format", int) != FORMAT_NUMBER:
            raise ContractError(
                f"the report has format {data['format']!r} instead of {FORMAT_NUMBER}: write it with this version of contractfuzz"
            )
        consumer, contract = member(data, "consumer", str), member(data, "contract", str)
        labels = member(data, "labels", dict)
        return Report(
            consumer,
            contract,
            counts=_counts_from_json(member(data, "counts", dict)),
            findings=_findings_from_json(data, "findings", consumer, contract),
            tolerated={pattern: member(data["tolerated"], pattern, int) for pattern in member(data, "tolerated", dict)},
            cut_short=member(data, "cut_short", str),
            labels={parse_kind(kind): _verdicts_from_json(member(labels, kind, dict)) for kind in labels},
            policy=member(data, "policy", str) if "policy" in data else "strict",
            must_accept=tuple(map(str, member(data, "must_accept", list))) if "must_accept" in data else (),
            unshrunk=member(data, "unshrunk", int) if "unshrunk" in data else 0,
            known=_findings_from_json(data, "known", consumer, contract) if "known" in data else [],
            fixed=tuple(map(str, member(data, "fixed", list))) if "fixed" in data else (),
        )
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        problem = one_line(f"{type(error).__name__}: {error}", MAX_PROBLEM_CHARACTERS)
        raise ContractError(f"not a report ({problem}): write one with contractfuzz check --format json") from error


def _counts_from_json(data: dict[str, Any]) -> dict[str, dict[str, int]]:
    return {
        parse_kind(kind): {
            Verdict(verdict).value: member(data[kind], verdict, int) for verdict in member(data, kind, dict)
        }
        for kind in data
    }


def _verdicts_from_json(data: dict[str, Any]) -> dict[str, Verdict | None]:
    return {label: None if verdict is None else Verdict(verdict) for label, verdict in data.items()}


def _finding_as_json(finding: Finding) -> dict[str, Any]:
    case = finding.case
    return {
        "kind": finding.kind,
        "label": case.label,
        "description": case.description,
        "pointer": case.pointer,
        **second_to_json(case),
        "expected": finding.expected,
        "verdict": finding.verdict.value,
        "effect": None if finding.effect is None else finding.effect.value,
        "revealed_by": finding.revealed_by,
        "seen": finding.seen,
        "flaky": finding.flaky,
        "detail": finding.detail,
        "cause": finding.cause,
        "error": None if finding.raised is None else asdict(finding.raised),
        **({} if finding.exchange is None else {"exchange": finding.exchange.as_json()}),
        **content_to_json(case),
        "reproduction": finding.reproduction,
    }


def _findings_from_json(data: dict[str, Any], name: str, consumer: str, contract: str) -> list[Finding]:
    return [_finding_from_json(finding, consumer, contract) for finding in member(data, name, list)]


def _finding_from_json(data: dict[str, Any], consumer: str, contract: str) -> Finding:
    return Finding(
        case_from_json(data, parse_kind(member(data, "kind", str)), _EXPECTATIONS[member(data, "expected", str)]),
        Verdict(member(data, "verdict", str)),
        data["expected"],
        error=None,
        consumer=consumer,
        contract=contract,
        reproduction=member(data, "reproduction", str),
        raised=None if data["error"] is None else _exception_from_json(data["error"]),
        detail=member(data, "detail", str),
        seen=member(data, "seen", int),
        flaky=member(data, "flaky", bool) if "flaky" in data else False,
        effect=None if data.get("effect") is None else Effect(member(data, "effect", str)),
        revealed_by=member(data, "revealed_by", str, type(None)) if "revealed_by" in data else None,
        exchange=ExchangeSummary.from_json(data["exchange"]) if "exchange" in data else None,
    )


def _exception_from_json(data: dict[str, Any]) -> ExceptionSummary:
    texts = {name: member(data, name, str) for name in ("name", "line", "place", "traceback", "file")}
    return ExceptionSummary(**texts, number=member(data, "number", int))
