"""Hypothesis' search for the smallest case of a finding."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from contractfuzz.payloads.cases.case import Case
from contractfuzz.running.findings import Finding

if TYPE_CHECKING:
    from hypothesis import settings
    from hypothesis.strategies import SearchStrategy

Judge = Callable[[Case], Finding | None]
"""Feeds a case to the consumer and returns its finding, or None."""

MAX_SHRINK_EXAMPLES = 1000
"""Cases that Hypothesis tries until one shows a known finding again."""


def shrink(finding: Finding, strategy: SearchStrategy[Case], judge: Judge) -> Finding:
    """Return a finding with its smallest case.

    Args:
        finding: a finding of the run.
        strategy: the cases to choose from.
        judge: feeds a case to the consumer.

    Returns:
        The same finding with the smallest case of ``strategy``, or ``finding`` itself if no case shows it again.

    """
    # Imported here, so that the command line starts without Hypothesis.
    from hypothesis import Phase, settings

    shrink_settings = settings(
        max_examples=MAX_SHRINK_EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
    )

    def shows(case: Case) -> bool:
        found = judge(case)
        return found is not None and found.key == finding.key

    smallest = _find_smallest(strategy, shows, shrink_settings, None)
    again = None if smallest is None else judge(smallest)
    if again is None or again.key != finding.key:  # the consumer behaves differently on the same case
        return finding
    return replace(again, seen=finding.seen)


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
        found = judge(case)
        if found is not None and not first:
            first.append(found)
        # Shrinking must not change to another finding.
        return found is not None and found.key == first[0].key

    # Explaining takes a hundred times as long as shrinking, and our message shows the same.
    phases = [phase for phase in settings().phases if phase is not Phase.explain]
    smallest = _find_smallest(strategy, shows, settings(deadline=None, phases=phases), key.encode())
    if smallest is None:
        return first[0] if first else None
    return judge(smallest) or first[0]


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
