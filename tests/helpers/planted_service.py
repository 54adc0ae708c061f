"""A service with 40 fields and five planted bugs, and the same service without them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

STATES = ("open", "paid", "sent")

READ = {
    "id": {"type": "string"},
    "state": {"enum": list(STATES)},
    "opened": {"type": "integer", "minimum": 0},
    "closed": {"type": "integer", "minimum": 0},
    "note": {"type": "string"},
    "sentAt": {"type": "string", "format": "date-time"},
}
"""Properties that the service reads. Those that it does not read are texts, numbers and lists."""

UNREAD = {
    f"{name}_{number}": schema
    for number in range(1, 13)
    for name, schema in {
        "text": {"type": "string"},
        "size": {"type": "number"},
        "tags": {"type": "array", "items": {"type": "string"}},
    }.items()
}

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "orders",
    "type": "object",
    "properties": {**READ, **dict(list(UNREAD.items())[:34])},
    "required": ["id", "state", "opened", "closed", "text_1", "size_1"],
    "additionalProperties": False,
}

_TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])", re.ASCII
)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a text")  # noqa: TRY004 - services reject with ValueError
    return value


def _count(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{value!r} is not a count")
    return value


def buggy(order: dict) -> dict[str, Any]:
    """Read an order, with five bugs."""
    if not isinstance(order, dict) or not READ.keys() - {"note", "sentAt"} <= order.keys():
        raise ValueError("not an order")
    identity = order["id"]
    if isinstance(identity, bool) or not isinstance(identity, str | int):
        raise ValueError("not an id")  # noqa: TRY004
    if _text(order["state"]) not in STATES:
        raise ValueError("not a state")  # a new value of the enum is refused
    opened, closed = _count(order["opened"]), _count(order["closed"])
    assert opened <= closed  # masks other faults
    note = order.get("note", "")
    if note is not None:
        note = _text(note)
    sent = None
    if "sentAt" in order:
        sent = datetime.strptime(_text(order["sentAt"]), "%Y-%m-%dT%H:%M:%S.%f%z")  # needs a fraction
    # A number as id becomes a text, and null has no strip().
    return {"id": str(identity), "state": order["state"], "open": closed - opened, "note": note.strip(), "sent": sent}


def fixed(order: dict) -> dict[str, Any]:
    """Read an order."""
    if not isinstance(order, dict) or not READ.keys() - {"note", "sentAt"} <= order.keys():
        raise ValueError("not an order")
    state = _text(order["state"])
    opened, closed = _count(order["opened"]), _count(order["closed"])
    sent = order.get("sentAt")
    if "sentAt" in order:
        if not _TIMESTAMP.fullmatch(_text(sent)):
            raise ValueError("not a timestamp")
        datetime.fromisoformat(sent)
    return {
        "id": _text(order["id"]),
        "state": state if state in STATES else "other",
        "open": closed - opened,
        "note": _text(order.get("note", "")).strip(),
        "sent": sent,
    }
