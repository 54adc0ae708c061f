"""How a refusal reads: one line with the source, the place in it, the problem and the remedy."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.json_pointer import to_pointer

_LONGEST_VALUE = 60
_LONGEST_LIST = 8


def refusal(source: str, steps: tuple[str, ...], problem: str) -> ContractError:
    """Make the error for a place in a document.

    Args:
        source: what the document is called: its path, or ``document`` for a dict.
        steps: the way from the root to the place; empty for the document as a whole.
        problem: what is wrong, and what to do.

    """
    at = f" at {to_pointer(steps)}" if steps else ""
    return ContractError(_on_one_line(f"{source}{at}: {problem}"))


def shown(value: Any) -> str:
    """Write a value as JSON, short enough for a message."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "..."


def listed(names: Iterable[str]) -> str:
    """Write names as a sentence's list, short enough for a message."""
    known = sorted(set(names))
    more = len(known) - _LONGEST_LIST
    return ", ".join(known[:_LONGEST_LIST]) + (f" and {more} more" if more > 0 else "")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Suggest the nearest known name, as the end of a sentence; empty where none is near."""
    near = difflib.get_close_matches(name, sorted(set(known)), n=1)
    return f"; did you mean {shown(near[0])}?" if near else ""


def _on_one_line(text: str) -> str:
    # Names and paths come from outside and may hold line breaks, escape sequences or half a surrogate pair.
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
