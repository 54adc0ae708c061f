"""Recursive nodes, and their termination: the smallest value of every node of a recursive plan ends.

The smallest value of a node takes its first branch, no optional property and no optional item. In a recursive plan this choice
may lead back to the node itself. Then another branch is put first, optional items are left out, or other properties are used.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.choices.protocol import MAX_DEPTH, MAX_RECURSIVE_VALUES, Choices
from contractfuzz.payloads.plan.alternatives import Alternatives
from contractfuzz.payloads.plan.arrays import Array, InlineArray
from contractfuzz.payloads.plan.context import excerpt
from contractfuzz.payloads.plan.guards import Validated
from contractfuzz.payloads.plan.maps import Entry
from contractfuzz.payloads.plan.members import LengthDistribution
from contractfuzz.payloads.plan.node import CachedAttribute, FaultCursor, Node, PathStep, Schema, UnfinishedPlanError
from contractfuzz.payloads.plan.objects import Object

MAX_SMALLEST_SIZE = 100_000
"""Number of values in the smallest payload of a contract at most."""


class Recursive(Node):
    """A node whose schema contains itself.

    It builds its body from a block of its own. At ``MAX_DEPTH``, or after ``MAX_RECURSIVE_VALUES``, it builds the smallest
    value instead.
    """

    extra_draws = None
    is_recursive = True

    def __init__(self, schema: Schema) -> None:
        super().__init__(schema)
        self.body: Node

    @property
    def types(self) -> frozenset[str]:
        return self.body.types

    @property
    def unguarded(self) -> Node:
        if not hasattr(self, "body"):
            raise UnfinishedPlanError
        return self.body.unguarded

    @CachedAttribute
    def has_collections(self) -> bool:
        return True

    def build(self, choices: Choices, block: bytes, at: int) -> Any:  # noqa: ARG002
        if not hasattr(self, "body"):
            raise UnfinishedPlanError
        choices.recursive_values += 1
        if choices.depth >= MAX_DEPTH or choices.recursive_values > MAX_RECURSIVE_VALUES:
            return MINIMAL_CHOICES.build(self.body)
        choices.depth += 1
        try:
            return choices.build(self.body)
        finally:
            choices.depth -= 1

    def descend(self, choices: Choices, block: bytes, at: int, cursor: FaultCursor) -> Any:  # noqa: ARG002
        return cursor.enter().build_faulty(choices, choices.block(self.body.width), 0, cursor)

    def steps(self) -> Sequence[PathStep]:
        return [PathStep(self.body, None)]

    def for_type(self, name: str) -> tuple[Node, int] | None:
        # The type of a value is decided in the body's own block, which a parent does not see.
        return (self, 0) if self.types == {name} else None


def ensure_termination(roots: Iterable[Node]) -> list[Node]:
    """Change the nodes of a plan so that the smallest value of each ends.

    Args:
        roots: the root of the plan and all recursive nodes, whose bodies are planned.

    Returns:
        The nodes without finite values.

    """
    return _Termination(roots).solve()


def check_smallest_size(root: Node) -> None:
    """Raise a ContractError if the smallest value of a plan contains more than ``MAX_SMALLEST_SIZE`` values.

    Args:
        root: the root of the plan, whose smallest value must end.

    """
    sizes: dict[Node, int] = {}
    waiting = [root]
    while waiting:
        node = waiting[-1]
        needs = list(_needs(node))
        if missing := [need for need in needs if need not in sizes]:
            waiting += missing
            continue
        waiting.pop()
        sizes[node] = 1 + sum(sizes[need] * _count_in(node, need) for need in needs)
        if sizes[node] > MAX_SMALLEST_SIZE:
            problem = f"the smallest payload contains more than {MAX_SMALLEST_SIZE:,} values at {excerpt(node.schema)}"
            raise ContractError(f"{problem}: require fewer items or properties")


def _count_in(node: Node, need: Node) -> int:
    """Return the number of values of ``need`` in the smallest value of ``node``, beyond those that are listed one by one."""
    if isinstance(node, Array) and need in _needed_items(node) and need not in node.prefix:
        return node.lengths.low
    return 1


class _Termination:
    """The search for nodes whose smallest value ends. It starts from nodes that need no others."""

    def __init__(self, roots: Iterable[Node]) -> None:
        self._nodes = find_nodes(roots)
        self._ended: set[Node] = set()
        self._queue: deque[Node] = deque()
        self._unmet: dict[Node, int] = {}
        self._users: dict[Node, list[Node]] = {}
        self._choosers: dict[Node, list[Alternatives]] = {}
        self._choices: deque[tuple[Alternatives, Node]] = deque()

    def solve(self) -> list[Node]:
        for node in self._nodes:
            needs = set(_needs(node))
            self._unmet[node] = len(needs)
            for need in needs:
                self._users.setdefault(need, []).append(node)
            if isinstance(node, Alternatives):
                for branch in node.branches[1:]:
                    self._choosers.setdefault(branch, []).append(node)
            if not needs:
                self._end(node)
        while self._queue or self._choices or self._relax_all():
            self._propagate()
            self._choose()
        return [node for node in self._nodes if node not in self._ended]

    def _end(self, node: Node) -> None:
        if node not in self._ended:
            self._ended.add(node)
            self._queue.append(node)

    def _propagate(self) -> None:
        while self._queue:
            node = self._queue.popleft()
            for user in self._users.get(node, ()):
                self._unmet[user] -= 1
                if not self._unmet[user]:
                    self._end(user)
            self._choices.extend((chooser, node) for chooser in self._choosers.get(node, ()))

    def _choose(self) -> None:
        """Put the first branch that ends at the front of one node."""
        while self._choices and not self._queue:
            chooser, branch = self._choices.popleft()
            if chooser not in self._ended:
                chooser.branches = (branch, *(other for other in chooser.branches if other is not branch))
                self._end(chooser)

    def _relax_all(self) -> bool:
        """Change arrays and objects that end without the parts that do not end; return True if there are some."""
        for node in self._nodes:
            if node not in self._ended and (
                (isinstance(node, Array) and self._cut(node)) or (isinstance(node, Object) and self._refill(node))
            ):
                self._end(node)
        return bool(self._queue)

    def _cut(self, node: Array) -> bool:
        """End an array before the first item that does not end, if the array may be as short."""
        length = next((index for index, item in enumerate(node.prefix) if item not in self._ended), None)
        if length is None or length < int(node.schema.get("minItems", 0)) or node.contains is not None:
            return False
        node.prefix, node.item, node.lengths = node.prefix[:length], None, LengthDistribution(0, 0, ())
        return True

    def _refill(self, node: Object) -> bool:
        """Satisfy ``minProperties`` of an object with the properties that end, if they suffice."""
        if not set(_required_nodes(node)) <= self._ended:
            return False
        node.fill_order = sorted(node.properties, key=lambda prop: prop.node not in self._ended)
        return set(_needs(node)) <= self._ended


def find_nodes(roots: Iterable[Node]) -> list[Node]:
    """Return the nodes that can be reached from some nodes, in a fixed order."""
    found: dict[Node, None] = {}
    waiting = list(roots)[::-1]
    while waiting:
        node = waiting.pop()
        if node not in found:
            found[node] = None
            waiting += list(_children(node))[::-1]
    return list(found)


def _children(node: Node) -> Iterator[Node]:
    """Yield the nodes that a node builds its values from."""
    yield from node.branches
    yield from (step.child for step in node.steps())
    if isinstance(node, Array) and node.contains is not None:
        yield from (part for part in (node.contains.matching, node.contains.other) if part is not None)
    if isinstance(node, Object):
        yield from (entries.entry for entries in node.entries)
    if isinstance(node, Entry):
        yield from (node.key, node.value)


def _needs(node: Node) -> Iterable[Node]:
    """Return the nodes whose smallest values are part of the smallest value of a node."""
    if isinstance(node, Recursive):
        return (node.body,)
    if isinstance(node, Validated):
        return (node.node,)
    if isinstance(node, Alternatives):
        return node.branches[:1]
    if isinstance(node, Entry):
        return (node.key, node.value)
    if isinstance(node, Array) and not isinstance(node, InlineArray):
        return [*node.prefix, *_needed_items(node)]
    if isinstance(node, Object):
        return [*_required_nodes(node), *_filling_nodes(node)]
    return ()


def _needed_items(node: Array) -> Sequence[Node]:
    low = node.lengths.low
    if node.item is None or not low:
        return ()
    if node.contains is None:
        return (node.item,)
    matching = (node.contains.matching,) if node.contains.low else ()
    return (*matching, node.contains.rest) if low > node.contains.low else matching


def _required_nodes(node: Object) -> list[Node]:
    names = dict.fromkeys(node.required)
    waiting = list(names)
    while waiting:
        new = [name for name in node.dependents.get(waiting.pop(), ()) if name not in names]
        names.update(dict.fromkeys(new))
        waiting += new
    entries = [one.entry for one in node.entries if one.lengths.low]
    return [*(prop.node for prop in node.properties if prop.name in names), *entries]


def _filling_nodes(node: Object) -> list[Node]:
    missing = node.low - len(node.required) - sum(one.lengths.low for one in node.entries)
    optional = [prop.node for prop in node.fill_order if not prop.required]
    return optional[: max(0, missing)]
