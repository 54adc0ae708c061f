"""Runs that are interrupted: whole files, no process left behind, and they can be gone on with."""

from __future__ import annotations

import os
import signal

import pytest

LONG = ("-n", "12000", "--shard-size", "300")


@pytest.fixture
def begun(sample, wait_until):
    """Start a long run with so many workers, and return it when its first files are there."""

    def start(workers: str):
        run = sample.start(*LONG, "--workers", workers, "--output", "made/")
        runs.append(run)
        wait_until(lambda: len(list((sample.folder / "made").glob("*.jsonl"))) > 1)
        return run

    runs = []
    yield start
    for run in runs:
        run.stderr.close()


@pytest.fixture
def goes_on(sample, contents, whole):
    """Check that there are whole files only, but not all, and that the same command with --resume makes the others."""

    def check():
        made = {name: body for name, body in contents(sample.folder / "made").items() if not name.startswith(".")}
        assert 2 < len(made) < len(whole)
        assert made.items() <= whole.items()
        assert sample.files(*LONG, "--workers", "2", "--resume") == whole

    return check


@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_leaves_whole_files_and_no_process_and_says_how_to_go_on(
    sample, begun, living, wait_until, goes_on, contents, workers
):
    run = begun(workers)

    os.killpg(run.pid, signal.SIGINT)  # as a terminal does: to all processes at once

    said = run.stderr.read()
    assert run.wait() == 130
    wait_until(lambda: not living(run.pid))
    names = contents(sample.folder / "made").keys() - {"manifest.json"}
    assert not any(name.startswith(".") for name in names)
    told = f"interrupted after {300 * len(names):,} of 12,000 cases: the same command with --resume goes on"
    assert said.strip() == f"contractfuzz: {told}"
    goes_on()


def test_workers_end_with_a_caller_that_is_killed(begun, living, wait_until, goes_on):
    run = begun("2")

    run.kill()
    run.wait()

    wait_until(lambda: not living(run.pid))
    goes_on()


def test_a_worker_that_is_killed_is_told_in_one_line(sample, begun, living, wait_until, goes_on):
    run = begun("2")

    worker = None
    while worker is None:  # the name of the file that it is at holds its number
        worker = next((path.name.split(".")[3] for path in (sample.folder / "made").glob(".*.tmp")), None)
    os.kill(int(worker), signal.SIGKILL)

    told = "a worker process was killed, perhaps for want of memory: the same command with --resume goes on"
    assert run.stderr.read() == f"contractfuzz: {told}\n"
    assert run.wait() == 2
    wait_until(lambda: not living(run.pid))
    goes_on()


def test_a_file_that_is_interrupted_is_not_there(sample, wait_until):
    run = sample.start("-n", "1000000", "--output", "cases.jsonl")
    wait_until(lambda: list(sample.folder.iterdir()))

    run.send_signal(signal.SIGINT)

    assert run.wait() == 130
    run.stderr.close()
    assert list(sample.folder.iterdir()) == []
