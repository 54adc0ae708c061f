"""Comparison of results across languages: what is equal, what differs, and what cannot be compared."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contractfuzz.differential.results import PlainResult, compare_results, place_of, usual_names
from contractfuzz.running.verdicts.effects import parts_of

few = settings(max_examples=50, deadline=None)

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(), values, max_size=3),
    max_leaves=8,
)


@dataclass
class Line:
    sku: str
    count: Any = None


class State(Enum):
    OPEN = "open"


def plain(value: Any) -> PlainResult:
    return PlainResult.of(parts_of(value))


def differences(one: Any, other: Any) -> list[tuple[str, ...]] | None:
    """Return the paths that differ; None if something cannot be compared."""
    comparison = compare_results(plain(one), plain(other))
    return list(comparison.different) if comparison.is_whole else None


@few
@given(JSON_VALUES)
def test_a_value_equals_what_another_language_reads_from_its_json(value):
    assert differences(value, json.loads(json.dumps(value))) == []


@few
@given(JSON_VALUES, JSON_VALUES)
def test_the_comparison_is_symmetric(one, other):
    assert differences(one, other) == differences(other, one)


@few
@given(JSON_VALUES, st.text(min_size=1))
def test_a_value_differs_from_a_container_of_it(value, name):
    assert differences(value, {name: value}) != []
    assert differences(value, [value]) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Line("a", 1), {"sku": "a", "count": 1}),
        (Line("a"), {"sku": "a"}),
        (Line("a"), {"sku": "a", "count": None}),
        ([Line("a")], ({"count": None, "sku": "a"},)),
        (1, 1.0),
        (Decimal("0.1"), 0.1),
        (State.OPEN, "open"),
        ({1: "a"}, {"1": "a"}),
        ({None: True}, {"null": True}),
        (datetime(2025, 1, 1, 12, tzinfo=UTC), "2025-01-01T13:00:00+01:00"),
        (uuid.UUID(int=7), "00000000-0000-0000-0000-000000000007"),
    ],
    ids=repr,
)
def test_values_of_two_languages_are_equal(one, other):
    assert differences(one, other) == []


@pytest.mark.parametrize(
    ("one", "other", "path"),
    [
        (12345678901234567890, 12345678901234567000, ()),
        ("1", 1, ()),
        (None, "", ()),
        (True, 1, ()),
        ([], {}, ()),
        ({"a": None}, {}, ("a",)),
        (Line("a", 1), {"sku": "a"}, ("count",)),
        ([1, 2], [1], ("1",)),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, ("a", "0", "b")),
    ],
    ids=repr,
)
def test_the_part_that_differs_is_found(one, other, path):
    assert differences(one, other) == [path]


@pytest.mark.parametrize(
    ("one", "other"), [({1, 2}, [1, 2]), (date(2025, 1, 1), "2025-01-01"), (b"a", "a"), (Line("a"), "a")], ids=repr
)
def test_values_without_a_common_form_cannot_be_compared(one, other):
    assert differences(one, other) is None


def test_an_item_has_the_same_place_as_its_neighbour_and_data_is_not_a_name():
    names = usual_names([plain({f"id{number}": {"total": 1}}) for number in range(9)], {"properties": {"sku": {}}})
    assert names == {"total", "sku"}
    one, other = plain({"id7": {"sku": [1, 2]}}), plain({"id7": {"sku": [1, 3], "x": 1}})
    [change, addition] = compare_results(one, other).different
    assert place_of(change, one, other, names) == "/*/sku/*"
    assert place_of(addition, one, other, names) == "/*"


def test_the_body_of_a_response_is_a_result_of_its_own():
    response = SimpleNamespace(status_code=200, content=b'{"id": 7}')
    assert plain(response).is_response
    assert compare_results(plain(response).body(), plain({"id": 7})).different == ()
