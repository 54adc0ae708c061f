"""Recognition of the branch of a union that a payload is meant to be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from contractfuzz.json_values import canonical, json_type
from contractfuzz.unions.conditions import name_condition
from contractfuzz.unions.facts import FactFinder, Facts, Key, common_types, key_of
from contractfuzz.unions.names import name_branches

TAG = "tag"
"""Keyword of the error of a union whose tag is missing or has a value that no branch allows."""

OTHER_BODY = "tag.other"
"""Stands for the keyword of an object with the tag of one branch and the content of another one."""


Indices = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Tag:
    """A property whose value separates some branches from each other.

    Attributes:
        name: the name of the property.
        values: the values that any of the branches allows, in the order of the document.
        groups: for each value the branches that allow it.
        others: the branches that do not list values of the property.
        optional: the branches that allow the property to be absent.

    """

    name: str
    values: tuple[Any, ...]
    groups: Mapping[Key, Indices]
    others: Indices
    optional: Indices

    def candidates(self, payload: Mapping[str, Any]) -> Indices:
        """Return the branches that the tag of an object leaves."""
        if self.name not in payload:
            return self.optional
        key = key_of(payload[self.name])
        return (*self.groups.get(key, ()), *self.others) if key is not None else self.others


@dataclass(frozen=True, slots=True)
class Recognition:
    """The branches that a payload can be meant for.

    Attributes:
        candidates: the branches that can accept it; all others certainly refuse it.
        branch: the branch that it is meant for; None if the payload does not show it.
        tag: the tag whose value, or absence, no branch allows; None if this is not the reason.

    """

    candidates: Indices
    branch: int | None = None
    tag: Tag | None = None


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs by which payloads of one branch are recognised.

    Attributes:
        tags: the names of the tags that lead to the branch.
        is_certain: True if every other branch refuses its payloads, even those that are wrong in other places.
        is_recognised: True if some payloads can be recognised.

    """

    tags: frozenset[str]
    is_certain: bool
    is_recognised: bool


_VALUES: Mapping[str, Any] = {
    "null": None,
    "boolean": True,
    "integer": 1.0,
    "number": 1.0,
    "string": "",
    "array": [],
    "object": {},
}
"""For each JSON type a value; the value of a number also counts as an integer."""


class Union:
    """The branches of ``oneOf`` or ``anyOf``.

    Attributes:
        branches: the schemas of the branches.
        facts: the facts of each branch.
        hints: for each value of the property that ``discriminator`` names, the branch that its ``mapping`` names, or the one
            that refers to a component of this name.
        hint: the name of this property; None without a ``discriminator``.
        optional: the branch next to ``null``, if the union has no other branches; else None.

    """

    def __init__(self, branches: Sequence[Any], discriminator: Any, finder: FactFinder) -> None:
        self.branches = branches
        self.facts: list[Facts] = [finder.facts_of(branch) for branch in branches]
        self.hint, self.hints = _read_discriminator(discriminator, branches)
        self.optional = _optional_branch(self.facts)
        self._tags: dict[Indices, Tag | None] = {}
        self._by_type: dict[str, Indices] = {}
        self._own: dict[Indices, Mapping[str, int]] = {}

    @cached_property
    def twins(self) -> tuple[int, ...]:
        """For each branch the first branch with the same schema."""
        first: dict[str, int] = {}
        return tuple(first.setdefault(canonical(branch), index) for index, branch in enumerate(self.branches))

    @cached_property
    def names(self) -> tuple[str | None, ...]:
        """The names of the branches. The branch next to ``null`` needs none."""
        if self.optional is not None:
            return (None,) * len(self.branches)
        hinted = {index: value for value, index in reversed(list(self.hints.items()))}
        values = [self._naming_values(index) for index in range(len(self.branches))]
        return name_branches(self.branches, self.facts, values, hinted)

    def _naming_values(self, index: int) -> list[Any]:
        """Return the values of the tags that lead to a branch, or the values of the branch itself."""
        facts = self.facts[index]
        if facts.values is not None:
            return list(facts.values.values())
        names = [tag.name for tag in self._tags_towards(index)]
        return [value for name in names[-1:] for value in facts.tags[name].values()]

    def recognise(self, payload: Any) -> Recognition:
        """Return the branches that a payload can be meant for."""
        if self.optional is not None:
            null = tuple(index for index in range(2) if index != self.optional)
            return Recognition((self.optional,), self.optional) if payload is not None else Recognition(null, None)
        candidates = self._allowing(payload)
        if len(candidates) > 1 and not isinstance(payload, dict):
            candidates = self._with_value(candidates, payload)
        while len(candidates) > 1 and isinstance(payload, dict):
            tag = self.tag_of(candidates)
            remaining = candidates if tag is None else tag.candidates(payload)
            if tag is not None and not remaining:
                return Recognition((), None, tag)
            if len(remaining) == len(candidates):
                return Recognition(candidates, self._guess(candidates, payload))
            candidates = remaining
        return Recognition(candidates, candidates[0] if len(candidates) == 1 else None)

    def lacks_required(self, index: int, payload: Any) -> bool:
        """Return True if a payload lacks a required property of a branch, so that it cannot match."""
        return isinstance(payload, dict) and not self.facts[index].required <= payload.keys()

    def _allowing(self, payload: Any) -> Indices:
        """Return the branches that allow the type of a payload."""
        name = json_type(payload)
        if name == "number" and float(payload).is_integer():
            name = "integral number"
        if name not in self._by_type:
            found = (index for index, facts in enumerate(self.facts) if facts.allows_type_of(payload))
            self._by_type[name] = tuple(found)
        return self._by_type[name]

    def _with_value(self, candidates: Indices, payload: Any) -> Indices:
        key = key_of(payload)
        lists = [(index, self.facts[index].values) for index in candidates]
        return tuple(index for index, values in lists if values is None or key in values)

    def _guess(self, candidates: Indices, payload: Mapping[str, Any]) -> int | None:
        """Return the branch that the discriminator names, or the only one with a required property that the payload has."""
        if self.hint is not None and isinstance(payload.get(self.hint), str):
            index = self.hints.get(payload[self.hint])
            return index if index in candidates else None
        own = self._own_required(candidates)
        owners = {own[name] for name in payload if name in own}
        return owners.pop() if len(owners) == 1 else None

    def _own_required(self, candidates: Indices) -> Mapping[str, int]:
        """Return for each property that one branch requires, and that no other one declares, this branch."""
        if candidates not in self._own:
            declared = Counter(name for index in candidates for name in self.facts[index].names)
            self._own[candidates] = {
                name: index for index in candidates for name in self.facts[index].required if declared[name] == 1
            }
        return self._own[candidates]

    def tag_of(self, candidates: Indices) -> Tag | None:
        """Return the tag that separates branches, the one of most branches if there are several."""
        if candidates not in self._tags:
            self._tags[candidates] = self._find_tag(candidates)
        return self._tags[candidates]

    def _find_tag(self, candidates: Indices) -> Tag | None:
        declared: dict[str, list[int]] = {}
        for index in candidates:
            for name in self.facts[index].tags:
                declared.setdefault(name, []).append(index)
        tags = [self._make_tag(name, candidates, indices) for name, indices in declared.items() if len(indices) > 1]
        ranked = [(self._rank(tag), tag) for tag in tags if tag is not None]
        return max(ranked, key=lambda pair: pair[0])[1] if ranked else None

    def _rank(self, tag: Tag) -> tuple[bool, int, int, int]:
        return tag.name == self.hint, -len(tag.others), -len(tag.optional), len(set(tag.groups.values()))

    def _make_tag(self, name: str, candidates: Indices, declaring: Sequence[int]) -> Tag | None:
        """Return a tag if the values of any two branches are the same or have none in common."""
        groups: dict[Key, list[int]] = {}
        values: dict[Key, Any] = {}
        for index in declaring:
            for key, value in self.facts[index].tags[name].items():
                groups.setdefault(key, []).append(index)
                values.setdefault(key, value)
        classes = {tuple(indices) for indices in groups.values()}
        if len(classes) < 2 or sum(map(len, classes)) != len(declaring):
            return None
        return Tag(
            name,
            tuple(values.values()),
            {key: tuple(indices) for key, indices in groups.items()},
            tuple(index for index in candidates if name not in self.facts[index].tags),
            tuple(index for index in candidates if name not in self.facts[index].required),
        )

    # --- what is known without a payload ------------------------------------------------------------------------------------

    def signs_of(self, index: int, types: frozenset[str] | None = None) -> Signs:
        """Return how payloads of a branch are recognised.

        Args:
            index: the branch.
            types: the types of all payloads of the union; None for any.

        """
        if self.optional is not None:
            return Signs(frozenset(), is_certain=True, is_recognised=index == self.optional)
        own = common_types(self.facts[index].types, types)
        steps = self._steps_towards(index)
        rivals = self._objects if not steps else steps[-1][1]
        certain = [self._is_certain(index, name) for name in own or ()]
        is_recognised = (
            rivals == (index,)
            or any(certain)
            or index in self.hints.values()
            or index in self._own_required(rivals).values()
        )
        is_certain = own is not None and all(certain)
        return Signs(frozenset(tag.name for tag, _ in steps), is_certain, is_recognised)

    def _is_certain(self, index: int, type_name: str) -> bool:
        # ``1.0`` is an integer and a number.
        allowing = self._allowing(_VALUES[type_name])
        if allowing == (index,) or type_name != "object":
            return allowing == (index,)
        steps = self._steps_towards(index)
        is_required = all(tag.name in self.facts[index].required for tag, _ in steps)
        return is_required and bool(steps) and steps[-1][1] == (index,)

    @property
    def _objects(self) -> Indices:
        """The branches that allow objects."""
        return self._allowing({})

    def _tags_towards(self, index: int) -> list[Tag]:
        return [tag for tag, _ in self._steps_towards(index)]

    def _steps_towards(self, index: int) -> list[tuple[Tag, Indices]]:
        """Return the tags by which objects of a branch are recognised, each with the branches that its value leaves."""
        steps: list[tuple[Tag, Indices]] = []
        candidates = self._objects if self.facts[index].allows_type_of({}) else ()
        while len(candidates) > 1 and (tag := self.tag_of(candidates)) is not None and index not in tag.others:
            key = next(iter(self.facts[index].tags[tag.name]), None)
            remaining = (*tag.groups.get(key, ()), *tag.others) if key is not None else ()
            if index not in remaining or len(remaining) == len(candidates):
                break
            steps.append((tag, remaining))
            candidates = remaining
        return steps

    def tags(self) -> Iterator[tuple[Tag, Indices]]:
        """Yield each tag that all of some branches list, with these branches."""
        waiting = [self._objects]
        seen: set[Indices] = set()
        while waiting:
            candidates = waiting.pop()
            if len(candidates) < 2 or candidates in seen:
                continue
            seen.add(candidates)
            tag = self.tag_of(candidates)
            if tag is not None and not tag.others:
                yield tag, candidates
                waiting += dict.fromkeys(tag.groups.values())


class UnionFinder:
    """Finds the unions of one document. Each is analysed once.

    Args:
        root: the document that the references lead to.

    """

    def __init__(self, root: Any) -> None:
        self.facts = FactFinder(root)
        self._unions: dict[int, tuple[Any, Union]] = {}
        self._conditions: dict[tuple[int, str], tuple[Any, str | None]] = {}

    def find(self, branches: Sequence[Any], schema: Mapping[str, Any]) -> Union:
        """Return the union of the branches of ``oneOf`` or ``anyOf``.

        Args:
            branches: the branches.
            schema: the schema around them.

        """
        if id(branches) not in self._unions:
            self._unions[id(branches)] = branches, Union(branches, schema.get("discriminator"), self.facts)
        return self._unions[id(branches)][1]

    def name_condition(self, schema: Mapping[str, Any], keyword: str) -> str | None:
        """Return the name of ``then`` or ``else`` of a schema; see ``name_condition``."""
        if (id(schema), keyword) not in self._conditions:
            self._conditions[id(schema), keyword] = schema, name_condition(schema, keyword, self.facts)
        return self._conditions[id(schema), keyword][1]


def _optional_branch(facts: Sequence[Facts]) -> int | None:
    nulls = [index for index, one in enumerate(facts) if one.types == frozenset({"null"})]
    if len(facts) == 2 and len(nulls) == 1 and not facts[1 - nulls[0]].allows_type_of(None):
        return 1 - nulls[0]
    return None


def _read_discriminator(discriminator: Any, branches: Sequence[Any]) -> tuple[str | None, Mapping[str, int]]:
    """Return the name of the property and the branch of each of its values."""
    if not isinstance(discriminator, Mapping) or not isinstance(discriminator.get("propertyName"), str):
        return None, {}
    targets: dict[str, int] = {}
    for index, branch in enumerate(branches):
        if isinstance(branch, Mapping) and isinstance(branch.get("$ref"), str):
            targets.setdefault(branch["$ref"].rpartition("/")[2], index)
    mapping = discriminator.get("mapping")
    mapped = (
        {value: target.rpartition("/")[2] for value, target in mapping.items()} if isinstance(mapping, Mapping) else {}
    )
    hints = {value: targets[name] for value, name in mapped.items() if name in targets}
    hinted = set(hints.values())
    hints |= {name: index for name, index in targets.items() if index not in hinted}
    return discriminator["propertyName"], hints
