"""Faults and near misses of objects."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from contractfuzz.documents.unread_patterns import UNKNOWN_NAMES
from contractfuzz.patterns.engine import compile_pattern
from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.node import FaultBuilder, Node
from contractfuzz.payloads.plan.objects import MAX_PROPERTIES, Object
from contractfuzz.payloads.violations.fault import WRAPPED, Fault, NearMiss, sent_as

EXTRA_NAMES = ("unexpected", "UNEXPECTED", "x", "0", "é")
"""Names of properties that no schema describes; the first that this one does not describe is used."""

BAD_NAMES = ("", "!", " ", "é☃", "A" * 100, "a", "0", "A", "a b")
"""Names that ``propertyNames`` may forbid."""


def _required(node: Object) -> Iterator[Fault]:
    for name in node.schema["required"]:
        yield Fault("required", "missing", f"the required property {name!r} is missing", _without(node, name), (name,))


def _dependent_required(node: Object) -> Iterator[Fault]:
    for trigger, names in node.dependents.items():
        for name in names:
            if name not in node.schema.get("required", ()) and trigger in node.names:
                words = f"{name!r} is missing, which {trigger!r} requires"
                build = _without_dependent(node, trigger, name)
                yield Fault("dependentRequired", "missing-dependent", words, build, (name,))


def _min_properties(node: Object) -> Iterator[Fault]:
    if node.low > len(node.schema.get("required", ())):
        yield Fault("minProperties", "few", "one property too few", _reduced_to(node, node.low - 1))


def _max_properties(node: Object) -> Iterator[Fault]:
    # More properties may break a pattern of names that no engine reads.
    if node.high is not None and node.high < MAX_PROPERTIES and UNKNOWN_NAMES not in node.schema:
        yield Fault("maxProperties", "many", "one property too many", _extended_to(node, int(node.high) + 1))


def _additional_properties(node: Object) -> Iterator[Fault]:
    if node.schema["additionalProperties"] is not False:
        return
    patterns = [compile_pattern(pattern) for pattern in node.schema.get("patternProperties", ())]
    described = node.schema.get("properties", {})
    names = (name for name in EXTRA_NAMES if name not in described)
    extra = next((name for name in names if not any(pattern.search(name) for pattern in patterns)), None)
    if extra is not None:
        yield Fault("additionalProperties", "extra", "a property that is not allowed", _with(node, extra))


def _property_names(node: Object) -> Iterator[Fault]:
    if node.schema["propertyNames"] is True or not node.entries:
        return
    entries = node.entries[0]
    bad = next((name for name in BAD_NAMES if not entries.accepts(name) and name not in node.names), None)
    if bad is not None:
        value = MINIMAL_CHOICES.build(entries.entry.value)
        yield Fault("propertyNames", "bad-name", "a property whose name is not allowed", _with(node, bad, value))


OBJECT_FAULTS: dict[str, Callable[[Object], Iterator[Fault]]] = {
    "required": _required,
    "dependentRequired": _dependent_required,
    "minProperties": _min_properties,
    "maxProperties": _max_properties,
    "additionalProperties": _additional_properties,
    "propertyNames": _property_names,
}
"""For each keyword of objects its faults."""


def _without(node: Object, name: str) -> FaultBuilder:
    def build(choices: Choices, block: bytes, at: int) -> Any:
        payload = node.build(choices, block, at)
        # Optional properties that ask for this one go as well, or `dependentRequired` would break too.
        unwanted = {name, *(key for key in payload if name in _dependents(node, key) and key not in node.required)}
        return {key: value for key, value in payload.items() if key not in unwanted}

    return build


def _without_dependent(node: Object, trigger: str, name: str) -> FaultBuilder:
    def build(choices: Choices, block: bytes, at: int) -> Any:
        payload = node.build(choices, block, at)
        for prop in node.properties:
            if prop.name not in payload and prop.name in (trigger, *_dependents(node, trigger)):
                payload[prop.name] = prop.node.build(choices, block, at + prop.offset)
        optional = {key for key in payload if key != trigger and key not in node.required}
        unwanted = {name, *(key for key in optional if name in _dependents(node, key))}
        return {key: value for key, value in payload.items() if key not in unwanted}

    return build


def _dependents(node: Object, name: str) -> Sequence[str]:
    return node.dependents.get(name, ())


def _with(node: Object, name: str, value: Any = None) -> FaultBuilder:
    def build(choices: Choices, block: bytes, at: int) -> Any:
        payload = node.build(choices, block, at)
        if node.high is not None:
            _remove_optional(node, payload, len(payload) + 1 - int(node.high))
        return {**payload, name: value}

    return build


def _reduced_to(node: Object, count: int) -> FaultBuilder:
    def build(choices: Choices, block: bytes, at: int) -> Any:
        payload = node.build(choices, block, at)
        _remove_optional(node, payload, len(payload) - count)
        return payload

    return build


def _remove_optional(node: Object, payload: dict[str, Any], count: int) -> None:
    """Remove optional members from an object, the last ones first: ``count``, or as many as there are."""
    optional = [name for name in payload if name not in node.required]
    for name in optional[::-1][: max(0, count)]:
        del payload[name]


def _extended_to(node: Object, count: int) -> FaultBuilder:
    def build(choices: Choices, block: bytes, at: int) -> Any:
        payload = node.build(choices, block, at)
        for prop in node.properties:
            if prop.name not in payload and len(payload) < count:
                payload[prop.name] = prop.node.build(choices, block, at + prop.offset)
        for name in _additional_names(node, 4 * count + 4):
            if len(payload) >= count:
                break
            value = MINIMAL_CHOICES.build(node.entries[0].entry.value) if node.entries else None
            payload.setdefault(name, value)
        return payload

    return build


def _additional_names(node: Object, end: int) -> Iterator[str]:
    for number in range(1, end):
        name = f"x{number}"
        if node.entries[0].accepts(name) if node.entries else name not in node.names:
            yield name


# --- near misses -----------------------------------------------------------------------------------------------------------


def _as_pairs(node: Node, allowed: frozenset[str]) -> FaultBuilder | None:
    if not isinstance(node, Object) or "array" in allowed:
        return None

    def build(choices: Choices, block: bytes, at: int) -> Any:
        pairs = [[name, value] for name, value in node.build(choices, block, at, at_least=1).items()]
        return pairs or [["key", "value"]]

    return build


OBJECT_NEAR_MISSES = (
    NearMiss("stringified", "an object sent as JSON inside a string", sent_as("string", json.dumps)),
    WRAPPED,
    NearMiss("entries", "an object sent as a list of pairs", _as_pairs),
)
