"""Coverage: the points of a contract's schema that payloads reach, and those that they miss."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from contractfuzz.payloads.plan.node import (
    MAX_LOCATIONS,
    MAX_STEPS_TO_LOCATION,
    CoveragePoint,
    Node,
    PathStep,
)
from contractfuzz.payloads.walking import own_steps
from contractfuzz.unions.branch import branch_marks, encode_location


@dataclass(frozen=True, slots=True)
class Coverage:
    """The points of a schema that some payloads reached.

    A point is a location and something that a value there can show: ``/results/*/paging:absent``, ``/numErrors:minimum``,
    ``/status:="COMPLETE"``, ``/links/*:non-ascii``.

    Attributes:
        reached: the points that the payloads reached, sorted.
        missed: the other points, sorted.

    """

    reached: tuple[str, ...]
    missed: tuple[str, ...]

    @property
    def ratio(self) -> float:
        """Share of points that were reached, from 0 to 1; 1 for a schema without points."""
        total = len(self.reached) + len(self.missed)
        return len(self.reached) / total if total else 1.0


def measure(root: Node, payloads: Iterable[Any]) -> Coverage:
    """Return the coverage of a plan by payloads. A part of a payload that breaks the schema reaches no points."""
    location = _survey(root)
    points = set(location.all_points())
    reached: set[str] = set()
    for payload in payloads:
        location.visit(payload, reached)
    return Coverage(tuple(sorted(reached)), tuple(sorted(points - reached)))


@dataclass(frozen=True, slots=True)
class _Location:
    """A node at one location, with its points and the locations inside it."""

    node: Node
    points: tuple[CoveragePoint, ...]
    children: list[tuple[PathStep, _Location]]

    def all_points(self) -> Iterator[str]:
        yield from (point.name for point in self.points)
        for _, child in self.children:
            yield from child.all_points()

    def visit(self, value: Any, reached: set[str]) -> None:
        """Add the points that a value reaches here and inside."""
        reached.update(point.name for point in self.points if point.is_reached_by(value))
        for step, child in self.children:
            for inner in self.node.values_at(step, value):
                child.visit(inner, reached)


def _survey(root: Node) -> _Location:
    """Return the root location with the locations inside it, the nearest ones if they are too many."""
    top = _Location(root, _points(root, ()), [])
    waiting: deque[tuple[_Location, tuple[PathStep, ...]]] = deque([(top, ())])
    count = 1
    while waiting and count < MAX_LOCATIONS:
        location, steps = waiting.popleft()
        # A recursive node is entered once per path, so that its points count once.
        entered = [step.child for step in steps]
        for step in location.node.steps() if len(steps) < MAX_STEPS_TO_LOCATION else ():
            if not (step.child.is_recursive and step.child in entered):
                child = _Location(step.child, _points(step.child, (*steps, step)), [])
                location.children.append((step, child))
                waiting.append((child, (*steps, step)))
                count += 1
    return top


def _points(node: Node, steps: Sequence[PathStep]) -> tuple[CoveragePoint, ...]:
    tokens = [step.token for step in steps if step.token is not None]
    pointer = encode_location(tokens, branch_marks(own_steps(steps)))
    points = [CoveragePoint(pointer + point.name, point.is_reached_by) for point in node.coverage_points()]
    if steps and steps[-1].branch is not None and steps[-1].branch.name is not None:
        points.append(CoveragePoint(f"{pointer}:chosen", _is_anything))
    return tuple(points)


def _is_anything(_value: Any) -> bool:
    return True
