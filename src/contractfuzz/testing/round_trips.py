"""Comparison of a payload with the output of a parser and its dump."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from contractfuzz.json_pointer import encode_pointer
from contractfuzz.json_values import JsonValue
from contractfuzz.payloads.cases.case import Case
from contractfuzz.running.consumer import Consumer
from contractfuzz.running.verdicts.exceptions import RoundTripError
from contractfuzz.text import truncate

MAX_SHOWN_CHARACTERS = 80
"""Length limit of a value in a message."""

_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


def round_trip(parser: Consumer, dump: Callable[[Any], Any]) -> Callable[[Any], None]:
    """Return a function that parses and dumps its argument, and raises ``RoundTripError`` if the content changed."""

    def check_round_trip(argument: Any) -> None:
        # Copied before the call, because the parser may change its argument.
        if isinstance(argument, Case):
            sent = json.loads(argument.body)
        else:
            sent = json.loads(json.dumps(argument) if parser.feed == "object" else argument)
        returned = _to_json_value(dump(parser.call(argument)))
        difference = next(differences(sent, returned, ()), None)
        if difference is not None:
            raise RoundTripError(difference)

    return check_round_trip


def _to_json_value(dumped: Any) -> JsonValue:
    """Return the JSON value of a dump: text and bytes are parsed; tuples and enums become what ``json.dumps`` writes for them."""
    try:
        return json.loads(dumped if isinstance(dumped, str | bytes | bytearray) else json.dumps(dumped))
    except (TypeError, ValueError, RecursionError) as error:
        problem = f"the dump is not JSON: {_shorten(dumped)} ({error})"
        raise RoundTripError(problem) from None


def differences(sent: JsonValue, returned: JsonValue, location: tuple[str | int, ...]) -> Iterator[str]:
    """Yield a sentence for each difference in content between two JSON values.

    Args:
        sent: the JSON value before parsing.
        returned: the JSON value after dumping.
        location: the path to both values from the root of the payload: property names and array indices.

    """
    pointer = encode_pointer(location) or "the payload itself"
    match sent, returned:
        case dict(), dict():
            yield from (f"{encode_pointer((*location, name))} was lost" for name in sent if name not in returned)
            for name in returned:
                if name in sent:
                    yield from differences(sent[name], returned[name], (*location, name))
                else:
                    yield f"{encode_pointer((*location, name))} was added: {_shorten(returned[name])}"
        case list(), list() if len(sent) == len(returned):
            for index, (sent_item, returned_item) in enumerate(zip(sent, returned, strict=True)):
                yield from differences(sent_item, returned_item, (*location, index))
        case list(), list():
            yield f"{pointer} had {len(sent)} items and came back with {len(returned)}"
        case _ if not _same_scalar(sent, returned):
            yield f"{pointer} was {_shorten(sent)} and came back as {_shorten(returned)}"


def _same_scalar(one: JsonValue, other: JsonValue) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other
    return type(one) is type(other) and (one == other or _same_instant(one, other))


def _same_instant(one: JsonValue, other: JsonValue) -> bool:
    if not all(isinstance(value, str) and _DATE_TIME.fullmatch(value) for value in (one, other)):
        return False
    try:
        # Some libraries truncate fractions finer than a microsecond, others round them.
        return abs(datetime.fromisoformat(one) - datetime.fromisoformat(other)) <= timedelta(microseconds=1)
    except ValueError:  # the text has the shape of a date-time, but names a date that does not exist
        return False


def _shorten(value: Any) -> str:
    return truncate(repr(value), MAX_SHOWN_CHARACTERS)
