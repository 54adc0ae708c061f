"""Walks through a plan to the places that payloads have."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

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


def child_steps(node: Node) -> Sequence[PathStep]:
    """Return the steps to all children of a node, also to branches that no violation enters."""
    return node.steps() or [PathStep(branch, None) for branch in node.branches]


def own_steps(steps: Sequence[PathStep]) -> list[PathStep]:
    """Return steps without the branches that do not describe what follows: only the keywords next to them do."""
    return [
        replace(step, branch=None)
        if step.branch is not None and not step.branch.describes(_next_token(steps[index + 1 :]))
        else step
        for index, step in enumerate(steps)
    ]


def _next_token(steps: Sequence[PathStep]) -> str | None:
    return next((step.token for step in steps if step.token is not None), None)
