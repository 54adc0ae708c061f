"""Date-times, dates, times and durations (RFC 3339) that every validator accepts, each decided by eight bytes of a block."""

from __future__ import annotations

from calendar import monthrange
from functools import cache

TIMESTAMP_BYTES = 8
"""Number of bytes that one timestamp reads: form, year, month, day, hour, minute, second, and one for offset and fraction."""

# Byte 0 gives the year 2000, so that shrinking ends there.
_YEARS = tuple(2000 + i // 4 for i in range(200)) + tuple(range(2050, 2070)) + tuple(range(1999, 1963, -1))
_OFFSETS = tuple(
    "+00:00 +01:00 -01:00 +02:00 -05:00 -08:00 +05:30 +05:45 +09:00 -03:30 +12:45 +13:00 +14:00 -11:00 -12:00".split()  # noqa: SIM905
)
_FRACTION_DIGITS = "123456789"
# Looking up two digits is faster than formatting them, and each payload has several timestamps.
_TWO_DIGITS = tuple(f"{number:02}" for number in range(60))


def make_date(block: bytes, start: int) -> str:
    """Return a full-date: ``2000-01-01`` for zero bytes."""
    year = _YEARS[block[start + 1]]
    month = 1 + (block[start + 2] * 12 >> 8)
    day = 1 + (block[start + 3] * _days_in_month(year, month) >> 8)
    return f"{year}-{_TWO_DIGITS[month]}-{_TWO_DIGITS[day]}"


@cache
def _days_in_month(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def make_time(block: bytes, start: int) -> str:
    """Return a full-time: ``00:00:00Z`` for zero bytes. A third has an offset, a third a fraction of 1 to 9 digits."""
    form, tail = block[start], block[start + 7]
    fraction = "." + _FRACTION_DIGITS[: 1 + (tail * 9 >> 8)] if form >= 168 else ""
    offset = _OFFSETS[tail * len(_OFFSETS) >> 8] if 96 <= form < 168 or form >= 232 else "Z"
    hour, minute, second = block[start + 4] * 24 >> 8, block[start + 5] * 60 >> 8, block[start + 6] * 60 >> 8
    return f"{_TWO_DIGITS[hour]}:{_TWO_DIGITS[minute]}:{_TWO_DIGITS[second]}{fraction}{offset}"


def make_date_time(block: bytes, start: int) -> str:
    """Return a date-time: ``2000-01-01T00:00:00Z`` for zero bytes."""
    return f"{make_date(block, start)}T{make_time(block, start)}"


def make_duration(block: bytes, start: int) -> str:
    """Return a duration (RFC 3339, appendix A): ``PT0S`` for zero bytes."""
    if block[start] < 96:
        return f"PT{block[start + 6] * 60 >> 8}S"
    if block[start] < 176:
        return f"P{1 + (block[start + 3] * 30 >> 8)}DT{block[start + 4] * 24 >> 8}H{block[start + 5] * 60 >> 8}M"
    return f"P{block[start + 1] * 10 >> 8}Y{block[start + 2] * 12 >> 8}M{block[start + 3] * 30 >> 8}D"
