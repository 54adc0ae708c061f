"""Payloads that keep the schema and break a rule that a schema cannot say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from contractfuzz.payloads.cases.case import Case
from contractfuzz.payloads.choices.protocol import Choices


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a contract beyond its schema, brought by a pack.

    Attributes:
        name: the label of the cases that break it: ``completed-before-started``.
        description: the break in words, one line.
        keeps: whether a valid payload keeps the rule.
        broken: makes, from choices, a payload that is valid and breaks this rule and no other of the contract.

    """

    name: str
    description: str
    keeps: Callable[[Any], bool]
    broken: Callable[[Choices], Any]

    @property
    def label(self) -> str:
        """The rule's name."""
        return self.name

    def case(self, choices: Choices) -> Case:
        """Return a case that breaks the rule."""
        return Case("incoherent", self.broken(choices), self.name, self.description, expectation="survives")
