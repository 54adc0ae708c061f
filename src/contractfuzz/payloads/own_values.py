"""The user's own values: at their locations, they take the place of half of the values that a plan makes."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from contractfuzz.claims import FaultClaim
from contractfuzz.errors import ContractError, unknown
from contractfuzz.json_pointer import encode_pointer, parse_pointer
from contractfuzz.json_values import copy_json, is_json_value
from contractfuzz.patterns.engine import compile_pattern
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.choices.seeded import attempts
from contractfuzz.payloads.plan.node import MAX_LOCATIONS, FaultCursor, FaultPath, Node, PathStep
from contractfuzz.payloads.walking import child_steps, walk
from contractfuzz.text import json_text, one_line
from contractfuzz.unions.branch import branch_marks, encode_location

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle
    from contractfuzz.unions.names import BranchMark

Values = Mapping[str, Sequence[Any]]
"""Lists of values by location, or by a glob of locations."""

CHECK_ATTEMPTS = 12
"""Number of payloads that are built to check one value at its location."""

_NONE_MODE, _ALL_MODE = 86, 171
"""Bytes below which a location gets no own value, or the same one everywhere in a payload. From there on, each place decides."""

_MODE_BYTES, _PLACE_BYTES = 48, 48
"""Numbers of bytes that decide on locations and on places. Three serve one of them, and again one 16 later."""

_MAX_SHOWN_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a location, and how it selects members and items.

    Attributes:
        text: the token: a name, an index, ``*``, or ``*(pattern)``.
        declared: the other tokens at the same place, which ``*`` does not select.

    """

    text: str
    declared: frozenset[str]

    def keys(self, container: Any) -> list[Any]:
        """Return the names or indices in an object or array that the token selects."""
        if isinstance(container, list):
            return [index for index in range(len(container)) if self._selects(str(index))]
        return [name for name in container if self._selects(name)] if isinstance(container, dict) else []

    def _selects(self, name: str) -> bool:
        if name in self.declared or name == self.text:
            return name == self.text
        if self.text.startswith("*(") and self.text.endswith(")"):
            return compile_pattern(self.text[2:-1]).search(name)
        return self.text == "*"


@dataclass(frozen=True, slots=True)
class Placement:
    """A location with the values that are used there."""

    tokens: tuple[Token, ...]
    values: tuple[Any, ...]


class OwnValues:
    """The user's values of one contract, checked against its schema.

    Args:
        root: the plan of the contract.
        oracle: the oracle of its schema.
        values: the values by location, or by a glob of locations.

    Raises:
        ContractError: a glob matches no location, or a value breaks the schema at its location.

    """

    def __init__(self, root: Node, oracle: Oracle, values: Values) -> None:
        self._root, self._oracle = root, oracle
        locations: dict[str, list[tuple[PathStep, ...]]] = {}
        self._is_guarded = root.oracle is not None
        for steps, _ in islice(walk(root, child_steps), MAX_LOCATIONS):
            tokens = [step.token for step in steps if step.token is not None]
            for location in {encode_pointer(tokens), encode_location(tokens, branch_marks(steps))}:
                locations.setdefault(location, []).append(steps)
            self._is_guarded |= bool(steps) and steps[-1].child.oracle is not None
        by_location = {
            location: listed for glob, listed in values.items() for location in _match_locations(glob, list(locations))
        }
        # A value inside another one comes after it.
        ordered = sorted(by_location, key=lambda location: location.count("/"))
        self._places = [self._make_place(location, locations[location], by_location[location]) for location in ordered]

    def draw(self, choices: Choices) -> bytes:
        """Draw the places that get values, before the payload itself is built. Consumes one choice.

        Shrinking deletes choices of the payload. Choices that come after them would change their meaning.
        """
        return choices.block(_MODE_BYTES + _PLACE_BYTES)

    def place_in(
        self,
        payload: Any,
        block: bytes,
        kept: str | None = None,
        keyword: str | None = None,
        branches: Sequence[BranchMark] = (),
    ) -> Any:
        """Return a payload with values of the user in half of their places.

        Args:
            payload: the payload, which may be changed.
            block: the result of ``draw``.
            kept: the pointer to a value that stays as it is, with all that it contains; None if there is none.
            keyword: the keyword that is broken there; None for a valid payload.
            branches: the branches of unions that the label names.

        """
        if not any(block[:_MODE_BYTES]):
            return payload

        def is_as_before(changed: Any) -> bool:
            if kept is None or keyword is None:
                return self._oracle.is_valid(changed)
            return self._oracle.confirms(changed, [FaultClaim(kept, keyword, tuple(branches))])

        # Other keywords may compare the values of several places, so the oracle decides.
        original = json.dumps(payload) if self._is_guarded else None
        path = None if kept is None else parse_pointer(kept)
        changed = self._replace(payload, block, path)
        if original is None or is_as_before(changed):
            return changed
        return self._replace(json.loads(original), block, path, is_as_before)

    def _replace(
        self,
        payload: Any,
        block: bytes,
        kept: Sequence[str] | None,
        is_allowed: Callable[[Any], bool] = lambda _: True,
    ) -> Any:
        holder = [payload]
        at = 0
        for index, place in enumerate(self._places):
            slot = 3 * index % _MODE_BYTES
            mode = block[slot]
            if mode < _NONE_MODE:
                continue
            for container, key, path in _find(holder, 0, (), place.tokens):
                if mode >= _ALL_MODE:
                    # Shrinking turns this into the same value everywhere, so that places before this one can be deleted.
                    slot, at = _MODE_BYTES + at, (at + 3) % _PLACE_BYTES
                    if block[slot] < 128:
                        continue
                if not _is_related(path, kept):
                    selector = block[slot + 1] << 8 | block[slot + 2]
                    before = container[key]
                    container[key] = copy_json(place.values[selector * len(place.values) >> 16])
                    if not is_allowed(holder[0]):
                        container[key] = before
        return holder[0]

    def _make_place(self, location: str, paths: Sequence[tuple[PathStep, ...]], values: Sequence[Any]) -> Placement:
        for value in values:
            problems = [self._problem(steps, value) for steps in paths]
            if all(problems):
                shown = one_line(json_text(value), _MAX_SHOWN_CHARACTERS)
                problem = one_line(str(problems[0]), _MAX_SHOWN_CHARACTERS)
                raise ContractError(
                    f"the value {shown} at {location or 'the root'} breaks the schema: {problem}; correct or remove it"
                )
        return Placement(tokens_of(self._root, paths[0]), tuple(copy_json(value) for value in values))

    def _problem(self, steps: tuple[PathStep, ...], value: Any) -> str:
        """Return why no payload is valid with a value at the end of a path; nothing if one is."""
        problem = ""
        for choices in attempts("own value", CHECK_ATTEMPTS):
            cursor = FaultCursor(FaultPath(steps, lambda _choices, _block, _at: copy_json(value)))
            payload = self._root.build_faulty(choices, choices.block(self._root.width), 0, cursor)
            pointer = encode_pointer(cursor.instance_path)
            errors = sorted(self._oracle.errors(payload), key=lambda error: not error.pointer.startswith(pointer))
            if not errors:
                return ""
            problem = problem or errors[0].message
        return problem


def read_values(values: Any) -> dict[str, list[Any]]:
    """Return values by location as lists.

    Args:
        values: the values as the user gives them; None for none.

    Raises:
        ContractError: they are not lists of JSON values by location.

    """
    if values is None:
        return {}
    if not isinstance(values, Mapping) or not all(isinstance(location, str) for location in values):
        raise ContractError('values must be an object of lists by location, such as {"/id": ["33451"]}: write it so')
    return {location: _read_list(location, listed) for location, listed in values.items()}


def _read_list(glob: str, values: Any) -> list[Any]:
    if not isinstance(values, list | tuple) or not values:
        raise ContractError(f"the values at {glob} are not a list of values: write at least one value in a list")
    for value in values:
        if not is_json_value(value):
            shown = one_line(repr(value), _MAX_SHOWN_CHARACTERS)
            raise ContractError(f"the value {shown} at {glob} is not a JSON value: correct or remove it")
    return list(values)


def _match_locations(glob: str, locations: Sequence[str]) -> list[str]:
    # A glob stands for locations without the names of branches, if there are such.
    plain = [location for location in locations if "(" not in location]
    matching = [glob] if glob in locations else fnmatch.filter(plain, glob) or fnmatch.filter(locations, glob)
    if not matching:
        raise unknown("location", glob, [location for location in locations if location])
    return matching


def tokens_of(root: Node, steps: Iterable[PathStep]) -> tuple[Token, ...]:
    """Return the tokens of the steps that have one."""
    tokens = []
    node = root
    for step in steps:
        if step.token is not None:
            others = {other.token for other in child_steps(node) if other.token is not None}
            declared = frozenset(token for token in others if not token.startswith("*"))
            tokens.append(Token(step.token, declared - {step.token}))
        node = step.child
    return tuple(tokens)


def _find(
    container: Any, key: Any, path: tuple[str, ...], tokens: Sequence[Token]
) -> list[tuple[Any, Any, tuple[str, ...]]]:
    """Return the containers and keys of the values at a location inside ``container[key]``, with the path to each."""
    if not tokens:
        return [(container, key, path)]
    value = container[key]
    return [found for name in tokens[0].keys(value) for found in _find(value, name, (*path, str(name)), tokens[1:])]


def _is_related(path: Sequence[str], kept: Sequence[str] | None) -> bool:
    """Return True if one of two paths leads to the other, or through it."""
    if kept is None:
        return False
    return all(one == other for one, other in zip(path, kept, strict=False))
