"""Fixtures that run the installed script `contractfuzz` in a separate process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = shutil.which("contractfuzz", path=str(Path(sys.executable).parent))

SERVICE = """
import json
import sys
import time

from hubspot_strategies import contract

print("importing")


def honest(body: bytes):
    try:
        payload = json.loads(body.decode())
    except RecursionError:
        raise ValueError("too deep") from None
    if not contract.is_valid(payload):
        raise ValueError("wrong")


def careless(body: bytes):
    return json.loads(body)


def talkative(payload):
    print("reading", payload)
    raise KeyError("\\x1b[31mid\\n")


def slow(payload):
    print("called", flush=True)
    time.sleep(0.02)
    raise KeyError("slow")


def reject(payload):
    raise ValueError("no")


def look_up(payload):
    raise LookupError("no")


anonymous = lambda payload: 1 / 0
NUMBER = 5
"""


@pytest.fixture(scope="session")
def script():
    assert SCRIPT is not None, "the package must be installed"
    return SCRIPT


@pytest.fixture(scope="session")
def example():
    """Folder of the example project, which has three consumers of different quality."""
    return Path(__file__).parents[2] / "examples" / "downstream"


@pytest.fixture(scope="session")
def service(tmp_path_factory):
    """Folder with a module of consumers; the commands run there."""
    folder = tmp_path_factory.mktemp("service")
    (folder / "service.py").write_text(SERVICE)
    return folder


@pytest.fixture(scope="session")
def run(script, service):
    """Run the script and wait until it ends."""

    def run(*args, cwd=service, stdin=None, env=None):
        return subprocess.run(
            [script, *args],
            cwd=cwd,
            input=stdin,
            capture_output=True,
            timeout=120,
            env={**os.environ, "TERM": "xterm", **(env or {})},
        )

    return run


@pytest.fixture(scope="session")
def refusal(run):
    """Run a wrong command and return its message, which must be one line."""

    def refusal(*args, **options):
        done = run(*args, **options)
        message = done.stderr.decode()
        assert (done.returncode, done.stdout) == (2, b"")
        assert message.startswith("contractfuzz: ")
        assert message.endswith("\n")
        assert message[:-1].isprintable(), "one line without control characters"
        return message.removeprefix("contractfuzz: ")[:-1]

    return refusal


@pytest.fixture(scope="session")
def check(run):
    """Run a check and return the process with its JSON report."""

    def check(target, *args, **options):
        done = run("check", target, "--format", "json", *args, **options)
        return done, json.loads(done.stdout)

    return check
