"""Adapter for clients: functions that take the base URL of a server and send it a request."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from contractfuzz.errors import ContractError, unknown
from contractfuzz.payloads.cases.case import Case
from contractfuzz.payloads.wire.page_sequences import is_page_sequence
from contractfuzz.payloads.wire.wire_cases import WIRE_CASES
from contractfuzz.running.adapters import functions
from contractfuzz.running.consumer import AdapterOptions, ClientOptions, Consumer
from contractfuzz.text import bytes_literal

if TYPE_CHECKING:
    from contractfuzz.running.verdicts.calling import CallResult
    from contractfuzz.server.service import Service


def adapt(target: Any, options: AdapterOptions, *, opening: str = "") -> Consumer | None:
    """Return a consumer for a client, or None for other targets.

    The server answers the first request of a call with the body of the case as ``application/json``. The status is 200, or the
    one that the service of the contract gives to such a payload, if a pack provides that service. Later requests of the call get
    a plain continuation without a cursor, so that a client that pages comes to an end.

    A function is a client if its first parameter is named ``url``, ``base_url``, ``server_url`` or the like, or has a type with
    such a name. With the feed ``url``, every callable is a client.

    Args:
        target: the target.
        options: how to call it.
        opening: the beginning of the expression that reproduces a call, without its closing parenthesis; empty for that of this
            module.

    """
    if options.feed not in (None, "url") or not (options.feed or _takes_url(target)):
        return None
    client = functions.adapt(target, replace(options, feed=None))
    if client is None:
        return None
    # Imported here, because only clients need the server.
    from contractfuzz.running.clients.caller import ClientCaller
    from contractfuzz.running.clients.observation import observe
    from contractfuzz.server.service import find_service_of

    service = options.service or find_service_of(options.contract)
    caller = ClientCaller(options.name, client.call, options.client, service)

    contract = f", {options.contract!r}" if service and not options.service else ""
    opening = opening or f"clients.call(NAME, ARGUMENT{contract}"

    def expression_of(case: Case) -> str:
        wire = f", wire={case.label!r}" if case.kind == "wire" else ""
        conversation, smallest_body = caller.conversation, options.client.continuation
        has_continued = service is None and conversation is not None and len(conversation.turns) > 1
        then = f", then={bytes_literal(smallest_body())}" if has_continued and smallest_body is not None else ""
        return f"{opening}{then}{wire})"

    def observe_call(result: CallResult, case: Case) -> CallResult:
        is_documented = caller.is_documented(case.label or "")
        return observe(result, case, caller.conversation, options.client.paging, is_documented=is_documented)

    return replace(
        client,
        call=caller.call,
        feed="url",
        close=caller.close,
        expression=f"{opening})",
        expression_of=expression_of,
        imports="contractfuzz.running.adapters.clients as clients",
        observe=observe_call,
    )


def call(
    client: Callable[[str], Any],
    body: bytes,
    contract: str = "",
    *,
    then: bytes | None = None,
    service: Service | None = None,
    wire: str | None = None,
) -> Any:
    """Call a client with the base URL of a server that answers its first request with ``body``.

    Args:
        client: a function of a base URL, or an async function.
        body: the body of the first response, sent as ``application/json``.
        contract: the name of a contract whose service chooses the status, and answers later requests; without one, the status is
            200.
        then: the body of the responses to later requests; None for ``body`` without its cursor.
        service: the service that does so; None for that of the contract.
        wire: the label of a wire case, which decides what comes with the body, or instead of it; None for a plain response.

    Returns:
        The result of the client.

    Raises:
        NoRequestError: the client returned without a request.
        ContractError: the client cannot be called with one argument, or h11 is not installed.

    """
    name = getattr(client, "__qualname__", repr(client))
    options = AdapterOptions(
        name,
        feed="url",
        contract=contract,
        service=service,
        client=ClientOptions(continuation=None if then is None else lambda: then),
    )
    consumer = adapt(client, options)
    if consumer is None:
        raise ContractError(f"{name} cannot be called: give a function of the base URL of a server")
    try:
        return consumer.call(_case(body, wire))
    finally:
        consumer.close()


def _case(body: bytes, wire: str | None) -> Case:
    if wire is None:
        return Case("malformed", raw=lambda: body)
    if wire not in WIRE_CASES and not is_page_sequence(wire):
        raise unknown("wire case", wire, WIRE_CASES)
    return Case("wire", json.loads(body), wire) if body else Case("wire", label=wire, raw=bytes)


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
