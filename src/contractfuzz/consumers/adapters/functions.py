"""Functions, methods and other callables of one payload; async ones too."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from typing import Any

from contractfuzz.consumers.consumer import Consumer, Feed, How
from contractfuzz.errors import ContractError

_BY_ANNOTATION: dict[str, Feed] = {"bytes": "bytes", "bytearray": "bytes", "memoryview": "bytes", "str": "text"}


def adapt(target: Any, how: How) -> Consumer | None:
    """Return how a callable is called; without a feed, the annotation of its first parameter decides."""
    if not callable(target):
        return None
    feed = how.feed or _annotated(_first_parameter(target, how.name))
    is_async = inspect.iscoroutinefunction(target) or inspect.iscoroutinefunction(type(target).__call__)
    if not is_async:
        return Consumer(how.name, target, feed)
    return Consumer(
        how.name,
        lambda argument: asyncio.run(target(argument)),
        feed,
        expression="asyncio.run(NAME(ARGUMENT))",
        imports="asyncio",
    )


def _first_parameter(target: Callable[..., Any], name: str) -> inspect.Parameter | None:
    try:
        signature = inspect.signature(target)
    except (TypeError, ValueError):  # some functions in C do not say
        return None
    try:
        signature.bind(None)
    except TypeError as error:
        raise ContractError(f"{name}{signature} cannot be called with one payload: {error}") from None
    return next(iter(signature.parameters.values()))


def _annotated(parameter: inspect.Parameter | None) -> Feed:
    annotation = parameter.annotation if parameter is not None else None
    named = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    # Of a union, as of `bytes | str`, the first decides.
    return _BY_ANNOTATION.get(named.split("|")[0].strip(), "object")
