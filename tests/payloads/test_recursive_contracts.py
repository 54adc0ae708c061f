"""Contracts whose types contain each other: planned if their payloads can end, otherwise refused in one line."""

from __future__ import annotations

import pytest

from contractfuzz import Contract, ContractError

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def test_an_array_whose_first_item_may_be_such_an_array_ends():
    contract = Contract.load({"$schema": DRAFT, "type": "array", "prefixItems": [{"$ref": "#"}]})
    payloads = [case.payload for case in contract.sample(100)]
    assert len(payloads) == 100
    assert all(map(contract.is_valid, payloads))
    assert contract.violations()


def test_a_ref_inside_an_annotation_is_not_followed():
    contract = Contract.load({"$schema": DRAFT, "type": "string", "x-note": {"$ref": "#/nowhere"}})
    assert contract.violations()


@pytest.mark.parametrize(
    "schema",
    [
        {"contains": {"$ref": "#"}},
        {
            "$ref": "#/$defs/T0",
            "$defs": {
                f"T{i}": {"type": "object", "required": ["n"], "properties": {"n": {"$ref": f"#/$defs/T{i + 1}"}}}
                for i in range(300)
            }
            | {"T300": {"type": "string"}},
        },
    ],
    ids=["contains itself", "300 levels"],
)
def test_a_contract_that_cannot_be_planned_is_refused_in_one_line(schema):
    with pytest.raises(ContractError, match="no payload can be planned") as caught:
        Contract.load({"$schema": DRAFT, **schema}).violations()
    assert "\n" not in str(caught.value)
