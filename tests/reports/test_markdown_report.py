"""Markdown: what a job summary or a comment on a pull request shows of a report."""

from __future__ import annotations

from dataclasses import replace

import reported_consumers

from contractfuzz import Verdict, check
from contractfuzz.markdown import MAX_COMMENT_BYTES
from contractfuzz.reports.rendering import render


def test_the_answer_comes_first_then_the_causes_and_the_table(reported):
    text = render(reported("careless"), "markdown")
    assert text.startswith("## `reported_consumers:careless` does not honour `orders`.\n\n- crashed: `")
    assert text.index("\n| kind | cases | accepted | rejected | crashed |\n") < text.index("\n### Crashes: ")
    assert "\n| valid: satisfy the contract | 20 | 20 | 0 | 0 |\n" in text


def test_a_cause_has_its_smallest_payload_and_a_line_that_reproduces_it():
    report = check(reported_consumers.careless, reported_consumers.orders_contract, feed="bytes", examples=0)
    findings = [finding for finding in report.findings if finding.case.label == "/lines:required.missing"]
    text = render(replace(report, findings=findings), "markdown")
    cause = text[text.index("\n**`KeyError at ") :]
    assert '\nsmallest:\n\n```json\n{"state":"open"}\n```\n' in cause
    assert "\nreproduce:\n\n```python\nimport sys; " in cause
    assert cause.endswith('careless(b\'{"state":"open"}\')\n```\n')
    assert "- fault at: `/lines`\n" in cause


def test_an_honest_consumer_has_an_answer_and_a_table_only(reported):
    text = render(reported("honest"), "markdown")
    assert text.startswith("## `reported_consumers:honest` honours `orders`.\n\n| kind ")
    assert "###" not in text


def test_known_and_fixed_findings_of_a_baseline_are_listed(reported):
    report = reported("careless")
    known = replace(report, findings=[], known=report.findings[:2], fixed=("/state:type.null accepted",))
    text = render(known, "markdown")
    assert "honours `orders`, apart from 2 known findings.\n" in text
    assert "\n- 1 finding of the baseline is fixed: `/state:type.null accepted`.\n" in text


def test_a_long_report_fits_into_a_comment_and_counts_what_it_leaves_out(reported):
    report = reported("careless")
    long = [
        replace(
            finding,
            reproduction=f"read({'x' * 3_000})",
            verdict=Verdict.CRASHED,
            detail=f"reason {number}",
            effect=None,
        )
        for number, finding in enumerate(report.findings)
    ]
    text = render([replace(report, findings=long), report], "markdown", top=1000)
    assert MAX_COMMENT_BYTES - 5_000 < len(text.encode()) <= MAX_COMMENT_BYTES
    assert text.count("\n## ") == 1
    left_out = text.rstrip("\n").rpartition("\n")[2]
    assert left_out.startswith("Left out, because a comment has a limited size: ")


def test_many_reports_fit_into_a_comment(reported):
    text = render([reported("careless")] * 200, "markdown")
    assert len(text.encode()) <= MAX_COMMENT_BYTES
    assert " reports. The HTML report has all.\n" in text
