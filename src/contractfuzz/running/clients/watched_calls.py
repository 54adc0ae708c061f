"""Watched calls: calls in a thread that is left alone if it does nothing for too long."""

from __future__ import annotations

import contextvars
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread
from typing import Any

from contractfuzz.running.clients.interruption import interrupt_thread
from contractfuzz.running.verdicts.exceptions import is_consumer_file

POLL_SECONDS = 0.05
SAMPLES = 10
"""Number of times that the place of a thread is read to see whether it moves."""


class AbandonedCallError(Exception):
    """A call did not end.

    Args:
        place: where it was running, in words; empty if no code of the consumer was running.

    """

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


def call_watched(function: Callable[[], Any], is_overdue: Callable[[], bool]) -> Any:
    """Call a function in another thread, and return its result.

    Args:
        function: the function.
        is_overdue: returns True if the call should be abandoned. The thread is then interrupted if it runs code of Python. One
            that sleeps or waits is left alone.

    Raises:
        AbandonedCallError: the call was abandoned.
        BaseException: what the function raised.

    """
    call = _Call(function)
    thread = Thread(target=contextvars.copy_context().run, args=(call.run,), daemon=True)
    thread.start()
    while not call.has_ended.wait(POLL_SECONDS):
        if is_overdue():
            place = _place_of(thread)
            if thread.ident is not None and _is_running(thread.ident):
                interrupt_thread(thread.ident)
            raise AbandonedCallError(place)
    if call.error is not None:
        raise call.error
    return call.result


class _Call:
    """A call, its result or its error."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self._function = function
        self.has_ended = Event()
        self.result: Any = None
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.result = self._function()
        except BaseException as error:  # noqa: BLE001 - raised again in the thread of the caller
            self.error = error
        finally:
            self.has_ended.set()


def _is_running(thread_id: int) -> bool:
    """Return True if a thread runs code of Python, so that an interruption reaches it at once.

    A pending interruption of a thread that sleeps would keep the interpreter busy, see ``settle_interruption``.
    """
    seen = set()
    for _ in range(SAMPLES):
        frame = sys._current_frames().get(thread_id)  # noqa: SLF001 - the documented way to read it
        seen.add(None if frame is None else (id(frame), frame.f_lasti))
        time.sleep(POLL_SECONDS / SAMPLES)
    return len(seen) > 1


def _place_of(thread: Thread) -> str:
    """Return the innermost place in the consumer that a thread runs: ``client.py:8 in fetch``."""
    frame = sys._current_frames().get(thread.ident or 0)  # noqa: SLF001 - the documented way to read it
    frames = [] if frame is None else traceback.extract_stack(frame)
    of_consumer = [one for one in frames if is_consumer_file(one.filename) and not _is_ours(one.filename)]
    if not of_consumer:
        return ""
    return f"{Path(of_consumer[-1].filename).name}:{of_consumer[-1].lineno} in {of_consumer[-1].name}"


_OWN_FOLDER = str(Path(__file__).parents[2])


def _is_ours(filename: str) -> bool:
    return filename.startswith(_OWN_FOLDER)
