"""Compare a report with an earlier one, or with that of another consumer, label by label."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from contractfuzz.errors import ContractError
from contractfuzz.files import read_whole
from contractfuzz.json_values import member
from contractfuzz.payloads.cases.case import parse_kind
from contractfuzz.reports.json_report import MAX_PROBLEM_CHARACTERS, from_json
from contractfuzz.reports.outcomes import OUTCOMES_WORST_FIRST, Outcome, Outcomes, outcomes_of, worst_first
from contractfuzz.running.report import Report
from contractfuzz.text import one_line

LabelChange = Literal["worse", "better", "new", "different", "unchanged"]
"""Change of a label's outcomes: ``new`` if the other report does not have the label; ``different`` if one of them did not feed
it, or if only outcomes that are not the worst differ."""

LABEL_CHANGES: tuple[LabelChange, ...] = ("worse", "better", "new", "different", "unchanged")

_PAGE_DATA = re.compile(r'<script type="application/json" class="contract-report">(.*?)</script>', re.DOTALL)
"""Data of one report in an HTML page; the JSON text contains no ``<``."""


@dataclass(frozen=True)
class Comparison:
    """The other report that a report is compared with.

    Attributes:
        consumer: the other report's consumer.
        contract: its contract.
        outcomes: its outcomes.
        source: name of the file that it comes from.

    """

    consumer: str
    contract: str
    outcomes: Outcomes
    source: str

    def change(self, kind: str, label: str, outcomes: Sequence[Outcome]) -> LabelChange:
        """Return how outcomes of a label differ from those in the other report.

        Args:
            kind: the kind of the label.
            label: the label; ``""`` for a kind without labels.
            outcomes: its outcomes, worst first, at least one.

        """
        others = self.outcomes.get(kind, {}).get(label)
        if others is None:
            return "new"
        if list(outcomes) == others:
            return "unchanged"
        worst, other_worst = outcomes[0], others[0]
        if Outcome.NOT_FED in (worst, other_worst) or _severity(worst) == _severity(other_worst):
            return "different"
        return "worse" if _severity(worst) < _severity(other_worst) else "better"

    def changes(self, outcomes: Outcomes) -> Counter[LabelChange]:
        """Return the number of labels per change.

        Args:
            outcomes: the outcomes of the report that is compared with this one.

        """
        return Counter(
            self.change(kind, label, some) for kind, labels in outcomes.items() for label, some in labels.items()
        )

    def labels_missing_from(self, outcomes: Outcomes) -> list[str]:
        """Return the labels that only the other report has, because of another contract or kinds that were not fed.

        Args:
            outcomes: the outcomes of the report that is compared with this one.

        """
        return [
            label or f"{kind} payloads"
            for kind, labels in self.outcomes.items()
            for label in labels
            if label not in outcomes.get(kind, {})
        ]


def _severity(outcome: Outcome) -> int:
    """Return the rank of an outcome, worst first. All that are not findings have the same."""
    return OUTCOMES_WORST_FIRST.index(outcome) if outcome.is_bad else len(OUTCOMES_WORST_FIRST)


def read_comparisons(file: str) -> list[Comparison]:
    """Read the reports in a file to compare with.

    Args:
        file: path of a file that was written with ``--format json`` or ``--format html``.

    Raises:
        ContractError: the file cannot be read, or has no report in it.

    """
    try:
        text = read_whole(Path(file)).decode()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ContractError(f"{file} cannot be read ({reason}): name a report in JSON or HTML") from None
    source = Path(file).name
    try:
        pages = [_from_page(json.loads(data), source) for data in _PAGE_DATA.findall(text)]
        return pages or [_from_report(from_json(data), source) for data in _as_list(json.loads(text))]
    except (ContractError, KeyError, TypeError, ValueError, RecursionError) as error:
        problem = one_line(str(error), MAX_PROBLEM_CHARACTERS)
        raise ContractError(
            f"{file} has no report to compare with ({problem}): name a report in JSON or HTML"
        ) from error


def comparison_for(report: Report, comparisons: Sequence[Comparison]) -> Comparison | None:
    """Return the comparison for a report: with the same consumer if there is one, always with the same contract.

    Args:
        report: the report.
        comparisons: reports to choose from.

    Returns:
        None if none has the contract of the report.

    """
    same_contract = [comparison for comparison in comparisons if comparison.contract == report.contract]
    same_consumer = [comparison for comparison in same_contract if comparison.consumer == report.consumer]
    return next(iter(same_consumer or same_contract), None)


def _as_list(data: Any) -> list[Any]:
    return data if isinstance(data, list) else [data]


def _from_report(report: Report, source: str) -> Comparison:
    return Comparison(report.consumer, report.contract, outcomes_of(report), source)


def _from_page(data: dict[str, Any], source: str) -> Comparison:
    outcomes: Outcomes = {}
    for entry in member(data, "labels", list):
        kind, label = parse_kind(member(entry, "kind", str)), member(entry, "label", str)
        outcomes.setdefault(kind, {})[label] = worst_first(set(map(Outcome, member(entry, "outcomes", list))))
        if not outcomes[kind][label]:
            raise ValueError("a label has no outcome")
    return Comparison(member(data, "consumer", str), member(data, "contract", str), outcomes, source)
