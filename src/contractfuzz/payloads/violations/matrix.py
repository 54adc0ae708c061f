"""The matrix: every way to break a plan at one location, and the recipes of the cases that do it.

The faults of a node are those of its keywords, each broken in every variant that real producers get wrong. A payload is built
along the path to one node, whose own value is broken. A violation whose label the plan does not guarantee is listed only with a
proof; ``contractfuzz.payloads.plan.node`` explains proofs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
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

MAX_DEEPER_LOCATIONS = 500
"""Number of locations at most that are a level deeper inside values of a schema that contains itself."""

_Location = tuple[tuple[PathStep, ...], Node]
"""A node and the steps to it."""

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
        places = b"" if self.own_values is None else self.own_values.draw(choices)
        payload = self.root.build_faulty(choices, choices.block(self.root.width), 0, cursor)
        pointer = encode_pointer([*cursor.instance_path, *self.suffix])
        if self.own_values is not None:
            proof = self.path.proof
            marks = branch_marks(self.path.steps)
            if proof is not None:
                marks = [(position + cursor.guard_depth, name) for position, name in proof.branches]
            payload = self.own_values.place_in(payload, places, pointer, self.violation.keyword, marks)
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
        recipes: the recipe of every listed violation, in the order of the schema. Those a level deeper inside values of a schema
            that contains itself come last.
        is_complete: True if all locations of the schema are listed, False if only those nearest to the root are.
        is_proven: True if the work of searches and proofs sufficed, False if violations of unions may be missing for this reason.

    """

    recipes: tuple[ViolationRecipe, ...]
    is_complete: bool
    is_proven: bool = True


def make_matrix(root: Node, own_values: OwnValues | None = None) -> Matrix:
    """Return the recipes of the violations of a plan, whose cases have the user's own values."""
    walk = _FaultWalk(root)
    budget = SearchBudget()
    faults = _find_faults(dict.fromkeys(node for _, node in [*walk.found, *walk.deeper]), budget)
    prover = Prover(root)
    maker = _RecipeMaker(root, faults, prover, own_values)
    for steps, node in walk.found:
        maker.add(steps, node)
    is_proven = not (budget.was_short or prover.was_short)
    for steps, node in walk.deeper:
        maker.add(steps, node)
    return Matrix(tuple(maker.recipes.values()), walk.is_complete, is_proven)


class _RecipeMaker:
    """Makes the recipes of the faults of nodes, one for each label.

    Attributes:
        recipes: the recipes by their labels.

    """

    def __init__(
        self, root: Node, faults: Mapping[Node, Sequence[Fault]], prover: Prover, own_values: OwnValues | None
    ) -> None:
        self.recipes: dict[str, ViolationRecipe] = {}
        self._root, self._faults, self._prover, self._own_values = root, faults, prover, own_values
        # For each label without branches the value of the keyword that its fault breaks.
        self._values: dict[str, Any] = {}

    def add(self, steps: tuple[PathStep, ...], node: Node) -> None:
        """Add the recipes of the faults of one node."""
        place = _Place(steps)
        for fault in self._faults[node]:
            if not _is_possible(steps, fault) or self._is_known(place, node, fault):
                continue
            proven = self._prover.prove(steps, fault)
            if proven is not None:
                location = encode_location([*place.tokens, *fault.suffix], proven.marks)
                violation = Violation(location, fault.keyword, fault.variant, fault.description)
                recipe = ViolationRecipe(
                    violation, self._root, proven.path, fault.suffix, self._own_values, proven.marks
                )
                self.recipes.setdefault(violation.id, recipe)
                self._values.setdefault(violation.id, node.schema.get(fault.keyword))

    def _is_known(self, place: _Place, node: Node, fault: Fault) -> bool:
        """Return True if a fault has a recipe: one with its branches, or one of the same keyword next to the branches."""
        plain = place.plain_label(fault)
        if plain is not None and plain in self.recipes and self._values[plain] == node.schema.get(fault.keyword):
            return True
        return place.label(fault) in self.recipes


class _Place:
    """The end of some steps, where faults are built."""

    def __init__(self, steps: Sequence[PathStep]) -> None:
        self._steps = steps
        self.tokens = [step.token for step in steps if step.token is not None]
        self._location = encode_location(self.tokens, branch_marks(steps))
        has_base = any(step.branch is not None and step.branch.has_base for step in steps)
        self._plain_location = encode_pointer(self.tokens) if has_base else None

    def label(self, fault: Fault) -> str:
        """Return the label of a fault that is inside its branches."""
        name = "" if fault.branch is None or fault.branch.name is None else f"({fault.branch.name})"
        return f"{self._location}{name}{_end_of_label(fault)}"

    def plain_label(self, fault: Fault) -> str | None:
        """Return the label of a fault of the keywords next to the branches; None without such keywords."""
        return None if self._plain_location is None else f"{self._plain_location}{_end_of_label(fault)}"


def _end_of_label(fault: Fault) -> str:
    return f"{encode_pointer(fault.suffix)}:{fault.keyword}.{fault.variant}"


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


_Start = tuple[tuple[int, ...], tuple[PathStep, ...], Node]
"""A position in the order of the schema, the steps to it, and the node there."""


class _FaultWalk:
    """A walk through a plan to the nodes that are broken.

    A recursive node is not listed, and entered once per path. Then each step that leads back to one is followed once: what it
    leads to, without other values of recursive nodes, is a level deeper. The nodes nearest to the root come first if they are too
    many.

    Attributes:
        found: the nodes with the steps to each, in the order of the schema.
        is_complete: True if they are all.
        deeper: those a level deeper.

    """

    def __init__(self, root: Node) -> None:
        self._back: dict[tuple[Node, int], _Start] = {}
        self._starts: AbstractSet[tuple[int, ...]] = frozenset()
        self._closed: AbstractSet[Node] = frozenset()
        self._root_schema = root.unguarded.schema
        self.found, self.is_complete = self._follow([((), (), root)], MAX_LOCATIONS)
        back = list(self._back.values())
        self._starts = {position for position, _, _ in back}
        self._closed = {node for _, _, node in back}
        self.deeper, _ = self._follow(back, MAX_DEEPER_LOCATIONS)

    def _follow(self, start: Iterable[_Start], limit: int) -> tuple[list[_Location], bool]:
        """Return the nodes that some steps lead to, at most ``limit``, and True if they are all."""
        found: dict[tuple[int, ...], _Location] = {}
        waiting = deque(start)
        is_complete = True
        while waiting:
            position, steps, node = waiting.popleft()
            if node.is_recursive and self._is_closed(position, steps, node):
                continue
            if len(found) == limit:
                is_complete = False
                break
            if not node.is_recursive:
                found[position] = steps, node
            children = [step for step in node.steps() if _is_described(steps, step)]
            if children and (len(steps) >= MAX_STEPS_TO_LOCATION or len(waiting) > _MAX_WAITING):
                is_complete = False
                continue
            waiting.extend(((*position, index), (*steps, step), step.child) for index, step in enumerate(children))
        return [found[position] for position in sorted(found)], is_complete

    def _is_closed(self, position: tuple[int, ...], steps: tuple[PathStep, ...], node: Node) -> bool:
        """Return True for a recursive node that is not entered. Remember the first step of each kind that leads back to one."""
        if position in self._starts:
            return False
        if node in self._closed:
            return True
        if not any(step.child is node for step in steps[:-1]):
            return False
        # The root is a value of such a node already.
        if node.unguarded.schema != self._root_schema:
            self._back.setdefault((steps[-2].child, position[-1]), (position, steps, node))
        return True


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
        if node.listed_values:
            types -= {"object", "array"}  # found by trial, so the node makes no members that a fault could change
        table = FAULTS_BY_TYPE.get(types.pop(), {}) if len(types) == 1 else {}
        for keyword, faults in table.items():
            if keyword in schema:
                yield from faults(node)
