"""A progress bar on standard error, for people who watch a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

ShowProgress = Callable[[str, int, int], object]
"""Receives the current activity (a kind of case, ``shrinking`` or ``confirming``), the number of steps done and the total."""

LINE_INTERVAL_SECONDS = 30.0
"""Time between two lines about the progress, if standard error is not a terminal."""

UPDATE_INTERVAL_CASES = 16
"""Cases between two updates of the bar: updating it for each would slow down a fast consumer."""


def ignore_progress(activity: str, done: int, total: int) -> None:
    """Do nothing: nobody watches."""


class ProgressBar:
    """A progress bar that shows nothing, for standard error that is not a terminal."""

    def advance(self, cases: int) -> None:
        """Count more cases.

        Args:
            cases: number of cases that were done since the last call.

        """

    def update(self, step: str, done: int, total: int) -> None:
        """Show how far the current step is.

        Args:
            step: name of the step.
            done: number of its cases that are done.
            total: number of its cases.

        """


class _TerminalProgressBar(ProgressBar):
    def __init__(self, bars: Progress, total: int | None, done: int) -> None:
        self._bars = bars
        self._task = bars.add_task("", total=total, completed=done)

    def advance(self, cases: int) -> None:
        self._bars.advance(self._task, cases)

    def update(self, step: str, done: int, total: int) -> None:
        if done % UPDATE_INTERVAL_CASES == 0:
            self._bars.update(self._task, description=step, completed=done, total=total)


class _ProgressLines(ProgressBar):
    """Lines on standard error for logs: one every half minute, with an estimate of the time that is left."""

    def __init__(self, expected: int) -> None:
        self._expected = expected
        self._start = self._last_line = monotonic()
        self._step, self._done, self._done_before = "", 0, 0

    def update(self, step: str, done: int, total: int) -> None:
        if step != self._step or done < self._done:
            self._done_before += self._done
            self._step = step
        self._done = done
        now = monotonic()
        if now - self._last_line < LINE_INTERVAL_SECONDS:
            return
        self._last_line = now
        fed = self._done_before + done
        left = (now - self._start) / fed * max(0, self._expected - fed) if fed else 0
        estimate = f", about {_duration(left)} left" if left else ""
        sys.stderr.write(f"{step}: {done:,} of {total:,}{estimate}\n")
        sys.stderr.flush()


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


@contextmanager
def progress_bar(
    total: int | None = None, done: int = 0, *, transient: bool = False, expected: int = 0
) -> Iterator[ProgressBar]:
    """Show a progress bar on standard error if that is a terminal; otherwise print a line now and then.

    Args:
        total: number of cases; None if ``update`` sets it for each step.
        done: number of cases that are done already.
        transient: whether the bar disappears at the end.
        expected: number of cases of all steps, for the lines that replace the bar; 0 for no lines.

    Yields:
        The bar, to report progress to.

    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield _ProgressLines(expected) if expected and sys.stderr is not None else ProgressBar()
        return
    # Loaded only for a terminal: bulk sampling starts without rich.
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class RateColumn(ProgressColumn):
        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text("" if speed is None else f"{speed:,.0f} cases/s")

    bar, counts, rest = BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(elapsed_when_finished=True)
    columns: tuple[ProgressColumn, ...] = (bar, counts, RateColumn(), rest)
    if total is None:
        # Steps have names, but not each of them counts cases.
        columns = (TextColumn("{task.description}"), bar, counts, rest)
    # On standard error, so that standard output stays free for the command's result.
    with Progress(*columns, console=Console(stderr=True), transient=transient) as bars:
        yield _TerminalProgressBar(bars, total, done)
