"""The progress bar: shown on a terminal, silent and light elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from contractfuzz import progress

STEPS = """
import sys
from contractfuzz.progress import progress_bar

with progress_bar() as bar:
    for step in ("valid", "invalid"):
        for done in range(33):
            bar.update(step, done, 32)
"""

KNOWN_TOTAL = """
from contractfuzz.progress import progress_bar

with progress_bar(1_000, done=400) as bar:
    for _ in range(6):
        bar.advance(100)
"""


def run_on_a_terminal(code):
    pty = pytest.importorskip("pty")
    reader, terminal = pty.openpty()
    with os.fdopen(reader, "rb", buffering=0) as screen:
        done = subprocess.run(
            [sys.executable, "-c", code], stderr=terminal, env={**os.environ, "TERM": "xterm", "COLUMNS": "100"}
        )
        os.close(terminal)
        shown = screen.read(65536).decode()
    assert done.returncode == 0
    return shown


def test_steps_are_shown_by_name_without_a_rate():
    shown = run_on_a_terminal(STEPS)
    assert "invalid" in shown
    assert "32/32" in shown
    assert "cases/s" not in shown


def test_a_known_total_is_counted_from_where_it_starts_and_has_a_rate():
    shown = run_on_a_terminal(KNOWN_TOTAL)
    assert "1000/1000" in shown
    assert "cases/s" in shown


@pytest.mark.parametrize("code", [STEPS, KNOWN_TOTAL], ids=["steps", "known-total"])
def test_nothing_is_shown_or_loaded_without_a_terminal(code):
    code += "\nimport sys; print('rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "False\n", "")


def test_standard_error_may_be_closed():
    code = f"import sys; sys.stderr = None\n{STEPS}\nprint('done')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "done\n")


def test_without_a_terminal_a_line_is_printed_now_and_then(capsys, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(progress, "monotonic", lambda: now[0])
    with progress.progress_bar(expected=300) as bar:
        for done in range(100):
            now[0] += 1
            bar.update("valid", done, 100)
        for done in range(20):
            now[0] += 1
            bar.update("invalid", done, 200)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "valid: 29 of 100, about 5 min left"
    assert [line.partition(":")[0] for line in lines] == ["valid", "valid", "valid", "invalid"]


def test_without_a_terminal_and_an_estimate_nothing_is_printed(capsys, monkeypatch):
    monkeypatch.setattr(progress, "LINE_INTERVAL_SECONDS", 0.0)
    with progress.progress_bar() as bar:
        bar.update("valid", 1, 2)
    assert capsys.readouterr().err == ""
