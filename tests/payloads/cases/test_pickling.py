"""Contracts can be pickled and copied before and after any use."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from contractfuzz import Contract

DRAFT = "https://json-schema.org/draft/2020-12/schema"
ORDER = {
    "$schema": DRAFT,
    "type": "object",
    "properties": {
        "id": {"type": "string", "pattern": "^[a-z]+$"},
        "items": {"type": "array", "items": {"oneOf": [{"$ref": "#"}, {"type": "null"}]}, "uniqueItems": True},
        "notes": {"type": "object", "additionalProperties": {"not": {"const": ""}}, "patternProperties": {"^x-": True}},
        "day": {"type": "string", "format": "date"},
    },
    "required": ["id"],
    "minProperties": 1,
}


def pydantic_contract() -> Contract:
    class Local(BaseModel):
        number: int

    return Contract.load(Local)


MAKERS = {
    "hubspot": lambda: copy.copy(Contract.named("batch_association_response")),
    "order": lambda: Contract.load(ORDER, name="order"),
    "pydantic": pydantic_contract,
}

USES = {
    "valid sample": lambda contract: list(contract.sample(5)),
    "hostile sample": lambda contract: list(contract.sample(5, "hostile")),
    "malformed sample": lambda contract: [case.body for case in contract.sample(5, "malformed")],
    "violations": lambda contract: contract.violations(),
    "labels": lambda contract: [contract.labels(kind) for kind in ("invalid", "malformed", "incoherent")],
    "is_valid": lambda contract: contract.is_valid({}),
    "errors": lambda contract: contract.errors([]),
    "coverage": lambda contract: contract.coverage(contract.sample(5)).ratio,
    "notes": lambda contract: contract.notes,
    "valid strategy": lambda contract: contract.valid().validate(),
    "invalid strategy": lambda contract: contract.invalid().validate(),
    "copy": copy.deepcopy,
}

COPIES = {
    **{
        f"pickle {protocol}": lambda contract, protocol=protocol: pickle.loads(pickle.dumps(contract, protocol))
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    },
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


def content_of(contract: Contract) -> object:
    """Return what a contract makes and says."""
    kinds = ("valid", "invalid", "malformed", "incoherent", "hostile")
    return (
        (
            contract.name,
            contract.schema,
            contract.profiles,
            [rule.name for rule in contract.rules],
            contract.violations(),
        ),
        [(case.kind, case.label, case.pointer, case.body) for kind in kinds for case in contract.sample(20, kind)],
        [contract.is_valid(case.payload) for case in contract.sample(20, "invalid")],
    )


@pytest.fixture(scope="module")
def expected():
    return {name: content_of(make()) for name, make in MAKERS.items()}


@settings(suppress_health_check=list(HealthCheck), max_examples=40, deadline=None, database=None, derandomize=True)
@given(st.sampled_from(list(MAKERS)), st.lists(st.sampled_from(list(USES))), st.sampled_from(list(COPIES)))
def test_a_copy_makes_the_same_cases_before_and_after_any_use(expected, name, uses, way):
    contract = MAKERS[name]()
    for use in uses:
        USES[use](contract)
    copied = COPIES[way](contract)
    assert content_of(copied) == expected[name]
    assert content_of(contract) == expected[name]


@pytest.mark.parametrize("name", MAKERS)
def test_a_pickle_is_as_small_after_use(name):
    contract = MAKERS[name]()
    before = pickle.dumps(contract)
    for use in USES.values():
        use(contract)
    assert len(pickle.dumps(contract)) == len(before)


def test_the_original_keeps_its_caches(counter):
    strategy = counter.valid()
    pickle.dumps(counter)
    assert counter.valid() is strategy


def test_another_process_samples_the_same_cases():
    contract = Contract.load(ORDER, name="order")
    bodies = [case.body for case in contract.sample(50, "invalid")]
    code = (
        "import pickle, sys; contract = pickle.load(sys.stdin.buffer);"
        "pickle.dump([case.body for case in contract.sample(50, 'invalid')], sys.stdout.buffer)"
    )
    done = subprocess.run([sys.executable, "-c", code], input=pickle.dumps(contract), capture_output=True, check=True)
    assert pickle.loads(done.stdout) == bodies


def test_files_that_a_contract_was_loaded_from_travel_along(tmp_path):
    file = tmp_path / "order.json"
    file.write_text(json.dumps({"$schema": DRAFT, "type": "string"}))
    contract = Contract.load(file)
    assert pickle.loads(pickle.dumps(contract)).loaded_from == contract.loaded_from
