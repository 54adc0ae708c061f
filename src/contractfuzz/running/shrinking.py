"""Hypothesis' search for the smallest case of a finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import inf
from time import monotonic
from typing import TYPE_CHECKING

from contractfuzz.payloads.cases.case import Case
from contractfuzz.running.findings import Finding
from contractfuzz.running.verdicts.calling import Verdict

if TYPE_CHECKING:
    from hypothesis import settings
    from hypothesis.strategies import SearchStrategy

Judge = Callable[[Case], Finding | None]
"""Feeds a case to the consumer and returns its finding, or None."""

MAX_SHRINK_EXAMPLES = 1000
"""Cases that Hypothesis tries until one shows a known finding again."""

MAX_HANGS = 3
"""Cases on which the consumer may hang before the search for a smaller case ends."""

MAX_REPEATED_CALLS = 3
"""Calls with a case that failed once, before it counts as fixed."""


def shrink(finding: Finding, strategy: SearchStrategy[Case], judge: Judge, deadline: float = inf) -> Finding:
    """Return a finding with its smallest case.

    Args:
        finding: a finding of the run.
        strategy: the cases to choose from.
        judge: feeds a case to the consumer.
        deadline: time of ``time.monotonic()`` at which the search ends with the smallest case so far.

    Returns:
        The same finding with the smallest case of ``strategy``, or ``finding`` itself if no case shows it again.

    """
    # Imported here, so that the command line starts without Hypothesis.
    from unittest import SkipTest

    from hypothesis import Phase, settings

    shrink_settings = settings(
        max_examples=MAX_SHRINK_EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
    )

    hangs = 0
    so_far = finding.case

    def shows(case: Case) -> bool:
        nonlocal hangs, so_far
        if monotonic() >= deadline:
            raise SkipTest("out of time")  # the only exception that ends the search at once
        if hangs == MAX_HANGS:
            return False
        found = judge(case)
        hangs += found is not None and found.verdict is Verdict.HUNG
        is_same = found is not None and found.key == finding.key
        if is_same and len(case.body) < len(so_far.body):
            so_far = case
        return is_same

    smallest = _find_smallest(strategy, shows, shrink_settings, None)
    if smallest is None and so_far is not finding.case:
        smallest = so_far
    again = None if smallest is None else judge(smallest)
    if again is None or again.key != finding.key:  # the consumer behaves differently on the same case
        return finding
    return replace(again, seen=finding.seen, revealed_by=finding.revealed_by)


def confirm(finding: Finding, judge: Judge) -> Finding:
    """Feed the case of a finding again, and return the finding, marked as flaky if it does not show again.

    Args:
        finding: a finding.
        judge: feeds a case to the consumer.

    """
    again = judge(finding.case)
    # The place where a consumer hangs, or the status of a dead process, may change.
    is_same = again is not None and again.verdict is finding.verdict and again.raised_at == finding.raised_at
    return finding if is_same else replace(finding, flaky=True)


def judge_repeatedly(judge: Judge, case: Case, *, calls: int = MAX_REPEATED_CALLS) -> Finding | None:
    """Feed a case several times, and return its finding, marked as flaky if some of the calls did not show it.

    Args:
        judge: feeds a case to the consumer.
        case: the case.
        calls: number of calls without a finding after which there is none.

    Returns:
        The finding, or None if no call showed one.

    """
    for number in range(calls):
        finding = judge(case)
        if finding is not None:
            is_slow = finding.verdict is Verdict.HUNG  # another call would take the whole time limit
            return replace(finding, flaky=True) if number else finding if is_slow else confirm(finding, judge)
    return None


def search(strategy: SearchStrategy[Case], judge: Judge, key: str) -> Finding | None:
    """Search for a finding, and shrink it.

    The active Hypothesis profile sets the number of cases and the randomness.

    Args:
        strategy: the cases to search.
        judge: feeds a case to the consumer.
        key: the name under which Hypothesis' database remembers the case. The next search tries it first.

    Returns:
        The first finding with its smallest case, or None.

    """
    # Imported here, so that the command line starts without Hypothesis.
    from hypothesis import Phase, settings

    first: list[Finding] = []

    def shows(case: Case) -> bool:
        if first and first[0].verdict is Verdict.HUNG:  # each attempt to shrink it would take the whole time limit
            return False
        found = judge(case)
        if found is not None and not first:
            first.append(found)
        # Shrinking must not change to another finding.
        return found is not None and found.key == first[0].key

    # Explaining takes a hundred times as long as shrinking, and our message shows the same.
    phases = [phase for phase in settings().phases if phase is not Phase.explain]
    smallest = _find_smallest(strategy, shows, settings(deadline=None, phases=phases), key.encode())
    again = None if smallest is None else judge(smallest)
    if again is not None:
        return again
    return confirm(first[0], judge) if first else None


def _find_smallest(
    strategy: SearchStrategy[Case],
    shows: Callable[[Case], bool],
    search_settings: settings,
    key: bytes | None,
) -> Case | None:
    """Return the smallest case that ``shows`` accepts, or None."""
    # Imported here, so that the command line starts without Hypothesis.
    from unittest import SkipTest

    from hypothesis import find
    from hypothesis.errors import Flaky, NoSuchExample

    try:
        return find(strategy, shows, settings=search_settings, database_key=key)
    # Flaky: the consumer behaves differently on the same case.
    # SkipTest: the profile replays remembered cases only, and there are none.
    except (NoSuchExample, Flaky, SkipTest):
        return None
