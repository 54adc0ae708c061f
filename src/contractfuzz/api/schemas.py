"""Facts about a lowered schema: the types that it allows, and the schemas of the parts of a payload."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contractfuzz.json_pointer import parse_pointer, resolve_pointer
from contractfuzz.json_values import json_type

_COMPOSITIONS = ("allOf", "anyOf", "oneOf")


class SchemaFacts:
    """A schema with the document that its references lead to.

    Args:
        schema: the schema.
        root: the self-contained schema that has its ``$defs``.

    """

    def __init__(self, schema: Any, root: dict[str, Any]) -> None:
        self._root = root
        self._followed: set[str] = set()
        self._parts = list(self._applied(schema))

    @property
    def types(self) -> frozenset[str]:
        """Types that the schema names, also by ``enum`` and ``const``; empty if it names none."""
        found: set[str] = set()
        for part in self._parts:
            types = part.get("type")
            found |= {types} if isinstance(types, str) else set(types or ())
            values = [part["const"]] if "const" in part else part.get("enum", ())
            found |= set() if types else {json_type(value) for value in values}
        return frozenset(found)

    @property
    def names(self) -> list[str]:
        """Names of the properties that the schema declares."""
        return list(dict.fromkeys(name for part in self._parts for name in part.get("properties", ())))

    def member(self, name: str) -> SchemaFacts:
        """Return the schema of a property; one that allows everything if it is not declared."""
        for part in self._parts:
            if name in part.get("properties", ()):
                return SchemaFacts(part["properties"][name], self._root)
        return self._inner("additionalProperties")

    @property
    def of_items(self) -> SchemaFacts:
        """Schema of the items of an array."""
        return self._inner("items")

    def _inner(self, keyword: str) -> SchemaFacts:
        return SchemaFacts(next((part[keyword] for part in self._parts if keyword in part), True), self._root)

    def _applied(self, schema: Any) -> Iterator[dict[str, Any]]:
        """Yield a schema and those that apply to the same payload. Each reference is followed once."""
        if not isinstance(schema, dict):
            return
        yield schema
        reference = schema.get("$ref")
        if reference is not None and reference not in self._followed:
            self._followed.add(reference)
            yield from self._applied(resolve_pointer(self._root, parse_pointer(reference)))
        for keyword in _COMPOSITIONS:
            for part in schema.get(keyword, ()):
                yield from self._applied(part)
