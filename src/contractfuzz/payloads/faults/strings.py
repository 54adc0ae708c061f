"""Lengths, patterns and formats of strings."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import Any

from contractfuzz.documents import wire
from contractfuzz.payloads import formats
from contractfuzz.payloads.choices import Choices
from contractfuzz.payloads.faults.making import Fault, always, one_of
from contractfuzz.payloads.nodes import Make, Node, Schema
from contractfuzz.payloads.scalars import Formatted

MOST = 200_000
"""No longer string is made to be too long."""


def string_faults(node: Node) -> Iterator[Fault]:
    """Yield the faults of ``minLength``, ``maxLength``, ``pattern`` and ``format``."""
    schema = node.schema
    low, high = int(schema.get("minLength", 0)), schema.get("maxLength")
    if low:
        yield Fault("minLength", "short", "one character too few", _filled(low - 1))
        if low > 1:
            yield Fault("minLength", "far", "an empty string", always(""))
    if high is not None and high < MOST:
        yield Fault("maxLength", "long", "one character too many", _filled(int(high) + 1))
        yield Fault("maxLength", "far", "far too long", _filled(min(int(high) * 10 + 100, MOST + 1)))
    if wire.HINT in schema and "pattern" in schema:
        yield from _wrongly_written(schema, low, math.inf if high is None else high)
    elif "pattern" in schema:
        mismatch = _mismatch(schema["pattern"], low, math.inf if high is None else high)
        if mismatch is not None:
            yield Fault("pattern", "mismatch", "a string that the pattern does not match", always(mismatch))
    form = schema.get("format")
    if form == "date-time":
        for variant, (change, words) in formats.BROKEN_DATE_TIMES.items():
            yield Fault("format", variant, f"{words} where a date-time is due", _changed_time(node, change))
    elif form in formats.BROKEN:
        for variant, value, words in formats.BROKEN[form]:
            yield Fault("format", variant, f"{words} where a {form} is due", always(value))


def _filled(length: int) -> Make:
    # A character beyond the basic plane counts once, though UTF-16 needs two units for it.
    return one_of(["a" * length, "😀" * length] if length else [""])


def _wrongly_written(schema: Schema, low: int, high: float) -> Iterator[Fault]:
    """Yield the mistakes in a number or bytes that are written as a string, as far as they are some by its pattern."""
    search = re.compile(schema["pattern"]).search
    named = schema[wire.HINT].get("type") if isinstance(schema[wire.HINT], dict) else None
    for variant, value, words in wire.mistakes(schema[wire.HINT]):
        if low <= len(value) <= high and not search(value):
            yield Fault("pattern", variant, f"{words} where a {named} is due", always(value))


def _mismatch(pattern: str, low: int, high: float) -> str | None:
    search = re.compile(pattern).search
    length = max(low, 1)
    candidates = ["", *(char * length for char in "a0!~A é☃"), "x" * int(min(high, length + 8))]
    fitting = [text for text in candidates if low <= len(text) <= high]
    return next((text for text in fitting if not search(text)), None)


def _changed_time(node: Node, change: Callable[[str], str]) -> Make:
    if not isinstance(node, Formatted):
        return always(change("2000-01-01T00:00:00Z"))

    def make(_: Node, choices: Choices, block: bytes, at: int) -> Any:  # noqa: ARG001
        # The first byte decides on fraction and offset: zero leaves both out, which the changes rely on.
        return change(node.decode(b"\0" + block[at + 1 : at + node.width], 0))

    return make
