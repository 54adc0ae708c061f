"""One call, one verdict."""

from __future__ import annotations

import asyncio
import json
import traceback

import pytest

from contractfuzz import Case, Verdict
from contractfuzz.running.adapters.registry import adapt
from contractfuzz.running.calling import call

pytestmark = pytest.mark.usefixtures("repeatable")


def raising(error):
    def consumer(payload):
        raise error

    return consumer


class RustPanicError(BaseException):
    """As the bindings of parsers in Rust raise it: no Exception."""


def recursing(payload):
    return recursing([payload])


def test_what_returns_has_accepted():
    outcome = call(lambda payload: payload + 1, 1, (ValueError,))
    assert (outcome.verdict, outcome.result, outcome.error) == (Verdict.ACCEPTED, 2, None)


def test_returning_an_error_is_accepting():
    assert call(lambda payload: ValueError("no"), 1, (ValueError,)).verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("error", [ValueError("no"), UnicodeError("no"), KeyError("no")])
def test_a_declared_error_or_one_derived_from_it_rejects(error):
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


def test_without_declared_errors_whatever_is_raised_is_a_crash():
    assert call(raising(ValueError("no")), 1, ()).verdict is Verdict.CRASHED


@pytest.mark.parametrize("raises", [(ValueError,), (BaseException,)])
def test_ctrl_c_passes_through(raises):
    with pytest.raises(KeyboardInterrupt):
        call(raising(KeyboardInterrupt()), 1, raises)


@pytest.mark.parametrize("word", [pytest.skip, pytest.fail, pytest.exit])
def test_what_pytest_raises_to_end_a_test_passes_through(word):
    with pytest.raises(word.Exception):
        call(lambda payload: word("enough"), 1, (ValueError,))


def frames(outcome):
    return [frame.name for frame in traceback.extract_tb(outcome.error.__traceback__)]


def test_the_traceback_begins_in_the_consumer():
    assert frames(call(raising(KeyError("id")), 1, ())) == ["consumer"]


def test_the_traceback_of_an_async_consumer_begins_in_it():
    async def read(payload):
        raise KeyError("id")

    assert frames(call(adapt(read).call, 1, ())) == ["read"]


def test_the_traceback_of_a_consumer_that_runs_a_loop_itself_begins_in_it():
    async def wait():
        raise KeyError("id")

    def read(payload):
        asyncio.run(wait())

    got = frames(call(read, 1, ()))
    assert (got[0], got[-1]) == ("read", "wait")


def test_a_function_in_c_leaves_no_traceback():
    assert frames(call(len, 1, ())) == []


@pytest.mark.parametrize(
    ("expectation", "verdicts"),
    [("accepts", {"accepted"}), ("rejects", {"rejected"}), ("survives", {"accepted", "rejected"})],
)
def test_which_verdicts_are_right_depends_on_what_is_expected(expectation, verdicts):
    case = Case("valid", payload=1, expectation=expectation)
    consumers = [str, raising(ValueError("no")), raising(KeyError("no"))]
    outcomes = [call(consumer, 1, (ValueError,)) for consumer in consumers]
    assert {outcome.verdict.value for outcome in outcomes if outcome.honours(case)} == verdicts


def test_a_verdict_is_a_word():
    assert json.dumps({Verdict.DIED: Verdict.HUNG}) == '{"died": "hung"}'
