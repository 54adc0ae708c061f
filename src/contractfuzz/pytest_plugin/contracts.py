"""Look-up of the contracts that tests name.

Imported when a fixture or a marker first needs a contract: a run without contracts does not load the contract engine.
"""

from __future__ import annotations

import pytest

from contractfuzz.configuration.contracts import load_entry
from contractfuzz.contract import Contract
from contractfuzz.errors import unknown
from contractfuzz.pytest_plugin.configuration import configuration_of


def find_contract(contract: object, config: pytest.Config) -> Contract:
    """Return a contract by name.

    Args:
        contract: the name of a contract that the configuration declares or a package provides; or a ``Contract``, which is
            returned unchanged.
        config: the configuration of the pytest run.

    Raises:
        ContractError: the contract cannot be found or loaded.
        TypeError: ``contract`` is neither a contract nor a name.

    """
    if isinstance(contract, Contract):
        return contract
    if not isinstance(contract, str):
        raise TypeError(f"{contract!r} is neither a Contract nor the name of one")
    entries = configuration_of(config).contracts
    if contract in entries:
        return load_entry(entries[contract])
    if contract in Contract.installed():
        return Contract.named(contract)
    raise unknown("contract", contract, sorted({*entries, *Contract.installed()}))
