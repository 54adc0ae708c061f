"""`contractfuzz sample --scheduler`: a real Dask cluster of two worker processes on this machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from contractfuzz import Contract, ContractError
from contractfuzz.bulk.dask_cluster import make_part
from contractfuzz.bulk.job import make_job

pytest.importorskip("distributed")

LONG = ("-n", "12000", "--shard-size", "300")
IMPATIENT = {**os.environ, "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "1s"}


class Cluster:
    """A scheduler and two workers, each a process of its own, without anybody who starts a dead one again."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "scheduler.json"
        self.processes: list[subprocess.Popen] = []
        where = ("--scheduler-file", str(self.file), "--no-dashboard")
        self.scheduler = self.start("scheduler", "--host", "127.0.0.1", "--port", "0", *where)
        self.workers = [self.start("worker", *where, "--no-nanny", "--nthreads", "1") for _ in range(2)]
        code = "import sys; from distributed import Client; Client(scheduler_file=sys.argv[1]).wait_for_workers(2, 150)"
        subprocess.run([sys.executable, "-c", code, self.file], check=True, stderr=subprocess.DEVNULL, timeout=180)

    def start(self, *arguments: str) -> subprocess.Popen:
        call = [Path(sys.executable).parent / "dask", *arguments]
        process = subprocess.Popen(
            call, cwd=self.file.parent, env=IMPATIENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
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
    made = Cluster(tmp_path_factory.mktemp("cluster"))
    yield made
    made.stop()


@pytest.fixture
def begin(sample, cluster, wait_until):
    """Start, or go on with, a long run on the cluster, and return it when it has made its first files."""

    def start(*options: str) -> subprocess.Popen:
        there = len(made())
        run = sample.start(*LONG, "--output", "made/", "--scheduler", cluster.address, *options, env=IMPATIENT)
        runs.append(run)
        wait_until(lambda: len(made()) > there + 1)
        return run

    def made() -> list[Path]:
        return list((sample.folder / "made").glob("*.jsonl"))

    runs: list[subprocess.Popen] = []
    yield start
    for run in runs:
        run.kill()
        run.wait()
        run.stderr.close()


def test_a_worker_that_is_killed_on_the_way_changes_nothing(sample, cluster, begin, contents, whole):
    run = begin()

    cluster.workers[0].kill()

    there = contents(sample.folder / "made")
    assert run.stderr.read() == ""
    assert run.wait() == 0
    assert len(there) < len(whole)
    assert contents(sample.folder / "made") == whole


def test_a_run_that_is_interrupted_or_loses_its_scheduler_can_be_gone_on_with(sample, cluster, begin, whole):
    interrupted = begin()
    interrupted.send_signal(signal.SIGINT)
    assert "the same command with --resume goes on" in interrupted.stderr.read()
    assert interrupted.wait() == 130

    lost = begin("--resume")
    cluster.scheduler.kill()
    told = f"the Dask scheduler at {cluster.address} went away: the same command with --resume goes on"
    assert lost.stderr.read() == f"contractfuzz: {told}\n"
    assert lost.wait() == 2

    assert sample.files(*LONG, "--resume") == whole


@pytest.mark.parametrize(
    ("address", "why"),
    [("tcp://127.0.0.1:1", "Timed out"), ("here", "missing port number"), ("gopher://a:1", "unknown address scheme")],
)
def test_a_scheduler_that_does_not_answer_is_told_in_one_line(sample, address, why):
    told = sample.refusal("--output", "made/", "--scheduler", address, env=IMPATIENT)

    assert f"no Dask scheduler answers at {address} ({why}" in told
    assert "as in --scheduler tcp://host:8786" in told


def test_where_dask_is_not_installed_one_line_tells_how_to_install_it(sample):
    (sample.folder / "distributed.py").write_text("raise ImportError")

    told = sample.refusal(
        "--output", "made/", "--scheduler", "tcp://a:1", env={**os.environ, "PYTHONPATH": str(sample.folder)}
    )

    assert told == "contractfuzz: --scheduler needs Dask: pip install 'contractfuzz[dask]'\n"


def test_a_worker_with_another_version_makes_nothing():
    job = replace(make_job(Contract.named("batch_association_response"), 5), version="0.0.1")

    with pytest.raises(ContractError, match=r"this call is of 0\.0\.1: install the same everywhere"):
        make_part(job, next(job.shards()))


def test_a_worker_with_another_contract_of_that_name_makes_nothing():
    job = replace(make_job(Contract.named("batch_association_response"), 5), digest="0" * 64)

    with pytest.raises(ContractError, match="install the same pack everywhere"):
        make_part(job, next(job.shards()))
