"""Comparison of the results of two targets, which may be programs in different languages.

Results are compared by their parts. An object with attributes equals a mapping with the same members, and numbers are equal by
their value.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from contractfuzz.json_pointer import encode_pointer
from contractfuzz.running.verdicts.effects import Parts
from contractfuzz.text import printable, truncate

MAX_PART_TEXT_CHARACTERS = 60

MIN_SHARE_OF_RESULTS = 0.25
"""Share of results that have a member whose name is not data, such as an id."""

OBJECT, INSTANCE, LIST, SET = "object", "instance", "list", "set"
"""Kinds of parts that contain others. An instance is an object of a class: its members are attributes."""

_CONTAINER_NAMES = {"mapping": OBJECT, "response": OBJECT, "sequence": LIST, "set": SET}
_OBJECTS = {OBJECT, INSTANCE}
_JSON_NAMES = ("text", "number", "nan")
_NOTHING = repr(None)
_BODY = "body"

ResultPath = tuple[str, ...]
"""Names of members and indices of items, from the whole result to a part."""


@dataclass(frozen=True, slots=True)
class PlainResult:
    """A result without what only one language has: the classes of its objects, and the types of its keys.

    Attributes:
        parts: for the path to each part, its kind and its value.
        optional: the paths to the attributes that are None, as those of a language without missing attributes.
        is_response: True for a response of an HTTP library, whose members are ``status`` and ``body``.

    """

    parts: Mapping[ResultPath, tuple[str, object]]
    optional: frozenset[ResultPath]
    is_response: bool = False

    @classmethod
    def of(cls, parts: Parts) -> PlainResult:
        """Return the result with some parts."""
        plain: dict[ResultPath, tuple[str, object]] = {}
        optional: set[ResultPath] = set()
        paths: dict[ResultPath, ResultPath] = {(): ()}
        for path, part in parts.items():  # a container comes before its members
            if path:
                container: Any = parts[path[:-1]]
                is_mapping = container[0] == "mapping"
                paths[path] = (*paths[path[:-1]], _plain_key(path[-1]) if is_mapping else path[-1])
                if part == _NOTHING and container[0] not in _CONTAINER_NAMES:
                    optional.add(paths[path])
            plain[paths[path]] = _plain_part(part)
        root: Any = parts[()]
        return cls(plain, frozenset(optional), is_response=root[0] == "response")

    def body(self) -> PlainResult:
        """Return the body of a response as a result of its own."""
        parts = {path[1:]: part for path, part in self.parts.items() if path[:1] == (_BODY,)}
        return PlainResult(parts, frozenset(path[1:] for path in self.optional if path[:1] == (_BODY,)))

    @property
    def is_nothing(self) -> bool:
        """True if the target returned None."""
        return self.parts.get(()) == (_NOTHING, None)

    def text(self, path: ResultPath) -> str:
        """Return a part in words for people."""
        if path not in self.parts:
            return "absent"
        kind, value = self.parts[path]
        words = {
            OBJECT: "an object",
            INSTANCE: "an object",
            LIST: "a list",
            SET: "a set",
            _NOTHING: "null",
            "True": "true",
            "False": "false",
        }
        shown = words.get(kind) or (kind if value is None else str(value))
        return truncate(printable(shown), MAX_PART_TEXT_CHARACTERS)


@dataclass(frozen=True, slots=True)
class ResultComparison:
    """The comparison of two results.

    Attributes:
        different: the paths to the parts that differ, without those inside another one.
        is_whole: False if some parts cannot be compared.

    """

    different: tuple[ResultPath, ...]
    is_whole: bool = True


def compare_results(one: PlainResult | None, other: PlainResult | None) -> ResultComparison:
    """Compare two results.

    Args:
        one: a result; None if it cannot be compared.
        other: the other result.

    """
    if one is None or other is None:
        return ResultComparison((), is_whole=False)
    different: list[ResultPath] = []
    is_whole = True
    ended: set[ResultPath] = set()
    for path in sorted(one.parts.keys() | other.parts.keys(), key=len):
        if path and path[:-1] in ended:
            ended.add(path)
            continue
        if path not in one.parts or path not in other.parts:
            same: bool | None = path in one.optional or path in other.optional
        else:
            same = _are_equal(one.parts[path], other.parts[path])
        if same is None:
            is_whole = False
        elif not same:
            different.append(path)
        if not same:
            ended.add(path)
    return ResultComparison(tuple(sorted(different)), is_whole)


def place_of(path: ResultPath, one: PlainResult, other: PlainResult, names: Container[str]) -> str:
    """Return the place of a difference as a JSON Pointer, the same for similar differences.

    ``*`` stands for the items of lists, and for members whose names are data. A member that only one of the results has belongs
    to the place of its object.

    Args:
        path: the path to the difference.
        one: a result.
        other: the other result.
        names: the names of members that are not data.

    """
    is_shared = path in one.parts and path in other.parts
    tokens = path if is_shared else path[:-1]
    return encode_pointer(token if token in names else "*" for token in tokens)


def usual_names(results: Iterable[PlainResult], schema: Any) -> frozenset[str]:
    """Return the names of members that are not data: those of a schema, and those that many results have.

    Args:
        results: some results for valid payloads.
        schema: the schema of the payloads.

    """
    known: set[str] = set()
    waiting = [schema]
    while waiting:
        match waiting.pop():
            case dict() as members:
                known.update(members.get("properties") or ())
                waiting += members.values()
            case list() as items:
                waiting += items
    counts: Counter[str] = Counter()
    some = list(results)
    for result in some:
        counts.update({path[-1] for path in result.parts if path and result.parts[path[:-1]][0] in _OBJECTS})
    return frozenset(known | {name for name, count in counts.items() if count > len(some) * MIN_SHARE_OF_RESULTS})


def _plain_key(key: str) -> str:
    """Return the key of a mapping as JSON writes it: parts have its ``repr``."""
    if key[:1] in ("'", '"'):
        return str(ast.literal_eval(key))
    return {"None": "null", "True": "true", "False": "false"}.get(key, key)


def _plain_part(part: Any) -> tuple[str, object]:
    if not isinstance(part, tuple):
        return str(part), None
    name, *values = part
    if values and type(values[0]) is int and name != "number":
        return _CONTAINER_NAMES.get(name, INSTANCE), None
    return name, values[0] if values else None


def _are_equal(one: tuple[str, object], other: tuple[str, object]) -> bool | None:
    """Return True if two parts are equal; None if they cannot be compared."""
    if one[0] == other[0]:
        return _are_numbers_equal(one[1], other[1]) if one[0] == "number" else one[1] == other[1]
    kinds = {one[0], other[0]}
    if kinds == _OBJECTS:
        return True
    if kinds == {SET, LIST} or (INSTANCE in kinds and kinds & set(_JSON_NAMES)):
        return None  # a set has no order, and an instance may be written as a text
    foreign = [part for part in (one, other) if not _is_json(part)]
    if len(foreign) != 1:
        return None if foreign else False
    [text] = [part for part in (one, other) if _is_json(part)]
    if text[0] != "text":
        return None
    return _is_written_as(foreign[0], str(ast.literal_eval(str(text[1]))))


def _is_json(part: tuple[str, object]) -> bool:
    return part[0] in (*_JSON_NAMES, *_OBJECTS, LIST, SET) or part[1] is None


def _is_written_as(part: tuple[str, object], text: str) -> bool | None:
    """Return True if a text stands for a value that JSON has no type for; None if that is not known."""
    kind, value = part
    if kind == "instant":
        try:
            return datetime.fromisoformat(str(value)) == datetime.fromisoformat(text)
        except (ValueError, TypeError):
            return None
    return True if kind == "UUID" and value == f"UUID({text.lower()!r})" else None


def _are_numbers_equal(one: Any, other: Any) -> bool:
    if one == other:
        return True
    exact = (Decimal, Fraction)
    if isinstance(one, float) and isinstance(other, exact):
        return one == float(other)
    return isinstance(other, float) and isinstance(one, exact) and float(one) == other


def difference_in_words(names: tuple[str, str], one: PlainResult, other: PlainResult, path: ResultPath) -> str:
    """Return a difference of two results in words: ``/id: a:read 5, b:read '5'``.

    Args:
        names: the names of the targets.
        one: the result of the first one.
        other: the result of the second one.
        path: the path to the part that differs.

    """
    place = printable(encode_pointer(path)) or "the result"
    return f"{place}: {names[0]} {one.text(path)}, {names[1]} {other.text(path)}"
