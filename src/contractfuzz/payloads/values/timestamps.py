"""Date-times, dates, times and durations (RFC 3339) that no validator doubts, decided by eight bytes each."""

from __future__ import annotations

from calendar import monthrange
from functools import cache

WIDTH = 8
"""Bytes that one timestamp reads: sort, year, month, day, hour, minute, second, and one for offset and fraction."""

YEARS = tuple(2000 + i // 4 for i in range(200)) + tuple(range(2050, 2070)) + tuple(range(1999, 1963, -1))
OFFSETS = tuple(
    "+00:00 +01:00 -01:00 +02:00 -05:00 -08:00 +05:30 +05:45 +09:00 -03:30 +12:45 +13:00 +14:00 -11:00 -12:00".split()  # noqa: SIM905
)
FRACTION = "123456789"
_TWO = tuple(f"{number:02}" for number in range(60))
"""Numbers in two digits: three timestamps in each payload look them up sooner than they format them."""


def date(block: bytes, at: int) -> str:
    """Return a full-date: ``2000-01-01`` for zeros."""
    year = YEARS[block[at + 1]]
    month = 1 + (block[at + 2] * 12 >> 8)
    day = 1 + (block[at + 3] * _days_of(year, month) >> 8)
    return f"{year}-{_TWO[month]}-{_TWO[day]}"


@cache
def _days_of(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def time(block: bytes, at: int) -> str:
    """Return a full-time: ``00:00:00Z`` for zeros; a third has an offset, a third a fraction of 1 to 9 digits."""
    sort, tail = block[at], block[at + 7]
    fraction = "." + FRACTION[: 1 + (tail * 9 >> 8)] if sort >= 168 else ""
    offset = OFFSETS[tail * len(OFFSETS) >> 8] if 96 <= sort < 168 or sort >= 232 else "Z"
    hour, minute, second = block[at + 4] * 24 >> 8, block[at + 5] * 60 >> 8, block[at + 6] * 60 >> 8
    return f"{_TWO[hour]}:{_TWO[minute]}:{_TWO[second]}{fraction}{offset}"


def date_time(block: bytes, at: int) -> str:
    """Return a date-time: ``2000-01-01T00:00:00Z`` for zeros."""
    return f"{date(block, at)}T{time(block, at)}"


def duration(block: bytes, at: int) -> str:
    """Return a duration of RFC 3339, appendix A: ``PT0S`` for zeros."""
    if block[at] < 96:
        return f"PT{block[at + 6] * 60 >> 8}S"
    if block[at] < 176:
        return f"P{1 + (block[at + 3] * 30 >> 8)}DT{block[at + 4] * 24 >> 8}H{block[at + 5] * 60 >> 8}M"
    return f"P{block[at + 1] * 10 >> 8}Y{block[at + 2] * 12 >> 8}M{block[at + 3] * 30 >> 8}D"
