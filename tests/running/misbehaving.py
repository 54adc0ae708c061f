"""Consumers that damage their process on an order without a state, and honour the contract on all others."""

from __future__ import annotations

import ctypes
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
