"""The context of planning: the profile to plan for, and the planner as the types of nodes see it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from contractfuzz.errors import ContractError
from contractfuzz.payloads.plan.node import Node, Schema
from contractfuzz.text import truncate

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle

LARGER_VALUES: tuple[Any, ...] = (
    *("contractfuzz", "2024-02-29", 1000, -1000, 0.25, [0, 1, 2], ["a", None, False, {}], [[], [], []]),
    *({"a": 0, "b": 1}, {"a": None, "b": [], "c": "x", "d": {}}),
)
"""Values for a schema whose keywords describe only values that it refuses, simplest first."""

_EXCERPT_LENGTH = 120
_UNINFORMATIVE = ("description", "title", "examples")


@dataclass(frozen=True, slots=True)
class PresenceThresholds:
    """Bytes from which on inline members are present; 256 means never.

    Attributes:
        any: threshold of the first byte, for any member to be present.
        each: threshold of each member's own byte, if the first byte allows members.

    """

    any: int
    each: int


@dataclass(frozen=True, slots=True)
class Extras:
    """Properties that the schema permits but does not name.

    Attributes:
        threshold: one is added if its byte reaches this; 256 means never.
        names: their names, simplest first.
        values: their values, simplest first.
        case_variants: True if named properties in other letter case are among the names.
        edges: names and values of those that edge payloads have, each at every object.

    """

    threshold: int
    names: Sequence[str]
    values: Sequence[Any]
    case_variants: bool = False
    edges: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The settings that decide how a plan fills a schema.

    Attributes:
        name: the name for users.
        lengths: numbers of items that an array or map has beyond its minimum, ascending, each equally likely.
        flat_lengths: the same for items without arrays or maps of their own: their payload does not grow by powers.
        inline_presence: thresholds of members in their container's block; None if all members get blocks of their own.
        presence_threshold: an optional property is present if its byte reaches this; 256 means never.
        extras: properties that the schema does not name; None for no such properties.
        text: makes the node of strings from a schema, ``minLength`` and ``maxLength``.
        formats: formats that are decoded from bytes: the number of bytes, and the decoder.
        hostile_numbers: True if integers may be huge or written as ``1.0``, on which validators disagree, and numbers ``-0.0``.
        doubtful_texts: strings of each format on which validators disagree.
        uses_examples: True if values that the document gives (``examples``, ``default``) are used in a share of the draws.
        budgeted: True if the size budget bounds strings and numbers of items, so that no payload is huge.

    """

    name: str
    lengths: Sequence[int]
    flat_lengths: Sequence[int]
    inline_presence: PresenceThresholds | None
    presence_threshold: int
    extras: Extras | None
    text: Callable[[Schema, int, int | None], Node]
    formats: Mapping[str, tuple[int, Callable[[bytes, int], str]]]
    hostile_numbers: bool = False
    doubtful_texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    uses_examples: bool = False
    budgeted: bool = False


class Planner(Protocol):
    """Plans the schemas inside a schema.

    Attributes:
        profile: the profile to plan for.

    """

    profile: Profile

    def plan(self, schema: Any) -> Node:
        """Return the node of a schema.

        Raises:
            ContractError: no value keeps the schema.

        """

    def plan_if_possible(self, schema: Any) -> Node | None:
        """Return the node of a schema, or None if no value keeps it."""

    def oracle(self, schema: Any) -> Oracle:
        """Return the oracle of a schema."""


def read_bounds(schema: Schema, minimum: str, maximum: str, limit: int) -> tuple[int, int | None]:
    """Return the bounds of a length.

    Args:
        schema: the keywords.
        minimum: the name of the keyword for the least length, such as ``minItems``.
        maximum: the name of the keyword for the greatest length.
        limit: the greatest length that payloads are made with.

    Returns:
        The least and the greatest length; None for no upper bound.

    Raises:
        ContractError: the bounds contradict each other, or the least length is beyond the limit.

    """
    low, high = int(schema.get(minimum, 0)), schema.get(maximum)
    if high is not None and low > high:
        problem = f"{minimum} {low} is greater than {maximum} {high}"
        raise ContractError(f"{problem} in {excerpt(schema)}: correct one of them")
    if low > limit:
        raise ContractError(f"{minimum} is greater than {limit}, the limit of payloads, in {excerpt(schema)}: lower it")
    return low, None if high is None else int(high)


def excerpt(schema: Schema) -> str:
    """Return a schema as one short line for a message."""
    text = json.dumps({key: value for key, value in schema.items() if key not in _UNINFORMATIVE})
    return truncate(text, _EXCERPT_LENGTH)
