"""Text for messages: one line, printable, not too long."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable

ELLIPSIS = "..."


def printable(text: str, keep: str = "") -> str:
    """Return text in which every character that a terminal cannot print is a JSON escape.

    Args:
        text: any text, for example from a payload or an exception.
        keep: characters that stay as they are, for example a line break.

    """
    return "".join(c if c.isprintable() or c in keep else json.dumps(c)[1:-1] for c in text)


def truncate(text: str, limit: int) -> str:
    """Return text of at most ``limit`` characters; a longer one is cut and ends in ``...``."""
    return text if len(text) <= limit else text[: limit - len(ELLIPSIS)] + ELLIPSIS


def one_line(text: str, limit: int) -> str:
    """Return text on one line of at most ``limit`` characters; runs of white space become one space."""
    return truncate(" ".join(text.split()), limit)


def pluralize(count: int, noun: str) -> str:
    """Return a count with its noun, regular in the plural: ``1 case``, ``2,000 cases``."""
    return f"{count:,} {noun}{'s' if count != 1 else ''}"


def closest_match(name: object, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the known name that is most similar to ``name``, or None if none is similar.

    Args:
        name: the name that was given; anything else is compared by its ``str``.
        known: the names that exist.
        cutoff: the least similarity, from 0 to 1 (``difflib.SequenceMatcher.ratio``).

    """
    return next(iter(difflib.get_close_matches(str(name), list(known), n=1, cutoff=cutoff)), None)


def list_names(names: Iterable[str], limit: int) -> str:
    """Return names, sorted and separated by commas; of more than ``limit`` names, the first ones and a count."""
    known = sorted(set(names))
    more = len(known) - limit
    return ", ".join(known[:limit]) + (f" and {more} more" if more > 0 else "")
