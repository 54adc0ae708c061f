"""Registry of the adapters."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from importlib import import_module
from importlib.metadata import entry_points
from types import MethodType
from typing import Any

from contractfuzz.errors import ContractError, load_entry_point
from contractfuzz.running.consumer import (
    DEFAULT_TIME_LIMIT_SECONDS,
    Adapter,
    AdapterOptions,
    ClientOptions,
    Consumer,
    parse_feed,
)
from contractfuzz.running.external.targets import Command, Url

ADAPTER_ENTRY_POINTS = "contractfuzz.adapters"
"""Entry point group of the adapters of other packages, which are asked before ours."""

ADAPTER_MODULES = (
    "external_targets",
    "pydantic_models",
    "msgspec_structs",
    "marshmallow_schemas",
    "structured_classes",
    "web_applications",
    "operations",
    "clients",
    "functions",
)
"""Modules of ``contractfuzz.running.adapters`` that have a function ``adapt``, in the order in which they are asked.

The last one takes every callable. To add an adapter, write a module and add its name before that.
"""


def adapt(
    consumer: Any,
    feed: str | None = None,
    *,
    strict: bool | None = None,
    route: str | None = None,
    name: str | None = None,
    contract: str = "",
    client: ClientOptions | None = None,
    time_limit: float | None = None,
) -> Consumer:
    """Return a consumer for the code under test.

    Args:
        consumer: the code under test, one of:

            - a callable of one payload, async or not
            - a client: a function that takes the base URL of a server and sends it a request
            - a pydantic model or TypeAdapter
            - a msgspec Struct
            - a dataclass, attrs class or TypedDict, which cattrs fills
            - a marshmallow Schema
            - a WSGI or ASGI application, with ``route``
            - a ``Command`` or a ``Url``
            - a ``Consumer``, which is returned unchanged
        feed: ``object``, ``text``, ``bytes`` or ``url``. By default, the first parameter of a function decides: ``url`` by its
            name (``base_url``), else its annotation (``bytes``, ``str``, or anything else for an object). Other targets take
            bytes by default.
        strict: for pydantic and msgspec, True to convert nothing, False to convert what they can, None for their default.
        route: for a web application, the path to which bodies are posted.
        name: its name in reports; by default its own, or that of the module attribute or variable that holds it.
        contract: the name of the contract whose cases it gets. A client gets them as the service of that contract sends them.
        client: options of the adapter for clients; None for the defaults.
        time_limit: for a command or a service, the seconds for one case; None for 5.

    Raises:
        ContractError: it cannot be called with one argument, the feed is unknown, or an option does not apply to it.

    """
    if isinstance(consumer, Consumer):
        return _with_settings(consumer, (), strict, route)
    options = AdapterOptions(
        name or name_of(consumer),
        None if feed is None else parse_feed(feed),
        strict,
        route,
        contract,
        client or ClientOptions(),
        time_limit=time_limit or DEFAULT_TIME_LIMIT_SECONDS,
    )
    for adapter in _adapters():
        adapted = adapter(consumer, options)
        if adapted is not None:
            adapted = _with_settings(adapted, adapted.settings, strict, route)
            # Two routes of one application are two consumers.
            return adapted if route is None or name else replace(adapted, name=f"{adapted.name} {route}")
    raise ContractError(f"{options.name} cannot be called: give a function, a method or a class that takes one payload")


def _with_settings(consumer: Consumer, settings: tuple[str, ...], strict: bool | None, route: str | None) -> Consumer:
    """Return the consumer, unless an option was given that is not among ``settings``."""
    if route is not None and "route" not in settings:
        raise ContractError(f"{consumer.name} is not a WSGI or ASGI application: leave out the route {route!r}")
    if strict is not None and "strict" not in settings:
        option = "strict=True (--strict)" if strict else "strict=False (--lax)"
        raise ContractError(f"{consumer.name} is not a pydantic model or a msgspec Struct: leave out {option}")
    return consumer


def _adapters() -> Iterator[Adapter]:
    for point in entry_points(group=ADAPTER_ENTRY_POINTS):
        yield load_entry_point(point)
    for name in ADAPTER_MODULES:
        # Imported when its turn comes, so that a plain function loads no server and no client.
        yield import_module(f"contractfuzz.running.adapters.{name}").adapt


def name_of(consumer: Any) -> str:
    """Return the name of a consumer.

    Returns:
        ``package.module:function`` for what can be imported, also for an object or a method of an object that a module has as an
        attribute; ``package.module:test.<locals>.app`` for one in a variable of the calling function; the command or the URL of
        what is not Python; otherwise its class, as in ``package.module:<Parser>``.

    """
    if isinstance(consumer, Command | Url):
        return consumer.name
    named = consumer.func if isinstance(consumer, partial) else consumer
    module = getattr(named, "__module__", None)
    name = getattr(named, "__qualname__", None) or type(named).__qualname__
    if module and _can_be_imported(module, name, consumer):
        return f"{module}:{name}"
    found = callable(consumer) and (_attribute_name(consumer) or _variable_name(consumer))
    if found:
        return found
    if module and "<" not in name:
        name = f"<{name}>"
    return f"{module}:{name}" if module else str(name)


def _can_be_imported(module: str, name: str, consumer: Any) -> bool:
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    # A bound method is a new object on each access.
    return found is consumer or (isinstance(found, MethodType) and found == consumer)


def _attribute_name(consumer: Any) -> str:
    """Return ``module:attribute`` or ``module:attribute.method``, or an empty string if no module has the object."""
    owner, method = _owner(consumer)
    found = []
    for module_name, module in [*sys.modules.items()]:
        for attribute, value in [*getattr(module, "__dict__", {}).items()]:
            if value is owner and attribute.isidentifier():
                found.append(
                    (attribute.startswith("_"), module_name == "__main__", f"{module_name}:{attribute}{method}")
                )
    return min(found)[-1] if found else ""


def _variable_name(consumer: Any) -> str:
    """Return the name of the variable of the function that calls contractfuzz; an empty string if no variable has the object."""
    owner, method = _owner(consumer)
    frame = inspect.currentframe()
    while frame is not None and frame.f_globals.get("__name__", "").split(".")[0] == "contractfuzz":
        frame = frame.f_back
    if frame is None:
        return ""
    for variable, value in frame.f_locals.items():
        if value is owner and variable not in _UNSPECIFIC_VARIABLES:
            return f"{frame.f_globals.get('__name__')}:{frame.f_code.co_qualname}.<locals>.{variable}{method}"
    return ""


_UNSPECIFIC_VARIABLES = ("consumer", "target", "self", "value")
"""Variables of helpers that hold any consumer, so that their names tell less than its class."""


def _owner(consumer: Any) -> tuple[Any, str]:
    """Return the object that a module or a variable may hold, and the way from it to the consumer."""
    if isinstance(consumer, MethodType):
        return consumer.__self__, f".{consumer.__name__}"
    return consumer, ""
