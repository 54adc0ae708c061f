"""JSON values: their types, a canonical text, and copies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contractfuzz.json_values import canonical, copy_json, json_type

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


def containers_in(value):
    if isinstance(value, dict | list):
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from containers_in(inner)


@given(json_values)
def test_a_copy_is_equal_and_shares_no_containers(value):
    copy = copy_json(value)
    assert canonical(copy) == canonical(value)
    assert {id(one) for one in containers_in(copy)}.isdisjoint({id(one) for one in containers_in(value)})


@given(st.dictionaries(st.text(), st.integers(), min_size=2))
def test_the_canonical_text_ignores_the_order_of_properties(value):
    reordered = dict(reversed(value.items()))
    assert list(reordered) != list(value)
    assert canonical(reordered) == canonical(value)


@given(st.lists(st.integers(), unique=True, min_size=2))
def test_the_canonical_text_keeps_the_order_of_items(value):
    assert canonical(value[::-1]) != canonical(value)


def test_the_canonical_text_distinguishes_what_python_does_not():
    assert len({canonical(value) for value in (1, 1.0, True, "1")}) == 4


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "null"),
        (True, "boolean"),
        (1, "integer"),
        (1.0, "number"),
        ("", "string"),
        ([], "array"),
        ({}, "object"),
    ],
)
def test_each_value_has_its_json_schema_type(value, name):
    assert json_type(value) == name


def test_a_tuple_is_not_a_json_value():
    with pytest.raises(TypeError, match="tuple is not a JSON value"):
        json_type(())
