"""Inheritance in JSON Structure: ``$extends`` adds the properties of base types to a type."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from contractfuzz.documents.dialects.structure_schema import StructureSchemaLowering, add_keywords
from contractfuzz.documents.document import SourceLocation, lookup
from contractfuzz.documents.errors import show_json
from contractfuzz.documents.keyword_shapes import Schema, read_names
from contractfuzz.documents.keywords import METADATA

_NOT_INHERITED = METADATA | frozenset(
    {"type", "name", "abstract", "$extends", "properties", "required", "title", "description", "example", "examples"}
    | {"default", "altnames", "descriptions", "deprecated"}
)
"""Base keywords that ``$extends`` does not inherit unchanged."""


@dataclass(frozen=True)
class Inherited:
    """Lowered members of base types.

    Attributes:
        properties: the properties by name.
        required: the names of the required properties.
        keywords: all other keywords.

    """

    properties: dict[str, Schema] = field(default_factory=dict)
    required: list[str] = field(default_factory=list)
    keywords: dict[str, Any] = field(default_factory=dict)

    def add(self, more: Inherited) -> None:
        """Add the members of another base type; of two with the same name, the first counts."""
        for name, schema in more.properties.items():
            self.properties.setdefault(name, schema)
        self.required.extend(name for name in more.required if name not in self.required)
        for keyword, value in more.keywords.items():
            self.keywords.setdefault(keyword, value)


def extend(
    lowering: StructureSchemaLowering, lowered: dict[str, Any], node: dict[str, Any], location: SourceLocation
) -> dict[str, Any]:
    """Return a lowered object with what it inherits.

    Args:
        lowering: the lowering of its document.
        lowered: the object without what it inherits.
        node: the object in its document, with ``$extends``.
        location: the location of the object.

    Raises:
        ContractError: it is not an object, a base is not one, or both have the same property.

    """
    if node.get("type", "object") != "object":
        raise (location / "$extends").error("only an object or a choice can extend another type; write the type out")
    inherited = inherit(lowering, node, location)
    own = lowered.get("properties", {})
    for name in own:
        if name in inherited.properties:
            raise (location / "properties" / name).error("a base type has the same property; delete one of the two")
    extended: dict[str, Any] = {"type": "object", **lowered}
    if inherited.properties or own:
        extended["properties"] = {**inherited.properties, **own}
    if required := [*dict.fromkeys([*inherited.required, *lowered.get("required", ())])]:
        extended["required"] = required
    for keyword, value in inherited.keywords.items():
        if keyword not in node:
            add_keywords(extended, {keyword: value}, location / "$extends")
    return extended


def inherit(
    lowering: StructureSchemaLowering,
    node: dict[str, Any],
    location: SourceLocation,
    derived: tuple[SourceLocation, ...] = (),
) -> Inherited:
    """Return what a type inherits from all its base types.

    Args:
        lowering: the lowering of its document.
        node: the type in its document, with ``$extends``.
        location: the location of the type.
        derived: the locations of the base types through which ``node`` was reached.

    Raises:
        ContractError: a base type is not an object, or extends itself.

    """
    inherited = Inherited()
    for reference, reference_location in _base_references(node["$extends"], location / "$extends"):
        base_location = lowering.context.resolve(reference, reference_location)
        base = lookup(base_location)
        if base_location in derived:
            problem = f"{show_json(reference)} extends itself in a loop; let it extend another type"
            raise reference_location.error(problem)
        if not isinstance(base, dict) or base.get("type") != "object":
            problem = f"{show_json(reference)} is not an object, so it cannot be extended; write the type out"
            raise reference_location.error(problem)
        base_lowering = lowering.for_location(base_location)
        if "$extends" in base:
            inherited.add(inherit(base_lowering, base, base_location, (*derived, base_location)))
        inherited.add(_own_members(base_lowering, base, base_location))
    return inherited


def _own_members(lowering: StructureSchemaLowering, base: dict[str, Any], location: SourceLocation) -> Inherited:
    """Return the members of a base type without what it inherits itself."""
    own = {keyword: value for keyword, value in base.items() if keyword in ("properties", "required")}
    lowered = lowering.lower_keywords(own, location)
    # `additionalProperties` of an abstract type would forbid the properties of the types that extend it.
    left_out = _NOT_INHERITED | ({"additionalProperties"} if base.get("abstract") is True else set())
    others = {keyword: value for keyword, value in base.items() if keyword not in left_out}
    required, properties = lowered.pop("required", []), lowered.pop("properties", {})
    return Inherited(properties, required, {**lowered, **lowering.lower_keywords(others, location)})


def _base_references(value: Any, location: SourceLocation) -> list[tuple[str, SourceLocation]]:
    """Return the references of ``$extends``, each with its location."""
    if isinstance(value, str):
        return [(value, location)]
    if not isinstance(value, list) or not value:
        raise location.error(f"must be a reference or a list of references, not {show_json(value)}")
    return [(reference, location / index) for index, reference in enumerate(read_names(value, location))]
