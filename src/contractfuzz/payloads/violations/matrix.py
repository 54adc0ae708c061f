"""The matrix: every way to break a plan at one location, and the recipes of the cases that do it.

The faults of a node are those of its keywords, each broken in every variant that real producers get wrong. A payload is built
along the path to one node, whose own value is broken. A violation whose label the plan does not guarantee is listed only with a
proof; ``contractfuzz.payloads.plan.node`` explains proofs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contractfuzz.json_pointer import encode_pointer
from contractfuzz.payloads.cases.case import Case
from contractfuzz.payloads.cases.violation import Violation
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.own_values import OwnValues
from contractfuzz.payloads.plan.node import (
    MAX_LOCATIONS,
    MAX_STEPS_TO_LOCATION,
    FaultCursor,
    FaultPath,
    Node,
    PathStep,
)
from contractfuzz.payloads.violations.arrays import ARRAY_FAULTS
from contractfuzz.payloads.violations.compositions import (
    MAX_SEARCH_SHARE,
    MAX_SEARCH_WORK,
    composition_faults,
    is_composed,
)
from contractfuzz.payloads.violations.enums import enum_faults
from contractfuzz.payloads.violations.fault import Fault
from contractfuzz.payloads.violations.numbers import NUMBER_FAULTS
from contractfuzz.payloads.violations.objects import OBJECT_FAULTS
from contractfuzz.payloads.violations.proof import prove
from contractfuzz.payloads.violations.strings import STRING_FAULTS
from contractfuzz.payloads.violations.types import type_faults

FAULTS_BY_TYPE: dict[str, Mapping[str, Callable[[Any], Iterator[Fault]]]] = {
    "number": NUMBER_FAULTS,
    "string": STRING_FAULTS,
    "array": ARRAY_FAULTS,
    "object": OBJECT_FAULTS,
}
"""For each JSON type the faults of its keywords; integers are numbers."""


@dataclass(frozen=True, slots=True)
class ViolationRecipe:
    """The recipe of one violation's cases.

    Attributes:
        violation: the violation.
        root: the root of the plan.
        path: the path to the node that it breaks.
        suffix: the tokens that its location has beyond that node.
        own_values: the user's own values, which are used outside of the fault; None if there are none.

    """

    violation: Violation
    root: Node
    path: FaultPath
    suffix: tuple[str, ...]
    own_values: OwnValues | None = None

    @property
    def label(self) -> str:
        """The violation's id."""
        return self.violation.id

    def case(self, choices: Choices) -> Case:
        """Build a case of this violation."""
        cursor = FaultCursor(self.path)
        payload = self.root.build_faulty(choices, choices.block(self.root.width), 0, cursor)
        pointer = encode_pointer([*cursor.instance_path, *self.suffix])
        if self.own_values is not None:
            payload = self.own_values.place_in(payload, choices, pointer, self.violation.keyword)
        cursor.payload = payload
        return Case(
            kind="invalid",
            payload=payload,
            label=self.violation.id,
            description=self.violation.description,
            pointer=pointer,
            expectation="rejects",
            make_twin=cursor.make_twin,
        )


@dataclass(frozen=True, slots=True)
class Matrix:
    """The recipes of the violations of a plan.

    Attributes:
        recipes: the recipe of every listed violation, in the order of the schema.
        is_complete: True if all locations of the schema are listed, False if only those nearest to the root are.

    """

    recipes: tuple[ViolationRecipe, ...]
    is_complete: bool


def make_matrix(root: Node, own_values: OwnValues | None = None) -> Matrix:
    """Return the recipes of the violations of a plan, whose cases have the user's own values."""
    recipes: dict[str, ViolationRecipe] = {}
    walk, is_complete = _walk(root)
    faults = _find_faults(dict.fromkeys(node for _, node in walk))
    for steps, node in walk:
        tokens = [step.token for step in steps if step.token is not None]
        for fault in faults[node]:
            location = encode_pointer([*tokens, *fault.suffix])
            violation = Violation(location, fault.keyword, fault.variant, fault.description)
            if violation.id not in recipes:
                path = prove(
                    FaultPath(steps, fault.build, build_twin=fault.build_twin), root, fault.keyword, fault.suffix
                )
                if path is not None:
                    recipes[violation.id] = ViolationRecipe(violation, root, path, fault.suffix, own_values)
    return Matrix(tuple(recipes.values()), is_complete)


def _find_faults(nodes: Iterable[Node]) -> dict[Node, list[Fault]]:
    """Return the faults of each node. A node can be at many locations, but its faults are searched for once."""
    # A guarded node has the same faults as its guard.
    guarded = {node.unguarded for node in nodes if node.unguarded is not node}
    composed = sum(is_composed(node) for node in nodes if node not in guarded)
    share = min(MAX_SEARCH_SHARE, MAX_SEARCH_WORK // max(1, composed))
    return {node: list(faults_of(node, 0 if node in guarded else share)) for node in nodes}


def _walk(root: Node) -> tuple[list[tuple[tuple[PathStep, ...], Node]], bool]:
    """Return the nodes with the steps to each, in the order of the schema, and True if they are all.

    A recursive node is not listed, and entered once per path. The nodes nearest to the root come first if they are too many.
    """
    found: dict[tuple[int, ...], tuple[tuple[PathStep, ...], Node]] = {}
    waiting: deque[tuple[tuple[int, ...], tuple[PathStep, ...], Node]] = deque([((), (), root)])
    is_complete = True
    while waiting:
        position, steps, node = waiting.popleft()
        if node.is_recursive and any(step.child is node for step in steps[:-1]):
            continue
        if len(found) == MAX_LOCATIONS:
            return [found[key] for key in sorted(found)], False
        if not node.is_recursive:
            found[position] = steps, node
        children = node.steps()
        if children and len(steps) >= MAX_STEPS_TO_LOCATION:
            is_complete = False
            continue
        waiting.extend(((*position, index), (*steps, step), step.child) for index, step in enumerate(children))
    return [found[key] for key in sorted(found)], is_complete


def faults_of(node: Node, max_work: int = MAX_SEARCH_SHARE) -> Iterator[Fault]:
    """Yield the faults of one node, without those of its children.

    Args:
        node: the node.
        max_work: the work of a search for faults of compositions; 0 for no search.

    """
    if node.unguarded is node:
        yield from _plain_faults(node)
    if max_work:
        yield from composition_faults(node, lambda: _faults_with_nodes(node), max_work)


def _faults_with_nodes(root: Node) -> Iterator[tuple[Node, Fault]]:
    """Yield the plain faults of a node and of its branches, each with the node that it breaks."""
    seen: set[Node] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop().unguarded
        if node not in seen:
            seen.add(node)
            yield from ((node, fault) for fault in _plain_faults(node))
            waiting += node.branches[::-1]


def _plain_faults(node: Node) -> Iterator[Fault]:
    """Yield the faults of keywords that contain no schemas."""
    schema = node.schema
    if "type" in schema:
        yield from type_faults(node)
    if "enum" in schema or "const" in schema:
        yield from enum_faults(node)
    elif not node.branches:
        types = {"number" if name == "integer" else name for name in node.types}
        table = FAULTS_BY_TYPE.get(types.pop(), {}) if len(types) == 1 else {}
        for keyword, faults in table.items():
            if keyword in schema:
                yield from faults(node)
