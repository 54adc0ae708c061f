"""Errors about documents: one line with the source, the location, the problem and the remedy."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.json_pointer import encode_pointer
from contractfuzz.text import closest_match, list_names, printable, truncate

_MAX_VALUE_CHARACTERS = 63
_MAX_LISTED_NAMES = 8


def document_error(source: str, steps: tuple[str, ...], problem: str) -> ContractError:
    """Return the error for a problem at a location in a document.

    Args:
        source: the name of the document: its path, or ``document`` for a dict.
        steps: the steps from the root to the location; empty for the whole document.
        problem: what is wrong, and what to do.

    Example:
        >>> document_error("shop.json", ("type",), "must be a string, not 1")
        ContractError('shop.json at /type: must be a string, not 1')

    """
    location = f" at {encode_pointer(steps)}" if steps else ""
    return ContractError(printable(f"{source}{location}: {problem}"))  # names and paths may hold control characters


def show_json(value: Any) -> str:
    """Return a value as JSON, cut to a length that fits a message."""
    return truncate(json.dumps(value, ensure_ascii=False), _MAX_VALUE_CHARACTERS)


def show_names(names: Iterable[str]) -> str:
    """Return names as a list that fits a message."""
    return list_names(names, _MAX_LISTED_NAMES)


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean "..."?`` with the known name that is most similar, or an empty string if none is similar."""
    nearest = closest_match(name, sorted(set(known)))
    return "" if nearest is None else f"; did you mean {show_json(nearest)}?"
