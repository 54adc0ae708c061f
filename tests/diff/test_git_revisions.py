"""Versions of a document at a revision of git."""

from __future__ import annotations

import io
import json
import subprocess
from contextlib import redirect_stdout

import pytest

from contractfuzz.cli.arguments.revisions import RevisedFile, find_revision
from contractfuzz.cli.main import cli
from contractfuzz.errors import ContractError

SCHEMA = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "order", "type": "object"}
API = {"openapi": "3.0.3", "info": {}, "paths": {}}


def order(*values):
    return {**SCHEMA, "properties": {"status": {"enum": [*values]}}}


def api():
    reference = {"$ref": "parts/status.json"}
    return {**API, "components": {"schemas": {"Order": {"type": "object", "properties": {"status": reference}}}}}


def git(*arguments):
    identity = ("-c", "user.name=n", "-c", "user.email=n@example.com")
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository in which each document got a value between two commits."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    git("init", "-q", "-b", "main")
    contracts = tmp_path / "contracts"
    (contracts / "parts").mkdir(parents=True)
    (contracts / "types").mkdir()
    for values in (["open"], ["open", "lost"]):
        (contracts / "order.json").write_text(json.dumps(order(*values)))
        (contracts / "api.json").write_text(json.dumps(api()))
        (contracts / "parts" / "status.json").write_text(json.dumps({"enum": values}))
        (contracts / "types" / "status.json").write_text(json.dumps({"title": "status", "enum": values}))
        (contracts / "split.json").write_text(
            json.dumps({**SCHEMA, "properties": {"status": {"$ref": "#/definitions/status"}}})
        )
        git("add", "-A")
        git("commit", "-q", "-m", "change")
    return tmp_path


def ids(old, new, *options):
    with redirect_stdout(io.StringIO()) as output:
        cli.main(["diff", old, new, "--format", "json", *options], standalone_mode=False)
    return [change["id"] for change in json.loads(output.getvalue())]


ADDED = ["/status:enum-value-added"]


def test_a_revision_is_compared_with_the_file_of_today(repository):
    assert ids("HEAD~1:contracts/order.json", "contracts/order.json") == ADDED


def test_two_revisions_are_compared(repository):
    assert ids("HEAD~1:contracts/order.json", "main:contracts/order.json") == ADDED
    assert ids("HEAD:contracts/order.json", "main:contracts/order.json") == []


def test_a_path_with_a_dot_starts_in_the_current_folder(repository, monkeypatch):
    monkeypatch.chdir(repository / "contracts")
    assert ids("HEAD~1:./order.json", "order.json") == ADDED
    assert ids("HEAD~1:contracts/order.json", "order.json") == ADDED


def test_references_lead_to_files_of_the_same_revision(repository):
    assert ids("HEAD~1:contracts/api.json#Order", "contracts/api.json#Order") == ADDED


def test_components_are_read_from_the_same_revision(repository):
    components = ("--components", "contracts/types")
    assert ids("HEAD~1:contracts/split.json", "contracts/split.json", *components) == ADDED


def test_a_file_with_a_colon_in_its_name_is_no_revision(repository):
    (repository / "main:order.json").write_text(json.dumps(order("open")))
    assert ids("main:order.json", "contracts/order.json") == ADDED


@pytest.mark.parametrize(
    ("argument", "file"),
    [
        ("main:a.json", RevisedFile("main", "a.json", "")),
        ("HEAD@{2026-11-27 10:00}:a.json", RevisedFile("HEAD@{2026-11-27 10:00}", "a.json", "")),
        ("v1:api.yaml#GET /orders:batch 200", RevisedFile("v1", "api.yaml", "#GET /orders:batch 200")),
        ("api.yaml#/paths/~1a:b", None),
        ("GET /orders:batch 200", None),
        ("https://example.com/a.json", None),
        ("orders", None),
    ],
)
def test_an_argument_is_recognised_as_a_revision(argument, file):
    assert find_revision(argument) == file


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("HEAD~9:order.json", "the git repository has no revision 'HEAD~9': name a branch, a tag or a commit"),
        ("--x:order.json", "the git repository has no revision '--x': name a branch, a tag or a commit"),
        ("HEAD:order.json", "the revision 'HEAD' has no file 'order.json': name its path from the root"),
        ("HEAD:../order.json", "the revision 'HEAD' has no file '../order.json'"),
        ("HEAD:contracts", "the revision 'HEAD' has no file 'contracts'"),
    ],
)
def test_a_missing_revision_or_file_is_an_error_in_one_line(repository, argument, message):
    with pytest.raises(ContractError) as caught:
        cli.main(["diff", "--", argument, "contracts/order.json"], standalone_mode=False)
    assert str(caught.value).startswith(message)


def test_a_broken_file_is_named_by_its_revision(repository):
    (repository / "contracts" / "order.json").write_text("{")
    git("commit", "-q", "-a", "-m", "broken")
    with pytest.raises(ContractError, match=r"^HEAD:contracts/order.json: is not JSON"):
        ids("HEAD:contracts/order.json", "contracts/api.json#Order")


def test_a_folder_without_a_repository_is_an_error_in_one_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ContractError, match=r"git cannot read the revision .*not a git repository"):
        ids("main:order.json", "order.json")


@pytest.mark.parametrize("argument", ["ma\0in:order.json", "main:\0.json"])
def test_a_null_character_is_an_error_in_one_line(repository, argument):
    with pytest.raises(ContractError, match=r"^(git cannot be started|the revision 'main' has no file)"):
        ids(argument, "contracts/order.json")


def test_a_machine_without_git_is_an_error_in_one_line(repository, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ContractError, match=r"^git cannot be started \(No such file or directory\): install it"):
        ids("main:contracts/order.json", "contracts/order.json")
