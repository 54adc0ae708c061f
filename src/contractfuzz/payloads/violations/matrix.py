"""The matrix: every way to break a plan at one location, and the recipes of the cases that do it.

The faults of a node are those of its keywords, each broken in every variant that real producers get wrong. A payload is built
along the path to one node, whose own value is broken. A violation whose label the plan does not guarantee is listed only with a
proof; ``contractfuzz.payloads.plan.node`` explains proofs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contractfuzz.json_pointer import encode_pointer
from contractfuzz.payloads.cases.case import Case
from contractfuzz.payloads.cases.violation import Violation
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.own_values import OwnValues
from contractfuzz.payloads.plan.guards import Branches
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
    SearchBudget,
    composition_faults,
    is_composed,
)
from contractfuzz.payloads.violations.enums import enum_faults
from contractfuzz.payloads.violations.fault import Fault
from contractfuzz.payloads.violations.numbers import NUMBER_FAULTS
from contractfuzz.payloads.violations.objects import OBJECT_FAULTS
from contractfuzz.payloads.violations.proof import Marks, Prover
from contractfuzz.payloads.violations.strings import STRING_FAULTS
from contractfuzz.payloads.violations.tags import union_faults
from contractfuzz.payloads.violations.types import type_faults
from contractfuzz.unions.branch import branch_marks, encode_location

_MAX_WAITING = 4 * MAX_LOCATIONS
"""Number of nodes that wait to be listed at most: each of 5,000 locations can have a thousand branches."""

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
        marks: the branches of unions that its location names.

    """

    violation: Violation
    root: Node
    path: FaultPath
    suffix: tuple[str, ...]
    own_values: OwnValues | None = None
    marks: Marks = ()

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
            proof = self.path.proof
            marks = branch_marks(self.path.steps)
            if proof is not None:
                marks = [(position + cursor.guard_depth, name) for position, name in proof.branches]
            payload = self.own_values.place_in(payload, choices, pointer, self.violation.keyword, marks)
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
        is_proven: True if the work of searches and proofs sufficed, False if violations of unions may be missing for this reason.

    """

    recipes: tuple[ViolationRecipe, ...]
    is_complete: bool
    is_proven: bool = True


def make_matrix(root: Node, own_values: OwnValues | None = None) -> Matrix:
    """Return the recipes of the violations of a plan, whose cases have the user's own values."""
    recipes: dict[str, ViolationRecipe] = {}
    walk, is_complete = _walk(root)
    budget = SearchBudget()
    faults = _find_faults(dict.fromkeys(node for _, node in walk), budget)
    prover = Prover(root)
    for steps, node in walk:
        place = _Place(steps)
        for fault in faults[node]:
            if _is_possible(steps, fault) and not any(label in recipes for label in place.labels(fault)):
                proven = prover.prove(steps, fault)
                if proven is not None:
                    location = encode_location([*place.tokens, *fault.suffix], proven.marks)
                    violation = Violation(location, fault.keyword, fault.variant, fault.description)
                    recipe = ViolationRecipe(violation, root, proven.path, fault.suffix, own_values, proven.marks)
                    recipes.setdefault(violation.id, recipe)
    return Matrix(tuple(recipes.values()), is_complete, not (budget.was_short or prover.was_short))


class _Place:
    """The end of some steps, where faults are built."""

    def __init__(self, steps: Sequence[PathStep]) -> None:
        self._steps = steps
        self.tokens = [step.token for step in steps if step.token is not None]
        self._location = encode_location(self.tokens, branch_marks(steps))
        has_base = any(step.branch is not None and step.branch.has_base for step in steps)
        self._plain_location = encode_pointer(self.tokens) if has_base else None

    def labels(self, fault: Fault) -> set[str]:
        """Return the labels that a fault can get: with its branches or, if the keywords next to them break, without."""
        end = f"{encode_pointer(fault.suffix)}:{fault.keyword}.{fault.variant}"
        name = "" if fault.branch is None or fault.branch.name is None else f"({fault.branch.name})"
        labels = {f"{self._location}{name}{end}"}
        return labels if self._plain_location is None else {*labels, f"{self._plain_location}{end}"}


def _is_possible(steps: Sequence[PathStep], fault: Fault) -> bool:
    """Return False for a fault that another label stands for: that of the union, of its tag, or of the keywords next to it."""
    for at, step in enumerate(steps):
        branch = step.branch
        if branch is None:
            continue
        tokens = [*(later.token for later in steps[at + 1 :] if later.token is not None), *fault.suffix]
        token = tokens[0] if tokens else None
        if not branch.tries_base and not branch.describes(token, fault.keyword):
            return False
        if not branch.is_condition and not branch.has_base:
            if token is None and fault.keyword == "type":
                return False
            if token in branch.tags:
                return False
    return True


def _find_faults(nodes: Iterable[Node], budget: SearchBudget) -> dict[Node, list[Fault]]:
    """Return the faults of each node. A node can be at many locations, but its faults are searched for once."""
    # A guarded node has the same faults as its guard.
    guarded = {node.unguarded for node in nodes if node.unguarded is not node}
    left, searches = MAX_SEARCH_WORK, sum(is_composed(node) for node in nodes if node not in guarded)
    faults = {}
    for node in nodes:
        oracle = node.oracle or node.all_of_oracle
        if oracle is None or node in guarded or not is_composed(node):
            faults[node] = list(faults_of(node, None))
            continue
        budget.work = min(MAX_SEARCH_SHARE, max(0, left) // searches)
        start = oracle.steps
        faults[node] = list(faults_of(node, budget))
        left -= oracle.steps - start
        searches -= 1
    return faults


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
        children = [step for step in node.steps() if _is_described(steps, step)]
        if children and (len(steps) >= MAX_STEPS_TO_LOCATION or len(waiting) > _MAX_WAITING):
            is_complete = False
            continue
        waiting.extend(((*position, index), (*steps, step), step.child) for index, step in enumerate(children))
    return [found[key] for key in sorted(found)], is_complete


def _is_described(steps: Sequence[PathStep], step: PathStep) -> bool:
    """Return False for a step into a property that only the keywords next to a branch describe, if others try it."""
    if step.token is not None:
        for earlier in reversed(steps):
            if earlier.token is not None:
                break
            if (
                earlier.branch is not None
                and not earlier.branch.tries_base
                and not earlier.branch.describes(step.token)
            ):
                return False
    return True


def faults_of(node: Node, budget: SearchBudget | None) -> Iterator[Fault]:
    """Yield the faults of one node, without those of its children.

    Args:
        node: the node.
        budget: the work of a search for faults of compositions; None for no search.

    """
    if node.unguarded is node:
        yield from _plain_faults(node)
    if budget is not None:
        yield from composition_faults(node, lambda: _faults_with_nodes(node), budget)


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
    if isinstance(node, Branches):
        yield from union_faults(node)
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
