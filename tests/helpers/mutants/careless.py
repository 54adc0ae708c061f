"""Checks with one bug each. A mutant calls one of them instead of the check that its reader calls."""

from __future__ import annotations

import datetime as dt
import math
import re
import uuid as uuids
from collections.abc import Iterable
from typing import Any

from mutants import checks

# --- objects and arrays ---


def pairs_or_record(value: Any) -> dict[str, Any]:
    return value if type(value) is dict else dict(checks.items(value))


def record_or_null(value: Any) -> dict[str, Any]:
    return {} if value is None else checks.record(value)


def first_record(value: Any) -> dict[str, Any]:
    return checks.record(value[0] if type(value) is list and value else value)


def sequence(value: Any, least: int = 0, most: float = math.inf) -> Any:
    """Take anything with a length: a string is a list of strings, an object a list of names."""
    if not hasattr(value, "__len__"):
        raise ValueError(f"{value!r} is not an array")
    return value if type(value) is not list else checks.items(value, least, most)


def items_or_one(value: Any, least: int = 0, most: float = math.inf) -> list[Any]:
    return checks.items(value if type(value) is list else [value], least, most)


def items_or_null(value: Any, least: int = 0, most: float = math.inf) -> list[Any]:
    return checks.items([] if value is None else value, 0 if value is None else least, most)


def items_below(value: Any, least: int = 0, most: float = math.inf) -> list[Any]:
    """Exclude the largest number of items."""
    return checks.items(value, least, most - 1)


# --- booleans and null ---


def truth(value: Any) -> bool:
    return bool(value)


def flag_or_number(value: Any) -> bool:
    if value not in (True, False):  # 1 == True
        raise ValueError(f"{value!r} is not a boolean")
    return bool(value)


def flag_or_text(value: Any) -> bool:
    return value == "true" if value in ("true", "false") else checks.flag(value)


# --- strings ---


def any_text(value: Any, least: int = 0, most: float = math.inf) -> str:
    """Convert what is not a string."""
    return checks.text(str(value), least, most)


def unchecked_text(value: Any, least: int = 0, most: float = math.inf) -> Any:
    """Trust that the value is a string. A number has no length."""
    if not least <= len(value) <= most:
        raise ValueError(f"{len(value)} characters")
    return value


def text_or_null(value: Any, least: int = 0, most: float = math.inf) -> str:
    return "" if value is None else checks.text(value, least, most)


def truthy_text(value: Any, least: int = 0, most: float = math.inf) -> str:
    if not value:
        raise ValueError("empty")
    return checks.text(value, least, most)


def stripped_text(value: Any, least: int = 0, most: float = math.inf) -> str:
    checks.text(value)
    return checks.text(value.strip(), least, most)


def bytes_text(value: Any, least: int = 0, most: float = math.inf) -> str:
    """Count bytes of UTF-8 instead of characters."""
    if not least <= len(checks.text(value).encode("utf-8", "surrogatepass")) <= most:
        raise ValueError("too long")
    return value


def utf_16_text(value: Any, least: int = 0, most: float = math.inf) -> str:
    """Count units of UTF-16, as JavaScript does."""
    if not least <= len(checks.text(value).encode("utf-16-le", "surrogatepass")) // 2 <= most:
        raise ValueError("too long")
    return value


def ascii_text(value: Any, least: int = 0, most: float = math.inf) -> str:
    if not checks.text(value, least, most).isascii():
        raise ValueError("not ASCII")
    return value


def printable_text(value: Any, least: int = 0, most: float = math.inf) -> str:
    if not checks.text(value, least, most).isprintable():
        raise ValueError("not printable")
    return value


def one_line_text(value: Any, least: int = 0, most: float = math.inf) -> str:
    if re.fullmatch(r".*", checks.text(value, least, most)) is None:
        raise ValueError("more than one line")
    return value


def first_letter_text(value: Any, least: int = 0, most: float = math.inf) -> str:
    """Fail on an empty string."""
    text = checks.text(value, least, most)
    return text[0].upper() + text[1:]


def searched(value: Any, pattern: str) -> str:
    if not re.search(pattern, checks.text(value), re.ASCII):
        raise ValueError(value)
    return value


def started(value: Any, pattern: str) -> str:
    """Anchor the start only."""
    if not re.match(pattern, checks.text(value), re.ASCII):
        raise ValueError(value)
    return value


def dollar_matched(value: Any, pattern: str) -> str:
    """End with a dollar sign, which matches before a line feed."""
    if not re.match(rf"(?:{pattern})$", checks.text(value), re.ASCII):
        raise ValueError(value)
    return value


def multiline_matched(value: Any, pattern: str) -> str:
    """Match one line of several."""
    if not re.search(rf"^(?:{pattern})$", checks.text(value), re.ASCII | re.MULTILINE):
        raise ValueError(value)
    return value


def unicode_matched(value: Any, pattern: str) -> str:
    r"""Match digits of all scripts with ``\d``, and letters with ``\w``."""
    if not re.fullmatch(pattern, checks.text(value)):
        raise ValueError(value)
    return value


def case_matched(value: Any, pattern: str) -> str:
    if not re.fullmatch(pattern, checks.text(value), re.ASCII | re.IGNORECASE):
        raise ValueError(value)
    return value


def strip_matched(value: Any, pattern: str) -> str:
    return checks.matching(checks.text(value).strip(), pattern)


def text_matched(value: Any, pattern: str) -> str:
    """Convert what is not a string."""
    return checks.matching(str(value), pattern)


def trusted_matched(value: Any, pattern: str) -> str:
    """Fail with TypeError if the value is not a string."""
    if not re.fullmatch(pattern, value, re.ASCII):
        raise ValueError(value)
    return value


def lower_one_of(value: Any, names: Iterable[str]) -> str:
    return checks.one_of(checks.text(value).lower(), [name.lower() for name in names])


def stripped_one_of(value: Any, names: Iterable[str]) -> str:
    return checks.one_of(checks.text(value).strip(), names)


def prefix_of(value: Any, names: Iterable[str]) -> str:
    if not any(name.startswith(checks.text(value)) for name in names):
        raise ValueError(value)
    return value


def begins_with(value: Any, names: Iterable[str]) -> str:
    if not checks.text(value).startswith(tuple(names)):
        raise ValueError(value)
    return value


def hashed_one_of(value: Any, names: Iterable[str]) -> str:
    """Fail with TypeError on an array or object."""
    if value not in set(names):
        raise ValueError(value)
    return value


def one_of_or_null(value: Any, names: Iterable[str]) -> str | None:
    return value if value is None else checks.one_of(value, names)


def one_of_or_empty(value: Any, names: Iterable[str]) -> str:
    return value if value == "" else checks.one_of(value, names)


def index_or_one_of(value: Any, names: Iterable[str]) -> str:
    """Take the position in the list, too."""
    names = list(names)
    return names[int(value)] if str(value) in map(str, range(len(names))) else checks.one_of(value, names)


def upper_one_of(value: Any, names: Iterable[str]) -> str:
    """Compare with upper case, in which the letter ``ſ`` is an ``S``."""
    return checks.one_of(checks.text(value).upper(), names)


# --- numbers ---


def boolean_integer(value: Any, least: float = -math.inf, most: float = math.inf, step: int = 1) -> int:
    """Take booleans, which are instances of ``int``."""
    if not isinstance(value, int):
        raise ValueError(value)  # noqa: TRY004
    return checks.integer(int(value), least, most, step)


def read_integer(value: Any, least: float = -math.inf, most: float = math.inf, step: int = 1) -> int:
    """Read a string."""
    return checks.integer(int(value) if isinstance(value, str) else value, least, most, step)


def digits_integer(value: Any, least: float = -math.inf, most: float = math.inf, step: int = 1) -> int:
    """Read a string of digits."""
    return checks.integer(int(value) if isinstance(value, str) and value.isdecimal() else value, least, most, step)


def cut_integer(value: Any, least: float = -math.inf, most: float = math.inf, step: int = 1) -> int:
    """Cut off the fraction."""
    return checks.integer(math.trunc(value) if isinstance(value, float) else value, least, most, step)


def nullable_integer(value: Any, least: float = -math.inf, most: float = math.inf, step: int = 1) -> int | None:
    return None if value is None else checks.integer(value, least, most, step)


def truthy_integer(value: Any, least: float = -math.inf, most: float = math.inf, step: int = 1) -> int:
    """Refuse zero."""
    if not value:
        raise ValueError("missing")
    return checks.integer(value, least, most, step)


def unchecked_integer(value: Any, least: float = -math.inf, most: float = math.inf, step: int = 1) -> Any:
    """Trust that the value is a number. Comparing a string fails with TypeError."""
    if not least <= value <= most or value % step:
        raise ValueError(value)
    return value


def digits_only_integer(value: Any, least: float = -math.inf, most: float = math.inf, step: int = 1) -> int:
    """Refuse the sign of a negative number."""
    if not str(checks.integer(value, least, most, step)).isdigit():
        raise ValueError(value)
    return value


def int_32(value: Any, least: float = -math.inf, most: float = math.inf, step: int = 1) -> int:
    return checks.integer(value, max(least, -(2**31)), min(most, 2**31 - 1), step)


def int_53(value: Any, least: float = -math.inf, most: float = math.inf, step: int = 1) -> int:
    """Refuse what a double cannot hold exactly."""
    return checks.integer(value, max(least, -(2**53) + 1), min(most, 2**53 - 1), step)


def int_64(value: Any, least: float = -math.inf, most: float = math.inf, step: int = 1) -> int:
    return checks.integer(value, max(least, -(2**63)), min(most, 2**63 - 1), step)


def float_integer(value: Any, least: float = -math.inf, most: float = math.inf, step: int = 1) -> int:
    """Compare with bounds as doubles, and refuse what changes."""
    if int(float(checks.integer(value, least, most, step))) != value:
        raise ValueError(value)
    return value


def boolean_number(value: Any, least: float = -math.inf, most: float = math.inf) -> int | float:
    return checks.number(int(value) if type(value) is bool else value, least, most)


def read_number(value: Any, least: float = -math.inf, most: float = math.inf) -> int | float:
    """Read a string."""
    return checks.number(float(value) if isinstance(value, str) else value, least, most)


def float_only(value: Any, least: float = -math.inf, most: float = math.inf) -> float:
    """Refuse integers, such as 1 for 1.0."""
    if type(value) is not float:
        raise ValueError(value)
    return checks.number(value, least, most)


def integer_only(value: Any, least: float = -math.inf, most: float = math.inf) -> int:
    """Refuse fractions."""
    return checks.integer(value, least, most)


def open_number(value: Any, least: float = -math.inf, most: float = math.inf) -> int | float:
    """Exclude the bounds."""
    if checks.number(value, least, most) in (least, most):
        raise ValueError(value)
    return value


def unchecked_number(value: Any, least: float = -math.inf, most: float = math.inf) -> Any:
    """Trust that the value is a number. Comparing a string fails with TypeError."""
    if not least <= value <= most:
        raise ValueError(value)
    return value


def truthy_number(value: Any, least: float = -math.inf, most: float = math.inf) -> int | float:
    """Refuse zero."""
    if not value:
        raise ValueError("missing")
    return checks.number(value, least, most)


def nullable_number(value: Any, least: float = -math.inf, most: float = math.inf) -> int | float | None:
    return None if value is None else checks.number(value, least, most)


def plain_number(value: Any, least: float = -math.inf, most: float = math.inf) -> int | float:
    """Refuse what Python writes with an exponent."""
    if "e" in repr(checks.number(value, least, most)):
        raise ValueError(value)
    return value


def pointed_number(value: Any, least: float = -math.inf, most: float = math.inf) -> int | float:
    """Split the text of a number at its point."""
    whole, fraction = repr(float(checks.number(value, least, most))).split(".")
    return int(whole) if int(fraction) == 0 else value


# --- formats ---


def iso_date_time(value: Any) -> dt.datetime:
    """Take all that Python reads: dates, times without an offset, ISO weeks."""
    return dt.datetime.fromisoformat(checks.text(value))


def naive_date_time(value: Any) -> dt.datetime:
    """Take a time without an offset."""
    return checks.date_time(value if re.search(r"(Z|[+-]..:..)$", checks.text(value)) else value + "Z")


def utc_date_time(value: Any) -> dt.datetime:
    """Refuse offsets."""
    if not checks.text(value).endswith("Z"):
        raise ValueError(value)
    return checks.date_time(value)


def offset_date_time(value: Any) -> dt.datetime:
    """Refuse the letter Z."""
    if checks.text(value).endswith("Z"):
        raise ValueError(value)
    return checks.date_time(value)


def whole_date_time(value: Any) -> dt.datetime:
    """Refuse fractions of a second."""
    if "." in checks.text(value):
        raise ValueError(value)
    return checks.date_time(value)


def fraction_date_time(value: Any) -> dt.datetime:
    """Require a fraction of a second."""
    if "." not in checks.text(value):
        raise ValueError(value)
    return checks.date_time(value)


def milliseconds_date_time(value: Any) -> dt.datetime:
    """Refuse fractions other than three digits."""
    if re.search(r"\.(?!\d{3}\D)", checks.text(value)):
        raise ValueError(value)
    return checks.date_time(value)


def microseconds_date_time(value: Any) -> dt.datetime:
    """Refuse more than six digits of a fraction."""
    if re.search(r"\.\d{7}", checks.text(value)):
        raise ValueError(value)
    return checks.date_time(value)


def shape_date_time(value: Any) -> str:
    """Check the shape, not the numbers."""
    if not checks.DATE_TIME.fullmatch(checks.text(value)):
        raise ValueError(value)
    return value


def started_date_time(value: Any) -> str:
    """Ignore text after the date-time."""
    found = checks.DATE_TIME.match(checks.text(value))
    return checks.date_time(found[0] if found else value)


def head_date_time(value: Any) -> dt.datetime:
    """Read the first nineteen characters and ignore the rest."""
    return dt.datetime.strptime(checks.text(value)[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=dt.UTC)


def minutes_date_time(value: Any) -> dt.datetime:
    """Take a time without seconds."""
    found = re.fullmatch(r"(.{10}T\d\d:\d\d)(Z|[+-]\d\d:\d\d)", checks.text(value), re.ASCII)
    return checks.date_time(f"{found[1]}:00{found[2]}" if found else value)


def epoch_date_time(value: Any) -> dt.datetime:
    """Take seconds since 1970."""
    return dt.datetime.fromtimestamp(value, dt.UTC) if type(value) is int else checks.date_time(value)


def date_or_date_time(value: Any) -> dt.datetime:
    return checks.date_time(value + "T00:00:00Z" if checks.DATE.fullmatch(checks.text(value)) else value)


def modern_date_time(value: Any) -> dt.datetime:
    """Refuse times before 1970."""
    moment = checks.date_time(value)
    if moment < dt.datetime(1970, 1, 1, tzinfo=dt.UTC):
        raise ValueError(value)
    return moment


def unicode_date_time(value: Any) -> dt.datetime:
    """Take the digits of any script."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", checks.text(value)):
        raise ValueError(value)
    return dt.datetime(*map(int, re.findall(r"\d+", value)[:6]), tzinfo=dt.UTC)


def quarter_offset_date_time(value: Any) -> dt.datetime:
    """Take offsets of whole hours only."""
    moment = checks.date_time(value)
    if moment.utcoffset().seconds % 3600:
        raise ValueError(value)
    return moment


def trusted_date_time(value: Any) -> dt.datetime:
    """Fail with AttributeError on anything but a string."""
    return checks.date_time(value.replace("Z", "+00:00"))


def nullable_date_time(value: Any) -> dt.datetime | None:
    return None if value is None else checks.date_time(value)


def iso_date(value: Any) -> dt.date:
    """Take all that Python reads: compact dates, ISO weeks."""
    return dt.date.fromisoformat(checks.text(value))


def shape_date(value: Any) -> str:
    """Check the shape, not the numbers."""
    if not checks.DATE.fullmatch(checks.text(value)):
        raise ValueError(value)
    return value


def days_date(value: Any) -> str:
    """Check that the month is 1 to 12 and the day 1 to 31, but no calendar."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", checks.text(value), re.ASCII):
        raise ValueError(value)
    return value


def short_month_date(value: Any) -> str:
    """Refuse the 31st of each month."""
    if checks.date(value).day == 31:
        raise ValueError(value)
    return value


def no_leap_date(value: Any) -> str:
    """Refuse the 29th of February."""
    if checks.date(value).strftime("%m-%d") == "02-29":
        raise ValueError(value)
    return value


def cut_date(value: Any) -> dt.date:
    """Ignore what follows the date."""
    return checks.date(checks.text(value)[:10])


def slash_date(value: Any) -> dt.date:
    """Take the American order, too."""
    found = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", checks.text(value), re.ASCII)
    return checks.date(f"{found[3]}-{found[1]}-{found[2]}" if found else value)


def library_uuid(value: Any) -> str:
    """Take what Python's class reads: braces, URNs, no hyphens."""
    return str(uuids.UUID(checks.text(value)))


def trusted_uuid(value: Any) -> str:
    """Fail with AttributeError on anything but a string."""
    uuids.UUID(value)
    return checks.uuid(value)


def short_uuid(value: Any) -> str:
    """Check the characters and the length only roughly."""
    if not re.fullmatch(r"[0-9a-f-]{32,36}", checks.text(value), re.ASCII | re.IGNORECASE):
        raise ValueError(value)
    return value


def long_uuid(value: Any) -> str:
    """Check the length alone."""
    return checks.text(value, 36, 36)


def zero_uuid(value: Any) -> str:
    """Take only identifiers that begin with a digit."""
    if not checks.uuid(value)[0].isdigit():
        raise ValueError(value)
    return value


def word_email(value: Any) -> str:
    r"""Take only ``\w`` before the sign: no plus sign, no full stop."""
    if not re.fullmatch(r"\w+@.+", checks.text(value)):
        raise ValueError(value)
    return checks.email(value)


def dotted_email(value: Any) -> str:
    """Refuse domains of more than two labels."""
    if checks.email(value).count(".", value.index("@")) > 1:
        raise ValueError(value)
    return value


def com_email(value: Any) -> str:
    """Take top-level domains of three letters."""
    if not re.search(r"\.[a-z]{3}$", checks.email(value)):
        raise ValueError(value)
    return value


def split_email(value: Any) -> str:
    """Fail with IndexError on an address without the sign."""
    return checks.email(value) if checks.text(value).split("@")[1] else value
