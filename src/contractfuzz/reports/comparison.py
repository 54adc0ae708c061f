"""An earlier report, or that of another consumer, beside a report: what changed."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from contractfuzz.errors import ContractError
from contractfuzz.reports.json_report import from_json
from contractfuzz.reports.outcomes import WORST_FIRST, Outcome, Outcomes, outcomes_of
from contractfuzz.running.report import Report

LabelChange = Literal["better", "worse", "otherwise", "same"]
CHANGES: tuple[LabelChange, ...] = ("better", "worse", "otherwise", "same")

ISLAND = re.compile(r'<script type="application/json" class="contract-report">(.*?)</script>', re.DOTALL)
"""Where a page keeps what it shows, as JSON; within it there is no ``<``."""


@dataclass(frozen=True)
class Comparison:
    """What a report is compared with.

    Attributes:
        consumer, contract: their names.
        standings: how the consumer stands there.
        source: the name of the file that it comes from.

    """

    consumer: str
    contract: str
    standings: Outcomes
    source: str

    def change(self, kind: str, label: str, now: Sequence[Outcome]) -> LabelChange:
        """Return how what came of a label differs here from there; of a label that is not known there: ``otherwise``."""
        then = self.standings.get(kind, {}).get(label)
        if then is None:
            return "otherwise"
        if list(now) == then:
            return "same"
        if now[0].is_bad != then[0].is_bad:
            # Where it was not reached, nothing is known to be better or worse.
            return "otherwise" if Outcome.MISSED in (now[0], then[0]) else "worse" if now[0].is_bad else "better"
        return "otherwise"

    def changes(self, standings: Outcomes) -> Counter[LabelChange]:
        """Return how many labels of a report changed how."""
        return Counter(
            self.change(kind, label, now) for kind, labels in standings.items() for label, now in labels.items()
        )

    def only_here(self, standings: Outcomes) -> list[str]:
        """Return the labels that a report no longer has, for its contract is another or a kind was not fed."""
        return [
            label or f"{kind} payloads"
            for kind, labels in self.standings.items()
            for label in labels
            if label not in standings.get(kind, {})
        ]


def read_comparisons(file: str) -> list[Comparison]:
    """Return what reports in a file can be compared with: one made with ``--format json`` or ``--format html``.

    Raises:
        ContractError: the file cannot be read, or is no report.

    """
    try:
        text = Path(file).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ContractError(f"{file} cannot be read ({reason}): name a report as JSON or HTML") from None
    try:
        islands = [_from_page(json.loads(island), Path(file).name) for island in ISLAND.findall(text)]
        return islands or [_from_report(from_json(one), Path(file).name) for one in _several(json.loads(text))]
    except (ContractError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ContractError(f"{file} holds no report that can be compared: {error}") from error


def comparison_for(report: Report, others: Sequence[Comparison]) -> Comparison | None:
    """Return that of ``others`` which a report is compared with: of its contract, and of its consumer if there is one."""
    same = [other for other in others if other.contract == report.contract]
    return next((other for other in same if other.consumer == report.consumer), same[0] if same else None)


def _several(data: Any) -> list[Any]:
    return data if isinstance(data, list) else [data]


def _from_report(report: Report, source: str) -> Comparison:
    return Comparison(report.consumer, report.contract, outcomes_of(report), source)


def _from_page(data: dict[str, Any], source: str) -> Comparison:
    standings: Outcomes = {}
    for kind, label, now in ((entry["kind"], entry["label"], entry["now"]) for entry in data["labels"]):
        standings.setdefault(kind, {})[label] = sorted(map(Outcome, now), key=WORST_FIRST.index)
    return Comparison(data["consumer"], data["contract"], standings, source)
