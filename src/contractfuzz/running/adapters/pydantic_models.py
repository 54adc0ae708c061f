"""Adapter for pydantic: a model class or a TypeAdapter."""

from __future__ import annotations

from functools import partial
from typing import Any

from contractfuzz.running.consumer import AdapterOptions, Consumer, is_instance_or_subclass


def adapt(target: Any, options: AdapterOptions) -> Consumer | None:
    """Return a consumer that validates with a model or a TypeAdapter, or None for other targets.

    Without a feed, pydantic parses the JSON itself.
    """
    if isinstance(target, type) and is_instance_or_subclass(target, "pydantic.main", "BaseModel"):
        from_object, from_json = "model_validate", "model_validate_json"
    elif is_instance_or_subclass(target, "pydantic.type_adapter", "TypeAdapter"):
        from_object, from_json = "validate_python", "validate_json"
    else:
        return None
    feed = options.payload_feed("bytes")
    method = from_object if feed == "object" else from_json
    strict = "" if options.strict is None else f", strict={options.strict}"
    return Consumer(
        options.name,
        partial(getattr(target, method), strict=options.strict),
        feed,
        settings=("strict",),
        expression=f"NAME.{method}(ARGUMENT{strict})",
    )
