"""Merging: the reports of one consumer and contract become one."""

from __future__ import annotations

from reported_consumers import careless, orders_contract

from contractfuzz.reports.merging import merge
from contractfuzz.running.run import Run


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
    run = Run(careless, orders_contract, feed="bytes", examples=0, only="/state:*")
    run.feed_all()
    (merged,) = merge([run.report(), reported("careless")])
    assert merged.labels == reported("careless").labels
