"""Markers: parametrize a test by the cases of a contract.

Imported when a test first uses a marker, because most runs load the plugin without using one.
"""

from __future__ import annotations

from inspect import signature
from typing import TYPE_CHECKING, Any

import pytest

from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import ABSENT
from contractfuzz.pytest_plugin.contracts import find_contract
from contractfuzz.testing.session import CaseOrigin
from contractfuzz.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contractfuzz.contract import Contract
    from contractfuzz.payloads.cases.case import Kind
    from contractfuzz.testing.session import Session

UNLABELLED_CASES = 20
"""Default number of cases of a kind without labels."""


def parametrize(metafunc: pytest.Metafunc, session: Session) -> None:
    """Run a test once for each case that its markers ask for, with the argument ``case``.

    Several markers on one test add up. A marker on the test replaces those with the same name on its class or module.

    Args:
        metafunc: the test.
        session: the session, which has the folder of the kept cases.

    """
    parameters: list[Any] = []
    test = metafunc.definition.nodeid
    for name, parameters_of in (("contract_cases", _case_parameters), ("contract_regressions", _kept_case_parameters)):
        for marker in _closest_markers(metafunc.definition, name):
            if "case" not in metafunc.fixturenames:
                raise _collection_error(f"{test}: {name} passes each case as the argument `case`: add it to the test")
            try:
                # Bound before the call, so that the message about a wrong argument does not name our function.
                bound = signature(parameters_of).bind(session, metafunc.config, *marker.args, **marker.kwargs)
                parameters += parameters_of(*bound.args, **bound.kwargs)
            except (ContractError, TypeError) as error:
                raise _collection_error(f"{test}: {name}: {error}") from None
    metafunc.parametrize("case", parameters)


def _closest_markers(definition: pytest.Item, name: str) -> list[pytest.Mark]:
    """Return the markers of a test, or else of its class, or else of its module; the one above first."""
    found = list(definition.iter_markers_with_node(name))
    return [marker for node, marker in reversed(found) if node is found[0][0]]


def _collection_error(problem: str) -> BaseException:
    # Not a UsageError: during collection pytest shows that one with a full traceback.
    return pytest.fail.Exception(printable(problem), pytrace=False)


def _case_parameters(
    session: Session,
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
    """Return a parameter for each case; those after ``config`` are the arguments of ``contract_cases``."""
    found = find_contract(contract, config)
    if n is None:
        n = (
            UNLABELLED_CASES
            if kind in ("valid", "hostile")
            else len(found.labels(kind, only, base=base, faults=faults))
        )
    cases = list(found.sample(n, kind, profile, seed, only=only, base=base, faults=faults))
    session.origins.update(dict.fromkeys(cases, CaseOrigin(found.name)))
    return [pytest.param(case, id=printable(case.label or f"{case.kind}-{index}")) for index, case in enumerate(cases)]


def _kept_case_parameters(
    session: Session, config: pytest.Config, contract: str | Contract, *, consumer: Any = None
) -> list[Any]:
    """Return a parameter for each kept case of a contract; outdated cases are skipped with the reason."""
    # Imported here because they load the consumer's side, which the marker contract_cases does not need.
    from contractfuzz.running.adapters.registry import name_of
    from contractfuzz.testing.kept_cases import load_kept_cases

    found = find_contract(contract, config)
    name = consumer if consumer is None or isinstance(consumer, str) else name_of(consumer)
    if name is not None and ":" not in name:
        raise ContractError(
            f"the consumer {name!r} is not a name like `package.module:function`: name it so, or pass it"
        )
    kept_cases = load_kept_cases(session.folder, found.name) if session.folder.is_dir() else []
    parameters = []
    for kept_case in kept_cases:
        # The route of a web application follows its name.
        if name is not None and name not in (kept_case.consumer, kept_case.consumer.partition(" ")[0]):
            continue
        reason = kept_case.outdated_reason(found)
        marks = [pytest.mark.skip(printable(f"{kept_case.path}: {reason}"))] if reason else []
        test_id = kept_case.path.stem if name else printable(f"{kept_case.consumer}-{kept_case.path.stem}")
        parameters.append(pytest.param(kept_case.case, id=test_id, marks=marks))
        session.origins[kept_case.case] = CaseOrigin(found.name, "" if name else kept_case.consumer)
    return parameters
