"""The realistic profile: responses that look like HubSpot's and keep every rule."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from urllib.parse import unquote

import pytest
from hypothesis import find, given, settings

from hubspot_strategies import batch_association_responses, contract

HOST = "https://api.hubapi.com/crm/v4/"
PUBLIC_TYPES = {1, 2, 3, 4, 5, 6, 16, 26, 279, 280, 339, 341, 342}


@pytest.fixture(scope="module")
def payloads():
    return [case.payload for case in contract.sample(2000, profile="realistic")]


@pytest.fixture(scope="module")
def results(payloads):
    return [result for payload in payloads for result in payload["results"]]


@pytest.fixture(scope="module")
def types(results):
    return [way for result in results for link in result["to"] for way in link["associationTypes"]]


@pytest.fixture(scope="module")
def errors(payloads):
    return [error for payload in payloads for error in payload.get("errors", [])]


def broken_rules(payload):
    return [rule.name for rule in contract.rules if not rule.keeps(payload)]


# --- coherent -----------------------------------------------------------------------------------------------------------


def test_every_sample_is_valid(payloads):
    assert [payload for payload in payloads if not contract.is_valid(payload)] == []


def test_every_sample_keeps_every_rule(payloads):
    assert [payload for payload in payloads if broken_rules(payload)] == []


@given(batch_association_responses("realistic"))
def test_every_example_is_valid_and_keeps_every_rule(payload):
    assert contract.errors(payload) == []
    assert broken_rules(payload) == []


def test_a_sample_depends_on_its_number_and_the_seed_alone():
    def sample(n, seed):
        return [case.payload for case in contract.sample(n, profile="realistic", seed=seed)]

    assert sample(20, 7) == sample(40, 7)[:20]
    assert sample(20, 7) != sample(20, 8)


# --- like HubSpot's -----------------------------------------------------------------------------------------------------


def test_there_are_0_to_100_results_and_mostly_few(payloads):
    counts = Counter(len(payload["results"]) for payload in payloads)
    assert (min(counts), max(counts)) == (0, 100)
    assert sum(counts[few] for few in range(6)) > len(payloads) / 2


def test_most_batches_are_complete_and_every_status_occurs(payloads):
    statuses = Counter(payload["status"] for payload in payloads)
    assert set(statuses) == {"COMPLETE", "CANCELED", "PENDING", "PROCESSING"}
    assert statuses["COMPLETE"] > len(payloads) / 2


def test_ids_are_numbers_as_strings_of_up_to_12_digits(results):
    ids = {result["from"]["id"] for result in results}
    ids |= {link["toObjectId"] for result in results for link in result["to"]}
    assert [name for name in ids if not re.fullmatch("[1-9][0-9]{0,11}", name)] == []
    assert {len(name) for name in ids} >= {1, 5, 12}


def test_one_object_is_associated_with_several(payloads):
    shared = [
        target
        for payload in payloads
        for target, count in Counter(
            link["toObjectId"] for result in payload["results"] for link in result["to"]
        ).items()
        if count > 1
    ]
    assert shared


def test_types_of_hubspot_have_their_public_numbers(types):
    numbers = {way["associationTypeId"] for way in types if way["associationCategory"] == "HUBSPOT_DEFINED"}
    assert numbers == PUBLIC_TYPES


def test_every_category_of_types_occurs_and_a_number_belongs_to_one(types):
    categories = {}
    for way in types:
        categories.setdefault(way["associationTypeId"], set()).add(way["associationCategory"])
    assert set.union(*categories.values()) == {"HUBSPOT_DEFINED", "USER_DEFINED", "INTEGRATOR_DEFINED"}
    assert all(len(names) == 1 for names in categories.values())


def test_an_object_has_one_primary_company_at_most(results):
    primaries = [
        sum(way.get("label") == "Primary" for link in result["to"] for way in link["associationTypes"])
        for result in results
    ]
    assert set(primaries) == {0, 1}


def test_a_response_is_about_one_pair_of_object_types(payloads):
    for payload in payloads:
        plain = {
            link["associationTypes"][0]["associationTypeId"] for result in payload["results"] for link in result["to"]
        }
        assert len(plain) <= 1


def test_cursors_are_opaque_and_their_links_ask_for_the_next_page(results):
    pages = [result["paging"]["next"] for result in results if "paging" in result]
    assert pages
    for following in pages:
        assert base64.b64decode(following["after"], validate=True)
        address, _, cursor = following["link"].partition("?after=")
        assert address.startswith(f"{HOST}associations/")
        assert address.endswith("/batch/read")
        assert unquote(cursor) == following["after"]
        assert "=" not in cursor


def test_links_point_to_the_api(payloads, errors):
    links = [address for holder in (*payloads, *errors) for address in holder.get("links", {}).values()]
    assert links
    assert [address for address in links if not address.startswith(HOST)] == []


def test_errors_have_a_category_of_hubspot_and_its_context(errors):
    assert {error["category"] for error in errors} == {"OBJECT_NOT_FOUND", "VALIDATION_ERROR", "MISSING_SCOPES"}
    assert all(all(error["context"].values()) for error in errors)
    assert {len(error.get("errors", [])) for error in errors} == {0, 1}


def test_errors_are_about_objects_that_are_not_among_the_results(payloads):
    for payload in payloads:
        found = {result["from"]["id"] for result in payload["results"]}
        named = {error["id"] for error in payload.get("errors", []) if "id" in error}
        assert found.isdisjoint(named)


def test_times_are_in_order_within_minutes_in_2023_to_2025(payloads):
    for payload in payloads:
        moments = [
            datetime.fromisoformat(payload[name])
            for name in ("requestedAt", "startedAt", "completedAt")
            if name in payload
        ]
        assert moments == sorted(moments)
        assert moments[-1] - moments[0] < timedelta(minutes=5)
        assert {moment.year for moment in moments} <= {2023, 2024, 2025}


# --- shrinking ----------------------------------------------------------------------------------------------------------

SMALLEST = {
    "status": "COMPLETE",
    "results": [],
    "startedAt": "2023-01-01T00:00:00Z",
    "completedAt": "2023-01-01T00:00:00Z",
}


def shrink(condition):
    return find(contract.valid("realistic"), condition, settings=settings(database=None, max_examples=2000))


def test_the_smallest_response_is_complete_and_empty():
    assert shrink(lambda payload: True) == SMALLEST
    assert next(contract.sample(1, profile="realistic")).payload == SMALLEST


def test_a_labelled_association_shrinks_to_itself():
    def has_label(payload):
        return any(
            way.get("label") == "Billing contact"
            for result in payload["results"]
            for link in result["to"]
            for way in link["associationTypes"]
        )

    types = [
        {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279},
        {"associationCategory": "USER_DEFINED", "associationTypeId": 33, "label": "Billing contact"},
    ]
    association = {"toObjectId": "2", "associationTypes": types}
    assert shrink(has_label) == {**SMALLEST, "results": [{"from": {"id": "1"}, "to": [association]}]}


def test_a_long_response_shrinks_as_a_short_one_does():
    payload = shrink(lambda payload: len(payload["results"]) == 100)
    types = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}]
    results = [
        {"from": {"id": str(number)}, "to": [{"toObjectId": str(number + 1), "associationTypes": types}]}
        for number in range(1, 5000, 50)
    ]
    assert payload == {**SMALLEST, "results": results}


def test_an_error_shrinks_to_itself():
    payload = shrink(lambda payload: any(e["category"] == "VALIDATION_ERROR" for e in payload.get("errors", [])))
    error = {
        "status": "error",
        "category": "VALIDATION_ERROR",
        "message": "'after' is no cursor of contact 1.",
        "context": {"after": ["0"], "ids": ["1"]},
    }
    assert payload == {**SMALLEST, "numErrors": 1, "errors": [error]}


def test_the_pack_loads_neither_hypothesis_nor_jsonschema():
    code = "import hubspot_strategies, sys; print([m for m in ('hypothesis', 'jsonschema') if m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert loaded.stdout.strip() == "[]"
