"""Arguments of commands that run a client of one operation of an API."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import click

from contractfuzz.cli.arguments.completion import complete_files
from contractfuzz.configuration.settings import RunSettings
from contractfuzz.errors import ContractError

if TYPE_CHECKING:
    from contractfuzz.api.api import Api
    from contractfuzz.contract import Contract

API_OPTIONS = [
    click.option(
        "--api",
        metavar="FILE",
        shell_complete=complete_files,
        help="For a client: the OpenAPI file of its API. Default: that of the configuration.",
    ),
    click.option(
        "--operation",
        metavar="NAME",
        help="For a client: the operation that it calls, by operationId or as 'GET /orders/{id}'. The contract is that of its "
        "response, and the parameters of CALLABLE get arguments that fit the operation.",
    ),
    click.option(
        "--call",
        multiple=True,
        metavar="NAME=VALUE",
        help="For a client: an argument of CALLABLE, as in id=7. Repeatable. Default: a valid value for the operation.",
    ),
]
"""Options that choose the operation."""


def bind_client(client: Any, settings: RunSettings, default_api: str | None) -> Any:
    """Return a client of the operation that the arguments choose; the client itself if they choose none.

    Args:
        client: the function that the user names.
        settings: the arguments.
        default_api: the API of the configuration.

    Raises:
        ContractError: the operation or an argument is wrong, or an option is missing.

    """
    if settings.operation is None:
        if settings.api is not None or settings.call:
            option = "--api" if settings.api is not None else "--call"
            raise ContractError(f"{option} needs an operation: name it with --operation, as in --operation getOrder")
        return client
    # Imported here, so that --help does not load the contract engine.
    from contractfuzz.running.adapters.operations import bind_operation

    return bind_operation(client, _api_of(settings, default_api), settings.operation, settings.call)


def operation_contract(settings: RunSettings, default_api: str | None) -> Contract:
    """Return the contract of the operation that the arguments choose.

    Raises:
        ContractError: the API has no such operation, or the operation never responds with JSON.

    """
    return _api_of(settings, default_api).operation(str(settings.operation)).contract


def _api_of(settings: RunSettings, default_api: str | None) -> Api:
    api = settings.api or default_api
    if api is None:
        raise ContractError("--operation needs an API: name its OpenAPI file with --api FILE")
    return _load(api, settings.components)


@functools.lru_cache(maxsize=8)
def _load(api: str, components: tuple[str, ...]) -> Api:
    # Imported here, so that --help does not load the contract engine.
    from contractfuzz.api.api import Api

    return Api.load(api, components)
