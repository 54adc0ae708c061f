"""Whether what was parsed still says what the payload said."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from contractfuzz.json_pointer import encode_pointer
from contractfuzz.running.consumer import Consumer
from contractfuzz.text import truncate

_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


class RoundTripError(AssertionError):
    """What came back says something else than what went in."""


def round_trip(parser: Consumer, dump: Callable[[Any], Any]) -> Callable[[Any], None]:
    """Return a consumer that raises ``RoundTripError`` where ``dump`` does not give back what ``parser`` read."""

    def there_and_back(argument: Any) -> None:
        # Taken before the parser has had a chance to change it.
        sent = json.loads(json.dumps(argument)) if parser.feed == "object" else json.loads(argument)
        returned = _as_json(dump(parser.call(argument)))
        difference = next(differences(sent, returned, ()), None)
        if difference is not None:
            raise RoundTripError(difference)

    return there_and_back


def _as_json(dumped: Any) -> Any:
    """Return the JSON value that ``dumped``, a value, text or bytes, stands for: what a JSON writer makes of tuples and enums."""
    try:
        return json.loads(dumped if isinstance(dumped, str | bytes | bytearray) else json.dumps(dumped))
    except (TypeError, ValueError, RecursionError) as error:
        words = f"what came back is no JSON: {_shown(dumped)} ({error})"
        raise RoundTripError(words) from None


def differences(sent: Any, returned: Any, steps: tuple[str | int, ...]) -> Iterator[str]:
    """Yield in words what ``returned`` says otherwise than ``sent``."""
    at = encode_pointer(steps) or "the payload itself"
    match sent, returned:
        case dict(), dict():
            yield from (f"{encode_pointer((*steps, name))} was lost" for name in sent if name not in returned)
            for name in returned:
                if name in sent:
                    yield from differences(sent[name], returned[name], (*steps, name))
                else:
                    yield f"{encode_pointer((*steps, name))} was added: {_shown(returned[name])}"
        case list(), list() if len(sent) == len(returned):
            for index, (one, other) in enumerate(zip(sent, returned, strict=True)):
                yield from differences(one, other, (*steps, index))
        case list(), list():
            yield f"{at} had {len(sent)} items and came back with {len(returned)}"
        case _ if not _same(sent, returned):
            yield f"{at} was {_shown(sent)} and came back as {_shown(returned)}"


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other
    return type(one) is type(other) and (one == other or _same_instant(one, other))


def _same_instant(one: Any, other: Any) -> bool:
    if not all(isinstance(value, str) and _DATE_TIME.fullmatch(value) for value in (one, other)):
        return False
    try:
        # Finer fractions of a second are cut by some and rounded by others.
        return abs(datetime.fromisoformat(one) - datetime.fromisoformat(other)) <= timedelta(microseconds=1)
    except ValueError:  # a text that looks like a date-time and is none
        return False


def _shown(value: Any) -> str:
    return truncate(repr(value), 80)
