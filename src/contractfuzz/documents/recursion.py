"""Recursion in a lowered schema: references that form loops."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from contractfuzz.documents.keyword_shapes import Schema
from contractfuzz.documents.subschemas import in_place_subschemas, subschemas
from contractfuzz.json_pointer import MISSING, parse_pointer, resolve_pointer

MAX_APPLIED = 512
"""Number of referred schemas that apply to one payload at most, if they repeat."""

MAX_REPEATS = 16
"""Number of times that each of them applies on average at most."""

Graph = Mapping[str, Iterable[str]]
"""References by the reference of the schema that contains them."""


def find_cyclic_references(root: Mapping[str, Any]) -> frozenset[str]:
    """Return the references of a schema that lead back to themselves.

    Args:
        root: a self-contained JSON Schema 2020-12.

    """
    graph: dict[str, list[str]] = {}
    waiting = list(references_in(root))
    waiting += [reference for definition in root.get("$defs", {}).values() for reference in references_in(definition)]
    while waiting:
        reference = waiting.pop()
        if reference not in graph:
            target = resolve_pointer(root, parse_pointer(reference))
            # An annotation may look like a reference and lead nowhere.
            graph[reference] = [] if target is MISSING else list(dict.fromkeys(references_in(target)))
            waiting += graph[reference]
    return frozenset(
        reference
        for component in _strong_components(graph)
        for reference in component
        if len(component) > 1 or reference in graph[reference]
    )


def references_in(schema: Any) -> Iterator[str]:
    """Yield the references in a schema and its subschemas, without its definitions."""
    waiting = [schema] if isinstance(schema, dict) else []
    while waiting:
        inner = waiting.pop()
        if isinstance(inner.get("$ref"), str):
            yield inner["$ref"]
        waiting += [child for steps, child in subschemas(inner, is_structure=False) if steps[0] != "$defs"]


def every_reference(value: Any) -> Iterator[str]:
    """Yield the references anywhere in a schema or a list of schemas; data that looks like one does no harm."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if isinstance(one.get("$ref"), str):
                yield one["$ref"]
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def _strong_components(graph: Graph) -> Iterator[list[str]]:
    """Yield the sets of references that reach each other, by Tarjan's algorithm: in linear time, without recursion."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}  # the first reference in order that is known to be reached
    path: dict[str, None] = {}  # an ordered set of the references whose component is not complete
    for root in graph:
        waiting = [] if root in order else [(root, iter(graph[root]))]
        while waiting:
            reference, targets = waiting[-1]
            if reference not in order:
                order[reference] = lowest[reference] = len(order)
                path[reference] = None
            for target in targets:
                if target not in order:
                    waiting.append((target, iter(graph[target])))
                    break
                if target in path:
                    lowest[reference] = min(lowest[reference], order[target])
            else:
                waiting.pop()
                if waiting:
                    lowest[waiting[-1][0]] = min(lowest[waiting[-1][0]], lowest[reference])
                if lowest[reference] == order[reference]:
                    component = [path.popitem()[0]]
                    while component[-1] != reference:
                        component.append(path.popitem()[0])
                    yield component


def find_reference_loop(definitions: Mapping[str, Schema]) -> list[str] | None:
    """Find a loop of references that a validator would follow forever, without going deeper into the payload.

    Args:
        definitions: every schema that references lead to, by the reference: ``#``, ``#/$defs/NAME``.

    Returns:
        The references of the loop, with the first one again at the end; None if none exists.

    """
    return find_loop(_in_place_graph(definitions))


def find_long_chain(definitions: Mapping[str, Schema], limit: int) -> str | None:
    """Find a reference from which a validator follows more than ``limit`` others in a row without going deeper.

    Args:
        definitions: as for ``find_reference_loop``, which must find nothing in them.
        limit: the maximum number of references in a row.

    Returns:
        The reference, or None if all chains are short enough.

    """
    graph = _in_place_graph(definitions)
    length: dict[str, int] = {}
    for reference in TopologicalSorter(graph).static_order():
        length[reference] = max((1 + length[target] for target in graph[reference]), default=0)
        if length[reference] > limit:
            return reference
    return None


def find_multiplied_reference(definitions: Mapping[str, Schema]) -> str | None:
    """Find a schema that applies the same schemas to one payload so often that validators take too long.

    Args:
        definitions: as for ``find_reference_loop``, which must find nothing in them.

    Returns:
        The reference of the schema, or None if no schema does.

    """
    return next(multiplied_references(definitions), None)


def multiplied_references(definitions: Mapping[str, Schema]) -> Iterator[str]:
    """Yield the reference of each schema that ``find_multiplied_reference`` may find."""
    graph = {
        reference: [target for target in targets if target in definitions]
        for reference, targets in _in_place_graph(definitions).items()
    }
    for reference, applied in _count_applied(graph, dict.fromkeys(graph, 1)).items():
        if applied > MAX_APPLIED and applied > MAX_REPEATS * len(_reached(graph, reference)):
            yield reference


def count_applied(root: Mapping[str, Any]) -> int:
    """Return how many schemas a validator applies to one payload of a schema; one that applies twice counts twice.

    Args:
        root: a self-contained JSON Schema 2020-12, in which ``find_reference_loop`` finds nothing.

    """
    definitions = {f"#/$defs/{name}": schema for name, schema in root.get("$defs", {}).items()} | {"#": dict(root)}
    own = {reference: _count_in_place(schema) for reference, schema in definitions.items()}
    return _count_applied(_in_place_graph(definitions), own)["#"]


def _count_in_place(schema: Any) -> int:
    return 1 + sum(map(_count_in_place, in_place_subschemas(schema))) if isinstance(schema, dict) else 1


def _count_applied(graph: Mapping[str, list[str]], own: Mapping[str, int]) -> dict[str, int]:
    applied: dict[str, int] = {}
    for reference in TopologicalSorter(graph).static_order():
        applied[reference] = own.get(reference, 1) + sum(applied[target] for target in graph.get(reference, ()))
    return applied


def _reached(graph: Mapping[str, list[str]], start: str) -> set[str]:
    reached = {start}
    waiting = [start]
    while waiting:
        new = set(graph[waiting.pop()]) - reached
        reached |= new
        waiting += new
    return reached


def _in_place_graph(definitions: Mapping[str, Schema]) -> dict[str, list[str]]:
    return {reference: list(in_place_references(schema)) for reference, schema in definitions.items()}


def in_place_references(schema: Any) -> Iterator[str]:
    """Yield the references that a validator follows without going deeper into the payload."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"]
        for child in in_place_subschemas(schema):
            yield from in_place_references(child)


def find_loop(graph: Graph) -> list[str] | None:
    """Return the references of a loop in a graph, with the first one again at the end; None if none exists."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        # graphlib lists the nodes against the edges, with the first one again at the end.
        loop: list[str] = error.args[1][:0:-1]
        order = {reference: index for index, reference in enumerate(graph)}
        start = loop.index(min(loop, key=order.__getitem__))
        return [*loop[start:], *loop[: start + 1]]
    return None
