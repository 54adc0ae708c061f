"""The command ``contractfuzz init``."""

from __future__ import annotations

from pathlib import Path

import click

from contractfuzz.cli.streams import open_output_stream
from contractfuzz.errors import ContractError, unknown
from contractfuzz.files import write_errors

TEST_FILE = '''"""Tests of our code with the contract {contract}."""

import pytest
from contractfuzz import assert_accepts, assert_honours, assert_rejects, assert_survives

{consumer}


def test_it_accepts_every_valid_payload({contract}):
    assert_accepts(consumer, {contract})


def test_it_rejects_every_violation({contract}):
    # List the violations that you accept on purpose: tolerate=["*:type.null"].
    assert_rejects(consumer, {contract}, raises=(ValueError,), tolerate=())


def test_it_survives_everything_else({contract}):
    assert_survives(consumer, {contract})


@pytest.mark.contract_regressions("{contract}")
def test_it_still_handles_the_cases_that_failed_before(case):
    assert_honours(consumer, case)
'''
IMPORTED_CONSUMER = "from {module} import {name} as consumer"
CONSUMER_STUB = """def consumer(payload):
    raise NotImplementedError("call your code here: return if it accepts the payload, raise ValueError if it rejects it")"""


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
    file = Path(output or f"tests/test_{contract}.py")
    text = TEST_FILE.format(contract=contract, consumer=_consumer(target))
    if file.exists():
        raise ContractError(f"{file} exists: name another file with --output")
    with write_errors(str(file)):
        file.parent.mkdir(parents=True, exist_ok=True)
        # Mode "x" fails if another process wrote the file in the meantime.
        with file.open("x", encoding="utf-8") as new:
            new.write(text)
    with open_output_stream(None) as out:
        out.write(f"wrote {file}: run python -m pytest {file}\n")


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
    if not (colon and name.isidentifier() and all(part.isidentifier() for part in module.split("."))):
        raise ContractError(f"the target {target!r} is not PACKAGE.MODULE:CALLABLE, as in myservice.parsing:read")
    return IMPORTED_CONSUMER.format(module=module, name=name)
