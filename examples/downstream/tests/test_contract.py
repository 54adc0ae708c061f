"""Tests of three consumers of one contract, each with the guarantees that it makes."""

from __future__ import annotations

import pytest
from consumers import checked, plain, strict
from hypothesis import given

from contractfuzz import assert_accepts, assert_rejects, assert_survives
from hubspot_strategies import batch_association_responses


def test_plain_access_reads_every_valid_response(batch_association_response):
    assert_accepts(plain.read, batch_association_response)


@given(batch_association_responses(profile="realistic"))
def test_plain_access_finds_every_object(response):
    assert set(plain.read(response)["associations"]) == {result["from"]["id"] for result in response["results"]}


def test_the_dataclasses_read_every_valid_response(batch_association_response):
    assert_accepts(checked.read, batch_association_response)


@pytest.mark.contract_cases("batch_association_response", only="/status:*")
def test_the_dataclasses_reject_every_wrong_status(case):
    with pytest.raises(ValueError):
        checked.read(case.body)


def test_the_models_reject_every_violation_that_is_not_tolerated(batch_association_response):
    # Deliberate exceptions: null counts as absent, and pydantic accepts more date-times than RFC 3339.
    assert_rejects(
        strict.read,
        batch_association_response,
        tolerate=[
            "*:type.null",
            "*At:format.no-offset",
            "*At:format.missing-seconds",
            "*At:format.epoch-*",
        ],
    )


def test_the_models_survive_all_other_bodies(batch_association_response):
    assert_survives(strict.read, batch_association_response)
