"""Submission of many tasks to an executor, with a limit on the tasks in progress."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED
from itertools import islice
from typing import Any, TypeVar

Task = TypeVar("Task")


def submit_in_window(
    tasks: Iterable[Task],
    submit: Callable[[Task], Any],
    wait: Callable[..., tuple[Any, Any]],
    width: Callable[[], int],
) -> Iterator[tuple[Task, Any]]:
    """Submit tasks, a limited number at a time, and yield each with its future when it is done.

    The limit also bounds the memory that unfinished tasks and unread results take, however many tasks there are.

    Args:
        tasks: the tasks, in the order of submission.
        submit: starts a task and returns its future.
        wait: ``concurrent.futures.wait``, or the function of another library with the same signature.
        width: returns the number of tasks that may be in progress, at least 1. Called anew for each submission, because the
            number of workers may change.

    """
    waiting = iter(tasks)
    running = {submit(task): task for task in islice(waiting, width())}
    while running:
        done, _ = wait(list(running), return_when=FIRST_COMPLETED)
        for future in done:
            yield running.pop(future), future
        running |= {submit(task): task for task in islice(waiting, max(0, width() - len(running)))}
