"""Isolation on systems without the calls that only Linux has: the calls are hidden, and the processes inherit that."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import misbehaving
import pytest

from contractfuzz import Contract, ContractError, Verdict, check
from contractfuzz.running.isolation import memory_limit, workers
from contractfuzz.running.isolation.workers import Worker

resource = pytest.importorskip("resource", reason="isolation forks")

ORDER = Contract.load(
    {
        "name": "Order",
        "type": "object",
        "properties": {"state": {"type": "string", "enum": ["open", "paid"]}},
        "required": ["state"],
    }
)
MISSING = "/state:required.missing"


@pytest.fixture
def macos(monkeypatch, tmp_path):
    """Hide what macOS does not have: /proc, pidfd_open(2), prctl(2) and real-time signals."""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(workers, "PROCESSES", tmp_path / "none")
    monkeypatch.setattr(memory_limit, "PROCESSES", tmp_path / "none")
    monkeypatch.delattr(os, "pidfd_open", raising=False)
    monkeypatch.setattr(workers, "_DUMP_SIGNAL", signal.SIGUSR1)


def finding_of(consumer, **options):
    [finding] = [
        finding
        for finding in check(consumer, ORDER, isolate=True, examples=0, **options).findings
        if finding.case.label == MISSING
    ]
    return finding


def has_ended(process_id):
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            os.kill(process_id, 0)
        except ProcessLookupError:
            return True
        # A process without a living parent is a zombie until the system removes it.
        state = Path(f"/proc/{process_id}/stat")
        if state.exists() and state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
            return True
        time.sleep(0.02)
    return False


def test_a_consumer_that_hangs_is_found_with_its_place(macos):
    finding = finding_of(misbehaving.sleeps, time_limit=0.3)
    assert finding.verdict is Verdict.HUNG
    assert re.fullmatch(r"no answer within 0.3 s, at misbehaving.py:\d+ in sleeps", finding.detail)


def test_a_consumer_that_dies_is_found_with_its_signal(macos):
    finding = finding_of(misbehaving.kills_itself)
    assert (finding.verdict, finding.detail) == (Verdict.DIED, "killed by SIGKILL")


def test_a_consumer_without_memory_is_found_although_the_limit_cannot_be_lifted(macos, monkeypatch):
    def refuse(which, limits):
        if which == resource.RLIMIT_AS:
            raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    assert finding_of(misbehaving.raises_memory_error).verdict is Verdict.CRASHED


def test_processes_of_the_consumer_end_with_it(macos, tmp_path):
    log = tmp_path / "log"

    def starts_a_process():
        with log.open("w") as file:
            print(os.getpid(), subprocess.Popen(["sleep", "1000"]).pid, file=file)
        time.sleep(1000)

    with Worker(lambda channel: starts_a_process()) as worker:
        worker.receive(0.3)
        while len(log.read_text().split() if log.exists() else ()) < 2:
            time.sleep(0.01)
    assert all(has_ended(int(process_id)) for process_id in log.read_text().split())


def test_a_consumer_that_kills_its_supervisor_ends_with_the_worker(macos, tmp_path):
    log = tmp_path / "log"

    def kills_its_supervisor():
        log.write_text(str(os.getpid()))
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(1000)

    with Worker(lambda channel: kills_its_supervisor()) as worker:
        worker.wait(5)
        assert worker.exit_description() == "it killed its supervisor"
    assert has_ended(int(log.read_text()))


def test_a_worker_that_ends_before_its_consumer_starts_signals_no_other_process(monkeypatch):
    signalled = []
    with Worker(lambda channel: time.sleep(1000)) as worker:
        monkeypatch.setattr(worker, "_shared", bytearray(len(worker._shared)))
        monkeypatch.setattr(os, "kill", lambda process_id, number: signalled.append(process_id))
        assert worker.current_place() == ""
        monkeypatch.undo()
    assert signalled == []


def test_without_fork_isolation_is_refused_with_a_remedy(monkeypatch):
    monkeypatch.delattr(os, "fork")
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(ContractError) as refusal:
        check(lambda order: None, ORDER, isolate=True)
    assert str(refusal.value) == (
        "isolation (--isolate, isolate=True) needs fork(), which Windows does not have: leave it out, or give the consumer "
        "as a program with --command, which always runs in a process of its own"
    )
