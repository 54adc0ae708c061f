"""Adapter for msgspec: a Struct class."""

from __future__ import annotations

from typing import Any

from contractfuzz.running.consumer import AdapterOptions, Consumer, is_instance_or_subclass


def adapt(target: Any, options: AdapterOptions) -> Consumer | None:
    """Return a consumer that decodes a Struct, or None for other targets. It is strict unless ``options.strict`` is False."""
    if not (isinstance(target, type) and is_instance_or_subclass(target, "msgspec", "Struct")):
        return None
    import msgspec

    strict = options.strict is not False
    feed = options.payload_feed("bytes")
    # Not a ValueError before msgspec 0.21.
    rejections = (msgspec.DecodeError,)
    if feed == "object":
        return Consumer(
            options.name,
            lambda payload: msgspec.convert(payload, target, strict=strict),
            feed,
            rejections=rejections,
            settings=("strict",),
            expression=f"msgspec.convert(ARGUMENT, NAME, strict={strict})",
            imports="msgspec",
        )
    return Consumer(
        options.name,
        msgspec.json.Decoder(target, strict=strict).decode,
        feed,
        rejections=rejections,
        settings=("strict",),
        expression=f"msgspec.json.decode(ARGUMENT, type=NAME, strict={strict})",
        imports="msgspec",
    )
