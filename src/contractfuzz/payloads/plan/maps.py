"""TODO."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.choices.protocol import Choices, split_budget
from contractfuzz.payloads.choices.seeded import attempts
from contractfuzz.payloads.plan.lengths import MOST_DRAWN, LengthDistribution, total_of
from contractfuzz.payloads.plan.node import FaultPath, InstancePath, Node
from contractfuzz.payloads.plan.scalars import OneOfValues

NAMES = 200
"""Among how many names those are looked for that a map may have."""


class Entry(Node):
    """A name and its value in a map. Not a payload by itself: it builds the pair."""

    types = frozenset()

    def __init__(self, key: Node, value: Node) -> None:
        super().__init__({})
        self.key, self.value = key, value
        self.width = key.width + value.width
        self.extra_draws = total_of([key.extra_draws, value.extra_draws])

    def build(self, choices: Choices, block: bytes, at: int) -> tuple[str, Any]:
        return self.key.build(choices, block, at), self.value.build(choices, block, at + self.key.width)

    def skip(self, choices: Choices) -> None:
        self.key.skip(choices)
        self.value.skip(choices)


class Entries:
    """The members of an object that are not named one by one: all of one sort of name, with values of one schema.

    ``token`` stands for their names in locations: ``*``, and of a pattern's ``*(pattern)``. ``width`` and ``extra_draws``
    are those of a node.
    """

    width: int = 0
    extra_draws: int | None = None

    def __init__(self, entry: Entry, counts: LengthDistribution, accepts: Callable[[str], bool], token: str) -> None:
        self.entry, self.counts, self.accepts, self.token = entry, counts, accepts, token

    def add(self, payload: dict[str, Any], choices: Choices, block: bytes, at: int, at_least: int = 0) -> None:  # noqa: ARG002
        """Add the members to ``payload``; ``at_least`` that many, whatever is decided."""
        wanted = max(at_least, self.counts.draw(choices))
        size_budget = choices.size_budget
        if self.counts.bounded:
            choices.size_budget = split_budget(size_budget, wanted)
        self._add(payload, self._drawn(choices, range(wanted)))
        choices.size_budget = size_budget

    def skip(self, choices: Choices) -> None:
        """Take the choices that no members take."""
        self.counts.draw(choices)

    def build_faulty(
        self,
        payload: dict[str, Any],
        choices: Choices,
        block: bytes,  # noqa: ARG002
        at: int,  # noqa: ARG002
        route: FaultPath,
        step: int,
        trail: InstancePath,
    ) -> None:
        """Add the members, one of which has the fault: the first, the last or one between."""
        wanted = max(1, self.counts.draw(choices))
        spot = choices.index(wanted) if wanted > 1 else 0
        own = choices.block(self.entry.width)
        key, faulty = self._reach(payload, choices, own, 0, route, step, trail)
        self._place(payload, key, faulty, spot, self._drawn(choices, range(1, wanted)))

    def _reach(
        self,
        payload: dict[str, Any],
        choices: Choices,
        block: bytes,
        at: int,
        route: FaultPath,
        step: int,
        trail: InstancePath,
    ) -> tuple[str, Any]:
        """Return the faulty member's name and value."""
        key = self._fresh(self.entry.key.build(choices, block, at), payload, 0)
        if key is None:
            # All its names are taken, by members of another sort: it takes one from them.
            key = self.names[0]
            del payload[key]
        trail.append(key)
        return key, self.entry.value.build_faulty(choices, block, at + self.entry.key.width, route, step + 1, trail)

    def _place(
        self, payload: dict[str, Any], key: str, faulty: Any, spot: int, others: Iterable[tuple[str, Any]]
    ) -> None:
        """Add the faulty member behind ``spot`` of the others."""
        # It has the first choice of a name, since there may be few; then it takes its place among the others.
        named = {**payload, key: faulty}
        self._add(named, others, 1)
        for number, name in enumerate([name for name in named if name != key and name not in payload]):
            if number == spot:
                payload[key] = faulty
            payload[name] = named[name]
        payload.setdefault(key, faulty)

    def _drawn(self, choices: Choices, numbers: range) -> Iterator[tuple[str, Any]]:
        for number in numbers:
            yield choices.part(self.entry) if number < MOST_DRAWN else MINIMAL_CHOICES.part(self.entry)

    def _add(self, payload: dict[str, Any], pairs: Iterable[tuple[str, Any]], first: int = 0) -> None:
        for number, (name, value) in enumerate(pairs, first):
            key = self._fresh(name, payload, number)
            if key is not None:
                payload[key] = value

    @cached_property
    def names(self) -> Sequence[str]:
        """Some names that a member may have; none, where there can be no member."""
        made = (choices.part(self.entry.key) for choices in attempts("name", NAMES))
        candidates = self.entry.key.values if isinstance(self.entry.key, OneOfValues) else made
        return [name for name in dict.fromkeys(candidates) if self.accepts(name)]

    def _fresh(self, key: str, payload: Mapping[str, Any], number: int) -> str | None:
        if key not in payload and self.accepts(key):
            return key
        for candidate in (f"{key}{number}", f"{number}"):
            if candidate not in payload and self.accepts(candidate):
                return candidate
        return next((name for name in self.names if name not in payload), None)
