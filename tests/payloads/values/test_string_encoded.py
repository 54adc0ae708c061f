"""Values and mistakes of string-encoded types: most values match the pattern, and an unknown annotation has none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from payload_judges import python_says, rust_says

from contractfuzz import Contract
from contractfuzz.documents.dialects import string_encoded
from contractfuzz.documents.dialects.string_encoded import ANNOTATION, ENCODINGS, INTEGERS
from contractfuzz.oracle import Oracle
from contractfuzz.payloads.values.hostile import NUMBER_LOOKALIKES
from contractfuzz.payloads.values.string_encoded import encoded_mistakes, encoded_values

SCHEMAS = {
    **{name: string_encoded.integer_schema(name, *bounds) for name, bounds in INTEGERS.items()},
    "decimal": string_encoded.decimal_schema(None, None, {}),
    "decimal with precision": string_encoded.decimal_schema(8, 2, {}),
    "decimal with bounds": string_encoded.decimal_schema(
        6, 2, {"exclusiveMinimum": Decimal(0), "maximum": Decimal(100)}
    ),
    **{name: string_encoded.binary_schema(name) for name in ENCODINGS},
}
EXACT = [name for name in SCHEMAS if not name.startswith("decimal")]

keywords = st.sampled_from(["minimum", "maximum", "exclusiveMinimum", "precision", "scale", "encoding"])
annotations = st.none() | st.dictionaries(keywords, st.integers() | st.text("0123456789-.") | st.none() | st.booleans())


@pytest.mark.parametrize("name", EXACT)
def test_values_of_integers_and_bytes_match_the_pattern(name):
    oracle, values = Oracle(SCHEMAS[name]), list(encoded_values(SCHEMAS[name][ANNOTATION]))
    assert len(values) >= 10
    assert [value for value in values if not oracle.is_valid(value)] == []


@pytest.mark.parametrize("name", sorted(set(SCHEMAS) - set(EXACT)))
def test_many_values_of_decimals_match_the_pattern(name):
    oracle, values = Oracle(SCHEMAS[name]), list(encoded_values(SCHEMAS[name][ANNOTATION]))
    assert sum(map(oracle.is_valid, values)) >= 20


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_mistakes_have_unique_variants_and_most_do_not_match_the_pattern(name):
    oracle, mistakes = Oracle(SCHEMAS[name]), list(encoded_mistakes(SCHEMAS[name][ANNOTATION]))
    variants = [variant for variant, _, _ in mistakes]
    assert len(set(variants)) == len(variants) >= 3
    assert sum(not oracle.is_valid(value) for _, value, _ in mistakes) >= 2


@pytest.mark.parametrize("scale", [1, 7, 27, 28, 200, 900])
def test_a_bound_is_exact_for_any_scale(scale):
    schema = string_encoded.decimal_schema(1000, scale, {"minimum": Decimal("999999999999999999.5")})
    values = {text for text in encoded_values(schema[ANNOTATION]) if Oracle(schema).is_valid(text)}
    assert "999999999999999999.5" + "0" * (scale - 1) in values
    assert any(Decimal(text) > Decimal("999999999999999999.5") for text in values)


@given(annotations, st.sampled_from([*INTEGERS, "decimal", "binary", "int8", None]))
def test_any_annotation_is_read(annotation, name):
    if annotation is not None:
        annotation = {**annotation, "type": name}
    assert all(isinstance(value, str) for value in encoded_values(annotation))
    assert all(isinstance(value, str) for _, value, _ in encoded_mistakes(annotation))


@pytest.mark.parametrize("annotation", [None, "int64", 1, [], {}, {"type": "int8"}, {"type": "int64", "minimum": 0}])
def test_an_unknown_annotation_has_no_values_and_no_mistakes(annotation):
    assert list(encoded_values(annotation)) == []
    assert list(encoded_mistakes(annotation)) == []


# --- numbers that a pattern, a format or examples ask for --------------------------------------------------------------------

DRAFT = "https://json-schema.org/draft/2020-12/schema"
LOOKALIKES = ("not-a-number", "exponent", "fraction", "spaces", "plus", "grouped", "hexadecimal", "non-ascii-digits")


def string_contract(**keywords):
    return Contract.load({"$schema": DRAFT, "type": "string", **keywords})


@pytest.mark.parametrize(
    ("pattern", "missing"),
    [
        (r"^[0-9]+$", set()),
        (r"^-?(0|[1-9][0-9]*)$", set()),
        (r"^[0-9]{4}$", set()),
        (r"^\d+$", {"non-ascii-digits"}),
        (r"^\d+(\.\d+)?$", {"non-ascii-digits", "fraction"}),
        (r"^\d+\.\d{2}$", {"non-ascii-digits", "fraction"}),
        (r"^[+-]?\d+$", {"non-ascii-digits", "plus"}),
        (r"[0-9]{3}$", {"spaces", "plus", "grouped"}),
    ],
)
def test_a_pattern_of_numbers_is_broken_by_each_lookalike_that_it_misses(pattern, missing):
    contract = string_contract(pattern=pattern)
    variants = {label.rpartition(".")[2] for label in contract.labels() if ":pattern." in label}
    assert variants & {*LOOKALIKES} == {*LOOKALIKES} - missing
    cases = list(contract.sample(100, "invalid", only=[f":pattern.{name}" for name in {*LOOKALIKES} - missing]))
    judges = (python_says(contract.schema), rust_says(contract.schema))
    assert len(cases) == 100
    assert [case for case in cases for judge in judges if judge(case.payload)] == []


@pytest.mark.parametrize(
    "pattern", [r"^[a-z0-9]+$", r"^\w+$", "^.*$", "[0-9]*", "^[A-F0-9]{8}$", "^v[0-9]+$", r"^\d{4}-\d\d$"]
)
def test_a_pattern_of_other_strings_has_no_lookalikes_of_numbers(pattern):
    labels = string_contract(pattern=pattern).labels()
    assert not {label.removeprefix(":pattern.") for label in labels} & {*LOOKALIKES}
    assert len(labels) > 5


@pytest.mark.parametrize(
    "keywords", [{"format": "int64"}, {"format": "decimal"}, {"examples": ["33451", "0"]}, {"default": "1.50"}], ids=str
)
def test_a_string_that_should_hold_a_number_gets_lookalikes_in_hostile_cases(keywords):
    contract = string_contract(**keywords)
    payloads = [case.payload for case in contract.sample(1000, "hostile")]
    assert {"NaN", "1e3", "1.5", " 1", "1,000", "١٢", "0x1F", "1\n"} <= set(payloads)
    assert sum(payload in NUMBER_LOOKALIKES for payload in payloads) > 300
    assert all(map(rust_says(contract.schema), payloads))
    assert not any(isinstance(case.payload, str) for case in contract.sample(100, "invalid"))


def test_other_strings_get_few_lookalikes_of_numbers():
    payloads = [case.payload for case in string_contract(examples=["a", "1"]).sample(1000, "hostile")]
    assert sum(payload in NUMBER_LOOKALIKES for payload in payloads) < 150
