"""Evolving: each possible change of a contract is fed to a consumer, next to the payload before the change."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from contractfuzz.contract import Contract
from contractfuzz.errors import unknown
from contractfuzz.evolution.catalogue import CHANGE_TYPES
from contractfuzz.evolution.change_type import ChangeType, apply_edits, replaced_at
from contractfuzz.evolution.evolution import Evolution, PossibleChange
from contractfuzz.evolution.impact import Impact, ImpactMeter, Measurement
from contractfuzz.evolution.twins import Twin, find_twins
from contractfuzz.json_values import canonical
from contractfuzz.payloads.cases.case import Case
from contractfuzz.payloads.places import PlacedValue
from contractfuzz.progress import ShowProgress
from contractfuzz.running.run import Run

MAX_HUNG_CHANGES = 3
"""Changes on which the consumer may hang. The others are then not tried, because each hang takes the whole time limit."""

MAX_TWINS = 3
"""Payloads in which a change is tried until the consumer accepts the one before the change."""

MAX_LISTED_VALUES = 6
"""Values of an ``enum`` from which a change starts, after the first one."""

_TAG_CHANGES = ("new-value", "other-case")
"""Change types that do not apply to the tag of a union: the union gains a branch."""

_OBJECT_CHANGE = "added"
"""Change type that applies to the branch of a union in place of the union."""


@dataclass(frozen=True, slots=True)
class ChangePair:
    """A payload before and after one change.

    Attributes:
        location: the location that changes.
        change_type: the type of the change.
        twin: the payload before the change. The contract allows it.
        payload: the payload after the change. It differs at that location alone.
        is_allowed: True if the contract allows the changed payload, too.

    """

    location: str
    change_type: ChangeType
    twin: Any
    payload: Any
    is_allowed: bool

    @property
    def id(self) -> str:
        """The identifier of the change: ``/id:nullable``."""
        return f"{self.location}:{self.change_type.name}"


def evolve(
    run: Run,
    *,
    only: str | Iterable[str] = (),
    tolerate: str | Iterable[str] = (),
    seed: int = 0,
    progress: ShowProgress | None = None,
) -> Evolution:
    """Find out what possible changes by the provider do to a consumer.

    Args:
        run: the run of the consumer; it is closed at the end. If its contract has a base, changes are made to this payload.
        only: ids of changes to try, or globs of them; empty for all.
        tolerate: ids of changes that may break the consumer, or globs of them.
        seed: the seed of the payloads. The same seed gives the same changes.
        progress: receives the progress.

    Raises:
        ContractError: the consumer accepts no payload before a change, no case reached it, or a pattern matches no change.

    """
    only, tolerate = ((some,) if isinstance(some, str) else tuple(some) for some in (only, tolerate))
    meter = ImpactMeter(run.react)
    try:
        twins = find_twins(run.contract, meter, run, seed)
        pairs = find_pairs(run.contract, twins)
        ids = list(pairs)
        tolerated = {pattern: _matching(pattern, ids) for pattern in tolerate}
        chosen = dict.fromkeys(name for pattern in only for name in _matching(pattern, ids)) if only else pairs
        feeding = _Feeding(run, meter, twins, {name for names in tolerated.values() for name in names})
        for done, name in enumerate(chosen):
            if progress is not None:
                progress("changes", done, len(chosen))
            feeding.feed(pairs[name])
        run.assert_reached()
    finally:
        run.close()
    found = {location for twin in twins for location in twin.places}
    broken = {change.id for change in feeding.changes if change.impact.is_break}
    return Evolution(
        run.name,
        run.contract.name,
        tuple(sorted(feeding.changes, key=_order)),
        missing=tuple(location for location in run.contract.locations() if location not in found),
        unused=tuple(pattern for pattern, names in tolerated.items() if broken.isdisjoint(names)),
        cut_short=f"it hung on {MAX_HUNG_CHANGES} changes" if feeding.is_over else "",
    )


class _Feeding:
    """Feeds pairs to a consumer and collects the changes with their impacts."""

    def __init__(self, run: Run, meter: ImpactMeter, twins: Sequence[Twin], tolerated: set[str]) -> None:
        self.changes: list[PossibleChange] = []
        self._contract, self._meter, self._twins, self._tolerated = run.contract, meter, twins, tolerated
        self._hung = 0

    @property
    def is_over(self) -> bool:
        """True if the consumer hung too often."""
        return self._hung >= MAX_HUNG_CHANGES

    def feed(self, pair: ChangePair) -> None:
        """Feed one pair, or another one of the same change if the consumer does not accept its payload before the change."""
        if self.is_over:
            return
        pair, found = self._worst_of(pair)
        self._hung += found.impact is Impact.HUNG
        self.changes.append(
            PossibleChange(
                pair.location,
                pair.change_type.name,
                pair.change_type.words,
                found.impact,
                found.raised,
                found.detail,
                is_allowed=pair.is_allowed,
                is_tolerated=pair.id in self._tolerated,
                twin=pair.twin,
                payload=pair.payload,
            )
        )

    def _worst_of(self, pair: ChangePair) -> tuple[ChangePair, Measurement]:
        """Return the pair with the worst impact, of those that start from different values, and the impact."""
        found = self._measure(pair)
        if found.impact is Impact.UNKNOWN:
            for other in self._others(pair):
                pair, found = other, self._measure(other)
                if found.impact is not Impact.UNKNOWN:
                    break
        if found.impact.is_break:
            return pair, found
        for other in self._with_other_values(pair):
            measured = self._measure(other)
            if measured.impact.severity < found.impact.severity:
                pair, found = other, measured
            if found.impact.is_break:
                break
        return pair, found

    def _measure(self, pair: ChangePair) -> Measurement:
        changed = Case("valid" if pair.is_allowed else "invalid", pair.payload)
        twin = next((twin.case for twin in self._twins if twin.payload is pair.twin), None)
        return self._meter.measure(changed, twin or Case("valid", pair.twin), pair.change_type.rule)

    def _others(self, pair: ChangePair) -> Iterator[ChangePair]:
        """Yield pairs of the same change that are made from other payloads."""
        having = (twin for twin in self._twins if pair.location in twin.places)
        for twin in islice(having, 1, MAX_TWINS):
            other = make_pair(self._contract, twin, pair.location, pair.change_type)
            if other is not None:
                yield other

    def _with_other_values(self, pair: ChangePair) -> Iterator[ChangePair]:
        """Yield pairs of the same change that start from other listed values: readers compare with one of them."""
        twin = next((twin for twin in self._twins if pair.location in twin.places), None)
        if twin is None:
            return
        for value in islice(_listed_values(twin.places[pair.location][0]), MAX_LISTED_VALUES):
            payload = twin.payload
            for place in twin.places[pair.location]:
                payload = replaced_at(payload, place.path, value)
            if not self._contract.is_valid(payload):
                continue
            other = make_pair(self._contract, Twin.of(self._contract, payload), pair.location, pair.change_type)
            if other is not None:
                yield other


def find_pairs(contract: Contract, twins: Sequence[Twin]) -> dict[str, ChangePair]:
    """Return, for the id of each possible change, a payload before and after it.

    Args:
        contract: the contract.
        twins: the payloads to change; the first one that has a location is used.

    """
    found: dict[str, ChangePair] = {}
    for twin in twins:
        for location in twin.places:
            for change_type in CHANGE_TYPES:
                if f"{location}:{change_type.name}" not in found:
                    pair = make_pair(contract, twin, location, change_type)
                    if pair is not None:
                        found[pair.id] = pair
    return found


def make_pair(contract: Contract, twin: Twin, location: str, change_type: ChangeType) -> ChangePair | None:
    """Return the pair of one change; None if the change does not apply to the location.

    Args:
        contract: the contract.
        twin: the payload to change.
        location: the location.
        change_type: the type of the change.

    """
    edits = []
    for place in twin.places.get(location, ()):
        if change_type.name in _TAG_CHANGES and place.path in twin.tag_paths:
            continue
        if change_type.name == _OBJECT_CHANGE and place.path in twin.branch_paths and not place.is_branch:
            continue
        try:
            edits.append(change_type.make_edit(place, twin.payload))
        except LookupError:
            continue
    edits = [edit for edit in edits if canonical(edit.before) != canonical(edit.after)]
    before, after = apply_edits(twin.payload, edits)
    if not edits or (before is not twin.payload and not contract.is_valid(before)):
        return None
    is_allowed = contract.is_valid(after)
    if is_allowed and change_type.breaks_contract:
        return None
    return ChangePair(location, change_type, before, after, is_allowed)


def _listed_values(place: PlacedValue) -> Sequence[Any]:
    """Return the values of a place that is a list of values, or a boolean; nothing for other places."""
    if isinstance(place.value, bool):
        return [not place.value]
    listed = place.schema.get("enum", ())
    return [value for value in listed if value != place.value] if len(listed) > 1 else []


def _matching(pattern: str, ids: Sequence[str]) -> list[str]:
    matching = [pattern] if pattern in ids else fnmatch.filter(ids, pattern)
    if not matching:
        raise unknown("possible change", pattern, ids)
    return matching


def _order(change: PossibleChange) -> tuple[int, str, str]:
    return change.impact.severity, change.place, change.error
