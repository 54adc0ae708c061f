"""JSON Structure, one schema at a time, in the words of JSON Schema 2020-12.

By JSON Structure: Core (draft-vasters-json-structure-core) and its companions Validation, Conditional Composition and Import.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from contractfuzz.documents.dialects.dialect import Dialect
from contractfuzz.documents.dialects.structure_primitives import WIRE_KEYWORDS, scaled_number, wire_type
from contractfuzz.documents.dialects.structure_types import OPENAPI_TYPES, STRUCTURE_TYPES
from contractfuzz.documents.document import SourceLocation, lookup
from contractfuzz.documents.errors import did_you_mean, shown
from contractfuzz.documents.keyword_shapes import Schema, read_names, require_type
from contractfuzz.documents.keywords import KEYWORDS, METADATA, Role, lower_keyword, select_keywords
from contractfuzz.documents.reference_context import ReferenceContext
from contractfuzz.documents.subschemas import is_namespace

_METADATA = select_keywords(lambda row: row.role is Role.METADATA)

_RENAMED = {row.name: row.alias_of for row in KEYWORDS.values() if row.alias_of}
"""What the keywords of maps are called in JSON Schema."""

_TIGHTER: dict[str, Callable[[float, float], float]] = {"minimum": max, "maximum": min}

_OF_BASE_ALONE = METADATA | frozenset(
    {"type", "name", "abstract", "$extends", "properties", "required", "title", "description", "example", "examples"}
    | {"default", "altnames", "descriptions", "deprecated"}
)
"""What a base says that a type which extends it has not from it as it stands."""


def lower_structure(node: Any, place: SourceLocation, links: ReferenceContext) -> Schema:
    """Lower a schema of JSON Structure.

    Args:
        node: the schema in its document.
        place: where it is.
        links: how it is tied to other schemas.

    Raises:
        ContractError: it uses a type or a keyword wrongly, or one that no JSON Schema can express.

    """
    require_type(node, dict, place)
    if not place.steps and "$root" in node:
        if "type" in node:
            raise (place / "$root").refusal("a document has either a `$root` or a `type`; delete one of the two")
        return {"$ref": links.refer(node["$root"], place / "$root")}
    if place.steps[:1] == ("definitions",) and is_namespace(node):
        raise place.refusal("is a namespace, not a type: it has no `type`; refer to one of the types in it")
    return _lowering(place, links).schema(node, place)


def _lowering(place: SourceLocation, links: ReferenceContext) -> _Lowering:
    strict = place.document.dialect is Dialect.STRUCTURE
    return _Lowering(links, STRUCTURE_TYPES if strict else OPENAPI_TYPES, strict=strict)


@dataclass(frozen=True)
class _Members:
    """What a type has from those that it extends: properties, those required, and its further keywords, all lowered."""

    properties: dict[str, Schema]
    required: list[str]
    further: dict[str, Any]


class _Lowering:
    def __init__(self, links: ReferenceContext, types: Mapping[str, dict[str, Any]], *, strict: bool) -> None:
        self._links = links
        self._types = types
        self._strict = strict

    def schema(self, node: Any, place: SourceLocation) -> dict[str, Any]:
        require_type(node, dict, place)
        if place in self._links.within:  # a type that is made of others holds itself: from here on it is referred to
            return {"$ref": self._links.refer_to(place)}
        self._links.within.append(place)
        try:
            return self._made(node, place)
        finally:
            self._links.within.pop()

    def _made(self, node: dict[str, Any], place: SourceLocation) -> dict[str, Any]:
        if node.get("abstract") is True:
            raise place.refusal("is abstract, so no payload is of it; refer to a type that extends it")
        if node.get("type") == "choice":
            return self._choice(node, place)
        lowered = self._plain(node, place)
        return self._extended(lowered, node, place) if "$extends" in node else lowered

    def _plain(
        self, node: dict[str, Any], place: SourceLocation, without: frozenset[str] = frozenset()
    ) -> dict[str, Any]:
        typed, said_by_type = self._typed(node, place) if "type" not in without else ({}, frozenset())
        lowered: dict[str, Any] = {}
        for keyword, value in node.items():
            if keyword == "type":
                lowered |= {key: value for key, value in typed.items() if key not in lowered}
            elif keyword not in typed and keyword not in said_by_type and keyword not in without:
                self._join(lowered, self._keyword(keyword, value, node, place), place / keyword)
        return lowered

    @staticmethod
    def _join(lowered: dict[str, Any], said: dict[str, Any], at: SourceLocation) -> None:
        for keyword, value in said.items():
            if keyword not in lowered:
                lowered[keyword] = value
            elif keyword == "allOf":
                lowered["allOf"] = [*lowered["allOf"], *value]
            elif keyword in ("not", "oneOf"):
                lowered["allOf"] = [*lowered.get("allOf", ()), {keyword: value}]
            else:
                problem = (
                    f"another keyword beside it says the same (in JSON Schema, `{keyword}`); delete one of the two"
                )
                raise at.refusal(problem)

    def _keyword(self, keyword: str, value: Any, node: dict[str, Any], place: SourceLocation) -> dict[str, Any]:
        at = place / keyword
        if keyword == "name":
            require_type(value, str, at)
        match keyword:
            case "abstract":
                require_type(value, bool, at)
                return {}
            case _ if keyword in _METADATA or keyword == "$extends":
                return {}
            case "$import" | "$importdefs":
                self._links.resolve(value, at)  # what it brings is looked up where a reference leads to it
                return {}
            case "$ref":
                return {"$ref": self._links.refer(value, at)}
            case "example":
                return {
                    "examples": [
                        value,
                        *lower_keyword("examples", node.get("examples", []), place / "examples", self.schema),
                    ]
                }
            case "examples" if "example" in node:
                return {}
            case "has":
                # Not all of the values break it; and there are some.
                return {"not": {"additionalProperties": {"not": self.schema(value, at)}}}
            case _ if keyword in _RENAMED:
                return {_RENAMED[keyword]: lower_keyword(_RENAMED[keyword], value, at, self.schema)}
            case "additionalProperties" if isinstance(value, bool):
                return {keyword: value}
            case "required" if isinstance(value, list) and any(isinstance(name, list) for name in value):
                return {"oneOf": [{"required": read_names(wanted, at / i)} for i, wanted in enumerate(value)]}
            case "pattern" if self._strict:
                return {keyword: _whole(lower_keyword(keyword, value, at, self.schema))}
            case "tuple":
                return self._tuple(value, node, place)
            case "properties" if "tuple" in node:
                return {}
            case "choices" | "selector":
                raise at.refusal(f'`{keyword}` belongs to a choice; write "type": "choice" or delete it')
            case "precision" | "scale":
                raise at.refusal(f"`{keyword}` belongs to a `decimal` or a `number`; delete it")
            case "contentCompression":
                raise at.refusal("`contentCompression` is not supported: no schema can look into it; delete it")
            case _:
                return {keyword: lower_keyword(keyword, value, at, self.schema)}

    def _tuple(self, order: Any, node: dict[str, Any], place: SourceLocation) -> dict[str, Any]:
        ordered = read_names(order, place / "tuple")
        properties = lower_keyword("properties", node.get("properties", {}), place / "properties", self.schema)
        for i, name in enumerate(ordered):
            if name not in properties:
                problem = f"{shown(name)} is not defined{did_you_mean(name, properties)}; define it in `properties`"
                raise (place / "tuple" / i).refusal(problem)
        if not ordered:
            raise (place / "tuple").refusal("is empty; name the properties in their order")
        return {"prefixItems": [properties[name] for name in ordered], "items": False, "minItems": len(ordered)}

    # --- types ----------------------------------------------------------------------------------------------------------

    def _typed(self, node: dict[str, Any], place: SourceLocation) -> tuple[dict[str, Any], frozenset[str]]:
        """Lower ``type`` and the keywords beside it that speak of the same: bounds make it tighter, no other may differ.

        Returns:
            What the type is, and the keywords that are part of it.

        """
        named = node.get("type")
        if ("tuple" in node) != ("tuple" in (named if isinstance(named, list) else [named])):
            raise place.refusal(
                'a tuple needs both, "type": "tuple" and the list `tuple` of its properties in their order'
            )
        if "type" not in node:
            return {}, frozenset()
        if self._strict and isinstance(named, str) and named in WIRE_KEYWORDS:
            return wire_type(named, node, place), WIRE_KEYWORDS[named]
        typed = self._type(named, place / "type")
        for keyword in [keyword for keyword in node if keyword in typed and keyword != "type"]:
            if keyword in _TIGHTER:
                own = lower_keyword(keyword, node[keyword], place / keyword, self.schema)
                typed[keyword] = _TIGHTER[keyword](typed[keyword], own)
            elif node[keyword] != typed[keyword]:
                raise (place / keyword).refusal(f"the type says otherwise already; move `{keyword}` into `allOf`")
        if typed.get("type") == "number" and ("precision" in node or "scale" in node):
            return typed | scaled_number(node, place), frozenset({"precision", "scale"})
        return typed, frozenset()

    def _type(self, named: Any, place: SourceLocation) -> dict[str, Any]:
        match named:
            case str():
                return self._primitive(named, place)
            case {"$ref": reference}:
                return {"$ref": self._links.refer(reference, place / "$ref")}
            case [_, *_]:
                return self._union(named, place)
            case _:
                problem = f'must be the name of a type, {{"$ref": ...}} or a list of these, not {shown(named)}'
                raise place.refusal(problem)

    def _primitive(self, named: str, place: SourceLocation) -> dict[str, Any]:
        if named in self._types:
            return dict(self._types[named])
        suggestion = did_you_mean(named, self._types) or f"; the types are {', '.join(self._types)}"
        raise place.refusal(f"unknown type {shown(named)}{suggestion}")

    def _union(self, members: list[Any], place: SourceLocation) -> dict[str, Any]:
        lowered: list[dict[str, Any]] = []
        for i, member in enumerate(members):
            at = place / i
            if member in members[:i]:
                raise at.refusal(f"names {shown(member)} a second time; delete it")
            if member == "choice":
                raise at.refusal("a choice is no part of a union; define it and refer to it")
            lowered.append(self._primitive(member, at) if isinstance(member, str) else self.schema(member, at))
        types = [member.get("type") for member in lowered]
        if not all(isinstance(member, str) for member in members) or not _distinct(types):
            return {"anyOf": lowered}
        # One schema for all: what a type of ours says of numbers does not touch strings.
        united = {keyword: value for member in lowered for keyword, value in member.items()}
        return {**united, "type": types if len(types) > 1 else types[0]}

    # --- types made of others -------------------------------------------------------------------------------------------

    def _extended(self, lowered: dict[str, Any], node: dict[str, Any], place: SourceLocation) -> dict[str, Any]:
        """Add to a lowered object what it has from the types that it extends."""
        if node.get("type", "object") != "object":
            raise (place / "$extends").refusal("only an object or a choice extends another type; write the type out")
        members = self._inherited(node, place, ())
        own = lowered.get("properties", {})
        for name in own:
            if name in members.properties:
                at = place / "properties" / name
                raise at.refusal("the type that is extended has this property already; delete one of the two")
        extended: dict[str, Any] = {"type": "object", **lowered}
        if members.properties or own:
            extended["properties"] = {**members.properties, **own}
        if required := [*dict.fromkeys([*members.required, *lowered.get("required", ())])]:
            extended["required"] = required
        for keyword, value in members.further.items():
            self._join(extended, {keyword: value}, place / "$extends") if keyword not in node else None
        return extended

    def _inherited(self, node: dict[str, Any], place: SourceLocation, within: tuple[SourceLocation, ...]) -> _Members:
        """Gather what a type has from those that it extends; of two that have the same property, the first counts."""
        members = _Members({}, [], {})
        for reference, at in _references(node["$extends"], place / "$extends"):
            base = self._links.resolve(reference, at)
            value = lookup(base)
            if base in within:
                raise at.refusal(f"{shown(reference)} extends itself in the end; let it extend another type")
            if not isinstance(value, dict) or value.get("type") != "object":
                raise at.refusal(f"{shown(reference)} is no object, so nothing can extend it; write the type out")
            lowering = _lowering(base, self._links)
            if "$extends" in value:
                _add(members, lowering._inherited(value, base, (*within, base)))  # noqa: SLF001 - its own kind
            _add(members, lowering._members(value, base))  # noqa: SLF001
        return members

    def _members(self, base: dict[str, Any], place: SourceLocation) -> _Members:
        own = {keyword: value for keyword, value in base.items() if keyword in ("properties", "required")}
        lowered = self._plain(own, place)
        # An abstract type says nothing of further properties: those of the types that extend it are further ones.
        left_out = _OF_BASE_ALONE | ({"additionalProperties"} if base.get("abstract") is True else set())
        further = {keyword: value for keyword, value in base.items() if keyword not in left_out}
        required = lowered.pop("required", [])
        properties = lowered.pop("properties", {})
        return _Members(properties, required, {**lowered, **self._plain(further, place)})

    def _choice(self, node: dict[str, Any], place: SourceLocation) -> dict[str, Any]:
        at = place / "choices"
        choices = node.get("choices")
        require_type(choices, dict, at)
        if not choices:
            raise at.refusal("is empty, so no payload could keep it; name a choice")
        rest = self._plain(node, place, frozenset({"type", "choices", "selector", "$extends"}))
        if "selector" in node or "$extends" in node:
            return {**self._inline(node, choices, place), **rest}
        tagged = {
            "type": "object",
            "properties": lower_keyword("properties", choices, at, self.schema),
            "additionalProperties": False,
            "minProperties": 1,
            "maxProperties": 1,
        }
        return {**tagged, **rest}

    def _inline(self, node: dict[str, Any], choices: Mapping[str, Any], place: SourceLocation) -> dict[str, Any]:
        for wanted, beside in (("selector", "$extends"), ("$extends", "selector")):
            if wanted not in node:
                raise place.refusal(f"a choice with `{beside}` needs `{wanted}` as well; add it or delete `{beside}`")
        selector = node["selector"]
        require_type(selector, str, place / "selector")
        self._inherited(node, place, ())  # the base must be one
        variants = {
            name: self._variant(name, variant, selector, place / "choices" / name) for name, variant in choices.items()
        }
        return {
            "type": "object",
            "properties": {selector: {"type": "string", "enum": list(choices)}},
            "required": [selector],
            # Those that may hold further ones come last: the plan of payloads takes the first where it has to end.
            **_told_apart(dict(sorted(variants.items(), key=lambda item: _leads_on(item[1]))), selector),
        }

    def _variant(self, name: str, variant: Any, selector: str, place: SourceLocation) -> dict[str, Any]:
        at, value, seen = place, variant, set()
        while (reference := _sole_reference(value)) is not None:
            target = self._links.resolve(reference, at)
            if target in seen:
                raise place.refusal("leads in a circle; refer to an object")
            seen.add(target)
            at, value = target, lookup(target)
        if not isinstance(value, dict) or value.get("type") != "object":
            raise place.refusal("must be an object, or refer to one, for the selector to stand in it")
        lowered = _lowering(at, self._links)._made(value, at)  # noqa: SLF001
        properties = {selector: {"const": name}, **lowered.get("properties", {})}
        properties[selector] = {"const": name}  # it may shadow a property of the base
        required = [selector, *(other for other in lowered.get("required", ()) if other != selector)]
        return {**lowered, "properties": properties, "required": required}


def _told_apart(variants: Mapping[str, dict[str, Any]], selector: str, *, sure: bool = False) -> dict[str, Any]:
    """Return the keywords by which the selector decides which of several schemas holds; none of them, if it names none.

    So what is wrong in a variant is wrong at its own place, which with ``oneOf`` it would not be. By halves, since every step
    towards a variant is a condition that payloads have to meet.
    """
    items = list(variants.items())
    if len(items) == 1:
        [(name, variant)] = items
        return variant if sure else {"if": _selects(selector, [name]), "then": variant}
    first, second = dict(items[: len(items) // 2]), dict(items[len(items) // 2 :])
    return {
        "if": _selects(selector, list(first)),
        "then": _told_apart(first, selector, sure=True),
        "else": _told_apart(second, selector, sure=sure),
    }


def _leads_on(schema: dict[str, Any]) -> bool:
    """Return whether a payload of an object must hold what the schema refers to."""
    properties = schema.get("properties", {})
    return any('"$ref": ' in json.dumps(properties.get(name)) for name in schema.get("required", ()))


def _selects(selector: str, names: list[str]) -> dict[str, Any]:
    chosen = {"const": names[0]} if len(names) == 1 else {"enum": names}
    return {"properties": {selector: chosen}, "required": [selector]}


def _add(members: _Members, more: _Members) -> None:
    for name, schema in more.properties.items():
        members.properties.setdefault(name, schema)
    members.required.extend(name for name in more.required if name not in members.required)
    for keyword, value in more.further.items():
        members.further.setdefault(keyword, value)


def _references(value: Any, place: SourceLocation) -> list[tuple[str, SourceLocation]]:
    if isinstance(value, str):
        return [(value, place)]
    if not isinstance(value, list) or not value:
        raise place.refusal(f"must be a reference or a list of references, not {shown(value)}")
    return [(name, place / i) for i, name in enumerate(read_names(value, place))]


def _sole_reference(value: Any) -> str | None:
    """Return the reference that a schema is, if it is no more than that."""
    match value:
        case {"type": {"$ref": str() as reference}} | {"$ref": str() as reference}:
            return reference
    return None


def _whole(pattern: str) -> str:
    """Bind a pattern to the ends of a string: in JSON Structure it speaks of the entire value."""
    if pattern.startswith("^") and pattern.endswith("$") and not pattern.endswith("\\$") and "|" not in pattern:
        return pattern
    return f"^(?:{pattern})$"


def _distinct(types: list[Any]) -> bool:
    """Whether no payload is of two of the types; None is the type that any payload is of."""
    return None not in types and len({"number" if name == "integer" else name for name in types}) == len(types)
