"""Edge texts: strings at which consumers that take any text tend to fail."""

from __future__ import annotations

from functools import cache

EDGE_TEXTS = ("0", "012", "null", " a ", "a\nb", "a,b", 'a"b\\', "", "👍", "é", "a")
"""Short edge texts, the rarest among plain texts first. Bounds of the length repeat or cut them."""

LONG_TEXT_LENGTH = 300
"""Length of the long edge text if the schema sets no bound: more than columns of 255 characters hold."""

MAX_EDGE_LENGTH = 1000
"""Greatest bound of the length that an edge text reaches."""


@cache
def edge_texts(low: int, high: int | None) -> tuple[str, ...]:
    """Return the edge texts of a length in characters between ``low`` and ``high``, each once."""
    texts = []
    if high is None or high <= MAX_EDGE_LENGTH:
        longest = max(LONG_TEXT_LENGTH, low) if high is None else high
        texts += ["a" * longest, "👍" * longest]  # two characters in UTF-16, four bytes in UTF-8
    return tuple(dict.fromkeys([*texts, *(_fit(text, low, high) for text in EDGE_TEXTS)]))


def _fit(text: str, low: int, high: int | None) -> str:
    fitted = text if len(text) >= low else ((text or "a") * low)[:low]
    return fitted[:high]
