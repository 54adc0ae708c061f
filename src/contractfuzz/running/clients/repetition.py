"""Repetition: requests that a client must not send again, or not yet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic, time

from contractfuzz.running.clients.conversation import Turn
from contractfuzz.server.messages import Response

UNSAFE_METHODS = ("POST", "PATCH")
"""Methods that are not idempotent (RFC 9110, section 9.2.2)."""

MAX_CHECKED_WAIT_SECONDS = 5
"""Time in Retry-After up to which a client should wait. It may end a longer wait early."""

TOLERANCE_SECONDS, DATE_TOLERANCE_SECONDS = 0.1, 1
"""Time by which a client may be early, because clocks differ, and because a client rounds the time until a date."""


def find_repetition(turns: Sequence[Turn]) -> str:
    """Return in words the first request that must not be sent again, or that was sent too early; empty if there is none.

    Args:
        turns: the requests of a conversation, with their responses.

    """
    sent: dict[tuple[str, str, bytes], Turn] = {}
    for later in turns:
        earlier, sent[later.request.key] = sent.get(later.request.key), later
        problem = "" if earlier is None else _problem_of_repetition(earlier, later)
        if problem:
            return problem
    return ""


def _problem_of_repetition(earlier: Turn, later: Turn) -> str:
    """Return in words why a request must not be sent again, or not yet; empty if it may be."""
    method, waited = later.request.method, later.time - earlier.time
    wait = wait_after(earlier.response, earlier.time)
    tolerance = TOLERANCE_SECONDS if _retry_after(earlier.response).isdigit() else DATE_TOLERANCE_SECONDS
    if wait is not None and waited + tolerance < wait <= MAX_CHECKED_WAIT_SECONDS:
        return f"early retry: {method} was sent again before the time of Retry-After: {waited:.1f} s later"
    key = earlier.request.headers.get("idempotency-key")
    has_key = key is not None and key == later.request.headers.get("idempotency-key")
    if method in UNSAFE_METHODS and not has_key and (reason := _doubt(earlier.response)):
        return f"repeated request: {method} was sent again after {reason}, and may have been done twice"
    return ""


def wait_after(response: Response, received: float) -> float | None:
    """Return the seconds that a client should wait after a response (RFC 9110, section 10.2.3); None if it names no time.

    Args:
        response: the response. Only those with status 429 and 503 name a time.
        received: time of ``time.monotonic()`` at which it was sent.

    """
    if response.status not in (429, 503) or response.dropped:
        return None
    value = _retry_after(response)
    if value.isdigit():
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return (date - datetime.fromtimestamp(time() - (monotonic() - received), UTC)).total_seconds()


def _retry_after(response: Response) -> str:
    """Return the value of Retry-After; empty without it."""
    return next((text for name, text in response.headers.items() if name.lower() == "retry-after"), "")


def _doubt(response: Response) -> str:
    """Return why the server may have done what a request asks for, although it failed; empty if it has not."""
    if response.reset:
        return "a reset of the connection"
    if response.dropped or response.silence_seconds:
        return "a connection without a response"
    if response.truncate_at is not None:
        return "a response that was cut"
    # With Retry-After, the server asks for the same request again.
    is_done = response.status >= 500 and not (response.status == 503 and _retry_after(response))
    return f"the status {response.status}" if is_done else ""
