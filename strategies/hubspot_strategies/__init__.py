"""HubSpot's ``BatchAssociationResponse`` as Hypothesis strategies: payloads that keep the contract and payloads that break it."""

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
"""The contract, as ``Contract.named("batch_association_response")`` finds it."""


def batch_association_responses(profile: str = "broad") -> SearchStrategy[Any]:
    """Return the strategy of valid responses: ``broad``, ``minimal``, ``realistic`` or ``hostile`` ones."""
    return contract.valid(profile)


def invalid_batch_association_responses(only: str | Iterable[str] | None = None) -> SearchStrategy[Case]:
    """Return the strategy of responses with one labelled fault each; ``only`` of violations that ids or globs name."""
    return contract.invalid(only)
