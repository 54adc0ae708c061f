"""The package on a system without POSIX: modules and commands in a process without what Windows lacks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import as_on_windows
import pytest

COUNTER = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Counter",
    "type": "object",
    "properties": {"n": {"type": "integer", "minimum": 0}},
    "required": ["n"],
}
COMMANDS = {
    "check": ("check", "careless:read", "--contract", "counter.json", "--examples", "3"),
    "isolate": ("check", "careless:read", "--contract", "counter.json", "--isolate"),
    "sample": ("sample", "--contract", "counter.json", "-n", "3"),
    "files": ("sample", "--contract", "counter.json", "-n", "3", "--output", "cases/"),
    "evolve": ("evolve", "careless:read", "--contract", "counter.json"),
    "lint": ("lint", "counter.json"),
    "diff": ("diff", "counter.json", "narrower.json"),
    "init": ("init", "careless:read", "--contract", "counter.json"),
}


@pytest.fixture(scope="module")
def on_windows(tmp_path_factory):
    """Run all commands in one process, and return its errors of imports and its results by name."""
    folder = tmp_path_factory.mktemp("windows")
    (folder / "careless.py").write_text('def read(counter):\n    return counter["n"] + 1\n', encoding="utf-8")
    narrower = {**COUNTER, "properties": {"n": {"type": "integer", "minimum": 3}}}
    for name, document in (("counter", COUNTER), ("narrower", narrower)):
        (folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")
    arguments = map(json.dumps, COMMANDS.values())
    done = subprocess.run(
        [sys.executable, as_on_windows.__file__, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    return folder, printed["errors"], dict(zip(COMMANDS, printed["results"], strict=True))


def test_each_module_can_be_imported(on_windows):
    assert on_windows[1] == {}


@pytest.mark.parametrize(
    ("name", "code", "printed"),
    [
        ("check", 1, "KeyError"),
        ("sample", 0, '{"n":0}'),
        ("files", 0, ""),
        ("evolve", 1, "becomes a string"),
        ("lint", 0, ""),
        ("diff", 0, "0 is less than the minimum of 3"),
        ("init", 0, "wrote"),
    ],
)
def test_a_command_works(on_windows, name, code, printed):
    result = on_windows[2][name]
    assert result["exit"] == code, result
    assert printed in result["output"]


def test_a_folder_is_locked_without_fcntl(on_windows):
    assert sorted(path.name for path in Path(on_windows[0], "cases").iterdir()) == [
        "SHA256SUMS",
        "manifest.json",
        "valid-000000.jsonl",
    ]


def test_isolation_is_refused_in_one_line(on_windows):
    result = on_windows[2]["isolate"]
    assert result["exit"] != 0
    assert "needs fork(), which Windows does not have" in result["error"]
