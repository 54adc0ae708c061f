"""Changes between two versions of a contract, fed to a consumer: what each of them does to it.

For each change that a reader can see, the consumer gets a payload that only the later version accepts, and its twin: a payload
that the earlier version accepts, and that differs at the place of the change alone. The oracles of both versions prove them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Any

from contractfuzz.contract import Contract
from contractfuzz.diff.change import UNKNOWN_IMPACT, Change, ConsumerImpact, Witness
from contractfuzz.diff.edits import Path, find_value, with_value
from contractfuzz.evolution.impact import Impact, ImpactMeter, Measurement, ResultRule
from contractfuzz.json_pointer import MISSING
from contractfuzz.json_values import canonical, json_type
from contractfuzz.payloads.cases.case import Case
from contractfuzz.payloads.wire.rich_payloads import rich_payload
from contractfuzz.running.run import Run

MAX_PAIRS = 12
"""Number of pairs that are fed for one change, while the consumer does not accept the payloads before the change."""

MAX_MEASURED_PAIRS = 6
"""Number of pairs for one change that the consumer gets if it accepts the payloads before the change."""

_SAMPLES = {"minimal": 1, "closed": 60, "broad": 60}
_MAX_REPAIRS = 3
_MAX_TRIED_VALUES = 40
_NUMBERS = ("integer", "number")
_ANY = "*"
_UNION_RULES = ("tag-value-added", "union-widened")

_Pair = tuple[Any, Any, Path]
"""A changed payload, its twin and the place where they differ."""


@dataclass(frozen=True, slots=True)
class ChangedPair:
    """A payload after a change and the same payload before it.

    Attributes:
        changed: the payload that the later version accepts and the earlier one does not.
        twin: the payload that the earlier version accepts.
        rule: what the result of a consumer may show.

    """

    changed: Any
    twin: Any
    rule: ResultRule


def measure_changes(
    changes: Iterable[Change], old: Contract, new: Contract, run: Run, progress: Callable[[int], object] = id
) -> list[Change]:
    """Return changes with what each of them does to a consumer.

    Args:
        changes: the changes from the earlier to the later version.
        old: the earlier version.
        new: the later version.
        run: the run of the consumer. It is closed in the end.
        progress: receives the number of changes that are done.

    Raises:
        ContractError: no payload reached the code under test, or the consumer cannot be started.

    """
    measured = []
    maker = PairMaker(old, new)
    meter = ImpactMeter(run.react)
    try:
        for number, change in enumerate(changes):
            progress(number)
            measured.append(replace(change, impact=_impact(change, maker, meter)))
        run.assert_reached()
    finally:
        run.close()
    return measured


def _impact(change: Change, maker: PairMaker, meter: ImpactMeter) -> ConsumerImpact:
    if change.direction is None:
        return ConsumerImpact("not fed", False, "not fed: no payload shows this change")
    if change.direction == "narrower":
        return ConsumerImpact("not fed", False, "not fed: it is harmless to readers, who get fewer payloads")
    worst: tuple[Measurement, ChangedPair] | None = None
    measured = 0
    for pair in islice(maker.pairs(change), MAX_PAIRS):
        measurement = meter.measure(Case("valid", pair.changed), Case("valid", pair.twin), pair.rule)
        measured += measurement.impact is not Impact.UNKNOWN
        if worst is None or _order(measurement.impact) < _order(worst[0].impact):
            worst = measurement, pair
        if measured == MAX_MEASURED_PAIRS or measurement.impact.is_break:
            break
    if worst is None:
        return ConsumerImpact(
            UNKNOWN_IMPACT, False, "unknown: no payload of the earlier version differs in this change alone"
        )
    return _as_impact(*worst)


def _order(impact: Impact) -> int:
    return list(Impact).index(impact)


def _as_impact(measurement: Measurement, pair: ChangedPair) -> ConsumerImpact:
    impact, raised = measurement.impact, measurement.raised
    at = f" at {measurement.place}" if measurement.place else ""
    detail = raised.line if raised is not None else measurement.detail
    description = {
        Impact.CRASHED: f"breaks your code{at}: {detail}",
        Impact.REFUSED: f"your code refuses it{at}: {detail}",
        Impact.HUNG: f"your code hangs: {detail}",
        Impact.DIED: f"your code ends its process: {detail}",
        Impact.SILENTLY_WRONG: f"your code is silently wrong: {detail}",
        Impact.PASSED_ON: f"your code passes it on: {detail}",
        Impact.UNAFFECTED: "your code does not care",
        Impact.UNKNOWN: f"unknown: {detail}",
    }[impact]
    file, line = ("", 0) if raised is None else (raised.file, raised.number)
    return ConsumerImpact(impact.value, impact.is_break, description, file, line, pair.changed)


class PairMaker:
    """Makes pairs of payloads for changes.

    Args:
        old: the earlier version.
        new: the later version.

    """

    def __init__(self, old: Contract, new: Contract) -> None:
        self._old, self._new = old, new

    def pairs(self, change: Change) -> Iterator[ChangedPair]:
        """Yield pairs for a change to a wider contract: its smallest witness first, then each witness in a rich payload."""
        seen: set[tuple[str, str]] = set()
        for witness in change.witnesses:
            for changed, twin, path in (*self._repairs(witness), *self._transplants(witness)):
                key = canonical(changed), canonical(twin)
                if key not in seen:
                    seen.add(key)
                    yield ChangedPair(changed, twin, _result_rule(change, changed, twin, path))

    @cached_property
    def _samples(self) -> list[Any]:
        """Valid payloads of the earlier version."""
        profiles = {**_SAMPLES, **({"realistic": 20} if "realistic" in self._old.profiles else {})}
        return [case.payload for name, count in profiles.items() for case in self._old.sample(count, profile=name)]

    @cached_property
    def _rich_samples(self) -> list[Any]:
        profile = "realistic" if "realistic" in self._old.profiles else "closed"
        return [*(case.payload for case in self._old.sample(3, profile=profile, seed=1)), rich_payload(self._samples)]

    def _repairs(self, witness: Witness) -> Iterator[_Pair]:
        """Yield a witness with twins, in which the place of the change, or else a place around it, is as before."""
        for length in range(len(witness.path), -1, -1):
            twins = list(self._twins(witness.payload, witness.path[:length], witness.tokens[:length]))
            if twins:
                yield from ((witness.payload, twin, witness.path[:length]) for twin in twins)
                return

    def _twins(self, payload: Any, path: Path, tokens: Sequence[str]) -> Iterator[Any]:
        """Yield payloads of the earlier version that differ from a payload at a place alone."""
        known = {canonical(value): value for sample in self._samples for _, value in _places(sample, tokens)}
        values = sorted(known.values(), key=lambda value: len(json.dumps(value)))
        candidates = (with_value(payload, path, value) for value in [*values[:_MAX_TRIED_VALUES], MISSING])
        accepted = (twin for twin in candidates if twin is not MISSING and self._old.is_valid(twin))
        yield from islice(accepted, _MAX_REPAIRS)

    def _transplants(self, witness: Witness) -> Iterator[_Pair]:
        """Yield rich payloads of the earlier version with the value of a witness at the place of the change, and without it."""
        value = find_value(witness.payload, witness.path)
        for sample in self._rich_samples if witness.path else ():
            holders = [path for path, _ in _places(sample, witness.tokens[:-1])]
            for path in [(*holder, step) for holder in holders for step in _steps(find_value(sample, holder), witness)][
                :1
            ]:
                changed = with_value(sample, path, value)
                if changed is not MISSING and self._new.is_valid(changed) and not self._old.is_valid(changed):
                    yield changed, sample, path


def _steps(holder: Any, witness: Witness) -> list[str | int]:
    """Return the steps from an object or array to the places of a change. The place of a property may be empty."""
    is_named = isinstance(witness.path[-1], str) and not witness.tokens[-1].startswith(_ANY)
    if isinstance(holder, dict) and is_named:
        return [witness.path[-1]]
    return [path[0] for path, _ in _places(holder, witness.tokens[-1:])]


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


def _result_rule(change: Change, changed: Any, twin: Any, path: Path) -> ResultRule:
    """Return what a result may show, by the types of the value before and after the change."""
    before, after = find_value(twin, path), find_value(changed, path)
    if before is MISSING or after is MISSING or after is None:
        return ResultRule.VISIBLE
    types = json_type(before), json_type(after)
    if types[0] == types[1]:
        return ResultRule.ANY if change.rule.id in _UNION_RULES and types[0] == "object" else ResultRule.VALUE
    return ResultRule.LOSSLESS if all(name in _NUMBERS for name in types) else ResultRule.RETYPED
