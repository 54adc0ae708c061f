"""JSON Pointers (RFC 6901)."""

from __future__ import annotations

from collections.abc import Iterable


def to_pointer(tokens: Iterable[str | int]) -> str:
    """Return the JSON Pointer made of ``tokens``; of none, the pointer to the whole: ``""``."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)
