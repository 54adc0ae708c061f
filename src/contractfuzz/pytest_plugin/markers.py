"""Markers: parametrize a test by the cases of a contract.

Imported when a test first uses a marker, because most runs load the plugin without using one.
"""

from __future__ import annotations

from functools import partial
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import ABSENT
from contractfuzz.pytest_plugin.contracts import find_contract
from contractfuzz.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contractfuzz.contract import Contract
    from contractfuzz.payloads.cases.case import Kind

UNLABELLED_CASES = 20
"""Default number of cases of a kind without labels."""


def parametrize(metafunc: pytest.Metafunc, kept_cases_folder: Path) -> None:
    """Run a test once for each case that its markers ask for, with the argument ``case``.

    Args:
        metafunc: the test.
        kept_cases_folder: the folder of the kept cases, for the marker ``contract_regressions``.

    """
    kept_parameters = partial(_kept_case_parameters, kept_cases_folder)
    for name, parameters_of in (("contract_cases", _case_parameters), ("contract_regressions", kept_parameters)):
        marker = metafunc.definition.get_closest_marker(name)
        if marker is None:
            continue
        test = metafunc.definition.nodeid
        if "case" not in metafunc.fixturenames:
            raise _collection_error(f"{test}: {name} passes each case as the argument `case`: add it to the test")
        try:
            # Bound before the call, so that the message about a wrong argument does not name our function.
            bound = signature(parameters_of).bind(metafunc.config, *marker.args, **marker.kwargs)
            parameters = parameters_of(*bound.args, **bound.kwargs)
        except (ContractError, TypeError) as error:
            raise _collection_error(f"{test}: {name}: {error}") from None
        metafunc.parametrize("case", parameters)


def _collection_error(problem: str) -> BaseException:
    # Not a UsageError: during collection pytest shows that one with a full traceback.
    return pytest.fail.Exception(printable(problem), pytrace=False)


def _case_parameters(
    config: pytest.Config,
    contract: str | Contract,
    kind: Kind = "invalid",
    *,
    only: str | Iterable[str] | None = None,
    profile: str = "broad",
    n: int | None = None,
    seed: int = 0,
    base: Any = ABSENT,
    faults: int = 1,
) -> list[Any]:
    """Return a parameter for each case; the arguments after ``config`` are those of the marker ``contract_cases``."""
    found = find_contract(contract, config)
    if n is None:
        n = (
            UNLABELLED_CASES
            if kind in ("valid", "hostile")
            else len(found.labels(kind, only, base=base, faults=faults))
        )
    cases = list(found.sample(n, kind, profile, seed, only=only, base=base, faults=faults))
    return [pytest.param(case, id=printable(case.label or f"{case.kind}-{index}")) for index, case in enumerate(cases)]


def _kept_case_parameters(folder: Path, config: pytest.Config, contract: str | Contract) -> list[Any]:
    """Return a parameter for each kept case of a contract; outdated cases are skipped with the reason."""
    # Imported here because it loads the consumer's side, which the marker contract_cases does not need.
    from contractfuzz.testing.kept_cases import load_kept_cases

    found = find_contract(contract, config)
    kept_cases = load_kept_cases(folder, found.name) if folder.is_dir() else []
    parameters = []
    for kept_case in kept_cases:
        reason = kept_case.outdated_reason(found)
        marks = [pytest.mark.skip(printable(f"{kept_case.path}: {reason}"))] if reason else []
        parameters.append(pytest.param(kept_case.case, id=kept_case.path.stem, marks=marks))
    return parameters
