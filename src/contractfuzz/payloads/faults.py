"""The faults of a node: each keyword of its schema, broken in every variant that real producers get wrong.

A fault is stated as data (keyword, variant, words) and one function that makes the broken value from the node's own
valid one, so that a label cannot say anything else than what was done.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from contractfuzz.payloads import formats
from contractfuzz.payloads.choices import SIMPLEST, Choices, Entropy
from contractfuzz.payloads.nodes import (
    Array,
    Checked,
    Formatted,
    Integer,
    Make,
    Node,
    Number,
    Object,
    OneOfValues,
    Union,
    canonical,
    json_type,
)  # fmt: skip

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle


@dataclass(frozen=True, slots=True)
class Fault:
    """One way to break a node.

    Attributes:
        keyword, variant, description: as in ``Violation``.
        make: makes the broken value in the node's place.
        suffix: what the location has beyond the node's own: the name of a missing property.

    """

    keyword: str
    variant: str
    description: str
    make: Make
    suffix: tuple[str, ...] = ()


def faults_of(node: Node) -> Iterator[Fault]:
    """Yield the faults of one node, not of those within it."""
    if isinstance(node, Checked):
        yield from (fault for fault in faults_of(node.node) if _holds(fault, node))
        yield from _composition_faults(node, node.oracle)
        return
    schema = node.schema
    if "type" in schema:
        yield from _type_faults(node)
    if isinstance(node, Union) and node.oracle is not None:
        yield from _composition_faults(node, node.oracle)
    if "enum" in schema or "const" in schema:
        yield from _value_faults(node, "enum" if "enum" in schema else "const")
    elif isinstance(node, Integer | Number):
        yield from _number_faults(node)
    elif isinstance(node, Array):
        yield from _array_faults(node)
    elif isinstance(node, Object):
        yield from _object_faults(node)
    elif "string" in node.types and not isinstance(node, Union):
        yield from _string_faults(node)


# --- type ---------------------------------------------------------------------------------------------------------------

_WRONG: dict[str, tuple[Any, Any, str]] = {
    "null": (None, None, "null"),
    "boolean": (False, True, "a boolean"),
    "integer": (0, 1, "an integer"),
    "number": (0.5, -1.5, "a fractional number"),
    "string": ("", "a", "a string"),
    "array": ([], [None], "an array"),
    "object": ({}, {"a": None}, "an object"),
}
"""For each JSON type a value of it, simple and less so, and its name in words."""


def _type_faults(node: Node) -> Iterator[Fault]:
    named = node.schema["type"]
    allowed = {named} if isinstance(named, str) else set(named)
    due = " or ".join(_WRONG[name][2].replace("a fractional number", "a number") for name in _WRONG if name in allowed)
    for name, (simple, other, words) in _WRONG.items():
        if name in allowed or (name == "integer" and "number" in allowed):
            continue
        yield Fault("type", name, f"{words} where {due} is due", _either(simple, other))
    for name in _WRONG:
        if name in allowed:
            yield from _near_misses(node, name, allowed)


def _near_misses(node: Node, name: str, allowed: set[str]) -> Iterator[Fault]:
    """Yield the wrong types that producers send because they nearly look right."""
    strings, arrays = "string" in allowed, "array" in allowed
    if isinstance(node, Union):
        # The parts of a union are laid out behind its first byte.
        part = next(part for part in node.alternatives if name in part.types)
        yield from (replace(fault, make=_shifted(fault.make, 1)) for fault in _near_misses(part, name, allowed))
        return
    if name in ("integer", "number") and not strings:
        yield Fault("type", "numeric-string", "a number sent as a string", _from(node, str))
    if name == "integer" and "number" not in allowed:
        yield Fault("type", "fractional", "a number with a fraction where an integer is due", _from(node, _halved))
    if name == "boolean" and not strings:
        yield Fault(
            "type", "boolean-string", "true or false sent as a string", _from(node, lambda value: json.dumps(value))
        )
    if name in ("array", "object") and not strings:
        yield Fault("type", "stringified", f"an {name} sent as JSON inside a string", _from(node, json.dumps))
    if name != "array" and name != "null" and not arrays:
        yield Fault("type", "wrapped", "the value inside an array of one item", _from(node, lambda value: [value]))
    if (
        isinstance(node, Array)
        and node.item is not None
        and _admits_one(node)
        and not _overlap(node.item.types, allowed)
    ):
        yield Fault("type", "unwrapped", "the sole item instead of its array", _unwrapped(node))
    if isinstance(node, Object) and not arrays:
        yield Fault("type", "entries", "an object sent as a list of pairs", _entries(node))


def _shifted(make: Make, by: int) -> Make:
    return lambda node, choices, block, at: make(node, choices, block, at + by)


def _overlap(types: frozenset[str], allowed: set[str]) -> bool:
    return not allowed.isdisjoint(types) or ("integer" in types and "number" in allowed)


def _admits_one(node: Array) -> bool:
    return not node.prefix and node.low <= 1 and node.high != 0


def _halved(value: int) -> float:
    # Kept small, so that the half survives in a double.
    return math.copysign(abs(value) % 2**31 + 0.5, value)


def _unwrapped(node: Array) -> Make:
    return lambda _, choices, block, at: node.build_of(1, choices, block, at)[0]


def _entries(node: Object) -> Make:
    def make(_: Node, choices: Choices, block: bytes, at: int) -> Any:
        pairs = [[key, value] for key, value in node.build(choices, block, at, at_least=1).items()]
        return pairs or [["key", "value"]]

    return make


# --- values -------------------------------------------------------------------------------------------------------------


def _value_faults(node: Node, keyword: str) -> Iterator[Fault]:
    schema = node.schema
    values = schema["enum"] if keyword == "enum" else [schema["const"]]
    known = {canonical(value) for value in values}

    def without(value: Any) -> bool:
        return canonical(value) not in known

    strings = [value for value in values if isinstance(value, str)]
    if strings or not values:
        unknown: Any = next(word for word in ("UNKNOWN", "OTHER", "UNKNOWN_VALUE", "?" * 40) if without(word))
        yield Fault(keyword, "unknown", "a value that is not in the list", _always(unknown))
        cased = [
            (value, other)
            for value in strings
            for other in (value.lower(), value.upper(), value.swapcase())
            if without(other)
        ]
        if cased:
            yield Fault(keyword, "case", "a listed value in other letter case", _one_of([other for _, other in cased]))
        padded = [other for value in strings for other in (f"{value} ", f" {value}") if without(other)]
        yield Fault(keyword, "padded", "a listed value with a space around it", _one_of(padded))
        if without(""):
            yield Fault(keyword, "empty", "an empty string", _always(""))
        indices = [str(index) for index in range(len(values)) if without(str(index))]
        if indices:
            yield Fault(
                keyword, "index", "the position in the list, as a string, instead of the value", _one_of(indices)
            )
        return
    numbers = [value for value in values if json_type(value) in ("integer", "number")]
    unknown = max(numbers) + 1 if numbers else next((word for word in _any_of(node) if without(word)), None)
    if without(unknown):
        yield Fault(keyword, "unknown", "a value that is not in the list", _always(unknown))


def _any_of(node: Node) -> Sequence[Any]:
    """Return plain values of the types that ``node`` allows, so that only the list is left to break."""
    types = node.schema.get("type", list(_WRONG))
    return [value for name in _WRONG if name in types for value in _WRONG[name][:2]]


# --- numbers ------------------------------------------------------------------------------------------------------------


def _number_faults(node: Integer | Number) -> Iterator[Fault]:
    schema, whole = node.schema, isinstance(node, Integer)
    step = schema.get("multipleOf", 1)
    for keyword, sign, excluded, words in (
        ("minimum", -1, False, "below the least"),
        ("exclusiveMinimum", -1, True, "below the least"),
        ("maximum", 1, False, "above the greatest"),
        ("exclusiveMaximum", 1, True, "above the greatest"),
    ):
        if keyword not in schema:
            continue
        bound = schema[keyword]
        beyond = bound if excluded else _next(bound, sign, step, whole=whole)
        if whole and beyond != int(beyond):
            beyond = math.floor(beyond) if sign < 0 else math.ceil(beyond)
        yield Fault(keyword, "beyond", f"the very next value {words} allowed", _always(beyond))
        far = beyond + sign * 10**12 * step
        yield Fault(keyword, "far", f"a value far {words} allowed", _always(far))
    if "multipleOf" in schema and (not whole or step != 1):
        yield Fault(
            "multipleOf", "off", "a value between two steps", _from(node, lambda value: _off(value, step, whole=whole))
        )


def _next(bound: float, sign: int, step: float, *, whole: bool) -> Any:
    if whole:
        return (math.ceil(bound / step) - 1) * step if sign < 0 else (math.floor(bound / step) + 1) * step
    if bound == 0:
        return sign * 2.0**-30  # The next double is subnormal, which not every parser keeps apart from zero.
    return math.nextafter(bound, sign * math.inf)


def _off(value: Any, step: float, *, whole: bool) -> Any:
    return value + 1 if whole else value + step / 2


# --- strings ------------------------------------------------------------------------------------------------------------


def _string_faults(node: Node) -> Iterator[Fault]:
    schema = node.schema
    low, high = int(schema.get("minLength", 0)), schema.get("maxLength")
    if low:
        yield Fault("minLength", "short", "one character too few", _filled(low - 1))
        if low > 1:
            yield Fault("minLength", "far", "an empty string", _always(""))
    if high is not None:
        yield Fault("maxLength", "long", "one character too many", _filled(int(high) + 1))
        yield Fault("maxLength", "far", "ten times as long as allowed", _filled(int(high) * 10 + 100))
    if "pattern" in schema:
        mismatch = _mismatch(schema["pattern"], low, math.inf if high is None else high)
        if mismatch is not None:
            yield Fault("pattern", "mismatch", "a string that the pattern does not match", _always(mismatch))
    form = schema.get("format")
    if form == "date-time" and isinstance(node, Formatted):
        for variant, (change, words) in formats.BROKEN_DATE_TIMES.items():
            yield Fault("format", variant, f"{words} where a date-time is due", _changed_time(node, change))
    elif form in formats.BROKEN:
        for variant, value, words in formats.BROKEN[form]:
            yield Fault("format", variant, f"{words} where a {form} is due", _always(value))


def _mismatch(pattern: str, low: int, high: float) -> str | None:
    search = re.compile(pattern).search
    length = max(low, 1)
    candidates = ["", *(char * length for char in "a0!~A é☃"), "x" * int(min(high, length + 8))]
    fitting = [text for text in candidates if low <= len(text) <= high]
    return next((text for text in fitting if not search(text)), None)


def _changed_time(node: Formatted, change: Callable[[str], str]) -> Make:
    def make(_: Node, choices: Choices, block: bytes, at: int) -> Any:  # noqa: ARG001
        # The first byte decides on fraction and offset: zero leaves both out, which the changes rely on.
        return change(node.decode(b"\0" + block[at + 1 : at + node.width], 0))

    return make


# --- arrays -------------------------------------------------------------------------------------------------------------


def _array_faults(node: Array) -> Iterator[Fault]:
    schema, prefix = node.schema, len(node.prefix)
    low, high = int(schema.get("minItems", 0)), schema.get("maxItems")
    if low:

        def few(_: Node, choices: Choices, block: bytes, at: int) -> Any:
            return node.build_of(max(0, low - prefix), choices, block, at)[: low - 1]

        yield Fault("minItems", "few", "one item too few", few)
    if high is not None and node.item is not None and not (node.unique and isinstance(node.item, OneOfValues)):
        over = int(high) + 1 - prefix

        def many(_: Node, choices: Choices, block: bytes, at: int) -> Any:
            return node.build_of(over, choices, block, at)

        yield Fault("maxItems", "many", "one item too many", many)
    if node.unique and not prefix and node.item is not None and (high is None or high >= 2):
        count = max(1, low - 1)

        def duplicate(_: Node, choices: Choices, block: bytes, at: int) -> Any:
            items = node.build_of(count, choices, block, at)
            return [*items, json.loads(json.dumps(items[0]))]

        yield Fault("uniqueItems", "duplicate", "the same item twice", duplicate)


# --- objects ------------------------------------------------------------------------------------------------------------


def _object_faults(node: Object) -> Iterator[Fault]:
    schema = node.schema
    low, high = int(schema.get("minProperties", 0)), schema.get("maxProperties")
    dependents = {name for names in node.dependents.values() for name in names}
    required = schema.get("required", ())
    for name in required:
        if name not in dependents and low < len(required):
            yield Fault(
                "required", "missing", f"the required property {name!r} is missing", _without(node, name), (name,)
            )
    for name in sorted(dependents - set(required)):
        trigger = next(trigger for trigger, names in node.dependents.items() if name in names)
        words = f"{name!r} is missing, which {trigger!r} asks for"
        if all(prop.name != name or prop.presence is not None for prop in node.properties) and trigger in node.names:
            yield Fault("dependentRequired", "missing-dependent", words, _orphaned(node, trigger, name), (name,))
    if low and len(required) < low:

        def few(_: Node, choices: Choices, block: bytes, at: int) -> Any:
            payload = node.build(choices, block, at)
            spare = [name for name in payload if name not in required]
            for name in spare[: len(payload) - (low - 1)]:
                del payload[name]
            return payload

        yield Fault("minProperties", "few", "one property too few", few)
    names = schema.get("propertyNames", True)
    if high is not None and schema.get("additionalProperties", True) is not False and names is True:

        def many(_: Node, choices: Choices, block: bytes, at: int) -> Any:
            payload = node.build(choices, block, at)
            value = node.entries[0].entry.value if node.entries else None
            number = 0
            while len(payload) <= high:
                number += 1
                payload.setdefault(f"x{number}", value.build(choices, bytes(value.width), 0) if value else None)
            return payload

        yield Fault("maxProperties", "many", "one property too many", many)
    if schema.get("additionalProperties") is False:
        patterns = [re.compile(pattern) for pattern in schema.get("patternProperties", ())]
        candidates = ("unexpected", "UNEXPECTED", "x", "0", "é")
        extra = next((n for n in candidates if n not in node.names and not any(p.search(n) for p in patterns)), None)
        if extra is not None and names is True and high is None:
            yield Fault("additionalProperties", "extra", "a property that is not allowed", _with(node, extra))
    if names is not True and node.entries:
        accepts = node.entries[-1].accepts
        bad = next(
            (
                name
                for name in ("", "!", " ", "é☃", "A" * 100, "a", "0")
                if not accepts(name) and name not in node.names
            ),
            None,
        )
        value = node.entries[-1].entry.value
        if bad is not None and high is None:

            def bad_name(_: Node, choices: Choices, block: bytes, at: int) -> Any:
                payload = node.build(choices, block, at)
                payload[bad] = value.build(choices, bytes(value.width), 0)
                return payload

            yield Fault("propertyNames", "bad-name", "a property whose name is not allowed", bad_name)


def _without(node: Object, name: str) -> Make:
    def make(_: Node, choices: Choices, block: bytes, at: int) -> Any:
        payload = node.build(choices, block, at)
        del payload[name]
        return payload

    return make


def _with(node: Object, name: str) -> Make:
    def make(_: Node, choices: Choices, block: bytes, at: int) -> Any:
        return {**node.build(choices, block, at), name: None}

    return make


def _orphaned(node: Object, trigger: str, name: str) -> Make:
    def make(_: Node, choices: Choices, block: bytes, at: int) -> Any:
        payload = node.build(choices, block, at)
        for prop in node.properties:
            if prop.name not in payload and prop.name in (trigger, *node.dependents[trigger]):
                payload[prop.name] = prop.node.build(choices, block, at + prop.place)
        return {key: value for key, value in payload.items() if key != name and name not in _others(node, key, trigger)}

    return make


def _others(node: Object, key: str, trigger: str) -> Sequence[str]:
    """Return what ``key`` asks for, if it is another than ``trigger`` and may go."""
    required = node.schema.get("required", ())
    return () if key == trigger or key in required else node.dependents.get(key, ())


# --- composition --------------------------------------------------------------------------------------------------------


def _composition_faults(node: Checked | Union, oracle: Oracle) -> Iterator[Fault]:
    """Yield the faults of ``anyOf``, ``oneOf``, ``not``, ``contains``: values that the oracle found to break just that."""
    for keyword, variant, words in (
        ("anyOf", "none", "no branch fits"),
        ("oneOf", "none", "no branch fits"),
        ("oneOf", "several", "more than one branch fits"),
        ("not", "matched", "what is not allowed fits"),
        ("contains", "none", "no item fits what the array must contain"),
    ):
        if keyword in node.schema:
            values = [value for value in _candidates(node) if _breaks_only(oracle, value, keyword, variant)]
            if values:
                yield Fault(keyword, variant, words, _one_of(values[:8]))


def _candidates(node: Checked | Union) -> Iterator[Any]:
    inner = node.node if isinstance(node, Checked) else node
    yield from (value for simple, other, _ in _WRONG.values() for value in (simple, other))
    yield SIMPLEST.part(inner)
    for number in range(100):
        yield Entropy(b"candidate:%d" % number).part(inner)


def _breaks_only(oracle: Oracle, value: Any, keyword: str, variant: str) -> bool:
    errors = list(oracle.errors(value))
    if not errors or any(error.pointer for error in errors) or errors[0].keyword != keyword:
        return False
    # Where several branches fit, the oracle has nothing to say of any single one.
    return keyword != "oneOf" or variant == ("several" if len(errors) == 1 else "none")


def _holds(fault: Fault, node: Checked) -> bool:
    """Return whether a fault of the plain plan stays true under the further keywords: tried on a few payloads."""
    tries: list[Choices] = [SIMPLEST, *(Entropy(b"holds:%d" % number) for number in range(20))]
    for choices in tries:
        errors = list(node.oracle.errors(fault.make(node, choices, choices.block(node.width), 0)))
        if (
            not errors
            or any(error.pointer for error in errors)
            or fault.keyword not in {error.keyword for error in errors}
        ):
            return False
    return True


# --- ways to make a value -----------------------------------------------------------------------------------------------


def _always(value: Any) -> Make:
    return lambda _, _choices, _block, _at: value


def _either(simple: Any, other: Any) -> Make:
    if isinstance(simple, list | dict):
        return lambda _, choices, _block, _at: json.loads(json.dumps(other if choices.index(2) else simple))
    if simple is other:
        return _always(simple)
    return lambda _, choices, _block, _at: other if choices.index(2) else simple


def _one_of(values: Sequence[Any]) -> Make:
    return lambda _, choices, _block, _at: values[choices.index(len(values))]


def _from(node: Node, change: Callable[[Any], Any]) -> Make:
    return lambda _, choices, block, at: change(node.build(choices, block, at))


def _filled(length: int) -> Make:
    # A character beyond the basic plane counts once, though UTF-16 needs two units for it.
    return lambda _, choices, _block, _at: ("😀" if choices.index(2) else "a") * length
