"""Possible changes of one string, number or boolean that stays what it is: other values, lengths and notations."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from contractfuzz.documents.dialects.string_encoded import ANNOTATION
from contractfuzz.evolution.change_type import DoesNotApplyError
from contractfuzz.payloads.places import PlacedValue

LONG_TEXT_CHARACTERS = 300
"""Length of a text that gets longer, without a maximum."""

BEYOND_32_BITS = 5_000_000_021
BEYOND_53_BITS = 9_007_199_254_740_993
"""The smallest integer that a double cannot hold: 2^53 + 1."""

SHIFTED_OFFSET = timezone(timedelta(hours=2))

_DATE_TIME = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)(?P<time>T\d\d:\d\d:[0-5]\d)(?P<fraction>\.\d+)?(?P<offset>Z|[+-]\d\d:\d\d)", re.ASCII
)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_UTC_OFFSETS = {"Z": "+00:00", "+00:00": "Z"}


def is_number(value: Any) -> bool:
    """Return True if a JSON value is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def is_listed(place: PlacedValue) -> bool:
    """Return True if ``enum`` or ``const`` lists the values of a place."""
    return not place.schema.keys().isdisjoint(("enum", "const"))


def is_date_time(value: Any) -> bool:
    """Return True if a JSON value is a date-time (RFC 3339)."""
    return isinstance(value, str) and _DATE_TIME.fullmatch(value) is not None


def _text(place: PlacedValue) -> str:
    """Return the value if it is a text that may vary freely."""
    if not isinstance(place.value, str) or is_listed(place) or _DATE.match(place.value):
        raise DoesNotApplyError
    if "format" in place.schema or ANNOTATION in place.schema:
        raise DoesNotApplyError
    return place.value


def _number(place: PlacedValue) -> Any:
    """Return the value if it is a number that may vary freely."""
    if not is_number(place.value) or is_listed(place):
        raise DoesNotApplyError
    return place.value


def _integer(place: PlacedValue) -> int:
    value = _number(place)
    if not isinstance(value, int):
        raise DoesNotApplyError
    return value


# --- texts ------------------------------------------------------------------------------------------------------------------


def longer(place: PlacedValue) -> str:
    """Return a text several times as long."""
    text, most = _text(place) or "a", place.schema.get("maxLength")
    length = (
        max(LONG_TEXT_CHARACTERS, 2 * len(text)) if most is None or most >= LONG_TEXT_CHARACTERS else 2 * int(most) + 1
    )
    return (text * (length // len(text) + 1))[:length]


def empty_text(place: PlacedValue) -> str:
    """Return an empty text in place of another one."""
    if not _text(place):
        raise DoesNotApplyError
    return ""


def non_ascii(place: PlacedValue) -> str:
    """Return a text with characters of other scripts, and one beyond 16 bits. None of them has upper and lower case."""
    if "pattern" in place.schema:
        raise DoesNotApplyError
    return f"{_text(place)}א中😀"


# --- listed values ----------------------------------------------------------------------------------------------------------


def new_value(place: PlacedValue) -> Any:
    """Return a value that is not listed."""
    return place.unlisted_value()


def other_case(place: PlacedValue) -> str:
    """Return a listed text in another letter case."""
    if not isinstance(place.value, str) or not is_listed(place) or place.value.swapcase() == place.value:
        raise DoesNotApplyError
    return place.value.lower() if place.value.lower() != place.value else place.value.upper()


# --- numbers ----------------------------------------------------------------------------------------------------------------


def _beyond(place: PlacedValue, value: int) -> int:
    most = min(place.schema.get("maximum", value), place.schema.get("exclusiveMaximum", value))
    if most < value and most <= 2**31:  # such as an hour of the day
        raise DoesNotApplyError
    if "number" in place.schema.get("type", ()):  # such as a price, which a double may hold roughly
        raise DoesNotApplyError
    if "multipleOf" in place.schema:  # validators disagree on multiples that a double cannot hold
        raise DoesNotApplyError
    if abs(_integer(place)) >= value:
        raise DoesNotApplyError
    return value


def beyond_32_bits(place: PlacedValue) -> int:
    """Return an integer that 32 bits cannot hold."""
    return _beyond(place, BEYOND_32_BITS)


def beyond_53_bits(place: PlacedValue) -> int:
    """Return an integer that a double cannot hold."""
    return _beyond(place, BEYOND_53_BITS)


def beyond_maximum(place: PlacedValue) -> Any:
    """Return a number above the maximum of the contract."""
    value = _number(place)
    for keyword in ("maximum", "exclusiveMaximum"):
        if keyword in place.schema:
            return place.schema[keyword] + (place.schema.get("multipleOf", 1) if isinstance(value, int) else 1)
    raise DoesNotApplyError


def negative(place: PlacedValue) -> Any:
    """Return a number below zero, if zero is not above the lower end."""
    value = _number(place)
    if value < 0 or place.schema.get("minimum", 0) < 0 or place.schema.get("exclusiveMinimum", 0) < 0:
        raise DoesNotApplyError
    return -value or -1


def zero(place: PlacedValue) -> int:
    """Return zero in place of another number."""
    if _number(place) == 0:
        raise DoesNotApplyError
    return 0


def fraction(place: PlacedValue) -> float:
    """Return a number with a fraction."""
    value = _integer(place)
    if abs(value) >= 2**50:
        raise DoesNotApplyError
    return value + 0.5


def decimal_point(place: PlacedValue) -> float:
    """Return an integer that is written with a decimal point."""
    value = _integer(place)
    if abs(value) >= 2**50:
        raise DoesNotApplyError
    return float(value)


# --- dates and times --------------------------------------------------------------------------------------------------------


def _date_time(place: PlacedValue) -> re.Match[str]:
    found = _DATE_TIME.fullmatch(place.value) if isinstance(place.value, str) else None
    if found is None:
        raise DoesNotApplyError
    return found


def fractional_seconds(place: PlacedValue) -> tuple[str, str]:
    """Return a date-time without and with fractional seconds."""
    found = _date_time(place)
    seconds, offset = f"{found['date']}{found['time']}", found["offset"]
    return f"{seconds}{offset}", f"{seconds}.123456{offset}"


def other_offset(place: PlacedValue) -> str:
    """Return the same instant with another offset: UTC as two hours more, any other offset as UTC."""
    if _date_time(place)["offset"] in _UTC_OFFSETS:
        return _instant(place.value).astimezone(SHIFTED_OFFSET).isoformat()
    return _instant(place.value).astimezone(UTC).isoformat().replace("+00:00", "Z")


def utc_offset(place: PlacedValue) -> str:
    """Return a date-time in UTC with ``+00:00`` for ``Z``, or the other way round."""
    offset = _date_time(place)["offset"]
    if offset not in _UTC_OFFSETS:
        raise DoesNotApplyError
    return f"{place.value.removesuffix(offset)}{_UTC_OFFSETS[offset]}"


def no_offset(place: PlacedValue) -> str:
    """Return a date-time without its offset."""
    return str(place.value).removesuffix(_date_time(place)["offset"])


def date_only(place: PlacedValue) -> str:
    """Return the date of a date-time."""
    return _date_time(place)["date"]


def epoch(place: PlacedValue) -> int:
    """Return the seconds since 1970 of a date-time."""
    _date_time(place)
    return int(_instant(place.value).timestamp())


def with_time(place: PlacedValue) -> str:
    """Return a date with a time."""
    if not isinstance(place.value, str) or not _DATE.fullmatch(place.value):
        raise DoesNotApplyError
    return f"{place.value}T00:00:00Z"


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):  # a date that Python does not have, such as one of the year 0
        raise DoesNotApplyError from None
