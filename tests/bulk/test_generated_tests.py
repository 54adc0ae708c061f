"""`contractfuzz sample --as-tests`: a plain pytest file, or JSON fixtures for projects in other languages."""

from __future__ import annotations

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from contractfuzz import Contract

CONTRACTFUZZ = shutil.which("contractfuzz", path=str(Path(sys.executable).parent))
HONEST = """
from contractfuzz import Contract
import json
contract = Contract.named("batch_association_response")
def consume(body):
    try:
        payload = json.loads(body)
    except RecursionError:
        raise ValueError from None
    if not contract.is_valid(payload):
        raise ValueError
"""


def sample(tmp_path, *arguments):
    command = [CONTRACTFUZZ, "sample", *arguments]
    return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("kind", ["valid", "invalid", "malformed", "incoherent"])
def test_a_pytest_file_runs_without_contractfuzz(tmp_path, kind):
    options = ["--only", "cut-*"] if kind == "malformed" else []
    assert sample(tmp_path, "-n", "12", "--kind", kind, *options, "--as-tests", "test_cases.py").returncode == 0
    file = tmp_path / "test_cases.py"
    start = file.read_text().index("def consume"), file.read_text().index("CASES = [")
    assert "contractfuzz" not in file.read_text()
    file.write_text(file.read_text()[: start[0]] + HONEST + file.read_text()[start[1] :])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:contractfuzz", "-p", "no:cacheprovider", "test_cases.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert "12 passed" in done.stdout, done.stdout


def test_the_pytest_file_asks_for_the_code_under_test(tmp_path):
    sample(tmp_path, "-n", "1", "--as-tests", "test_cases.py")
    assert "call your code here" in (tmp_path / "test_cases.py").read_text()


def test_json_fixtures_contain_the_cases(tmp_path):
    sample(tmp_path, "-n", "5", "--kind", "invalid", "--seed", "3", "--as-tests", "cases.json")
    fixtures = json.loads((tmp_path / "cases.json").read_text())
    expected = list(Contract.named("batch_association_response").sample(5, "invalid", seed=3))
    assert fixtures["contract"] == "batch_association_response"
    assert [one["payload"] for one in fixtures["cases"]] == [case.payload for case in expected]
    assert [one["label"] for one in fixtures["cases"]] == [case.label for case in expected]
    assert {one["expectation"] for one in fixtures["cases"]} == {"rejects"}


def test_malformed_bodies_are_in_base64(tmp_path):
    sample(tmp_path, "-n", "1", "--kind", "malformed", "--only", "cut-utf-8", "--as-tests", "cases.json")
    [fixture] = json.loads((tmp_path / "cases.json").read_text())["cases"]
    with pytest.raises(UnicodeDecodeError):
        base64.b64decode(fixture["body"]).decode()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--as-tests", "cases.txt"], "cases.txt is not a test file"),
        (["--as-tests", "there.py"], "there.py exists"),
        (["--as-tests", "nowhere/test_it.py"], "cannot be written"),
        (["--as-tests", "a.py", "--output", "b"], "cannot be combined with --as-tests"),
    ],
)
def test_a_wrong_call_is_one_line(tmp_path, arguments, problem):
    (tmp_path / "there.py").write_text("")
    done = sample(tmp_path, *arguments)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert problem in done.stderr
