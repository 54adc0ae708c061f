"""Faults and near misses, and functions that build the faulty values.

A fault is stated as data and one function that builds the faulty value, mostly from the node's own valid one. The label can
therefore not claim anything but what was done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contractfuzz.json_values import copy_json
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.node import FaultBuilder, Node, has_type
from contractfuzz.unions.branch import Branch

PLAIN_VALUES: dict[str, tuple[Any, Any, str]] = {
    "null": (None, None, "null"),
    "boolean": (False, True, "a boolean"),
    "integer": (0, 1, "an integer"),
    "number": (0.5, -1.5, "a fractional number"),
    "string": ("", "a", "a string"),
    "array": ([], [None], "an array"),
    "object": ({}, {"a": None}, "an object"),
}
"""For each JSON type the simplest value, another value, and the type in words."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to break a node.

    Attributes:
        keyword: the keyword that is broken.
        variant: the way in which it is broken.
        description: the fault in words, one line.
        build: builds the faulty value of the node.
        suffix: the tokens that the location has beyond the node, such as the name of a missing property.
        build_twin: builds the valid value that differs in the fault alone, from the same choices; None for ``Node.build``.
        branch: the branch of the node, a union, that the location names; None for a fault that is not inside a branch.

    """

    keyword: str
    variant: str
    description: str
    build: FaultBuilder
    suffix: tuple[str, ...] = ()
    build_twin: FaultBuilder | None = None
    branch: Branch | None = None


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A wrong type that producers send because it looks nearly right.

    Attributes:
        variant: the variant of ``type`` that it is.
        description: the near miss in words, one line.
        builder: returns, for a node and the types that the schema allows, what builds the near miss; None if it is not wrong.
        twin_builder: returns, for a node, what builds the valid twin; None for ``Node.build``.

    """

    variant: str
    description: str
    builder: Callable[[Node, frozenset[str]], FaultBuilder | None]
    twin_builder: Callable[[Any], FaultBuilder] | None = None


ValueChange = Callable[[Any, Choices, bytes, int], Any]
"""Makes a faulty value from a valid one, which it may change, and the arguments of ``Node.build``; LookupError if it cannot."""


@dataclass(frozen=True, slots=True)
class Derived:
    """Builds a faulty value, and can also make one from a valid value of the same place in a recorded payload.

    Attributes:
        types: the JSON types of the valid values.
        build: builds a faulty value.
        change: makes a faulty value from a valid one.
        offset: offset of the bytes for both in the block.

    """

    types: frozenset[str]
    build: FaultBuilder
    change: ValueChange
    offset: int = 0

    def __call__(self, choices: Choices, block: bytes, at: int) -> Any:
        """Build a faulty value."""
        return self.build(choices, block, at + self.offset)

    def change_value(self, value: Any, choices: Choices, block: bytes) -> Any:
        """Return a faulty value made from a valid one.

        Args:
            value: the valid value, which may be changed.
            choices: the source of further choices.
            block: the block of the faulty node.

        Raises:
            LookupError: no faulty value can be made from this one.

        """
        if not has_type(self.types, value):
            raise LookupError
        try:
            return self.change(value, choices, block, self.offset)
        except ValueError:  # a leap second, which Python cannot represent
            raise LookupError from None


def derived(node: Node, change: ValueChange) -> Derived:
    """Build a valid value of a node, changed; choices decide on the change as well."""
    return Derived(
        node.types, lambda choices, block, at: change(node.build(choices, block, at), choices, block, at), change
    )


def constant(value: Any) -> FaultBuilder:
    """Build always the same value."""
    return lambda _choices, _block, _at: copy_json(value)


def one_of(values: Sequence[Any]) -> FaultBuilder:
    """Build one of several values, the simplest first. Consumes one choice, or none for a single value."""
    if len(values) == 1:
        return constant(values[0])
    return lambda choices, _block, _at: copy_json(values[choices.index(len(values))])


def changed(node: Node, change: Callable[[Any], Any]) -> FaultBuilder:
    """Build a valid value of a node, changed."""
    return Derived(
        node.types,
        lambda choices, block, at: change(node.build(choices, block, at)),
        lambda value, _choices, _block, _at: change(value),
    )


def shifted(build: FaultBuilder, offset: int) -> FaultBuilder:
    """Build from bytes that start ``offset`` bytes later in the block."""
    if isinstance(build, Derived):
        return replace(build, offset=build.offset + offset)
    return lambda choices, block, at: build(choices, block, at + offset)


def sent_as(json_type: str, change: Callable[[Any], Any]) -> Callable[[Node, frozenset[str]], FaultBuilder | None]:
    """Return the builder of a near miss that changes a valid value into another JSON type."""
    return lambda node, allowed: None if json_type in allowed else changed(node, change)


WRAPPED = NearMiss("wrapped", "the value inside an array of one item", sent_as("array", lambda value: [value]))
