"""Changes between two versions of a contract, fed to a consumer: what each of them does to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import islice

from contractfuzz.contract import Contract
from contractfuzz.diff.change import UNKNOWN_IMPACT, Change, ConsumerImpact
from contractfuzz.evolution.impact import Impact, ImpactMeter, Measurement
from contractfuzz.evolution.twins import find_twins
from contractfuzz.evolution.version_pairs import ADDITIONS, REMOVALS, VersionPair, VersionPairs
from contractfuzz.payloads.cases.case import Case
from contractfuzz.running.run import Run

MAX_PAIRS = 24
"""Number of pairs that are fed for one change."""

MAX_MEASURED_PAIRS = 12
"""Number of pairs for one change that the consumer gets if it accepts the payloads before the change."""


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
        ContractError: the consumer accepts no payload of the earlier version, or it cannot be started.

    """
    changes = list(changes)
    measured = []
    meter = ImpactMeter(run.react)
    try:
        twins = find_twins(old, meter, run) if any(map(_is_visible, changes)) else []
        pairs = VersionPairs(old, new, twins)
        for number, change in enumerate(changes):
            progress(number)
            measured.append(replace(change, impact=_impact(change, pairs, meter)))
    finally:
        run.close()
    return measured


def _is_visible(change: Change) -> bool:
    """Return True if a reader gets payloads that it did not get before."""
    return change.direction == "wider" or change.rule.id in (*ADDITIONS, *REMOVALS)


def _impact(change: Change, pairs: VersionPairs, meter: ImpactMeter) -> ConsumerImpact:
    if not _is_visible(change) and change.direction is None:
        return ConsumerImpact("not fed", False, "not fed: no payload shows this change")
    if not _is_visible(change):
        return ConsumerImpact("not fed", False, "not fed: it is harmless to readers, who get fewer payloads")
    worst: tuple[Measurement, VersionPair] | None = None
    measured = 0
    for pair in islice(pairs.of(change), MAX_PAIRS):
        measurement = meter.measure(Case("valid", pair.changed), Case("valid", pair.twin), pair.rule)
        measured += measurement.impact is not Impact.UNKNOWN
        if worst is None or measurement.impact.severity < worst[0].impact.severity:
            worst = measurement, pair
        if measured == MAX_MEASURED_PAIRS or measurement.impact.is_break:
            break
    if worst is None:
        return ConsumerImpact(
            UNKNOWN_IMPACT, False, "unknown: no payload of the earlier version differs in this change alone"
        )
    return _as_impact(*worst)


def _as_impact(measurement: Measurement, pair: VersionPair) -> ConsumerImpact:
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
