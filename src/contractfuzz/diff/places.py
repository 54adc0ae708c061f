"""Places in two versions of a contract: the location of a value in any payload, and the version that declares it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contractfuzz.documents.keywords import KEYWORDS_BY_TYPE
from contractfuzz.documents.subschemas import in_place_subschemas
from contractfuzz.json_pointer import parse_pointer, resolve_pointer
from contractfuzz.patterns.engine import PatternError, compile_pattern

Schemas = list[dict[str, Any]]
"""The schemas that apply to one value."""


@dataclass(frozen=True, slots=True)
class SchemaPlace:
    """A place in the payloads of both versions.

    Attributes:
        tokens: the tokens of its location: ``*`` for any item or map value, ``*(pattern)`` for one of ``patternProperties``.
        in_old: True if the earlier version declares it.
        in_new: True if the later version declares it.
        only_in: ``old`` or ``new`` if only this version declares the property, or one around it; empty otherwise.
        only_tokens: the tokens of the location of this property.

    """

    tokens: tuple[str, ...]
    in_old: bool = True
    in_new: bool = True
    only_in: str = ""
    only_tokens: tuple[str, ...] = ()


class SchemaTree:
    """The schemas within a self-contained schema, by the places that they apply to.

    Args:
        root: the schema.

    """

    def __init__(self, root: dict[str, Any]) -> None:
        self._root = root
        self._closures: dict[int, Schemas] = {}

    @property
    def top(self) -> Schemas:
        """The schemas that apply to the payload itself."""
        return self.closure([self._root])

    def closure(self, schemas: Iterable[Any]) -> Schemas:
        """Return schemas with those that they refer to, and with their parts and branches, which apply to the same value."""
        found: dict[int, dict[str, Any]] = {}
        for schema in schemas:
            if not isinstance(schema, dict):
                continue
            if id(schema) not in self._closures:
                self._closures[id(schema)] = self._close(schema)
            found |= {id(one): one for one in self._closures[id(schema)]}
        return list(found.values())

    def _close(self, schema: dict[str, Any]) -> Schemas:
        found: dict[int, dict[str, Any]] = {}
        waiting: list[Any] = [schema]
        while waiting:
            one = waiting.pop(0)
            if not isinstance(one, dict) or id(one) in found:
                continue
            found[id(one)] = one
            if "$ref" in one:
                waiting.append(self.target(one["$ref"]))
            # What `not` and `if` hold declares nothing.
            held = {keyword: value for keyword, value in one.items() if keyword not in ("not", "if")}
            waiting += in_place_subschemas(held)
        return list(found.values())

    def target(self, reference: str) -> Any:
        """Return the schema that a reference leads to."""
        return resolve_pointer(self._root, parse_pointer(reference))

    def item(self, schemas: Schemas, index: int) -> tuple[str, Schemas]:
        """Return the token of an item in a location, and the schemas that apply to the item."""
        fixed = [one["prefixItems"][index] for one in schemas if len(one.get("prefixItems", ())) > index]
        if fixed:
            return str(index), self.closure(fixed)
        return "*", self.closure(one[keyword] for one in schemas for keyword in _OTHER_ITEMS if keyword in one)

    def named(self, schemas: Schemas, name: str) -> tuple[str, Schemas]:
        """Return the token of a property that ``properties`` or ``patternProperties`` declare, and the schemas that apply to it.

        Returns:
            An empty token if neither declares the property.

        """
        declared = [one["properties"][name] for one in schemas if name in one.get("properties", ())]
        by_pattern = [
            (pattern, inner)
            for one in schemas
            for pattern, inner in one.get("patternProperties", {}).items()
            if _matches(pattern, name)
        ]
        if not declared and not by_pattern:
            return "", []
        token = name if declared else f"*({by_pattern[0][0]})"
        return token, self.closure([*declared, *(inner for _, inner in by_pattern)])

    def others(self, schemas: Schemas) -> Schemas:
        """Return the schemas that apply to a property that no keyword declares."""
        return self.closure(one[keyword] for one in schemas for keyword in _OTHER_PROPERTIES if keyword in one)

    def limits_others(self, schemas: Schemas) -> bool:
        """Return True if a property that no keyword declares has a schema, or if schemas do not describe an object at all."""
        return not any(map(_describes_object, schemas)) or any(self.others(schemas))


_OTHER_ITEMS = ("items", "contains", "unevaluatedItems")
_OTHER_PROPERTIES = ("additionalProperties", "unevaluatedProperties")


_OBJECT_KEYWORDS = KEYWORDS_BY_TYPE["object"]


class Places:
    """Finds the places of values in two versions of a contract.

    Args:
        old: the schema of the earlier version.
        new: the schema of the later version.

    """

    def __init__(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._old, self._new = SchemaTree(old), SchemaTree(new)

    def find(self, payload: Any, path: Sequence[str | int]) -> SchemaPlace:
        """Return the place of a value.

        Args:
            payload: the payload.
            path: the names and indices that lead to the value. The last name may be one that the payload does not have.

        """
        old, new = self._old.top, self._new.top
        tokens: list[str] = []
        place = SchemaPlace(())
        value = payload
        for step in path:
            if isinstance(value, list):
                index = int(step)
                (one, old), (two, new) = self._old.item(old, index), self._new.item(new, index)
                tokens.append(one if one != "*" else two)
                value = value[index] if index < len(value) else None
                continue
            name = str(step)
            (one, old_inner), (two, new_inner) = self._old.named(old, name), self._new.named(new, name)
            tokens.append(one or two or "*")
            place = replace(place, in_old=bool(one), in_new=bool(two))
            if not place.only_in and one and not two and not self._new.limits_others(new):
                place = replace(place, only_in="old", only_tokens=tuple(tokens))
            elif not place.only_in and two and not one and not self._old.limits_others(old):
                place = replace(place, only_in="new", only_tokens=tuple(tokens))
            old = old_inner if one else self._old.others(old)
            new = new_inner if two else self._new.others(new)
            value = value.get(name) if isinstance(value, dict) else None
        return replace(place, tokens=tuple(tokens))


def _describes_object(schema: dict[str, Any]) -> bool:
    types = schema.get("type", ())
    return "object" in ([types] if isinstance(types, str) else types) or not _OBJECT_KEYWORDS.isdisjoint(schema)


def _matches(pattern: str, name: str) -> bool:
    try:
        return compile_pattern(pattern).search(name)
    except PatternError:  # a pattern that no engine reads asserts nothing
        return False
