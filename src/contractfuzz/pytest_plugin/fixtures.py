"""Fixtures for each contract, each mock server and whole APIs.

Every pytest run imports this module, so everything that takes time to import is imported within functions.
"""

from __future__ import annotations

from contextlib import ExitStack
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from contractfuzz.pytest_plugin.configuration import configuration_of, has_configuration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from contractfuzz.contract import Contract
    from contractfuzz.server import MockServer

CONTRACT_ENTRY_POINTS = "contractfuzz.contracts"
SERVER_ENTRY_POINTS = "contractfuzz.servers"


def register_fixtures(config: pytest.Config) -> None:
    """Register all fixtures.

    It must be called before any conftest.py is collected, so that a project's own fixtures of the same name override these.
    """
    fixtures = ModuleType("contractfuzz-fixtures")
    vars(fixtures).update(contract_api=contract_api, _contract_api_servers=_contract_api_servers)
    entry_points = _entry_point_names()
    configured = configuration_of(config).contracts if has_configuration(config) else ()
    names = [*entry_points[CONTRACT_ENTRY_POINTS], *configured]
    vars(fixtures).update({name: _contract_fixture(name, config) for name in names})
    for name in entry_points[SERVER_ENTRY_POINTS]:
        vars(fixtures).update(_server_fixtures(name))
    config.pluginmanager.register(fixtures)


def _contract_fixture(name: str, config: pytest.Config) -> Any:
    def contract() -> Contract:
        from contractfuzz.errors import ContractError
        from contractfuzz.pytest_plugin.contracts import find_contract

        try:
            return find_contract(name, config)
        except ContractError as error:
            pytest.fail(str(error), pytrace=False)

    contract.__doc__ = f"The contract {name}, a contractfuzz.Contract."
    return pytest.fixture(scope="session", name=name)(contract)


def _server_fixtures(name: str) -> dict[str, Any]:
    """Return two fixtures: the server, which runs until the session ends, and the same server reset for each test."""
    session_fixture = f"_{name}"

    def running_server() -> Iterator[MockServer]:
        from contractfuzz.errors import ContractError
        from contractfuzz.server import MockServer

        try:
            server = MockServer.named(name).start()
        except ContractError as error:
            pytest.fail(str(error), pytrace=False)
        with server:
            yield server

    def fresh_server(request: pytest.FixtureRequest) -> Iterator[MockServer]:
        with request.getfixturevalue(session_fixture).fresh() as server:
            yield server

    fresh_server.__doc__ = f"The mock server {name}, a contractfuzz.server.MockServer, reset for each test."
    return {
        session_fixture: pytest.fixture(scope="session", name=session_fixture)(running_server),
        name: pytest.fixture(name=name)(fresh_server),
    }


def _entry_point_names() -> dict[str, tuple[str, ...]]:
    """Return the names of the installed contracts and servers, by entry point group.

    Every pytest run waits for this. Entry points are therefore parsed only for packages that mention one of the two groups.
    """
    from importlib.metadata import distributions

    packs = [pack for pack in distributions() if "[contractfuzz." in (pack.read_text("entry_points.txt") or "")]
    points = [point for pack in packs for point in pack.entry_points]
    groups = (CONTRACT_ENTRY_POINTS, SERVER_ENTRY_POINTS)
    return {group: tuple(sorted({point.name for point in points if point.group == group})) for group in groups}


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
