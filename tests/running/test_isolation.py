"""Isolation: a consumer that damages its process gets a verdict, the run continues, and no process is left over."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import misbehaving
import pytest
from runs import report_of

from contractfuzz import Contract, Verdict, assert_survives, check
from contractfuzz.running import feeding
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

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="isolation forks")


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
    "interrupts_itself": "died",
    "closes_stdout": "accepted",
    "closes_every_file": "died",
    "replaces_signal_handlers": "accepted",
    "leaves_threads_running": "accepted",
    "leaves_a_process_running": "accepted",
    "comes_back_twice": "accepted",
    "behaves": "rejected",
}


@pytest.mark.parametrize("name", EXPECTED)
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


def test_an_exception_keeps_its_class():
    def careless(order):
        return order["state"]

    [error] = {
        type(f.error) for f in check(careless, ORDER, isolate=True, examples=0).findings if f.case.label == MISSING
    }
    assert error is KeyError


def test_an_exception_that_cannot_be_pickled_is_described():
    class OddError(Exception):
        def __reduce__(self):
            raise TypeError("not me")

    def odd(order):
        raise OddError("odd")

    finding = check(odd, ORDER, isolate=True, examples=0).findings[0]
    assert finding.raised.line == "OddError: odd"
    assert "cannot be pickled" in str(finding.error)


def test_changes_of_an_isolated_consumer_stay_in_its_process():
    seen = []
    check(seen.append, ORDER, isolate=True, examples=0)
    assert seen == []


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
