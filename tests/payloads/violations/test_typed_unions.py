"""Unions of types next to a ``type``: each combination, judged by independent validators."""

from __future__ import annotations

import itertools

import pytest
from payload_judges import LabelJudge, rust_says

from contractfuzz import Contract, ContractError
from contractfuzz.documents.keywords import JSON_TYPES

DRAFT = "https://json-schema.org/draft/2020-12/schema"
VALUES = (None, True, 0, 0.5, "", [], {})


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
@pytest.mark.parametrize("outer", sorted(JSON_TYPES))
def test_cases_are_true_or_the_schema_is_refused(keyword, outer):
    for types in itertools.combinations_with_replacement(sorted(JSON_TYPES), 2):
        schema = {"$schema": DRAFT, "type": outer, keyword: [{"type": name} for name in types]}
        rust = rust_says(schema)
        try:
            contract = Contract.load(schema, name="typed")
            valid = list(contract.sample(20))
        except ContractError:
            assert not any(map(rust, VALUES)), schema
            continue
        assert all(rust(case.payload) for case in valid), schema
        judge = LabelJudge(contract.schema)
        for case in contract.sample(len(contract.labels("invalid")), "invalid"):
            assert judge.objections(case) == [], (schema, case.payload)
            assert not rust(case.payload), (schema, case.payload)


@pytest.mark.parametrize("keyword", ["minProperties", "maxProperties", "minItems", "maxItems"])
def test_unions_whose_payloads_are_found_by_trial_have_true_labels(keyword):
    member = "additionalProperties" if "Properties" in keyword else "items"
    schema = {keyword: 1, "oneOf": [{}, {member: False}]}
    contract = Contract.load({"$schema": DRAFT, **schema})
    judge = rust_says(contract.schema)
    assert all(judge(case.payload) for case in contract.sample(20))
    assert [case.label for case in contract.sample(20, "invalid") if judge(case.payload)] == []
