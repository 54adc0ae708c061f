"""The effect of a fault compares the consumer's results for the faulty payload and for its valid twin."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from types import SimpleNamespace
from typing import Any

import attrs
import httpx
import msgspec
import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contractfuzz.running.verdicts.effects import MAX_PARTS, Effect, measure_effect, measure_loss

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@dataclass
class DataclassOrder:
    id: Any
    parts: list[Any] = field(default_factory=list)


@attrs.define
class AttrsOrder:
    id: Any


class StructOrder(msgspec.Struct):
    id: Any


class ModelOrder(pydantic.BaseModel, extra="allow"):
    id: Any


class PlainOrder:
    def __init__(self, number: Any) -> None:
        self.number = number


class SlottedOrder:
    __slots__ = ("number",)

    def __init__(self, number: Any) -> None:
        self.number = number


class Colour(Enum):
    RED = 1
    BLUE = 2


def effect(faulty: Any, *twins: Any) -> Effect:
    """Return the effect if the consumer's results for the twin are ``twins``, the last one repeated."""
    results = iter(twins)
    last = twins[-1]
    return measure_effect(faulty, lambda: next(results, last))


@given(JSON_VALUES.filter(lambda value: value is not None))
def test_equal_results_have_no_effect(result: Any) -> None:
    assert effect(result, result) is Effect.NONE


@pytest.mark.parametrize(
    ("faulty", "twin"),
    [
        (None, False),
        (0, False),
        ("1", 1),
        ("", None),
        ([], {}),
        ([1], [1, 2]),
        ({"a": None}, {}),
        ({"1": "a"}, {1: "a"}),
        (b"a", "a"),
        (Colour.RED, Colour.BLUE),
        (float("nan"), 0.0),
        ({1, 2}, {1, 3}),
        (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)),
    ],
)
def test_different_results_are_a_change(faulty: Any, twin: Any) -> None:
    assert effect(faulty, twin) is Effect.CHANGED
    assert effect(twin, faulty) is Effect.CHANGED


@pytest.mark.parametrize("faulty", [1, 1.0, Decimal(1), True])
def test_the_type_of_a_number_does_not_matter_unless_it_is_a_boolean(faulty: Any) -> None:
    assert effect(faulty, 1) is (Effect.CHANGED if faulty is True else Effect.NONE)


@pytest.mark.parametrize(
    "make", [DataclassOrder, AttrsOrder, StructOrder, lambda value: ModelOrder(id=value), PlainOrder, SlottedOrder]
)
def test_objects_are_compared_by_their_attributes(make: Any) -> None:
    assert effect(make("1"), make("1")) is Effect.NONE
    assert effect(make(1), make("1")) is Effect.CHANGED
    assert effect([make({"a": [1]})], [make({"a": [2]})]) is Effect.CHANGED


def test_undeclared_properties_of_a_model_are_compared() -> None:
    assert effect(ModelOrder(id=1, x=1), ModelOrder(id=1, x=2)) is Effect.CHANGED


def test_responses_are_compared_by_status_and_body() -> None:
    def response(status: int, body: bytes) -> httpx.Response:
        return httpx.Response(status, content=body, headers={"date": str(next(clock))})

    clock = itertools.count()
    assert effect(response(200, b'{"a": 1}'), response(200, b'{"a":1}')) is Effect.NONE
    assert effect(response(200, b"{}"), response(201, b"{}")) is Effect.CHANGED
    assert effect(response(200, b"x"), response(200, b"y")) is Effect.CHANGED


def test_what_differs_between_two_results_for_the_same_twin_is_ignored() -> None:
    clock = itertools.count()

    def read(name: str) -> dict[str, Any]:
        return {"read_at": next(clock), "name": name}

    assert measure_effect(read("a"), lambda: read("a")) is Effect.NONE
    assert measure_effect(read("b"), lambda: read("a")) is Effect.CHANGED


def test_a_result_without_content_of_its_own_is_incomparable() -> None:
    for result in (iter([1]), (number for number in [1]), len, lambda: 1, object()):
        assert effect(result, result) is Effect.UNKNOWN


def test_a_consumer_that_returns_nothing_has_an_unknown_effect() -> None:
    assert effect(None, None) is Effect.UNKNOWN


def test_the_address_in_a_representation_is_ignored() -> None:
    class Handle:
        def __repr__(self) -> str:
            return f"<Handle at {id(self):#x}>"

    assert effect(Handle(), Handle()) is Effect.NONE


def test_a_twin_that_raises_makes_the_effect_unknown() -> None:
    def read_twin() -> Any:
        raise ValueError("refused")

    assert measure_effect(1, read_twin) is Effect.UNKNOWN


def test_a_result_that_contains_itself_is_compared() -> None:
    first, second, third = SimpleNamespace(name="a"), SimpleNamespace(name="a"), SimpleNamespace(name="b")
    for one in (first, second, third):
        one.parent = one
    assert effect(first, second) is Effect.NONE
    assert effect(first, third) is Effect.CHANGED


def test_a_result_with_too_many_parts_has_an_unknown_effect() -> None:
    assert effect([0] * (MAX_PARTS + 1), [0] * (MAX_PARTS + 1)) is Effect.UNKNOWN


class Answer:
    def __init__(self, **members):
        self.__dict__.update(members)


class AnswerWithErrors(Answer): ...


@pytest.mark.parametrize(
    ("result", "twin", "effect"),
    [
        ([1, 2], [1, 2], "none"),
        ([1], [1, 2], "changed"),
        (None, [1], "changed"),
        (None, {}, "changed"),
        ({"a": 1, "b": 2}, {"a": 1}, "none"),
        ({"b": 2}, {"a": None}, "none"),
        (AnswerWithErrors(results=[1], errors=None), Answer(results=[1]), "none"),
        (AnswerWithErrors(results=[], errors=None), Answer(results=[1]), "changed"),
        ((201, "text"), (200, "text"), "none"),
        ((201, "text"), (200, "other"), "changed"),
        (iter([]), [1], "unknown"),
    ],
)
def test_a_result_for_a_wire_case_must_have_what_its_twin_has(result, twin, effect):
    assert measure_loss(result, lambda: twin, 201) == effect


def test_no_result_is_a_loss_even_if_the_result_for_the_twin_cannot_be_compared():
    incomparable = list(range(MAX_PARTS + 1))
    assert measure_loss(None, lambda: incomparable, 201) is Effect.CHANGED
    assert measure_loss(list(incomparable), lambda: incomparable, 201) is Effect.UNKNOWN
    results = iter([incomparable, None])
    assert measure_loss(None, lambda: next(results), 201) is not Effect.CHANGED


@pytest.mark.parametrize("moment", [datetime(2024, 5, 17, 10, 30, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_the_same_instant_with_another_offset_is_no_change(moment):
    shifted = moment.astimezone(timezone(-timedelta(hours=2)))
    assert measure_effect(shifted, lambda: moment) is Effect.NONE


def test_a_time_without_its_offset_is_a_change():
    moment = datetime(2024, 5, 17, 10, 30, tzinfo=UTC)
    assert measure_effect(moment.replace(tzinfo=None), lambda: moment) is Effect.CHANGED
