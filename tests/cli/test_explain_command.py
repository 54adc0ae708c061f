"""The command ``explain``: text for people, JSON for programs, one line for a label that does not exist."""

from __future__ import annotations

import json

import pytest

from contractfuzz.cli.arguments.contracts import project_configuration
from contractfuzz.cli.main import cli, main


@pytest.fixture
def explained(monkeypatch, tmp_path, capsys):
    """Run the command in this process; return what it prints."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    project_configuration.cache_clear()

    def run(*arguments):
        cli.main(["explain", *arguments], standalone_mode=False)
        return capsys.readouterr().out

    yield run
    project_configuration.cache_clear()


def test_a_label_is_explained_in_lines_that_fit(explained):
    lines = explained("/status:enum.unknown").splitlines()
    assert lines[:3] == [
        "/status:enum.unknown: a value that is not in the list",
        "",
        "  expected    a correct consumer rejects it",
    ]
    names = [line[2:14].strip() for line in lines[2:] if line[2:14].strip()]
    assert names == ["expected", "why", "strict", "tolerant", "code", "example", "instead of", "options"]
    copied = ("  code", "  example", "  instead of")
    assert all(len(line) <= 80 for line in lines if not line.startswith(copied))


def test_the_contract_of_an_example_is_named_if_it_is_not_the_chosen_one(explained):
    assert "case        /name:minLength.short of example\n" in explained("minLength.short")
    assert " of batch_association_response\n" in explained("enum.case")


def test_a_glob_lists_labels_and_their_definitions(explained):
    lines = explained("/status:enum.*").splitlines()
    assert len(lines) == 5
    assert lines[0] == "/status:enum.unknown  a value that is not in the list"


def test_json_has_everything(explained):
    [found] = json.loads(explained("status.204", "--format", "json"))
    assert found["type"] == "wire case"
    assert found["example"] is None
    assert found["advice"].keys() == {"why", "strict", "tolerant", "hint", "options"}


def test_a_document_is_used(explained, tmp_path):
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["colour"]}
    (tmp_path / "paint.json").write_text(json.dumps(schema))
    assert "example     {}\n" in explained("required.missing", "--contract", "paint.json")


def test_a_project_without_a_contract_gets_small_examples(explained, monkeypatch):
    monkeypatch.setattr("contractfuzz.contract.Contract.installed", lambda: ())
    assert "case        /status:enum.unknown of example\n" in explained("enum.unknown")


def test_an_unknown_label_is_refused_in_one_line(explained, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["contractfuzz", "explain", "enum.unkown"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert capsys.readouterr().err == "contractfuzz: unknown label 'enum.unkown': did you mean 'enum.unknown'?\n"
