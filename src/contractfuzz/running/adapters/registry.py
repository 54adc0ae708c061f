"""From what users have to one thing that can be called with a case."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import partial
from importlib import import_module
from importlib.metadata import entry_points
from types import MethodType
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.running.consumer import Adapter, AdapterOptions, Consumer, checked_feed

GROUP = "contractfuzz.adapters"
"""The entry point group in which other packages register adapters; theirs are asked before ours."""

OURS = (
    "pydantic_models",
    "msgspec_structs",
    "marshmallow_schemas",
    "structured_classes",
    "web_applications",
    "clients",
    "functions",
)
"""Modules of ``contractfuzz.running.adapters``, in the order in which they are asked: whoever takes nearly everything last."""


def adapt(
    consumer: Any,
    feed: str | None = None,
    *,
    strict: bool | None = None,
    route: str | None = None,
    name: str | None = None,
    contract: str = "",
) -> Consumer:
    """Return how ``consumer`` is called.

    Args:
        consumer: a function of one payload (an async one runs in a loop of its own) or any other callable; a function of the base
            URL of a server, which makes one call with a client that it points there; a pydantic model or TypeAdapter; a msgspec
            Struct; a dataclass, attrs class or TypedDict (filled by cattrs); a marshmallow Schema; with ``route``, a WSGI or ASGI
            application. A ``Consumer`` is returned as it is.
        feed: ``object``, ``text``, ``bytes`` or ``url``; without it, what a function's first parameter says: ``url`` by its name
            (``base_url``), else by its annotation (``bytes`` and ``str`` stand for themselves, anything else for an object);
            and bytes for all others.
        strict: for pydantic and msgspec: convert nothing (True), or what they can (False).
        route: the path to which a web application's bodies are posted.
        name: what reports call it, if not by the name that it has itself: the target that was imported.
        contract: the name of the contract whose cases it will be fed: a client gets them as its service would send them.

    Raises:
        ContractError: it cannot be called, or not with one argument, or there is no such feed.

    """
    if isinstance(consumer, Consumer):
        return consumer
    how = AdapterOptions(name or name_of(consumer), checked_feed(feed), strict, route, contract)
    for ask in _adapters():
        adapted = ask(consumer, how)
        if adapted is not None:
            return adapted
    raise ContractError(f"{how.name} cannot be called: give a function, a method or a class that takes one payload")


def _adapters() -> Iterator[Adapter]:
    for point in entry_points(group=GROUP):
        yield point.load()
    for name in OURS:
        yield import_module(f"contractfuzz.running.adapters.{name}").adapt


def name_of(consumer: Any) -> str:
    """Return what reports call a consumer: ``package.module:function``; ``package.module:<Parser>`` for what has no such name."""
    named = consumer.func if isinstance(consumer, partial) else consumer
    module = getattr(named, "__module__", None)
    name = getattr(named, "__qualname__", None) or type(named).__qualname__
    if module and "<" not in name and not _leads_to(module, name, consumer):
        name = f"<{name}>"
    return f"{module}:{name}" if module else str(name)


def _leads_to(module: str, name: str, consumer: Any) -> bool:
    found: Any = sys.modules.get(module)
    for step in name.split("."):
        found = getattr(found, step, None)
    # Methods of a class are made anew each time.
    return found is consumer or (isinstance(found, MethodType) and found == consumer)
