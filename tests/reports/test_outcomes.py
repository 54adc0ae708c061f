"""The word for what came of a label says what the consumer did, the worst first."""

from __future__ import annotations

from dataclasses import replace

from runs import report_of

from contractfuzz import Verdict, check
from contractfuzz.reports.outcomes import Outcome, outcomes_of


def test_a_careless_consumer_crashes_on_some_violations_and_lets_others_through(reported):
    invalid = outcomes_of(reported("careless"))["invalid"]
    assert invalid["/lines:required.missing"] == [Outcome.CRASHED]
    assert invalid["/state:required.missing"] == [Outcome.LET_THROUGH]


def test_an_honest_consumer_rejects_every_violation_and_accepts_what_is_valid(reported):
    standings = outcomes_of(reported("honest"))
    assert {tuple(each) for each in standings["invalid"].values()} == {(Outcome.REJECTED,)}
    assert standings["valid"] == {"": [Outcome.ACCEPTED]}


def test_a_tolerated_violation_is_told_from_one_that_was_let_through(reported):
    report = reported("careless", tolerate="/state:required.missing")
    assert outcomes_of(report)["invalid"]["/state:required.missing"] == [Outcome.TOLERATED]


def test_what_a_random_case_met_counts_beside_what_the_smallest_did(reported):
    report = reported("careless")
    finding = next(one for one in report.findings if one.case.label == "/lines:required.missing")
    other = replace(finding, verdict=Verdict.ACCEPTED)
    standings = outcomes_of(replace(report, findings=[*report.findings, other]))
    assert standings["invalid"]["/lines:required.missing"] == [Outcome.CRASHED, Outcome.LET_THROUGH]


def test_labels_that_were_not_fed_are_not_reached():
    from reported_consumers import careless, orders_contract

    report = report_of(careless, orders_contract, feed="bytes", examples=0, only="/state:*")
    assert outcomes_of(report)["invalid"]["/lines:type.null"] == [Outcome.MISSED]


def test_a_refused_valid_payload_stands_beside_the_accepted_ones():
    from reported_consumers import orders_contract

    def choosy(order):
        if order["lines"]:
            raise ValueError("no lines, please")

    standings = outcomes_of(check(choosy, orders_contract, examples=20))
    assert standings["valid"] == {"": [Outcome.REFUSED, Outcome.ACCEPTED]}
