"""Adapter for cattrs: dataclasses, attrs classes and TypedDicts."""

from __future__ import annotations

import dataclasses
import typing
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.running.consumer import AdapterOptions, Consumer


def adapt(target: Any, options: AdapterOptions) -> Consumer | None:
    """Return a consumer that structures a class with the JSON converter of cattrs, or None for other targets.

    A ``BaseValidationError`` of cattrs rejects the payload.
    """
    is_structured = isinstance(target, type) and (
        dataclasses.is_dataclass(target) or hasattr(target, "__attrs_attrs__")
    )
    if not is_structured and not typing.is_typeddict(target):
        return None
    try:
        from cattrs import BaseValidationError
        from cattrs.preconf.json import make_converter
    except ImportError:
        problem = f"{options.name} needs cattrs, which is not installed: install it, or give a function"
        raise ContractError(problem) from None
    converter = make_converter()
    feed = options.payload_feed("bytes")
    if feed == "object":
        call, method = (lambda payload: converter.structure(payload, target)), "structure"
    else:
        call, method = (lambda text: converter.loads(text, target)), "loads"
    return Consumer(
        options.name,
        call,
        feed,
        rejections=(BaseValidationError,),
        expression=f"cattrs.preconf.json.make_converter().{method}(ARGUMENT, NAME)",
        imports="cattrs.preconf.json",
    )
