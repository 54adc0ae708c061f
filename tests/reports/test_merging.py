"""Merging: the reports of one consumer and contract become one."""

from __future__ import annotations

from dataclasses import replace

from contractfuzz import Verdict
from contractfuzz.reports.merging import merge


def test_cases_are_added_up_and_each_finding_is_kept_once(reported):
    report = reported("careless")
    (merged,) = merge([report, report])
    assert merged.counts["invalid"] == {verdict: 2 * count for verdict, count in report.counts["invalid"].items()}
    assert [finding.key for finding in merged.findings] == [finding.key for finding in report.findings]
    assert [finding.seen for finding in merged.findings] == [2 * finding.seen for finding in report.findings]
    assert merged.labels == report.labels


def test_consumers_are_kept_apart_in_the_order_in_which_they_appear(reported):
    merged = merge([reported("honest"), reported("careless"), reported("honest")])
    assert [report.consumer for report in merged] == ["reported_consumers:honest", "reported_consumers:careless"]


def test_a_label_keeps_its_worst_verdict(reported):
    report = reported("careless")
    assert set(report.labels["invalid"].values()) >= {Verdict.ACCEPTED, Verdict.CRASHED}
    for harmless in (None, Verdict.REJECTED):
        better = replace(
            report, labels={kind: dict.fromkeys(labels, harmless) for kind, labels in report.labels.items()}
        )
        (merged,) = merge([better, report])
        assert merged.labels == report.labels
