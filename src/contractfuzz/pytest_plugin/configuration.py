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

_CONTRACTS_INI = "contractfuzz_contracts"
_REGRESSIONS_INI = "contractfuzz_regressions"
_LOAD_OPTIONS = ("side=", "dialect=")
_TABLE_NOTE = 'in pyproject.toml, or without "tool.contractfuzz" in contractfuzz.toml'

_CONFIGURATION: pytest.StashKey[Configuration | None] = pytest.StashKey()
"""The configuration of the project; None without one."""


def add_options(parser: pytest.Parser) -> None:
    """Register the command line options, and the ini settings that the configuration replaces."""
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
    # Registered so that they are refused with their new spelling. pytest ignores an ini key that it does not know.
    parser.addini(_REGRESSIONS_INI, "Replaced by regressions in [tool.contractfuzz] of pyproject.toml.")
    parser.addini(
        _CONTRACTS_INI, "Replaced by [tool.contractfuzz.contracts] in pyproject.toml.", type="linelist", default=[]
    )


def store_configuration(config: pytest.Config) -> None:
    """Read the configuration of the project, for ``configuration_of``.

    Raises:
        UsageError: the configuration is wrong, or the ini file has a key that it replaces.

    """
    lines, kept = config.getini(_CONTRACTS_INI), config.getini(_REGRESSIONS_INI)
    if lines:
        raise pytest.UsageError(f"{_CONTRACTS_INI} is no longer read: write {_as_toml(lines[0])} {_TABLE_NOTE}")
    if kept:
        new = f"[tool.contractfuzz] regressions = {_quoted(kept)}"
        raise pytest.UsageError(f"{_REGRESSIONS_INI} is no longer read: write {new} {_TABLE_NOTE}")
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


def _as_toml(line: str) -> str:
    """Return a line ``NAME = DOCUMENT COMPONENT... side=SIDE dialect=DIALECT`` as the configuration spells it."""
    import shlex

    name, _, rest = line.partition("=")
    try:
        words = shlex.split(rest)
    except ValueError:  # a quotation mark that is never closed
        words = rest.split()
    paths = [word for word in words if not word.startswith(_LOAD_OPTIONS)] or ["FILE"]
    options = [word.split("=", 1) for word in words if word.startswith(_LOAD_OPTIONS)]
    value = _quoted(paths[0])
    if options or paths[1:]:
        keys = [f"document = {value}"]
        keys += [f"components = [{', '.join(map(_quoted, paths[1:]))}]"] if paths[1:] else []
        keys += [f"{key} = {_quoted(text)}" for key, text in options]
        value = f"{{ {', '.join(keys)} }}"
    return f"[tool.contractfuzz.contracts] {name.strip()} = {value}"


def _quoted(text: str) -> str:
    # Loaded here, because only a leftover key needs it.
    from contractfuzz.configuration.checking import toml_string

    return toml_string(text)
