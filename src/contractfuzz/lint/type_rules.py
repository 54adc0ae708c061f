"""Lint rules for keywords that do not belong to the type next to them."""

from __future__ import annotations

from collections.abc import Iterator

from contractfuzz.documents.dialects.string_encoded import INTEGERS
from contractfuzz.documents.dialects.structure_types import OPENAPI_TYPES, STRUCTURE_TYPES
from contractfuzz.documents.errors import show_json, suggestion
from contractfuzz.documents.keywords import JSON_TYPES, KEYWORDS, Role
from contractfuzz.lint.schema_view import Problem, SchemaView
from contractfuzz.text import closest_match

_NUMBERS = frozenset(
    {name for name, schema in STRUCTURE_TYPES.items() if schema.get("type") in ("integer", "number")}
    | {*INTEGERS, "decimal"}
)
_ARRAYS, _OBJECTS = frozenset({"array", "set", "tuple"}), frozenset({"object", "map"})
_TYPES_OF_KIND = {"number": _NUMBERS, "string": frozenset({"string"}), "array": _ARRAYS, "object": _OBJECTS}
_COMPOUND = _ARRAYS | _OBJECTS | {"choice"}

_TYPES_OF_KEYWORD: dict[str, frozenset[str]] = {
    **{
        row.name: _TYPES_OF_KIND[row.applies_to] for row in KEYWORDS.values() if row.applies_to and row.name != "format"
    },
    "items": frozenset({"array", "set"}),
    "properties": frozenset({"object", "tuple"}),
    **dict.fromkeys(
        ("required", "additionalProperties", "minProperties", "maxProperties", "patternProperties", "propertyNames"),
        frozenset({"object"}),
    ),
    "dependentRequired": frozenset({"object"}),
    **dict.fromkeys(("values", "minEntries", "maxEntries", "patternKeys", "keyNames"), frozenset({"map"})),
    "has": _OBJECTS,
    "unit": _NUMBERS,
    **dict.fromkeys(("enum", "const"), frozenset(STRUCTURE_TYPES) - _COMPOUND),
}
"""The types of JSON Structure that each keyword belongs to."""

_TWINS = {
    "minProperties": "minEntries",
    "maxProperties": "maxEntries",
    "patternProperties": "patternKeys",
    "propertyNames": "keyNames",
    "additionalProperties": "values",
}
"""Keywords for an object, each with the one of the same meaning for a map."""
_TWINS |= {for_map: for_object for for_object, for_map in _TWINS.items()}

_FORMATS = frozenset(
    {
        *("date", "date-time", "duration", "email", "hostname", "idn-email", "idn-hostname", "ipv4", "ipv6"),
        *("iri", "iri-reference", "json-pointer", "regex", "relative-json-pointer", "time", "uri"),
        *("uri-reference", "uri-template", "uuid"),
    }
)
"""The formats of JSON Schema, draft-04 to 2020-12."""

_REGISTERED_FORMATS = frozenset(
    {
        *("base64url", "binary", "byte", "char", "commonmark", "date-time-local", "decimal", "decimal128"),
        *("double", "double-int", "float", "html", "http-date", "int8", "int16", "int32", "int64"),
        *("media-range", "password", "sf-binary", "sf-boolean", "sf-decimal", "sf-integer", "sf-string"),
        *("sf-token", "single-double", "single-float", "time-local", "uint8", "uint16", "uint32", "uint64"),
        *("color", "phone", "style", "unixtime", "utc-millisec"),
    }
)
"""Formats that validators do not check: those of OpenAPI's registry, and of earlier drafts."""

_STRUCTURE_FORMATS = frozenset(
    {
        *("email", "hostname", "idn-email", "idn-hostname", "ipv4", "ipv6", "iri", "iri-reference", "regex"),
        *("relative-json-pointer", "uri-template"),
    }
)
"""The formats of JSON Structure: Validation. What else has a format in JSON Schema has a type."""

_TYPE_OF_FORMAT = {"date-time": "datetime", "json-pointer": "jsonpointer"} | {
    name: name for name in ("binary", "date", "time", "duration", "uri", "uuid")
}
_SHORT_FORMATS = {"url": "uri", "ip": "ipv4", "guid": "uuid"}
_FORMAT_SIMILARITY = 0.75
"""Least similarity of a format that may be misspelt. Formats of one's own are allowed in JSON Schema."""


def keyword_of_other_type(schema: SchemaView) -> Iterator[Problem]:
    """Yield each keyword that has no effect on values of the type next to it."""
    named = schema.keywords.get("type")
    types = named if isinstance(named, list) else [named]
    known = STRUCTURE_TYPES if schema.dialect.is_structure else JSON_TYPES
    if not types or schema.is_reference or not all(isinstance(name, str) and name in known for name in types):
        return
    if schema.dialect.is_structure and not schema.is_structure:  # its keywords are those of JSON Schema
        types = [OPENAPI_TYPES[str(name)].get("type", "any") for name in types]
    if "any" in types:
        return
    for keyword in schema.keywords:
        expected = _types_of(keyword, schema)
        if expected and expected.isdisjoint(types):
            twin = _TWINS.get(keyword, "") if schema.is_structure else ""
            is_twin = not _TYPES_OF_KEYWORD.get(twin, frozenset()).isdisjoint(types)
            remedy = f"write `{twin}`" if is_twin else "delete it or correct the type"
            yield schema.location / keyword, f"`{keyword}` has no effect on {show_json(named)}: {remedy}"


def names_not_strings(schema: SchemaView) -> Iterator[Problem]:
    """Yield each ``propertyNames`` or ``keyNames`` with a type that is not a string, as property names are strings."""
    for keyword in ("propertyNames", "keyNames"):
        names = schema.keywords.get(keyword)
        named = names.get("type", "string") if isinstance(names, dict) else "string"
        if isinstance(named, str | list) and "string" not in ([named] if isinstance(named, str) else named):
            problem = f"no property name has the type {show_json(named)}"
            yield schema.location / keyword / "type", f'{problem}: write "type": "string" or delete it'


def unknown_format(schema: SchemaView) -> Iterator[Problem]:
    """Yield a ``format`` that the dialect does not have. JSON Schema allows others, so that only similar ones are reported."""
    name = schema.keywords.get("format")
    if not isinstance(name, str) or schema.is_reference:
        return
    if schema.is_structure:
        if name not in _STRUCTURE_FORMATS:
            of_type = _TYPE_OF_FORMAT.get(name)
            hint = suggestion(name, _STRUCTURE_FORMATS) or "; correct or delete it"
            remedy = f'; write "type": {show_json(of_type)}' if of_type else hint
            yield schema.location / "format", f"{show_json(name)} is not a format of JSON Structure{remedy}"
        return
    known = _FORMATS | _REGISTERED_FORMATS
    nearest = _SHORT_FORMATS.get(name) or closest_match(name, sorted(known), _FORMAT_SIMILARITY)
    if name not in known and nearest is not None:
        problem = f"{show_json(name)} is not a known format, so that validators ignore it"
        yield schema.location / "format", f"{problem}; did you mean {show_json(nearest)}?"


def ignored_sibling(schema: SchemaView) -> Iterator[Problem]:
    """Yield each keyword next to a ``$ref`` that has no effect there, before 2019-09."""
    if not schema.is_reference:
        return
    for keyword in schema.keywords:
        row = KEYWORDS.get(keyword)
        if row is not None and keyword != "$ref" and row.role is Role.ASSERTION:
            problem = f"`{keyword}` is next to a `$ref`, where {schema.dialect.name} ignores it"
            yield schema.location / keyword, f"{problem}: move the `$ref` into `allOf`"


def _types_of(keyword: str, schema: SchemaView) -> frozenset[str]:
    """Return the types that a keyword belongs to; none if it belongs to all."""
    if schema.is_structure:
        return _TYPES_OF_KEYWORD.get(keyword, frozenset())
    row = KEYWORDS.get(keyword)
    if row is None or keyword == "format" or not row.families & schema.dialect.families:
        return frozenset()
    return frozenset({"number", "integer"} if row.applies_to == "number" else filter(None, [row.applies_to]))
