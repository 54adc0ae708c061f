"""JSON Schema of draft-07 and 2020-12, one schema at a time, in the words of 2020-12."""

from __future__ import annotations

from typing import Any

from contractfuzz.documents.dialects import Dialect
from contractfuzz.documents.document import Place
from contractfuzz.documents.keywords import IDENTITY, Refer, Schema, carry, expect, names
from contractfuzz.documents.refusals import did_you_mean, shown
from contractfuzz.documents.types import JSON_TYPES

# Words that draft-07 does not know and passes over: 2020-12 would give them a meaning that the document never had.
_UNKNOWN_TO_DRAFT_7 = frozenset(
    {"prefixItems", "dependentRequired", "dependentSchemas", "minContains", "maxContains", "contentSchema"}
    | {"unevaluatedItems", "unevaluatedProperties", "deprecated", "$dynamicRef", "$recursiveRef"}
)


def lower_schema(node: Any, place: Place, refer: Refer) -> Schema:
    """Lower a JSON Schema.

    Args:
        node: the schema in its document.
        place: where it is.
        refer: turns the value of a ``$ref`` at a place into the reference within the lowered schema.

    Raises:
        ContractError: a keyword's value has not the shape that it asks for, or the keyword is not supported.

    """
    lowering = _Draft7 if place.document.dialect is Dialect.DRAFT_7 else _Draft2020
    return lowering(refer).schema(node, place)


class _Draft2020:
    def __init__(self, refer: Refer) -> None:
        self._refer = refer

    def schema(self, node: Any, place: Place) -> Schema:
        if isinstance(node, bool):
            return node
        if isinstance(node, list):
            raise place.refusal(
                'is a list, not a schema; use `prefixItems`, or say "$schema": draft-07 for lists of items'
            )
        expect(dict, node, place)
        lowered: dict[str, Any] = {}
        for keyword, value in node.items():
            lowered |= self._keyword(keyword, value, place / keyword)
        return lowered

    def _keyword(self, keyword: str, value: Any, at: Place) -> dict[str, Any]:
        match keyword:
            case _ if keyword in IDENTITY:
                return {}
            case "$ref":
                return {"$ref": self._refer(value, at)}
            case "type":
                return {"type": _type(value, at)}
            case _:
                return {keyword: carry(keyword, value, at, self.schema)}


class _Draft7(_Draft2020):
    def schema(self, node: Any, place: Place) -> Schema:
        if isinstance(node, dict) and "$ref" in node:  # draft-07 passes over whatever stands beside it
            return {"$ref": self._refer(node["$ref"], place / "$ref")}
        if isinstance(node, dict) and not isinstance(node.get("items"), list):
            node = {keyword: value for keyword, value in node.items() if keyword != "additionalItems"}
        return super().schema(node, place)

    def _keyword(self, keyword: str, value: Any, at: Place) -> dict[str, Any]:
        match keyword:
            case _ if keyword in _UNKNOWN_TO_DRAFT_7:
                return {}
            case "items" if isinstance(value, list):
                return {"prefixItems": carry("prefixItems", value, at, self.schema)}
            case "additionalItems":
                return {"items": self.schema(value, at)}
            case "dependencies":
                return self._dependencies(value, at)
            case _:
                return super()._keyword(keyword, value, at)

    def _dependencies(self, value: Any, at: Place) -> dict[str, Any]:
        expect(dict, value, at)
        required = {name: wanted for name, wanted in value.items() if isinstance(wanted, list)}
        schemas = {name: wanted for name, wanted in value.items() if name not in required}
        split = {"dependentRequired": required, "dependentSchemas": schemas}
        return {keyword: carry(keyword, wanted, at, self.schema) for keyword, wanted in split.items() if wanted}


def _type(value: Any, place: Place) -> str | list[str]:
    if isinstance(value, str):
        return _known(value, place)
    if not isinstance(value, list) or not value:
        raise place.refusal(f"must be the name of a type or a list of names, not {shown(value)}")
    return [_known(name, place / i) for i, name in enumerate(names(value, place))]


def _known(name: str, place: Place) -> str:
    if name in JSON_TYPES:
        return name
    suggestion = did_you_mean(name, JSON_TYPES) or f"; the types of JSON Schema are {', '.join(JSON_TYPES)}"
    raise place.refusal(f"unknown type {shown(name)}{suggestion}")
