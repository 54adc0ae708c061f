"""The report as JUnit XML: CI servers show and count labels like tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO
from xml.etree import ElementTree as ET

from contractfuzz.reports.outcomes import Outcome, outcome_of, outcomes_of
from contractfuzz.running.findings import Finding
from contractfuzz.running.messages import explain, headline
from contractfuzz.running.report import Report
from contractfuzz.running.verdicts.calling import Verdict
from contractfuzz.text import printable

MAX_FINDINGS_PER_TEST_CASE = 5
"""Findings that a test case explains; that of a kind without labels may have hundreds."""

_COUNTED_ELEMENTS = {"tests": "testcase", "failures": "failure", "errors": "error", "skipped": "skipped"}


def write_junit(reports: Sequence[Report], file: TextIO) -> None:
    """Write reports as one XML document in the format of JUnit's Ant task, with a test suite for each report.

    Each label is a test case, and so is each kind without labels. A test case fails if a case was wrongly accepted or rejected,
    has an error if the consumer crashed, hung or died, and is skipped if no case was fed. Characters that XML 1.0 forbids are
    written as JSON escapes.

    Args:
        reports: the reports.
        file: the text file to write to.

    """
    root = ET.Element("testsuites", name="contractfuzz")
    for report in reports:
        suite = ET.SubElement(root, "testsuite", name=printable(f"{report.consumer} on {report.contract}"))
        suite.extend(_test_cases(report))
    for element in (root, *root):
        element.attrib |= {name: str(len(list(element.iter(tag)))) for name, tag in _COUNTED_ELEMENTS.items()}
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode", xml_declaration=False)
    file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n')


def _test_cases(report: Report) -> Iterator[ET.Element]:
    findings: dict[tuple[str, str], list[Finding]] = {}
    for finding in report.findings:
        findings.setdefault((finding.kind, finding.case.label or ""), []).append(finding)
    for kind, labels in outcomes_of(report).items():
        for label, outcomes in labels.items():
            name = label or f"{kind} payloads"
            element = ET.Element("testcase", classname=printable(f"{report.contract}.{kind}"), name=printable(name))
            if some := findings.get((kind, label)):
                _add_failure(element, some)
            elif Outcome.NOT_FED in outcomes:
                ET.SubElement(element, "skipped", message=printable(report.cut_short or "no case was fed"))
            yield element


def _add_failure(element: ET.Element, findings: Sequence[Finding]) -> None:
    worst = findings[0]
    tag = "failure" if worst.verdict in (Verdict.ACCEPTED, Verdict.REJECTED) else "error"
    type_name = worst.raised.name if worst.raised is not None else outcome_of(worst).value
    failure = ET.SubElement(element, tag, type=printable(type_name), message=printable(headline(worst)))
    paragraphs = [explain(finding) for finding in findings[:MAX_FINDINGS_PER_TEST_CASE]]
    if len(findings) > MAX_FINDINGS_PER_TEST_CASE:
        paragraphs.append(f"and {len(findings) - MAX_FINDINGS_PER_TEST_CASE} more")
    failure.text = printable("\n\n".join(paragraphs), keep="\n")
