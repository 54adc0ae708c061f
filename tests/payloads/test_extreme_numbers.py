"""Numbers at the end of the doubles: planned with true labels, or refused in one line; never an OverflowError."""

import json
import math
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from payload_judges import rust_says

from contractfuzz import Contract, ContractError

DRAFT = "https://json-schema.org/draft/2020-12/schema"
GREATEST = sys.float_info.max
EXTREMES = [
    1e308,
    -1e308,
    GREATEST,
    -GREATEST,
    2**1023,
    -(2**1023),
    2**64,
    -(2**64),
    1e300,
    -1e300,
    1e22,
    5e-324,
    1e-308,
]

numbers = st.sampled_from([*EXTREMES, 0, 0.1, 3, -1])
steps = st.sampled_from([number for number in EXTREMES if number > 0] + [0.1, 3])
keywords = {
    "minimum": numbers,
    "maximum": numbers,
    "exclusiveMinimum": numbers,
    "exclusiveMaximum": numbers,
    "multipleOf": steps,
    "const": numbers,
}
schemas = st.lists(st.sampled_from(sorted(keywords)), min_size=1, max_size=2, unique=True).flatmap(
    lambda names: st.fixed_dictionaries(
        {"type": st.sampled_from(["integer", "number", ["number", "null"]]), **{name: keywords[name] for name in names}}
    )
)


def test_extreme_numbers_have_true_labels_or_are_refused():
    outcomes = Counter()

    @given(schemas)
    def check(schema):
        contract = Contract.load({"$schema": DRAFT, **schema})
        judge = rust_says(contract.schema)
        try:
            payloads = [case.payload for case in contract.sample(12)]
            cases = list(contract.sample(len(contract.violations()) + 5, "invalid"))
        except ContractError:
            outcomes["refused"] += 1
            return
        outcomes["planned"] += 1
        assert [payload for payload in payloads if not (contract.is_valid(payload) and judge(payload))] == []
        assert [case for case in cases if contract.is_valid(case.payload) or judge(case.payload)] == []
        assert all(math.isfinite(case.payload) for case in cases if isinstance(case.payload, float))
        assert [case for case in cases if json.loads(case.body) != case.payload] == []

    check()
    assert outcomes["planned"] > outcomes["refused"] > 0, outcomes


@pytest.mark.parametrize("keyword", ["minimum", "maximum", "multipleOf", "const"])
@pytest.mark.parametrize("number", [2**1024 - 1, 2**1024, 10**400])
def test_an_integer_beyond_the_doubles_is_refused_by_its_location(keyword, number):
    with pytest.raises(ContractError, match=f"document at /{keyword}: the number is too large for a double"):
        Contract.load({"$schema": DRAFT, "type": "number", keyword: number})


@pytest.mark.parametrize("number", [1e308, GREATEST, int(GREATEST), 2**1023])
def test_the_bounds_of_the_doubles_are_themselves_valid(number):
    contract = Contract.load({"$schema": DRAFT, "type": "number", "minimum": number})
    assert {case.payload for case in contract.sample(20)} >= {number}
    assert ":minimum.far" in contract.labels()


@pytest.mark.parametrize(
    ("schema", "values"),
    [
        ({"type": "integer", "multipleOf": 0.1}, []),
        ({"type": "integer", "multipleOf": 2.5}, [1]),
        ({"type": "number", "multipleOf": 5e-324}, []),
        ({"type": "number", "multipleOf": 1e300}, [1]),
        ({"type": "number", "multipleOf": 0.1, "maximum": 1e300}, [0.05]),
    ],
    ids=str,
)
def test_a_value_between_two_multiples_is_listed_only_if_no_arithmetic_takes_it_for_one(schema, values):
    cases = Contract.load({"$schema": DRAFT, **schema}).sample(200, "invalid")
    assert sorted({case.payload for case in cases if case.label == ":multipleOf.off"}) == values


@pytest.mark.parametrize(
    ("listed", "payload"),
    [
        ({"const": 1.0}, 1),
        ({"const": -3e5}, -300_000),
        ({"const": 2.0**53}, 2**53),
        ({"const": 1e20}, 10**20),
        # The digits of such a number are not those of the double, so only a float spells it for every validator.
        ({"const": 1e308}, 1e308),
        ({"const": GREATEST}, GREATEST),
        ({"enum": [1e23, 1.5, "x"]}, 1e23),
    ],
    ids=str,
)
@pytest.mark.parametrize("others", [{}, {"minimum": -1e10}, {"allOf": [{"type": ["integer", "string"]}]}], ids=str)
def test_a_listed_float_without_a_fraction_is_an_integer(listed, payload, others):
    contract = Contract.load({"$schema": DRAFT, "type": "integer", **listed, **others})
    judges = (contract.is_valid, rust_says(contract.schema), Draft202012Validator(contract.schema).is_valid)
    assert {repr(case.payload) for case in contract.sample(10)} == {repr(payload)}
    assert all(is_valid(payload) for is_valid in judges)
    cases = list(contract.sample(3 * len(contract.labels()), "invalid"))
    assert len(cases) > 3
    assert not any(is_valid(case.payload) for case in cases for is_valid in judges)


@pytest.mark.parametrize("keyword", ["minimum", "maximum", "multipleOf"])
@pytest.mark.parametrize("number", [2.0**53, 1e16, 1e20, 1e23])
def test_a_bound_or_step_beyond_the_exact_integers_may_be_a_float(keyword, number):
    contract = Contract.load({"$schema": DRAFT, "type": "integer", keyword: number})
    judge = rust_says(contract.schema)
    payloads = [case.payload for case in contract.sample(20)]
    assert all(type(payload) is int and judge(payload) for payload in payloads)
    assert contract.labels(only=f"*:{keyword}.*")
