"""Which points of a contract's schema some payloads reached, and which not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from contractfuzz.json_pointer import encode_pointer
from contractfuzz.json_values import canonical, json_type
from contractfuzz.payloads.plan.alternatives import Alternatives
from contractfuzz.payloads.plan.arrays import Array
from contractfuzz.payloads.plan.node import Node, PathStep, Recursive
from contractfuzz.payloads.plan.objects import Object
from contractfuzz.payloads.plan.scalars import Formatted, Integer, Number, OneOfValues
from contractfuzz.payloads.plan.text import Text

LONG = 32
"""So many characters make a long string."""

Seen = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What some payloads reached of the points that a schema has.

    A point is a location and what can be seen there: ``/results/*/paging:absent``, ``/numErrors:minimum``,
    ``/status:="COMPLETE"``, ``/links/*:non-ascii``.

    Attributes:
        reached, missed: the points, each sorted.

    """

    reached: tuple[str, ...]
    missed: tuple[str, ...]

    @property
    def ratio(self) -> float:
        """The share of the points that was reached: from 0 to 1, and 1 where there are none."""
        total = len(self.reached) + len(self.missed)
        return len(self.reached) / total if total else 1.0


def measure(root: Node, payloads: Iterable[Any]) -> Coverage:
    """Return what ``payloads`` reached of the points of a plan; what is not as the schema asks for reaches nothing there."""
    spot = _survey(root, ())
    points = set(_points(spot))
    reached: set[str] = set()
    for payload in payloads:
        _look(spot, payload, reached)
    return Coverage(tuple(sorted(reached)), tuple(sorted(points - reached)))


@dataclass(frozen=True, slots=True)
class _Spot:
    """One node at one location: its points, each with what shows it, and the spots within it."""

    node: Node
    sights: tuple[tuple[str, Seen], ...]
    ways: tuple[tuple[PathStep, _Spot], ...]


def _survey(node: Node, hops: tuple[PathStep, ...]) -> _Spot:
    location = encode_pointer(hop.token for hop in hops if hop.token is not None)
    sights = tuple((location + name, seen) for name, seen in _sights(node))
    # A recursive part that holds itself is entered once: its points count once.
    onward = [
        hop for hop in node.hops() if not (isinstance(hop.child, Recursive) and any(h.child is hop.child for h in hops))
    ]
    return _Spot(node, sights, tuple((hop, _survey(hop.child, (*hops, hop))) for hop in onward))


def _points(spot: _Spot) -> Iterator[str]:
    yield from (point for point, _ in spot.sights)
    for _, inner in spot.ways:
        yield from _points(inner)


def _look(spot: _Spot, payload: Any, reached: set[str]) -> None:
    reached.update(point for point, seen in spot.sights if seen(payload))
    for hop, inner in spot.ways:
        for part in _parts(spot.node, hop, payload):
            _look(inner, part, reached)


def _parts(node: Node, hop: PathStep, payload: Any) -> Iterable[Any]:
    """Return what of ``payload`` lies at the end of ``hop``."""
    match node, payload:
        case Object(), dict():
            if hop.token in node.names:
                return [payload[hop.token]] if hop.token in payload else []
            takes = next(one.accepts for one in node.entries if one.token == hop.token)
            return [value for name, value in _unnamed(node, payload).items() if takes(name)]
        case Array(), list():
            return payload[len(node.prefix) :] if hop.child is node.item else payload[int(hop.token or 0) :][:1]
        case ((Object() | Array()), _):
            return []
    return [payload] if _fits(hop.child.types, payload) else []


def _unnamed(node: Object, payload: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in payload.items() if name not in node.names}


def _fits(types: frozenset[str], payload: Any) -> bool:
    name = json_type(payload)
    return name in types or (name == "integer" and "number" in types)


# --- what there is to see of a node ---------------------------------------------------------------------------------------


def _sights(node: Node) -> Iterator[tuple[str, Seen]]:
    """Yield the names of a node's points, each with whether a payload shows it."""
    match node:
        case Object():
            for prop in node.properties:
                place = encode_pointer([prop.name])
                yield f"{place}:present", partial(_has, prop.name)
                if not prop.required:
                    yield f"{place}:absent", partial(_lacks, prop.name)
            if node.entries:
                yield from _sizes(partial(_entry_count, node), *_entry_bounds(node), ("empty", "several"))
        case Array():
            high = node.counts.high
            low, high = node.counts.low + len(node.prefix), None if high is None else high + len(node.prefix)
            yield from _sizes(_item_count, low, high, ("empty", "one", "several"))
        case Integer():
            if not {"minimum", "exclusiveMinimum"}.isdisjoint(node.schema):
                yield ":minimum", partial(_equals, node.first * node.step)
            if not {"maximum", "exclusiveMaximum"}.isdisjoint(node.schema):
                yield ":maximum", partial(_equals, node.last * node.step)
            yield from _signs(node.first, node.last)
        case Number():
            yield from _signs(node.low, node.high)
            yield ":fraction", _is_fractional
        case Text():
            yield from _texts(node.low, node.high)
        case Formatted() if node.schema.get("format") == "date-time":
            yield from ((f":{name}", partial(_matches, pattern)) for name, pattern in _DATE_TIMES)
        case OneOfValues() if not {"enum", "const"}.isdisjoint(node.schema) or node.types == {"boolean"}:
            yield from ((f":={canonical(value)}", partial(_equals, value)) for value in node.values)
        case Alternatives():
            yield from ((f":{name}", partial(_fits, frozenset({name}))) for name in sorted(node.types))


_DATE_TIMES = (
    ("Z", re.compile(r".*Z$")),
    ("offset", re.compile(r".*[+-]\d\d:\d\d$")),
    ("fraction", re.compile(r".*:\d\d\.\d+")),
)
_ASCII = re.compile(r"[\x00-\x7f]+")
_NOT_ASCII = re.compile(r".*[^\x00-\x7f]", re.DOTALL)
_LONG = re.compile(rf".{{{LONG},}}", re.DOTALL)


def _sizes(
    count: Callable[[Any], int | None], low: int, high: int | None, wanted: tuple[str, ...]
) -> Iterator[tuple[str, Seen]]:
    for name, least, most in (("empty", 0, 0), ("one", 1, 1), ("several", 2, None)):
        if name in wanted and (most is None or low <= most) and (high is None or least <= high):
            yield f":{name}", partial(_is_between, count, least, most)


def _signs(low: float, high: float) -> Iterator[tuple[str, Seen]]:
    if low <= 0 <= high:
        yield ":zero", partial(_equals, 0)
    if low < 0:
        yield ":negative", _is_negative


def _texts(low: int, high: int | None) -> Iterator[tuple[str, Seen]]:
    if low == 0:
        yield ":empty", partial(_equals, "")
    if high is None or high > 0:
        yield ":ascii", lambda value: isinstance(value, str) and _ASCII.fullmatch(value) is not None
        yield ":non-ascii", partial(_matches, _NOT_ASCII)
    if high is None or high >= LONG:
        yield ":long", partial(_matches, _LONG)


def _entry_bounds(node: Object) -> tuple[int, int | None]:
    highs = [entries.counts.high for entries in node.entries]
    low = sum(entries.counts.low for entries in node.entries)
    return low, None if None in highs else sum(high or 0 for high in highs)


def _entry_count(node: Object, value: Any) -> int | None:
    return len(_unnamed(node, value)) if isinstance(value, dict) else None


def _item_count(value: Any) -> int | None:
    return len(value) if isinstance(value, list) else None


def _is_between(count: Callable[[Any], int | None], least: int, most: int | None, value: Any) -> bool:
    number = count(value)
    return number is not None and least <= number and (most is None or number <= most)


def _has(name: str, value: Any) -> bool:
    return isinstance(value, dict) and name in value


def _lacks(name: str, value: Any) -> bool:
    return isinstance(value, dict) and name not in value


def _equals(known: Any, value: Any) -> bool:
    return json_type(value) == json_type(known) and bool(value == known)


def _is_negative(value: Any) -> bool:
    return json_type(value) in ("integer", "number") and value < 0


def _is_fractional(value: Any) -> bool:
    return isinstance(value, float) and not value.is_integer()


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.match(value) is not None
