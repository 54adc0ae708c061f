"""The impact of one changed payload on a consumer."""

import ctypes
import os
from datetime import datetime
from itertools import count

import pytest
from systems import needs_fork

from contractfuzz.contract import Contract
from contractfuzz.evolution.impact import Impact, ImpactMeter, ResultRule
from contractfuzz.payloads.cases.case import Case
from contractfuzz.running.options import RunOptions
from contractfuzz.running.run import Run

CONTRACT = Contract("order", {"type": "object", "properties": {"id": {"type": "integer"}}})


@pytest.fixture
def measure():
    """Return a function that measures the impact of a change on a consumer."""
    runs = []

    def measure(consumer, old, new, rule=ResultRule.VISIBLE, **options):
        run = Run(consumer, CONTRACT, RunOptions(**options))
        runs.append(run)
        return ImpactMeter(run.react).measure(Case("invalid", new), Case("valid", old), rule)

    yield measure
    for run in runs:
        run.close()


def test_an_undeclared_error_is_a_crash_at_its_line(measure):
    found = measure(lambda payload: payload["id"] + 1, {"id": 1}, {"id": "1"})
    assert (found.impact, found.error) == (Impact.CRASHED, "TypeError")
    assert found.place.startswith("test_impact.py:")


def test_a_declared_error_is_a_refusal(measure):
    found = measure(lambda payload: payload["id"], {"id": 1}, {}, raises=(KeyError,))
    assert found.impact is Impact.REFUSED


def test_a_result_that_stays_the_same_is_unaffected(measure):
    assert measure(lambda payload: int(payload["id"]), {"id": 1}, {"id": "1"}).impact is Impact.UNAFFECTED


@pytest.mark.parametrize("visible", [None, "", "abc"])
def test_a_gap_or_the_new_value_is_passed_on(measure, visible):
    def read(payload):
        return payload["name"] if payload["name"] == "old" else visible

    assert measure(read, {"name": "old"}, {"name": "abc"}).impact is Impact.PASSED_ON


def test_an_absent_part_is_passed_on(measure):
    assert measure(dict, {"id": 1}, {}).impact is Impact.PASSED_ON


def test_a_value_that_is_not_in_the_payload_is_silently_wrong(measure):
    found = measure(lambda payload: {"amount": payload.get("amount", 0)}, {"amount": 5}, {})
    assert (found.impact, found.detail) == (Impact.SILENTLY_WRONG, "result['amount']: 5 -> 0")


def test_a_value_of_another_type_is_silently_wrong_if_it_is_passed_on(measure):
    assert measure(dict, {"id": 1}, {"id": "1"}, ResultRule.RETYPED).impact is Impact.SILENTLY_WRONG


def test_a_list_in_place_of_an_object_is_silently_wrong_if_it_is_passed_on(measure):
    assert measure(dict, {"a": {"b": 1}}, {"a": [{"b": 1}]}, ResultRule.RETYPED).impact is Impact.SILENTLY_WRONG


def test_what_is_computed_from_a_value_may_differ_with_it(measure):
    def read(payload):
        return len(payload["name"])

    assert measure(read, {"name": "ab"}, {"name": "abc"}, ResultRule.VALUE).impact is Impact.PASSED_ON


def test_a_copy_that_is_cut_is_silently_wrong(measure):
    found = measure(lambda payload: payload["name"][:3], {"name": "ab"}, {"name": "abcd"}, ResultRule.VALUE)
    assert found.impact is Impact.SILENTLY_WRONG


@pytest.mark.parametrize("convert", [float, lambda number: ctypes.c_int32(number).value])
def test_a_number_that_loses_digits_is_silently_wrong(measure, convert):
    found = measure(lambda payload: convert(payload["id"]), {"id": 7}, {"id": 2**53 + 1}, ResultRule.VALUE)
    assert found.impact is Impact.SILENTLY_WRONG


def test_a_copy_without_the_new_fraction_is_silently_wrong(measure):
    found = measure(lambda payload: int(payload["id"]), {"id": 7}, {"id": 7.5}, ResultRule.LOSSLESS)
    assert found.impact is Impact.SILENTLY_WRONG


def test_the_same_instant_with_another_offset_is_unaffected(measure):
    old, new = {"at": "2024-05-17T10:30:00Z"}, {"at": "2024-05-17T12:30:00+02:00"}
    assert measure(lambda payload: datetime.fromisoformat(payload["at"]), old, new).impact is Impact.UNAFFECTED


def test_a_time_without_its_offset_is_silently_wrong(measure):
    old, new = {"at": "2024-05-17T10:30:00Z"}, {"at": "2024-05-17T12:30:00+02:00"}
    found = measure(lambda payload: datetime.fromisoformat(payload["at"][:19]), old, new)
    assert found.impact is Impact.SILENTLY_WRONG


def test_parts_that_differ_between_two_calls_with_the_twin_are_ignored(measure):
    numbers = count()
    assert measure(lambda payload: (payload["id"], next(numbers)), {"id": 1}, {"id": 1}).impact is Impact.UNAFFECTED


def test_a_consumer_that_returns_nothing_has_an_unknown_impact(measure):
    assert measure(lambda payload: None, {"id": 1}, {"id": 2}).impact is Impact.UNKNOWN


def test_a_twin_that_is_not_accepted_gives_no_answer(measure):
    assert measure(lambda payload: payload["name"], {"id": 1}, {"id": 2}).impact is Impact.UNKNOWN


@needs_fork
def test_an_isolated_consumer_may_die(measure):
    found = measure(lambda payload: os._exit(3) if payload["id"] < 0 else 1, {"id": 1}, {"id": -1}, isolate=True)
    assert found.impact is Impact.DIED


@needs_fork
def test_an_isolated_consumer_may_hang(measure):
    def read(payload):
        while payload["id"] < 0:
            pass

    assert measure(read, {"id": 1}, {"id": -1}, isolate=True, time_limit=0.2).impact is Impact.HUNG


@needs_fork
def test_results_of_an_isolated_consumer_are_compared(measure):
    found = measure(lambda payload: payload.get("id", 0), {"id": 1}, {}, isolate=True)
    assert (found.impact, found.detail) == (Impact.SILENTLY_WRONG, "result: 1 -> 0")


def test_a_client_gets_both_payloads_from_a_server(measure):
    import json
    from urllib.request import urlopen

    def fetch(base_url):
        with urlopen(base_url) as response:
            return json.load(response)["id"]

    assert measure(fetch, {"id": 1}, {}).error == "KeyError"
