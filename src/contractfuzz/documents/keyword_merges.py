"""Merges of two values of one keyword into the value that holds where both hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.json_values import canonical

Merge = Callable[[Any, Any], Any]
"""Function that returns the value that allows exactly the payloads that both values allow."""


def intersect_types(one: str | list[str], other: str | list[str]) -> str | list[str]:
    """Merge two values of ``type``: the types in both. An ``integer`` is a ``number``.

    Raises:
        ContractError: they have no type in common.

    """
    left, right = ([value] if isinstance(value, str) else value for value in (one, other))
    both = [name for name in left if name in right or (name == "integer" and "number" in right)]
    both += [name for name in right if name == "integer" and "number" in left and name not in both]
    if not both:
        raise ContractError(
            f"allOf asks for the types {one!r} and {other!r} at once: no payload has both; fix the contract"
        )
    return both[0] if len(both) == 1 else both


def intersect_values(one: list[Any], other: list[Any]) -> list[Any]:
    """Merge two lists of allowed values: the values in both."""
    known = {canonical(value) for value in other}
    return [value for value in one if canonical(value) in known]


def join_lists(one: list[Any], other: list[Any]) -> list[Any]:
    """Merge two lists: all values of both."""
    return [*one, *other]


def unite_names(one: list[str], other: list[str]) -> list[str]:
    """Merge two lists of names: the names in either, each once."""
    return [*one, *(name for name in other if name not in one)]


def unite_dependents(one: dict[str, list[str]], other: dict[str, list[str]]) -> dict[str, list[str]]:
    """Merge two values of ``dependentRequired``: for each name, the names in either list."""
    return {name: [*dict.fromkeys([*one.get(name, ()), *other.get(name, ())])] for name in [*one, *other]}


def either(one: bool, other: bool) -> bool:
    """Merge two flags: true if one of them is."""
    return one or other


def all_of(one: Any, other: Any) -> Any:
    """Merge two schemas."""
    return one if canonical(one) == canonical(other) else {"allOf": [one, other]}


def all_of_or_false(one: Any, other: Any) -> Any:
    """Merge two schemas. ``False`` stays ``False``, so that readers still see that nothing is allowed."""
    return one is not False and other is not False and all_of(one, other)


def all_of_by_name(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Merge two maps of schemas: a name in both gets both schemas."""
    return {
        name: all_of(one[name], other[name]) if name in one and name in other else one.get(name, other.get(name))
        for name in [*one, *(name for name in other if name not in one)]
    }
