"""Every type and construct of JSON Structure, before three judges: jsonschema, jsonschema-rs and the official SDK."""

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
        except (TypeError, AttributeError):  # it looks for the size of what has none
            return False

    return judge


@pytest.mark.parametrize("name", DOCUMENTS)
def test_valid_payloads_are_valid_before_every_judge(name, sampled):
    contract = Contract.load(DOCUMENTS[name])
    judges = [contract.is_valid, rust_says(contract.schema)]
    judges += [] if name in WRONGLY_REJECTED_BY_SDK else [sdk_says(DOCUMENTS[name])]
    payloads, _ = sampled(contract)
    assert [payload for payload in payloads if not all(judge(payload) for judge in judges)] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_violation_is_refused_by_the_validators_and_is_what_its_label_says(name, sampled):
    contract = Contract.load(DOCUMENTS[name])
    judge, takes = LabelJudge(contract.schema), rust_says(contract.schema)
    _, cases = sampled(contract)
    assert cases
    assert [objection for case in cases for objection in judge.objections(case)] == []
    assert [case.label for case in cases if takes(case.payload)] == []


def test_the_sdk_refuses_every_violation_but_those_that_are_listed_with_the_reason(sampled):
    taken = set()
    for document in DOCUMENTS.values():
        takes = sdk_says(document)
        _, cases = sampled(Contract.load(document), 0)
        taken |= {case.label.rpartition(":")[2] for case in cases if takes(case.payload)}
    assert taken == set(WRONGLY_ACCEPTED_IN_STRUCTURE)


@pytest.mark.parametrize("name", WRONGLY_REJECTED_BY_SDK)
def test_what_the_sdk_is_said_to_refuse_it_does_refuse(name, sampled):
    takes = sdk_says(DOCUMENTS[name])
    payloads, _ = sampled(Contract.load(DOCUMENTS[name]))
    assert not all(takes(payload) for payload in payloads)
