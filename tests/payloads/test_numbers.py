"""Numbers reach every form and magnitude that a reader may mistake, within their bounds and as independent validators see it."""

from __future__ import annotations

import json
import math
import sys
from fractions import Fraction

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from payload_judges import python_says, rust_says

from contractfuzz import Contract

DRAFT = "https://json-schema.org/draft/2020-12/schema"


def contract_of(**keywords):
    return Contract.load({"$schema": DRAFT, **keywords})


def payloads_of(contract, kind="valid", n=3000):
    return [case.payload for case in contract.sample(n, kind)]


NUMBER = contract_of(type="number")
INTEGER = contract_of(type="integer")


@pytest.mark.parametrize(
    "has_form",
    [
        pytest.param(
            lambda x: isinstance(x, float) and x.is_integer() and 0 < abs(x) < 1000, id="a small integral float"
        ),
        pytest.param(lambda x: "e-0" in repr(x), id="a negative exponent"),
        pytest.param(lambda x: x == 1e-7, id="1e-7"),
        pytest.param(lambda x: repr(x).startswith("1e+") and x < 1e22, id="a power of ten with an exponent"),
        pytest.param(lambda x: isinstance(x, float) and 1e21 <= abs(x) < 1e100, id="1e21 or more"),
        pytest.param(lambda x: x == sys.float_info.max, id="the largest double"),
        pytest.param(lambda x: x == -sys.float_info.max, id="the least double"),
        pytest.param(lambda x: 0 < abs(x) < sys.float_info.min, id="a subnormal number"),
        pytest.param(lambda x: x == 0.1 + 0.2, id="0.1 + 0.2"),
        pytest.param(lambda x: len(repr(x)) >= 18 and abs(x) < 1e9, id="many digits"),
        pytest.param(lambda x: x in (0.1, 0.2, 0.3), id="a decimal fraction"),
    ],
)
def test_numbers_have_every_form(has_form):
    assert any(map(has_form, payloads_of(NUMBER)))


@pytest.mark.parametrize("bits", [7, 8, 15, 16, 31, 32, 52])
def test_integers_have_every_magnitude(bits):
    payloads = payloads_of(INTEGER)
    assert any(2**bits <= number < 2 ** (bits + 1) for number in payloads)
    assert any(2**bits <= -number < 2 ** (bits + 1) for number in payloads)
    assert all(abs(number) < 2**53 and isinstance(number, int) for number in payloads)


@pytest.mark.parametrize("bound", [2**31, 2**53, 2**63, 2**64])
@pytest.mark.parametrize("kind", ["integer", "number"])
def test_hostile_numbers_go_past_each_width(kind, bound):
    payloads = payloads_of(contract_of(type=kind), "hostile")
    assert any(isinstance(number, int) and number > bound for number in payloads)
    assert any(isinstance(number, int) and number < -bound for number in payloads)


def test_hostile_numbers_have_a_negative_zero():
    assert any(number == 0 and math.copysign(1, number) < 0 for number in payloads_of(NUMBER, "hostile"))


FORMATS = {
    **{f"int{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)},
    **{f"uint{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64)},
}


@pytest.mark.parametrize("name", FORMATS)
def test_the_integers_of_a_format_reach_its_bounds(name):
    payloads = payloads_of(contract_of(type="integer", format=name), n=1000)
    assert (min(payloads), max(payloads)) == FORMATS[name]


@pytest.mark.parametrize("name", FORMATS)
def test_the_integers_of_a_format_reach_its_bounds_in_openapi(name):
    document = {
        "openapi": "3.1.0",
        "info": {"title": "a", "version": "1"},
        "paths": {},
        "components": {"schemas": {"Id": {"type": "integer", "format": name}}},
    }
    payloads = payloads_of(Contract.load(document, name="Id"), n=1000)
    assert (min(payloads), max(payloads)) == FORMATS[name]


def test_an_integer_beyond_a_format_that_validators_ignore_is_hostile_but_not_invalid():
    contract = contract_of(type="integer", format="int64")
    assert any(abs(number) > 2**63 for number in payloads_of(contract, "hostile"))
    assert all(not isinstance(number, int) or isinstance(number, bool) for number in payloads_of(contract, "invalid"))


@pytest.mark.parametrize(
    "keywords",
    [
        {"minimum": -(2**40), "format": "int32", "maximum": -(2**39)},
        {"minimum": 300, "format": "uint8"},
        {"format": "uint8", "multipleOf": 1000},
    ],
    ids=str,
)
def test_bounds_outside_of_a_format_win(keywords):
    contract = contract_of(type="integer", **keywords)
    payloads = payloads_of(contract, n=100)
    assert len(payloads) == 100
    assert all(map(python_says(contract.schema), payloads))


def test_numbers_of_32_bits_stay_within_them():
    payloads = payloads_of(contract_of(type="number", format="float"))
    assert 1e30 < max(payloads) == -min(payloads) == float(2**128 - 2**104)


bounds = (
    st.floats(-1e12, 1e12)
    | st.floats(-2, 2)
    | st.integers(-(10**20), 10**20)
    | st.sampled_from([0, 1e300, -1e300, 5e-324])
)
number_schemas = st.fixed_dictionaries(
    {"type": st.sampled_from(["number", "integer"])},
    optional={
        "minimum": bounds,
        "maximum": bounds,
        "exclusiveMinimum": bounds,
        "exclusiveMaximum": bounds,
        "format": st.sampled_from(["float", "double", *FORMATS]),
    },
)


def test_numbers_keep_their_keywords_by_both_validators():
    seen = 0

    @settings(max_examples=100, deadline=None, database=None)
    @given(number_schemas)
    def check(keywords):
        nonlocal seen
        low = max(keywords.get("minimum", -math.inf), keywords.get("exclusiveMinimum", -math.inf))
        high = min(keywords.get("maximum", math.inf), keywords.get("exclusiveMaximum", math.inf))
        if low + 2 >= high or (math.isfinite(low) and low + 2 == low) or (math.isfinite(high) and high - 2 == high):
            return  # no integer may be within the bounds
        contract = contract_of(**keywords)
        judges = (python_says(contract.schema), rust_says(contract.schema))
        for payload in payloads_of(contract, n=60):
            seen += 1
            assert all(judge(payload) for judge in judges), payload
            assert json.loads(json.dumps(payload)) == payload
        for case in contract.sample(20, "invalid"):
            assert not any(judge(case.payload) for judge in judges), case

    check()
    assert seen > 500


@pytest.mark.parametrize(
    ("condition", "smallest"),
    [
        (lambda x: True, 0),
        (lambda x: x >= 1000, 1000),
        (lambda x: x > 1e9, 1e9 + 1),
        (lambda x: x < -5, -6),
        (lambda x: isinstance(x, float), 0.0),
        (lambda x: x % 1 != 0, 0.5),
        (lambda x: isinstance(x, float) and x.is_integer(), 0.0),
        (lambda x: x and abs(x) < 1e-6, 1e-7),
    ],
)
def test_a_number_shrinks_to_the_simplest(condition, smallest):
    options = settings(database=None, derandomize=True, max_examples=5000, phases=[Phase.generate, Phase.shrink])
    found = find(NUMBER.valid(), condition, settings=options)
    assert (found, type(found)) == (smallest, type(smallest))


@pytest.mark.parametrize("low", [0.1, Fraction(1, 3), 1e-9])
def test_a_narrow_range_has_several_numbers(low):
    low = float(low)
    payloads = payloads_of(contract_of(type="number", minimum=low, maximum=low * 1.5))
    assert len(set(payloads)) > 50
    assert all(low <= number <= low * 1.5 for number in payloads)
