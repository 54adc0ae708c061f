"""Hypothesis' search for the smallest case of a finding."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from math import inf
from time import monotonic
from types import FunctionType
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
    hangs = 0

    def shows(case: Case) -> bool:
        nonlocal hangs
        if hangs == MAX_HANGS:
            return False
        found = judge(case)
        hangs += found is not None and found.verdict is Verdict.HUNG
        return found is not None and found.key == finding.key

    smallest = smallest_case(finding.case, strategy, shows, deadline)
    again = None if smallest is None else judge(smallest)
    if again is None or again.key != finding.key:  # the consumer behaves differently on the same case
        return finding
    return replace(again, seen=finding.seen, revealed_by=finding.revealed_by)


def smallest_case(
    known: Case, strategy: SearchStrategy[Case], shows: Callable[[Case], bool], deadline: float = inf
) -> Case | None:
    """Return the smallest case that has a property, or None if the search finds none.

    Args:
        known: a case that has the property.
        strategy: the cases to choose from.
        shows: returns True for a case that has the property.
        deadline: time of ``time.monotonic()`` at which the search ends with the smallest case so far.

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
    so_far = known

    def shows_in_time(case: Case) -> bool:
        nonlocal so_far
        if monotonic() >= deadline:
            raise SkipTest("out of time")  # the only exception that ends the search at once
        has_property = shows(case)
        if has_property and len(case.body) < len(so_far.body):
            so_far = case
        return has_property

    smallest = _find_smallest(strategy, shows_in_time, shrink_settings)
    return so_far if smallest is None and so_far is not known else smallest


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


def search(strategy: SearchStrategy[Case], judge: Judge, name: str) -> Finding | None:
    """Search for a finding, and shrink it.

    The active Hypothesis profile sets the number of cases and the randomness. The search is a property of Hypothesis with a name,
    and each case is an event of its kind and label.

    Args:
        strategy: the cases to search.
        judge: feeds a case to the consumer.
        name: the name of the property, for observations. Hypothesis' database remembers the case under it, and the next search
            tries that case first.

    Returns:
        The first finding with its smallest case, or None.

    """
    # Imported here, so that the command line starts without Hypothesis.
    from hypothesis import HealthCheck, Phase, event, settings

    first: list[Finding] = []

    def shows(case: Case) -> bool:
        event("kind", case.kind)
        if case.label is not None:
            event("label", case.label)
        if first and first[0].verdict is Verdict.HUNG:  # each attempt to shrink it would take the whole time limit
            return False
        found = judge(case)
        if found is not None and not first:
            first.append(found)
        # Shrinking must not change to another finding.
        return found is not None and found.key == first[0].key

    # Explaining takes a hundred times as long as shrinking, and our message shows the same.
    phases = [phase for phase in settings().phases if phase is not Phase.explain]
    search_settings = settings(
        deadline=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )
    smallest = _falsify(strategy, shows, search_settings, name)
    again = None if smallest is None else judge(smallest)
    if again is not None:
        return again
    return confirm(first[0], judge) if first else None


def _find_smallest(
    strategy: SearchStrategy[Case],
    shows: Callable[[Case], bool],
    search_settings: settings,
) -> Case | None:
    """Return the smallest case that ``shows`` accepts, or None."""
    # Imported here, so that the command line starts without Hypothesis.
    from unittest import SkipTest

    from hypothesis import find
    from hypothesis.errors import Flaky, NoSuchExample

    try:
        return find(strategy, shows, settings=search_settings)
    # Flaky: the consumer behaves differently on the same case.
    # SkipTest: the profile replays remembered cases only, and there are none.
    except (NoSuchExample, Flaky, SkipTest):
        return None


class _ShownError(Exception):
    """Ends a property, because the case shows the finding."""


def _falsify(
    strategy: SearchStrategy[Case], shows: Callable[[Case], bool], search_settings: settings, name: str
) -> Case | None:
    """Return the smallest case that ``shows`` accepts, or None, by a property with a name."""
    # Imported here, so that the command line starts without Hypothesis.
    from unittest import SkipTest

    from hypothesis import given
    from hypothesis.errors import Flaky

    smallest: list[Case] = []

    def falsify(case: Case) -> None:
        if shows(case):
            smallest[:] = [case]
            raise _ShownError

    # Hypothesis' database distinguishes properties by their source, or by their name if they have none.
    inner = FunctionType(falsify.__code__.replace(co_filename=f"<{name}>"), globals(), name, None, falsify.__closure__)
    inner.__name__ = f"falsify_{hashlib.sha256(name.encode(errors='surrogatepass')).hexdigest()[:16]}"  # an identifier
    test = search_settings(given(case=strategy)(inner))
    test.__name__ = test.__qualname__ = name
    try:
        test()
    except _ShownError:
        return smallest[0]
    # As in _find_smallest.
    except (Flaky, SkipTest):
        return None
    return None
