"""Maps: members of an object whose names the schema does not list, and how they are planned."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from contractfuzz.patterns.engine import CompiledPattern
from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.choices.protocol import Choices, split_budget
from contractfuzz.payloads.choices.seeded import attempts
from contractfuzz.payloads.plan.context import Planner
from contractfuzz.payloads.plan.members import (
    MAX_DRAWN_MEMBERS,
    InlineItems,
    LengthDistribution,
    plan_inline_items,
    plan_lengths,
)
from contractfuzz.payloads.plan.node import CachedAttribute, FaultCursor, Node, sum_draws
from contractfuzz.payloads.plan.strings import plan_from_examples

NAME_ATTEMPTS = 200
"""Number of names that are built in search of those that a map allows."""

ANY_NAME = "*"
"""Token of a map's members; that of a pattern's members is ``*(pattern)``."""


class Entry(Node):
    """A member of a map: it builds a pair of name and value instead of a JSON value."""

    types = frozenset()

    def __init__(self, key: Node, value: Node) -> None:
        super().__init__({})
        self.key, self.value = key, value
        self.width = key.width + value.width
        self.extra_draws = sum_draws([key.extra_draws, value.extra_draws])

    def build(self, choices: Choices, block: bytes, at: int) -> tuple[str, Any]:
        return self.key.build(choices, block, at), self.value.build(choices, block, at + self.key.width)

    def skip(self, choices: Choices) -> None:
        self.key.skip(choices)
        self.value.skip(choices)


class Entries:
    """The members of one map: their names come from one node, their values from another.

    Attributes:
        entry: the node of each member.
        lengths: the number of members.
        accepts: returns True for the names that a member may have.
        token: the token of the members in locations: ``*``, or ``*(pattern)`` for ``patternProperties``.
        width: number of bytes in the block of the object.
        extra_draws: number of draws beyond the block, or None if the number varies.

    """

    width: int = 0
    extra_draws: int | None = None

    def __init__(self, entry: Entry, lengths: LengthDistribution, accepts: Callable[[str], bool], token: str) -> None:
        self.entry, self.lengths, self.accepts, self.token = entry, lengths, accepts, token

    def add_to(self, payload: dict[str, Any], choices: Choices, block: bytes, at: int, at_least: int = 0) -> None:  # noqa: ARG002
        """Add members to an object, ``at_least`` as many as given."""
        count = max(at_least, self.lengths.draw(choices))
        size_budget = choices.size_budget
        if self.lengths.budgeted:
            choices.size_budget = split_budget(size_budget, count)
        self._add_pairs(payload, self._build_pairs(choices, range(count)))
        choices.size_budget = size_budget

    def skip(self, choices: Choices) -> None:
        """Take the draws of an empty map."""
        self.lengths.draw(choices)

    def add_faulty_to(
        self,
        payload: dict[str, Any],
        choices: Choices,
        block: bytes,  # noqa: ARG002
        at: int,  # noqa: ARG002
        cursor: FaultCursor,
    ) -> None:
        """Add members to an object, among them the faulty one: as the first, the last or between the others."""
        count = max(1, self.lengths.draw(choices))
        position = choices.index(count) if count > 1 else 0
        entry_block = choices.block(self.entry.width)
        key, faulty = self._build_faulty_pair(payload, choices, entry_block, 0, cursor)
        self._insert_faulty(payload, key, faulty, position, self._build_pairs(choices, range(1, count)))

    def _build_faulty_pair(
        self, payload: dict[str, Any], choices: Choices, block: bytes, at: int, cursor: FaultCursor
    ) -> tuple[str, Any]:
        key = self._unused_name(self.entry.key.build(choices, block, at), payload, 0)
        if key is None:
            # Members of another map use all of its names: it takes one of them over.
            key = self.names[0]
            del payload[key]
        return key, cursor.enter(key).build_faulty(choices, block, at + self.entry.key.width, cursor)

    def _insert_faulty(
        self, payload: dict[str, Any], key: str, faulty: Any, position: int, others: Iterable[tuple[str, Any]]
    ) -> None:
        """Add the other members to an object, and the faulty one before the member at ``position``."""
        # There may be few names, so the faulty member keeps its own and the others choose from the rest.
        named = {**payload, key: faulty}
        self._add_pairs(named, others, 1)
        for number, name in enumerate([name for name in named if name != key and name not in payload]):
            if number == position:
                payload[key] = faulty
            payload[name] = named[name]
        payload.setdefault(key, faulty)

    def _build_pairs(self, choices: Choices, numbers: range) -> Iterator[tuple[str, Any]]:
        for number in numbers:
            yield (choices if number < MAX_DRAWN_MEMBERS else MINIMAL_CHOICES).build(self.entry)

    def _add_pairs(self, payload: dict[str, Any], pairs: Iterable[tuple[str, Any]], first: int = 0) -> None:
        for number, (name, value) in enumerate(pairs, first):
            key = self._unused_name(name, payload, number)
            if key is not None:
                payload[key] = value

    @CachedAttribute
    def names(self) -> Sequence[str]:
        """Some names that a member may have; empty if no name is allowed."""
        key = self.entry.key
        built = (choices.build(key) for choices in attempts("name", NAME_ATTEMPTS))
        return [name for name in dict.fromkeys(key.listed_values or built) if self.accepts(name)]

    def _unused_name(self, key: str, payload: Mapping[str, Any], number: int) -> str | None:
        """Return ``key``, or another allowed name if the object has it already; None if all names are used."""
        if key not in payload and self.accepts(key):
            return key
        for candidate in (f"{key}{number}", f"{number}"):
            if candidate not in payload and self.accepts(candidate):
                return candidate
        return next((name for name in self.names if name not in payload), None)


class InlineEntries(Entries):
    """A few members that are part of their object's block, see ``InlineItems``."""

    def __init__(
        self,
        entry: Entry,
        lengths: LengthDistribution,
        accepts: Callable[[str], bool],
        token: str,
        items: InlineItems,
    ) -> None:
        super().__init__(entry, lengths, accepts, token)
        self.items, self.width, self.extra_draws = items, items.width, items.extra_draws

    def add_to(self, payload: dict[str, Any], choices: Choices, block: bytes, at: int, at_least: int = 0) -> None:
        pairs = self.items.build(choices, block, at)
        if len(pairs) < at_least:
            starts = self.items.starts[:at_least]
            pairs = [self.entry.build(choices, block, at + start + 1) for start in starts]
        self._add_pairs(payload, pairs)

    def skip(self, choices: Choices) -> None:
        self.items.skip(choices)

    def add_faulty_to(
        self, payload: dict[str, Any], choices: Choices, block: bytes, at: int, cursor: FaultCursor
    ) -> None:
        faulty_start = self.items.starts[block[at] * self.items.count >> 8]
        key, faulty = self._build_faulty_pair(payload, choices, block, at + faulty_start + 1, cursor)
        starts = [
            start for start in self.items.starts if start != faulty_start and self.items.is_present(block, at, start)
        ]
        others = (self.entry.build(choices, block, at + start + 1) for start in starts)
        self._insert_faulty(payload, key, faulty, sum(start < faulty_start for start in starts), others)


# --- planning --------------------------------------------------------------------------------------------------------------


def plan_map(
    planner: Planner, names: Any, value: Node, low: int, high: int | None, accepts: Callable[[str], bool]
) -> Entries | None:
    """Return the members of ``additionalProperties``, or those that ``propertyNames`` and ``minProperties`` ask for.

    Args:
        planner: the planner.
        names: the schema of names (``propertyNames``).
        value: the node of values.
        low: the least number of members.
        high: the greatest number of members; None for no upper bound.
        accepts: returns True for names that other keywords do not claim.

    Returns:
        The members; None if no name is possible.

    """
    lengths = plan_lengths(planner.profile, value, low, high)
    if names is True:
        return _plan_entries(planner, Entry(planner.plan({"type": "string"}), value), lengths, accepts, ANY_NAME)
    key = planner.plan_if_possible({"allOf": [{"type": "string"}, names]})
    if key is None:
        return None
    accepts = _both(accepts, planner.oracle(names).is_valid)
    return _plan_entries(planner, Entry(key, value), lengths, accepts, ANY_NAME)


def plan_pattern_map(
    planner: Planner, pattern: CompiledPattern, names: Any, value: Node, high: int | None, declared: Collection[str]
) -> Entries:
    """Return the members of one pattern of ``patternProperties``; ``declared`` names are not among them."""
    named = {"pattern": pattern.pattern}
    accepts = _both(lambda name: name not in declared, planner.oracle({"allOf": [named, names]}).is_valid)
    entry = Entry(plan_from_examples(named), value)
    lengths = plan_lengths(planner.profile, value, 0, high)
    return _plan_entries(planner, entry, lengths, accepts, f"{ANY_NAME}({pattern.pattern})")


def _plan_entries(
    planner: Planner, entry: Entry, lengths: LengthDistribution, accepts: Callable[[str], bool], token: str
) -> Entries:
    inline = plan_inline_items(planner.profile, entry, lengths)
    if inline is None:
        return Entries(entry, lengths, accepts, token)
    return InlineEntries(entry, lengths, accepts, token, inline)


def _both(one: Callable[[str], bool], other: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda name: one(name) and other(name)
