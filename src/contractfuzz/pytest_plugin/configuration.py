"""Configuration of the pytest plugin: its options, its ini settings and the contracts that a project declares.

Every pytest run imports this module, so it imports nothing but pytest and the standard library.
"""

from __future__ import annotations

import shlex
from typing import NamedTuple

import pytest

REPORT_OPTION = "--contract-report"
KEEP_OPTION = "--contract-keep"
REGRESSIONS_INI = "contractfuzz_regressions"
CONTRACTS_INI = "contractfuzz_contracts"

_LINE = "NAME = DOCUMENT COMPONENT... side=SIDE dialect=DIALECT"
_LOAD_OPTIONS = ("side=", "dialect=")


class ProjectContract(NamedTuple):
    """A contract that the ini file declares.

    Attributes:
        paths: the paths of the document and its components, relative to the root folder.
        side, dialect: the arguments of ``Contract.load``.

    """

    paths: list[str]
    side: str = "response"
    dialect: str | None = None


PROJECT_CONTRACTS: pytest.StashKey[dict[str, ProjectContract]] = pytest.StashKey()
"""Contracts of the project by name."""


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
        f"Contracts of this project, one per line: {_LINE}. Each contract becomes the fixture NAME.",
        type="linelist",
        default=[],
    )


def read_project_contracts(config: pytest.Config) -> dict[str, ProjectContract]:
    """Return the contracts that the ini file declares, as ``PROJECT_CONTRACTS`` stores them.

    Raises:
        UsageError: a line is not ``NAME = DOCUMENT COMPONENT... side=SIDE dialect=DIALECT``.

    """
    contracts = {}
    for line in config.getini(CONTRACTS_INI):
        name, _, rest = line.partition("=")
        try:
            words = shlex.split(rest)
        except ValueError:  # a quotation mark that is never closed
            words = []
        paths = [word for word in words if not word.startswith(_LOAD_OPTIONS)]
        if not (name.strip().isidentifier() and paths):
            raise pytest.UsageError(f"{CONTRACTS_INI}: {line!r} is not {_LINE}")
        options = dict(word.split("=", 1) for word in words if word.startswith(_LOAD_OPTIONS))
        contracts[name.strip()] = ProjectContract(paths, **options)
    return contracts
