"""Coverage: the points of a contract's schema that payloads reach, and those that they miss."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from contractfuzz.json_pointer import encode_pointer
from contractfuzz.payloads.plan.node import CoveragePoint, Node, PathStep


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
    location = _survey(root, ())
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
    children: tuple[tuple[PathStep, _Location], ...]

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


def _survey(node: Node, steps: tuple[PathStep, ...]) -> _Location:
    pointer = encode_pointer(step.token for step in steps if step.token is not None)
    points = tuple(CoveragePoint(pointer + point.name, point.is_reached_by) for point in node.coverage_points())
    # A recursive node is entered once per path, so that its points count once.
    entered = [step.child for step in steps]
    onward = [step for step in node.steps() if not (step.child.is_recursive and step.child in entered)]
    return _Location(node, points, tuple((step, _survey(step.child, (*steps, step))) for step in onward))
