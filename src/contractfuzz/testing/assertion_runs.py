"""The run of an assertion: kept cases first, then every label once, then random cases as a property of Hypothesis."""

from __future__ import annotations

import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any
from unittest import SkipTest

from contractfuzz.errors import ContractError, UnusedToleranceWarning
from contractfuzz.payloads.cases.case import Case
from contractfuzz.reports.cause_summary import cause_lines
from contractfuzz.running.adapters.targets import import_path
from contractfuzz.running.causes import NO_EFFECT, Section, sections
from contractfuzz.running.findings import Finding
from contractfuzz.running.messages import explain
from contractfuzz.running.report import Report
from contractfuzz.running.run import Run
from contractfuzz.running.shrinking import search
from contractfuzz.running.verdicts.calling import Verdict
from contractfuzz.testing.kept_cases import keep_case, load_kept_cases, replay_kept_cases
from contractfuzz.testing.session import Session, active_session
from contractfuzz.text import pluralize, printable

MAX_CAUSE_LINES = 10
"""Causes that the message of an assertion lists after the finding that it shows in full."""


def assert_no_finding(run: Run, *, keep_failure: bool = True) -> None:
    """Feed kept cases, then every label once, then random cases; raise AssertionError for the worst new finding.

    Args:
        run: the run. Its report is added to the active session.
        keep_failure: True to replay kept cases, and to keep the case of the finding.

    """
    __tracebackhide__ = True
    session = active_session()
    is_new = session.is_new if session is not None else lambda _: True
    try:
        outside = _replay_kept(run, session) if keep_failure and session is not None else []
        new = [finding for finding in outside if is_new(finding)]
        cut_short = "a kept case failed first" if new else ""
        others = ""
        if not new:
            run.feed_all(keep_open=True)
            new = [finding for finding in run.report().findings if is_new(finding)]
            found = sections(replace(run.report(), findings=new))
            if found:
                new = [found[0].causes[0].smallest]
                others = _other_causes(found)
        if not new:
            searched = _search_findings(run, is_new)
            new = [finding for finding in searched if is_new(finding)]
            outside += searched
        if session is not None:
            session.add_report(_complete(run.report(), outside, cut_short))
    finally:
        run.close()
    if new:
        kept = _keep_finding(new[0]) if keep_failure else ""
        raise AssertionError(explain(new[0]) + kept + others) from None


def _other_causes(found: Sequence[Section]) -> str:
    """Return a line for each cause but the first, as the end of a message; empty for a single cause."""
    lines, more = cause_lines(found, MAX_CAUSE_LINES + 1)
    # The line about findings without effect counts all of them.
    others = [
        line for index, line in enumerate(lines) if index or (line.section == NO_EFFECT and found[0].finding_count > 1)
    ]
    if not others:
        return ""
    rows = [f"  {line.word:<9}  {line.case}  {line.reason}".rstrip() for line in others]
    rows += [f"  and {pluralize(more, 'more cause')}"] if more else []
    return "\n\n  other causes:\n" + "\n".join(printable(row) for row in rows)


def _replay_kept(run: Run, session: Session) -> list[Finding]:
    """Feed the kept cases of the run's kinds up to the first one that fails with a new finding; return all findings."""
    findings: list[Finding] = []
    if not session.folder.is_dir():
        return findings
    kinds = {case_set.kind for case_set in run.case_sets}
    kept_cases = [
        kept_case
        for kept_case in load_kept_cases(session.folder, run.contract.name)
        if kept_case.case.kind in kinds and kept_case.consumer == run.name
    ]
    for result in replay_kept_cases(run, kept_cases, counted=True):
        session.record_replay(result.kept_case.path, result.status, result.reason)
        if result.finding is not None:
            findings.append(result.finding)
            if session.is_new(result.finding):
                break
    return findings


def _complete(report: Report, outside: list[Finding], cut_short: str) -> Report:
    """Return a report with the findings of kept cases and of Hypothesis that the run itself does not have."""
    keys = {finding.key for finding in report.findings}
    findings = [*report.findings, *(finding for finding in outside if finding.key not in keys)]
    return replace(report, findings=findings, cut_short=cut_short or report.cut_short)


def _keep_finding(finding: Finding) -> str:
    """Write the case of a finding to the session's folder of kept cases; return the line that names its file in the message."""
    session = active_session()
    if session is None or not session.keeps_cases:
        return ""
    try:
        path = keep_case(finding, session.folder)
    except ContractError as error:
        session.notes.append(f"a failing case was not kept: {error}")
        return ""
    return f"\n\n  kept as      {printable(str(path))}"


def _search_findings(run: Run, is_new: Callable[[Finding], bool]) -> list[Finding]:
    """Let Hypothesis search each kind of case; return known findings, and the first new one, shrunk."""
    session = active_session()
    known: dict[tuple[object, ...], Finding] = {}
    events: Counter[str] = Counter()

    def judge(case: Case) -> Finding | None:
        finding = run.judge(case, counted=True)
        events["failing" if finding is not None and is_new(finding) else "passing"] += 1
        if case.label is not None:
            events[f"label: {case.label}"] += 1
        if finding is None or is_new(finding):
            return finding
        known.setdefault(finding.key, finding)
        return None

    for case_set in run.case_sets:
        if case_set.kind == "wire":
            continue  # each label has one case, which was fed
        profile = "" if case_set.profile == "broad" else f" {case_set.profile}"
        name = f"contractfuzz {run.name} {case_set.kind}{profile}"
        events.clear()
        start = perf_counter()
        finding = search(run.strategy(case_set), judge, name)
        if session is not None and session.shows_statistics:
            session.statistics.append(_describe_statistics(name, case_set.kind, events, perf_counter() - start))
        if finding is not None:
            return [finding, *known.values()]
    return list(known.values())


def _describe_statistics(name: str, kind: str, events: Counter[str], seconds: float) -> str:
    """Return a paragraph like those of Hypothesis about the cases of a property."""
    passing, failing = events.pop("passing", 0), events.pop("failing", 0)
    total = passing + failing
    lines = [f"{name}:", "", f"  - {passing} passing and {failing} failing cases in {seconds:.2f} seconds"]
    if total:
        lines += ["  - Events:", f"    * 100.00%, kind: {kind}"]
        most_first = sorted(events.items(), key=lambda event: (-event[1], event[0]))
        lines += [f"    * {100 * count / total:.2f}%, {event}" for event, count in most_first]
    return "\n".join(lines)


def record_honoured(consumer: str, case: Case, verdict: Verdict | None, finding: Finding | None) -> Finding | None:
    """Record the verdict on one case in the session, if the session has a baseline, which needs it.

    Args:
        consumer: the consumer's name.
        case: the case.
        verdict: what the consumer did, or None if it cannot take the case.
        finding: the finding, or None.

    Returns:
        The finding if it is new, else None.

    """
    session = active_session()
    if session is None or session.baseline is None or verdict is None:
        return finding
    contract = session.origin_of(case).contract
    if finding is not None:
        finding = replace(finding, contract=contract)
    labels: dict[str, dict[str, Verdict | None]] = {}
    if case.label is not None:
        labels[case.kind] = {case.label: verdict}
    findings = [] if finding is None else [finding]
    session.add_report(Report(consumer, contract, {case.kind: {verdict.value: 1}}, findings, labels=labels))
    return finding if finding is not None and session.is_new(finding) else None


def skip_if_kept_for_another(consumer: str, case: Case) -> None:
    """Raise SkipTest if a case was kept for another consumer, which exists.

    Args:
        consumer: the name of the consumer that the test is about to feed.
        case: the case.

    """
    kept_for = _owner(case)
    if kept_for and kept_for != consumer and _exists(kept_for):
        raise SkipTest(
            printable(
                f"the case was kept for {kept_for}, not for {consumer}: name the consumer in "
                f"contract_regressions(..., consumer=...) to feed only its cases"
            )
        )


def kept_for(case: Case) -> str:
    """Return the line of a failure that names the consumer that a case was kept for; empty for other cases."""
    owner = _owner(case)
    return f"\n\n  kept for     {printable(owner)}" if owner else ""


def _owner(case: Case) -> str:
    session = active_session()
    return "" if session is None else session.origin_of(case).kept_for


def _exists(consumer: str) -> bool:
    module, name = import_path(consumer)
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return found is not None


def warn_of_unused(patterns: Iterable[str]) -> None:
    """Warn of each tolerance that was not needed, at the caller of the assertion."""
    for pattern in patterns:
        warnings.warn(f"tolerate={pattern!r} was not needed: remove it", UnusedToleranceWarning, stacklevel=3)
