"""Properties that are missing, too few, too many or not allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.node import Make, Node
from contractfuzz.payloads.plan.objects import Object
from contractfuzz.payloads.violations.fault import Fault

MOST = 10_000
"""No object of more properties is made to have too many."""

UNEXPECTED = ("unexpected", "UNEXPECTED", "x", "0", "é")
BAD_NAMES = ("", "!", " ", "é☃", "A" * 100, "a", "0", "A", "a b")


def object_faults(node: Object) -> Iterator[Fault]:
    """Yield the faults of ``required``, ``dependentRequired``, the numbers of properties, and those that are not allowed."""
    schema = node.schema
    required = schema.get("required", ())
    for name in required:
        yield Fault("required", "missing", f"the required property {name!r} is missing", _without(node, name), (name,))
    for trigger, names in node.dependents.items():
        for name in names:
            if name not in required and trigger in node.names:
                words = f"{name!r} is missing, which {trigger!r} asks for"
                yield Fault("dependentRequired", "missing-dependent", words, _orphaned(node, trigger, name), (name,))
    if node.low > len(required):
        yield Fault("minProperties", "few", "one property too few", _fewer(node, node.low - 1))
    if node.high is not None and node.high < MOST:
        yield Fault("maxProperties", "many", "one property too many", _more(node, int(node.high) + 1))
    if schema.get("additionalProperties") is False:
        patterns = [re.compile(pattern) for pattern in schema.get("patternProperties", ())]
        known = schema.get("properties", {})
        extra = next((n for n in UNEXPECTED if n not in known and not any(p.search(n) for p in patterns)), None)
        if extra is not None:
            yield Fault("additionalProperties", "extra", "a property that is not allowed", _with(node, extra))
    if schema.get("propertyNames", True) is not True and node.entries:
        entries = node.entries[0]
        bad = next((name for name in BAD_NAMES if not entries.accepts(name) and name not in node.names), None)
        if bad is not None:
            value = MINIMAL_CHOICES.part(entries.entry.value)
            yield Fault("propertyNames", "bad-name", "a property whose name is not allowed", _with(node, bad, value))


def _without(node: Object, name: str) -> Make:
    def make(_: Node, choices: Choices, block: bytes, at: int) -> Any:
        payload = node.build(choices, block, at)
        # What asks for it goes too, where it may.
        unwanted = {name, *(key for key in payload if name in _asks(node, key) and key not in node.required)}
        return {key: value for key, value in payload.items() if key not in unwanted}

    return make


def _with(node: Object, name: str, value: Any = None) -> Make:
    def make(_: Node, choices: Choices, block: bytes, at: int) -> Any:
        payload = node.build(choices, block, at)
        if node.high is not None:
            spare = [key for key in payload if key not in node.required]
            for key in spare[::-1][: max(0, len(payload) + 1 - int(node.high))]:
                del payload[key]
        return {**payload, name: value}

    return make


def _orphaned(node: Object, trigger: str, name: str) -> Make:
    def make(_: Node, choices: Choices, block: bytes, at: int) -> Any:
        payload = node.build(choices, block, at)
        for prop in node.properties:
            if prop.name not in payload and prop.name in (trigger, *_asks(node, trigger)):
                payload[prop.name] = prop.node.build(choices, block, at + prop.place)
        unwanted = {key for key in payload if key != trigger and key not in node.required and name in _asks(node, key)}
        return {key: value for key, value in payload.items() if key != name and key not in unwanted}

    return make


def _asks(node: Object, key: str) -> Sequence[str]:
    return node.dependents.get(key, ())


def _fewer(node: Object, count: int) -> Make:
    def make(_: Node, choices: Choices, block: bytes, at: int) -> Any:
        payload = node.build(choices, block, at)
        spare = [name for name in payload if name not in node.required]
        for name in spare[::-1][: max(0, len(payload) - count)]:
            del payload[name]
        return payload

    return make


def _more(node: Object, count: int) -> Make:
    def make(_: Node, choices: Choices, block: bytes, at: int) -> Any:
        payload = node.build(choices, block, at)
        for prop in node.properties:
            if prop.name not in payload and len(payload) < count:
                payload[prop.name] = prop.node.build(choices, block, at + prop.place)
        value = node.entries[0].entry.value if node.entries else None
        accepts = node.entries[0].accepts if node.entries else lambda name: name not in node.names
        names = (name for name in map("x{}".format, range(1, 4 * count + 4)) if accepts(name))
        for name in names:
            if len(payload) >= count:
                break
            payload.setdefault(name, None if value is None else MINIMAL_CHOICES.part(value))
        return payload

    return make
