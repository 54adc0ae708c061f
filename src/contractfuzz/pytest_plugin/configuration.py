"""Configuration of the pytest plugin: its options, and the configuration of the project.

Every pytest run imports this module, so what takes time to import is imported within functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from contractfuzz.configuration.locating import folders_to_read

if TYPE_CHECKING:
    from pathlib import Path

    from contractfuzz.configuration.reading import Configuration

REPORT_OPTION = "--contract-report"
KEEP_OPTION = "--contract-keep"

_CONFIGURATION: pytest.StashKey[Configuration | None] = pytest.StashKey()
"""The configuration of the project; None without one."""


def add_options(parser: pytest.Parser) -> None:
    """Register the command line options."""
    group = parser.getgroup("contractfuzz", "contracts")
    group.addoption(
        REPORT_OPTION,
        metavar="FILE",
        help="Write a report of the contract assertions to FILE, in the format of its suffix: .html, .json, .xml (JUnit), .txt.",
    )
    group.addoption(
        KEEP_OPTION,
        choices=("auto", "yes", "no"),
        default="auto",
        help="Keep failing cases as files; later runs feed them first. auto (default): unless the variable CI is set.",
    )


def store_configuration(config: pytest.Config) -> None:
    """Read the configuration of the project, for ``configuration_of``.

    Raises:
        UsageError: the configuration is wrong.

    """
    folder = config.invocation_params.dir
    start = folder if config.rootpath in folder.parents else config.rootpath
    # Without an ini file, the root is above the project if pytest runs above it.
    tests = folder / config.args[0].partition("::")[0] if config.args else start
    config.stash[_CONFIGURATION] = _find_configuration(start) or _find_configuration(tests)


def configuration_of(config: pytest.Config) -> Configuration:
    """Return the configuration of the project; an empty one without a file."""
    from contractfuzz.configuration.reading import Configuration

    return config.stash[_CONFIGURATION] or Configuration()


def has_configuration(config: pytest.Config) -> bool:
    """Return True if the project has a configuration. Most have none, so this loads nothing."""
    return config.stash[_CONFIGURATION] is not None


def _find_configuration(start: Path) -> Configuration | None:
    if not any(folders_to_read(start)):
        return None
    from contractfuzz.configuration.reading import find_configuration
    from contractfuzz.errors import ContractError

    try:
        configuration = find_configuration(start)
    except ContractError as error:
        raise pytest.UsageError(str(error)) from None
    return configuration if configuration.file else None
