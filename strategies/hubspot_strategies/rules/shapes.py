"""Small responses for the rules to break, and helpers that select items of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any

from hubspot_strategies.realistic import ResponseShape

FEW, AT_LEAST_ONE, AT_LEAST_TWO = (0, 0, 1, 2), (1, 1, 2, 3), (2, 2, 3, 4)
"""Numbers of items, simplest first."""

FINISHED_STATUSES = ("COMPLETE", "COMPLETE", "COMPLETE", "CANCELED")


def small_shape(
    *,
    results: Sequence[int] = FEW,
    to: Sequence[int] = FEW,
    errors: Sequence[int] = FEW,
    requested: bool = False,
    paged: bool = False,
) -> ResponseShape:
    """Return the shape of a small response of a finished batch."""
    return ResponseShape(results, to, errors, FINISHED_STATUSES, requested=requested, paged=paged)


def item_at(items: Sequence[Any], byte: int) -> Any:
    """Return one of the first four items: the first for byte 0.

    A byte selects a fixed index instead of a fraction of the length, so that shrinking can drop the items after it.
    """
    return items[min(byte >> 6, len(items) - 1)]


def two_items(items: Sequence[Any], block: Sequence[int]) -> tuple[Any, Any]:
    """Return two different items in order: the first two for two zero bytes."""
    first = item_at(range(len(items) - 1), block[0])
    return items[first], item_at(items[first + 1 :], block[1])


def are_distinct(values: Iterable[Hashable]) -> bool:
    """Return True if no value occurs twice."""
    listed = list(values)
    return len(set(listed)) == len(listed)


def all_associations(payload: Any) -> Iterator[Any]:
    """Yield the associations of all results."""
    for result in payload["results"]:
        yield from result["to"]
