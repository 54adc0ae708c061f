"""Names of the branches of a union: readable, the same in every release, and unique within the union."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contractfuzz.json_values import canonical
from contractfuzz.text import truncate
from contractfuzz.unions.facts import Facts

BranchMark = tuple[int, str]
"""A branch that an error is inside: the number of tokens of the union's place, and the name of the branch."""

ERROR_BRANCHES = "branches"
"""Attribute of an error of jsonschema: the branches that it is inside."""

_MAX_NAME_LENGTH = 60
_MAX_VALUES = 3
"""Number of values of a tag that a name lists."""

_MISREAD = re.compile(r"[^\w .:+@!=|,;&-]")
"""Characters that a JSON Pointer, a glob, a shell or a reader of locations would misread."""


def name_branches(
    branches: Sequence[Any], facts: Sequence[Facts], values: Sequence[Sequence[Any]], hinted: Mapping[int, str]
) -> tuple[str, ...]:
    """Return the names of the branches of a union.

    Args:
        branches: the schemas of the branches.
        facts: their facts.
        values: for each branch the values of the tag that it is recognised by.
        hinted: for branches that a discriminator names, the value that it names them by.

    Returns:
        For each branch the first of these that no other branch has: the values of its tag, the name of the component that it
        refers to, its title, a required property that no other branch describes, its JSON type, its index (``#2``).

    """
    described = Counter(name for one in facts for name in one.names)
    candidates = []
    for index, branch in enumerate(branches):
        tag = [hinted[index]] if index in hinted and not values[index] else values[index]
        names = map(escape, describe_branch(branch, facts[index], tag, described))
        candidates.append([*dict.fromkeys(names), f"#{index}"])
    counts = Counter(name for names in candidates for name in names)
    return tuple(next(name for name in names if counts[name] == 1 or name == names[-1]) for names in candidates)


def describe_branch(branch: Any, facts: Facts, tag: Sequence[Any], described: Mapping[str, int]) -> Iterator[str]:
    """Yield the names that a branch can have, the best first. See ``name_branches``."""
    if tag and len(tag) <= _MAX_VALUES:
        yield "|".join(value if isinstance(value, str) else canonical(value) for value in tag)
    if isinstance(branch, Mapping):
        if isinstance(branch.get("$ref"), str) and branch["$ref"].startswith("#/$defs/"):
            yield branch["$ref"].rpartition("/")[2]
        if isinstance(branch.get("title"), str):
            yield branch["title"]
    if tag:
        yield tag[0] if isinstance(tag[0], str) else canonical(tag[0])
    yield from (name for name in sorted(facts.required) if described[name] == 1)
    if facts.types is not None and len(facts.types) == 1:
        yield from facts.types


def escape(name: str) -> str:
    """Return a name in which characters that a pointer or a glob would misread are percent-encoded, not too long.

    Args:
        name: the name.

    """
    return _MISREAD.sub(_percent_encode, truncate(name, _MAX_NAME_LENGTH)) or '""'


def _percent_encode(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))
