"""Names of the branches of ``if`` and ``dependentSchemas``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contractfuzz.unions.facts import FactFinder, Facts
from contractfuzz.unions.names import describe_branch, escape

_BRANCHES = ("then", "else")
_CONDITION = frozenset({"if", "then", "else"})


def name_condition(schema: Mapping[str, Any], keyword: str, finder: FactFinder) -> str | None:
    """Return the name of ``then`` or ``else``.

    Args:
        schema: the schema that has an ``if``.
        keyword: ``then`` or ``else``.
        finder: finds the facts of schemas.

    Returns:
        The values of the property that the condition is about, the name of the component that the branch refers to, its title,
        or the keyword; None for a branch that only has another ``if``: its branches have names of their own.

    """
    branch = schema.get(keyword, True)
    if isinstance(branch, Mapping) and branch and _CONDITION.issuperset(branch):
        return None
    names = {}
    for each in _BRANCHES:
        inner = schema.get(each, True)
        tag = _condition_values(finder.facts_of(schema["if"]), finder.facts_of(inner), is_met=each == "then")
        names[each] = [*map(escape, describe_branch(inner, Facts(), tag, {})), each]
    other = names[_BRANCHES[keyword == "then"]]
    return next(name for name in names[keyword] if name not in other)


def _condition_values(condition: Facts, branch: Facts, *, is_met: bool) -> list[Any]:
    """Return the values of the first property of a condition in payloads of a branch."""
    for name, values in condition.tags.items():
        if name in branch.tags:
            return list(branch.tags[name].values())
        if is_met:
            return list(values.values())
    return []
