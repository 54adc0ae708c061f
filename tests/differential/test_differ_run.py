"""Runs that compare targets: what counts as a disagreement, how they are grouped, and how small their cases are."""

from __future__ import annotations

import itertools
import json
import os
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from reported_consumers import honest, orders_contract
from systems import needs_fork

from contractfuzz import Contract, ContractError, Verdict
from contractfuzz.differential.differ_run import differ

ACCOUNTS = Contract.load(
    {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "accounts",
        "type": "object",
        "properties": {"id": {"type": "integer"}, "name": {"type": "string"}, "tags": {"type": "array"}},
        "required": ["id", "name"],
    }
)


def read(account: dict) -> dict:
    if not isinstance(account, dict):
        raise ValueError("not an account")  # noqa: TRY004 - consumers reject with ValueError
    return {"id": account["id"], "name": account["name"]}


def read_first(body: bytes) -> dict:
    return read(json.loads(body, object_pairs_hook=lambda pairs: dict(reversed(pairs))))


def read_last(body: bytes) -> dict:
    return read(json.loads(body))


def compare(*consumers, examples=15, **options):
    return differ(consumers, ACCOUNTS, examples=examples, **{"raises": (ValueError, KeyError), **options})


def labels_of(report, kind):
    return [one.label for one in report.disagreements if one.kind == kind]


def name_of(function) -> str:
    return f"{__name__}:{function.__qualname__}"


def test_a_consumer_agrees_with_itself():
    report = compare(read, read)
    assert report.ok
    assert report.complete
    assert report.counts["valid"] == 15
    assert report.targets == (f"{__name__}:read (1)", f"{__name__}:read (2)")


def test_a_different_verdict_is_found_with_the_smallest_payload_of_its_label():
    def strict(account: dict) -> dict:
        if read(account)["id"] is None:
            raise ValueError("id")
        return read(account)

    report = compare(read, strict)
    [null] = [one for one in report.disagreements if one.kind == "invalid"]
    assert (null.label, null.case.payload) == ("/id:type.null", {"id": None, "name": ""})
    assert null.verdicts == (Verdict.ACCEPTED, Verdict.REJECTED)
    assert null.pattern == f"{name_of(read)} accepts, {name_of(strict)} rejects"
    assert null.answers[1].reason == "ValueError: id"
    assert null.answers[1].reproduction
    assert labels_of(report, "valid") == []


def test_a_different_result_of_valid_payloads_is_shrunk():
    def rounding(account: dict) -> dict:
        return {**read(account), "id": int(float(account["id"] or 0))}

    report = compare(read, rounding, raises=(ValueError, KeyError, TypeError), examples=60)
    smallest = next(one for one in report.disagreements if one.kind in ("valid", "hostile"))
    assert smallest.place == "/id"
    assert len(smallest.case.body) < 60
    assert abs(smallest.case.payload["id"]) > 2**53


def test_an_object_agrees_with_a_mapping():
    assert compare(read, lambda account: SimpleNamespace(**read(account))).ok


def test_a_function_agrees_with_a_service_that_sends_what_it_returns():
    def respond(account: dict) -> SimpleNamespace:
        body = {**read(account), "name": "x" if account["name"] is None else account["name"]}
        return SimpleNamespace(status_code=200, content=json.dumps(body).encode())

    [null] = compare(read, respond).disagreements
    assert (null.label, null.place) == ("/name:type.null", "/name")


def test_a_hostile_payload_that_is_a_valid_one_is_counted_for_that():
    def renaming(account: dict) -> dict:
        if read(account)["name"] == "":
            raise ValueError("no name")
        return read(account)

    report = compare(read, renaming)
    assert [one.kind for one in report.disagreements if one.kind in ("valid", "hostile")] == ["valid"]


def test_a_result_that_changes_from_call_to_call_is_left_out():
    numbers = itertools.count()

    def numbering(account: dict) -> dict:
        return {**read(account), "call": next(numbers)}

    def zeroing(account: dict) -> dict:
        return {**numbering(account), "name": "x" if account["name"] == "" else account["name"]}

    report = compare(numbering, zeroing)
    assert {one.place for one in report.disagreements} == {"/name"}
    assert report.unstable > 15


def test_a_verdict_that_changes_from_call_to_call_is_left_out():
    numbers = itertools.count()

    def moody(account: dict) -> dict:
        if next(numbers) % 2:
            raise ValueError("not now")
        return read(account)

    report = compare(read, moody)
    assert report.ok
    assert report.unstable > 15


def test_results_that_cannot_be_compared_are_counted_and_no_disagreement():
    def lazy(account: dict) -> Iterator[int]:
        read(account)
        return iter([1])

    report = compare(read, lazy)
    assert report.ok
    assert report.not_comparable >= 15


def test_a_consumer_that_returns_nothing_is_compared_by_its_verdicts():
    def handle(account: dict) -> None:
        if read(account)["id"] is None:
            raise ValueError("id")

    report = compare(read, handle)
    assert report.silent == (name_of(handle),)
    assert labels_of(report, "invalid") == ["/id:type.null"]


def test_bodies_are_compared_among_the_consumers_that_take_them():
    report = compare(read, read_first, read_last)
    duplicates = [one for one in report.disagreements if one.kind == "malformed"]
    assert len(duplicates) > 1
    assert {one.label.partition("@")[0] for one in duplicates} > {"duplicate-key"}
    assert {one.answers[0].verdict for one in duplicates} == {None}
    assert f"{name_of(read_first)} and {name_of(read_last)} return different results at /id" in {
        one.pattern for one in duplicates
    }


def test_a_difference_of_the_valid_twin_is_reported_for_the_valid_payload():
    def renaming(account: dict) -> dict:
        return {**read(account), "name": "x"}

    report = compare(read, renaming)
    assert [one.place for one in report.disagreements if one.kind == "valid"] == ["/name"]
    assert not any(label.startswith("/id") for label in labels_of(report, "invalid"))


@needs_fork
def test_isolated_consumers_may_die():
    def fragile(account: dict) -> dict:
        if account["id"] is None:
            os._exit(3)
        return read(account)

    report = compare(read, fragile, isolate=True, only="/id:type.*", examples=0)
    [died] = report.disagreements
    assert (died.label, died.verdicts) == ("/id:type.null", (Verdict.ACCEPTED, Verdict.DIED))
    assert died.answers[1].reason == "exited with status 3"


@needs_fork
def test_a_consumer_that_hangs_often_ends_its_kind():
    def slow(account: dict) -> dict:
        if not isinstance(account["name"], str):
            time.sleep(30)
        return read(account)

    report = compare(read, slow, isolate=True, time_limit=0.1, only="/name:type.*", examples=0)
    assert report.cut_short == "a target hung on too many invalid cases"
    assert {one.verdicts for one in report.disagreements} == {(Verdict.ACCEPTED, Verdict.HUNG)}


def test_the_same_seed_gives_the_same_disagreements():
    def cut(account: dict) -> dict:
        return {**read(account), "name": account["name"] and account["name"][:3]}

    def texts():
        return [(one.key, one.case.body, one.seen) for one in compare(read, cut, seed=7).disagreements]

    assert texts() == texts() != []


def test_one_consumer_is_not_enough():
    with pytest.raises(ContractError, match="cannot compare 1 consumer: give at least two"):
        compare(read)


def test_bodies_alone_cannot_be_compared_with_objects():
    with pytest.raises(ContractError, match="no case was fed to two of the targets"):
        differ([read, honest], ACCOUNTS, only="gzip", examples=0)


def test_honest_consumers_of_bodies_agree():
    assert differ([honest, honest], orders_contract, examples=5).ok
