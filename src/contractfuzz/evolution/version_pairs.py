"""Pairs of payloads that differ in one change between two versions of a contract.

The later version accepts the changed payload, the earlier version its twin; the oracles decide. The best pairs are those in which
the value is changed as a provider would, such as ``7`` to ``"7"``. Then come the values of witnesses, in payloads that the
consumer accepts, and the witnesses themselves.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from contractfuzz.contract import Contract
from contractfuzz.diff.change import Change, Witness
from contractfuzz.diff.edits import Path, find_value, with_value
from contractfuzz.evolution.catalogue import CHANGE_TYPES
from contractfuzz.evolution.change_type import ChangeType
from contractfuzz.evolution.evolving import make_pair
from contractfuzz.evolution.impact import ResultRule
from contractfuzz.evolution.twins import Twin
from contractfuzz.json_pointer import MISSING
from contractfuzz.json_values import canonical, json_type

_SAMPLES = {"minimal": 1, "closed": 60, "broad": 60}
_MAX_REPAIRS = 3
_MAX_TRIED_VALUES = 40
_MAX_TWINS = 6
_ANY = "*"
_NUMBERS = ("integer", "number")
_UNION_RULES = ("tag-value-added", "union-widened")
_NATURAL = {
    "became-nullable": ("nullable",),
    "property-became-optional": ("absent",),
    "required-property-removed": ("absent",),
    "property-allowed": ("added",),
    "type-widened": ("fraction",),
    "maximum-increased": ("beyond-32-bits", "beyond-53-bits", "beyond-maximum"),
    "minimum-decreased": ("negative", "zero"),
    "max-length-increased": ("longer",),
    "min-length-decreased": ("empty-text",),
    "max-items-increased": ("long-list",),
    "min-items-decreased": ("empty-list",),
    "max-properties-increased": ("new-entry",),
    "min-properties-decreased": ("empty-map",),
    "format-widened": ("fractional-seconds", "other-offset", "utc-offset", "no-offset", "date-only", "with-time"),
    "pattern-widened": ("longer", "empty-text", "non-ascii", "other-offset", "fractional-seconds"),
}
"""Names of the change types that change a value as a rule says. Those to another type belong to ``_RETYPING`` rules."""

_RETYPING = ("type-widened", "union-widened")
ADDITIONS = ("property-added", "required-property-added")
REMOVALS = ("property-removed",)


@dataclass(frozen=True, slots=True)
class VersionPair:
    """A payload after a change and the same payload before it.

    Attributes:
        changed: the payload that the later version accepts.
        twin: the payload that the earlier version accepts.
        rule: what the result of a consumer may show.

    """

    changed: Any
    twin: Any
    rule: ResultRule


class VersionPairs:
    """Makes pairs of payloads for changes.

    Args:
        old: the earlier version.
        new: the later version.
        twins: payloads of the earlier version that the consumer accepts.

    """

    def __init__(self, old: Contract, new: Contract, twins: Sequence[Twin]) -> None:
        self._old, self._new, self._twins = old, new, list(twins)[:_MAX_TWINS]

    def of(self, change: Change) -> Iterator[VersionPair]:
        """Yield the pairs of a change that a reader can see, the best first; none for another change."""
        seen: set[tuple[str, str]] = set()
        for pair in self._all(change):
            key = canonical(pair.changed), canonical(pair.twin)
            if key not in seen:
                seen.add(key)
                yield pair

    def _all(self, change: Change) -> Iterator[VersionPair]:
        if change.rule.id in ADDITIONS:
            yield from self._additions(change.tokens)
        elif change.rule.id in REMOVALS:
            yield from self._removals(change.tokens)
        elif change.direction == "wider":
            natural = list(self._natural(change))
            yield from natural
            for witness in change.witnesses:
                for changed, twin, path in (*self._transplants(witness), *self._repairs(witness)):
                    rule = _result_rule(change, find_value(twin, path), find_value(changed, path))
                    # A natural change of the type shows the result better than a value that means something else.
                    is_free = rule is ResultRule.RETYPED and bool(natural)
                    yield VersionPair(changed, twin, ResultRule.ANY if is_free else rule)

    # --- properties that come and go ------------------------------------------------------------------------------------

    def _additions(self, tokens: Sequence[str]) -> Iterator[VersionPair]:
        """Yield payloads with a new property, and without it."""
        samples = [case.payload for case in self._new.sample(_SAMPLES["closed"], profile="closed")]
        places = [(sample, path, value) for sample in samples for path, value in _places(sample, tokens)]
        values = sorted((value for _, _, value in places), key=lambda value: len(json.dumps(value)))
        for payload in self._payloads:
            choices = [(holder, value) for holder in _holders(payload, tokens) for value in values[-1:] + values[:1]]
            for holder, value in choices[:_MAX_REPAIRS]:
                changed = with_value(payload, (*holder, tokens[-1]), value)
                if changed is not MISSING and self._new.is_valid(changed):
                    yield VersionPair(changed, payload, ResultRule.VISIBLE)
        # Several new properties may be required at once.
        for sample, path, _ in places[:_MAX_REPAIRS]:
            twin = with_value(sample, path, MISSING)
            if twin is not MISSING and self._old.is_valid(twin):
                yield VersionPair(sample, twin, ResultRule.VISIBLE)

    def _removals(self, tokens: Sequence[str]) -> Iterator[VersionPair]:
        """Yield payloads without a property, and with it. It was optional, so a result without it is right."""
        for payload in [*self._payloads, *self._samples]:
            for path, _ in _places(payload, tokens)[:1]:
                changed = with_value(payload, path, MISSING)
                if changed is not MISSING and self._new.is_valid(changed):
                    yield VersionPair(changed, payload, ResultRule.ANY)

    # --- values that were not allowed before ----------------------------------------------------------------------------

    def _natural(self, change: Change) -> Iterator[VersionPair]:
        """Yield payloads that are changed as a provider would: a number becomes the same number as a string."""
        for twin in self._twins:
            for change_type in CHANGE_TYPES:
                if not _is_natural(change, change_type):
                    continue
                pair = make_pair(self._old, twin, change.location, change_type)
                if pair is not None and not pair.is_allowed and self._new.is_valid(pair.payload):
                    yield VersionPair(pair.payload, pair.twin, change_type.rule)

    def _transplants(self, witness: Witness) -> Iterator[tuple[Any, Any, Path]]:
        """Yield payloads that the consumer accepts with the value of a witness at the place of the change, and without it."""
        value = find_value(witness.payload, witness.path)
        for payload in self._payloads if witness.path else ():
            is_named = isinstance(witness.path[-1], str) and not witness.tokens[-1].startswith(_ANY)
            if is_named:
                paths = [(*holder, witness.path[-1]) for holder in _holders(payload, witness.tokens)]
            else:
                paths = [path for path, _ in _places(payload, witness.tokens)]
            for path in paths[:1]:
                changed = with_value(payload, path, value)
                if changed is not MISSING and self._new.is_valid(changed) and not self._old.is_valid(changed):
                    yield changed, payload, path

    def _repairs(self, witness: Witness) -> Iterator[tuple[Any, Any, Path]]:
        """Yield a witness with twins, in which the place of the change, or else a place around it, is as before."""
        for length in range(len(witness.path), -1, -1):
            path = witness.path[:length]
            twins = list(islice(self._repaired(witness.payload, path, witness.tokens[:length]), _MAX_REPAIRS))
            if twins:
                yield from ((witness.payload, twin, path) for twin in twins)
                return

    def _repaired(self, payload: Any, path: Path, tokens: Sequence[str]) -> Iterator[Any]:
        """Yield payloads of the earlier version that differ from a payload at a place alone."""
        sources = [*self._payloads, *self._samples]
        known = {canonical(value): value for source in sources for _, value in _places(source, tokens)}
        values = sorted(known.values(), key=lambda value: len(json.dumps(value)))
        candidates = (with_value(payload, path, value) for value in [*values[:_MAX_TRIED_VALUES], MISSING])
        return (twin for twin in candidates if twin is not MISSING and self._old.is_valid(twin))

    @cached_property
    def _payloads(self) -> list[Any]:
        return [twin.payload for twin in self._twins]

    @cached_property
    def _samples(self) -> list[Any]:
        """Valid payloads of the earlier version."""
        samples = (self._old.sample(count, profile=name) for name, count in _SAMPLES.items())
        return [case.payload for sample in samples for case in sample]


def _is_natural(change: Change, change_type: ChangeType) -> bool:
    if change_type.rule is ResultRule.RETYPED:
        return change.rule.id in _RETYPING
    return change_type.name in _NATURAL.get(change.rule.id, ())


def _holders(payload: Any, tokens: Sequence[str]) -> list[Path]:
    """Return the paths to the objects that have or could have the property at a location."""
    return [path for path, value in _places(payload, tokens[:-1]) if isinstance(value, dict)]


def _places(value: Any, tokens: Sequence[str]) -> list[tuple[Path, Any]]:
    """Return the paths and values in a payload that a location stands for."""
    found: list[tuple[Path, Any]] = [((), value)]
    for token in tokens:
        found = [((*path, step), inner) for path, holder in found for step, inner in _members(holder, token)]
    return found


def _members(holder: Any, token: str) -> list[tuple[str | int, Any]]:
    members: list[tuple[str | int, Any]] = []
    if isinstance(holder, dict):
        members = list(holder.items())
    elif isinstance(holder, list):
        members = list(enumerate(holder))
    return members if token.startswith(_ANY) else [one for one in members if str(one[0]) == token]


def _result_rule(change: Change, before: Any, after: Any) -> ResultRule:
    """Return what a result may show, by the values at the place of a change."""
    if before is MISSING or after is MISSING or after is None:
        return ResultRule.VISIBLE
    types = json_type(before), json_type(after)
    if change.rule.id == "enum-value-added":
        return ResultRule.ANY
    if types[0] == types[1]:
        return ResultRule.ANY if change.rule.id in _UNION_RULES else ResultRule.VALUE
    return ResultRule.LOSSLESS if all(name in _NUMBERS for name in types) else ResultRule.RETYPED
