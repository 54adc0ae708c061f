"""Options of a run: an option that cannot apply is refused in one line."""

from __future__ import annotations

import pickle
import time

import pydantic
import pytest
from consumers import accept
from flask import Flask
from systems import needs_fork

from contractfuzz import (
    ContractError,
    assert_accepts,
    assert_honours,
    assert_rejects,
    assert_round_trips,
    assert_survives,
    check,
)
from contractfuzz.running.adapters.registry import adapt
from contractfuzz.running.options import RunOptions

pytestmark = pytest.mark.usefixtures("repeatable")


class Counter(pydantic.BaseModel):
    n: int = pydantic.Field(ge=0)


def make_application() -> Flask:
    application = Flask("counter")

    @application.post("/webhook")
    def webhook():
        return "", 204

    return application


def refusal(function, *args, **options) -> str:
    with pytest.raises(ContractError) as caught:
        function(*args, **options)
    message = str(caught.value)
    assert "\n" not in message
    return message


def honours(consumer, contract, **options):
    """Call `assert_honours` with the arguments of the other assertions."""
    assert_honours(consumer, next(contract.sample(1)), **options)


CHECKS = [check, assert_accepts, assert_rejects, assert_survives, honours]


@pytest.mark.parametrize("function", CHECKS)
def test_a_time_limit_without_isolation_is_refused(counter, function):
    expected = "a time limit needs an isolated consumer: add --isolate (in Python, isolate=True)"
    assert refusal(function, accept, counter, time_limit=1) == expected


@pytest.mark.parametrize("isolate", [True, False])
@pytest.mark.parametrize("time_limit", [0, -1, -0.0, float("nan"), float("inf"), float("-inf"), 86_401, 1e300, 10**400])
def test_a_time_limit_that_is_out_of_range_is_refused(time_limit, isolate):
    message = refusal(RunOptions, isolate=isolate, time_limit=time_limit)
    assert message.endswith("is out of range: give a time above 0 s, and at most 86,400 s (a day)")


@pytest.mark.parametrize("time_limit", [1e-300, 0.1, 5, 86_400])
def test_a_time_limit_in_range_is_taken(time_limit):
    assert RunOptions(isolate=True, time_limit=time_limit).time_limit == time_limit


@pytest.mark.parametrize("function", CHECKS)
@pytest.mark.parametrize("strict", [True, False])
def test_strict_is_refused_for_a_function(counter, function, strict):
    message = refusal(function, accept, counter, strict=strict)
    assert message.startswith("consumers:accept is not a pydantic model or a msgspec Struct: leave out strict=")


@pytest.mark.parametrize("function", CHECKS)
def test_a_route_is_refused_for_a_function(counter, function):
    message = refusal(function, accept, counter, route="/webhook")
    assert message == "consumers:accept is not a WSGI or ASGI application: leave out the route '/webhook'"


def test_strict_is_refused_for_a_round_trip_of_functions(counter):
    assert "is not a pydantic model" in refusal(assert_round_trips, accept, accept, counter, strict=True)


def test_strict_is_refused_for_a_web_application():
    assert "is not a pydantic model" in refusal(adapt, make_application(), route="/webhook", strict=True)


def test_a_route_is_refused_for_a_model():
    assert "is not a WSGI or ASGI application" in refusal(adapt, Counter, route="/webhook")


@pytest.mark.parametrize("options", [{"strict": True}, {"route": "/webhook"}])
def test_an_adapted_consumer_takes_no_further_options(options):
    assert "leave out" in refusal(adapt, adapt(Counter), **options)


def test_the_url_of_a_server_is_refused_for_a_model():
    assert "choose another feed than 'url'" in refusal(adapt, Counter, "url")


def test_check_takes_strict(counter):
    accepted = {
        strict: {finding.case.label for finding in check(Counter, counter, strict=strict, examples=0).findings}
        for strict in (True, False)
    }
    assert "/n:type.numeric-string" in accepted[False] - accepted[True]


def test_check_takes_a_route(counter):
    report = check(make_application(), counter, route="/webhook", examples=0)
    assert report.counts["valid"] == {"accepted": 1}
    assert report.counts["malformed"]["accepted"] > 0


def test_an_assertion_takes_strict(counter):
    with pytest.raises(AssertionError, match="accepted a payload that breaks the contract"):
        assert_rejects(Counter, counter, strict=False)
    assert_rejects(Counter, counter, strict=True)


def test_an_assertion_takes_a_route(counter):
    assert_accepts(make_application(), counter, route="/webhook")
    with pytest.raises(AssertionError, match="accepted a payload that breaks the contract"):
        assert_rejects(make_application(), counter, route="/webhook")


def test_the_first_parameter_decides_what_check_feeds(counter):
    fed = set()

    def read(body: bytes):
        fed.add(type(body))

    check(read, counter, examples=0)
    assert fed == {bytes}


@needs_fork
def test_a_time_limit_ends_a_consumer_that_hangs(counter):
    with pytest.raises(AssertionError, match=r"no answer within 0\.2 s"):
        assert_accepts(lambda payload: time.sleep(1000), counter, isolate=True, time_limit=0.2)


def test_run_options_can_be_pickled():
    options = RunOptions(feed="bytes", raises=(KeyError,), isolate=True, time_limit=1)
    assert pickle.loads(pickle.dumps(options)) == options
