"""Sides of an exchange: a response has no properties that are ``writeOnly``, and a request none that are ``readOnly``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contractfuzz.documents.keyword_shapes import Schema
from contractfuzz.documents.subschemas import in_place_subschemas, map_subschemas
from contractfuzz.errors import unknown
from contractfuzz.json_pointer import parse_pointer, resolve_pointer
from contractfuzz.json_values import canonical

_LEFT_OUT = {"response": "writeOnly", "request": "readOnly"}

SIDES = tuple(_LEFT_OUT)
"""Sides that a contract can be for."""


def for_side(schema: dict[str, Any], side: str) -> dict[str, Any]:
    """Return a lowered schema without the properties that one side does not send: not declared, not required.

    Args:
        schema: a self-contained JSON Schema 2020-12.
        side: one of ``SIDES``.

    Raises:
        ContractError: the side does not exist.

    """
    if side not in _LEFT_OUT:
        raise unknown("side", side, SIDES)
    keyword = _LEFT_OUT[side]
    if f'"{keyword}": true' not in canonical(schema):
        return schema
    return _Side(schema, keyword).rewrite(schema, frozenset())


class _Side:
    """Removal of the properties with a keyword.

    Args:
        root: the self-contained schema.
        keyword: ``readOnly`` or ``writeOnly``.

    """

    def __init__(self, root: Mapping[str, Any], keyword: str) -> None:
        self._root = root
        self._keyword = keyword

    def rewrite(self, schema: dict[str, Any], outer: frozenset[str]) -> dict[str, Any]:
        """Return a schema without the properties. ``outer`` are those that schemas of the same payload around it name."""
        names = outer | self._names(schema, set())
        in_place = {id(child) for child in in_place_subschemas(schema)}
        changed = map_subschemas(
            schema, lambda _, child: self.rewrite(child, names if id(child) in in_place else frozenset())
        )
        if not names:
            return changed
        for keyword in ("properties", "required", "dependentRequired"):
            if keyword in changed and not (changed := {**changed, keyword: _without(names, changed[keyword])})[keyword]:
                del changed[keyword]
        return changed

    def _names(self, schema: Schema, followed: set[str]) -> frozenset[str]:
        """Return the names of the properties with the keyword that a schema declares, also by references and branches.

        Args:
            schema: the schema.
            followed: references that were followed before; those of this schema are added.

        """
        if not isinstance(schema, dict):
            return frozenset()
        own = {name for name, inner in schema.get("properties", {}).items() if self._has_keyword(inner, set())}
        inner = [self._names(child, followed) for child in in_place_subschemas(schema)]
        if "$ref" in schema and schema["$ref"] not in followed:
            followed.add(schema["$ref"])
            inner.append(self._names(self._target(schema), followed))
        return frozenset(own).union(*inner)

    def _has_keyword(self, schema: Schema, followed: set[str]) -> bool:
        if not isinstance(schema, dict):
            return False
        if schema.get(self._keyword) is True:
            return True
        parts = [*schema.get("allOf", ())]
        if "$ref" in schema and schema["$ref"] not in followed:
            followed.add(schema["$ref"])
            parts.append(self._target(schema))
        return any(self._has_keyword(part, followed) for part in parts)

    def _target(self, schema: dict[str, Any]) -> Any:
        return resolve_pointer(self._root, parse_pointer(schema["$ref"]))


def _without(names: frozenset[str], value: Any) -> Any:
    """Return the value of a keyword for properties without some names: a list of names, or an object by name."""
    if isinstance(value, list):
        return [name for name in value if name not in names]
    return {
        name: _without(names, inner) if isinstance(inner, list) else inner
        for name, inner in value.items()
        if name not in names or isinstance(inner, list)
    }
