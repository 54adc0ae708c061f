"""Adapter for clients of one operation of an API: they get the base URL, and arguments that fit the operation."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from contractfuzz.errors import ContractError, unknown
from contractfuzz.running.adapters import clients
from contractfuzz.running.consumer import AdapterOptions, Consumer

if TYPE_CHECKING:
    from contractfuzz.api.api import Api
    from contractfuzz.api.operation import Operation
    from contractfuzz.contract import Contract
    from contractfuzz.documents import Source
    from contractfuzz.server.operation_service import OperationService

_BODY_NAMES = ("body", "payload", "data", "json", "jsonbody", "request", "requestbody")
_PLACED = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


@dataclass(frozen=True, eq=False)
class OperationClient:
    """A client of one operation: a function of the base URL, with the other arguments bound.

    Attributes:
        client: the function.
        service: the service of the operation.
        arguments: the arguments by the name of the function's parameter, without the URL.
        url_name: the name of the parameter that takes the base URL; None for the first one.
        source: the path of the API's document; None if the API has no file.

    """

    client: Callable[..., Any]
    service: OperationService
    arguments: Mapping[str, Any]
    url_name: str | None
    source: str | None

    @property
    def contract(self) -> Contract:
        """Contract of the operation's response."""
        return self.service.contract

    def __call__(self, base_url: str) -> Any:
        if self.url_name is None:
            return self.client(base_url, **self.arguments)
        names = {self.url_name: base_url, **self.arguments}
        parameters = inspect.signature(self.client).parameters
        placed = [name for name, one in parameters.items() if one.kind is one.POSITIONAL_ONLY and name in names]
        positional = [names.pop(name) for name in placed]
        return self.client(*positional, **names)


def bind_operation(
    client: Callable[..., Any], api: Api | Source, operation: str, call: Mapping[str, Any] | Iterable[str] = ()
) -> OperationClient:
    """Return a client of one operation, with an argument for each parameter of the function.

    A parameter of the function gets the argument of ``call``, or else a valid value of the operation's parameter with the same
    name (``order_id`` and ``orderId`` are the same), the whole request body (``body``, ``payload``, ``data``, ``json``) or one
    property of it. A parameter with a default may stay without an argument.

    Args:
        client: a function that takes the base URL of a server and sends a request of the operation to it.
        api: the API, or the path of an OpenAPI file, or its JSON object.
        operation: the operationId of the operation, or its method and path.
        call: arguments by name; or texts ``name=value``. A text is read as the operation's parameter of this name, or else as
            JSON if it is JSON.

    Raises:
        ContractError: the API has no such operation, the operation never responds with JSON, or a parameter of the function has
            no argument.

    Example:
        >>> client = bind_operation(get_order, "openapi.yaml", "getOrder", {"order_id": 7})
        >>> check(client, client.contract)

    """
    # Imported here, because only clients of an API need them.
    from contractfuzz.api.api import load_api
    from contractfuzz.server.operation_service import OperationService

    loaded = load_api(api)
    service = OperationService(loaded, operation)
    given = _given(call, service.operation)
    try:
        parameters = [one for one in inspect.signature(client).parameters.values() if one.kind in _PLACED]
        takes_any = any(one.kind is one.VAR_KEYWORD for one in inspect.signature(client).parameters.values())
    except (TypeError, ValueError):  # not callable, or a function in C without a signature
        parameters, takes_any = [], True
    url = next((one for one in parameters if clients.takes_url(one)), parameters[0] if parameters else None)
    names = [one.name for one in parameters if one is not url]
    unexpected = next((name for name in given if name not in names and not takes_any), None)
    if unexpected is not None:
        raise unknown("parameter of the client", unexpected, names)
    arguments = dict(given)
    for one in parameters:
        if one is not url and one.name not in given and one.default is one.empty:
            value = _find_argument(one.name, service.operation)
            arguments[one.name] = str(value) if one.annotation in (str, "str") and not isinstance(value, str) else value
    source = None if isinstance(loaded.source, Mapping | bool | type) else str(loaded.source)
    return OperationClient(client, service, arguments, None if url is None else url.name, source)


def adapt(target: Any, options: AdapterOptions) -> Consumer | None:
    """Return a consumer for an ``OperationClient``, or None for other targets.

    The requests of the operation get the cases, with the status of a request that succeeds. Requests of other operations get
    their own valid responses.
    """
    if not isinstance(target, OperationClient):
        return None
    options = replace(options, feed="url", service=target.service)
    if target.source is None:
        return clients.adapt(target, options)
    words = [repr(target.source), repr(target.service.operation.name), repr(dict(target.arguments))]
    consumer = clients.adapt(target, options, opening=f"operations.call(NAME, ARGUMENT, {', '.join(words)}")
    imports = "contractfuzz.running.adapters.operations as operations"
    return None if consumer is None else replace(consumer, imports=imports)


def call(
    client: Callable[..., Any],
    body: bytes,
    api: Api | Source,
    operation: str,
    arguments: Mapping[str, Any] | None = None,
    **more: Any,
) -> Any:
    """Call a client of one operation with the base URL of a server that answers its request with ``body``.

    Args:
        client: the function.
        body: the body of the response.
        api: the API, or the path of an OpenAPI file, or its JSON object.
        operation: the operationId of the operation, or its method and path.
        arguments: the arguments of the function by name, without the URL.
        more: other arguments of ``clients.call``.

    Returns:
        The result of the client.

    Raises:
        ContractError: as for ``bind_operation``.

    """
    bound = bind_operation(client, api, operation, arguments or {})
    return clients.call(bound, body, service=bound.service, **more)


def _given(call: Mapping[str, Any] | Iterable[str], operation: Operation) -> dict[str, Any]:
    if isinstance(call, Mapping):
        return dict(call)
    # Imported here, because only clients of an API need it.
    from contractfuzz.api.decoding import decode_parameter

    given = {}
    for text in call:
        name, mark, value = text.partition("=")
        name = name.strip()
        if not mark or not name.isidentifier():
            raise ContractError(f"the argument {text!r} is not NAME=VALUE: write one as in id=7")
        parameter = next((one for one in operation.parameters if _normalized(one.name) == _normalized(name)), None)
        if parameter is None or parameter.contract is None:
            given[name] = _parse(value)
        else:
            given[name] = decode_parameter(parameter, {parameter.name: [value]})[1]
    return given


def _find_argument(name: str, operation: Operation) -> Any:
    # Imported here, because only clients of an API need it.
    from contractfuzz.api.arguments import body_value, parameter_value

    wanted = _normalized(name)
    for parameter in operation.parameters:
        if _normalized(parameter.name) == wanted:
            return parameter_value(parameter)
    path_parameters = [one for one in operation.parameters if one.place == "path"]
    if wanted == "id" and path_parameters:
        return parameter_value(path_parameters[-1])
    if operation.request.json_type is not None:
        body = body_value(operation)
        if wanted in _BODY_NAMES:
            return body
        for key, value in body.items() if isinstance(body, dict) else ():
            if _normalized(key) == wanted:
                return value
    raise ContractError(
        f"the parameter {name!r} of the client is not a parameter of {operation.name}: give its argument with call "
        f"(on the command line, --call {name}=VALUE)"
    )


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _normalized(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())
