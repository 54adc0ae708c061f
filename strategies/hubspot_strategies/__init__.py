"""Hypothesis strategies for HubSpot's ``BatchAssociationResponse``: valid responses, and responses that break the contract."""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from contractfuzz.contract import Contract
from hubspot_strategies.realistic import realistic
from hubspot_strategies.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hypothesis.strategies import SearchStrategy

    from contractfuzz.payloads.cases.case import Case

__all__ = ["batch_association_responses", "contract", "invalid_batch_association_responses"]


def _load() -> Contract:
    with as_file(files(__package__) / "documents") as folder:
        return Contract.load(
            folder / "batch-association-response.structure.json",
            components=[folder],
            name="batch_association_response",
            realistic=realistic,
            rules=RULES,
        )


contract = _load()
"""Contract of the entry point ``batch_association_response``, as ``Contract.named`` returns it."""


def batch_association_responses(profile: str = "broad") -> SearchStrategy[Any]:
    """Return a strategy for valid responses.

    Args:
        profile: ``broad``, ``minimal``, ``realistic``, ``closed`` or ``hostile``.

    Raises:
        ContractError: the profile is unknown.

    """
    return contract.valid(profile)


def invalid_batch_association_responses(only: str | Iterable[str] | None = None) -> SearchStrategy[Case]:
    """Return a strategy for responses that break the schema in exactly one labelled way.

    Args:
        only: violation id or glob, or several of them; None for all violations.

    Raises:
        ContractError: no violation matches.

    """
    return contract.invalid(only)
