"""Many tasks, few at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED
from itertools import islice
from typing import Any, TypeVar

Task = TypeVar("Task")


def in_window(
    tasks: Iterable[Task],
    submit: Callable[[Task], Any],
    wait: Callable[..., tuple[Any, Any]],
    width: Callable[[], int],
) -> Iterator[tuple[Task, Any]]:
    """Submit each of ``tasks``, no more than ``width()`` at a time, and yield each with its future when that is done.

    ``wait`` is the function of ``concurrent.futures``, or one like it. What waits to be done or fetched is bounded by the window,
    and so is the memory that it takes, however many tasks there are.
    """
    waiting = iter(tasks)
    running = {submit(task): task for task in islice(waiting, width())}
    while running:
        done, _ = wait(list(running), return_when=FIRST_COMPLETED)
        for future in done:
            yield running.pop(future), future
        running |= {submit(task): task for task in islice(waiting, max(0, width() - len(running)))}
