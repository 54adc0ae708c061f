"""The type ``choice`` of JSON Structure: one of several types, marked by a property name or by a selector."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from contractfuzz.documents.dialects.structure_inheritance import inherit
from contractfuzz.documents.dialects.structure_schema import StructureSchemaLowering
from contractfuzz.documents.document import SourceLocation, lookup
from contractfuzz.documents.keyword_shapes import require_type
from contractfuzz.documents.keywords import lower_keyword


def lower_choice(lowering: StructureSchemaLowering, node: dict[str, Any], location: SourceLocation) -> dict[str, Any]:
    """Lower a choice, tagged or inline.

    Raises:
        ContractError: it has no choices, or only one of ``selector`` and ``$extends``.

    """
    choices, choices_location = node.get("choices"), location / "choices"
    require_type(choices, dict, choices_location)
    if not choices:
        raise choices_location.error("is empty, so no payload is valid; name a choice")
    others = lowering.lower_keywords(node, location, frozenset({"type", "choices", "selector", "$extends"}))
    if "selector" in node or "$extends" in node:
        return {**_lower_inline_choice(lowering, node, choices, location), **others}
    tagged = {
        "type": "object",
        "properties": lower_keyword("properties", choices, choices_location, lowering.lower_schema),
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    return {**tagged, **others}


def _lower_inline_choice(
    lowering: StructureSchemaLowering, node: dict[str, Any], choices: Mapping[str, Any], location: SourceLocation
) -> dict[str, Any]:
    for keyword, missing in (("$extends", "selector"), ("selector", "$extends")):
        if missing not in node:
            problem = f"a choice with `{keyword}` needs `{missing}`, too; add it or delete `{keyword}`"
            raise location.error(problem)
    selector = node["selector"]
    require_type(selector, str, location / "selector")
    inherit(lowering, node, location)  # raises unless the base is an object; the variants inherit from it themselves
    variants = {
        name: _lower_variant(lowering, name, variant, selector, location / "choices" / name)
        for name, variant in choices.items()
    }
    # Variants that must hold a reference come last: a plan takes the first variant where it has to end.
    ordered = dict(sorted(variants.items(), key=lambda item: _requires_reference(item[1])))
    return {
        "type": "object",
        "properties": {selector: {"type": "string", "enum": list(choices)}},
        "required": [selector],
        **_decision_tree(ordered, selector),
    }


def _lower_variant(
    lowering: StructureSchemaLowering, name: str, variant: Any, selector: str, location: SourceLocation
) -> dict[str, Any]:
    """Lower a variant of an inline choice, with the selector among its properties."""
    target_location, target, seen = location, variant, set()
    while (reference := _sole_reference(target)) is not None:
        target_location = lowering.context.resolve(reference, target_location)
        if target_location in seen:
            raise location.error("its references form a loop; refer to an object")
        seen.add(target_location)
        target = lookup(target_location)
    if not isinstance(target, dict) or target.get("type") != "object":
        raise location.error("must be an object, or refer to one, to hold the selector")
    lowered = lowering.for_location(target_location).lower_complete(target, target_location)
    properties = {selector: {"const": name}, **lowered.get("properties", {})}
    properties[selector] = {"const": name}  # it may shadow a property of the base
    required = [selector, *(other for other in lowered.get("required", ()) if other != selector)]
    return {**lowered, "properties": properties, "required": required}


def _decision_tree(
    variants: Mapping[str, dict[str, Any]], selector: str, *, is_certain: bool = False
) -> dict[str, Any]:
    """Return ``if``, ``then`` and ``else`` by which the selector decides which variant holds.

    Then an error in a variant is reported at its own location, which with ``oneOf`` it would not be. Each step halves the
    variants, because every condition on the path to a variant is one that payloads must meet.

    Args:
        variants: the variants by their values of the selector.
        selector: the property that decides.
        is_certain: True if the selector is known to name one of the variants; otherwise none may hold.

    """
    items = list(variants.items())
    if len(items) == 1:
        [(name, variant)] = items
        return variant if is_certain else {"if": _selects(selector, [name]), "then": variant}
    first, second = dict(items[: len(items) // 2]), dict(items[len(items) // 2 :])
    return {
        "if": _selects(selector, list(first)),
        "then": _decision_tree(first, selector, is_certain=True),
        "else": _decision_tree(second, selector, is_certain=is_certain),
    }


def _selects(selector: str, names: list[str]) -> dict[str, Any]:
    chosen = {"const": names[0]} if len(names) == 1 else {"enum": names}
    return {"properties": {selector: chosen}, "required": [selector]}


def _requires_reference(schema: dict[str, Any]) -> bool:
    """Return True if a required property of an object contains a reference."""
    properties = schema.get("properties", {})
    return any('"$ref": ' in json.dumps(properties.get(name)) for name in schema.get("required", ()))


def _sole_reference(value: Any) -> str | None:
    """Return the reference of a schema that has no other keyword than ``type`` with a reference, or ``$ref``."""
    match value:
        case {"type": {"$ref": str() as reference}} | {"$ref": str() as reference}:
            return reference
    return None
