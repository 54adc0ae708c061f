"""Isolation: a consumer that damages its process gets a verdict, the run continues, and no process is left over."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path

import misbehaving
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from runs import report_of
from systems import needs_fork, needs_linux

from contractfuzz import Contract, Verdict, assert_survives, check
from contractfuzz.running import feeding
from contractfuzz.running.isolation.workers import Worker
from contractfuzz.running.options import VALID_SETS

HERE = Path(__file__).parent
CONTRACTFUZZ = shutil.which("contractfuzz", path=str(Path(sys.executable).parent))
DOCUMENT = {
    "name": "Order",
    "type": "object",
    "properties": {"state": {"type": "string", "enum": ["open", "paid"]}},
    "required": ["state"],
}
ORDER = Contract.load(DOCUMENT)
MISSING = "/state:required.missing"

pytestmark = needs_fork


@pytest.fixture
def command(tmp_path):
    """Start `contractfuzz check --isolate`, with a mark in the environment that finds its leftover processes."""
    document = tmp_path / "order.json"
    document.write_text(json.dumps(DOCUMENT))
    mark = f"CONTRACTFUZZ_TEST={uuid.uuid4()}"

    def start(name, *options):
        arguments = [
            "check",
            f"misbehaving:{name}",
            "--contract",
            str(document),
            "--isolate",
            "--format",
            "json",
            *options,
        ]
        environment = {**os.environ, mark.split("=")[0]: mark.split("=")[1]}
        return subprocess.Popen(
            [CONTRACTFUZZ, *arguments],
            cwd=HERE,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    yield start
    assert not leftover_processes(mark), "a process is left over"


def leftover_processes(mark: str) -> list[str]:
    deadline = time.monotonic() + 5
    while (found := _processes_with(mark)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def _processes_with(mark: str) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().decode())
        except OSError:
            continue
    return found


EXPECTED = {
    "sleeps": "hung",
    "spins": "hung",
    "waits_for_a_lock": "hung",
    "sleeps_through_signals": "hung",
    "exits_at_once": "died",
    "exits_with_a_status": "died",
    "reads_address_zero": "died",
    "aborts": "died",
    "kills_itself": "died",
    "terminates_its_group": "died",
    "recurses_without_end": "crashed",
    "asks_for_20_gb": "crashed",
    "calls_exit": "crashed",
    "interrupts_itself": "crashed",
    "closes_stdout": "accepted",
    "closes_every_file": "died",
    "replaces_signal_handlers": "accepted",
    "leaves_threads_running": "accepted",
    "leaves_a_process_running": "accepted",
    "comes_back_twice": "accepted",
    "behaves": "rejected",
    "raises_an_error_that_exits_when_it_is_printed": "crashed",
    "raises_an_error_that_cannot_be_unpickled": "crashed",
    "raises_an_error_that_ends_its_process_when_it_is_pickled": "crashed",
    "raises_an_error_with_a_huge_message": "crashed",
    "raises_generator_exit": "crashed",
    "raises_memory_error": "crashed",
    "fills_the_memory": "crashed",
    "skips_the_test": "crashed",
    "leaves_a_low_recursion_limit": "crashed",
    "closes_the_pipe_and_raises": "crashed",
    "closes_the_pipe": "accepted",
    "replaces_the_pipe": "crashed",
    "dies_by_a_real_time_signal": "died",
    "kills_its_parent": "died",
    "sets_an_alarm": "accepted",
    "starts_a_timer": "accepted",
    "blocks_a_signal": "accepted",
    "leaves_a_process_in_a_new_session": "accepted",
    "leaves_a_daemon_and_dies": "died",
    "starts_processes_with_multiprocessing": "accepted",
}


LINUX_ONLY = {
    "asks_for_20_gb",
    "fills_the_memory",
    "dies_by_a_real_time_signal",
    "leaves_a_process_in_a_new_session",
    "leaves_a_daemon_and_dies",
}
"""Misbehaviours that other systems do not limit or do not have."""


@pytest.mark.thinned(2)
@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=needs_linux) if name in LINUX_ONLY else name for name in EXPECTED]
)
def test_each_misbehaviour_has_its_verdict_and_the_run_continues(command, name):
    process = command(name, "--examples", "0", "--time-limit", "0.5")
    printed, complaints = process.communicate(timeout=60)
    report = json.loads(printed)
    verdicts = {finding["label"]: finding["verdict"] for finding in report["findings"]}
    assert verdicts.get(MISSING, "rejected") == EXPECTED[name], complaints
    assert report["complete"]
    # The next cases were fed to a new process.
    assert report["counts"]["invalid"]["rejected"] >= len(ORDER.violations()) - 1
    assert report["counts"]["valid"] == {"accepted": 1}
    # No other case is blamed for what the misbehaviour left.
    assert [
        label for label, verdict in verdicts.items() if verdict in ("died", "hung", "crashed") and label != MISSING
    ] == []


def test_the_report_is_out_of_reach_of_the_consumer(command, tmp_path):
    output = tmp_path / "report.json"
    process = command("writes_to_every_descriptor", "--examples", "0", "--output", str(output))
    _, complaints = process.communicate(timeout=60)
    assert process.returncode == 1, complaints
    assert json.loads(output.read_text())["findings"][0]["verdict"] == "died"


def test_ctrl_c_reports_the_findings_so_far_and_leaves_no_process(command):
    process = command("sleeps", "--time-limit", "1000")
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    printed, _ = process.communicate(timeout=20)
    assert process.returncode == 130
    assert json.loads(printed)["cut_short"] == "interrupted"


def test_the_consumer_ends_with_its_parent(command):
    process = command("sleeps", "--time-limit", "1000")
    time.sleep(2)
    process.kill()
    process.communicate(timeout=20)
    assert process.returncode == -signal.SIGKILL  # the fixture asserts that no process is left over


def test_a_finding_says_how_the_process_ended():
    def detail_of(consumer):
        [finding] = check(consumer, ORDER, isolate=True, examples=0).findings
        return finding.detail

    assert detail_of(misbehaving.kills_itself) == "killed by SIGKILL"
    assert detail_of(misbehaving.exits_with_a_status) == "exited with status 3"


def test_an_isolated_consumer_gets_the_same_report():
    def careless(order):
        return order["state"].upper()

    def summary(report):
        return report.counts, [(f.case.label, f.case.payload, f.verdict, f.raised, f.seen) for f in report.findings]

    assert summary(check(careless, ORDER)) == summary(check(careless, ORDER, isolate=True))


def test_an_exception_comes_back_in_words():
    def careless(order):
        return order["state"]

    [finding] = [f for f in check(careless, ORDER, isolate=True, examples=0).findings if f.case.label == MISSING]
    assert finding.error is None
    assert (finding.raised.name, finding.raised.line) == ("KeyError", "KeyError: 'state'")
    assert finding.raised.place.endswith("in careless")


@given(st.integers(1, 64))
@settings(max_examples=64, deadline=None)
def test_death_by_any_signal_has_a_name(number):
    def kills_itself():
        if number not in (signal.SIGKILL, 32, 33):  # the C library keeps two for itself
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {number})
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        os._exit(0)

    assume(number not in (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU))
    with Worker(lambda channel: kills_itself()) as worker:
        worker.wait(5)
        description = worker.exit_description()
    assert description == "exited with status 0" or description.startswith(("killed by SIG", "killed by signal "))


@pytest.mark.parametrize("is_async", [False, True])
def test_a_consumer_that_leaves_nothing_behind_keeps_its_process(tmp_path, is_async):
    log = tmp_path / "log"

    def read(order):
        with log.open("a") as file:
            file.write(f"{os.getpid()}\n")
        raise KeyError("no") if order == {} else ValueError("no")

    async def read_later(order):
        await asyncio.sleep(0)
        read(order)

    check(read_later if is_async else read, ORDER, isolate=True, examples=20, raises=(ValueError, KeyError))
    # One process for each set of cases, and one to confirm findings.
    assert len(set(log.read_text().split())) == 4


def test_a_hung_consumer_says_where_it_hung():
    findings = check(misbehaving.sleeps, ORDER, isolate=True, examples=0, time_limit=0.3).findings
    [finding] = [finding for finding in findings if finding.verdict is Verdict.HUNG]
    assert re.fullmatch(r"no answer within 0.3 s, at misbehaving.py:\d+ in sleeps", finding.detail)


def test_after_three_hung_cases_the_next_kind_follows():
    def sleeps(order):
        time.sleep(1000)

    started = time.monotonic()
    report = check(sleeps, ORDER, isolate=True, time_limit=0.2)
    assert report.counts == {"valid": {"hung": 3}, "invalid": {"hung": 3}, "hostile": {"hung": 3}}
    assert report.cut_short == "it hung or died on too many valid, invalid, hostile cases"
    assert time.monotonic() - started < 20


@pytest.mark.deep
def test_hangs_while_findings_are_shrunk_end_the_shrinking(hubspot):
    def hangs_on_small_payloads(response):
        if isinstance(response, dict) and len(response.get("results") or []) < 2:
            time.sleep(1000)
        raise KeyError(len(response["results"]) % 7)

    started = time.monotonic()
    report = check(hangs_on_small_payloads, hubspot, isolate=True, time_limit=0.2, examples=60)
    assert {finding.verdict for finding in report.findings} == {Verdict.HUNG, Verdict.CRASHED}
    assert time.monotonic() - started < 30


def test_a_death_by_an_earlier_case_is_not_blamed_on_the_next():
    def leaves_a_thread_that_ends_the_process(order):
        if order == {}:
            threading.Thread(target=lambda: (time.sleep(0.05), os._exit(4)), daemon=True).start()
            return
        time.sleep(0.02)
        if not isinstance(order, dict) or order["state"] not in ("open", "paid"):
            raise ValueError("no order")

    findings = check(leaves_a_thread_that_ends_the_process, ORDER, isolate=True, examples=0).findings
    assert {finding.case.label for finding in findings if not finding.flaky} == {MISSING}
    assert [finding.detail for finding in findings if finding.flaky] == [
        "exited with status 4, but not in a new process: an earlier case may have left a thread"
    ]


def test_changes_of_an_isolated_consumer_stay_in_its_process():
    seen = []
    check(seen.append, ORDER, isolate=True, examples=0)
    assert seen == []


@pytest.mark.deep
def test_a_finding_of_an_isolated_consumer_is_shrunk():
    def dies_on_paid(order):
        if isinstance(order, dict) and order.get("state") == "paid":
            os._exit(1)

    [finding] = report_of(dies_on_paid, ORDER, isolate=True, case_sets=VALID_SETS).findings
    assert (finding.verdict, finding.case.payload) == ("died", {"state": "paid"})


def test_too_many_lost_processes_end_a_kind_of_case_and_the_report_says_so(monkeypatch):
    def dies(order):
        os._exit(1)

    monkeypatch.setitem(feeding.MAX_LOST_PROCESSES, Verdict.DIED, 5)
    report = check(dies, ORDER, isolate=True, examples=300)
    assert not report.complete
    assert report.counts["valid"] == {"died": 5}
    assert report.cut_short == "it hung or died on too many valid, invalid, hostile cases"


def test_an_assertion_isolates_its_consumer():
    with pytest.raises(AssertionError, match="killed by SIGKILL"):
        assert_survives(lambda order: os.kill(os.getpid(), signal.SIGKILL), ORDER, isolate=True)
