"""The command ``contractfuzz init``."""

from __future__ import annotations

import keyword
import unicodedata
from pathlib import Path

import click

from contractfuzz.cli.streams import open_output_stream
from contractfuzz.errors import ContractError, unknown
from contractfuzz.files import safe_file_name, write_errors
from contractfuzz.text import printable

TEST_FILE = '''"""Tests of our code with a contract."""

import pytest
from contractfuzz import assert_accepts, assert_honours, assert_rejects, assert_survives

{consumer}
{fixture}

def test_it_accepts_every_valid_payload({argument}):
    assert_accepts(consumer, {argument})


def test_it_rejects_every_violation({argument}):
    # List the violations that you accept on purpose: tolerate=["*:type.null"].
    assert_rejects(consumer, {argument}, raises=(ValueError,), tolerate=())


def test_it_survives_everything_else({argument}):
    assert_survives(consumer, {argument})


@pytest.mark.contract_regressions({contract!r})
def test_it_still_handles_the_cases_that_failed_before(case):
    assert_honours(consumer, case)
'''
IMPORTED_CONSUMER = "from {module} import {name} as consumer"
CONSUMER_STUB = """def consumer(payload):
    raise NotImplementedError("call your code here: return if it accepts the payload, raise ValueError if it rejects it")"""
FIXTURE = """

@pytest.fixture
def contract(request):
    return request.getfixturevalue({contract!r})
"""
"""Fixture for a contract whose name cannot be the name of an argument."""

USED_NAMES = frozenset({"pytest", "consumer", "case", "request"})
"""Names that mean something else in the test file."""


@click.command()
@click.argument("target", metavar="[PACKAGE.MODULE:CALLABLE]", required=False)
@click.option(
    "--contract",
    "contract_name",
    metavar="NAME",
    help="Name of an installed contract. Default: the only installed one.",
)
@click.option("--output", metavar="FILE", help="File to write. Default: tests/test_CONTRACT.py.")
def init(target: str | None, contract_name: str | None, output: str | None) -> None:
    """Write a first test file for CALLABLE. An existing file is not changed.

    Without CALLABLE, the file has a stub to fill in.
    """
    contract = _contract_name(contract_name)
    file = Path(output or f"tests/test_{safe_file_name(contract, 'contract')}.py")
    text = _test_file(contract, _consumer(target))
    if file.exists():
        raise ContractError(f"{file} exists: name another file with --output")
    with write_errors(str(file)):
        file.parent.mkdir(parents=True, exist_ok=True)
        # Mode "x" fails if another process wrote the file in the meantime.
        with file.open("x", encoding="utf-8") as new:
            new.write(text)
    with open_output_stream(None) as out:
        out.write(printable(f"wrote {file}: run python -m pytest {file}") + "\n")


def _test_file(contract: str, consumer: str) -> str:
    if _can_be_an_argument(contract):
        return TEST_FILE.format(contract=contract, consumer=consumer, argument=contract, fixture="")
    fixture = FIXTURE.format(contract=contract)
    return TEST_FILE.format(contract=contract, consumer=consumer, argument="contract", fixture=fixture)


def _can_be_an_argument(name: str) -> bool:
    # Python reads a name in its normal form NFKC, but pytest looks for a fixture with the very name.
    return _is_name(name) and name not in USED_NAMES and unicodedata.normalize("NFKC", name) == name


def _is_name(text: str) -> bool:
    return text.isidentifier() and not keyword.iskeyword(text)


def _contract_name(name: str | None) -> str:
    # Imported here, so that --help loads neither Hypothesis nor jsonschema.
    from contractfuzz.contract import Contract

    installed = Contract.installed()
    if name is None and len(installed) == 1:
        return installed[0]
    if name is None:
        names = ", ".join(installed) or "none"
        raise ContractError(f"name a contract with --contract; installed contracts: {names}")
    if name not in installed and not name.isidentifier():
        raise unknown("contract", name, installed)
    # A contract that is not installed may be configured in the project.
    return name


def _consumer(target: str | None) -> str:
    if target is None:
        return CONSUMER_STUB
    module, colon, name = target.partition(":")
    if not (colon and _is_name(name) and all(map(_is_name, module.split(".")))):
        raise ContractError(f"the target {target!r} is not PACKAGE.MODULE:CALLABLE, as in myservice.parsing:read")
    return IMPORTED_CONSUMER.format(module=module, name=name)
