"""The command ``contractfuzz init``."""

from __future__ import annotations

from pathlib import Path

import click

from contractfuzz.cli.streams import open_output_stream
from contractfuzz.errors import ContractError
from contractfuzz.files import write_errors

TEST_FILE = '''"""Does our code honour the contract {contract}?"""

import pytest
from contractfuzz import assert_accepts, assert_honours, assert_rejects, assert_survives

{consumer}


def test_every_valid_payload_is_accepted({contract}):
    assert_accepts(consumer, {contract})


def test_every_violation_is_rejected({contract}):
    # What you accept on purpose you write down: tolerate=["*:type.null"].
    assert_rejects(consumer, {contract}, raises=(ValueError,), tolerate=())


def test_nothing_worse_than_a_rejection_happens({contract}):
    assert_survives(consumer, {contract})


@pytest.mark.contract_regressions("{contract}")
def test_what_once_failed(case):
    assert_honours(consumer, case)
'''
GIVEN = "from {module} import {name} as consumer"
MISSING = """def consumer(payload):
    raise NotImplementedError("call your code here: return if it accepts the payload, raise ValueError if it does not")"""


@click.command()
@click.argument("target", metavar="[PACKAGE.MODULE:CALLABLE]", required=False)
@click.option("--contract", "contract_name", metavar="NAME", help="An installed contract. Default: the only one.")
@click.option("--output", metavar="FILE", help="The file to write. Default: tests/test_CONTRACT.py.")
def init(target: str | None, contract_name: str | None, output: str | None) -> None:
    """Write a first test file for CALLABLE into a project, never over one that exists."""
    contract = _installed(contract_name)
    file = Path(output or f"tests/test_{contract}.py")
    text = TEST_FILE.format(contract=contract, consumer=_consumer(target))
    if file.exists():
        raise ContractError(f"{file} exists: name another file with --output")
    with write_errors(str(file)):
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as new:  # never over one that exists, whenever it came
            new.write(text)
    with open_output_stream(None) as out:
        out.write(f"{file} is written: run python -m pytest {file}\n")


def _installed(name: str | None) -> str:
    from contractfuzz.contract import Contract
    from contractfuzz.errors import unknown

    installed = Contract.installed()
    if name is None and len(installed) == 1:
        return installed[0]
    if name is None:
        raise ContractError(f"name a contract with --contract NAME; installed are: {', '.join(installed) or 'none'}")
    if name not in installed and not name.isidentifier():
        raise unknown("contract", name, installed)
    # One that is not installed may be named in the project's own configuration.
    return name


def _consumer(target: str | None) -> str:
    if target is None:
        return MISSING
    module, colon, name = target.partition(":")
    if not (colon and name.isidentifier() and all(part.isidentifier() for part in module.split("."))):
        raise ContractError(f"the target {target!r} is not PACKAGE.MODULE:CALLABLE, as in myservice.parsing:read")
    return GIVEN.format(module=module, name=name)
