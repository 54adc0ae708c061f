"""Recipes: each makes the cases of one label from choices. Hypothesis and bulk sampling share them."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count, islice
from math import gcd
from typing import Any, Protocol

from contractfuzz.errors import ContractError, unknown
from contractfuzz.payloads.cases.case import Case
from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.choices.seeded import SeededChoices

MAX_PAYLOADS_PER_TURN = 20
"""Number of payloads at most that are made for one case in search of one that a spelling changes."""

Spelt = tuple[str, Callable[[], bytes]]
"""The description of a spelling, and what makes the body."""


class Recipe(Protocol):
    """Makes the cases of one label."""

    @property
    def label(self) -> str | None:
        """Label of the cases; None for valid and hostile cases."""

    def case(self, choices: Choices) -> Case:
        """Return the case that ``choices`` decide on."""


@dataclass(frozen=True, slots=True)
class ValidRecipe:
    """The recipe of valid cases.

    Attributes:
        payload: makes a valid payload from choices.
        spell: returns what makes the body of a payload, with its description, if choices decide on another spelling than compact
            JSON; None for compact bodies only.
        turns: functions like ``spell``, each for one spelling. They return None for a payload that the spelling leaves compact.
            The first random cases take them in turn.
        edges: makes the payload of the random case with a number from choices: one with an edge value while there are some.
            None for ``payload`` alone.
        label: None.

    """

    payload: Callable[[Choices], Any]
    spell: Callable[[Any, Choices], Spelt | None] | None = None
    turns: Sequence[Callable[[Any, Choices], Spelt | None]] = ()
    edges: Callable[[Choices, int, int], Any] | None = None
    label: None = None

    def case(self, choices: Choices) -> Case:
        """Return a valid case."""
        return self._case(self.payload(choices), choices)

    def case_in_turn(self, key: str, number: int, seed: int) -> Case:
        """Return a random valid case.

        Args:
            key: the key of the source of choices.
            number: the number of the case, from 0 on. The first cases have payloads whose spellings differ from compact JSON, if
                ``MAX_PAYLOADS_PER_TURN`` payloads suffice to find one. They also have the edge values.
            seed: the seed, which selects the edge values if the cases are too few for all of them.

        """
        if number >= len(self.turns):
            choices = SeededChoices(key.encode())
            return self._case(self._payload(choices, number, seed), choices)
        for attempt in range(MAX_PAYLOADS_PER_TURN):
            choices = SeededChoices((f"{key}:{attempt}" if attempt else key).encode())
            payload = self._payload(choices, number, seed)
            spelling = self.turns[number](payload, choices)
            if spelling is not None:
                break
        return _spelt_case(payload, spelling)

    def _case(self, payload: Any, choices: Choices) -> Case:
        return _spelt_case(payload, None if self.spell is None else self.spell(payload, choices))

    def _payload(self, choices: Choices, number: int, seed: int) -> Any:
        return self.payload(choices) if self.edges is None else self.edges(choices, number, seed)


def _spelt_case(payload: Any, spelling: Spelt | None) -> Case:
    if spelling is None:
        return Case("valid", payload)
    return Case("valid", payload, description=spelling[0], raw=spelling[1])


@dataclass(frozen=True, slots=True)
class HostileRecipe:
    """The recipe of hostile cases. Validators disagree on some of their values, so a consumer may reject them.

    Attributes:
        payload: makes a hostile payload from choices.
        label: None.

    """

    payload: Callable[[Choices], Any]
    label: None = None

    def case(self, choices: Choices) -> Case:
        """Return a hostile case."""
        return Case(kind="hostile", payload=self.payload(choices), expectation="survives")


def select_recipes(recipes: Sequence[Recipe], patterns: Iterable[str]) -> tuple[Recipe, ...]:
    """Return the recipes whose labels match one of some patterns, in the order of ``recipes``.

    Args:
        recipes: the recipes of one kind.
        patterns: labels or globs of labels.

    Raises:
        ContractError: a pattern matches no label.

    """
    labels = [recipe.label for recipe in recipes if recipe.label is not None]
    selected = {label for pattern in patterns for label in match_labels(pattern, labels)}
    return tuple(recipe for recipe in recipes if recipe.label in selected)


def match_labels(pattern: str, labels: Sequence[str]) -> list[str]:
    """Return the labels that a pattern matches.

    Args:
        pattern: a label, which matches only itself, or a glob of labels.
        labels: the labels to choose from.

    Raises:
        ContractError: the pattern matches no label; the message suggests the closest one.

    """
    if not labels:
        raise ContractError(f"no case has the label {pattern!r}: cases of this kind have no labels")
    matching = [pattern] if pattern in labels else fnmatch.filter(labels, pattern)
    if not matching:
        raise unknown("label", pattern, labels, listed_by="contractfuzz violations")
    return matching


def sample_cases(recipes: Sequence[Recipe], n: int, seed: int, salt: str, start: int = 0) -> Iterator[Case]:
    """Yield cases: one of each recipe with minimal choices, then random cases, which take the recipes in turn.

    A case depends only on its index, ``seed``, ``salt`` and ``recipes``.

    Args:
        recipes: the recipes to choose from.
        n: the number of cases.
        seed: the seed of the random cases.
        salt: a text that gives different kinds and profiles different random cases.
        start: the index of the first case.

    """
    if not recipes:
        return
    size, key = len(recipes), f"{salt}:{seed}:"
    stride = golden_stride(size)
    for index in islice(count(start), n):
        if index < size:
            yield recipes[index].case(MINIMAL_CHOICES)
        else:
            recipe = recipes[(index * stride + seed) % size]
            if isinstance(recipe, ValidRecipe):
                yield recipe.case_in_turn(f"{key}{index}", index - size, seed)
            else:
                yield recipe.case(SeededChoices(f"{key}{index}".encode()))


@cache
def golden_stride(length: int) -> int:
    """Return the distance of entries of a list that are taken one after the other, so that few are spread over the whole list.

    It is near the golden section of the length and has no common divisor with it, so that every entry has its turn.
    """
    return next(stride for stride in range(round(length * 0.618), length + 2) if gcd(stride, length) == 1)
