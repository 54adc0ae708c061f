"""Checks of JSON values. The readers use them. Each returns the value that it checked, or raises ValueError."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable
from typing import Any

DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:[0-5]\d)", re.ASCII)
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
EMAIL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)*", re.ASCII | re.IGNORECASE)


def required(source: dict[str, Any], name: str) -> Any:
    if name not in source:
        raise ValueError(f"{name} is missing")
    return source[name]


def no_other(source: dict[str, Any], names: Iterable[str]) -> None:
    for name in source:
        if name not in names:
            raise ValueError(f"{name} is not known")


def record(value: Any) -> dict[str, Any]:
    if type(value) is not dict:
        raise ValueError(f"{value!r} is not an object")
    return value


def items(value: Any, least: int = 0, most: float = math.inf) -> list[Any]:
    if type(value) is not list:
        raise ValueError(f"{value!r} is not an array")
    if not least <= len(value) <= most:
        raise ValueError(f"{len(value)} items")
    return value


def flag(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError(f"{value!r} is not a boolean")
    return value


def text(value: Any, least: int = 0, most: float = math.inf) -> str:
    if type(value) is not str:
        raise ValueError(f"{value!r} is not a string")
    if not least <= len(value) <= most:
        raise ValueError(f"{len(value)} characters")
    return value


def matching(value: Any, pattern: str) -> str:
    if not re.fullmatch(pattern, text(value), re.ASCII):
        raise ValueError(f"{value!r} does not match {pattern}")
    return value


def one_of(value: Any, names: Iterable[str]) -> str:
    if text(value) not in tuple(names):
        raise ValueError(f"{value!r} is not one of {names}")
    return value


def integer(value: Any, least: float = -math.inf, most: float = math.inf, step: int = 1) -> int:
    if type(value) is not int:
        raise ValueError(f"{value!r} is not an integer")
    if not least <= value <= most or value % step:
        raise ValueError(f"{value} is out of range")
    return value


def number(value: Any, least: float = -math.inf, most: float = math.inf) -> int | float:
    if type(value) not in (int, float) or not -math.inf < value < math.inf:
        raise ValueError(f"{value!r} is not a number")
    if not least <= value <= most:
        raise ValueError(f"{value} is out of range")
    return value


def positive(value: Any, most: float = math.inf) -> int | float:
    if number(value, 0, most) == 0:
        raise ValueError("not above 0")
    return value


def date_time(value: Any) -> dt.datetime:
    if not DATE_TIME.fullmatch(text(value)):
        raise ValueError(f"{value!r} is not a date-time")
    return dt.datetime.fromisoformat(value)


def date(value: Any) -> dt.date:
    if not DATE.fullmatch(text(value)):
        raise ValueError(f"{value!r} is not a date")
    return dt.date.fromisoformat(value)


def uuid(value: Any) -> str:
    if not UUID.fullmatch(text(value)):
        raise ValueError(f"{value!r} is not a UUID")
    return value


def email(value: Any) -> str:
    local, _, _ = text(value).rpartition("@")
    if not EMAIL.fullmatch(value) or local.startswith(".") or local.endswith(".") or ".." in local:
        raise ValueError(f"{value!r} is not an address")
    return value
