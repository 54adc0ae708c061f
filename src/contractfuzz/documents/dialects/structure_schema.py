"""Schemas of JSON Structure, keyword by keyword, except for types that are made of other types.

JSON Structure: Core (draft-vasters-json-structure-core) and its companions Validation, Conditional Composition and Import.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from contractfuzz.documents.dialects.dialect import Dialect, ReferenceContext
from contractfuzz.documents.dialects.structure_primitives import (
    ENCODED_TYPE_KEYWORDS,
    lower_encoded_type,
    lower_scaled_number,
)
from contractfuzz.documents.document import SourceLocation
from contractfuzz.documents.errors import show_json, suggestion
from contractfuzz.documents.keyword_shapes import UnreadPattern, read_name_set, read_names, require_type
from contractfuzz.documents.keywords import KEYWORDS, Role, lower_keyword, select_keywords

_CHECKED_METADATA = {"name": str, "abstract": bool}
_METADATA = select_keywords(lambda row: row.role is Role.METADATA)
_RENAMED = {row.name: row.alias_of for row in KEYWORDS.values() if row.alias_of}
_TIGHTER: dict[str, Callable[[float, float], float]] = {"minimum": max, "maximum": min}
_MISPLACED = {
    "choices": '`choices` belongs to a choice; write "type": "choice" or delete it',
    "selector": '`selector` belongs to a choice; write "type": "choice" or delete it',
    "precision": "`precision` belongs to a `decimal` or a `number`; delete it",
    "scale": "`scale` belongs to a `decimal` or a `number`; delete it",
    "contentCompression": "`contentCompression` is not supported: no schema can look into it; delete it",
}


class StructureSchemaLowering(ABC):
    """Lowering of JSON Structure, without the types that are made of others; subclasses add those.

    Attributes:
        types: the JSON Schema of each type.
        anchors_patterns: True if a ``pattern`` must match the whole string.
        has_encoded_types: True if wide integers, decimals and bytes are strings.

    """

    types: Mapping[str, dict[str, Any]]
    anchors_patterns: bool
    has_encoded_types: bool

    def __init__(self, dialect: Dialect, context: ReferenceContext) -> None:
        self.dialect = dialect
        self.context = context

    @abstractmethod
    def lower_complete(self, node: dict[str, Any], location: SourceLocation) -> dict[str, Any]:
        """Lower a schema with the types that it is made of."""

    @abstractmethod
    def for_location(self, location: SourceLocation) -> StructureSchemaLowering:
        """Return the lowering for schemas of another document."""

    def lower_schema(self, node: Any, location: SourceLocation) -> dict[str, Any]:
        """Lower a schema within a schema. A type that contains itself becomes a reference."""
        require_type(node, dict, location)
        if location in self.context.enclosing:
            return {"$ref": self.context.refer_to(location)}
        self.context.enclosing.append(location)
        try:
            return self.context.with_source(self.lower_complete(node, location), node)
        finally:
            self.context.enclosing.pop()

    def lower_keywords(
        self, node: dict[str, Any], location: SourceLocation, without: frozenset[str] = frozenset()
    ) -> dict[str, Any]:
        """Lower the keywords of a schema, ``without`` some, and without what the schema inherits."""
        typed, included = self._lower_type(node, location) if "type" not in without else ({}, frozenset())
        lowered: dict[str, Any] = {}
        for keyword, value in node.items():
            if keyword == "type":
                lowered |= {key: value for key, value in typed.items() if key not in lowered}
            elif keyword not in typed and keyword not in included and keyword not in without:
                add_keywords(lowered, self._lower_keyword(keyword, value, node, location), location / keyword)
        return lowered

    def _lower_keyword(
        self, keyword: str, value: Any, node: dict[str, Any], location: SourceLocation
    ) -> dict[str, Any]:
        """Return the keywords of JSON Schema that a keyword of the schema ``node`` becomes."""
        keyword_location = location / keyword
        if keyword in _MISPLACED:
            raise keyword_location.error(_MISPLACED[keyword])
        if keyword in _SPECIAL:
            return _SPECIAL[keyword](self, value, node, keyword_location)
        if keyword in _CHECKED_METADATA:
            require_type(value, _CHECKED_METADATA[keyword], keyword_location)
        if keyword in _METADATA or keyword == "$extends":
            return {}
        name = _RENAMED.get(keyword, keyword)
        return {name: lower_keyword(name, value, keyword_location, self.lower_schema)}

    # --- types ----------------------------------------------------------------------------------------------------------

    def _lower_type(self, node: dict[str, Any], location: SourceLocation) -> tuple[dict[str, Any], frozenset[str]]:
        """Lower ``type`` with the keywords that it includes.

        Bounds tighten those of the type. Other keywords must not contradict it.

        Returns:
            The lowered keywords, and the names of the keywords that the type includes.

        """
        named = node.get("type")
        if ("tuple" in node) != ("tuple" in (named if isinstance(named, list) else [named])):
            problem = 'a tuple needs both, "type": "tuple" and the list `tuple` of its properties in their order'
            raise location.error(problem)
        if "type" not in node:
            return {}, frozenset()
        if self.has_encoded_types and isinstance(named, str) and named in ENCODED_TYPE_KEYWORDS:
            return lower_encoded_type(named, node, location), ENCODED_TYPE_KEYWORDS[named]
        typed = self._type(named, location / "type")
        for keyword in [keyword for keyword in node if keyword in typed and keyword != "type"]:
            if keyword in _TIGHTER:
                bound = lower_keyword(keyword, node[keyword], location / keyword, self.lower_schema)
                typed[keyword] = _TIGHTER[keyword](typed[keyword], bound)
            elif node[keyword] != typed[keyword]:
                raise (location / keyword).error(f"contradicts the type; move `{keyword}` into `allOf`")
        if typed.get("type") == "number" and ("precision" in node or "scale" in node):
            return typed | lower_scaled_number(node, location), frozenset({"precision", "scale"})
        return typed, frozenset()

    def _type(self, named: Any, location: SourceLocation) -> dict[str, Any]:
        match named:
            case str():
                return self._primitive(named, location)
            case {"$ref": reference}:
                return {"$ref": self.context.refer(reference, location / "$ref")}
            case [_, *_]:
                return self._union(named, location)
            case _:
                problem = f'must be the name of a type, {{"$ref": ...}} or a list of these, not {show_json(named)}'
                raise location.error(problem)

    def _primitive(self, name: str, location: SourceLocation) -> dict[str, Any]:
        if name in self.types:
            return dict(self.types[name])
        hint = suggestion(name, self.types) or f"; the types are {', '.join(self.types)}"
        raise location.error(f"unknown type {show_json(name)}{hint}")

    def _union(self, members: list[Any], location: SourceLocation) -> dict[str, Any]:
        lowered: list[dict[str, Any]] = []
        for index, member in enumerate(members):
            member_location = location / index
            if member in members[:index]:
                raise member_location.error(f"repeats {show_json(member)}; delete it")
            if member == "choice":
                raise member_location.error("a union cannot contain a choice; define the choice and refer to it")
            is_name = isinstance(member, str)
            lowered.append((self._primitive if is_name else self.lower_schema)(member, member_location))
        types = [member.get("type") for member in lowered]
        if not all(isinstance(member, str) for member in members) or not _are_disjoint(types):
            return {"anyOf": lowered}
        # One schema for all members: keywords for numbers do not affect strings, and so on.
        united = {keyword: value for member in lowered for keyword, value in member.items()}
        return {**united, "type": types if len(types) > 1 else types[0]}


# --- keywords ---------------------------------------------------------------------------------------------------------

_Node = dict[str, Any]


def _lower_import(lowering: StructureSchemaLowering, value: Any, _: _Node, location: SourceLocation) -> dict[str, Any]:
    lowering.context.resolve(value, location)  # the types that it brings are found when a reference needs them
    return {}


def _lower_ref(lowering: StructureSchemaLowering, value: Any, _: _Node, location: SourceLocation) -> dict[str, Any]:
    return {"$ref": lowering.context.refer(value, location)}


def _lower_example(
    lowering: StructureSchemaLowering, value: Any, node: _Node, location: SourceLocation
) -> dict[str, Any]:
    examples_location = location.parent / "examples"
    examples = lower_keyword("examples", node.get("examples", []), examples_location, lowering.lower_schema)
    return {"examples": [value, *examples]}


def _lower_examples(
    lowering: StructureSchemaLowering, value: Any, node: _Node, location: SourceLocation
) -> dict[str, Any]:
    if "example" in node:
        return {}
    return {"examples": lower_keyword("examples", value, location, lowering.lower_schema)}


def _lower_has(lowering: StructureSchemaLowering, value: Any, _: _Node, location: SourceLocation) -> dict[str, Any]:
    # "At least one value matches" is "not every value fails to match".
    return {"not": {"additionalProperties": {"not": lowering.lower_schema(value, location)}}}


def _lower_additional_properties(
    lowering: StructureSchemaLowering, value: Any, _: _Node, location: SourceLocation
) -> dict[str, Any]:
    return {"additionalProperties": value if isinstance(value, bool) else lowering.lower_schema(value, location)}


def _lower_required(
    lowering: StructureSchemaLowering, value: Any, _: _Node, location: SourceLocation
) -> dict[str, Any]:
    if isinstance(value, list) and any(isinstance(names, list) for names in value):
        sets = [read_name_set(names, location / index) for index, names in enumerate(value)]
        return {"oneOf": [{"required": names} for names in sets]}
    return {"required": lower_keyword("required", value, location, lowering.lower_schema)}


def _lower_pattern(lowering: StructureSchemaLowering, value: Any, _: _Node, location: SourceLocation) -> dict[str, Any]:
    pattern = lower_keyword("pattern", value, location, lowering.lower_schema)
    is_anchored = lowering.anchors_patterns and not isinstance(pattern, UnreadPattern)
    return {"pattern": _match_whole(pattern) if is_anchored else pattern}


def _lower_properties(
    lowering: StructureSchemaLowering, value: Any, node: _Node, location: SourceLocation
) -> dict[str, Any]:
    if "tuple" in node:
        return {}
    return {"properties": lower_keyword("properties", value, location, lowering.lower_schema)}


def _lower_tuple(
    lowering: StructureSchemaLowering, value: Any, node: _Node, location: SourceLocation
) -> dict[str, Any]:
    order = read_names(value, location)
    properties_location = location.parent / "properties"
    properties = lower_keyword("properties", node.get("properties", {}), properties_location, lowering.lower_schema)
    for index, name in enumerate(order):
        if name not in properties:
            problem = f"{show_json(name)} is not defined{suggestion(name, properties)}; define it in `properties`"
            raise (location / index).error(problem)
    if not order:
        raise location.error("is empty; name the properties in their order")
    return {"prefixItems": [properties[name] for name in order], "items": False, "minItems": len(order)}


_SPECIAL: dict[str, Callable[[StructureSchemaLowering, Any, _Node, SourceLocation], dict[str, Any]]] = {
    "$import": _lower_import,
    "$importdefs": _lower_import,
    "$ref": _lower_ref,
    "example": _lower_example,
    "examples": _lower_examples,
    "has": _lower_has,
    "additionalProperties": _lower_additional_properties,
    "required": _lower_required,
    "pattern": _lower_pattern,
    "properties": _lower_properties,
    "tuple": _lower_tuple,
}
"""Keywords that need more than a new name: each with its function, which takes the value, the schema and the value's location."""


def add_keywords(lowered: dict[str, Any], more: dict[str, Any], location: SourceLocation) -> None:
    """Add ``more`` keywords to a lowered schema; compositions that both have go into ``allOf``.

    Raises:
        ContractError: both have another keyword in common.

    """
    for keyword, value in more.items():
        if keyword not in lowered:
            lowered[keyword] = value
        elif keyword == "allOf":
            lowered["allOf"] = [*lowered["allOf"], *value]
        elif keyword in ("not", "oneOf"):
            lowered["allOf"] = [*lowered.get("allOf", ()), {keyword: value}]
        else:
            problem = (
                f"another keyword of the schema means the same (`{keyword}` in JSON Schema); delete one of the two"
            )
            raise location.error(problem)


def _match_whole(pattern: str) -> str:
    """Anchor a pattern at both ends of the string."""
    if pattern.startswith("^") and pattern.endswith("$") and not pattern.endswith("\\$") and "|" not in pattern:
        return pattern
    return f"^(?:{pattern})$"


def _are_disjoint(types: list[Any]) -> bool:
    """Return True if no payload has two of the types. None stands for any type."""
    return None not in types and len({"number" if name == "integer" else name for name in types}) == len(types)
