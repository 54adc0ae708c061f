"""The pytest plugin: a fixture for each installed contract and server, and a marker that runs a test once for each case.

Every pytest run loads this module, so it loads nothing that a project without contracts would have to wait for.
"""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from contractfuzz.contract import Contract
    from contractfuzz.payloads.cases import Case
    from contractfuzz.server import MockServer

MARKER = (
    "contract_cases(contract, kind='invalid', *, only=None, profile='broad', n=None, seed=0): "
    "run the test once for each case of an installed contract, with the argument `case`: each violation, malformation or rule "
    "in its smallest payload, or n cases (of kind 'valid', 20 by default)."
)
VALID_CASES = 20
FIXTURES = "contractfuzz-fixtures"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)


def pytest_report_header() -> str:
    from contractfuzz import __version__

    return f"contractfuzz: {__version__}, contracts: {', '.join(_installed()) or 'none'}"


def pytest_collectstart(collector: pytest.Collector) -> None:
    # The first module that is collected brings the fixtures: a run without tests looks for no contracts.
    manager = collector.config.pluginmanager
    if isinstance(collector, pytest.Module) and not manager.has_plugin(FIXTURES):
        fixtures = ModuleType(FIXTURES)
        vars(fixtures).update({name: _fixture(name) for name in _installed()})
        for name in _installed("contractfuzz.servers"):
            vars(fixtures).update(_server_fixtures(name))
        manager.register(fixtures, FIXTURES)


def _fixture(name: str) -> Any:
    def contract() -> Contract:
        from contractfuzz.contract import Contract

        return Contract.named(name)

    contract.__doc__ = f"The contract {name}, a contractfuzz.Contract."
    return pytest.fixture(scope="session", name=name)(contract)


def _server_fixtures(name: str) -> dict[str, Any]:
    """Return two fixtures: the server, which listens until the session ends, and what a test gets: the same, as new."""
    running = f"_{name}"

    def server() -> Iterator[MockServer]:
        from contractfuzz.errors import ContractError
        from contractfuzz.server import MockServer

        try:
            started = MockServer.named(name).start()
        except ContractError as error:
            pytest.fail(str(error), pytrace=False)
        with started:
            yield started

    def fresh(request: pytest.FixtureRequest) -> Iterator[MockServer]:
        with request.getfixturevalue(running).fresh() as server:
            yield server

    fresh.__doc__ = f"The mock server {name}, a contractfuzz.server.MockServer: as new for each test."
    return {running: pytest.fixture(scope="session", name=running)(server), name: pytest.fixture(name=name)(fresh)}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marker = metafunc.definition.get_closest_marker("contract_cases")
    if marker is None:
        return
    if "case" not in metafunc.fixturenames:
        raise pytest.UsageError(
            f"{metafunc.definition.nodeid}: contract_cases hands over each case as the argument `case`: add it"
        )
    from contractfuzz.errors import ContractError

    try:
        cases = _cases(*marker.args, **marker.kwargs)
    except (ContractError, TypeError) as error:
        raise pytest.UsageError(f"{metafunc.definition.nodeid}: contract_cases: {error}") from None
    metafunc.parametrize("case", cases, ids=[case.label or f"{case.kind}-{i}" for i, case in enumerate(cases)])


def _cases(
    contract: str | Contract,
    kind: str = "invalid",
    *,
    only: str | Iterable[str] | None = None,
    profile: str = "broad",
    n: int | None = None,
    seed: int = 0,
) -> list[Case]:
    from contractfuzz.contract import Contract

    found = Contract.named(contract) if isinstance(contract, str) else contract
    if n is None:
        n = VALID_CASES if kind == "valid" else len(found.labels(kind, only))  # type: ignore[arg-type]
    return list(found.sample(n, kind, profile, seed, only=only))  # type: ignore[arg-type]


def _installed(group: str = "contractfuzz.contracts") -> tuple[str, ...]:
    from importlib.metadata import entry_points

    return tuple(sorted({point.name for point in entry_points(group=group)}))
