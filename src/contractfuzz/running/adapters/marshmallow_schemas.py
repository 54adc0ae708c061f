"""marshmallow: a Schema, as a class or an instance."""

from __future__ import annotations

from typing import Any

from contractfuzz.running.consumer import AdapterOptions, Consumer, is_made_by


def adapt(target: Any, how: AdapterOptions) -> Consumer | None:
    """Return how a Schema loads: JSON text unless it is fed otherwise; its ValidationError rejects."""
    if not is_made_by(target, "marshmallow.schema", "Schema"):
        return None
    from marshmallow import ValidationError

    schema = target() if isinstance(target, type) else target
    feed = how.feed or "bytes"
    load = "load" if feed == "object" else "loads"
    made = "NAME()" if isinstance(target, type) else "NAME"
    return Consumer(
        how.name, getattr(schema, load), feed, rejections=(ValidationError,), expression=f"{made}.{load}(ARGUMENT)"
    )
