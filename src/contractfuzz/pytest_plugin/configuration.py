"""Configuration of the pytest plugin: its options, its ini settings and the contracts that a project declares.

Every pytest run imports this module, so it imports nothing but pytest and the standard library.
"""

from __future__ import annotations

import shlex

import pytest

REPORT_OPTION = "--contract-report"
KEEP_OPTION = "--contract-keep"
REGRESSIONS_INI = "contractfuzz_regressions"
CONTRACTS_INI = "contractfuzz_contracts"

PROJECT_CONTRACTS: pytest.StashKey[dict[str, list[str]]] = pytest.StashKey()
"""Contracts of the project: by name, the paths of the document and its components, relative to the root folder."""


def add_options(parser: pytest.Parser) -> None:
    """Register the command line options and the ini settings."""
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
    parser.addini(REGRESSIONS_INI, "Folder of the kept failing cases. Default: tests/contract_regressions.")
    parser.addini(
        CONTRACTS_INI,
        "Contracts of this project, one per line: NAME = DOCUMENT COMPONENT... Each contract becomes the fixture NAME.",
        type="linelist",
        default=[],
    )


def read_project_contracts(config: pytest.Config) -> dict[str, list[str]]:
    """Return the contracts that the ini file declares, as ``PROJECT_CONTRACTS`` stores them.

    Raises:
        UsageError: a line is not ``NAME = DOCUMENT COMPONENT...``.

    """
    contracts = {}
    for line in config.getini(CONTRACTS_INI):
        name, equals, paths = line.partition("=")
        if not (equals and name.strip().isidentifier() and paths.split()):
            raise pytest.UsageError(f"{CONTRACTS_INI}: {line!r} is not NAME = DOCUMENT COMPONENT...")
        contracts[name.strip()] = shlex.split(paths)
    return contracts
