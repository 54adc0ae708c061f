"""Rules on the state, the timestamps and the errors of a batch."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from hubspot_strategies.association_types import format_timestamp
from hubspot_strategies.realistic import build_response, pick
from hubspot_strategies.rules.shapes import AT_LEAST_ONE, small_shape

if TYPE_CHECKING:
    from contractfuzz.payloads.choices.protocol import Choices

GAPS_MILLISECONDS = (1000, 1, 60_000, 3_600_000, 86_400_000)
"""Distances between two timestamps in the wrong order. A second is the easiest to read, a millisecond the hardest to notice."""

FUTURE_TIMESTAMPS = ("2999-01-01T00:00:00Z", "2999-12-31T23:59:59.999Z", "9999-12-31T23:59:59Z")
"""Fixed timestamps in the far future, so that the payloads do not depend on today's date."""

DAYS_PER_400_YEARS = 146_097


# --- timestamps ---------------------------------------------------------------------------------------------------------


def is_completed_after_start(payload: Any) -> bool:
    """Return True if ``completedAt`` is not before ``startedAt``."""
    return _in_order(payload["startedAt"], payload["completedAt"])


def make_completed_before_started(choices: Choices) -> Any:
    """Build a response with ``startedAt`` after ``completedAt``."""
    (gap,) = choices.block(1)
    response = build_response(choices, small_shape())
    response["startedAt"] = _later(response["completedAt"], gap)
    return response


def is_started_after_request(payload: Any) -> bool:
    """Return True if ``requestedAt`` is absent or not after ``startedAt``."""
    return "requestedAt" not in payload or _in_order(payload["requestedAt"], payload["startedAt"])


def make_started_before_requested(choices: Choices) -> Any:
    """Build a response with ``requestedAt`` after ``startedAt``."""
    (gap,) = choices.block(1)
    response = build_response(choices, small_shape(requested=True))
    response["requestedAt"] = _later(response["startedAt"], gap)
    return response


def is_completed_by_now(payload: Any) -> bool:
    """Return True if the batch is not finished or its ``completedAt`` is not in the future."""
    return payload["status"] not in ("COMPLETE", "CANCELED") or _in_order(
        payload["completedAt"], datetime.now(UTC).isoformat()
    )


def make_completion_in_future(choices: Choices) -> Any:
    """Build a COMPLETE or CANCELED response with ``completedAt`` in the far future."""
    (future,) = choices.block(1)
    response = build_response(choices, small_shape())
    response["completedAt"] = pick(FUTURE_TIMESTAMPS, future)
    return response


DATE_TIME_PATTERN = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))"
)


def _parse_instant(text: str) -> tuple[int, str] | None:
    """Return a date-time (RFC 3339) as a comparable value: whole seconds, then the digits of the fraction.

    ``datetime`` cannot parse all of them: it lacks the year 0000, leap seconds and fractions finer than a microsecond.
    Returns None for a text that only lenient validators accept as a date-time.
    """
    match = DATE_TIME_PATTERN.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    # The calendar repeats every 400 years.
    days = date(2000 + year % 400, month, day).toordinal() + year // 400 * DAYS_PER_400_YEARS
    fraction, sign, hours, minutes = match.groups()[6:]
    seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
    if sign:
        seconds -= int(sign + "1") * (int(hours) * 60 + int(minutes)) * 60
    return seconds, (fraction or "").rstrip("0")


def _in_order(earlier: str, later: str) -> bool:
    first, second = _parse_instant(earlier), _parse_instant(later)
    return first is None or second is None or first <= second


def _later(timestamp: str, gap: int) -> str:
    return format_timestamp(datetime.fromisoformat(timestamp) + timedelta(milliseconds=pick(GAPS_MILLISECONDS, gap)))


# --- state --------------------------------------------------------------------------------------------------------------


def has_no_results_while_pending(payload: Any) -> bool:
    """Return True if the batch is not PENDING or has no results."""
    return payload["status"] != "PENDING" or not payload["results"]


def make_pending_with_results(choices: Choices) -> Any:
    """Build a PENDING response with results."""
    return {**build_response(choices, small_shape(results=AT_LEAST_ONE)), "status": "PENDING"}


# --- errors -------------------------------------------------------------------------------------------------------------


def has_correct_error_count(payload: Any) -> bool:
    """Return True if ``numErrors`` is the number of ``errors``, or not negative if ``errors`` is absent."""
    if "numErrors" not in payload:
        return True
    count: int = payload["numErrors"]
    return count == len(payload["errors"]) if "errors" in payload else count >= 0


def make_num_errors_mismatch(choices: Choices) -> Any:
    """Build a response with errors and a ``numErrors`` of zero, one too many, 100 too many, or the maximum."""
    (variant,) = choices.block(1)
    response = build_response(choices, small_shape(errors=AT_LEAST_ONE))
    count = response["numErrors"]
    response["numErrors"] = pick((0, count + 1, count + 100, 2**31 - 1), variant)
    return response


def lists_counted_errors(payload: Any) -> bool:
    """Return True if ``errors`` is present or ``numErrors`` counts none."""
    return "errors" in payload or "numErrors" not in payload or payload["numErrors"] <= 0


def make_errors_missing(choices: Choices) -> Any:
    """Build a response without ``errors`` and with a ``numErrors`` of 1 to 100."""
    (count,) = choices.block(1)
    response = build_response(choices, small_shape(errors=(0,)))
    response.pop("errors", None)
    response["numErrors"] = 1 + pick(range(100), count)
    return response
