"""JSON Schema from draft-04 to 2020-12, and that of OpenAPI, one schema at a time, in the words of 2020-12."""

from __future__ import annotations

from typing import Any

from contractfuzz.documents.dialects.dialect import Dialect
from contractfuzz.documents.dialects.structure_types import JSON_TYPES, OPENAPI_TYPES
from contractfuzz.documents.document import SourceLocation
from contractfuzz.documents.errors import did_you_mean, shown
from contractfuzz.documents.keyword_shapes import Schema, read_names, require_type
from contractfuzz.documents.keywords import (
    METADATA,
    Draft,
    Family,
    Role,
    keywords_after,
    lower_keyword,
    select_keywords,
)
from contractfuzz.documents.reference_context import Refer

_IGNORED_BY_OPENAPI_3_0 = (keywords_after(Draft.DRAFT_4) - {"deprecated", "readOnly", "writeOnly"}) | {
    *("patternProperties", "additionalItems", "dependencies", "id")
}
_DESCRIBING = select_keywords(lambda row: row.role is Role.ANNOTATION and Family.OPENAPI in row.families)


def lower_schema(node: Any, place: SourceLocation, refer: Refer) -> Schema:
    """Lower a JSON Schema.

    Args:
        node: the schema in its document.
        place: where it is.
        refer: turns the value of a ``$ref`` at a place into the reference within the lowered schema.

    Raises:
        ContractError: a keyword's value has not the shape that it asks for, or the keyword is not supported.

    """
    return _LOWERINGS[place.document.dialect](refer).schema(node, place)


class _Draft2020:
    passed_over: frozenset[str] = frozenset()

    def __init__(self, refer: Refer) -> None:
        self._refer = refer

    def schema(self, node: Any, place: SourceLocation) -> Schema:
        if isinstance(node, bool):
            return node
        if isinstance(node, list):
            raise place.refusal(
                'is a list, not a schema; use `prefixItems`, or say "$schema": draft-07 for lists of items'
            )
        require_type(node, dict, place)
        lowered: dict[str, Any] = {}
        for keyword, value in node.items():
            if keyword not in self.passed_over:
                lowered |= self._keyword(keyword, value, place / keyword)
        return lowered

    def _keyword(self, keyword: str, value: Any, at: SourceLocation) -> dict[str, Any]:
        match keyword:
            case _ if keyword in METADATA:
                return {}
            case "$ref":
                return {"$ref": self._refer(value, at)}
            case "type":
                return {"type": _type(value, at)}
            case _:
                return {keyword: lower_keyword(keyword, value, at, self.schema)}


class _Draft2019(_Draft2020):
    passed_over = keywords_after(Draft.DRAFT_2019_09)

    def schema(self, node: Any, place: SourceLocation) -> Schema:
        if isinstance(node, dict) and not isinstance(node.get("items"), list):
            node = {keyword: value for keyword, value in node.items() if keyword != "additionalItems"}
        return super().schema(node, place)

    def _keyword(self, keyword: str, value: Any, at: SourceLocation) -> dict[str, Any]:
        match keyword:
            case "items" if isinstance(value, list):
                return {"prefixItems": lower_keyword("prefixItems", value, at, self.schema)} if value else {}
            case "additionalItems":
                return {"items": self.schema(value, at)}
            case _:
                return super()._keyword(keyword, value, at)


class _Draft7(_Draft2019):
    passed_over = keywords_after(Draft.DRAFT_7)

    def schema(self, node: Any, place: SourceLocation) -> Schema:
        if isinstance(node, dict) and "$ref" in node:  # up to draft-07 whatever stands beside it is passed over
            return {"$ref": self._refer(node["$ref"], place / "$ref")}
        return super().schema(node, place)

    def _keyword(self, keyword: str, value: Any, at: SourceLocation) -> dict[str, Any]:
        if keyword == "dependencies":
            return self._dependencies(value, at)
        return super()._keyword(keyword, value, at)

    def _dependencies(self, value: Any, at: SourceLocation) -> dict[str, Any]:
        require_type(value, dict, at)
        required = {name: wanted for name, wanted in value.items() if isinstance(wanted, list)}
        schemas = {name: wanted for name, wanted in value.items() if name not in required}
        split = {"dependentRequired": required, "dependentSchemas": schemas}
        return {keyword: lower_keyword(keyword, wanted, at, self.schema) for keyword, wanted in split.items() if wanted}


class _Draft6(_Draft7):
    passed_over = keywords_after(Draft.DRAFT_6)


class _Draft4(_Draft7):
    passed_over = keywords_after(Draft.DRAFT_4)

    def schema(self, node: Any, place: SourceLocation) -> Schema:
        if isinstance(node, bool):
            raise place.refusal("must be an object, not a boolean: draft-04 knows no such schema; write {} or not: {}")
        return super().schema(_with_exclusive_bounds(node, place), place)

    def _keyword(self, keyword: str, value: Any, at: SourceLocation) -> dict[str, Any]:
        match keyword:
            case "id":
                return {}
            case "additionalProperties" | "additionalItems" if isinstance(value, bool):
                return {"items" if keyword == "additionalItems" else keyword: value}
            case _:
                return super()._keyword(keyword, value, at)


def _with_exclusive_bounds(node: Any, place: SourceLocation) -> Any:
    """Turn ``exclusiveMinimum: true`` and its like, which change the bound beside them, into bounds of their own."""
    if not isinstance(node, dict) or "$ref" in node:
        return node
    changed = dict(node)
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if exclusive not in node:
            continue
        require_type(node[exclusive], bool, place / exclusive)
        del changed[exclusive]
        if node[exclusive] and bound in node:
            changed[exclusive] = changed.pop(bound)
    return changed


class _OpenAPI31(_Draft2020):
    passed_over = _DESCRIBING

    def schema(self, node: Any, place: SourceLocation) -> Schema:
        lowered = super().schema(node, place)
        return _within_format(lowered) if isinstance(lowered, dict) else lowered

    def _keyword(self, keyword: str, value: Any, at: SourceLocation) -> dict[str, Any]:
        if keyword == "example":
            return {"examples": [value]}
        return super()._keyword(keyword, value, at)


class _OpenAPI30(_Draft4):
    passed_over = _IGNORED_BY_OPENAPI_3_0 | _DESCRIBING

    def schema(self, node: Any, place: SourceLocation) -> Schema:
        lowered = super().schema(node, place)
        if not isinstance(lowered, dict) or not isinstance(node, dict) or "$ref" in node:
            return lowered
        return _within_format(lowered)

    def _keyword(self, keyword: str, value: Any, at: SourceLocation) -> dict[str, Any]:
        match keyword:
            case "example":
                return {"examples": [value]}
            case "nullable":
                require_type(value, bool, at)
                return {}
            case "type" if _nullable(at):
                return {"type": [_type(value, at), "null"]}
            case _:
                return super()._keyword(keyword, value, at)


def _nullable(at: SourceLocation) -> bool:
    """Return whether the schema with this ``type`` allows null besides: by OpenAPI 3.0.3, only where it has a type."""
    from contractfuzz.documents.document import lookup

    schema = lookup(SourceLocation(at.document, at.steps[:-1]))
    return isinstance(schema, dict) and schema.get("nullable") is True and isinstance(schema.get("type"), str)


def _within_format(schema: dict[str, Any]) -> dict[str, Any]:
    """Turn the formats that OpenAPI gives to integers into their bounds."""
    types = schema.get("type")
    form = schema.get("format")
    if form not in ("int32", "int64") or "integer" not in ([types] if isinstance(types, str) else types or ()):
        return schema
    bounds = OPENAPI_TYPES[str(form)]
    bounded = {keyword: value for keyword, value in schema.items() if keyword != "format"}
    bounded["minimum"] = max(schema.get("minimum", bounds["minimum"]), bounds["minimum"])
    bounded["maximum"] = min(schema.get("maximum", bounds["maximum"]), bounds["maximum"])
    return bounded


_LOWERINGS: dict[Dialect, type[_Draft2020]] = {
    Dialect.DRAFT_4: _Draft4,
    Dialect.DRAFT_6: _Draft6,
    Dialect.DRAFT_7: _Draft7,
    Dialect.DRAFT_2019_09: _Draft2019,
    Dialect.DRAFT_2020_12: _Draft2020,
    Dialect.OPENAPI_3_0: _OpenAPI30,
    Dialect.OPENAPI_3_1: _OpenAPI31,
}


def _type(value: Any, place: SourceLocation) -> str | list[str]:
    if isinstance(value, str):
        return _known(value, place)
    if not isinstance(value, list) or not value:
        raise place.refusal(f"must be the name of a type or a list of names, not {shown(value)}")
    return [_known(name, place / i) for i, name in enumerate(read_names(value, place))]


def _known(name: str, place: SourceLocation) -> str:
    if name in JSON_TYPES:
        return name
    suggestion = did_you_mean(name, JSON_TYPES) or f"; the types of JSON Schema are {', '.join(JSON_TYPES)}"
    raise place.refusal(f"unknown type {shown(name)}{suggestion}")
