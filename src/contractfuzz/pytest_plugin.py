"""The pytest plugin: a fixture for each installed contract and server, and a marker that runs a test once for each case.

Every pytest run loads this module, so it loads nothing that a project without contracts would have to wait for.
"""

from __future__ import annotations

import os
import shlex
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from contractfuzz.consumers.session import FOLDER, Session, begin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from contractfuzz.contract import Contract
    from contractfuzz.server import MockServer

CASES = (
    "contract_cases(contract, kind='invalid', *, only=None, profile='broad', n=None, seed=0): "
    "run the test once for each case of a contract, with the argument `case`: each violation, malformation or rule "
    "in its smallest payload, or n cases (of kind 'valid', 20 by default)."
)
REGRESSIONS = (
    "contract_regressions(contract): run the test once for each kept case of a contract, with the argument `case`."
)
FIXTURES = "contractfuzz-fixtures"


CONTRACTS, SERVERS = "contractfuzz.contracts", "contractfuzz.servers"

INSTALLED = pytest.StashKey["dict[str, tuple[str, ...]]"]()
OWN = pytest.StashKey["dict[str, list[str]]"]()
SESSION = pytest.StashKey[Session]()
BEFORE = pytest.StashKey["Session | None"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contractfuzz", "contracts")
    group.addoption(
        "--contract-report",
        metavar="FILE",
        help="Write what the contract assertions found into FILE, as its suffix says: .html, .json, .xml (JUnit) or .txt.",
    )
    group.addoption(
        "--contract-keep",
        choices=("auto", "yes", "no"),
        default="auto",
        help="Keep failing cases as files, to be fed first from then on. auto: unless the environment variable CI is set.",
    )
    parser.addini("contractfuzz_regressions", "Folder in which failing cases are kept.", default=FOLDER)
    parser.addini(
        "contractfuzz_contracts",
        "Contracts of your own, one on each line: NAME = DOCUMENT COMPONENT... Each becomes the fixture NAME.",
        type="linelist",
        default=[],
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", CASES)
    config.addinivalue_line("markers", REGRESSIONS)
    config.stash[OWN] = _own_contracts(config)
    keep = config.getoption("--contract-keep")
    config.stash[SESSION] = Session(
        config.rootpath / config.getini("contractfuzz_regressions"),
        keeps=keep == "yes" or (keep == "auto" and not os.environ.get("CI")),
    )
    config.stash[BEFORE] = begin(config.stash[SESSION])
    if report := config.getoption("--contract-report"):
        from contractfuzz.consumers.reports import form_of
        from contractfuzz.errors import ContractError

        try:
            form_of(report)
        except ContractError as error:
            raise pytest.UsageError(f"--contract-report: {error}") from None


def pytest_unconfigure(config: pytest.Config) -> None:
    if BEFORE in config.stash:
        begin(config.stash[BEFORE])


def pytest_report_header(config: pytest.Config) -> str:
    from contractfuzz import __version__

    names = ", ".join([*config.stash[INSTALLED][CONTRACTS], *config.stash[OWN]])
    return f"contractfuzz: {__version__}, contracts: {names or 'none'}"


def pytest_sessionstart(session: pytest.Session) -> None:
    # Before any conftest.py is collected, so that a project's own fixtures go before these.
    fixtures = ModuleType(FIXTURES)
    installed = session.config.stash[INSTALLED] = _installed()
    names = [*installed[CONTRACTS], *session.config.stash[OWN]]
    vars(fixtures).update({name: _fixture(name, session.config) for name in names})
    for name in installed[SERVERS]:
        vars(fixtures).update(_server_fixtures(name))
    session.config.pluginmanager.register(fixtures, FIXTURES)


def _fixture(name: str, config: pytest.Config) -> Any:
    def contract() -> Contract:
        from contractfuzz.errors import ContractError
        from contractfuzz.pytest_cases import find_contract

        try:
            return find_contract(name, config.stash[OWN], config.rootpath)
        except ContractError as error:
            pytest.fail(str(error), pytrace=False)

    contract.__doc__ = f"The contract {name}, a contractfuzz.Contract."
    return pytest.fixture(scope="session", name=name)(contract)


def _own_contracts(config: pytest.Config) -> dict[str, list[str]]:
    """Return the document and the components of each contract that the project's configuration names."""
    own = {}
    for line in config.getini("contractfuzz_contracts"):
        name, equals, paths = line.partition("=")
        if not (equals and name.strip().isidentifier() and paths.split()):
            raise pytest.UsageError(f"contractfuzz_contracts: {line!r} is not NAME = DOCUMENT COMPONENT...")
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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if any(metafunc.definition.get_closest_marker(name) for name in ("contract_cases", "contract_regressions")):
        from contractfuzz.pytest_cases import parametrize

        parametrize(metafunc)


def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if hasattr(config, "workeroutput") and config.stash[SESSION].has_news:
        # A worker of pytest-xdist: what it has to tell goes to the process that started it.
        from contractfuzz.consumers.telling import as_json

        config.workeroutput["contractfuzz"] = as_json(config.stash[SESSION])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    told = getattr(node, "workeroutput", {}).get("contractfuzz")
    if told is not None:
        from contractfuzz.consumers.telling import add_json

        add_json(node.config.stash[SESSION], told)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    file = config.getoption("--contract-report")
    if not (config.stash[SESSION].has_news or file):
        return
    from contractfuzz.consumers.telling import lines, write_report

    terminalreporter.section("contracts")
    for line in lines(config.stash[SESSION]):
        terminalreporter.write_line(line)
    if file:
        terminalreporter.write_line(write_report(config.stash[SESSION], file))


def _installed() -> dict[str, tuple[str, ...]]:
    """Return the names of the installed contracts and servers.

    Every pytest run waits for this, so the entry points of packages that have none of ours are not even parsed.
    """
    from importlib.metadata import distributions

    packs = [pack for pack in distributions() if "[contractfuzz." in (pack.read_text("entry_points.txt") or "")]
    points = [point for pack in packs for point in pack.entry_points]
    return {group: tuple(sorted({p.name for p in points if p.group == group})) for group in (CONTRACTS, SERVERS)}
