"""Clients: a function that takes the base URL of a server and makes one call with a client that it points there."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.running.adapters import functions
from contractfuzz.running.consumer import AdapterOptions, Consumer


class NotAskedError(Exception):
    """The client returned without having sent a request: what it returned says nothing about the case."""


def adapt(target: Any, how: AdapterOptions) -> Consumer | None:
    """Return how a client is called: whatever it asks of the server, the answer is the case, announced as JSON.

    The status is 200, or what the contract's service gives to such a payload where a pack brings one. A function is taken for a
    client if its first parameter is called ``url``, ``base_url``, ``server_url``..., or is of a type of such a name; any other
    callable with the feed ``url``. One that goes on asking until the server says that there is no more has no end with some
    cases: isolate it.
    """
    if how.route is not None or how.feed not in (None, "url") or not (how.feed or _takes_a_url(target)):
        return None
    client = functions.adapt(target, replace(how, feed=None))
    if client is None:
        return None
    from contractfuzz.server.repeating_server import RepeatingServer
    from contractfuzz.server.service import find_service_of

    server, service = RepeatingServer(), find_service_of(how.contract)

    def ask(body: bytes) -> Any:
        server.respond_with(body, 200 if service is None else service.status_for(_payload(body)))
        result = client.call(server.url)
        if not server.request_seen:
            raise NotAskedError(f"{how.name} returned without having asked the server")
        return result

    return replace(
        client,
        call=ask,
        feed="url",
        close=server.close,
        expression=f"clients.call(NAME, ARGUMENT{f', {how.contract!r}' if service else ''})",
        imports="contractfuzz.running.adapters.clients as clients",
    )


def _payload(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def call(client: Callable[[str], Any], body: bytes, contract: str = "") -> Any:
    """Call ``client`` with the base URL of a server that answers any request with ``body``, and return what it returns.

    Args:
        client: a function of a base URL; an async one runs in a loop of its own.
        body: sent as ``application/json``.
        contract: the name of the contract whose service says which status goes with the body; without one it is 200.

    Raises:
        NotAskedError: it returned without having sent a request.
        ContractError: it cannot be called with one argument, or werkzeug is missing.

    """
    name = getattr(client, "__qualname__", repr(client))
    consumer = adapt(client, AdapterOptions(name, feed="url", contract=contract))
    if consumer is None:
        raise ContractError(f"{name} cannot be called: give a function of the base URL of a server")
    try:
        return consumer.call(body)
    finally:
        consumer.close()


_URL = re.compile(r"(?:^|_|base)url['\"]?$", re.IGNORECASE)
_TYPE_OF_URL = re.compile(r"url['\"]?$", re.IGNORECASE)


def _takes_a_url(target: Any) -> bool:
    if isinstance(target, type):  # it makes a client, or a model with an address in it, and asks nobody for anything
        return False
    try:
        first = next(iter(inspect.signature(target).parameters.values()), None)
    except (TypeError, ValueError):  # it cannot be called, or is a function in C that does not say how
        return False
    if first is None:
        return False
    if first.annotation is first.empty:
        return bool(_URL.search(first.name))
    kind = getattr(first.annotation, "__name__", str(first.annotation))
    return bool(_TYPE_OF_URL.search(kind) or (_URL.search(first.name) and "str" in kind))
