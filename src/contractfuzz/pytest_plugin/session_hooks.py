"""What the plugin does where there are tests: it makes the cases of its markers, and tells what the assertions found."""

from __future__ import annotations

import os
from typing import Any

import pytest

from contractfuzz.pytest_plugin.plugin import KEEP, REGRESSIONS, REPORT
from contractfuzz.testing.session import FOLDER, Session, begin

SESSION: pytest.StashKey[Session] = pytest.StashKey()
BEFORE: pytest.StashKey[Session | None] = pytest.StashKey()


def pytest_configure(config: pytest.Config) -> None:
    keep = config.getoption(KEEP)
    config.stash[SESSION] = Session(
        config.rootpath / (config.getini(REGRESSIONS) or FOLDER),
        keeps=keep == "yes" or (keep == "auto" and not os.environ.get("CI")),
    )
    config.stash[BEFORE] = begin(config.stash[SESSION])


def pytest_unconfigure(config: pytest.Config) -> None:
    begin(config.stash[BEFORE])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if any(metafunc.definition.get_closest_marker(name) for name in ("contract_cases", "contract_regressions")):
        from contractfuzz.pytest_plugin.markers import parametrize

        parametrize(metafunc, metafunc.config.stash[SESSION].folder)


def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if hasattr(config, "workeroutput") and config.stash[SESSION].has_news:
        # A worker of pytest-xdist: what it has to tell goes to the process that started it.
        from contractfuzz.testing.session_summary import as_json

        config.workeroutput["contractfuzz"] = as_json(config.stash[SESSION])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    told = getattr(node, "workeroutput", {}).get("contractfuzz")
    if told is not None:
        from contractfuzz.testing.session_summary import add_json

        add_json(node.config.stash[SESSION], told)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    file = config.getoption(REPORT)
    if not (config.stash[SESSION].has_news or file):
        return
    from contractfuzz.testing.session_summary import lines, write_report

    terminalreporter.section("contracts")
    for line in lines(config.stash[SESSION]):
        terminalreporter.write_line(line)
    if file:
        terminalreporter.write_line(write_report(config.stash[SESSION], file))
