"""Calls of a consumer and their verdicts."""

from __future__ import annotations

import asyncio
import json
import traceback

import pytest

from contractfuzz import Case, Verdict
from contractfuzz.running.adapters.registry import adapt
from contractfuzz.running.verdicts.calling import call

pytestmark = pytest.mark.usefixtures("repeatable")


def raising(error):
    def consumer(payload):
        raise error

    return consumer


class RustPanicError(BaseException):
    """Not an Exception, like the panics that parsers in Rust raise."""


def recursing(payload):
    return recursing([payload])


def test_a_call_that_returns_accepts():
    outcome = call(lambda payload: payload + 1, 1, (ValueError,))
    assert (outcome.verdict, outcome.result, outcome.error) == (Verdict.ACCEPTED, 2, None)


def test_a_call_that_returns_an_error_accepts():
    assert call(lambda payload: ValueError("no"), 1, (ValueError,)).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("error", [ValueError("no"), UnicodeError("no"), KeyError("no")])
def test_a_declared_error_and_its_subclasses_reject(error):
    outcome = call(raising(error), 1, (ValueError, KeyError))
    assert (outcome.verdict, outcome.error) == (Verdict.REJECTED, error)


@pytest.mark.parametrize(
    "error",
    [
        KeyError("id"),
        TypeError("no"),
        AssertionError("no"),
        SystemExit(1),
        MemoryError(),
        GeneratorExit(),
        asyncio.CancelledError(),
        StopIteration(),
        RustPanicError("index out of bounds"),
        ExceptionGroup("several", [ValueError("no")]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_any_other_error_is_a_crash(error):
    outcome = call(raising(error), 1, (ValueError,))
    assert (outcome.verdict, outcome.error) == (Verdict.CRASHED, error)


def test_endless_recursion_is_a_crash():
    assert call(recursing, 1, (ValueError,)).verdict is Verdict.CRASHED


def test_without_declared_errors_every_error_is_a_crash():
    assert call(raising(ValueError("no")), 1, ()).verdict is Verdict.CRASHED


@pytest.mark.parametrize("raises", [(ValueError,), (BaseException,)])
def test_ctrl_c_passes_through(raises):
    with pytest.raises(KeyboardInterrupt):
        call(raising(KeyboardInterrupt()), 1, raises)


@pytest.mark.parametrize("word", [pytest.skip, pytest.fail, pytest.exit])
def test_an_outcome_of_pytest_passes_through(word):
    with pytest.raises(word.Exception):
        call(lambda payload: word("enough"), 1, (ValueError,))


def frames(outcome):
    return [frame.name for frame in traceback.extract_tb(outcome.traceback)]


def test_the_traceback_starts_in_the_consumer():
    assert frames(call(raising(KeyError("id")), 1, ())) == ["consumer"]


def test_the_traceback_of_an_async_consumer_starts_in_it():
    async def read(payload):
        raise KeyError("id")

    assert frames(call(adapt(read).call, 1, ())) == ["read"]


def test_the_traceback_of_a_consumer_with_its_own_loop_starts_in_it():
    async def wait():
        raise KeyError("id")

    def read(payload):
        asyncio.run(wait())

    got = frames(call(read, 1, ()))
    assert (got[0], got[-1]) == ("read", "wait")


def test_an_exception_that_is_raised_again_has_the_frames_of_its_last_call_only():
    reused = KeyError("id")
    outcomes = [call(raising(reused), 1, ()) for _ in range(3)]
    assert [frames(outcome) for outcome in outcomes] == [["consumer"]] * 3
    assert reused.__traceback__ is None


def test_a_function_in_c_has_no_traceback():
    assert frames(call(len, 1, ())) == []


@pytest.mark.parametrize(
    ("expectation", "verdicts"),
    [("accepts", {"accepted"}), ("rejects", {"rejected"}), ("survives", {"accepted", "rejected"})],
)
def test_each_expectation_has_its_verdicts(expectation, verdicts):
    case = Case("valid", payload=1, expectation=expectation)
    consumers = [str, raising(ValueError("no")), raising(KeyError("no"))]
    outcomes = [call(consumer, 1, (ValueError,)) for consumer in consumers]
    assert {outcome.verdict.value for outcome in outcomes if outcome.meets_expectation(case)} == verdicts


def test_a_verdict_is_a_string():
    assert json.dumps({Verdict.DIED: Verdict.HUNG}) == '{"died": "hung"}'
