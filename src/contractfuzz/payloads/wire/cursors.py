"""Cursors: the values of a page by which a client asks for the next page, recognised by their names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from contractfuzz.json_pointer import MISSING, encode_pointer, parse_pointer, resolve_pointer

CURSOR_NAMES = frozenset(
    {
        *("after", "cursor", "endcursor", "scrollid", "continuation", "continuationtoken", "nextcontinuationtoken"),
        *("next", "nextcursor", "nextpage", "nextpagecursor", "nextpagetoken", "nexttoken", "nextlink", "nexturl"),
        *("odatanextlink", "nextpageurl", "nextpageuri", "nexturi"),
    }
)
"""Names of cursors, in lower case and without punctuation."""

FLAG_NAMES = frozenset(["hasmore", "hasnext", "hasnextpage", "moreavailable", "istruncated"])
"""Names of flags that are true if there is another page, in lower case and without punctuation."""

URL_NAMES = frozenset(["next", "nextlink", "nexturl", "nexturi", "nextpageurl", "nextpageuri", "odatanextlink"])
"""Names of cursors that are often the URL of the next page."""

_BACKWARDS = re.compile("prev|before|first|last|self")
_PUNCTUATION = re.compile(r"[\W_]+")

Tokens = tuple[str, ...]


def plain_name(name: str) -> str:
    """Return the name of a property in lower case and without punctuation."""
    return _PUNCTUATION.sub("", name).lower()


def find_cursors(payload: Any, pointer: str | None = None) -> list[tuple[str, str]]:
    """Return the cursors of a payload.

    Args:
        payload: a JSON value.
        pointer: the location of the cursor, as a JSON Pointer; None to recognise cursors by their names.

    Returns:
        The JSON Pointer and the text of each cursor. A page without a next one has none.

    """
    if pointer is not None:
        value = resolve_pointer(payload, parse_pointer(pointer))
        return [(pointer, str(value))] if value is not MISSING and _is_cursor(value) else []
    return [(encode_pointer(tokens), str(value)) for tokens, value in _walk(payload) if _is_named_cursor(tokens, value)]


def cursor_tokens(payload: Any) -> list[Tokens]:
    """Return the locations of the cursors of a payload that are not inside an array."""
    return [tokens for tokens, value in _walk(payload, into_arrays=False) if _is_named_cursor(tokens, value)]


def flag_tokens(payload: Any) -> list[Tokens]:
    """Return the locations of the flags of a payload that say that there is another page, and are not inside an array."""
    walked = _walk(payload, into_arrays=False)
    return [tokens for tokens, value in walked if isinstance(value, bool) and plain_name(tokens[-1]) in FLAG_NAMES]


def without_cursors(payload: Any) -> Any:
    """Return a copy of a payload without its cursors, and with its flags false: the last page."""
    if isinstance(payload, list):
        return [without_cursors(item) for item in payload]
    if not isinstance(payload, dict):
        return payload
    last = {}
    for name, value in payload.items():
        if _is_named_cursor((name,), value) or (plain_name(name) == "next" and isinstance(value, dict)):
            continue
        is_flag = isinstance(value, bool) and plain_name(name) in FLAG_NAMES
        last[name] = False if is_flag else without_cursors(value)
    return last


def remove_location(payload: Any, tokens: Sequence[str]) -> Any:
    """Return a copy of a payload without a property."""
    return _changed(payload, tokens, MISSING)


def set_location(payload: Any, tokens: Sequence[str], value: Any) -> Any:
    """Return a copy of a payload with another value of a property."""
    return _changed(payload, tokens, value)


def _changed(payload: Any, tokens: Sequence[str], value: Any) -> Any:
    if not tokens:
        return value
    name, *others = tokens
    if not isinstance(payload, dict) or (others and name not in payload):
        return payload
    copy = dict(payload)
    if not others and value is MISSING:
        copy.pop(name, None)
    else:
        copy[name] = _changed(copy.get(name), others, value)
    return copy


def _is_cursor(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and value != ""


def _is_named_cursor(tokens: Sequence[str], value: Any) -> bool:
    backwards = any(_BACKWARDS.match(plain_name(token)) for token in tokens)
    return _is_cursor(value) and plain_name(tokens[-1]) in CURSOR_NAMES and not backwards


def _walk(payload: Any, tokens: Tokens = (), *, into_arrays: bool = True) -> Iterator[tuple[Tokens, Any]]:
    """Yield the scalars below the properties of a payload, each with its location."""
    waiting: list[tuple[Tokens, Any]] = [(tokens, payload)]
    while waiting:
        location, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [((*location, name), member) for name, member in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [((*location, str(i)), member) for i, member in enumerate(value)] if into_arrays else []
        elif location:
            yield location, value
