"""What both engines cook from: one recipe for each label, which turns choices into a case."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from typing import Any, Protocol

from contractfuzz.errors import ContractError, unknown
from contractfuzz.payloads.cases.case import Case
from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.choices.seeded import SeededChoices


class Recipe(Protocol):
    """Makes the cases of one label."""

    @property
    def label(self) -> str | None:
        """The label of its cases."""

    def case(self, choices: Choices) -> Case:
        """Return a case, decided by ``choices``."""


@dataclass(frozen=True, slots=True)
class ValidRecipe:
    """The recipe of valid cases."""

    payload: Callable[[Choices], Any]
    label: None = None

    def case(self, choices: Choices) -> Case:
        """Return a valid case."""
        return Case(kind="valid", payload=self.payload(choices))


@dataclass(frozen=True, slots=True)
class HostileRecipe:
    """The recipe of hostile cases. Validators disagree on some of their values, so a consumer may reject them."""

    payload: Callable[[Choices], Any]
    label: None = None

    def case(self, choices: Choices) -> Case:
        """Return a hostile case."""
        return Case(kind="hostile", payload=self.payload(choices), expectation="survives")


def select(recipes: Sequence[Recipe], patterns: Iterable[str]) -> tuple[Recipe, ...]:
    """Return the recipes whose labels ``patterns`` name, each by a label or a glob; ContractError for one that names none."""
    labels = [recipe.label for recipe in recipes if recipe.label is not None]
    chosen = {label for pattern in patterns for label in matching(pattern, labels)}
    return tuple(recipe for recipe in recipes if recipe.label in chosen)


def matching(pattern: str, labels: Sequence[str]) -> list[str]:
    """Return those of ``labels`` that a label or a glob of labels names; ContractError with the nearest where it names none."""
    found = [pattern] if pattern in labels else fnmatch.filter(labels, pattern)
    if not labels:
        raise ContractError(
            f"no case is called {pattern!r}: cases of this kind have no labels, those of another kind may"
        )
    if not found:
        raise unknown("label", pattern, labels)
    return found


def sample(recipes: Sequence[Recipe], n: int, seed: int, salt: str, start: int = 0) -> Iterator[Case]:
    """Yield the cases ``start`` to ``start + n``: each recipe once with the simplest choices, then random ones of any.

    A case depends on its number, ``seed`` and ``salt`` alone.
    """
    if not recipes:
        return
    rounds = len(recipes)
    for number in islice(count(start), n):
        if number < rounds:
            yield recipes[number].case(MINIMAL_CHOICES)
        else:
            choices = SeededChoices(f"{salt}:{seed}:{number}".encode())
            yield recipes[choices.index(rounds) if rounds > 1 else 0].case(choices)
