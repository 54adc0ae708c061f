"""`--values FILE` gives `check`, `fuzz`, `replay` and `sample` the user's own values, and reproductions repeat it."""

from __future__ import annotations

import json
import shlex
from hashlib import shake_128

import pytest

from contractfuzz import Contract

LONG = shake_128(b"too long to print, even compressed").hexdigest(8000)
VALUES = {"/results/*/from/id": ["33451", "0"]}
CONSUMER = """
def read(payload):
    if "33451" in str(payload):
        raise KeyError("33451")
    if not isinstance(payload, dict) or len(str(payload)) > 0:
        raise ValueError


def read_order(payload):
    if isinstance(payload, dict) and len(payload.get("id", "")) == 16000:
        raise KeyError("own")
    raise ValueError
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("values")
    (folder / "values.json").write_text(json.dumps(VALUES))
    (folder / "values.yaml").write_text("/results/*/from/id:\n  - '33451'\n  - '0'\n")
    (folder / "consumer.py").write_text(CONSUMER)
    order = {"title": "Order", "type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
    (folder / "order.json").write_text(json.dumps(order))
    (folder / "long values.json").write_text(json.dumps({"/id": [LONG]}))
    return folder


@pytest.mark.parametrize("file", ["values.json", "values.yaml"])
def test_sample_uses_the_values_of_a_file(run, folder, hubspot, file):
    done = run("sample", "-n", "100", "--values", file, cwd=folder)
    assert (done.returncode, done.stderr) == (0, b"")
    expected = [case.payload for case in hubspot.with_values(VALUES).sample(100)]
    assert [json.loads(line) for line in done.stdout.splitlines()] == expected
    assert b'"33451"' in done.stdout


def test_workers_use_the_values_too(run, folder, tmp_path):
    for workers in ("1", "2"):
        target = tmp_path / workers
        done = run(
            "sample", "-n", "60", "--values", "values.json", "--workers", workers, "--output", f"{target}/", cwd=folder
        )
        assert (done.returncode, done.stderr) == (0, b"")
    one, two = ((tmp_path / workers / "valid-000000.jsonl").read_bytes() for workers in ("1", "2"))
    assert one == two
    assert b'"33451"' in one


def test_check_uses_the_values(run, folder):
    found = {}
    for options in ([], ["--values", "values.json"]):
        done = run("check", "consumer:read", "--format", "json", "--examples", "50", *options, cwd=folder)
        found[len(options)] = b"KeyError" in done.stdout
    assert found == {0: False, 2: True}


def test_the_command_that_reproduces_a_finding_has_the_values(run, folder):
    options = ["--contract", "order.json", "--values", "long values.json", "--format", "json"]
    done = run("check", "consumer:read_order", *options, cwd=folder)
    crash = next(one for one in json.loads(done.stdout)["findings"] if one["verdict"] == "crashed")
    command = shlex.split(crash["reproduction"])
    assert command[command.index("--values") + 1] == "long values.json"
    again = run(*command[1:], "--format", "json", cwd=folder)
    assert any(one["verdict"] == "crashed" for one in json.loads(again.stdout)["findings"])


def test_a_contract_with_values_from_python_has_no_command(folder):
    from contractfuzz.running.options import RunOptions, check_command

    contract = Contract.load(folder / "order.json")
    assert check_command(RunOptions(), "consumer:read", contract, "object")
    assert not check_command(RunOptions(), "consumer:read", contract.with_values({"/id": ["a"]}), "object")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "wrong.json"),
        ("{", "wrong.json"),
        ("[]", "wrong.json"),
        (
            '{"/results/*/from/ids": ["1"]}',
            "unknown location '/results/*/from/ids': did you mean '/results/*/from/id'?",
        ),
        (
            '{"/results/*/from/id": [5]}',
            "the value 5 at /results/*/from/id breaks the schema: 5 is not of type 'string'",
        ),
        ('{"/results/*/from/id": "5"}', "the values at /results/*/from/id are not a list of values"),
    ],
)
def test_a_wrong_file_of_values_is_refused_in_one_line(refusal, folder, content, message):
    file = folder / "wrong.json"
    file.unlink(missing_ok=True)
    if content is not None:
        file.write_text(content)
    assert message in refusal("sample", "--values", "wrong.json", cwd=folder)


@pytest.mark.parametrize("command", ["check", "fuzz"])
def test_other_commands_refuse_a_missing_file_of_values(refusal, folder, command):
    assert "missing.json" in refusal(command, "consumer:read", "--values", "missing.json", cwd=folder)
