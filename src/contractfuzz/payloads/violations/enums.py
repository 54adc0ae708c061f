"""Faults of ``enum`` and ``const``: values that look like a listed one, and values that do not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from contractfuzz.json_values import canonical, json_type
from contractfuzz.payloads.plan.node import Node
from contractfuzz.payloads.violations.fault import PLAIN_VALUES, Derived, Fault, constant, one_of

UNKNOWN_NAMES = ("UNKNOWN", "OTHER", "UNKNOWN_VALUE", "?" * 40)
"""Strings that no list has; the first that this one does not have is used."""


def enum_faults(node: Node) -> Iterator[Fault]:
    """Yield the faults of ``enum``, or of ``const`` if there is no ``enum``."""
    schema = node.schema
    keyword = "enum" if "enum" in schema else "const"
    values = schema["enum"] if keyword == "enum" else [schema["const"]]
    listed = {_canonical_number(value) for value in values}

    def unlisted(candidates: Sequence[Any]) -> list[Any]:
        return [value for value in candidates if _canonical_number(value) not in listed]

    strings = [value for value in values if isinstance(value, str)]
    unknown = unlisted(UNKNOWN_NAMES if strings else _other_values(node, values))
    if unknown:
        yield Fault(keyword, "unknown", "a value that is not in the list", constant(unknown[0]))
    if "type" not in schema:
        yield from _wrong_types(keyword, values)
    if not strings:
        return
    changes: tuple[tuple[str, Callable[[str], list[str]], str], ...] = (
        (
            "case",
            lambda value: [value.lower(), value.upper(), value.swapcase()],
            "a listed value in different letter case",
        ),
        ("padded", lambda value: [f"{value} ", f" {value}"], "a listed value with a space before or after it"),
    )
    for variant, change, words in changes:
        faulty = list(dict.fromkeys(unlisted([other for value in strings for other in change(value)])))
        if faulty:
            yield Fault(keyword, variant, words, _changed_string(faulty, change, unlisted))
    indices = [str(index) for index in range(len(values))]
    for variant, candidates, words in (
        ("empty", [""], "an empty string"),
        ("index", indices, "the position in the list, as a string, instead of the value"),
    ):
        faulty = list(dict.fromkeys(unlisted(candidates)))
        if faulty:
            yield Fault(keyword, variant, words, one_of(faulty))


def _wrong_types(keyword: str, values: Sequence[Any]) -> Iterator[Fault]:
    """Yield the faults of a list without ``type``: values of the types that no listed value has."""
    listed = {json_type(value) for value in values}
    if listed & {"integer", "number"}:
        listed |= {"integer", "number"}
    for name, (simple, other, words) in PLAIN_VALUES.items():
        if name not in listed:
            wrong = [simple] if simple is other else [simple, other]
            yield Fault(keyword, name, f"{words}; none is in the list", one_of(wrong))
    if "string" not in listed:
        for variant, names in (("numeric-string", ("integer", "number")), ("boolean-string", ("boolean",))):
            texts = [json.dumps(value) for value in values if json_type(value) in names]
            if texts:
                yield Fault(keyword, variant, "a listed value sent as a string", one_of(texts))


def _changed_string(
    faulty: Sequence[str], change: Callable[[str], list[str]], unlisted: Callable[[Sequence[Any]], list[Any]]
) -> Derived:
    """Build one of some strings, or change a listed string into one that is not listed."""
    return Derived(
        frozenset(["string"]),
        one_of(faulty),
        lambda value, choices, block, at: one_of(unlisted(change(value)) or faulty)(choices, block, at),
    )


def _other_values(node: Node, values: Sequence[Any]) -> list[Any]:
    """Return values of an allowed type, so that only the list is broken."""
    numbers = [value for value in values if json_type(value) in ("integer", "number")]
    if numbers:
        greatest = max(numbers)  # validators that compute with doubles take large neighbours for equal
        return [greatest + 1, greatest + 2.0**60] if abs(greatest) < 2**53 else [0, 1]
    types = node.schema.get("type", list(PLAIN_VALUES))
    types = [types] if isinstance(types, str) else types
    return [value for name in PLAIN_VALUES if name in types for value in PLAIN_VALUES[name][:2]]


def _canonical_number(value: Any) -> str:
    """Return a text that is equal for values that JSON Schema compares as equal, such as 1 and 1.0."""
    return canonical(int(value) if isinstance(value, float) and value.is_integer() else value)
