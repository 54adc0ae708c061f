"""Hooks for runs that have tests: parametrize tests by their markers, and report what the assertions found."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any
from unittest import TestCase

import pytest

from contractfuzz.pytest_plugin.configuration import KEEP_OPTION, REPORT_OPTION, configuration_of
from contractfuzz.pytest_plugin.plugin import BASELINE_OPTION, UPDATE_BASELINE_OPTION
from contractfuzz.testing.session import KEPT_CASES_FOLDER, Session, set_active_session

if TYPE_CHECKING:
    from contractfuzz.testing.baseline import Baseline

SESSION: pytest.StashKey[Session] = pytest.StashKey()
PREVIOUS_SESSION: pytest.StashKey[Session | None] = pytest.StashKey()
WORKER_OUTPUT_KEY = "contractfuzz"
STATISTICS_OPTION = "--hypothesis-show-statistics"
"""Option of Hypothesis' plugin, which has statistics of tests with ``@given`` only."""

MARKERS = ("contract_cases", "contract_regressions")
VALIDATING_METHODS = frozenset({"is_valid", "errors"})
"""Methods of a contract that load jsonschema."""

MAX_FUNCTIONS_OF_TEST = 100
"""Number of functions that are searched for these methods at most."""


def pytest_configure(config: pytest.Config) -> None:
    keep = config.getoption(KEEP_OPTION)
    config.stash[SESSION] = Session(
        configuration_of(config).regressions or config.rootpath / KEPT_CASES_FOLDER,
        keeps_cases=keep == "yes" or (keep == "auto" and not os.environ.get("CI")),
        baseline=_read_baseline(config),
        updates_baseline=config.getoption(UPDATE_BASELINE_OPTION),
        shows_statistics=config.getoption(STATISTICS_OPTION, False),
    )
    config.stash[PREVIOUS_SESSION] = set_active_session(config.stash[SESSION])


def _read_baseline(config: pytest.Config) -> Baseline | None:
    file = config.getoption(BASELINE_OPTION)
    if file is None:
        return None
    # Imported here, because most runs have no baseline.
    from contractfuzz.errors import ContractError
    from contractfuzz.testing.baseline import read_baseline

    try:
        is_update = config.getoption(UPDATE_BASELINE_OPTION)
        return read_baseline(file, create=UPDATE_BASELINE_OPTION, may_be_missing=is_update)
    except ContractError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_unconfigure(config: pytest.Config) -> None:
    set_active_session(config.stash[PREVIOUS_SESSION])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if any(metafunc.definition.get_closest_marker(name) for name in MARKERS):
        # Imported here because it loads the contract engine, which tests without these markers do not need.
        from contractfuzz.pytest_plugin.markers import parametrize

        parametrize(metafunc, metafunc.config.stash[SESSION])


@pytest.hookimpl(tryfirst=True, specname="pytest_runtest_setup")
def pytest_runtest_setup_of_test_case(item: pytest.Item) -> None:
    """Fail a method of a ``unittest.TestCase`` with a marker, because pytest passes no arguments to it."""
    marker = next((name for name in MARKERS if item.get_closest_marker(name)), None)
    test_class = getattr(item, "cls", None)
    if marker is not None and isinstance(test_class, type) and issubclass(test_class, TestCase):
        pytest.fail(
            f"{marker} cannot pass cases to a method of a unittest.TestCase: use a function, or a class without this base",
            pytrace=False,
        )


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Load jsonschema before a test that validates in ``@given``: Hypothesis counts the first example against its deadline."""
    given = getattr(getattr(item, "obj", None), "hypothesis", None)
    # By now the fixtures have made their contracts. Without a contract, nothing is validated.
    if given is None or "contractfuzz.contract" not in sys.modules or "contractfuzz.oracle" in sys.modules:
        return
    if _validates(given.inner_test):
        import contractfuzz.oracle  # noqa: F401


def _validates(test: Any) -> bool:
    """Return True if a test, or a function that it calls by name, uses one of ``VALIDATING_METHODS``."""
    waiting: deque[Any] = deque([getattr(test, "__func__", test)])
    seen: set[FunctionType] = set()
    while waiting and len(seen) < MAX_FUNCTIONS_OF_TEST:
        function = waiting.popleft()
        if not isinstance(function, FunctionType) or function in seen:
            continue
        seen.add(function)
        names = list(_names_in(function.__code__))
        if not VALIDATING_METHODS.isdisjoint(names):
            return True
        waiting.extend(function.__globals__[name] for name in names if name in function.__globals__)
    return False


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names_in(constant)


def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if config.getoption(UPDATE_BASELINE_OPTION) and not hasattr(config, "workeroutput"):
        _update_baseline(session)
    if hasattr(config, "workeroutput") and config.stash[SESSION].has_results:
        # Imported here because it loads the reports, which a run without results does not need.
        from contractfuzz.testing.session_summary import session_as_json

        # A worker of pytest-xdist sends its results to the main process.
        config.workeroutput[WORKER_OUTPUT_KEY] = session_as_json(config.stash[SESSION])


def _update_baseline(session: pytest.Session) -> None:
    from contractfuzz.errors import ContractError
    from contractfuzz.testing.session_summary import update_baseline

    contracts = session.config.stash[SESSION]
    try:
        if session.exitstatus in (pytest.ExitCode.INTERRUPTED, pytest.ExitCode.INTERNAL_ERROR):
            contracts.notes.append("the baseline was not updated, because the run was interrupted")
        else:
            update_baseline(contracts)
    except ContractError as error:
        contracts.notes.append(str(error))
        session.exitstatus = pytest.ExitCode.USAGE_ERROR


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    results = getattr(node, "workeroutput", {}).get(WORKER_OUTPUT_KEY)
    if results is not None:
        from contractfuzz.testing.session_summary import add_session_json

        add_session_json(node.config.stash[SESSION], results)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    file = config.getoption(REPORT_OPTION)
    if not (config.stash[SESSION].has_results or file):
        return
    from contractfuzz.testing.session_summary import summary_lines, write_report
    from contractfuzz.text import printable

    terminalreporter.section("contracts")
    for line in summary_lines(config.stash[SESSION]):
        terminalreporter.write_line(line)
    for paragraph in config.stash[SESSION].statistics:
        terminalreporter.write_line(f"\n{printable(paragraph, keep=chr(10))}")
    if file:
        terminalreporter.write_line(printable(write_report(config.stash[SESSION], file)))
