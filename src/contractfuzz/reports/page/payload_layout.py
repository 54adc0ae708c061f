"""Payloads laid out for people, with the fault marked."""

from __future__ import annotations

import json
from typing import Any

from contractfuzz.json_pointer import parse_pointer
from contractfuzz.payloads.cases.case import ABSENT, Case
from contractfuzz.running.messages import show_body
from contractfuzz.text import printable

MAX_LINE_CHARACTERS = 88
"""Length of a line; a value that fits on one line stays on it."""
MAX_PART_CHARACTERS = 2_000
"""Characters that are shown of each part: before the fault, the fault, after it."""
MAX_LAID_OUT_BYTES = 100_000
"""Size of the largest body that is laid out; a larger one is shown by its beginning."""

# Marks around the fault. JSON text escapes control characters, so it never contains these.
_FAULT_START, _FAULT_END = "\x02", "\x03"


def lay_out(case: Case) -> tuple[str, str, str]:
    """Return the body of a case as text in three parts: before the fault, the fault, after it.

    Args:
        case: the case.

    Returns:
        The parts, printable and each cut to a length. All is in the first part if the body has no single faulty location.

    """
    if case.payload is ABSENT or case.is_spelled or len(case.body) > MAX_LAID_OUT_BYTES:
        return show_body(case, MAX_PART_CHARACTERS), "", ""
    # The empty pointer is the whole payload: marking all of it would show nothing.
    tokens = list(parse_pointer(case.pointer)) if case.pointer else None
    text = printable(_lay_out(case.payload, tokens, 0), keep=f"\n{_FAULT_START}{_FAULT_END}")
    before, _, rest = text.partition(_FAULT_START)
    fault, _, after = rest.partition(_FAULT_END)
    return _cut_start(before) if fault else _cut_end(before), _cut_end(fault), _cut_end(after)


def shorten(text: str) -> str:
    """Return a text that is too long for the page by its beginning and its end."""
    if len(text) <= 4 * MAX_PART_CHARACTERS:
        return text
    return f"{text[: 2 * MAX_PART_CHARACTERS]}\n... ({len(text):,} characters)\n{text[-MAX_PART_CHARACTERS:]}"


def _lay_out(value: Any, tokens: list[str] | None, indent: int) -> str:
    """Return ``value`` over several lines if one is too short; ``tokens`` point from it to the fault."""
    if tokens == []:
        return _FAULT_START + _lay_out(value, None, indent) + _FAULT_END
    line = _on_one_line(value, tokens)
    if indent + len(line) <= MAX_LINE_CHARACTERS or not (value and isinstance(value, dict | list)):
        return line
    pad = " " * (indent + 2)
    members = [f"{pad}{prefix}{_lay_out(member, rest, indent + 2)}" for prefix, member, rest in _members(value, tokens)]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n" + ",\n".join(members) + f"\n{' ' * indent}{closing}"


def _on_one_line(value: Any, tokens: list[str] | None) -> str:
    if tokens == []:
        return _FAULT_START + _on_one_line(value, None) + _FAULT_END
    if tokens is None or not isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    members = [f"{prefix}{_on_one_line(member, rest)}" for prefix, member, rest in _members(value, tokens)]
    return opening + ", ".join(members) + closing


def _members(value: dict[str, Any] | list[Any], tokens: list[str] | None) -> list[tuple[str, Any, list[str] | None]]:
    """Return the members of a container: the text before each, its value, and the rest of ``tokens`` if they go through it."""
    if isinstance(value, dict):
        keyed = [(key, f"{json.dumps(key, ensure_ascii=False)}: ", member) for key, member in value.items()]
    else:
        keyed = [(str(index), "", member) for index, member in enumerate(value)]
    return [(prefix, member, tokens[1:] if tokens and tokens[0] == key else None) for key, prefix, member in keyed]


def _cut_start(text: str) -> str:
    return text if len(text) <= MAX_PART_CHARACTERS else f"... {text[-MAX_PART_CHARACTERS:]}"


def _cut_end(text: str) -> str:
    if len(text) <= MAX_PART_CHARACTERS:
        return text
    return f"{text[:MAX_PART_CHARACTERS]} ... ({len(text):,} characters)"
