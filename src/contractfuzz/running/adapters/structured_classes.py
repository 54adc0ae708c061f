"""Classes that cattrs structures: dataclasses, attrs classes and TypedDicts."""

from __future__ import annotations

import dataclasses
import typing
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.running.consumer import AdapterOptions, Consumer


def adapt(target: Any, how: AdapterOptions) -> Consumer | None:
    """Return how cattrs structures such a class, with its converter for JSON; whatever it raises for a payload rejects."""
    is_structured = isinstance(target, type) and (
        dataclasses.is_dataclass(target) or hasattr(target, "__attrs_attrs__")
    )
    if not is_structured and not typing.is_typeddict(target):
        return None
    try:
        from cattrs import BaseValidationError
        from cattrs.preconf.json import make_converter
    except ImportError:
        problem = (
            f"{how.name} is filled by cattrs, which is not installed: install it, or give a function that fills it"
        )
        raise ContractError(problem) from None
    converter = make_converter()
    feed = how.feed or "bytes"
    if feed == "object":
        call, method = (lambda payload: converter.structure(payload, target)), "structure"
    else:
        call, method = (lambda text: converter.loads(text, target)), "loads"
    return Consumer(
        how.name,
        call,
        feed,
        rejections=(BaseValidationError,),
        expression=f"cattrs.preconf.json.make_converter().{method}(ARGUMENT, NAME)",
        imports="cattrs.preconf.json",
    )
