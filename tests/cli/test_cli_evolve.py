"""The command `contractfuzz evolve`."""

from __future__ import annotations

import json

import pytest

SERVICE = """
def read(payload):
    return {"id": payload["id"], "name": payload.get("name")}


def nothing(payload):
    raise KeyError("nothing")
"""
SCHEMA = {
    "title": "User",
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
}
CONFIGURATION = """
[contracts]
user = "user.json"

[targets.reader]
consumer = "users:read"
contract = "user"
tolerate = ["/id:type.null"]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evolve")
    (folder / "users.py").write_text(SERVICE)
    (folder / "user.json").write_text(json.dumps(SCHEMA))
    (folder / "contractfuzz.toml").write_text(CONFIGURATION)
    (folder / "base.json").write_text('{"id": 5}')
    return folder


def test_a_break_of_a_configured_target_ends_with_exit_code_1(run, folder):
    done = run("evolve", "reader", "--only", "*:absent", cwd=folder)
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"The provider may make 1 of 2 possible changes of user without breaking users:read.\n" in done.stdout
    assert b"users.py:3 (KeyError): /id may be absent\n" in done.stdout


def test_changes_are_made_to_the_base_and_breaks_are_tolerated(run, folder):
    options = (
        "--base",
        "base.json",
        "--only",
        "/id:*",
        "--tolerate",
        "/id:*",
        "--format",
        "json",
        "--output",
        "e.json",
    )
    done = run("evolve", "users:read", "--contract", "user.json", *options, cwd=folder)
    assert (done.returncode, done.stdout) == (0, b"")
    data = json.loads((folder / "e.json").read_text())
    assert {change["before"]["id"] for change in data["changes"] if change["impact"] == "crashed"} == {5}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("users:nothing",), b"users:nothing accepts no payload to compare with (KeyError: 'nothing')"),
        (("users:read", "--policy", "strict"), b"No such option"),
    ],
)
def test_a_wrong_call_ends_with_one_line_and_exit_code_2(run, folder, arguments, message):
    done = run("evolve", *arguments, "--contract", "user.json", cwd=folder)
    assert (done.returncode, done.stdout) == (2, b"")
    assert message in done.stderr
    assert done.stderr.count(b"\n") == 1
