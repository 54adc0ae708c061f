"""The contract that the command line names, and the configuration of the project."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING

from contractfuzz.cli.arguments.streams import print_error
from contractfuzz.configuration.reading import Configuration, find_configuration, short_path
from contractfuzz.errors import ContractError, unknown
from contractfuzz.platforms import is_path

if TYPE_CHECKING:
    from contractfuzz.contract import Contract


@functools.cache
def project_configuration() -> Configuration:
    """Return the configuration that holds for the current folder.

    Raises:
        ContractError: the configuration is wrong.

    """
    try:
        folder = Path.cwd()
    except OSError:  # the folder is deleted
        return Configuration()
    configuration = find_configuration(folder)
    if configuration.note:
        print_error(configuration.note)
    return configuration


def short_contract(contract: str) -> str:
    """Return a contract of the configuration with a short path, if it is a path."""
    return short_path(contract) if Path(contract).is_absolute() else contract


def find_contract(
    name: str | None,
    components: tuple[str, ...] = (),
    side: str | None = None,
    dialect: str | None = None,
    values_file: str | None = None,
) -> Contract:
    """Return the contract that ``--contract`` and ``--components`` name, with the values of ``--values``.

    Args:
        name: the name of a contract of the configuration or of an installed one, the path of a document, ``PATH#COMPONENT`` for
            an OpenAPI file, ``GET /orders 200`` for the API of the configuration, or None for the default contract of the
            configuration or the only installed one.
        components: files or folders that ``$ref``s of the document point to.
        side: the side of a document that is loaded, see ``Contract.load``; None for the default.
        dialect: the dialect of a document that is loaded; None to detect it.
        values_file: the file of the user's own values; None for none.

    Raises:
        ContractError: the contract does not exist, the name is missing and the number of installed contracts is not one, or the
            values cannot be used.

    """
    return with_values(_find_plain_contract(name, components, side, dialect), values_file)


def with_values(contract: Contract, values_file: str | None) -> Contract:
    """Return a contract with the values of ``--values``; the contract itself without a file."""
    if values_file is None:
        return contract
    # Imported here, so that --help loads no readers of documents.
    from contractfuzz.documents.reading import read

    return contract.with_values(read(values_file).content)


def _find_plain_contract(
    name: str | None, components: tuple[str, ...], side: str | None, dialect: str | None
) -> Contract:
    # Imported here, so that --help loads neither Hypothesis nor jsonschema.
    from contractfuzz.configuration.contracts import load_entry, split_component
    from contractfuzz.contract import Contract

    configuration = project_configuration()
    if name is None:
        name = _default_contract(configuration, Contract.installed())
    is_file = os.path.exists(name)  # noqa: PTH110 - never raises
    if name in configuration.contracts and not is_file:
        return load_entry(configuration.contracts[name], components, side, dialect)
    if name in Contract.installed() and not is_file:
        return Contract.named(name)
    file, component = split_component(name)
    if configuration.api is not None and component is None and " " in name and not is_file:
        file, component = short_path(configuration.api), name
    if component is not None or components or is_path(name) or is_file:
        return Contract.load(file, components, component, side=side or "response", dialect=dialect)
    raise unknown("contract", name, sorted({*configuration.contracts, *Contract.installed()}))


def _default_contract(configuration: Configuration, installed: tuple[str, ...]) -> str:
    if configuration.contract is not None:
        return short_contract(configuration.contract)
    if len(installed) == 1:
        return installed[0]
    names = ", ".join(installed) or "none"
    raise ContractError(f"name a contract with --contract, or a document; installed contracts: {names}")


def has_default_contract() -> bool:
    """Return True if the configuration names a default contract, or exactly one contract is installed."""
    # Imported here, so that --help loads neither Hypothesis nor jsonschema.
    from contractfuzz.contract import Contract

    return project_configuration().contract is not None or len(Contract.installed()) == 1


def print_unread_patterns(contract: Contract) -> None:
    """Print a note to standard error for each pattern of a contract that no engine reads."""
    # Imported here, so that --help does not load the keywords.
    from contractfuzz.documents.unread_patterns import unread_notes

    for note in unread_notes(contract.schema):
        print_error(note)
