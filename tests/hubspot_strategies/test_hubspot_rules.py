"""The rules of the pack: every payload of a rule is valid, breaks this rule and keeps all others."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from hubspot_strategies import contract
from hubspot_strategies.rules import RULES

BY_NAME = {rule.name: rule for rule in RULES}
EACH_RULE = pytest.mark.parametrize("name", BY_NAME)
NEW_YEAR = "2023-01-01T00:00:00Z"
LATER = "2023-01-01T00:00:01Z"
BASE = {"status": "COMPLETE", "results": [], "startedAt": NEW_YEAR, "completedAt": NEW_YEAR}
PLAIN = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}
DECIDES = {"associationCategory": "USER_DEFINED", "associationTypeId": 31, "label": "Decision maker"}


def result(source, *to, **more):
    return {"from": {"id": source}, "to": list(to), **more}


def link(target, *types):
    return {"toObjectId": target, "associationTypes": list(types)}


def page(**following):
    return {"next": following}


NOT_FOUND = {
    "status": "error",
    "category": "OBJECT_NOT_FOUND",
    "message": "The contact 1 has no company.",
    "context": {"fromObjectId": ["1"], "fromObjectType": ["contact"], "toObjectType": ["company"]},
}
SMALLEST = {
    "completed-before-started": {**BASE, "startedAt": LATER},
    "started-before-requested": {**BASE, "requestedAt": LATER},
    "num-errors-mismatch": {**BASE, "numErrors": 0, "errors": [NOT_FOUND]},
    "completion-in-future": {**BASE, "completedAt": "2999-01-01T00:00:00Z"},
    "pending-with-results": {**BASE, "status": "PENDING", "results": [result("1")]},
    "duplicate-from-id": {**BASE, "results": [result("1"), result("1")]},
    "duplicate-to-object-id": {**BASE, "results": [result("1", link("2", PLAIN), link("2", PLAIN))]},
    "duplicate-association-type": {**BASE, "results": [result("1", link("2", PLAIN, PLAIN))]},
    "paging-next-without-after": {**BASE, "results": [result("1", paging=page())]},
    "repeated-cursor": {
        **BASE,
        "results": [result("1", paging=page(after="MTow")), result("2", paging=page(after="MTow"))],
    },
    "empty-id": {**BASE, "results": [result("")]},
    "self-association": {**BASE, "results": [result("1", link("1", PLAIN))]},
    "errors-missing": {**BASE, "numErrors": 1},
    "label-conflict": {
        **BASE,
        "results": [result("1", link("2", DECIDES), link("3", {**DECIDES, "label": "Other"}))],
    },
}


def broken_rules(payload):
    return [rule.name for rule in contract.rules if not rule.keeps(payload)]


def keeps(name, **changes):
    payload = {**BASE, **changes}
    assert contract.is_valid(payload)
    return BY_NAME[name].keeps(payload)


# --- every rule ---------------------------------------------------------------------------------------------------------


def test_the_contract_has_all_rules_in_a_stable_order():
    assert [rule.name for rule in contract.rules] == list(SMALLEST)


@EACH_RULE
def test_a_description_is_one_line(name):
    description = BY_NAME[name].description
    assert description
    assert "\n" not in description


@EACH_RULE
@given(data=st.data())
def test_every_payload_of_a_rule_breaks_it_alone(name, data):
    case = data.draw(contract.cases("incoherent", only=name))
    assert case.label == name
    assert contract.errors(case.payload) == []
    assert broken_rules(case.payload) == [name]


def test_every_sampled_payload_breaks_its_rule_alone():
    for case in contract.sample(len(RULES) * 100, kind="incoherent"):
        assert contract.errors(case.payload) == []
        assert broken_rules(case.payload) == [case.label]


@EACH_RULE
def test_a_rule_shrinks_to_its_smallest_payload(name):
    case = find(
        contract.incoherent(), lambda case: case.label == name, settings=settings(database=None, max_examples=2000)
    )
    assert case.payload == SMALLEST[name]


def test_the_first_samples_are_the_smallest_payloads():
    cases = contract.sample(len(RULES), kind="incoherent", seed=5)
    assert {case.label: case.payload for case in cases} == SMALLEST


def test_a_consumer_need_only_survive_an_incoherent_payload():
    assert {case.expectation for case in contract.sample(28, kind="incoherent")} == {"survives"}


@pytest.mark.parametrize("profile", ["broad", "hostile"])
@given(data=st.data())
def test_every_valid_payload_keeps_or_breaks_each_rule(profile, data):
    payload = data.draw(contract.valid(profile))
    assert {rule.keeps(payload) for rule in RULES} <= {True, False}


# --- variety of faults ---------------------------------------------------------------------------------------------------


def payloads_of(name, n=400):
    return [case.payload for case in contract.sample(len(RULES) * n, kind="incoherent") if case.label == name]


def test_the_fault_occurs_in_the_first_the_last_and_a_middle_result():
    payloads = payloads_of("empty-id")
    places = {
        (number, len(payload["results"]))
        for payload in payloads
        for number, result in enumerate(payload["results"])
        if result["from"]["id"] == ""
    }
    assert {(0, 1), (0, 3), (1, 3), (2, 3)} <= places


def test_a_fault_in_the_second_result_shrinks_to_two_results():
    case = find(
        contract.cases("incoherent", only="empty-id"),
        lambda case: case.payload["results"][0]["from"]["id"] != "",
        settings=settings(database=None, max_examples=2000),
    )
    assert case.payload == {**BASE, "results": [result("1"), result("")]}


def test_duplicate_objects_are_adjacent_or_apart():
    distances = set()
    for payload in payloads_of("duplicate-from-id"):
        ids = [result["from"]["id"] for result in payload["results"]]
        first = next(number for number, source in enumerate(ids) if ids.count(source) == 2)
        distances.add(ids.index(ids[first], first + 1) - first)
    assert distances == {1, 2, 3}


def test_a_repeated_cursor_is_that_of_the_previous_result():
    for payload in payloads_of("repeated-cursor", 50):
        cursors = [result["paging"]["next"]["after"] for result in payload["results"]]
        assert sum(before == after for before, after in pairwise(cursors)) == 1


def test_a_wrong_count_of_errors_is_too_low_and_too_high():
    differences = {payload["numErrors"] - len(payload["errors"]) for payload in payloads_of("num-errors-mismatch")}
    assert {-1, 1, 100} <= differences


def test_both_statuses_of_a_finished_batch_are_completed_in_the_future():
    assert {payload["status"] for payload in payloads_of("completion-in-future")} == {"COMPLETE", "CANCELED"}


def test_labels_conflict_within_a_result_and_across_results():
    spans = set()
    for payload in payloads_of("label-conflict"):
        holders = [
            number
            for number, result in enumerate(payload["results"])
            for link in result["to"]
            for way in link["associationTypes"]
            if way.get("label") not in {None, "Primary", "Decision maker", "Billing contact", "Synced account"}
        ]
        spans.update(holders)
    assert {0, 1} <= spans


# --- coherent payloads --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2025-01-01T00:00:00Z", "2025-01-01T00:00:00.000000001Z"),
        ("2025-01-01T00:00:00.09Z", "2025-01-01T00:00:00.1Z"),
        ("2025-01-01T00:30:00+01:00", "2025-01-01T00:00:00Z"),
        ("2025-01-01T00:00:00Z", "2024-12-31T23:30:00-01:00"),
        ("2024-02-29T23:59:59Z", "2024-03-01T00:00:00Z"),
        ("1999-12-31T23:59:59Z", "2000-01-01T00:00:00Z"),
        ("2016-12-31T23:59:59Z", "2016-12-31T23:59:60Z"),
        ("0000-12-31T23:59:59Z", "0001-01-01T00:00:00Z"),
    ],
)
def test_timestamps_are_compared_as_instants(earlier, later):
    rule = BY_NAME["completed-before-started"]
    assert rule.keeps({**BASE, "startedAt": earlier, "completedAt": later})
    assert not rule.keeps({**BASE, "startedAt": later, "completedAt": earlier})


@pytest.mark.parametrize("same", ["2025-01-01T01:00:00+01:00", "2025-01-01T00:00:00.000Z", "2024-12-31t19:00:00-05:00"])
def test_one_instant_written_in_two_ways_is_in_order(same):
    rule = BY_NAME["completed-before-started"]
    assert rule.keeps({**BASE, "startedAt": same, "completedAt": "2025-01-01T00:00:00Z"})
    assert rule.keeps({**BASE, "startedAt": "2025-01-01T00:00:00Z", "completedAt": same})


def test_requested_at_is_optional():
    assert keeps("started-before-requested")


@pytest.mark.parametrize(
    ("status", "kept"), [("PENDING", True), ("PROCESSING", True), ("COMPLETE", False), ("CANCELED", False)]
)
def test_only_a_finished_batch_must_be_completed_by_now(status, kept):
    assert keeps("completion-in-future", status=status, completedAt="2999-01-01T00:00:00Z") is kept


@pytest.mark.parametrize(
    ("changes", "broken"),
    [
        ({}, []),
        ({"errors": [NOT_FOUND]}, []),
        ({"numErrors": 0}, []),
        ({"numErrors": 0, "errors": []}, []),
        ({"numErrors": 1, "errors": [NOT_FOUND]}, []),
        ({"numErrors": -1}, ["num-errors-mismatch"]),
        ({"numErrors": 1, "errors": []}, ["num-errors-mismatch"]),
        ({"numErrors": 2, "errors": [NOT_FOUND]}, ["num-errors-mismatch"]),
        ({"numErrors": 1}, ["errors-missing"]),
    ],
)
def test_num_errors_is_compared_with_the_errors_that_are_listed(changes, broken):
    assert broken_rules({**BASE, **changes}) == broken


@pytest.mark.parametrize(
    "types",
    [
        [PLAIN, DECIDES],
        [PLAIN, {**PLAIN, "associationTypeId": 1}],
        # A type id is unique only within its category.
        [PLAIN, {**PLAIN, "associationCategory": "USER_DEFINED"}],
    ],
)
def test_types_of_other_numbers_or_categories_are_other_types(types):
    assert keeps("duplicate-association-type", results=[result("1", link("2", *types))])


def test_the_same_object_may_be_listed_under_two_results():
    assert keeps("duplicate-to-object-id", results=[result("1", link("3", PLAIN)), result("2", link("3", PLAIN))])


def test_a_type_has_a_label_everywhere_or_nowhere():
    unlabelled = {name: value for name, value in DECIDES.items() if name != "label"}
    assert keeps("label-conflict", results=[result("1", link("2", unlabelled), link("3", unlabelled))])
    assert not keeps("label-conflict", results=[result("1", link("2", DECIDES)), result("2", link("3", unlabelled))])


def test_a_result_without_a_next_page_needs_no_cursor():
    for paging in ({}, page(after="MTow")):
        assert keeps("paging-next-without-after", results=[result("1", paging=paging), result("2")])
