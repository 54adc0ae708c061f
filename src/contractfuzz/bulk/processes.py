"""Several processes on this machine that write the files of a shard folder."""

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
from contractfuzz.bulk.shard_folder import ShardFolder
from contractfuzz.bulk.window import submit_in_window
from contractfuzz.errors import ContractError
from contractfuzz.files import atomic_write


class _StoppedError(Exception):
    """The caller stopped; the worker abandons its file."""


def fill_with_processes(folder: ShardFolder, workers: int) -> Generator[Shard]:
    """Write the missing files with several processes; yield each shard when its file is complete.

    If the caller is interrupted, the workers abandon their files and end before this generator does. If the caller is killed,
    the workers end as well.

    Args:
        folder: the folder.
        workers: the number of processes, at least 1.

    Raises:
        ContractError: a worker was killed.

    """
    # Spawned, not forked: a fork is unsafe in a program with threads, and not every system has it.
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    pool = ProcessPoolExecutor(workers, context, initializer=_initialize_worker, initargs=(stop,))

    def submit(shard: Shard) -> Future[None]:
        with _sigint_blocked():  # the pool starts its processes on demand, during a submission
            return pool.submit(_write_shard, folder, shard)

    try:
        for shard, future in submit_in_window(folder.missing(), submit, wait, lambda: 2 * workers):
            future.result()
            yield shard
    except BrokenProcessPool:
        raise ContractError(
            "a worker process was killed, perhaps for lack of memory: run the same command with --resume to continue"
        ) from None
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


@contextmanager
def _sigint_blocked() -> Iterator[None]:
    """Block SIGINT, so that processes started meanwhile inherit the blocked signal and ignore Ctrl-C from the start.

    A terminal sends Ctrl-C to all processes, but only the caller may react to it. A signal that arrives meanwhile is delivered
    to the caller afterwards.
    """
    if not hasattr(signal, "pthread_sigmask"):  # on Windows, workers ignore Ctrl-C only from _initialize_worker on
        yield
        return
    previous = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, previous)


# --- in a worker --------------------------------------------------------------------------------------------------------

_stop: Event | None = None


def _initialize_worker(stop: Event) -> None:
    global _stop
    _stop = stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_exit_with_caller, daemon=True).start()


def _exit_with_caller() -> None:
    caller = multiprocessing.parent_process()
    if caller is not None:
        wait_for_any([caller.sentinel])
        os._exit(1)


def _write_shard(folder: ShardFolder, shard: Shard) -> None:
    with atomic_write(folder.path / shard.name) as file:
        folder.job.write(shard, file, _raise_if_stopped)


def _raise_if_stopped(_: int) -> None:
    if _stop is not None and _stop.is_set():
        raise _StoppedError
