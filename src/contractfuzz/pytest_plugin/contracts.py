"""Look-up of the contracts that tests name.

Imported when a fixture or a marker first needs a contract: a run without contracts does not load the contract engine.
"""

from __future__ import annotations

import pytest

from contractfuzz.contract import Contract
from contractfuzz.pytest_plugin.configuration import PROJECT_CONTRACTS


def find_contract(contract: object, config: pytest.Config) -> Contract:
    """Return a contract by name.

    Args:
        contract: the name of a contract that the project declares or a package provides; or a ``Contract``, which is returned
            unchanged.
        config: the configuration of the pytest run.

    Raises:
        ContractError: the contract cannot be found or loaded.
        TypeError: ``contract`` is neither a contract nor a name.

    """
    if isinstance(contract, Contract):
        return contract
    if not isinstance(contract, str):
        raise TypeError(f"{contract!r} is neither a Contract nor the name of one")
    project_contracts = config.stash[PROJECT_CONTRACTS]
    if contract not in project_contracts:
        return Contract.named(contract)
    declared = project_contracts[contract]
    document, *components = (config.rootpath / path for path in declared.paths)
    return Contract.load(document, components, contract, side=declared.side, dialect=declared.dialect)
