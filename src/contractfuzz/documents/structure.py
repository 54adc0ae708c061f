"""JSON Structure, one schema at a time, in the words of JSON Schema 2020-12."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from contractfuzz.documents.dialects import Dialect
from contractfuzz.documents.document import Place
from contractfuzz.documents.keywords import IDENTITY, Refer, Schema, carry, expect, names
from contractfuzz.documents.refusals import did_you_mean, listed, shown
from contractfuzz.documents.types import OPENAPI_TYPES, STRUCTURE_TYPES, UNSUPPORTED_TYPES

# What a document says of itself rather than of its payloads, beyond what a JSON Schema does.
_IDENTITY = IDENTITY | {"name", "$root", "$uses", "$offers"}

# What would change the payloads and is not lowered yet: to pass over it would be to label payloads wrongly.
_UNSUPPORTED = frozenset(
    {"$extends", "$import", "$importdefs", "abstract", "choices", "selector"}
    | {"has", "keyNames", "patternKeys", "minEntries", "maxEntries", "precision", "scale"}
)

_TIGHTER: dict[str, Callable[[float, float], float]] = {"minimum": max, "maximum": min}


def lower_structure(node: Any, place: Place, refer: Refer) -> Schema:
    """Lower a schema of JSON Structure.

    Args:
        node: the schema in its document.
        place: where it is.
        refer: turns the value of a ``$ref`` at a place into the reference within the lowered schema.

    Raises:
        ContractError: it uses a type or a keyword wrongly, or one that is not supported.

    """
    expect(dict, node, place)
    if not place.steps and "$root" in node:
        if "type" in node:
            raise (place / "$root").refusal("a document has either a `$root` or a `type`; delete one of the two")
        return {"$ref": refer(node["$root"], place / "$root")}
    return _Lowering(refer, _types_of(place)).schema(node, place)


def _types_of(place: Place) -> Mapping[str, dict[str, Any]]:
    return OPENAPI_TYPES if place.document.dialect is Dialect.STRUCTURE_FROM_OPENAPI else STRUCTURE_TYPES


class _Lowering:
    def __init__(self, refer: Refer, types: Mapping[str, dict[str, Any]]) -> None:
        self._refer = refer
        self._types = types

    def schema(self, node: Any, place: Place) -> dict[str, Any]:
        expect(dict, node, place)
        typed = self._typed(node, place)
        lowered: dict[str, Any] = {}
        for keyword, value in node.items():
            if keyword == "type":
                lowered |= typed
            elif keyword not in typed:
                said = self._keyword(keyword, value, node, place)
                for twice in said.keys() & lowered.keys():
                    problem = (
                        f"another keyword beside it says the same (in JSON Schema, `{twice}`); delete one of the two"
                    )
                    raise (place / keyword).refusal(problem)
                lowered |= said
        return lowered

    def _keyword(self, keyword: str, value: Any, node: dict[str, Any], place: Place) -> dict[str, Any]:
        at = place / keyword
        if keyword in _UNSUPPORTED:
            raise at.refusal(f"`{keyword}` is not supported yet; write the type out without it")
        if keyword == "name":
            expect(str, value, at)
        match keyword:
            case _ if keyword in _IDENTITY:
                return {}
            case "$ref":
                return {"$ref": self._refer(value, at)}
            case "example":
                return {
                    "examples": [value, *carry("examples", node.get("examples", []), place / "examples", self.schema)]
                }
            case "examples" if "example" in node:
                return {}
            case "values":
                return {"additionalProperties": self.schema(value, at)}
            case "additionalProperties" if isinstance(value, bool):
                return {keyword: value}
            case "required" if isinstance(value, list) and any(isinstance(name, list) for name in value):
                raise at.refusal("alternative sets of required properties are not supported yet; name them in one list")
            case "tuple":
                return self._tuple(value, node, place)
            case "properties" if "tuple" in node:
                return {}
            case _:
                return {keyword: carry(keyword, value, at, self.schema)}

    def _tuple(self, order: Any, node: dict[str, Any], place: Place) -> dict[str, Any]:
        ordered = names(order, place / "tuple")
        properties = carry("properties", node.get("properties", {}), place / "properties", self.schema)
        for i, name in enumerate(ordered):
            if name not in properties:
                problem = f"{shown(name)} is not defined{did_you_mean(name, properties)}; define it in `properties`"
                raise (place / "tuple" / i).refusal(problem)
        if not ordered:
            raise (place / "tuple").refusal("is empty; name the properties in their order")
        return {"prefixItems": [properties[name] for name in ordered], "items": False, "minItems": len(ordered)}

    def _typed(self, node: dict[str, Any], place: Place) -> dict[str, Any]:
        """Lower ``type`` and the keywords beside it that speak of the same: bounds make it tighter, no other may differ."""
        named = node.get("type")
        if ("tuple" in node) != ("tuple" in (named if isinstance(named, list) else [named])):
            raise place.refusal(
                'a tuple needs both, "type": "tuple" and the list `tuple` of its properties in their order'
            )
        if "type" not in node:
            return {}
        typed = self._type(node["type"], place / "type")
        for keyword in [keyword for keyword in node if keyword in typed and keyword != "type"]:
            if keyword in _TIGHTER:
                own = carry(keyword, node[keyword], place / keyword, self.schema)
                typed[keyword] = _TIGHTER[keyword](typed[keyword], own)
            elif node[keyword] != typed[keyword]:
                raise (place / keyword).refusal(f"the type says otherwise already; move `{keyword}` into `allOf`")
        return typed

    def _type(self, named: Any, place: Place) -> dict[str, Any]:
        match named:
            case str():
                return self._primitive(named, place)
            case {"$ref": reference}:
                return {"$ref": self._refer(reference, place / "$ref")}
            case [_, *_]:
                return self._union(named, place)
            case _:
                problem = f'must be the name of a type, {{"$ref": ...}} or a list of these, not {shown(named)}'
                raise place.refusal(problem)

    def _primitive(self, named: str, place: Place) -> dict[str, Any]:
        if named in self._types:
            return dict(self._types[named])
        if named in UNSUPPORTED_TYPES:
            raise place.refusal(f"the type {shown(named)} is not supported yet; the types are {listed(self._types)}")
        suggestion = did_you_mean(named, self._types) or f"; the types are {', '.join(self._types)}"
        raise place.refusal(f"unknown type {shown(named)}{suggestion}")

    def _union(self, members: list[Any], place: Place) -> dict[str, Any]:
        lowered: list[dict[str, Any]] = []
        for i, member in enumerate(members):
            if member in members[:i]:
                raise (place / i).refusal(f"names {shown(member)} a second time; delete it")
            at = place / i
            lowered.append(self._primitive(member, at) if isinstance(member, str) else self.schema(member, at))
        types = [member.get("type") for member in lowered]
        if not all(isinstance(member, str) for member in members) or not _distinct(types):
            return {"anyOf": lowered}
        # One schema for all: what a type of ours says of numbers does not touch strings.
        united = {keyword: value for member in lowered for keyword, value in member.items()}
        return {**united, "type": types if len(types) > 1 else types[0]}


def _distinct(types: list[Any]) -> bool:
    """Whether no payload is of two of the types; None is the type that any payload is of."""
    return None not in types and len({"number" if name == "integer" else name for name in types}) == len(types)
