"""Counters of the benchmarks, as their page defines them."""

from __future__ import annotations

import pytest
from benchmarks.metrics import InvalidMetrics, count_bytes, count_faults, count_leaves, locate, violated_keywords
from benchmarks.workers.serving import NOT_JSON, has_bug

from contractfuzz import Contract

TIMESTAMP = "2000-01-01T00:00:00Z"
SMALLEST = {"status": "PENDING", "results": [], "startedAt": TIMESTAMP, "completedAt": TIMESTAMP}


@pytest.fixture(scope="module")
def contract():
    return Contract.named("batch_association_response")


@pytest.mark.parametrize(
    ("payload", "leaves"), [(1, 1), (None, 1), ([], 0), ({}, 0), ({"a": [1, [2], {}], "b": None}, 3)]
)
def test_a_leaf_is_a_value_without_values_inside(payload, leaves):
    assert count_leaves(payload) == leaves


def test_bytes_are_counted_in_compact_json_as_utf_8():
    assert count_bytes({"é": [1, 2]}) == len('{"é":[1,2]}'.encode())


@pytest.mark.parametrize(
    ("pointer", "location"),
    [
        ("", ""),
        ("/numErrors", "/numErrors"),
        ("/results/0/from/id", "/results/*/from/id"),
        ("/errors/3/context/a~1b/0", "/errors/*/context/*/*"),
    ],
)
def test_a_location_has_a_star_for_each_item_and_map_value(contract, pointer, location):
    assert locate(pointer, contract.schema, contract.schema) == location


def test_each_missing_property_counts_as_a_separate_location(contract):
    assert count_faults(contract, SMALLEST) == 0
    assert count_faults(contract, {**SMALLEST, "numErrors": "x"}) == 1
    assert count_faults(contract, {"status": "PENDING", "results": []}) == 2


def test_an_error_is_a_location_with_a_keyword(contract):
    assert violated_keywords(contract, {**SMALLEST, "results": [{"to": []}]}) == {("/results/*", "required")}


def test_every_violation_of_the_contract_is_reached_by_its_own_cases(contract):
    metrics = InvalidMetrics(
        contract, [case.payload for case in contract.sample(len(contract.violations()), "invalid")]
    )
    assert metrics.total == metrics.json == metrics.invalid == metrics.single
    assert metrics.coverage == 1


def test_a_body_that_is_not_json_breaks_nothing(contract):
    metrics = InvalidMetrics(contract, [NOT_JSON, None])
    assert (metrics.total, metrics.json, metrics.invalid) == (2, 1, 1)


def test_the_planted_bug_is_triggered_by_a_cursor_to_the_next_page():
    assert not has_bug({"results": [{"paging": {"next": {"link": ""}}}, {}]})
    assert has_bug({"results": [{}, {"paging": {"next": {"after": ""}}}]})
