"""The door of the pytest plugin: its options and markers, and a fixture for each installed contract and server.

Every pytest run loads this module, so it loads nothing that a project without contracts would have to wait for. What there is
to do where there are tests is in ``pytest_session``.
"""

from __future__ import annotations

import shlex
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contractfuzz.contract import Contract
    from contractfuzz.server import MockServer

CASES = (
    "contract_cases(contract, kind='invalid', *, only=None, profile='broad', n=None, seed=0): "
    "run the test once for each case of a contract, with the argument `case`: each violation, malformation or rule "
    "in its smallest payload, or n cases (of the kinds 'valid' and 'hostile', 20 by default)."
)
KEPT = "contract_regressions(contract): run the test once for each kept case of a contract, with the argument `case`."
REPORT, KEEP = "--contract-report", "--contract-keep"
REGRESSIONS, OWN_CONTRACTS = "contractfuzz_regressions", "contractfuzz_contracts"
CONTRACTS, SERVERS = "contractfuzz.contracts", "contractfuzz.servers"

OWN: pytest.StashKey[dict[str, list[str]]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contractfuzz", "contracts")
    group.addoption(
        REPORT,
        metavar="FILE",
        help="Write what the contract assertions found into FILE, as its suffix says: .html, .json, .xml (JUnit) or .txt.",
    )
    group.addoption(
        KEEP,
        choices=("auto", "yes", "no"),
        default="auto",
        help="Keep failing cases as files, to be fed first from then on. auto: unless the environment variable CI is set.",
    )
    parser.addini(
        REGRESSIONS, "Folder in which failing cases are kept: tests/contract_regressions unless you name another."
    )
    parser.addini(
        OWN_CONTRACTS,
        "Contracts of your own, one on each line: NAME = DOCUMENT COMPONENT... Each becomes the fixture NAME.",
        type="linelist",
        default=[],
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", CASES)
    config.addinivalue_line("markers", KEPT)
    config.stash[OWN] = _own_contracts(config)
    if report := config.getoption(REPORT):
        from contractfuzz.errors import ContractError
        from contractfuzz.reports import form_of

        try:
            form_of(report)
        except ContractError as error:
            raise pytest.UsageError(f"{REPORT}: {error}") from None
        _begin(config)


def pytest_collectstart(collector: pytest.Collector) -> None:
    if isinstance(collector, pytest.File):
        _begin(collector.config)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    # The tests run in this worker of pytest-xdist: what it has to tell comes here.
    _begin(node.config)


def _begin(config: pytest.Config) -> None:
    """Load what there is to do where there are tests."""
    config.pluginmanager.import_plugin("contractfuzz.pytest_plugin.session_hooks")


def pytest_sessionstart(session: pytest.Session) -> None:
    # Before any conftest.py is collected, so that a project's own fixtures go before these.
    fixtures = ModuleType("contractfuzz-fixtures")
    installed = _installed()
    names = [*installed[CONTRACTS], *session.config.stash[OWN]]
    vars(fixtures).update({name: _fixture(name, session.config) for name in names})
    for name in installed[SERVERS]:
        vars(fixtures).update(_server_fixtures(name))
    session.config.pluginmanager.register(fixtures)


def _fixture(name: str, config: pytest.Config) -> Any:
    def contract() -> Contract:
        from contractfuzz.errors import ContractError
        from contractfuzz.pytest_plugin.markers import find_contract

        try:
            return find_contract(name, config.stash[OWN], config.rootpath)
        except ContractError as error:
            pytest.fail(str(error), pytrace=False)

    contract.__doc__ = f"The contract {name}, a contractfuzz.Contract."
    return pytest.fixture(scope="session", name=name)(contract)


def _own_contracts(config: pytest.Config) -> dict[str, list[str]]:
    """Return the document and the components of each contract that the project's configuration names."""
    own = {}
    for line in config.getini(OWN_CONTRACTS):
        name, equals, paths = line.partition("=")
        if not (equals and name.strip().isidentifier() and paths.split()):
            raise pytest.UsageError(f"{OWN_CONTRACTS}: {line!r} is not NAME = DOCUMENT COMPONENT...")
        own[name.strip()] = shlex.split(paths)
    return own


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


def _installed() -> dict[str, tuple[str, ...]]:
    """Return the names of the installed contracts and servers.

    Every pytest run waits for this, so the entry points of packages that have none of ours are not even parsed.
    """
    from importlib.metadata import distributions

    packs = [pack for pack in distributions() if "[contractfuzz." in (pack.read_text("entry_points.txt") or "")]
    points = [point for pack in packs for point in pack.entry_points]
    return {group: tuple(sorted({p.name for p in points if p.group == group})) for group in (CONTRACTS, SERVERS)}
