"""JSON Pointers (RFC 6901): encoding, parsing and resolving."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

MISSING: Final = object()
"""Sentinel for a missing location."""

_ARRAY_INDEX = re.compile("0|[1-9][0-9]{0,8}")


def encode_pointer(tokens: Iterable[str | int]) -> str:
    """Return the JSON Pointer for a sequence of tokens.

    Args:
        tokens: property names and array indices, from the root down.

    Returns:
        The pointer; ``""``, the whole document, for no tokens.

    Example:
        >>> encode_pointer(["a/b", 0])
        '/a~1b/0'

    """
    return "".join(["/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens])


def unescape_token(token: str) -> str:
    """Return a reference token with ``~1`` and ``~0`` decoded (RFC 6901, section 4).

    Args:
        token: a part of a pointer, between two slashes.

    """
    return token.replace("~1", "/").replace("~0", "~")


def parse_pointer(pointer: str) -> tuple[str, ...]:
    """Return the decoded tokens of a JSON Pointer.

    Args:
        pointer: a pointer. Anything before its first slash is ignored, such as the ``#`` of a URI fragment.

    Returns:
        The tokens, from the root down; array indices are strings of digits.

    Example:
        >>> parse_pointer("/a~1b/0")
        ('a/b', '0')

    """
    return tuple(map(unescape_token, pointer.split("/")[1:]))


def resolve_pointer(value: Any, tokens: Iterable[str]) -> Any:
    """Return the value at a location within a JSON value.

    Args:
        value: the JSON value that the pointer starts from.
        tokens: the decoded tokens of the pointer.

    Returns:
        The value, or ``MISSING`` if the location does not exist. An array has no index with leading zeros and no ``-``.

    Example:
        >>> resolve_pointer({"a": [1, 2]}, ("a", "1"))
        2

    """
    for token in tokens:
        if isinstance(value, dict):
            value = value.get(token, MISSING)
        elif isinstance(value, list) and _ARRAY_INDEX.fullmatch(token) and int(token) < len(value):
            value = value[int(token)]
        else:
            return MISSING
    return value
