"""The command ``contractfuzz init``."""

from __future__ import annotations

import keyword
import os
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contractfuzz.cli.arguments.completion import complete_targets
from contractfuzz.cli.arguments.contracts import find_contract, project_configuration
from contractfuzz.cli.arguments.help_sections import SectionedCommand
from contractfuzz.cli.arguments.options import components_option, contract_option, side_option
from contractfuzz.cli.arguments.streams import open_output_stream, redirect_consumer_output
from contractfuzz.configuration.reading import ContractEntry, short_path
from contractfuzz.configuration.writing import (
    NewConfiguration,
    configuration_name,
    place_configuration,
    write_configuration,
)
from contractfuzz.errors import ContractError
from contractfuzz.files import safe_file_name, write_errors
from contractfuzz.platforms import relative_path, shell_word
from contractfuzz.text import printable

if TYPE_CHECKING:
    from contractfuzz.contract import Contract

TEST_FILE = '''"""Tests of our code with a contract."""

{imports}
{consumer}
{fixture}

def test_it_accepts_every_valid_payload({argument}):
    assert_accepts(consumer, {argument})


def test_it_rejects_every_violation({argument}):
    # List the violations that you accept on purpose: tolerate=["*:type.null"].
    assert_rejects(consumer, {argument}, raises=(ValueError,), tolerate=())


def test_it_survives_everything_else({argument}):
    assert_survives(consumer, {argument})


@pytest.mark.contract_regressions({marked})
def test_it_still_handles_the_cases_that_failed_before(case):
    assert_honours(consumer, case)
'''
IMPORTS = """import pytest
from contractfuzz import assert_accepts, assert_honours, assert_rejects, assert_survives
"""
IMPORTS_OF_A_DOCUMENT = """from pathlib import Path

import pytest
from contractfuzz import Contract, assert_accepts, assert_honours, assert_rejects, assert_survives
"""
IMPORTED_CONSUMER = "from {module} import {name} as consumer"
IMPORTED_OWNER = "from {module} import {name}\n\nconsumer = {path}"
CONSUMER_STUB = """def consumer(payload):
    raise NotImplementedError("call your code here: return if it accepts the payload, raise ValueError if it rejects it")"""
FIXTURE = """

@pytest.fixture
def contract(request):
    return request.getfixturevalue({contract!r})
"""
"""Fixture for a contract whose name cannot be the name of an argument."""
DOCUMENT_FIXTURE = """
CONTRACT = Contract.load({arguments})


@pytest.fixture
def contract():
    return CONTRACT
"""
"""Fixture for a contract that is loaded from a document."""

USED_NAMES = frozenset({"pytest", "consumer", "case", "request"})
"""Names that mean something else in the test file."""


@click.command(cls=SectionedCommand, short_help="Write a configuration and a first test file.")
@click.argument("target", metavar="[PACKAGE.MODULE:CALLABLE]", required=False, shell_complete=complete_targets)
@contract_option
@components_option
@side_option
@click.option("--output", metavar="FILE", help="File to write. Default: tests/test_CONTRACT.py.")
def init(
    target: str | None, contract_name: str | None, components: tuple[str, ...], side: str | None, output: str | None
) -> None:
    """Write a first test file for CALLABLE, and a configuration with the contract and a target.

    An existing file is not changed, except that a pyproject.toml without [tool.contractfuzz] gets this table. Without a
    pyproject.toml, the configuration is in contractfuzz.toml. Without CALLABLE, the test file has a stub to fill in.
    """
    consumer = _consumer(target)
    contract = _find_contract(contract_name, components, side)
    new = None if project_configuration().file else _new_configuration(contract, target)
    name = new.contract if new else _name_of(contract)
    file = Path(output if output is not None else f"tests/test_{safe_file_name(name, 'contract')}.py")
    # A test outside of this folder does not see the configuration.
    if isinstance(contract, str) or (new and Path.cwd() in Path(os.path.abspath(file)).parents):  # noqa: PTH100
        text = _test_file(name, consumer)
    else:
        text = _test_file_of_document(contract, side, consumer, file)
    if os.path.lexists(file):  # never raises, unlike the method of a path
        raise ContractError(f"{file} exists: name another file with --output")
    # Before anything is written, because it refuses a pyproject.toml that is not TOML.
    placed = None if new is None else place_configuration(new, Path.cwd())
    with write_errors(str(file)):
        file.parent.mkdir(parents=True, exist_ok=True)
        # Mode "x" fails if another process wrote the file in the meantime.
        with file.open("x", encoding="utf-8", newline="\n") as new_file:
            new_file.write(text)
    lines = [_write_configuration(placed), f"wrote {file}: run python -m pytest {shell_word(str(file))}"]
    with open_output_stream(None) as out:
        out.write("".join(f"{printable(line)}\n" for line in lines))


def _name_of(contract: Contract | str) -> str:
    return contract if isinstance(contract, str) else contract.name


def _new_configuration(contract: Contract | str, target: str | None) -> NewConfiguration:
    if isinstance(contract, str):
        return NewConfiguration(contract, None, target)
    if contract.loaded_from is None:
        raise ContractError(f"{contract.name} was not loaded from a file: give --contract FILE")
    document, components, component, side, dialect = contract.loaded_from
    file = _relative_path(str(document)) + (f"#{component}" if component is not None else "")
    paths = tuple(_relative_path(str(path)) for path in components)
    name = configuration_name(contract.name)
    return NewConfiguration(
        name, ContractEntry(name, file, paths, side if side != "response" else None, dialect), target
    )


def _relative_path(path: str) -> str:
    return Path(relative_path(path, os.curdir)).as_posix()


def _write_configuration(placed: tuple[Path, bytes] | None) -> str:
    """Write a configuration. Return the line that reports it."""
    if placed is None:
        return f"left {short_path(str(project_configuration().file))} as it is: it has a configuration"
    write_configuration(*placed)
    return f"wrote {placed[0].name}" + (": run contractfuzz check" if b"consumer = " in placed[1] else "")


def _test_file(contract: str, consumer: str) -> str:
    if _can_be_an_argument(contract):
        argument, fixture = contract, ""
    else:
        argument, fixture = "contract", FIXTURE.format(contract=contract)
    return TEST_FILE.format(
        imports=IMPORTS, marked=repr(contract), consumer=consumer, argument=argument, fixture=fixture
    )


def _test_file_of_document(contract: Contract, side: str | None, consumer: str, file: Path) -> str:
    if contract.loaded_from is None:
        raise ContractError(f"{contract.name} was not loaded from a file: give --contract FILE")
    document, components, name, _, dialect = contract.loaded_from
    paths = [_path_from(file, str(path)) for path in components]
    arguments = [
        _path_from(file, str(document)),
        *([f"components=[{', '.join(paths)}]"] if paths else []),
        *([f"name={name!r}"] if name is not None else []),
        *([f"side={side!r}"] if side == "request" else []),
        *([f"dialect={dialect!r}"] if dialect is not None else []),
    ]
    fixture = DOCUMENT_FIXTURE.format(arguments=", ".join(arguments))
    return TEST_FILE.format(
        imports=IMPORTS_OF_A_DOCUMENT, marked="CONTRACT", consumer=consumer, argument="contract", fixture=fixture
    )


def _path_from(file: Path, path: str) -> str:
    """Return an expression for a path, relative to the test file, so that another clone of the project finds it too."""
    # resolve() would follow links, which another clone may not have.
    relative = relative_path(os.path.abspath(path), os.path.abspath(file.parent))  # noqa: PTH100
    return f"Path(__file__).parent / {Path(relative).as_posix()!r}"


def _can_be_an_argument(name: str) -> bool:
    # Python reads a name in its normal form NFKC, but pytest looks for a fixture with the very name.
    return _is_name(name) and name not in USED_NAMES and unicodedata.normalize("NFKC", name) == name


def _is_name(text: str) -> bool:
    return text.isidentifier() and not keyword.iskeyword(text)


def _find_contract(name: str | None, components: tuple[str, ...], side: str | None) -> Contract | str:
    """Return the contract of a document, or the name of a contract that is installed or in the configuration."""
    # Imported here, so that --help loads neither Hypothesis nor jsonschema.
    from contractfuzz.contract import Contract

    contract = find_contract(name, components, side)
    configuration = project_configuration()
    is_declared = (configuration.contract if name is None else name) == contract.name in configuration.contracts
    is_installed = contract.name in Contract.installed() and Contract.named(contract.name) is contract
    return contract.name if is_installed or is_declared else contract


def _consumer(target: str | None) -> str:
    if target is None:
        return CONSUMER_STUB
    # Imported here, because its module imports the modules of consumers.
    from contractfuzz.running.adapters.targets import load_target

    module, colon, path = target.partition(":")
    if not (colon and all(map(_is_name, [*module.split("."), *path.split(".")]))):
        raise ContractError(f"the target {target!r} is not PACKAGE.MODULE:CALLABLE, as in myservice.parsing:read")
    with redirect_consumer_output():
        load_target(target)
    name, dot, _ = path.partition(".")
    return (IMPORTED_OWNER if dot else IMPORTED_CONSUMER).format(module=module, name=name, path=path)
