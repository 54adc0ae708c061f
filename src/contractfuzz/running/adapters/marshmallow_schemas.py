"""Adapter for marshmallow: a Schema class or an instance of one."""

from __future__ import annotations

from typing import Any

from contractfuzz.running.consumer import AdapterOptions, Consumer, is_instance_or_subclass


def adapt(target: Any, options: AdapterOptions) -> Consumer | None:
    """Return a consumer that loads with a Schema, or None for other targets. A ValidationError rejects the payload."""
    if not is_instance_or_subclass(target, "marshmallow.schema", "Schema"):
        return None
    from marshmallow import ValidationError

    schema = target() if isinstance(target, type) else target
    feed = options.payload_feed("bytes")
    method = "load" if feed == "object" else "loads"
    instance = "NAME()" if isinstance(target, type) else "NAME"
    return Consumer(
        options.name,
        getattr(schema, method),
        feed,
        rejections=(ValidationError,),
        expression=f"{instance}.{method}(ARGUMENT)",
    )
