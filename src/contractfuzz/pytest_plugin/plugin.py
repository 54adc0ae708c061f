"""Entry point of the pytest plugin: options, markers, and fixtures for each contract, each mock server and whole APIs.

Every pytest run imports this module, so everything that takes time to import is imported within functions. The hooks for runs
with tests are in ``session_hooks``, which is loaded when pytest collects the first test file.
"""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from contractfuzz.pytest_plugin import api_fixtures
from contractfuzz.pytest_plugin.configuration import (
    REPORT_OPTION,
    add_options,
    configuration_of,
    has_configuration,
    store_configuration,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contractfuzz.contract import Contract
    from contractfuzz.server import MockServer

CASES_MARKER = (
    "contract_cases(contract, kind='invalid', *, only=None, profile='broad', n=None, seed=0): "
    "run the test once for each case of a contract, with the argument `case`. By default these are all violations "
    "(or malformations, or rules), each in its smallest payload, or 20 cases of the kinds 'valid' and 'hostile'."
)
REGRESSIONS_MARKER = (
    "contract_regressions(contract, *, consumer=None): run the test once for each kept case of a contract, with the argument "
    "`case`. `consumer` is the function that the test feeds, or its name `module:function`, to get only its kept cases."
)
BASELINE_OPTION = "--contract-baseline"
UPDATE_BASELINE_OPTION = "--contract-update-baseline"
CONTRACT_ENTRY_POINTS = "contractfuzz.contracts"
SERVER_ENTRY_POINTS = "contractfuzz.servers"


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser)
    group = parser.getgroup("contractfuzz")
    group.addoption(BASELINE_OPTION, metavar="FILE", help="Fail on findings only that this file does not have.")
    group.addoption(
        UPDATE_BASELINE_OPTION,
        action="store_true",
        help="Write the findings to the file of --contract-baseline, and remove those that are fixed. No finding fails a test.",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", CASES_MARKER)
    config.addinivalue_line("markers", REGRESSIONS_MARKER)
    config.addinivalue_line("markers", api_fixtures.API_MARKER)
    store_configuration(config)
    report = config.getoption(REPORT_OPTION)
    if report is not None:
        from contractfuzz.errors import ContractError
        from contractfuzz.reports.rendering import format_of

        try:
            format_of(report)
        except ContractError as error:
            raise pytest.UsageError(f"{REPORT_OPTION}: {error}") from None
        _load_session_hooks(config)
    if config.getoption(BASELINE_OPTION) is not None:
        _load_session_hooks(config)
    elif config.getoption(UPDATE_BASELINE_OPTION):
        raise pytest.UsageError(f"{UPDATE_BASELINE_OPTION} needs a file: name it with {BASELINE_OPTION} FILE")


def pytest_report_header(config: pytest.Config) -> list[str]:
    note = configuration_of(config).note if has_configuration(config) else ""
    return [f"contractfuzz: {note}"] if note else []


def pytest_collectstart(collector: pytest.Collector) -> None:
    if isinstance(collector, pytest.File):
        _load_session_hooks(collector.config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    # With pytest-xdist this process collects no files, but it reports what the tests in its workers found.
    _load_session_hooks(node.config)


def _load_session_hooks(config: pytest.Config) -> None:
    """Load the hooks for runs that have tests; pytest loads them once, however often this is called."""
    config.pluginmanager.import_plugin("contractfuzz.pytest_plugin.session_hooks")


def pytest_sessionstart(session: pytest.Session) -> None:
    # Registered before any conftest.py is collected, so that a project's own fixtures of the same name override these.
    fixtures = ModuleType("contractfuzz-fixtures")
    entry_points = _entry_point_names()
    configured = configuration_of(session.config).contracts if has_configuration(session.config) else ()
    names = [*entry_points[CONTRACT_ENTRY_POINTS], *configured]
    vars(fixtures).update({name: _contract_fixture(name, session.config) for name in names})
    for name in entry_points[SERVER_ENTRY_POINTS]:
        vars(fixtures).update(_server_fixtures(name))
    session.config.pluginmanager.register(fixtures)
    session.config.pluginmanager.register(api_fixtures)


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
