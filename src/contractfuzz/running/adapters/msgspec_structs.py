"""msgspec: a Struct."""

from __future__ import annotations

from typing import Any

from contractfuzz.running.consumer import AdapterOptions, Consumer, is_made_by


def adapt(target: Any, how: AdapterOptions) -> Consumer | None:
    """Return how a Struct class is decoded: from bytes unless it is fed otherwise, strictly unless ``strict`` is False."""
    if not (isinstance(target, type) and is_made_by(target, "msgspec", "Struct")):
        return None
    import msgspec

    strict = how.strict is not False
    feed = how.feed or "bytes"
    # Not a ValueError before msgspec 0.21.
    rejections = (msgspec.DecodeError,)
    if feed == "object":
        return Consumer(
            how.name,
            lambda payload: msgspec.convert(payload, target, strict=strict),
            feed,
            rejections=rejections,
            expression=f"msgspec.convert(ARGUMENT, NAME, strict={strict})",
            imports="msgspec",
        )
    return Consumer(
        how.name,
        msgspec.json.Decoder(target, strict=strict).decode,
        feed,
        rejections=rejections,
        expression=f"msgspec.json.decode(ARGUMENT, type=NAME, strict={strict})",
        imports="msgspec",
    )
