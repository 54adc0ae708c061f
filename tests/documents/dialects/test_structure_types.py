"""Every type and construct of JSON Structure, checked by three validators: jsonschema, jsonschema-rs and the official SDK."""

import copy

import pytest
from core_documents import DOCUMENTS
from payload_judges import LabelJudge, rust_says, structure_says
from validator_verdicts import WRONGLY_ACCEPTED_IN_STRUCTURE, WRONGLY_REJECTED_BY_SDK

from contractfuzz import Contract


def sdk_says(document):
    takes = structure_says(copy.deepcopy(document))

    def judge(payload):
        try:
            return takes(payload)
        except (TypeError, AttributeError):  # it takes the length of values that have none
            return False

    return judge


@pytest.mark.parametrize("name", DOCUMENTS)
def test_valid_payloads_are_valid_for_every_validator(name, sampled):
    contract = Contract.load(DOCUMENTS[name])
    judges = [contract.is_valid, rust_says(contract.schema)]
    judges += [] if name in WRONGLY_REJECTED_BY_SDK else [sdk_says(DOCUMENTS[name])]
    payloads, _ = sampled(contract)
    assert len(payloads) == 60
    assert [payload for payload in payloads if not all(judge(payload) for judge in judges)] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_violation_is_invalid_for_the_validators_and_its_label_is_true(name, sampled):
    contract = Contract.load(DOCUMENTS[name])
    judge, takes = LabelJudge(contract.schema), rust_says(contract.schema)
    _, cases = sampled(contract)
    assert cases
    assert [objection for case in cases for objection in judge.objections(case)] == []
    assert [case.label for case in cases if takes(case.payload)] == []


def test_the_sdk_rejects_every_violation_but_the_listed_ones(sampled):
    taken = set()
    for document in DOCUMENTS.values():
        takes = sdk_says(document)
        _, cases = sampled(Contract.load(document), 0)
        taken |= {case.label.rpartition(":")[2] for case in cases if takes(case.payload)}
    assert taken == set(WRONGLY_ACCEPTED_IN_STRUCTURE)


@pytest.mark.parametrize("name", WRONGLY_REJECTED_BY_SDK)
def test_the_sdk_rejects_valid_payloads_of_the_listed_documents(name, sampled):
    takes = sdk_says(DOCUMENTS[name])
    payloads, _ = sampled(Contract.load(DOCUMENTS[name]))
    assert not all(takes(payload) for payload in payloads)
