"""JSON Schema, from draft-04 to 2020-12."""

from __future__ import annotations

from typing import Any

from contractfuzz.documents.dialects.dialect import Dialect, ReferenceContext
from contractfuzz.documents.document import SourceLocation
from contractfuzz.documents.errors import show_json, suggestion
from contractfuzz.documents.keyword_shapes import Schema, read_names, require_type
from contractfuzz.documents.keywords import JSON_TYPES, METADATA, Draft, keywords_after, lower_keyword


class Draft2020Lowering:
    """Lowering of JSON Schema 2020-12. Other drafts, which differ in few keywords, extend it."""

    def __init__(self, dialect: Dialect, context: ReferenceContext) -> None:
        self._dialect = dialect
        self._context = context

    def lower(self, node: Any, location: SourceLocation) -> Schema:
        """Lower a schema."""
        if isinstance(node, bool):
            return node
        if isinstance(node, list):
            raise location.error(
                "is a list, not a schema; use `prefixItems`, or declare draft-07 or 2019-09 with `$schema`"
            )
        require_type(node, dict, location)
        if self._dialect.ignores_ref_siblings and "$ref" in node:
            return self.lower_keyword("$ref", node["$ref"], location / "$ref")
        lowered: dict[str, Any] = {}
        for keyword, value in node.items():
            if keyword not in self._dialect.ignored_keywords:
                _add_keywords(lowered, self.lower_keyword(keyword, value, location / keyword))
        return self._context.with_source(lowered, node)

    def lower_keyword(self, keyword: str, value: Any, location: SourceLocation) -> dict[str, Any]:
        """Return the keywords of 2020-12 that a keyword becomes."""
        if keyword in METADATA or keyword == self._dialect.id_keyword:
            return {}
        match keyword:
            case "$ref":
                return {"$ref": self._context.refer(value, location)}
            case "$dynamicRef" | "$recursiveRef":
                return {"$ref": self._context.refer_dynamically(value, location)}
            case "format" if isinstance(value, str) and value in self._dialect.ignored_formats:
                return {}
            case "dependencies":
                return self._lower_dependencies(value, location)
            case "type":
                return {"type": read_type(value, location)}
            case _:
                return {keyword: lower_keyword(keyword, value, location, self.lower)}

    def _lower_dependencies(self, value: Any, location: SourceLocation) -> dict[str, Any]:
        """Split ``dependencies``, which is deprecated since 2019-09, into the two keywords that replace it."""
        require_type(value, dict, location)
        required = {name: dependents for name, dependents in value.items() if isinstance(dependents, list)}
        schemas = {name: schema for name, schema in value.items() if name not in required}
        split = {"dependentRequired": required, "dependentSchemas": schemas}
        return {name: lower_keyword(name, part, location, self.lower) for name, part in split.items() if part}


def _add_keywords(lowered: dict[str, Any], more: dict[str, Any]) -> None:
    """Add keywords to a lowered schema. Those that it has already go into ``allOf``, so that both apply."""
    for keyword, value in more.items():
        if keyword not in lowered:
            lowered[keyword] = value
        elif keyword == "allOf":
            lowered["allOf"] = [*lowered["allOf"], *value]
        else:
            lowered["allOf"] = [*lowered.get("allOf", ()), {keyword: value}]


class Draft2019Lowering(Draft2020Lowering):
    """Lowering of 2019-09, where ``items`` may be a list, with ``additionalItems`` for the other items."""

    def lower(self, node: Any, location: SourceLocation) -> Schema:
        """Lower a schema. Without a list of items, ``additionalItems`` has no effect."""
        if isinstance(node, dict) and not isinstance(node.get("items"), list):
            node = {keyword: value for keyword, value in node.items() if keyword != "additionalItems"}
        return super().lower(node, location)

    def lower_keyword(self, keyword: str, value: Any, location: SourceLocation) -> dict[str, Any]:
        """Return the keywords of 2020-12 that a keyword becomes."""
        match keyword:
            case "items" if isinstance(value, list):
                return {"prefixItems": lower_keyword("prefixItems", value, location, self.lower)} if value else {}
            case "additionalItems":
                return {"items": self.lower(value, location)}
            case _:
                return super().lower_keyword(keyword, value, location)


class Draft4Lowering(Draft2019Lowering):
    """Lowering of draft-04, where ``exclusiveMinimum`` and ``exclusiveMaximum`` are flags."""

    def lower(self, node: Any, location: SourceLocation) -> Schema:
        """Lower a schema, which must not be a boolean."""
        if isinstance(node, bool):
            raise location.error("must be an object, not a boolean: draft-04 has no such schema; write {} or not: {}")
        return super().lower(_with_exclusive_bounds(node, location), location)

    def lower_keyword(self, keyword: str, value: Any, location: SourceLocation) -> dict[str, Any]:
        """Return the keywords of 2020-12 that a keyword becomes."""
        if keyword in ("additionalProperties", "additionalItems") and isinstance(value, bool):
            return {"items" if keyword == "additionalItems" else keyword: value}
        return super().lower_keyword(keyword, value, location)


def _with_exclusive_bounds(node: Any, location: SourceLocation) -> Any:
    """Replace ``minimum`` by the number ``exclusiveMinimum`` where the flag is true, and likewise for the maximum."""
    if not isinstance(node, dict) or "$ref" in node:
        return node
    changed = dict(node)
    for exclusive, bound in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if exclusive not in node:
            continue
        require_type(node[exclusive], bool, location / exclusive)
        del changed[exclusive]
        if node[exclusive] and bound in node:
            changed[exclusive] = changed.pop(bound)
    return changed


def read_type(value: Any, location: SourceLocation) -> str | list[str]:
    """Read the value of ``type``: the name of a JSON type, or a list of names."""
    if isinstance(value, str):
        return _read_type_name(value, location)
    if not isinstance(value, list) or not value:
        raise location.error(f"must be the name of a type or a list of names, not {show_json(value)}")
    return [_read_type_name(name, location / index) for index, name in enumerate(read_names(value, location))]


def _read_type_name(name: str, location: SourceLocation) -> str:
    if name in JSON_TYPES:
        return name
    hint = suggestion(name, JSON_TYPES) or f"; the types of JSON Schema are {', '.join(JSON_TYPES)}"
    raise location.error(f"unknown type {show_json(name)}{hint}")


_FORMATS_AFTER = {
    Draft.DRAFT_7: frozenset({"duration", "uuid"}),
    Draft.DRAFT_6: frozenset({"date", "idn-email", "idn-hostname", "iri", "iri-reference", "regex"})
    | {"relative-json-pointer", "time"},
    Draft.DRAFT_4: frozenset({"json-pointer", "uri-reference", "uri-template"}),
}
"""Formats that are new after each draft."""

DRAFT_2020_12 = Dialect(
    "JSON Schema 2020-12",
    Draft2020Lowering,
    option="2020-12",
    schema_uris=("json-schema.org/draft/2020-12/schema",),
    ignored_keywords=frozenset({"$recursiveRef"}),
)
UNDECLARED = Dialect("JSON Schema without `$schema`", Draft2019Lowering)
"""Documents that have lists of ``items`` and no ``$schema``: 2020-12, except that these lists keep their former meaning."""

DRAFT_2019_09 = Dialect(
    "JSON Schema 2019-09",
    Draft2019Lowering,
    option="2019-09",
    schema_uris=("json-schema.org/draft/2019-09/schema",),
    ignored_keywords=keywords_after(Draft.DRAFT_2019_09),
)
DRAFT_7 = Dialect(
    "JSON Schema draft-07",
    Draft2019Lowering,
    option="draft-07",
    schema_uris=("json-schema.org/draft-07/schema",),
    ignores_ref_siblings=True,
    ignored_keywords=keywords_after(Draft.DRAFT_7),
    ignored_formats=_FORMATS_AFTER[Draft.DRAFT_7],
)
DRAFT_6 = Dialect(
    "JSON Schema draft-06",
    Draft2019Lowering,
    option="draft-06",
    schema_uris=("json-schema.org/draft-06/schema",),
    ignores_ref_siblings=True,
    ignored_keywords=keywords_after(Draft.DRAFT_6),
    ignored_formats=_FORMATS_AFTER[Draft.DRAFT_7] | _FORMATS_AFTER[Draft.DRAFT_6],
)
DRAFT_4 = Dialect(
    "JSON Schema draft-04",
    Draft4Lowering,
    option="draft-04",
    schema_uris=("json-schema.org/draft-04/schema",),
    id_keyword="id",
    ignores_ref_siblings=True,
    ignored_keywords=keywords_after(Draft.DRAFT_4),
    ignored_formats=frozenset().union(*_FORMATS_AFTER.values()),
)
