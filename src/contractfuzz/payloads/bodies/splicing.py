"""Functions that change the JSON text of a valid payload into a malformed body."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from functools import partial

TextChange = Callable[[str], bytes]
"""Makes a body from the JSON text of a valid payload."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^{}\[\]:,"]+')
"""A token of a compact JSON text: a string, a punctuation mark, a number or a literal."""


def _split_end(text: str) -> tuple[str, str, str]:
    """Return a text without its closing bracket, the beginning of another member, and the bracket."""
    if text[0] in "{[":
        separator = "," if len(text) > 2 else ""
        return text[:-1], separator + ('"x":' if text[0] == "{" else ""), text[-1]
    return f"[{text}", ",", "]"


def ends_in_value(ending: str) -> TextChange:
    """Return a change that cuts a text off within the value of another member, after ``ending``."""

    def cut(text: str) -> bytes:
        start, member, _ = _split_end(text)
        return (start + member + ending).encode()

    return cut


def ends_in_name(ending: str) -> TextChange:
    """Return a change that cuts a text off within the name of another member, after ``ending``."""

    def cut(text: str) -> bytes:
        start, _, _ = _split_end(text)
        return (start + ("" if start in ("{", "[") else ",") + ending).encode()

    return cut


def before_last_bracket(added: str) -> TextChange:
    """Return a change that adds characters before the last bracket."""

    def add(text: str) -> bytes:
        start, _, end = _split_end(text)
        return (start + added + end).encode()

    return add


def without_last_bracket(text: str) -> bytes:
    """Return a text without its last bracket."""
    return _split_end(text)[0].encode()


def with_last_bracket_twice(text: str) -> bytes:
    """Return a text with its last bracket twice."""
    return text.encode() + _split_end(text)[2].encode()


def with_value(value: str | bytes) -> TextChange:
    """Return a change that adds a member or an item with a malformed value."""
    written = value if isinstance(value, bytes) else value.encode()

    def add(text: str) -> bytes:
        start, member, end = _split_end(text)
        return (start + member).encode() + written + end.encode()

    return add


def replaced_by(body: str | bytes) -> TextChange:
    """Return a change that ignores the text."""
    written = body if isinstance(body, bytes) else body.encode()
    return lambda _text: written


def enclosed(before: str | bytes, after: str | bytes = b"") -> TextChange:
    """Return a change that adds bytes before and after a text."""
    first = before if isinstance(before, bytes) else before.encode()
    last = after if isinstance(after, bytes) else after.encode()
    return lambda text: first + text.encode() + last


def cut_after(pattern: str, otherwise: TextChange) -> TextChange:
    """Return a change that cuts a text off after one of its tokens.

    The text itself decides which of the tokens it is, so that different payloads are cut off at different tokens.

    Args:
        pattern: a regular expression that matches from the start of the token. The text ends after the first group.
        otherwise: the change of a text without such a token.

    """
    return partial(_cut_after, re.compile(pattern), otherwise)


def _cut_after(pattern: re.Pattern[str], otherwise: TextChange, text: str) -> bytes:
    ends = [
        found.end(1)
        for token in _TOKEN.finditer(text)
        for found in [pattern.match(text, token.start())]
        if found is not None and found.end(1) < len(text)
    ]
    if text[0] not in "{[" or not ends:
        return otherwise(text)
    return text[: ends[zlib.crc32(text.encode()) % len(ends)]].encode()
