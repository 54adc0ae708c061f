"""``contractfuzz differ`` on the command line."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from contractfuzz.cli.main import cli
from contractfuzz.errors import ContractError

DOCUMENT = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "accounts",
    "type": "object",
    "properties": {"id": {"type": "integer"}},
    "required": ["id"],
}
OLD = """
def read(account: dict) -> dict:
    print("on standard output")
    return {"id": account["id"]}
"""
NEW = """
def read(account: dict) -> dict:
    if account["id"] is None:
        raise ValueError("no id")
    return {"id": account["id"]}
"""
CONFIGURATION = """
[targets.old]
consumer = "old_accounts:read"
contract = "accounts.json"
raises = ["TypeError", "KeyError"]

[targets.copy]
consumer = "old_accounts:read"
contract = "accounts.json"
raises = ["TypeError", "KeyError"]
"""


@pytest.fixture
def run_differ(tmp_path):
    for name, text in {
        "accounts.json": json.dumps(DOCUMENT),
        "old_accounts.py": OLD,
        "new_accounts.py": NEW,
        "contractfuzz.toml": CONFIGURATION,
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    def run(*words):
        return subprocess.run(
            [sys.executable, "-m", "contractfuzz", "differ", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )

    return run


def test_a_disagreement_is_exit_code_1_and_the_report_is_all_of_standard_output(run_differ):
    options = ["--contract", "accounts.json", "--only", "/id:type.*", "--format", "json"]
    done = run_differ("old_accounts:read", "new_accounts:read", *options)
    assert done.returncode == 1
    data = json.loads(done.stdout)
    assert data["targets"] == ["old_accounts:read", "new_accounts:read"]
    assert [one["label"] for one in data["disagreements"]] == ["/id:type.null"]
    assert "on standard output" in done.stderr


def test_configured_targets_agree_with_exit_code_0(run_differ):
    done = run_differ("old", "copy", "--examples", "5", "--format", "markdown")
    assert done.returncode == 0
    assert done.stdout.startswith("## `old` and `copy` agree on ")


def test_one_target_is_a_wrong_call():
    with pytest.raises(ContractError, match="name at least two targets to compare, as in: differ old"):
        cli.main(["differ", "service:read"], standalone_mode=False)


def test_the_help_has_no_options_that_judge(capsys):
    cli.main(["differ", "--help"], standalone_mode=False)
    text = capsys.readouterr().out
    assert "--raises" in text
    assert "--tolerate" not in text
