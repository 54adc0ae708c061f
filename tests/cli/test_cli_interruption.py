"""Interruption, closed pipes, and the progress bar on a terminal."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest
from systems import needs_posix

pytestmark = needs_posix


@pytest.fixture
def start(script, service):
    """Start the script without waiting for its end."""
    started = []

    def start(*args, **options):
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        env = {**os.environ, "TERM": "xterm"}
        process = subprocess.Popen([script, *args], cwd=service, env=env, **{**pipes, **options})
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()


def interrupt(process, calls):
    """Send Ctrl-C after a number of calls of the slow consumer; return the standard output."""
    seen = 0
    for line in process.stderr:
        seen += line == b"called\n"
        if seen == calls:
            break
    process.send_signal(signal.SIGINT)
    return process.communicate(timeout=60)[0].decode()


def test_ctrl_c_ends_with_the_findings_so_far(start):
    process = start("check", "service:slow")
    out = interrupt(process, 40)
    assert process.returncode == 130
    assert out.startswith("service:slow does not honour batch_association_response.\n")
    assert "KeyError at service.py:" in out
    assert "Not every case was fed (interrupted): these are the findings so far." in out
    assert "\ninvalid " not in out


def test_ctrl_c_ends_with_a_json_report_as_well(start):
    process = start("check", "service:slow", "--format", "json")
    report = json.loads(interrupt(process, 5))
    assert process.returncode == 130
    assert report["complete"] is False
    assert [one["error"]["name"] for one in report["findings"]] == ["KeyError"]
    assert 4 <= report["counts"]["valid"]["crashed"] <= 6


def test_ctrl_c_writes_the_report_to_the_output_file(start, tmp_path):
    process = start("check", "service:slow", "--format", "json", "--output", str(tmp_path / "report.json"))
    assert interrupt(process, 5) == ""
    assert process.returncode == 130
    assert json.loads((tmp_path / "report.json").read_text())["complete"] is False


@pytest.mark.parametrize(
    "args",
    ["sample -n 20000", "check service:careless", "check service:careless --format json", "violations"],
)
def test_a_broken_pipe_is_silent(start, args):
    process = start(*args.split())
    process.stdout.close()
    complaints = process.stderr.read().replace(b"importing\n", b"")
    assert (complaints, process.wait(60)) == (b"", 141)


def test_a_reader_can_take_only_the_first_line(start):
    process = start("sample", "-n", "20000")
    assert json.loads(process.stdout.readline())["status"] == "PENDING"
    process.stdout.close()
    assert (process.stderr.read(), process.wait(60)) == (b"", 141)


def read_terminal(master):
    """Return all that a terminal shows, until its other end is closed."""
    seen = b""
    while True:
        try:
            chunk = os.read(master, 65536)
        except OSError:
            return seen
        if not chunk:
            return seen
        seen += chunk


def on_terminal(start, *args):
    """Run the script with a terminal as standard error; return what the terminal shows, and the standard output."""
    master, slave = pty.openpty()
    process = start(*args, stderr=slave)
    os.close(slave)
    # Read while the script runs, because a terminal holds a few kilobytes only.
    with ThreadPoolExecutor() as pool:
        seen = pool.submit(read_terminal, master)
        out = process.stdout.read()
        process.wait(60)
        shown = seen.result()
    os.close(master)
    return shown, out


def test_a_terminal_shows_the_progress_of_a_check(start):
    seen, out = on_terminal(start, "check", "service:slow", "--only", "/status:*", "--examples", "20")
    assert b"invalid" in seen
    assert "━".encode() in seen
    assert b"\x1b" not in out
    assert "━".encode() not in out


def test_a_pipe_gets_no_progress_bar(run):
    done = run("check", "service:reject", "--only", "/status:*")
    assert done.stderr == b"importing\n"
