"""Edge payloads: valid payloads with one edge value each, so that a few cases show all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from contractfuzz.json_values import copy_json
from contractfuzz.payloads.cases.recipes import golden_stride
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.node import MAX_LOCATIONS, FaultCursor, FaultPath, InstancePath, Node, PathStep
from contractfuzz.payloads.plan.objects import Object
from contractfuzz.payloads.walking import child_steps, walk

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle

MAX_EDGES = 2_000
"""Number of edge payloads at most."""

EDGES_PER_SEED = 199
"""Number of edge payloads after which those of the next seed start: that of the random cases in a check by default."""


class EdgePayloads:
    """The edge payloads of a plan.

    Each has one of the ``edge_values`` of a node, or one of the ``edge_members`` of an object, at a location of that node.
    Choices decide on the rest.

    Args:
        root: the plan.
        schema: the schema that it was made from.

    """

    def __init__(self, root: Node, schema: dict[str, Any]) -> None:
        self._root, self._schema = root, schema

    def build(self, choices: Choices, number: int, seed: int) -> tuple[Any, InstancePath] | None:
        """Build the edge payload that is made for a random case.

        Args:
            choices: the source of all other values.
            number: the number of the case. The edge values of cases that follow each other are far apart in the plan. Those that
                other payloads hardly ever have come first.
            seed: the seed of the case.

        Returns:
            The payload and the path to its edge value. None if all edge values had their turn, or if this one is not valid in the
            payload.

        """
        edges = self._edges
        if number >= len(edges):
            return None
        path, is_guarded = edges[_index(number + seed * EDGES_PER_SEED, len(edges))]
        cursor = FaultCursor(path)
        payload = self._root.build_faulty(choices, choices.block(self._root.width), 0, cursor)
        return None if is_guarded and not self._oracle.is_valid(payload) else (payload, cursor.instance_path)

    @cached_property
    def _edges(self) -> list[tuple[FaultPath, bool]]:
        """The paths with an edge value at their ends, and True if the plan alone does not guarantee that a payload is valid."""
        nodes = islice(walk(self._root, child_steps), MAX_LOCATIONS)
        # The first edge value of each location comes before all second ones.
        ranked = ((rank, steps, build) for steps, node in nodes for rank, build in enumerate(_edge_builders(node)))
        edges = sorted(ranked, key=itemgetter(0))[:MAX_EDGES]
        return [(FaultPath(steps, build), self._is_guarded(steps)) for _, steps, build in edges]

    def _is_guarded(self, steps: Sequence[PathStep]) -> bool:
        return not all(node.is_guaranteed for node in (self._root, *(step.child for step in steps)))

    @cached_property
    def _oracle(self) -> Oracle:
        # Loads jsonschema, which contracts without guarded nodes do not need.
        from contractfuzz.oracle import Oracle

        return Oracle(self._schema)


def _index(turn: int, count: int) -> int:
    """Return the index of the edge value, of ``count`` ones, that has its turn. Each seed spreads its turns over its own part."""
    start, offset = divmod(turn % count, EDGES_PER_SEED)
    start *= EDGES_PER_SEED
    size = min(EDGES_PER_SEED, count - start)
    return start + offset * golden_stride(size) % size


def _edge_builders(node: Node) -> Iterator[Callable[[Choices, bytes, int], Any]]:
    """Yield what makes each edge value of a node, and each object with one of its edge members."""
    yield from (partial(_copy, value) for value in node.edge_values())
    if isinstance(node, Object):
        yield from (partial(_build_with_member, node, name, make) for name, make in node.edge_members())


def _copy(value: Any, _choices: Choices, _block: bytes, _at: int) -> Any:
    return copy_json(value)


def _build_with_member(
    node: Object, name: str, make: Callable[[Choices], Any], choices: Choices, block: bytes, at: int
) -> Any:
    return {**node.build(choices, block, at), name: make(choices)}
