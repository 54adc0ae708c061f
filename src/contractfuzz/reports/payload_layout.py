"""Payloads laid out for people to read, with the faulty place told apart."""

from __future__ import annotations

import json
from typing import Any

from contractfuzz.json_pointer import parse_pointer
from contractfuzz.payloads.cases.case import ABSENT, Case
from contractfuzz.running.messages import show_body
from contractfuzz.text import printable

WIDTH = 88
"""Characters of a line; what fits into one is not broken."""
MOST = 2_000
"""Characters that are shown before the faulty place, of it, and behind it."""
LARGEST = 100_000
"""Bytes of the largest body that is laid out; of a larger one the beginning is shown."""

# JSON text escapes control characters, so these two are never in it.
_BEGIN, _END = "\x02", "\x03"


def lay_out(case: Case) -> tuple[str, str, str]:
    """Return the body of a case as text in three pieces: what is before the faulty place, that place, and what is behind it.

    Where no single place in it is faulty, the first piece is all. No piece has characters that cannot be seen, and each is cut
    where it is long.
    """
    if case.payload is ABSENT or len(case.body) > LARGEST:
        return show_body(case, MOST), "", ""
    # Of a payload that is faulty as a whole there is nothing to tell apart.
    tokens = list(parse_pointer(case.pointer)) if case.pointer else None
    text = printable(_lay_out(case.payload, tokens, 0), keep=f"\n{_BEGIN}{_END}")
    before, _, rest = text.partition(_BEGIN)
    fault, _, after = rest.partition(_END)
    return _cut_head(before) if fault else _cut_tail(before), _cut_tail(fault), _cut_tail(after)


def shorten(text: str) -> str:
    """Return the beginning and the end of a text that is too long to be shown."""
    if len(text) <= 4 * MOST:
        return text
    return f"{text[: 2 * MOST]}\n... ({len(text):,} characters)\n{text[-MOST:]}"


def _lay_out(value: Any, tokens: list[str] | None, indent: int) -> str:
    """Return ``value`` over several lines, where it is too long for one; ``tokens`` lead from it to the faulty place."""
    if tokens == []:
        return _BEGIN + _lay_out(value, None, indent) + _END
    flat = _flat(value, tokens)
    if indent + len(flat) <= WIDTH or not (value and isinstance(value, dict | list)):
        return flat
    pad = " " * (indent + 2)
    parts = [f"{pad}{name}{_lay_out(inner, onward, indent + 2)}" for name, inner, onward in _parts(value, tokens)]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n" + ",\n".join(parts) + f"\n{' ' * indent}{closing}"


def _flat(value: Any, tokens: list[str] | None) -> str:
    if tokens == []:
        return _BEGIN + _flat(value, None) + _END
    if tokens is None or not isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return (
        opening + ", ".join(f"{name}{_flat(inner, onward)}" for name, inner, onward in _parts(value, tokens)) + closing
    )


def _parts(value: dict[str, Any] | list[Any], tokens: list[str] | None) -> list[tuple[str, Any, list[str] | None]]:
    """Return what a container holds: how it is introduced, the value, and the way on to the faulty place if it lies there."""
    if isinstance(value, dict):
        named = [(key, f"{json.dumps(key, ensure_ascii=False)}: ", inner) for key, inner in value.items()]
    else:
        named = [(str(number), "", inner) for number, inner in enumerate(value)]
    return [(name, inner, tokens[1:] if tokens and tokens[0] == key else None) for key, name, inner in named]


def _cut_head(text: str) -> str:
    return text if len(text) <= MOST else f"... {text[-MOST:]}"


def _cut_tail(text: str) -> str:
    return text if len(text) <= MOST else f"{text[:MOST]} ... ({len(text):,} characters)"
