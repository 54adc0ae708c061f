"""Adapter for clients: functions that take the base URL of a server and send it a request."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from contractfuzz.errors import ContractError
from contractfuzz.running.adapters import functions
from contractfuzz.running.consumer import AdapterOptions, Consumer

if TYPE_CHECKING:
    from contractfuzz.server.service import Service


class NoRequestError(Exception):
    """The client returned without a request, so its result says nothing about the case."""


def adapt(target: Any, options: AdapterOptions) -> Consumer | None:
    """Return a consumer for a client, or None for other targets.

    The server answers every request with the body of the case as ``application/json``. The status is 200, or the one that the
    service of the contract gives to such a payload, if a pack provides that service.

    A function is a client if its first parameter is named ``url``, ``base_url``, ``server_url`` or the like, or has a type with
    such a name. With the feed ``url``, every callable is a client. A client that requests pages until the last one may never
    end: isolate it.
    """
    if options.feed not in (None, "url") or not (options.feed or _takes_url(target)):
        return None
    client = functions.adapt(target, replace(options, feed=None))
    if client is None:
        return None
    # Imported here, because only clients need the server.
    from contractfuzz.server.repeating_server import RepeatingServer
    from contractfuzz.server.service import find_service_of

    server, service = RepeatingServer(), options.service or find_service_of(options.contract)

    def call_client(body: bytes) -> Any:
        server.respond_with(body, 200 if service is None else service.status_for(_payload(body)))
        result = client.call(server.url)
        if not server.request_seen:
            raise NoRequestError(f"{options.name} returned without a request to the server")
        return result

    return replace(
        client,
        call=call_client,
        feed="url",
        close=server.close,
        expression=f"clients.call(NAME, ARGUMENT{f', {options.contract!r}' if service and not options.service else ''})",
        imports="contractfuzz.running.adapters.clients as clients",
    )


def _payload(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def call(client: Callable[[str], Any], body: bytes, contract: str = "", *, service: Service | None = None) -> Any:
    """Call a client with the base URL of a server that answers every request with ``body``.

    Args:
        client: a function of a base URL, or an async function.
        body: the body of every response, sent as ``application/json``.
        contract: the name of a contract whose service chooses the status; without one, it is 200.
        service: the service that chooses the status; None for that of the contract.

    Returns:
        The result of the client.

    Raises:
        NoRequestError: the client returned without a request.
        ContractError: the client cannot be called with one argument, or h11 is not installed.

    """
    name = getattr(client, "__qualname__", repr(client))
    consumer = adapt(client, AdapterOptions(name, feed="url", contract=contract, service=service))
    if consumer is None:
        raise ContractError(f"{name} cannot be called: give a function of the base URL of a server")
    try:
        return consumer.call(body)
    finally:
        consumer.close()


_URL_NAME = re.compile(r"(?:^|_|base)url['\"]?$", re.IGNORECASE)
_URL_TYPE = re.compile(r"url['\"]?$", re.IGNORECASE)


def _takes_url(target: Any) -> bool:
    if isinstance(target, type):  # calling a class makes a client or a model, and sends no request
        return False
    try:
        first = next(iter(inspect.signature(target).parameters.values()), None)
    except (TypeError, ValueError):  # not callable, or a function in C without a signature
        return False
    if first is None:
        return False
    return takes_url(first)


def takes_url(first: inspect.Parameter) -> bool:
    """Return True if a parameter takes the base URL of a server, by its name or its type."""
    if first.annotation is first.empty:
        return bool(_URL_NAME.search(first.name))
    annotation = getattr(first.annotation, "__name__", str(first.annotation))
    return bool(_URL_TYPE.search(annotation) or (_URL_NAME.search(first.name) and "str" in annotation))
