"""What a fault is, and ways to make the broken value.

A fault is stated as data (keyword, variant, words) and one function that makes the broken value from the node's own
valid one, so that a label cannot say anything else than what was done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from contractfuzz.json_values import copy_json
from contractfuzz.payloads.plan.node import Make, Node

PLAIN_VALUES: dict[str, tuple[Any, Any, str]] = {
    "null": (None, None, "null"),
    "boolean": (False, True, "a boolean"),
    "integer": (0, 1, "an integer"),
    "number": (0.5, -1.5, "a fractional number"),
    "string": ("", "a", "a string"),
    "array": ([], [None], "an array"),
    "object": ({}, {"a": None}, "an object"),
}
"""For each JSON type a value of it, simple and less so, and its name in words."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to break a node.

    Attributes:
        keyword, variant, description: as in ``Violation``.
        make: makes the broken value in the node's place.
        suffix: what the location has beyond the node's own: the name of a missing property.

    """

    keyword: str
    variant: str
    description: str
    make: Make
    suffix: tuple[str, ...] = ()


def always(value: Any) -> Make:
    """Make ``value``, whatever is decided."""
    return lambda _, _choices, _block, _at: copy_json(value)


def one_of(values: Sequence[Any]) -> Make:
    """Make one of ``values``, the simplest first: one choice, none where there is no other."""
    if len(values) == 1:
        return always(values[0])
    return lambda _, choices, _block, _at: copy_json(values[choices.index(len(values))])


def changed(node: Node, change: Callable[[Any], Any]) -> Make:
    """Make of the valid value of ``node`` what ``change`` returns for it."""
    return lambda _, choices, block, at: change(node.build(choices, block, at))


def shifted(make: Make, by: int) -> Make:
    """Make the same from decisions that lie ``by`` bytes further on."""
    return lambda node, choices, block, at: make(node, choices, block, at + by)
