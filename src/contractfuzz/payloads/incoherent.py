"""Incoherent payloads: valid by the schema, but breaking a rule that a schema cannot express."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from contractfuzz.payloads.cases.case import Case
from contractfuzz.payloads.choices.protocol import Choices


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a contract that its schema cannot express. Packs define rules.

    Attributes:
        name: the name, which is the label of the cases that break the rule: ``completed-before-started``.
        description: how these cases break the rule, in one line.
        keeps: returns True if a valid payload follows the rule.
        broken: makes from choices a valid payload that breaks this rule and no other rule of the contract.

    Example:
        >>> Rule("end-before-start", "the end is before the start", keeps=is_ordered, broken=make_unordered)

    """

    name: str
    description: str
    keeps: Callable[[Any], bool]
    broken: Callable[[Choices], Any]

    @property
    def label(self) -> str:
        """Label of the cases: the name of the rule."""
        return self.name

    def case(self, choices: Choices) -> Case:
        """Return a case that breaks the rule.

        Args:
            choices: decide on the payload.

        """
        return Case("incoherent", self.broken(choices), self.name, self.description, expectation="survives")
