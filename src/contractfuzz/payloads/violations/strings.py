"""Lengths, patterns and formats of strings."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from contractfuzz.documents.dialects.string_encoded import ANNOTATION
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.node import Make, Node, Schema
from contractfuzz.payloads.plan.scalars import Formatted, OneOfValues
from contractfuzz.payloads.values import formats
from contractfuzz.payloads.values.string_encoded import encoded_mistakes
from contractfuzz.payloads.violations.fault import Fault, always, one_of

MOST = 200_000
"""No longer string is made to be too long."""

MOST_MISMATCHES = 8
CHANGES, ADDITIONS = "a0!~A -", " !a0A"
"""What a character is changed to, and what is added, to miss a pattern: no line break, which ``$`` may let pass."""

_CLASSES = re.compile(r"\\[wWdDsSbB]")


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
    if ANNOTATION in schema and "pattern" in schema:
        yield from _wrongly_written(schema, low, math.inf if high is None else high)
    elif "pattern" in schema:
        found = _mismatches(node, schema["pattern"], low, math.inf if high is None else high)
        if found:
            yield Fault("pattern", "mismatch", "a string that the pattern does not match", one_of(found))
    form = schema.get("format")
    if form == "date-time":
        for variant, (change, words) in formats.DATE_TIME_MISTAKES.items():
            yield Fault("format", variant, f"{words} where a date-time is due", _changed_time(node, change))
    elif form in formats.FORMAT_MISTAKES:
        for variant, value, words in formats.FORMAT_MISTAKES[form]:
            yield Fault("format", variant, f"{words} where {_article(form)} {form} is due", always(value))


def _article(form: str) -> str:
    return "an" if form.startswith(("e", "i")) else "a"


def _filled(length: int) -> Make:
    # A character beyond the basic plane counts once, though UTF-16 needs two units for it.
    return one_of(["a" * length, "😀" * length] if length else [""])


def _wrongly_written(schema: Schema, low: int, high: float) -> Iterator[Fault]:
    """Yield the mistakes in a number or bytes that are written as a string, as far as they are some by its pattern."""
    search = re.compile(schema["pattern"]).search
    named = schema[ANNOTATION].get("type") if isinstance(schema[ANNOTATION], dict) else None
    for variant, value, words in encoded_mistakes(schema[ANNOTATION]):
        if low <= len(value) <= high and not search(value):
            yield Fault("pattern", variant, f"{words} where a {named} is due", always(value))


def _mismatches(node: Node, pattern: str, low: int, high: float) -> list[str]:
    """Return some strings that the pattern does not match: a plain one, then valid ones with one thing changed."""
    search = re.compile(pattern).search

    def fits(text: str) -> bool:
        return low <= len(text) <= high and not search(text)

    length = max(low, 1)
    plain = ["", *(char * length for char in CHANGES), "x" * int(min(high, length + 8))]
    # On classes of characters dialects of patterns agree within ASCII alone.
    if not _CLASSES.search(pattern):
        plain += [char * length for char in "é☃"]
    known = [value for value in node.values if _is_plain(value)] if isinstance(node, OneOfValues) else []
    near = (text for value in _spread(known) for text in _near(value, fits))
    found = dict.fromkeys([*islice(filter(fits, plain), 1), *near])
    return sorted(islice(found, MOST_MISMATCHES), key=lambda text: (len(text), text))


def _is_plain(text: Any) -> bool:
    return isinstance(text, str) and text.isascii() and text.isprintable()


def _spread(values: Sequence[str]) -> list[str]:
    """Return the simplest of ``values``, one from their middle, and the last."""
    return [values[0], values[len(values) // 2], values[-1]] if values else []


def _near(text: str, fits: Callable[[str], bool]) -> Iterator[str]:
    """Yield what becomes of ``text`` by one mistake each, where it ``fits``: of each mistake the first that does."""
    middle = len(text) // 2
    mistakes: list[Iterable[str]] = [[text[:-1]], [text[1:]]]
    mistakes += [(text + char for char in ADDITIONS), (char + text for char in ADDITIONS)]
    mistakes += [(text[:at] + char + text[at + 1 :] for char in CHANGES) for at in (0, middle, len(text) - 1) if text]
    mistakes += [[text.swapcase()], [text[:middle] + text[middle + 1 :]]]
    for made in mistakes:
        yield from islice(filter(fits, made), 1)


def _changed_time(node: Node, change: Callable[[str], str]) -> Make:
    if not isinstance(node, Formatted):
        return always(change("2000-01-01T00:00:00Z"))

    def make(_: Node, choices: Choices, block: bytes, at: int) -> Any:  # noqa: ARG001
        # The first byte decides on fraction and offset: zero leaves both out, which the changes rely on.
        return change(node.decode(b"\0" + block[at + 1 : at + node.width], 0))

    return make
