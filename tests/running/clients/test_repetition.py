"""Requests that a client sends again: which of them it may, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from time import monotonic

import pytest

from contractfuzz.running.clients.conversation import REFUSED, Turn
from contractfuzz.running.clients.repetition import find_repetition, wait_after
from contractfuzz.server.messages import Request, Response


def turn(method, response, time, *, body=b"{}", **headers):
    return Turn(Request(0, method, "/orders", "", headers, body), response, time)


OK = Response()
ERROR = Response(500)
LIMITED = Response(429, {"Retry-After": "1"})
BUSY = Response(503, {"Retry-After": "1"})


@pytest.mark.parametrize(
    ("method", "response", "seconds", "problem"),
    [
        ("POST", ERROR, 0, "repeated request: POST was sent again after the status 500"),
        ("PATCH", Response(502), 3, "repeated request: PATCH was sent again after the status 502"),
        ("POST", Response(503), 3, "repeated request: POST was sent again after the status 503"),
        ("POST", REFUSED, 3, "repeated request: POST was sent again after a connection without a response"),
        ("POST", Response(dropped=True, reset=True), 3, "repeated request: POST was sent again after a reset"),
        (
            "POST",
            Response(body=b"{}", truncate_at=1),
            3,
            "repeated request: POST was sent again after a response that was",
        ),
        ("GET", LIMITED, 0.5, "early retry: GET was sent again before the time of Retry-After: 0.5 s later"),
        ("POST", BUSY, 0, "early retry: POST was sent again"),
        ("GET", ERROR, 0, ""),
        ("PUT", ERROR, 0, ""),
        ("POST", OK, 0, ""),
        ("POST", Response(404), 0, ""),
        ("POST", Response(429), 0, ""),
        ("POST", BUSY, 1, ""),
        ("GET", LIMITED, 0.95, ""),
        ("GET", Response(429, {"retry-after": "31536000"}), 0.5, ""),
        ("GET", Response(429, {"Retry-After": "-1"}), 0, ""),
        ("GET", Response(429, {"Retry-After": "soon"}), 0, ""),
    ],
)
def test_a_request_may_be_sent_again_if_it_is_safe_and_late_enough(method, response, seconds, problem):
    found = find_repetition([turn(method, response, 10), turn(method, OK, 10 + seconds)])
    assert found.startswith(problem)
    assert bool(found) == bool(problem)


def test_requests_in_between_make_no_difference():
    turns = [turn("POST", ERROR, 0), turn("POST", OK, 1, body=b"token"), turn("POST", OK, 2)]
    assert find_repetition(turns).startswith("repeated request")


@pytest.mark.parametrize(("keys", "is_found"), [(("a", "a"), False), (("a", "b"), True)])
def test_an_idempotency_key_permits_a_repetition(keys, is_found):
    turns = [turn("POST", ERROR, time, **{"idempotency-key": key}) for time, key in enumerate(keys)]
    assert bool(find_repetition(turns)) == is_found


def test_another_body_is_another_request():
    assert find_repetition([turn("POST", ERROR, 0), turn("POST", OK, 1, body=b"[]")]) == ""


def test_a_date_is_a_time_to_wait_for():
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert 58 <= wait_after(Response(429, {"Retry-After": date}), monotonic()) <= 60
    assert wait_after(Response(200, {"Retry-After": date}), monotonic()) is None


@pytest.mark.parametrize(("seconds", "is_early"), [(0, True), (0.5, True), (2, False), (3, False)])
def test_a_client_may_round_the_time_until_a_date(seconds, is_early):
    date = format_datetime(datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3), usegmt=True)
    now = monotonic()
    turns = [turn("GET", Response(429, {"Retry-After": date}), now), turn("GET", OK, now + seconds)]
    assert bool(find_repetition(turns)) == is_early
