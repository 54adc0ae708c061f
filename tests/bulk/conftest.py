"""Fixtures that run `contractfuzz sample` as a process, and watch its files and processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

SCRIPTS = Path(sys.executable).parent
TIMEOUT_SECONDS = 180
"""Reached only by a run that hangs."""


class Sample:
    """Runs or starts `contractfuzz sample` in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str, first: str = "pass", **options) -> subprocess.CompletedProcess:
        return subprocess.run(
            call(*arguments, first=first),
            cwd=self.folder,
            text=True,
            encoding="utf-8",
            timeout=TIMEOUT_SECONDS,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
        )

    def files(self, *arguments: str) -> dict[str, bytes]:
        """Run it with the output folder `made` and return the content of each file by its name."""
        done = self(*arguments, "--output", "made/")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        return contents(self.folder / "made")

    def refusal(self, *arguments: str, **options) -> str:
        """Run a wrong call and return its message, which must be one line."""
        done = self(*arguments, **options)
        assert done.returncode == 2, done
        assert done.stderr.startswith("contractfuzz: ")
        assert done.stderr.count("\n") == 1
        return done.stderr

    def start(self, *arguments: str, **options) -> subprocess.Popen:
        """Start it in its own process group, as a shell does."""
        return subprocess.Popen(
            # A process inherits that SIGINT is ignored, for example if the tests run in the background.
            call(*arguments, first="import signal; signal.signal(signal.SIGINT, signal.SIG_DFL)"),
            cwd=self.folder,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            **options,
        )


def call(*arguments: str, first: str) -> list[str]:
    """Return the command line of a process that runs the Python code ``first`` before the command."""
    code = f"import os, sys; {first}; os.execv(sys.argv[1], sys.argv[1:])"
    return [sys.executable, "-c", code, str(SCRIPTS / "contractfuzz"), "sample", *arguments]


def contents(folder: Path) -> dict[str, bytes]:
    """Return the content of each file in a folder by its name."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "timed out"
        time.sleep(0.005)


def living(group: int) -> bool:
    """Return True if a process of the group is alive; a zombie is not."""
    if not Path("/proc/self/stat").exists():
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        return True
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, process_group = file.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(process_group) == group and state not in "ZX":
            return True
    return False


@pytest.fixture
def sample(tmp_path) -> Sample:
    return Sample(tmp_path)


@pytest.fixture(scope="session")
def whole(tmp_path_factory) -> dict[str, bytes]:
    """Files of a long run that was not interrupted, by their names."""
    return Sample(tmp_path_factory.mktemp("whole")).files("-n", "12000", "--shard-size", "300")


@pytest.fixture(name="contents")
def _contents():
    return contents


@pytest.fixture(name="wait_until")
def _wait_until():
    return wait_until


@pytest.fixture(name="living")
def _living():
    return living
