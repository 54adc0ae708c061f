"""Functions, methods and other callables of one payload; async ones too."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.running.adapters.awaiting import finish
from contractfuzz.running.consumer import AdapterOptions, Consumer, Feed

_BY_ANNOTATION: dict[str, Feed] = {"bytes": "bytes", "bytearray": "bytes", "memoryview": "bytes", "str": "text"}


def adapt(target: Any, how: AdapterOptions) -> Consumer | None:
    """Return how a callable is called; without a feed, the annotation of its first parameter decides."""
    if not callable(target):
        return None
    if _is_a(target, inspect.isgeneratorfunction) or _is_a(target, inspect.isasyncgenfunction):
        problem = "does nothing until somebody asks for what it yields: give a function that does"
        raise ContractError(f"{how.name} {problem}, as in lambda payload: list(read(payload))")
    feed = how.feed or _annotated(_first_parameter(target, how.name))
    if not _is_a(target, inspect.iscoroutinefunction):
        return Consumer(how.name, target, feed)
    return Consumer(
        how.name,
        lambda argument: finish(lambda: target(argument)),
        feed,
        expression="asyncio.run(NAME(ARGUMENT))",
        imports="asyncio",
    )


def _is_a(target: Any, sort: Callable[[Any], bool]) -> bool:
    return sort(target) or sort(type(target).__call__)


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


# Of a union, as of `bytes | str`, the first decides; None is no payload that anybody asks for.
_FIRST = re.compile(r"""(?:[\w.]*\b(?:Annotated|Optional|Union)\[|None *[|,]|['" ])*(?:builtins\.)?(\w+)(?![\w.[])""")


def _annotated(parameter: inspect.Parameter | None) -> Feed:
    annotation = parameter.annotation if parameter is not None else None
    annotation = getattr(annotation, "__supertype__", annotation)  # of a NewType
    named = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    first = _FIRST.match(named)
    return _BY_ANNOTATION.get(first[1], "object") if first else "object"
