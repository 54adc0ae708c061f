"""Fixtures of whole APIs. Every pytest run imports this module, so that what takes time is imported within functions."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

from contractfuzz.pytest_plugin.configuration import configuration_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contractfuzz.server import MockServer

API_MARKER = (
    "contract_api(document): the OpenAPI file of the fixture `contract_api`, relative to the root folder of the tests; "
    "by default that of the configuration."
)


@pytest.fixture(scope="session")
def _contract_api_servers() -> Iterator[Callable[[Any], MockServer]]:
    """Return a function that returns the server of an API. All servers run until the session ends."""
    servers: dict[Any, MockServer] = {}
    with ExitStack() as stack:

        def server_of(source: Any) -> MockServer:
            from contractfuzz.server import MockServer

            key = source if isinstance(source, str) else id(source)
            if key not in servers:
                servers[key] = stack.enter_context(MockServer.of_api(source))
            return servers[key]

        yield server_of


@pytest.fixture
def contract_api(
    request: pytest.FixtureRequest, _contract_api_servers: Callable[[Any], MockServer]
) -> Iterator[MockServer]:
    """Run the server of every operation of an OpenAPI file, a contractfuzz.server.MockServer, reset for each test."""
    from contractfuzz.errors import ContractError

    try:
        server = _contract_api_servers(_find_source(request))
    except ContractError as error:
        pytest.fail(str(error), pytrace=False)
    with server.fresh():
        yield server


def _find_source(request: pytest.FixtureRequest) -> Any:
    from contractfuzz.configuration.reading import TABLE, short_path
    from contractfuzz.errors import ContractError

    marker = request.node.get_closest_marker("contract_api")
    if marker is not None:
        if len(marker.args) != 1 or marker.kwargs:
            raise ContractError(
                'the marker contract_api takes one OpenAPI file: @pytest.mark.contract_api("openapi.yaml")'
            )
        [source] = marker.args
        return short_path(request.config.rootpath / source) if isinstance(source, str) else source
    api = configuration_of(request.config).api
    if api is None:
        raise ContractError(
            'the fixture contract_api needs an API: mark the test with @pytest.mark.contract_api("openapi.yaml"), or write '
            f'api = "openapi.yaml" in [{TABLE}] of pyproject.toml'
        )
    return short_path(api)
