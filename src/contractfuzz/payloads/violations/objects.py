"""Faults and near misses of objects."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Any

from contractfuzz.documents.unread_patterns import UNREADABLE_NAMES
from contractfuzz.json_values import copy_json
from contractfuzz.patterns.engine import compile_pattern
from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.choices.seeded import attempts
from contractfuzz.payloads.plan.maps import Entries
from contractfuzz.payloads.plan.node import FaultBuilder, Node
from contractfuzz.payloads.plan.objects import MAX_PROPERTIES, Object
from contractfuzz.payloads.violations.fault import WRAPPED, Derived, Fault, NearMiss, derived, sent_as
from contractfuzz.payloads.violations.strings import STRING_FAULTS

EXTRA_NAMES = ("unexpected", "UNEXPECTED", "x", "0", "é")
"""Names of properties that no schema describes; the first that this one does not describe is used."""

BAD_NAMES = ("", "!", " ", "é☃", "A" * 100, "a", "0", "A", "a b")
"""Names that ``propertyNames`` may forbid."""

COMMENT_NAMES = ("$schema", "$comment", "_comment", "//")
"""Names of comments, which some readers permit although the schema does not."""

NEAR_NAME_ATTEMPTS = 10
"""Names that are built from each fault of a name, in search of different ones."""


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
    if node.high is not None and node.high < MAX_PROPERTIES and UNREADABLE_NAMES not in node.schema:
        yield Fault("maxProperties", "many", "one property too many", _extended_to(node, int(node.high) + 1))


def _additional_properties(node: Object) -> Iterator[Fault]:
    if node.schema["additionalProperties"] is not False:
        return
    patterns = [compile_pattern(pattern) for pattern in node.schema.get("patternProperties", ())]
    described = node.schema.get("properties", {})

    def extra(names: Iterable[str]) -> list[str]:
        new = (name for name in dict.fromkeys(names) if name not in described)
        return [name for name in new if not any(pattern.search(name) for pattern in patterns)]

    # The value is one that the object has elsewhere, so that the name alone is wrong.
    value = MINIMAL_CHOICES.build(node.entries[0].entry.value) if node.entries else None
    for variant, names, words in (
        ("extra", extra(EXTRA_NAMES)[:1], "a property that is not allowed"),
        ("comment", extra(COMMENT_NAMES), "a comment that is not allowed"),
    ):
        if names:
            yield Fault("additionalProperties", variant, words, _with(node, names, value))
    values = {
        name: prop.node
        for prop in node.properties
        for name in (prop.name.swapcase(), prop.name.upper(), prop.name.title())
    }
    similar = extra(values)
    if similar:
        build = _with(node, similar, lambda name: MINIMAL_CHOICES.build(values[name]))
        yield Fault("additionalProperties", "case", "the name of a property in different letter case", build)
    for entries in node.entries:
        near = extra(_near_names(entries))
        if near:
            value = MINIMAL_CHOICES.build(entries.entry.value)
            yield Fault(
                "additionalProperties", "near-name", "a name that a pattern nearly matches", _with(node, near, value)
            )
            if similar := _similar(near, entries):
                words = "a name that begins like one that a pattern matches"
                yield Fault("additionalProperties", "similar-name", words, _with(node, similar, value))
            return


def _property_names(node: Object) -> Iterator[Fault]:
    if node.schema["propertyNames"] is True or not node.entries:
        return
    entries = node.entries[0]
    value = MINIMAL_CHOICES.build(entries.entry.value)

    def bad(names: Iterable[str]) -> list[str]:
        return [name for name in dict.fromkeys(names) if not entries.accepts(name) and name not in node.names]

    plain, near = bad(BAD_NAMES)[:1], bad(_near_names(entries))
    if plain:
        yield Fault("propertyNames", "bad-name", "a property whose name is not allowed", _with(node, plain, value))
    if near and near != plain:
        yield Fault("propertyNames", "near-name", "a property whose name is nearly allowed", _with(node, near, value))
    if similar := _similar(near, entries):
        words = "a property whose name begins like an allowed one"
        yield Fault("propertyNames", "similar-name", words, _with(node, similar, value))


def _near_names(entries: Entries) -> Iterator[str]:
    """Yield names that have one fault of a member's name."""
    key = entries.entry.key
    for keyword, faults in STRING_FAULTS.items():
        for fault in faults(key) if keyword in key.schema else ():
            for choices in attempts("near name", NEAR_NAME_ATTEMPTS):
                yield fault.build(choices, choices.block(key.width), 0)


def _similar(names: Sequence[str], entries: Entries) -> list[str]:
    """Return the names that begin like the simplest name of a member, the most similar first."""
    simplest = MINIMAL_CHOICES.build(entries.entry.key)
    begins = {name: sum(1 for _ in takewhile(_is_pair, zip(name, simplest, strict=False))) for name in names}
    return sorted(
        (name for name in names if begins[name]), key=lambda name: (-begins[name], abs(len(name) - len(simplest)))
    )


def _is_pair(characters: tuple[str, str]) -> bool:
    return characters[0] == characters[1]


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
    def change(payload: dict[str, Any], _choices: Choices, _block: bytes, _at: int) -> Any:
        # Optional properties that ask for this one go as well, or `dependentRequired` would break too.
        unwanted = {name, *(key for key in payload if name in _dependents(node, key) and key not in node.required)}
        return {key: value for key, value in payload.items() if key not in unwanted}

    return derived(node, change)


def _without_dependent(node: Object, trigger: str, name: str) -> FaultBuilder:
    def change(payload: dict[str, Any], choices: Choices, block: bytes, at: int) -> Any:
        for prop in node.properties:
            if prop.name not in payload and prop.name in (trigger, *_dependents(node, trigger)):
                payload[prop.name] = prop.node.build(choices, block, at + prop.offset)
        optional = {key for key in payload if key != trigger and key not in node.required}
        unwanted = {name, *(key for key in optional if name in _dependents(node, key))}
        return {key: value for key, value in payload.items() if key not in unwanted}

    return derived(node, change)


def _dependents(node: Object, name: str) -> Sequence[str]:
    return node.dependents.get(name, ())


def _with(node: Object, names: Sequence[str], value: Any = None) -> FaultBuilder:
    """Return the builder of an object with one more member: one of some names, and a value or a function that makes it."""

    def choose(choices: Choices) -> str:
        return names[choices.index(len(names))] if len(names) > 1 else names[0]

    def add(payload: dict[str, Any], name: str) -> dict[str, Any]:
        if node.high is not None:
            _remove_optional(node, payload, len(payload) + 1 - int(node.high))
        return {**payload, name: value(name) if callable(value) else copy_json(value)}

    def build(choices: Choices, block: bytes, at: int) -> Any:
        name = choose(choices)
        return add(node.build(choices, block, at), name)

    return Derived(node.types, build, lambda payload, choices, _block, _at: add(payload, choose(choices)))


def _reduced_to(node: Object, count: int) -> FaultBuilder:
    def change(payload: dict[str, Any], _choices: Choices, _block: bytes, _at: int) -> Any:
        _remove_optional(node, payload, len(payload) - count)
        return payload

    return derived(node, change)


def _remove_optional(node: Object, payload: dict[str, Any], count: int) -> None:
    """Remove optional members from an object, the last ones first: ``count``, or as many as there are."""
    optional = [name for name in payload if name not in node.required]
    for name in optional[::-1][: max(0, count)]:
        del payload[name]


def _extended_to(node: Object, count: int) -> FaultBuilder:
    def change(payload: dict[str, Any], choices: Choices, block: bytes, at: int) -> Any:
        for prop in node.properties:
            if prop.name not in payload and len(payload) < count:
                payload[prop.name] = prop.node.build(choices, block, at + prop.offset)
        for name, value in _additional_members(node, 4 * count + 4):
            if len(payload) >= count:
                break
            payload.setdefault(name, value)
        return payload

    return derived(node, change)


def _additional_members(node: Object, end: int) -> Iterator[tuple[str, Any]]:
    """Yield names and values of members that the schema does not name."""
    for name in (f"x{number}" for number in range(1, end)):
        if not node.entries and name not in node.names:
            yield name, None
        elif node.entries and node.entries[0].accepts(name):
            yield name, MINIMAL_CHOICES.build(node.entries[0].entry.value)
    for entries in node.entries:
        for name in entries.names:
            yield name, MINIMAL_CHOICES.build(entries.entry.value)


# --- near misses -----------------------------------------------------------------------------------------------------------


def _as_pairs(node: Node, allowed: frozenset[str]) -> FaultBuilder | None:
    if not isinstance(node.unguarded, Object) or "array" in allowed:
        return None

    def pairs(value: dict[str, Any], _choices: Choices, _block: bytes, _at: int) -> Any:
        return [[name, one] for name, one in value.items()] or [["key", "value"]]

    def build(choices: Choices, block: bytes, at: int) -> Any:
        if isinstance(node, Object):
            return pairs(node.build(choices, block, at, at_least=1), choices, block, at)
        return pairs(node.build(choices, block, at), choices, block, at)

    return Derived(node.types, build, pairs)


OBJECT_NEAR_MISSES = (
    NearMiss("stringified", "an object sent as JSON inside a string", sent_as("string", json.dumps)),
    WRAPPED,
    NearMiss("entries", "an object sent as a list of pairs", _as_pairs),
)
