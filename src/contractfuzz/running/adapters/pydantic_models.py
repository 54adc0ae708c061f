"""pydantic: a model or a TypeAdapter."""

from __future__ import annotations

from functools import partial
from typing import Any

from contractfuzz.running.consumer import AdapterOptions, Consumer, is_made_by


def adapt(target: Any, how: AdapterOptions) -> Consumer | None:
    """Return how a model class or a TypeAdapter validates; it reads bytes as JSON itself unless it is fed otherwise."""
    if isinstance(target, type) and is_made_by(target, "pydantic.main", "BaseModel"):
        validate = {"object": "model_validate"}.get(how.feed or "bytes", "model_validate_json")
    elif is_made_by(target, "pydantic.type_adapter", "TypeAdapter"):
        validate = {"object": "validate_python"}.get(how.feed or "bytes", "validate_json")
    else:
        return None
    strictly = "" if how.strict is None else f", strict={how.strict}"
    return Consumer(
        how.name,
        partial(getattr(target, validate), strict=how.strict),
        how.feed or "bytes",
        expression=f"NAME.{validate}(ARGUMENT{strictly})",
    )
