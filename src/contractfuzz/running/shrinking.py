"""Hypothesis' search for the smallest case that shows something."""

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
"""Feeds a case to the consumer and returns what was found, if anything."""

TRIES = 1000
"""How many cases are tried until one shows a known finding again."""


def shrink(finding: Finding, strategy: SearchStrategy[Case], judge: Judge) -> Finding:
    """Return ``finding`` with the smallest case of ``strategy`` that shows it; as it is where chance shows it to none."""
    from hypothesis import Phase, settings

    how = settings(
        max_examples=TRIES, derandomize=True, database=None, deadline=None, phases=[Phase.generate, Phase.shrink]
    )
    smallest = _smallest(strategy, lambda case: _same(judge(case), finding), how, None)
    again = None if smallest is None else judge(smallest)
    return finding if again is None else replace(again, seen=finding.seen)


def search(strategy: SearchStrategy[Case], judge: Judge, key: str) -> Finding | None:
    """Return what is found first, with its smallest case.

    How long is looked, and whether by chance, says the active Hypothesis profile; what was found is remembered in its database
    under ``key``, and looked at first the next time.
    """
    from hypothesis import Phase, settings

    first: list[Finding] = []

    def shows(case: Case) -> bool:
        found = judge(case)
        if found is not None and not first:
            first.append(found)
        # Shrinking must not slip from one finding to another.
        return found is not None and found.key == first[0].key

    # To explain a failure takes a hundred times as long as to shrink it, and only says what the message shows anyway.
    phases = [phase for phase in settings().phases if phase is not Phase.explain]
    smallest = _smallest(strategy, shows, settings(deadline=None, phases=phases), key.encode())
    if smallest is None:
        return first[0] if first else None
    return judge(smallest) or first[0]


def _same(one: Finding | None, other: Finding) -> bool:
    return one is not None and one.key == other.key


def _smallest(
    strategy: SearchStrategy[Case], shows: Callable[[Case], bool], how: settings, key: bytes | None
) -> Case | None:
    from unittest import SkipTest

    from hypothesis import find
    from hypothesis.errors import Flaky, NoSuchExample

    try:
        return find(strategy, shows, settings=how, database_key=key)
    # Flaky: the consumer does not do the same twice; SkipTest: the profile lets Hypothesis replay only, and there is nothing to.
    except (NoSuchExample, Flaky, SkipTest):
        return None
