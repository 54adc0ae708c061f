"""Every type and construct of JSON Structure, before three judges: jsonschema, jsonschema-rs and the official SDK."""

import copy

import pytest
from core_documents import DOCUMENTS
from payload_judges import LabelJudge, rust_says, structure_says

from contractfuzz import Contract

SDK_REFUSES = {
    "time": "It takes times without an offset alone; RFC 3339, section 5.6, has one in every full-time.",
    "jsonpointer": "It asks for the fragment form, `#/a`; RFC 6901, section 5, writes a pointer in a JSON string as `/a`.",
    "bounds of int64": "It compares the string with the bound, which is a string too, by their letters.",
    "decimal with bounds": "As with int64.",
    "alternative sets": "It takes a set of names for a name and fails; Core, `required`, has such sets.",
}
"""Documents of which it refuses valid payloads, with the reason."""

_SHAPE = "It looks at the shape, not at the numbers."
_NUMBER = (
    "It reads the string with Python, which takes more than RFC 8259, section 6, does: spaces, signs, other digits."
)
_UNSEEN = "It does not look at what the string says."
_ANNOTATION = "It reads `precision` and `scale` as annotations alone."

SDK_TAKES = {
    "type.boolean": "Python's `bool` is an `int`, and it does not tell them apart.",
    "format.month-13": _SHAPE,
    "format.day-30-february": _SHAPE,
    "format.hour-25": _SHAPE,
    "format.minute-60": _SHAPE,
    "format.offset-out-of-range": _SHAPE,
    "format.non-ascii-digits": "It takes any digit of Unicode for one.",
    "format.no-offset": "See the type `time` above.",
    "format.bare-p": _SHAPE,
    "format.bare-t": _SHAPE,
    "format.braced": "It reads a UUID with Python, which takes braces.",
    "format.space": "It asks a URI for no more than a scheme.",
    "format.bad-percent": "It asks a URI for no more than a scheme.",
    "format.fragment": "See the type `jsonpointer` above.",
    "pattern.bare-point": _NUMBER,
    "pattern.leading-zero": _NUMBER,
    "pattern.plus": _NUMBER,
    "pattern.spaces": _NUMBER,
    "pattern.exponent": _NUMBER,
    "pattern.not-a-number": _NUMBER,
    "pattern.non-ascii-digits": _NUMBER,
    "pattern.bad-digit": _UNSEEN,
    "pattern.cut-off": _UNSEEN,
    "pattern.scale": _ANNOTATION,
    "pattern.precision": _ANNOTATION,
    "pattern.below": "See the bounds of int64 above.",
    "pattern.exclusiveMinimum": "See the bounds of decimals above.",
    "minimum.beyond": _ANNOTATION,
    "minimum.far": _ANNOTATION,
    "maximum.beyond": _ANNOTATION,
    "maximum.far": _ANNOTATION,
    "multipleOf.off": _ANNOTATION,
}
"""Violations that it takes for valid in one document or another, with the reason."""


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
    judges += [] if name in SDK_REFUSES else [sdk_says(DOCUMENTS[name])]
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
    assert taken == set(SDK_TAKES)


@pytest.mark.parametrize("name", SDK_REFUSES)
def test_what_the_sdk_is_said_to_refuse_it_does_refuse(name, sampled):
    takes = sdk_says(DOCUMENTS[name])
    payloads, _ = sampled(Contract.load(DOCUMENTS[name]))
    assert not all(takes(payload) for payload in payloads)
