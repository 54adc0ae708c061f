"""How a refusal reads: one line with the source, the place in it, the problem and the remedy."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.json_pointer import encode_pointer
from contractfuzz.text import closest_match, list_names, truncate

_LONGEST_VALUE = 63
_LONGEST_LIST = 8


def refusal(source: str, steps: tuple[str, ...], problem: str) -> ContractError:
    """Make the error for a place in a document.

    Args:
        source: what the document is called: its path, or ``document`` for a dict.
        steps: the way from the root to the place; empty for the document as a whole.
        problem: what is wrong, and what to do.

    """
    at = f" at {encode_pointer(steps)}" if steps else ""
    return ContractError(_on_one_line(f"{source}{at}: {problem}"))


def shown(value: Any) -> str:
    """Write a value as JSON, short enough for a message."""
    text = json.dumps(value, ensure_ascii=False)
    return truncate(text, _LONGEST_VALUE)


def listed(names: Iterable[str]) -> str:
    """Write names as a sentence's list, short enough for a message."""
    return list_names(names, _LONGEST_LIST)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Suggest the nearest known name, as the end of a sentence; empty where none is near."""
    near = closest_match(name, sorted(set(known)))
    return "" if near is None else f"; did you mean {shown(near)}?"


def _on_one_line(text: str) -> str:
    # Names and paths come from outside and may hold line breaks, escape sequences or half a surrogate pair.
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
