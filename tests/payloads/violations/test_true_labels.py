"""True labels: valid cases are valid, and invalid ones break what their label names and nothing else.

The judges are jsonschema and jsonschema-rs, which share no code, and for the pack's document also the JSON Structure SDK.
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
    cases = list(hubspot.sample(10_000))
    assert len(cases) == 10_000
    for case in cases:
        assert hubspot.is_valid(case.payload), case.payload
        assert rust(case.payload), case.payload


def test_10_000_invalid_cases_break_exactly_what_their_label_names(hubspot):
    cases = list(hubspot.sample(10_000, kind="invalid", seed=1))
    assert len(cases) == 10_000
    for case in cases:
        assert JUDGE.objections(case) == []
        assert not rust(case.payload), case.label


@given(HUBSPOT.valid())
def test_valid_payloads_from_hypothesis_are_valid(payload):
    assert HUBSPOT.is_valid(payload)
    assert rust(payload)


@given(HUBSPOT.invalid())
def test_invalid_cases_from_hypothesis_break_what_their_label_names(case):
    assert JUDGE.objections(case) == []
    assert not rust(case.payload)


def find_filters(source):
    """Return the lines that filter strategies or values: ``.filter``, the builtin ``filter``, ``assume`` and ``reject``."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        is_method = isinstance(node, ast.Attribute) and node.attr in ("filter", "assume", "reject")
        is_function = isinstance(node, ast.Name) and node.id in ("filter", "assume", "reject")
        is_import = isinstance(node, ast.ImportFrom) and any(name.name in ("assume", "reject") for name in node.names)
        # This one selects labels.
        if (is_method and ast.unparse(node) != "fnmatch.filter") or is_function or is_import:
            lines.append(node.lineno)
    return lines


@pytest.mark.parametrize(
    "source",
    [
        "strategy.filter(is_valid)",
        "st.integers().filter(bool)",
        "filter(is_valid, payloads)",
        "list(map(len, filter(None, values)))",
        "assume(payload)",
        "hypothesis.assume(payload)",
        "reject()",
        "from hypothesis import reject as refuse",
    ],
)
def test_the_search_for_filters_finds(source):
    assert find_filters(source) == [1]


def test_no_payload_is_filtered():
    package = Path(contractfuzz.__file__).parent
    paths = [*package.glob("payloads/**/*.py"), package / "contract.py"]
    assert len(paths) > 40
    assert {str(path): lines for path in paths if (lines := find_filters(path.read_text("utf-8")))} == {}


# --- the third oracle: the JSON Structure SDK -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def structure():
    return structure_says(strict_document())


def test_the_sdk_accepts_the_strict_form_of_the_packs_document():
    from json_structure import SchemaValidator

    assert SchemaValidator().validate(strict_document()) == []


def test_three_oracles_accept_every_valid_case(hubspot, structure, nightly):
    cases = list(hubspot.sample(20_000 if nightly else 3_000, seed=2))
    assert len(cases) >= 3_000
    for case in cases:
        assert (hubspot.is_valid(case.payload), rust(case.payload), structure(case.payload)) == (True, True, True)


def test_three_oracles_refuse_every_violation_except_known_mistakes_of_the_sdk(hubspot, structure, nightly):
    accepted_by_sdk = set()
    judged = 0
    for label in hubspot.labels("invalid"):
        location, _, variant = label.rpartition(":")
        for case in hubspot.sample(50 if nightly else 6, kind="invalid", seed=2, only=label):
            judged += 1
            assert JUDGE.objections(case) == []
            assert not rust(case.payload), label
            if structure(case.payload):
                accepted_by_sdk.add((variant, location))
    assert judged >= 6 * 423
    integers = {"/numErrors", "/results/*/to/*/associationTypes/*/associationTypeId"}
    date_times = {"/requestedAt", "/startedAt", "/completedAt"}
    assert accepted_by_sdk == {
        (variant, location)
        for variant in WRONGLY_ACCEPTED_BY_SDK
        for location in (integers if variant == "type.boolean" else date_times)
    }
