"""Reports as JUnit XML: one test case for each label, so that a CI server shows and counts them like tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

from contractfuzz.reports.outcomes import Outcome, outcomes_of
from contractfuzz.running.calling import Verdict
from contractfuzz.running.findings import Finding
from contractfuzz.running.messages import explain, headline
from contractfuzz.running.report import Report
from contractfuzz.text import printable

MOST_FINDINGS = 5
"""How many findings one test case tells in full: that of a kind without labels may have hundreds."""


def reports_as_junit(reports: Sequence[Report]) -> str:
    """Return ``reports`` as an XML document in the form that JUnit's Ant task began, a test suite for each report.

    A label is a test case, and so is a kind without labels. One that was let through or refused has failed; one on which the
    consumer crashed, hung or died is in error; one that was not fed is skipped. No character is in it that XML 1.0 forbids.
    """
    root = ET.Element("testsuites", name="contractfuzz")
    suites = [ET.SubElement(root, "testsuite", _suite(report)) for report in reports]
    for suite, report in zip(suites, reports, strict=True):
        for case in _cases(report):
            suite.append(case)
    for element in (root, *suites):
        element.attrib |= {"tests": str(len(list(element.iter("testcase"))))}
        for plural, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            element.attrib[plural] = str(len(list(element.iter(tag))))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="UTF-8"?>\n', "\n")
    )


def _suite(report: Report) -> dict[str, str]:
    return {"name": printable(f"{report.consumer} on {report.contract}")}


def _cases(report: Report) -> Iterator[ET.Element]:
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding in report.findings:
        found.setdefault((finding.kind, finding.case.label or ""), []).append(finding)
    for kind, labels in outcomes_of(report).items():
        for label, standings in labels.items():
            name = label or f"{kind} payloads"
            case = ET.Element("testcase", classname=printable(f"{report.contract}.{kind}"), name=printable(name))
            findings = found.get((kind, label), [])
            if findings:
                _add_failure(case, findings)
            elif Outcome.MISSED in standings:
                ET.SubElement(case, "skipped", message=printable(report.cut_short or "no case of it was fed"))
            yield case


def _add_failure(case: ET.Element, findings: Sequence[Finding]) -> None:
    worst = findings[0]
    crashed = worst.verdict not in (Verdict.ACCEPTED, Verdict.REJECTED)
    error_name = worst.raised.name if worst.raised is not None else worst.verdict.value
    element = ET.SubElement(
        case, "error" if crashed else "failure", type=printable(error_name), message=printable(headline(worst))
    )
    told = [explain(finding) for finding in findings[:MOST_FINDINGS]]
    if len(findings) > MOST_FINDINGS:
        told.append(f"and {len(findings) - MOST_FINDINGS} more")
    element.text = printable("\n\n".join(told), keep="\n")
