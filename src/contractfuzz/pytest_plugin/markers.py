"""The cases of the plugin's markers. A module of its own, since most pytest runs load the plugin and have no such marker."""

from __future__ import annotations

from functools import partial
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from contractfuzz.contract import Contract
from contractfuzz.errors import ContractError
from contractfuzz.pytest_plugin.plugin import OWN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from contractfuzz.payloads.cases.case import Kind

UNLABELLED_CASES = 20
"""Cases of a kind without labels, unless the marker gives another number."""


def find_contract(given: object, own: dict[str, list[str]], root: Path) -> Contract:
    """Return the contract that ``given`` is or names: one of the project's ``own``, whose files lie in ``root``, or installed.

    Raises:
        ContractError: where the contract cannot be found or loaded.
        TypeError: where ``given`` is neither a contract nor a name.

    """
    if isinstance(given, Contract):
        return given
    if not isinstance(given, str):
        raise TypeError(f"{given!r} is neither a Contract nor the name of one")
    if given not in own:
        return Contract.named(given)
    document, *components = (root / path for path in own[given])
    return Contract.load(document, components, given)


def parametrize(metafunc: pytest.Metafunc, folder: Path) -> None:
    """Run the test once for each case that its markers ask for; those that were kept lie in ``folder``."""
    kept = partial(_regressions, folder)
    for name, cases_of in (("contract_cases", _cases), ("contract_regressions", kept)):
        marker = metafunc.definition.get_closest_marker(name)
        if marker is None:
            continue
        test = metafunc.definition.nodeid
        if "case" not in metafunc.fixturenames:
            raise _refusal(f"{test}: {name} hands over each case as the argument `case`: add it")
        try:
            called = signature(cases_of).bind(metafunc.config, *marker.args, **marker.kwargs)
            cases = cases_of(*called.args, **called.kwargs)
        except (ContractError, TypeError) as error:
            raise _refusal(f"{test}: {name}: {error}") from None
        metafunc.parametrize("case", cases)


def _refusal(problem: str) -> BaseException:
    # Not a UsageError: while tests are collected, pytest shows that with all the frames that it came through.
    return pytest.fail.Exception(problem, pytrace=False)


def _cases(
    config: pytest.Config,
    contract: str | Contract,
    kind: Kind = "invalid",
    *,
    only: str | Iterable[str] | None = None,
    profile: str = "broad",
    n: int | None = None,
    seed: int = 0,
) -> list[Any]:
    found = find_contract(contract, config.stash[OWN], config.rootpath)
    if n is None:
        n = UNLABELLED_CASES if kind in ("valid", "hostile") else len(found.labels(kind, only))
    cases = list(found.sample(n, kind, profile, seed, only=only))
    return [pytest.param(case, id=case.label or f"{case.kind}-{i}") for i, case in enumerate(cases)]


def _regressions(folder: Path, config: pytest.Config, contract: str | Contract) -> list[Any]:
    from contractfuzz.testing.kept_cases import load

    found = find_contract(contract, config.stash[OWN], config.rootpath)
    kept = load(folder, found.name) if folder.is_dir() else []
    return [
        pytest.param(one.case, id=one.path.stem, marks=[pytest.mark.skip(f"{one.path}: {why}")] if why else [])
        for one in kept
        for why in [one.outdated(found)]
    ]
