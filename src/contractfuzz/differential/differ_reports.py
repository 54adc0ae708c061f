"""Reports of a comparison of targets: as text, as JSON and as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TextIO

from contractfuzz.differential.disagreements import (
    KINDS_IN_ORDER,
    VERBS,
    Answer,
    DifferReport,
    Disagreement,
    DisagreementGroup,
)
from contractfuzz.markdown import MAX_COMMENT_BYTES, LimitedPage, code_span, fenced, left_out_line, table
from contractfuzz.payloads.cases.json_form import content_to_json, second_to_json
from contractfuzz.reports.headline import KIND_DESCRIPTIONS
from contractfuzz.running.messages import fault_locations, show_body
from contractfuzz.text import json_text, pluralize, printable, truncate
from contractfuzz.version import installed_version

DIFFER_FORMATS = ("text", "json", "markdown")

MAX_LABELS_OF_GROUP = 8
MAX_SMALLEST_CHARACTERS = 1000
MAX_NAME_CHARACTERS = 500
"""Length limit of each text in Markdown that is not copied."""

_ROW_NAME_WIDTH = 11
_RESERVED_BYTES = 300
"""Room in Markdown for the sentence about what is left out."""

Quote = Callable[[str], str]


class _Row(NamedTuple):
    """A property of a group of disagreements: its name, and a text on one line, which people may copy."""

    name: str
    text: str
    is_copied: bool = False


def write_differ_report(report: DifferReport, file: TextIO, format: str, *, top: int = 5) -> None:  # noqa: A002
    """Write a report.

    Args:
        report: the report.
        file: the text file to write to.
        format: one of ``DIFFER_FORMATS``.
        top: number of patterns of each kind that text and Markdown show, 0 or more.

    """
    match format:
        case "json":
            file.write(json_text(differ_report_as_json(report)))
        case "markdown":
            file.write(_as_markdown(report, top))
        case _:
            file.writelines(f"{line}\n" for line in _as_text(report, top))


def differ_report_as_json(report: DifferReport) -> dict[str, Any]:
    """Return a report as a JSON object; a body that is not JSON is in base64 (RFC 4648, section 4)."""
    return {
        "contractfuzz": installed_version(),
        "targets": list(report.targets),
        "contract": report.contract,
        "ok": report.ok,
        "complete": report.complete,
        "cut_short": report.cut_short,
        "counts": report.counts,
        "not_comparable": report.not_comparable,
        "unstable": report.unstable,
        "not_shared": report.not_shared,
        "silent": list(report.silent),
        "unlisted": report.unlisted,
        "unshrunk": report.unshrunk,
        "disagreements": [_disagreement_as_json(one) for one in report.disagreements],
    }


def _disagreement_as_json(disagreement: Disagreement) -> dict[str, Any]:
    case = disagreement.case
    return {
        "kind": case.kind,
        "label": case.label,
        "description": case.description,
        "pointer": case.pointer,
        **second_to_json(case),
        "pattern": disagreement.pattern,
        "place": disagreement.place,
        "difference": disagreement.difference,
        "seen": disagreement.seen,
        "answers": [_answer_as_json(answer) for answer in disagreement.answers],
        **content_to_json(case),
    }


def _answer_as_json(answer: Answer) -> dict[str, Any]:
    return {
        "target": answer.target,
        "verdict": None if answer.verdict is None else answer.verdict.value,
        "reason": answer.reason,
        "raised_at": answer.raised_at,
        "reproduction": answer.reproduction,
    }


# --- words ----------------------------------------------------------------------------------------------------------------------


def _answer_line(report: DifferReport, quote: Quote = str) -> str:
    """Return one sentence: the targets agree, or they do not."""
    names = list(map(quote, report.targets))
    targets, contract = f"{', '.join(names[:-1])} and {names[-1]}", quote(report.contract)
    cases = sum(report.counts.values())
    if not report.ok:
        found = pluralize(len(report.disagreements), "disagreement")
        return f"{targets} disagree on {contract}: {found} in {pluralize(cases, 'case')}."
    return f"{targets} agree on {pluralize(cases, 'case')} of {contract}" + ("." if report.complete else " so far.")


def _notes(report: DifferReport, quote: Quote = str) -> Iterator[str]:
    """Yield sentences about what was not compared."""
    for name in report.silent:
        yield f"{quote(name)} returns nothing: only its verdicts are compared."
    if report.not_comparable:
        yield f"{pluralize(report.not_comparable, 'case')} with results that cannot be compared count as agreement."
    if report.unstable:
        yield f"{pluralize(report.unstable, 'case')} were left out: a target does not do the same on them each time."
    if report.not_shared:
        yield f"{pluralize(report.not_shared, 'case')} were left out: fewer than two targets can take them."
    if report.unlisted:
        yield f"{pluralize(report.unlisted, 'case')} with more disagreements are not listed."
    if report.unshrunk:
        found = pluralize(report.unshrunk, "disagreement")
        yield f"The time for shrinking was used up: {found} may have smaller payloads."
    if report.cut_short:
        yield f"Not every case was fed ({quote(report.cut_short)}): these are the disagreements so far."


def _title(kind: str, groups: Sequence[DisagreementGroup]) -> str:
    """Return the heading of a kind: ``Hostile cases, which are valid, but parsers disagree: 3 disagreements (7 cases)``."""
    found = pluralize(sum(len(group.disagreements) for group in groups), "disagreement")
    cases = pluralize(sum(group.case_count for group in groups), "case")
    return f"{kind.capitalize()} cases, which {KIND_DESCRIPTIONS[kind]}: {found} ({cases})"


def _rows(group: DisagreementGroup) -> list[_Row]:
    """Return the properties of a group, with its smallest case."""
    smallest = group.disagreements[0]
    labels = list(dict.fromkeys(one.label for one in group.disagreements))
    more = len(labels) - MAX_LABELS_OF_GROUP
    listed = ", ".join(labels[:MAX_LABELS_OF_GROUP]) + (f" and {more} more" if more > 0 else "")
    rows = [
        _Row(pluralize(len(labels), "label") if smallest.case.label else pluralize(group.case_count, "case"), listed),
        _Row("smallest", show_body(smallest.case, MAX_SMALLEST_CHARACTERS), is_copied=True),
    ]
    if any(smallest.case.pointers):
        rows.append(_Row("fault at", fault_locations(smallest.case)))
    if smallest.difference:
        rows.append(_Row("results", smallest.difference))
    for answer in smallest.answers:
        if answer.verdict is not None and smallest.place is None:
            reason = f": {answer.reason}" if answer.reason else ""
            rows.append(_Row("answer", f"{answer.target} {VERBS[answer.verdict]}{reason}"))
    rows += [_Row("reproduce", one.reproduction, is_copied=True) for one in smallest.answers if one.reproduction]
    return rows


def _groups_by_kind(report: DifferReport) -> Iterator[tuple[str, list[DisagreementGroup]]]:
    for kind in KINDS_IN_ORDER:
        if groups := report.groups(kind):
            yield kind, groups


def _count_rows(report: DifferReport) -> list[list[str]]:
    """Return the rows of the table of counts."""
    rows = [["kind", "", "cases", "disagreements"]]
    for kind in KINDS_IN_ORDER:
        found = sum(one.kind == kind for one in report.disagreements)
        count = report.counts.get(kind, 0)
        if count or found:
            rows.append([kind, KIND_DESCRIPTIONS[kind], f"{count:,}", f"{found:,}"])
    return rows


# --- text -----------------------------------------------------------------------------------------------------------------------


def _as_text(report: DifferReport, top: int) -> Iterator[str]:
    yield printable(_answer_line(report))
    yield ""
    rows = _count_rows(report)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for kind, words, *numbers in rows:
        cells = [number.rjust(width) for number, width in zip(numbers, widths[2:], strict=True)]
        yield "  ".join([kind.ljust(widths[0]), words.ljust(widths[1]), *cells])
    for kind, groups in _groups_by_kind(report):
        yield ""
        yield _title(kind, groups)
        for group in groups[:top]:
            yield ""
            yield printable(f"  {group.pattern}")
            for row in _rows(group):
                yield f"    {row.name:<{_ROW_NAME_WIDTH}}{printable(row.text)}"
        if len(groups) > top:
            yield ""
            yield f"  and {len(groups) - top:,} more: --top N shows more"
    notes = list(_notes(report))
    if notes:
        yield ""
    yield from map(printable, notes)


# --- Markdown -------------------------------------------------------------------------------------------------------------------


def _as_markdown(report: DifferReport, top: int) -> str:
    rows = [[f"{kind}: {words}" if words else kind, *numbers] for kind, words, *numbers in _count_rows(report)]
    notes = "".join(f"- {note}\n" for note in _notes(report, _name))
    start = "\n".join([f"## {_answer_line(report, _name)}\n", table(rows, 2), *([notes] if notes else [])])
    page = LimitedPage(MAX_COMMENT_BYTES - _RESERVED_BYTES - len(start.encode()) - 1)
    left_out = 0
    for kind, groups in _groups_by_kind(report):
        shown = groups[:top]
        more = len(groups) - len(shown)
        last = [f"and {more:,} more: `--top N` shows more\n"] if more else []
        for number, block in enumerate([f"### {_title(kind, groups)}\n", *map(_group_block, shown), *last]):
            if not page.add(block):
                left_out += 0 < number <= len(shown)
    last = [left_out_line(pluralize(left_out, "pattern"), "JSON")] if left_out else []
    return "\n".join([start, *page.blocks, *last])


def _group_block(group: DisagreementGroup) -> str:
    rows = _rows(group)
    items = "".join(f"- {row.name}: {_name(row.text)}\n" for row in rows if not row.is_copied and row.text)
    codes = [f"{row.name}:\n\n{fenced(row.text)}" for row in rows if row.is_copied]
    return "\n".join([f"**{_name(group.pattern)}**\n", *([items] if items else []), *codes])


def _name(text: str) -> str:
    return code_span(truncate(text, MAX_NAME_CHARACTERS))
