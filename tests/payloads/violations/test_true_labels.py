"""Labels are true: what is called valid is valid, what is called invalid breaks what its label says and nothing else.

Judged by jsonschema and by jsonschema-rs, which share no code; for the pack's document by the JSON Structure SDK as well.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from hypothesis import given
from payload_judges import LabelJudge, rust_says, strict_document, structure_says
from validator_verdicts import WRONGLY_ACCEPTED_BY_SDK

import contractfuzz
from contractfuzz import Contract

HUBSPOT = Contract.named("batch_association_response")
JUDGE = LabelJudge(HUBSPOT.schema)
rust = rust_says(HUBSPOT.schema)


def test_10_000_valid_cases_are_valid_by_two_oracles(hubspot):
    for case in hubspot.sample(10_000):
        assert hubspot.is_valid(case.payload), case.payload
        assert rust(case.payload), case.payload


def test_10_000_invalid_cases_are_invalid_at_exactly_their_label(hubspot):
    for case in hubspot.sample(10_000, kind="invalid", seed=1):
        assert JUDGE.objections(case) == []
        assert not rust(case.payload), case.label


@given(HUBSPOT.valid())
def test_what_hypothesis_draws_as_valid_is_valid(payload):
    assert HUBSPOT.is_valid(payload)
    assert rust(payload)


@given(HUBSPOT.invalid())
def test_what_hypothesis_draws_as_invalid_breaks_what_its_label_says(case):
    assert JUDGE.objections(case) == []
    assert not rust(case.payload)


def test_no_strategy_is_filtered():
    package = Path(contractfuzz.__file__).parent
    for path in [*package.glob("payloads/**/*.py"), package / "contract.py"]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == "filter":
                assert ast.unparse(node) == "fnmatch.filter", f"{path}:{node.lineno}"
            assert not (isinstance(node, ast.Name) and node.id in ("assume", "reject")), f"{path}:{node.lineno}"


# --- the third oracle: the JSON Structure SDK -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def structure():
    return structure_says(strict_document())


def test_the_sdk_accepts_the_strict_form_of_the_packs_document():
    from json_structure import SchemaValidator

    assert SchemaValidator().validate(strict_document()) == []


def test_three_oracles_accept_every_valid_case(hubspot, structure, nightly):
    for case in hubspot.sample(20_000 if nightly else 3_000, seed=2):
        assert (hubspot.is_valid(case.payload), rust(case.payload), structure(case.payload)) == (True, True, True)


def test_three_oracles_refuse_every_violation_but_for_those_that_are_settled(hubspot, structure, nightly):
    passed_by_the_sdk = set()
    for label in hubspot.labels("invalid"):
        variant = label.rpartition(":")[2]
        for case in hubspot.sample(50 if nightly else 6, kind="invalid", seed=2, only=label):
            assert JUDGE.objections(case) == []
            assert not rust(case.payload), label
            if structure(case.payload):
                passed_by_the_sdk.add((variant, label.rpartition(":")[0]))
    integers = {"/numErrors", "/results/*/to/*/associationTypes/*/associationTypeId"}
    date_times = {"/requestedAt", "/startedAt", "/completedAt"}
    assert passed_by_the_sdk == {
        (variant, place)
        for variant in WRONGLY_ACCEPTED_BY_SDK
        for place in (integers if variant == "type.boolean" else date_times)
    }
