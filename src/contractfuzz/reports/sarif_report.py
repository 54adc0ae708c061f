"""The report as SARIF: code scanning services show each cause at its line of the user's code."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import TextIO

from contractfuzz.json_values import canonical
from contractfuzz.reports.cause_summary import LINE_BREAK, cause_message
from contractfuzz.reports.code_locations import configuration_location, location_of
from contractfuzz.reports.headline import KIND_DESCRIPTIONS
from contractfuzz.running.causes import (
    CHANGED_SILENTLY,
    CRASHES,
    HUNG_OR_DIED,
    MUST_BE_ACCEPTED,
    NO_EFFECT,
    WRONG_REQUESTS,
    WRONGLY_ACCEPTED,
    Cause,
    Section,
    sections,
)
from contractfuzz.running.problems import location_and_problem, malformation_of, problem_labels
from contractfuzz.running.report import Report
from contractfuzz.running.verdicts.calling import Verdict
from contractfuzz.sarif import SarifLevel, SarifResult, sarif_log
from contractfuzz.text import json_text

LEVELS: dict[str, SarifLevel] = {
    MUST_BE_ACCEPTED: "error",
    CRASHES: "error",
    HUNG_OR_DIED: "error",
    WRONG_REQUESTS: "error",
    CHANGED_SILENTLY: "error",
    WRONGLY_ACCEPTED: "warning",
    NO_EFFECT: "note",
}
"""Severity of the causes of each section."""

_LINE_NUMBER = re.compile(r":\d+ in ")


def write_sarif(reports: Sequence[Report], file: TextIO) -> None:
    """Write reports as one log of SARIF 2.1.0, with a result for each cause. Known findings of a baseline are left out.

    The rule of a result is the glob of the labels with the same problem at the same location. A code scanning service takes two
    results with the same rule and line for one, and many causes are at the line that defines the consumer.

    Args:
        reports: the reports.
        file: the text file to write to.

    """
    results, rules = [], {}
    for report in reports:
        for section in sections(report):
            for cause in section.causes:
                rule, summary = _rule_of(section, cause)
                rules[rule] = summary
                results.append(_result(section, cause, rule))
    file.write(json_text(sarif_log(results, rules)))


def _result(section: Section, cause: Cause, rule: str) -> SarifResult:
    finding = cause.smallest
    # Services refuse a result without a place in the repository.
    path, line = location_of(finding) or configuration_location()
    return SarifResult(
        rule,
        LEVELS[section.title],
        f"{section.title}: {cause.title}{LINE_BREAK}{cause_message(cause)}",
        path,
        line,
        finding.case.pointer,
        fingerprint=_fingerprint(section, cause, rule),
        is_in_repository=True,
    )


def _fingerprint(section: Section, cause: Cause, rule: str) -> str:
    """Return a text that is the same for the same cause in another run, also if its line has moved."""
    finding = cause.smallest
    raised = _LINE_NUMBER.sub(" in ", finding.raised_at)
    identity = canonical([finding.consumer, finding.contract, section.title, rule, raised])
    return hashlib.sha256(identity.encode()).hexdigest()[:32]


def _rule_of(section: Section, cause: Cause) -> tuple[str, str]:
    """Return the rule of a cause and its description."""
    finding = cause.smallest
    label, kind = finding.case.label or "", finding.kind
    if kind == "invalid" and finding.case.labels:
        first = finding.case.labels[0]
        location, problem = location_and_problem(first)
        if section.title == NO_EFFECT:
            return f"{first.rpartition(':')[0]}:*", f"Payloads that break the contract at {location}, without effect"
        return problem_labels(first), f"Payloads that break the contract at {location}: {problem}"
    if kind == "malformed" and finding.verdict is Verdict.ACCEPTED:
        return malformation_of(label), f"Bodies that are not interoperable JSON: {malformation_of(label)}"
    if kind == "wire":
        group = label.partition(".")[0]
        return f"{group}.*", f"Responses that {KIND_DESCRIPTIONS[kind]}: {group}"
    return kind, f"Payloads that {KIND_DESCRIPTIONS[kind]}"
