"""The files of a folder, made by several processes of this machine."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait as wait_for_any
from multiprocessing.synchronize import Event

from contractfuzz.bulk.job import Shard
from contractfuzz.bulk.shard_folder import Folder
from contractfuzz.bulk.window import in_window
from contractfuzz.errors import ContractError
from contractfuzz.files import atomic_write


class _StoppedError(Exception):
    """The caller wants no more files."""


def fill_with_processes(folder: Folder, workers: int) -> Generator[Shard]:
    """Make the missing files with so many processes, and yield the part of each when it is there.

    When the caller is interrupted, the workers give up the files that they are at, and end before this does. When it is killed,
    they end too. ContractError where a worker dies.
    """
    # Not forked: that is not safe with threads, and not there on every system.
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    pool = ProcessPoolExecutor(workers, context, initializer=_prepare, initargs=(stop,))

    def submit(shard: Shard) -> Future[None]:
        with _deaf_children():  # the pool starts its processes one by one, when there is something to do for one more
            return pool.submit(_make, folder, shard)

    try:
        for shard, future in in_window(folder.missing(), submit, wait, lambda: 2 * workers):
            future.result()
            yield shard
    except BrokenProcessPool:
        raise ContractError(
            "a worker process was killed, perhaps for want of memory: the same command with --resume goes on"
        ) from None
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Start processes that do not hear Ctrl-C: a terminal sends it to all, and only the caller is to act on it.

    They inherit what is blocked, so that they are deaf from their first moment. What is sent to the caller meanwhile waits.
    """
    if not hasattr(signal, "pthread_sigmask"):  # on Windows they hear it until ``_prepare``
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# --- in a worker --------------------------------------------------------------------------------------------------------

_stop: Event | None = None


def _prepare(stop: Event) -> None:
    global _stop
    _stop = stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_caller, daemon=True).start()


def _end_with_caller() -> None:
    caller = multiprocessing.parent_process()
    if caller is not None:
        wait_for_any([caller.sentinel])
        os._exit(1)


def _make(folder: Folder, shard: Shard) -> None:
    with atomic_write(folder.path / shard.name) as file:
        folder.job.write(shard, file, _look)


def _look(_: int) -> None:
    if _stop is not None and _stop.is_set():
        raise _StoppedError
