"""Walks through a plan to the places that payloads have."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator

from contractfuzz.payloads.plan.node import MAX_STEPS_TO_LOCATION, Node, PathStep


def walk(root: Node, children_of: Callable[[Node], Iterable[PathStep]]) -> Iterator[tuple[tuple[PathStep, ...], Node]]:
    """Yield the nodes of a plan with the steps to each, the nearest nodes first. A recursive node is entered once per path.

    Args:
        root: the root of the plan.
        children_of: returns the steps to the children of a node.

    """
    waiting: deque[tuple[tuple[PathStep, ...], Node]] = deque([((), root)])
    while waiting:
        steps, node = waiting.popleft()
        yield steps, node
        if len(steps) < MAX_STEPS_TO_LOCATION:
            entered = {step.child for step in steps}
            waiting.extend(
                ((*steps, step), step.child)
                for step in children_of(node)
                if not (step.child.is_recursive and step.child in entered)
            )
