"""Which references of a schema lead back to themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from contractfuzz.payloads.plan.flattening import resolve


def find_cycles(root: Mapping[str, Any]) -> frozenset[str]:
    """Return the ``$ref``s of ``root`` that lead back to themselves."""
    graph: dict[str, set[str]] = {}

    def references(schema: Any) -> Iterable[str]:
        if isinstance(schema, dict):
            if isinstance(schema.get("$ref"), str):
                yield schema["$ref"]
            for key, value in schema.items():
                if key not in ("$defs", "enum", "const", "examples", "default"):
                    yield from references(value)
        elif isinstance(schema, list):
            for value in schema:
                yield from references(value)

    queue = list(references(root))
    queue += [ref for value in root.get("$defs", {}).values() for ref in references(value)]
    while queue:
        ref = queue.pop()
        if ref not in graph:
            graph[ref] = set(references(_target(ref, root)))
            queue += graph[ref]

    def returns(start: str) -> bool:
        seen: set[str] = set()
        pending = list(graph[start])
        while pending:
            ref = pending.pop()
            if ref == start:
                return True
            if ref not in seen:
                seen.add(ref)
                pending += graph[ref]
        return False

    return frozenset(ref for ref in graph if returns(ref))


def _target(ref: str, root: Mapping[str, Any]) -> Any:
    """Return what ``ref`` leads to; None where that is nothing: then it stands in an annotation, and is no reference."""
    try:
        return resolve(ref, root)
    except (KeyError, IndexError, TypeError, ValueError):
        return None
