"""The command `contractfuzz sample`, run as users run it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

SCRIPTS = Path(sys.executable).parent
PATIENCE = 180  # seconds; only for runs that hang


class Sample:
    """Runs or starts `contractfuzz sample` in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str, first: str = "pass", **how) -> subprocess.CompletedProcess:
        return subprocess.run(
            call(*arguments, first=first),
            cwd=self.folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE,
            **how,
        )

    def files(self, *arguments: str) -> dict[str, bytes]:
        """Run it and return the files of the folder `made`."""
        done = self(*arguments, "--output", "made/")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        return contents(self.folder / "made")

    def refusal(self, *arguments: str, **how) -> str:
        """Run a call that is refused, and return the one line that says why."""
        done = self(*arguments, **how)
        assert done.returncode == 2, done
        assert done.stderr.startswith("contractfuzz: ")
        assert done.stderr.count("\n") == 1
        return done.stderr

    def start(self, *arguments: str, **how) -> subprocess.Popen:
        """Start it in a process group of its own, as a shell does."""
        return subprocess.Popen(
            # Where the tests run in the background, Ctrl-C may be ignored, and that is inherited.
            call(*arguments, first="import signal; signal.signal(signal.SIGINT, signal.SIG_DFL)"),
            cwd=self.folder,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            **how,
        )


def call(*arguments: str, first: str) -> list[str]:
    """Return the call of the command in a process that does something ``first``."""
    code = f"import os, sys; {first}; os.execv(sys.argv[1], sys.argv[1:])"
    return [sys.executable, "-c", code, str(SCRIPTS / "contractfuzz"), "sample", *arguments]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def living(group: int) -> bool:
    """Whether a process of the group is alive; one that nobody has buried yet is not."""
    if not Path("/proc/self/stat").exists():
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return False
        return True
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = file.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(its_group) == group and state not in "ZX":
            return True
    return False


@pytest.fixture
def sample(tmp_path) -> Sample:
    return Sample(tmp_path)


@pytest.fixture(scope="session")
def whole(tmp_path_factory) -> dict[str, bytes]:
    """What a long run makes that nothing interrupts."""
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
