"""Application of a violation to a payload that is given: the user's own, or one that already has another violation.

The fault path of the violation leads through the payload to its last known place. There, the fault is made from the value that is
there. If the payload lacks the place, such as an optional property, the rest of the path is built by the plan and added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from contractfuzz.claims import FaultClaim
from contractfuzz.json_pointer import MISSING, encode_pointer
from contractfuzz.json_values import copy_json, put_at, value_at
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.own_values import Token, tokens_of
from contractfuzz.payloads.plan.node import FaultCursor, InstancePath, Node
from contractfuzz.payloads.violations.fault import Derived
from contractfuzz.unions.union import OTHER_BODY, TAG

if TYPE_CHECKING:
    from contractfuzz.payloads.cases.violation import Violation
    from contractfuzz.payloads.violations.matrix import ViolationRecipe

MAX_REPLACED_LEVELS = 3
"""Number of objects and arrays around a place that are replaced, one at a time, if nothing smaller has the violation."""

MAX_SEARCHED_ITEMS = 64
"""Number of items of an array, or of members of a map, that are searched for one with the place."""


@dataclass(frozen=True, slots=True)
class Application:
    """A payload with a violation applied to it.

    Attributes:
        payload: the payload with the fault.
        claim: the fault as the label names it, to be confirmed by the oracle.
        place: the path to the value that was replaced or added.
        make_valid: makes the valid value for this place; None if the payload has it already.

    """

    payload: Any
    claim: FaultClaim
    place: tuple[str | int, ...]
    make_valid: Callable[[], Any] | None = None

    def transfer_to(self, payload: Any) -> Any:
        """Return a copy of another payload with the same fault at the same place; ``MISSING`` if it lacks the place.

        Args:
            payload: a payload that is the same around the place.

        """
        try:
            return put_at(copy_json(payload), self.place, copy_json(value_at(self.payload, self.place)))
        except (LookupError, TypeError):
            return MISSING

    def twin_of(self, valid: Any) -> Any:
        """Return a valid payload with the place of the fault, so that it differs in the fault alone.

        Args:
            valid: the payload that the violation was applied to, without any fault.

        Raises:
            LookupError: the valid value is not known.

        """
        copy = copy_json(valid)
        if self.make_valid is None:
            return copy
        try:
            return put_at(copy, self.place, self.make_valid())
        except TypeError:  # the valid payload has another value around the place
            raise LookupError from None


@dataclass(frozen=True, slots=True)
class _Stop:
    """The part of a fault path that a payload has.

    Attributes:
        path: the names and indices that lead to its end in the payload.
        value: the value there.
        position: the number of steps that the payload has.
        visited: for each value on the way, the number of steps before it, and its path.

    """

    path: InstancePath
    value: Any
    position: int
    visited: list[tuple[int, tuple[str | int, ...]]]


class FaultSite:
    """Applies one violation to payloads.

    Args:
        recipe: the recipe of the violation.

    Attributes:
        recipe: the recipe.
        violation: the violation.

    """

    def __init__(self, recipe: ViolationRecipe) -> None:
        self.recipe = recipe
        self.violation: Violation = recipe.violation
        # The oracle confirms the whole payload, so the proof of a part is not needed.
        self._path = replace(recipe.path, proof=None)
        self._steps = self._path.steps
        self._nodes: list[Node] = [recipe.root, *(step.child for step in self._steps)]

    @cached_property
    def _tokens(self) -> list[Token | None]:
        tokens = iter(tokens_of(self.recipe.root, self._steps))
        return [None if step.token is None else next(tokens) for step in self._steps]

    @cached_property
    def _free_steps(self) -> frozenset[int]:
        """Steps into branches that the label does not name, since only the keywords next to the branches are broken."""
        free, count, marks = set(), 0, list(self.recipe.marks)
        for position, step in enumerate(self._steps):
            if step.branch is not None and step.branch.name is not None:
                if (count, step.branch.name) in marks:
                    marks.remove((count, step.branch.name))
                else:
                    free.add(position)
            count += step.token is not None
        return frozenset(free)

    def _is_passed(self, position: int, value: Any) -> bool:
        """Return True if a step that stays at the same value leads on: the value shows its branch."""
        if position in self._free_steps:
            return True
        return any(True for _ in self._nodes[position].values_at(self._steps[position], value))

    @property
    def is_at_root(self) -> bool:
        """True if the violation breaks the payload as a whole, at no place within it."""
        return not self.recipe.suffix and all(step.token is None for step in self._steps)

    def claim(self, path: Sequence[str | int]) -> FaultClaim:
        """Return the claim that the node at a path is broken as the label says."""
        return self.claim_at(encode_pointer([*path, *self.recipe.suffix]))

    def claim_at(self, pointer: str) -> FaultClaim:
        """Return the claim that the violation is at a pointer."""
        violation = self.violation
        is_other_body = (violation.keyword, violation.variant) == (TAG, "other")
        return FaultClaim(pointer, OTHER_BODY if is_other_body else violation.keyword, self.recipe.marks)

    def modes(self) -> range:
        """Return the numbers of the ways to apply the violation, the one that keeps most of the payload first."""
        return range(2 + MAX_REPLACED_LEVELS)

    def apply(
        self,
        payload: Any,
        choices: Choices,
        mode: int,
        *,
        broken: Sequence[str] | None = None,
        avoids_broken: bool = False,
    ) -> Application | None:
        """Apply the violation to a payload.

        Args:
            payload: the payload, which is changed.
            choices: decide on items, map values and the fault.
            mode: 0 to make the fault from the value that the payload has, 1 to make it from the plan's value, more to replace
                more of the payload around the place.
            broken: tokens of a pointer to another fault, which must not be touched; None if there is none.
            avoids_broken: True to choose other items and map values than those around the other fault.

        Returns:
            The result, which the oracle has not confirmed; None if there is none for this mode.

        """
        stop = self._walk(payload, choices, broken if avoids_broken else None)
        is_reached = stop.position == len(self._steps)
        if broken is not None and self._touches(tuple(map(str, stop.path)), tuple(broken), is_reached=is_reached):
            return None
        if mode < 2:
            if is_reached:
                return self._break_value(payload, stop, choices, from_plan=mode == 1)
            return None if mode == 1 else self._add(payload, stop, choices)
        places = list(_replaceable(stop.visited))
        if mode - 2 >= len(places):
            return None
        position, path = places[mode - 2]
        return self._replace(payload, position, path, choices)

    def _walk(self, payload: Any, choices: Choices, avoided: Sequence[str] | None) -> _Stop:
        value: Any = payload
        path: InstancePath = []
        visited: list[tuple[int, tuple[str | int, ...]]] = [(0, ())]
        for position, token in enumerate(self._tokens):
            if token is None:
                if not self._is_passed(position, value):
                    return _Stop(path, value, position, visited)
                continue
            keys = token.keys(value)
            if avoided is not None and token.text.startswith("*"):
                keys = [key for key in keys if (*map(str, path), str(key)) != tuple(avoided[: len(path) + 1])]
            if not keys:
                return _Stop(path, value, position, visited)
            key = self._choose(keys, value, position, choices) if len(keys) > 1 else keys[0]
            path.append(key)
            value = value[key]
            visited.append((position + 1, tuple(path)))
        return _Stop(path, value, len(self._steps), visited)

    def _touches(self, path: tuple[str, ...], broken: tuple[str, ...], *, is_reached: bool) -> bool:
        """Return True if a path leads into a broken place, or to a value around it that is to be broken as a whole."""
        is_whole = is_reached and not self.recipe.suffix
        return path[: len(broken)] == broken or (is_whole and broken[: len(path)] == path)

    def _choose(self, keys: Sequence[str | int], value: Any, position: int, choices: Choices) -> str | int:
        """Choose an item or a member. If the rest of the path is not in it, take the next one that has it."""
        start = choices.index(len(keys))
        for offset in range(min(len(keys), MAX_SEARCHED_ITEMS)):
            key = keys[(start + offset) % len(keys)]
            if self._leads_on(position + 1, value[key]):
                return key
        return keys[start]

    def _leads_on(self, position: int, value: Any) -> bool:
        """Return True if a value has the next steps of the path, up to those into other items."""
        for index in range(position, len(self._steps)):
            token = self._tokens[index]
            if token is None:
                if not self._is_passed(index, value):
                    return False
            else:
                keys = token.keys(value)
                if len(keys) != 1 or token.text.startswith("*"):
                    return bool(keys)
                value = value[keys[0]]
        return True

    def _break_value(self, payload: Any, stop: _Stop, choices: Choices, *, from_plan: bool) -> Application | None:
        """Break the value at the end of the path."""
        node, build = self._nodes[-1], self._path.build_fault
        block = choices.block(node.width)
        if from_plan or not isinstance(build, Derived):
            faulty = build(choices, block, 0)
        else:
            try:
                faulty = build.change_value(copy_json(stop.value), choices, block)
            except LookupError:
                return None
        return Application(put_at(payload, stop.path, faulty), self.claim(stop.path), tuple(stop.path))

    def _add(self, payload: Any, stop: _Stop, choices: Choices) -> Application | None:
        """Add the place that the payload lacks, with the fault inside it."""
        step = self._steps[stop.position]
        token: str | int | None = step.token
        if isinstance(stop.value, dict) and token is not None:
            if step.token is not None and step.token.startswith("*"):
                return self._add_entry(payload, stop, choices)
        elif isinstance(stop.value, list) and token is not None:
            if token not in ("*", str(len(stop.value))):
                return None
            token = len(stop.value)
        else:
            return None
        cursor = FaultCursor(self._path, stop.position + 1)
        faulty = _build(step.child, choices, cursor)
        place = (*stop.path, token)
        claim = self.claim([*place, *cursor.instance_path])
        return Application(put_at(payload, place, faulty), claim, place, cursor.make_twin)

    def _add_entry(self, payload: Any, stop: _Stop, choices: Choices) -> Application | None:
        """Add a member to a map, under a name that the plan chooses."""
        cursor = FaultCursor(self._path, stop.position)
        built = _build(self._nodes[stop.position], choices, cursor)
        name = cursor.instance_path[0] if cursor.instance_path else None
        if name is None or name in stop.value:
            return None
        place = (*stop.path, name)
        claim = self.claim([*stop.path, *cursor.instance_path])
        payload = put_at(payload, place, built[name])
        return Application(payload, claim, place, lambda: cursor.make_twin()[name])

    def _replace(self, payload: Any, position: int, path: Sequence[str | int], choices: Choices) -> Application:
        """Replace a value of the payload by one of the plan with the fault inside it."""
        cursor = FaultCursor(self._path, position)
        faulty = _build(self._nodes[position], choices, cursor)
        claim = self.claim([*path, *cursor.instance_path])
        return Application(put_at(payload, path, faulty), claim, tuple(path), cursor.make_twin)


def _build(node: Node, choices: Choices, cursor: FaultCursor) -> Any:
    """Build a faulty value of a node and give it to the cursor, which makes the twin of the value."""
    cursor.payload = node.build_faulty(choices, choices.block(node.width), 0, cursor)
    return copy_json(cursor.payload)


def _replaceable(
    visited: Sequence[tuple[int, tuple[str | int, ...]]],
) -> Iterator[tuple[int, tuple[str | int, ...]]]:
    """Yield the places within a payload that can be replaced, the innermost first."""
    yield from [place for place in reversed(visited) if place[1]][:MAX_REPLACED_LEVELS]
