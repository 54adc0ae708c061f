"""Consumers that damage their process on an order without a state, and honour the contract on all others."""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import subprocess
import sys
import threading
import time


def _misbehaves(order) -> bool:
    if isinstance(order, dict) and "state" not in order:
        return True
    if not isinstance(order, dict) or order["state"] not in ("open", "paid"):
        raise ValueError("no order")
    return False


def sleeps(order):
    if _misbehaves(order):
        time.sleep(1000)


def spins(order):
    if _misbehaves(order):
        while True:
            pass


def waits_for_a_lock(order):
    if _misbehaves(order):
        lock = threading.Lock()
        lock.acquire()
        lock.acquire()


def sleeps_through_signals(order):
    if _misbehaves(order):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        time.sleep(1000)


def exits_at_once(order):
    if _misbehaves(order):
        os._exit(0)


def exits_with_a_status(order):
    if _misbehaves(order):
        os._exit(3)


def reads_address_zero(order):
    if _misbehaves(order):
        ctypes.string_at(0)


def aborts(order):
    if _misbehaves(order):
        os.abort()


def kills_itself(order):
    if _misbehaves(order):
        os.kill(os.getpid(), signal.SIGKILL)


def terminates_its_group(order):
    if _misbehaves(order):
        os.kill(0, signal.SIGTERM)


def recurses_without_end(order):
    def again(n):
        return again(n + 1)

    if _misbehaves(order):
        again(0)


def asks_for_20_gb(order):
    if _misbehaves(order):
        bytearray(20 * 2**30)


def calls_exit(order):
    if _misbehaves(order):
        sys.exit(0)


def interrupts_itself(order):
    if _misbehaves(order):
        raise KeyboardInterrupt


def closes_stdout(order):
    if _misbehaves(order):
        sys.stdout.close()


def closes_every_file(order):
    if _misbehaves(order):
        os.closerange(0, 1024)
        time.sleep(1000)


def replaces_signal_handlers(order):
    if _misbehaves(order):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
            signal.signal(number, signal.SIG_IGN)


def leaves_threads_running(order):
    if _misbehaves(order):
        for _ in range(40):
            threading.Thread(target=time.sleep, args=(1000,)).start()


def leaves_a_process_running(order):
    if _misbehaves(order):
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"])


def comes_back_twice(order):
    if _misbehaves(order):
        os.fork()


def behaves(order):
    if _misbehaves(order):
        raise ValueError("no state")


class ExitsWhenPrintedError(Exception):
    def __str__(self):
        sys.exit(0)


class CannotBeUnpickledError(Exception):
    def __init__(self, one, other):
        super().__init__(f"{one} {other}")


class EndsWhenPickledError(Exception):
    def __reduce__(self):
        os._exit(0)


def raises_an_error_that_exits_when_it_is_printed(order):
    if _misbehaves(order):
        raise ExitsWhenPrintedError


def raises_an_error_that_cannot_be_unpickled(order):
    if _misbehaves(order):
        raise CannotBeUnpickledError(1, 2)


def raises_an_error_that_ends_its_process_when_it_is_pickled(order):
    if _misbehaves(order):
        raise EndsWhenPickledError


def raises_an_error_with_a_huge_message(order):
    if _misbehaves(order):
        raise KeyError("x" * 10**7)


def raises_generator_exit(order):
    if _misbehaves(order):
        raise GeneratorExit


def raises_memory_error(order):
    if _misbehaves(order):
        raise MemoryError


kept = []


def fills_the_memory(order):
    if _misbehaves(order):
        size = 2**28
        while size >= 4096:
            try:
                kept.append(mmap.mmap(-1, size))
            except OSError:
                size //= 2
        kept.append(bytearray(2**28))


def skips_the_test(order):
    import pytest

    if _misbehaves(order):
        pytest.skip("not today")


def leaves_a_low_recursion_limit(order):
    if _misbehaves(order):
        sys.setrecursionlimit(60)
        raise KeyError("low")


def closes_the_pipe_and_raises(order):
    if _misbehaves(order):
        os.closerange(3, 1024)
        raise KeyError("closed")


def closes_the_pipe(order):
    if _misbehaves(order):
        os.closerange(3, 1024)


def replaces_the_pipe(order):
    if _misbehaves(order):
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in range(3, 64):
            if descriptor != null:
                os.dup2(null, descriptor)
        raise KeyError("replaced")


def dies_by_a_real_time_signal(order):
    if _misbehaves(order):
        os.kill(os.getpid(), signal.SIGRTMIN + 5)


def kills_its_parent(order):
    if _misbehaves(order):
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(1000)


def sets_an_alarm(order):
    if _misbehaves(order):
        signal.setitimer(signal.ITIMER_REAL, 0.02)


def starts_a_timer(order):
    if _misbehaves(order):
        threading.Timer(0.02, os._exit, (1,)).start()


def blocks_a_signal(order):
    if _misbehaves(order):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})


def leaves_a_process_in_a_new_session(order):
    if _misbehaves(order):
        subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)"], start_new_session=True)


def leaves_a_daemon_and_dies(order):
    if _misbehaves(order):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.closerange(0, 1024)
                time.sleep(1000)
            os._exit(0)
        time.sleep(0.05)
        os._exit(3)


def starts_processes_with_multiprocessing(order):
    import multiprocessing

    if _misbehaves(order):
        process = multiprocessing.get_context("fork").Process(target=str)
        process.start()
        process.join()


def writes_to_every_descriptor(order):
    if _misbehaves(order):
        for descriptor in range(3, 64):
            try:
                os.write(descriptor, b"garbage")
            except OSError:
                continue
        os._exit(0)
