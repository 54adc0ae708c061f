"""Changes as text, JSON, Markdown and SARIF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from contractfuzz.diff.change import Change
from contractfuzz.diff.rules import RULES, SEVERITIES, Severity, Side
from contractfuzz.json_values import compact_json
from contractfuzz.markdown import MAX_COMMENT_BYTES, LimitedPage, code_span, left_out_line
from contractfuzz.sarif import SarifLevel, SarifResult, sarif_log
from contractfuzz.text import json_text, one_line, pluralize, printable

NO_WITNESS = "none: no payload shows this change"

_MAX_CODE_CHARACTERS = 300
_RESERVED_BYTES = 200
"""Room in Markdown for the sentence about what is left out."""

_ROOT = "the payload itself"
_SARIF_LEVELS: dict[Severity, SarifLevel] = {"error": "error", "warning": "warning", "info": "note"}


@dataclass(frozen=True, slots=True)
class ChangeReport:
    """Result of a comparison of two versions.

    Attributes:
        changes: the changes to report.
        side: the side whose severities count.
        file: the path of the later version's document; empty if it has none.
        consumer: the name of the consumer that was asked; empty if none was.
        ignored: the number of changes that were ignored.
        is_equal: True if the schemas of the two versions are equal.

    """

    changes: Sequence[Change]
    side: Side
    file: str = ""
    consumer: str = ""
    ignored: int = 0
    is_equal: bool = True

    @property
    def worst_first(self) -> list[Change]:
        """The changes in the order of their severities, those that were not fed to the consumer last."""

        def order(change: Change) -> tuple[int, bool]:
            return SEVERITIES.index(
                change.severity(self.side)
            ), change.impact is not None and change.impact.payload is None

        return sorted(self.changes, key=order)

    def has(self, severity: Severity) -> bool:
        """Return True if a change has this severity or a worse one."""
        limit = SEVERITIES.index(severity)
        return any(SEVERITIES.index(change.severity(self.side)) <= limit for change in self.changes)

    @property
    def summary(self) -> str:
        """Number of changes of each severity, in one line."""
        if not self.changes and not self.ignored:
            although = "" if self.is_equal else ", although their schemas differ"
            return f"no payload was found that one version allows and the other does not{although}"
        counts = Counter(change.severity(self.side) for change in self.changes)
        numbers = (
            pluralize(counts["error"], "error"),
            pluralize(counts["warning"], "warning"),
            f"{counts['info']} info",
            *([f"{self.ignored} ignored"] if self.ignored else []),
        )
        return f"{', '.join(numbers)} for {self.subject}"

    @property
    def subject(self) -> str:
        """The programs that the severities are for."""
        return self.consumer or {"both": "both sides"}.get(self.side, f"the {self.side}")


def as_text(report: ChangeReport) -> str:
    """Return a report for people, the worst changes first."""
    lines = [line for change in report.worst_first for line in _lines(change, report.side)]
    return "".join(f"{printable(line)}\n" for line in [*lines, report.summary])


def as_json(report: ChangeReport) -> str:
    """Return a report as a list of objects, one for each change, by location."""
    return json_text([_as_object(change, report.side) for change in report.changes])


def as_markdown(report: ChangeReport) -> str:
    """Return a report as a list of Markdown, for job summaries and comments on pull requests. The worst changes come first.

    It has at most ``MAX_COMMENT_BYTES`` bytes. A sentence at the end counts the changes that are left out.
    """
    page = LimitedPage(MAX_COMMENT_BYTES - _RESERVED_BYTES)
    page.add(f"{_code(report.summary)}\n\n")
    shown = sum(1 for _ in takewhile(page.add, (_list_item(change, report.side) for change in report.worst_first)))
    hidden = len(report.changes) - shown
    left_out = f"\n{left_out_line(pluralize(hidden, 'change'), 'text')}" if hidden else ""
    return "".join(page.blocks).rstrip() + "\n" + left_out


def _list_item(change: Change, side: Side) -> str:
    location = _code(change.location) if change.location else _ROOT
    lines = [f"- **{change.severity(side)}**: {location}: `{change.rule.id}`: {_code(change.description)}"]
    if change.impact is not None:
        lines.append(f"  - consumer: {_code(change.impact.description)}")
    lines.append(f"  - witness: {_code(compact_json(change.witness)) if change.witnesses else NO_WITNESS}")
    return "".join(f"{line}\n" for line in lines)


def as_sarif(report: ChangeReport) -> str:
    """Return a report as a SARIF log. A change is located in the document, or in the line of the consumer that it breaks."""
    rules = {rule.id: rule.summary for rule in RULES.values()}
    return json_text(sarif_log([_as_result(change, report) for change in report.worst_first], rules))


RENDERINGS: dict[str, Callable[[ChangeReport], str]] = {
    "text": as_text,
    "json": as_json,
    "markdown": as_markdown,
    "sarif": as_sarif,
}
"""The functions that render a report, by the names of the formats."""


def _lines(change: Change, side: Side) -> Iterator[str]:
    yield f"{change.severity(side)}: {change.location or _ROOT}: {change.rule.id}: {change.description}"
    if change.impact is not None:
        yield f"    consumer: {change.impact.description}"
    yield f"    witness:  {compact_json(change.witness) if change.witnesses else NO_WITNESS}"
    impact = change.impact
    if impact is not None and impact.is_break and impact.payload != change.witness:
        yield f"    fed:      {compact_json(impact.payload)}"


def _as_object(change: Change, side: Side) -> dict[str, Any]:
    written: dict[str, Any] = {
        "id": change.id,
        "location": change.location,
        "rule": change.rule.id,
        "severity": change.severity(side),
        "keyword": change.keyword,
        "direction": change.direction,
        "description": change.description,
        "consumer": change.rule.consumer,
        "producer": change.rule.producer,
        "has_witness": bool(change.witnesses),
    }
    if change.witnesses:
        written["witness"] = change.witness
    if change.impact is not None:
        impact = change.impact
        written["impact"] = {"name": impact.name, "breaks": impact.is_break, "description": impact.description}
        if impact.file:
            written["impact"] |= {"file": impact.file, "line": impact.line}
        if impact.payload is not None:
            written["impact"]["payload"] = impact.payload
    return written


def _as_result(change: Change, report: ChangeReport) -> SarifResult:
    impact = change.impact
    message = change.description if impact is None else f"{change.description}; {impact.description}"
    is_in_code = impact is not None and impact.is_break and impact.file
    file, line = (impact.file, impact.line) if impact is not None and is_in_code else (report.file, 0)
    properties = {"witness": change.witness} if change.witnesses else {}
    level = _SARIF_LEVELS[change.severity(report.side)]
    return SarifResult(change.rule.id, level, message, file, line, change.location, properties)


def _code(text: str) -> str:
    return code_span(one_line(text, _MAX_CODE_CHARACTERS))
