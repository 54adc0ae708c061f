"""Adapter for functions, methods and other callables of one payload, async ones too."""

from __future__ import annotations

import inspect
import mmap
import re
from collections.abc import Callable
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.running.adapters.awaiting import run_coroutine, wait_for
from contractfuzz.running.consumer import AdapterOptions, Consumer, Feed

_FEED_OF_TYPE: dict[str, Feed] = {"bytes": "bytes", "bytearray": "bytes", "memoryview": "bytes", "str": "text"}


def adapt(target: Any, options: AdapterOptions) -> Consumer | None:
    """Return a consumer for a callable, or None. Without a feed, the annotation of the first parameter decides."""
    if not callable(target):
        return None
    if _is_any(target, inspect.isgeneratorfunction) or _is_any(target, inspect.isasyncgenfunction):
        problem = f"{options.name} is a generator, which does nothing when it is called"
        raise ContractError(f"{problem}: give a function, as in lambda payload: list(read(payload))")
    feed = options.feed or _annotated_feed(_first_parameter(target, options.name))
    if _is_any(target, inspect.iscoroutinefunction):
        return Consumer(
            options.name,
            lambda argument: _await(lambda: target(argument)),
            feed,
            expression="asyncio.run(NAME(ARGUMENT))",
            imports="asyncio",
        )
    # A wrapper of an async function is not async itself, and only a call shows it. The process of an isolated consumer shares
    # this byte, because the call may be its last one.
    was_awaited = mmap.mmap(-1, 1)

    def call(argument: Any) -> Any:
        was_awaited[0] = False
        result = target(argument)
        was_awaited[0] = inspect.isawaitable(result)
        # Nothing of an async function has run yet when it returns.
        return run_coroutine(lambda: wait_for(result)) if was_awaited[0] else result

    return Consumer(options.name, call, feed, was_awaited=lambda: bool(was_awaited[0]))


def _await(start: Callable[[], Any]) -> Any:
    """Return the result of an awaitable that is made within the event loop."""

    async def wait() -> Any:
        return await start()

    return run_coroutine(wait)


def _is_any(target: Any, predicate: Callable[[Any], bool]) -> bool:
    return predicate(target) or predicate(type(target).__call__)


def _first_parameter(target: Callable[..., Any], name: str) -> inspect.Parameter | None:
    try:
        signature = inspect.signature(target)
    except (TypeError, ValueError):  # some functions in C have no signature
        return None
    try:
        signature.bind(None)
    except TypeError as error:
        problem = f"{name}{signature} cannot be called with one payload: {error}"
        if not signature.parameters:
            problem += (
                "; if it makes a web application, give the path to which bodies are posted, as in --route /webhook"
            )
        raise ContractError(problem) from None
    return next(iter(signature.parameters.values()))


# In a union such as `bytes | str`, the first type decides. None is skipped, because no payload is None.
_FIRST_TYPE = re.compile(
    r"""(?:[\w.]*\b(?:Annotated|Optional|Union)\[|None *[|,]|['" ])*(?:builtins\.)?(\w+)(?![\w.[])"""
)


def _annotated_feed(parameter: inspect.Parameter | None) -> Feed:
    annotation = parameter.annotation if parameter is not None else None
    annotation = getattr(annotation, "__supertype__", annotation)  # the type that a NewType stands for
    text = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    first = _FIRST_TYPE.match(text)
    return _FEED_OF_TYPE.get(first[1], "object") if first else "object"
