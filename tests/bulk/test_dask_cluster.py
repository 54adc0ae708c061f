"""`contractfuzz sample --scheduler`, with a real Dask cluster of two worker processes on this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from systems import needs_posix

from contractfuzz import Contract, ContractError
from contractfuzz.bulk.dask_cluster import shard_content
from contractfuzz.bulk.job import make_job

pytest.importorskip("distributed")

LONG = ("-n", "12000", "--shard-size", "300")
SHORT_TIMEOUT = {**os.environ, "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "1s"}


class Cluster:
    """A scheduler and two workers, each in its own process. Nothing restarts a process that dies."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "scheduler.json"
        self.processes: list[subprocess.Popen] = []
        shared = ("--scheduler-file", str(self.file), "--no-dashboard")
        self.scheduler = self.start("scheduler", "--host", "127.0.0.1", "--port", "0", *shared)
        self.workers = [self.start("worker", *shared, "--no-nanny", "--nthreads", "1") for _ in range(2)]
        code = "import sys; from distributed import Client; Client(scheduler_file=sys.argv[1]).wait_for_workers(2, 150)"
        subprocess.run([sys.executable, "-c", code, self.file], check=True, stderr=subprocess.DEVNULL, timeout=180)

    def start(self, *arguments: str) -> subprocess.Popen:
        call = [Path(sys.executable).parent / "dask", *arguments]
        process = subprocess.Popen(
            call, cwd=self.file.parent, env=SHORT_TIMEOUT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.processes.append(process)
        return process

    @property
    def address(self) -> str:
        return json.loads(self.file.read_text())["address"]

    def stop(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path_factory):
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    yield cluster
    cluster.stop()


@pytest.fixture
def begin(sample, cluster, wait_until):
    """Start or resume a long run on the cluster; return its process when it has written its first files."""

    def start(*options: str) -> subprocess.Popen:
        before = len(written())
        run = sample.start(*LONG, "--output", "made/", "--scheduler", cluster.address, *options, env=SHORT_TIMEOUT)
        runs.append(run)
        wait_until(lambda: len(written()) > before + 1)
        return run

    def written() -> list[Path]:
        return list((sample.folder / "made").glob("*.jsonl"))

    runs: list[subprocess.Popen] = []
    yield start
    for run in runs:
        run.kill()
        run.wait()
        run.stderr.close()


@pytest.mark.deep
def test_a_worker_that_is_killed_makes_no_difference(sample, cluster, begin, contents, whole):
    run = begin()

    cluster.workers[0].kill()

    unfinished = contents(sample.folder / "made")
    assert run.stderr.read() == ""
    assert run.wait() == 0
    assert len(unfinished) < len(whole)
    assert contents(sample.folder / "made") == whole


@pytest.mark.deep
@needs_posix
def test_a_run_that_is_interrupted_or_loses_its_scheduler_can_be_resumed(sample, cluster, begin, whole):
    interrupted = begin()
    interrupted.send_signal(signal.SIGINT)
    assert "run the same command with --resume to continue" in interrupted.stderr.read()
    assert interrupted.wait() == 130

    lost = begin("--resume")
    cluster.scheduler.kill()
    problem = f"the connection to the Dask scheduler at {cluster.address} was lost"
    assert lost.stderr.read() == f"contractfuzz: {problem}: run the same command with --resume to continue\n"
    assert lost.wait() == 2

    assert sample.files(*LONG, "--resume") == whole


@pytest.mark.parametrize(
    ("address", "reason"),
    [("tcp://127.0.0.1:1", "Timed out"), ("here", "missing port number"), ("gopher://a:1", "unknown address scheme")],
)
def test_a_scheduler_that_does_not_answer_is_reported_in_one_line(sample, address, reason):
    message = sample.refusal("--output", "made/", "--scheduler", address, env=SHORT_TIMEOUT)

    assert f"no Dask scheduler answers at {address} ({reason}" in message
    assert "for example --scheduler tcp://host:8786" in message


def test_without_dask_the_message_names_the_package_to_install(sample):
    (sample.folder / "distributed.py").write_text("raise ImportError")

    message = sample.refusal(
        "--output", "made/", "--scheduler", "tcp://a:1", env={**os.environ, "PYTHONPATH": str(sample.folder)}
    )

    assert message == "contractfuzz: --scheduler needs Dask: pip install 'contractfuzz[dask]'\n"


def test_a_worker_with_another_version_refuses_the_job():
    job = replace(make_job(Contract.named("batch_association_response"), 5), version="0.0.1")

    with pytest.raises(ContractError, match=r"the caller has 0\.0\.1: install the same version everywhere"):
        shard_content(job, next(job.shards()))


def test_a_worker_with_another_contract_of_that_name_refuses_the_job():
    job = replace(make_job(Contract.named("batch_association_response"), 5), digest="0" * 64)

    with pytest.raises(ContractError, match="install the same pack everywhere"):
        shard_content(job, next(job.shards()))
