"""The pre-commit hook that compares documents with their committed versions."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from contractfuzz.diff import pre_commit

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(*arguments):
    identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


def write(name, **properties):
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": properties}
    with Path(name).open("w", encoding="utf-8") as file:
        json.dump(document, file)


revisions = pytest.mark.skipif(
    importlib.util.find_spec("contractfuzz.cli.arguments.revisions") is None, reason="diff reads no revisions yet"
)


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """Enter a repository with a committed document."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PRE_COMMIT_FROM_REF", raising=False)
    git("init", "--quiet", "--initial-branch=main")
    write("order.json", id={"type": "string"})
    git("add", ".")
    git("commit", "--quiet", "--message=Add documents")


def test_files_that_are_not_committed_are_skipped(repository):
    write("new.json", id={"type": "integer"})
    assert pre_commit.compare_with_committed(["new.json"]) == 0


def test_a_call_without_files_has_nothing_to_compare():
    assert pre_commit.compare_with_committed(["--side", "consumer"]) == 0


@revisions
def test_a_breaking_change_of_one_file_fails(repository, capfd):
    write("order.json", id={"type": "integer"})
    assert pre_commit.compare_with_committed(["--side", "consumer", "order.json"]) == 1
    assert "/id" in capfd.readouterr().out


@revisions
def test_the_revision_of_pre_commit_is_compared(repository, monkeypatch):
    write("order.json", id={"type": "integer"})
    git("commit", "--quiet", "--all", "--message=Change the id")
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "HEAD~1")
    assert pre_commit.compare_with_committed(["order.json"]) == 1
