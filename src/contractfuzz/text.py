"""TODO."""

from __future__ import annotations

import json


def printable(text: str, keep: str = "") -> str:
    """Return ``text`` with every character that a terminal would not print written as JSON escapes it."""
    return "".join(c if c.isprintable() or c in keep else json.dumps(c)[1:-1] for c in text)
