"""Entry point of the pytest plugin: options, markers and fixtures.

Every pytest run imports this module, so everything that takes time to import is imported within functions. The hooks for runs
with tests are in ``session_hooks``, which is loaded when pytest collects the first test file.
"""

from __future__ import annotations

from typing import Any

import pytest

from contractfuzz.pytest_plugin.configuration import (
    REPORT_OPTION,
    add_options,
    configuration_of,
    has_configuration,
    store_configuration,
)
from contractfuzz.pytest_plugin.fixtures import register_fixtures

CASES_MARKER = (
    "contract_cases(contract, kind='invalid', *, only=None, profile='broad', n=None, seed=0): "
    "run the test once for each case of a contract, with the argument `case`. By default these are all violations "
    "(or malformations, or rules), each in its smallest payload, or 20 cases of the kinds 'valid' and 'hostile'."
)
REGRESSIONS_MARKER = (
    "contract_regressions(contract, *, consumer=None): run the test once for each kept case of a contract, with the argument "
    "`case`. `consumer` is the function that the test feeds, or its name `module:function`, to get only its kept cases."
)
API_MARKER = (
    "contract_api(document): the OpenAPI file of the fixture `contract_api`, relative to the root folder of the tests; "
    "by default that of the configuration."
)
BASELINE_OPTION = "--contract-baseline"
UPDATE_BASELINE_OPTION = "--contract-update-baseline"


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
    config.addinivalue_line("markers", API_MARKER)
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
    register_fixtures(session.config)
