"""Interrupted runs: they leave complete files and no processes, and can be resumed."""

from __future__ import annotations

import os
import signal

import pytest
from systems import needs_posix

LONG = ("-n", "12000", "--shard-size", "300")


@pytest.fixture
def begin(sample, wait_until):
    """Start a long run and return its process when it has written its first files."""

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
def assert_resumable(sample, contents, whole):
    """Check that some files are missing, that the others are complete, and that --resume writes the missing ones."""

    def check():
        names = contents(sample.folder / "made").keys() - {"SHA256SUMS"}
        written = {name: contents(sample.folder / "made")[name] for name in names if not name.startswith(".")}
        assert 2 < len(written) < len(whole)
        assert written.items() <= whole.items()
        assert sample.files(*LONG, "--workers", "2", "--resume") == whole

    return check


@needs_posix
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_leaves_complete_files_and_no_process_and_explains_how_to_resume(
    sample, begin, living, wait_until, assert_resumable, contents, workers
):
    run = begin(workers)

    os.killpg(run.pid, signal.SIGINT)  # to all processes at once, as a terminal does

    message = run.stderr.read()
    assert run.wait() == 130
    wait_until(lambda: not living(run.pid))
    names = contents(sample.folder / "made").keys() - {"manifest.json", "SHA256SUMS"}
    assert not any(name.startswith(".") for name in names)
    progress = f"interrupted after {300 * len(names):,} of 12,000 cases"
    assert message.strip() == f"contractfuzz: {progress}: run the same command with --resume to continue"
    assert_resumable()


def test_workers_end_when_their_caller_is_killed(begin, living, wait_until, assert_resumable):
    run = begin("2")

    run.kill()
    run.wait()

    wait_until(lambda: not living(run.pid))
    assert_resumable()


@needs_posix
def test_a_killed_worker_is_reported_in_one_line(sample, begin, living, wait_until, assert_resumable):
    run = begin("2")

    worker = None
    while worker is None:  # the name of its temporary file contains its process id
        worker = next((path.name.split(".")[3] for path in (sample.folder / "made").glob(".*.tmp")), None)
    os.kill(int(worker), signal.SIGKILL)

    problem = "a worker process was killed, perhaps for lack of memory"
    assert run.stderr.read() == f"contractfuzz: {problem}: run the same command with --resume to continue\n"
    assert run.wait() == 2
    wait_until(lambda: not living(run.pid))
    assert_resumable()


@needs_posix
def test_an_interrupted_file_does_not_exist(sample, wait_until):
    run = sample.start("-n", "1000000", "--output", "cases.jsonl")
    wait_until(lambda: list(sample.folder.iterdir()))

    run.send_signal(signal.SIGINT)

    assert run.wait() == 130
    run.stderr.close()
    assert list(sample.folder.iterdir()) == []
