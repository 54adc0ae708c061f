"""Outcomes: one word for each thing that the consumer did with a label, worst first."""

from __future__ import annotations

from dataclasses import replace

from reported_consumers import careless, orders_contract
from runs import report_of

from contractfuzz import Verdict, check
from contractfuzz.reports.outcomes import Outcome, outcomes_of


def test_a_careless_consumer_crashes_on_some_violations_and_wrongly_accepts_others(reported):
    invalid = outcomes_of(reported("careless"))["invalid"]
    assert invalid["/lines:required.missing"] == [Outcome.CRASHED]
    assert invalid["/state:required.missing"] == [Outcome.NO_EFFECT]


def test_an_honest_consumer_rejects_every_violation_and_accepts_valid_payloads(reported):
    outcomes = outcomes_of(reported("honest"))
    assert {tuple(each) for each in outcomes["invalid"].values()} == {(Outcome.REJECTED,)}
    assert outcomes["valid"] == {"": [Outcome.ACCEPTED]}


def test_a_tolerated_violation_is_not_wrongly_accepted(reported):
    report = reported("careless", tolerate="/state:required.missing")
    assert outcomes_of(report)["invalid"]["/state:required.missing"] == [Outcome.TOLERATED]


def test_random_cases_add_outcomes_to_that_of_the_smallest_case(reported):
    report = reported("careless")
    finding = next(each for each in report.findings if each.case.label == "/lines:required.missing")
    other = replace(finding, verdict=Verdict.ACCEPTED)
    outcomes = outcomes_of(replace(report, findings=[*report.findings, other]))
    assert outcomes["invalid"]["/lines:required.missing"] == [Outcome.CRASHED, Outcome.WRONGLY_ACCEPTED]


def test_labels_that_were_not_fed_have_the_outcome_not_fed():
    report = report_of(careless, orders_contract, feed="bytes", examples=0, only="/state:*")
    assert outcomes_of(report)["invalid"]["/lines:type.null"] == [Outcome.NOT_FED]


def test_valid_payloads_may_be_accepted_and_wrongly_rejected_in_one_report():
    def choosy(order):
        if order["lines"]:
            raise ValueError("no lines, please")

    outcomes = outcomes_of(check(choosy, orders_contract, examples=20))
    assert outcomes["valid"] == {"": [Outcome.WRONGLY_REJECTED, Outcome.ACCEPTED]}
