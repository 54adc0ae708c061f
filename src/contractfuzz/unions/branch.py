"""Branches as a plan knows them: their names, and when a fault inside one is certainly reported there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from contractfuzz.json_pointer import encode_pointer
from contractfuzz.unions.facts import ANYTHING, Facts
from contractfuzz.unions.names import BranchMark, escape
from contractfuzz.unions.union import Union, UnionFinder

_BASE_BRANCHES = 3
"""Number of branches in which faults of the keywords next to them are tried."""

_ROOT_KEYWORDS = frozenset(
    ("type", "enum", "const", "anyOf", "oneOf", "allOf", "not", "then", "else", "dependentSchemas", "tag")
)
"""Keywords whose faults can turn the value of a branch into one of another branch."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of a union or of a condition.

    Attributes:
        index: its index among the branches of the schema.
        name: its name in locations; None if locations do without, as next to ``null``.
        facts: the facts of its schema.
        tags: the names of the properties that select it.
        is_certain: True if every other branch refuses its payloads, even those that are wrong in other places.
        is_recognised: True if payloads can be recognised as meant for this branch.
        is_condition: True if it is a branch of ``if`` or ``dependentSchemas``.
        has_base: True if other keywords next to the branches describe its payloads.
        tries_base: True if faults of these keywords are tried in this branch.

    """

    index: int
    name: str | None
    facts: Facts
    tags: frozenset[str] = frozenset()
    is_certain: bool = False
    is_recognised: bool = True
    is_condition: bool = False
    has_base: bool = False
    tries_base: bool = True

    def guarantees(self, token: str | None, keyword: str) -> bool:
        """Return True if a fault inside the branch is certainly reported there.

        Args:
            token: the first token of its location after the union's place; None for a fault of the branch's own value.
            keyword: the keyword that it breaks.

        """
        if self.has_base or not self.is_certain:
            return False
        return keyword not in _ROOT_KEYWORDS if token is None else token not in self.tags

    def describes(self, token: str | None, keyword: str | None = None) -> bool:
        """Return True if the branch itself, not only the keywords next to it, can describe something.

        Args:
            token: the name of a property; None for the value of the branch.
            keyword: a keyword of this value; None for any.

        """
        if not self.has_base or self.facts is ANYTHING:
            return True
        if token is None:
            return keyword is None or keyword in self.facts.keywords or self.is_condition
        return token in self.facts.names or self.facts.describes_all_names


def union_branches(union: Union, base: Facts, *, has_base: bool) -> list[Branch]:
    """Return the branches of ``oneOf`` or ``anyOf``.

    Args:
        union: the union.
        base: the facts of the keywords next to the branches.
        has_base: True if these keywords describe more than types.

    """
    branches = []
    for index, facts in enumerate(union.facts):
        signs = union.signs_of(index, base.types)
        branches.append(
            Branch(
                index,
                union.names[index],
                facts,
                signs.tags,
                is_certain=signs.is_certain,
                is_recognised=signs.is_recognised,
                has_base=has_base,
                tries_base=index < _BASE_BRANCHES,
            )
        )
    return branches


def condition_branches(schema: Mapping[str, Any], unions: UnionFinder) -> list[tuple[Branch, Any]]:
    """Return the branches ``then`` and ``else`` of a schema, each with the schema of its payloads."""
    condition = schema["if"]
    parts = {"then": condition, "else": {"not": condition}}
    return [
        (_condition(index, unions.name_condition(schema, keyword), inner, unions), {"allOf": [part, inner]})
        for index, (keyword, part) in enumerate(parts.items())
        for inner in [schema.get(keyword, True)]
    ]


def dependent_branches(schemas: Mapping[str, Any], unions: UnionFinder) -> list[tuple[Branch, Any]]:
    """Return the branches of ``dependentSchemas``, each with the schema of its payloads.

    Args:
        schemas: the value of the keyword.
        unions: the unions of the document.

    Returns:
        A branch without any of the properties, then one for each of them.

    """
    none = _condition(0, None, True, unions), {"properties": dict.fromkeys(schemas, False)}
    return [none] + [
        (_condition(index, escape(name), schema, unions), {"allOf": [{"required": [name]}, schema]})
        for index, (name, schema) in enumerate(schemas.items(), start=1)
    ]


def _condition(index: int, name: str | None, schema: Any, unions: UnionFinder) -> Branch:
    return Branch(index, name, unions.facts.facts_of(schema), is_condition=True, has_base=True)


class Step(Protocol):
    """A step on a path through a plan, which may enter a branch."""

    @property
    def token(self) -> str | None:
        """The token that the step adds to a location; None for no token."""

    @property
    def branch(self) -> Branch | None:
        """The branch that the step enters; None for other steps."""


def branch_marks(steps: Iterable[Step]) -> list[BranchMark]:
    """Return the named branches that steps enter, each with the number of tokens before it."""
    marks: list[BranchMark] = []
    count = 0
    for step in steps:
        if step.branch is not None and step.branch.name is not None:
            marks.append((count, step.branch.name))
        count += step.token is not None
    return marks


def encode_location(tokens: Iterable[str], marks: Iterable[BranchMark]) -> str:
    """Return a location: a JSON Pointer in which the names of branches follow, in parentheses, the place of their union.

    Args:
        tokens: the tokens of the pointer.
        marks: the branches.

    Example:
        >>> encode_location(["event", "email"], [(1, "user.created")])
        '/event(user.created)/email'

    """
    parts = ["", *(encode_pointer([token]) for token in tokens)]
    for position, name in marks:
        parts[position] += f"({name})"
    return "".join(parts)
