"""The protocol of persistent commands: one JSON object on each line of standard input and of standard output."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Container
from typing import Any

ANSWER_VERDICTS = ("accepted", "rejected", "crashed")

_DEEP_ANSWER = re.compile(rb'\s*\{\s*"id"\s*:\s*(\d{1,18})\s*,\s*"verdict"\s*:\s*"(\w+)"')


def request_line(number: int, body: bytes) -> bytes:
    """Return the request with a body: ``{"id":1,"body":"..."}``, or with ``base64`` for a body that is not UTF-8.

    Args:
        number: the number of the request.
        body: the body.

    """
    try:
        key, text = "body", body.decode()
    except UnicodeDecodeError:
        key, text = "base64", b64encode(body).decode()
    # In ASCII, so that the encoding of the program's standard input does not matter.
    return f'{{"id":{number},"{key}":{json.dumps(text)}}}\n'.encode()


def parse_answer(line: bytes, numbers: Container[int]) -> dict[str, Any] | None:
    """Return the answer that a line is, or None if it is not one.

    Args:
        line: the line.
        numbers: the numbers of the requests that have no answer yet.

    """
    try:
        answer = json.loads(line, parse_int=_integer)
    except RecursionError:  # the result is nested too deep for Python, and unknown
        found = _DEEP_ANSWER.match(line)
        answer = {"id": int(found[1]), "verdict": found[2].decode()} if found else None
    except ValueError:
        return None
    if not isinstance(answer, dict) or type(answer.get("id")) is not int or answer["id"] not in numbers:
        return None
    return answer if answer.get("verdict") in ANSWER_VERDICTS else None


def _integer(text: str) -> Any:
    """Return an integer, or the text of one with more digits than Python converts."""
    try:
        return int(text)
    except ValueError:
        return text
