"""``enum`` and ``const``: values that are nearly, or not at all, in the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from contractfuzz.json_values import canonical, json_type
from contractfuzz.payloads.plan.node import Node
from contractfuzz.payloads.violations.fault import PLAIN_VALUES, Fault, always, one_of

UNKNOWN = ("UNKNOWN", "OTHER", "UNKNOWN_VALUE", "?" * 40)


def value_faults(node: Node) -> Iterator[Fault]:
    """Yield the faults of ``enum``, or where there is none of ``const``."""
    schema = node.schema
    keyword = "enum" if "enum" in schema else "const"
    values = schema["enum"] if keyword == "enum" else [schema["const"]]
    known = {_number_blind(value) for value in values}

    def strangers(candidates: Sequence[Any]) -> list[Any]:
        return [value for value in candidates if _number_blind(value) not in known]

    strings = [value for value in values if isinstance(value, str)]
    unknown = strangers(UNKNOWN) if strings else _others(node, values, strangers)
    if unknown:
        yield Fault(keyword, "unknown", "a value that is not in the list", always(unknown[0]))
    if not strings:
        return
    cased = strangers([other for value in strings for other in (value.lower(), value.upper(), value.swapcase())])
    padded = strangers([other for value in strings for other in (f"{value} ", f" {value}")])
    indices = strangers([str(index) for index in range(len(values))])
    for variant, candidates, words in (
        ("case", cased, "a listed value in other letter case"),
        ("padded", padded, "a listed value with a space around it"),
        ("empty", strangers([""]), "an empty string"),
        ("index", indices, "the position in the list, as a string, instead of the value"),
    ):
        if candidates:
            yield Fault(keyword, variant, words, one_of(list(dict.fromkeys(candidates))))


def _others(node: Node, values: Sequence[Any], strangers: Any) -> list[Any]:
    """Return values that are not in the list but of an allowed type, so that only the list is left to break."""
    numbers = [value for value in values if json_type(value) in ("integer", "number")]
    if numbers:
        return list(strangers([max(numbers) + 1, max(numbers) + 2.0**60]))
    types = node.schema.get("type", list(PLAIN_VALUES))
    types = [types] if isinstance(types, str) else types
    return list(strangers([value for name in PLAIN_VALUES if name in types for value in PLAIN_VALUES[name][:2]]))


def _number_blind(value: Any) -> str:
    """Return a text that is equal for values that JSON Schema takes for equal: 1 and 1.0 are."""
    return canonical(int(value) if isinstance(value, float) and value.is_integer() else value)
