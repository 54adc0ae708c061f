"""The command diff: formats, severities, the list of changes to ignore, and exit codes."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from contractfuzz.cli.arguments.contracts import project_configuration
from contractfuzz.cli.main import cli
from contractfuzz.errors import ContractError
from contractfuzz.markdown import MAX_COMMENT_BYTES

CONTRACTFUZZ = shutil.which("contractfuzz", path=str(Path(sys.executable).parent))
OLD = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {"id": {"type": "string"}, "status": {"enum": ["open"]}},
    "required": ["id"],
}
NEW = {
    **OLD,
    "properties": {"id": {"type": "string", "deprecated": True}, "status": {"enum": ["open", "lost"]}},
    "required": ["id", "status"],
}
IDS = ["/status:enum-value-added", "/id:deprecated-added", "/status:property-became-required"]
"""The ids of the changes from OLD to NEW, the worst for consumers first."""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.json").write_text(json.dumps(OLD))
    (tmp_path / "new.json").write_text(json.dumps(NEW))
    project_configuration.cache_clear()
    yield tmp_path
    project_configuration.cache_clear()


def run(*options, old="old.json", new="new.json"):
    """Return the exit code, standard output and standard error of the command."""
    with redirect_stdout(io.StringIO()) as output, redirect_stderr(io.StringIO()) as errors:
        code = cli.main(["diff", old, new, *options], standalone_mode=False)
    return code, output.getvalue(), errors.getvalue()


def ids(*options):
    return [change["id"] for change in json.loads(run("--format", "json", *options)[1])]


def test_text_has_the_worst_changes_first_and_shows_which_have_no_witness(folder):
    lines = (
        "error: /status: enum-value-added: newly allowed; rejected before: 'lost' is not one of ['open']\n"
        '    witness:  {"id":"","status":"lost"}\n'
        "warning: /id: deprecated-added: is now deprecated\n"
        "    witness:  none: no payload shows this change\n"
        "info: /status: property-became-required: no longer allowed: 'status' is a required property\n"
        '    witness:  {"id":""}\n'
        "1 error, 1 warning, 1 info for the consumer\n"
    )
    assert run() == (1, lines, "")


def test_json_has_each_change_with_its_severities(folder):
    changes = {change["id"]: change for change in json.loads(run("--format", "json")[1])}
    assert sorted(changes) == sorted(IDS)
    added = changes["/status:enum-value-added"]
    assert (added["severity"], added["consumer"], added["producer"]) == ("error", "error", "info")
    assert (added["direction"], added["witness"]) == ("wider", {"id": "", "status": "lost"})
    assert (changes["/id:deprecated-added"]["has_witness"], "witness" in changes["/id:deprecated-added"]) == (
        False,
        False,
    )


def test_markdown_is_a_list(folder):
    assert run("--format", "markdown")[1].splitlines()[2:6] == [
        "- **error**: `/status`: `enum-value-added`: `newly allowed; rejected before: 'lost' is not one of ['open']`",
        '  - witness: `{"id":"","status":"lost"}`',
        "- **warning**: `/id`: `deprecated-added`: `is now deprecated`",
        "  - witness: none: no payload shows this change",
    ]


def test_markdown_fits_into_a_comment_and_counts_what_is_left_out(folder):
    names = [f"{number:03}-{'x' * 200}" for number in range(200)]
    for file, deprecated in (("old.json", False), ("new.json", True)):
        properties = {name: {"type": "string", "deprecated": deprecated} for name in names}
        (folder / file).write_text(json.dumps({**OLD, "properties": properties}))
    text = run("--format", "markdown")[1]
    assert len(text.encode()) <= MAX_COMMENT_BYTES
    listed = text.count("- **warning**")
    assert 0 < listed < 200
    assert text.endswith(
        f"\nLeft out, because a comment has a limited size: {200 - listed} changes. The text report has all.\n"
    )


def test_sarif_names_the_later_document(folder):
    results = json.loads(run("--format", "sarif")[1])["runs"][0]["results"]
    assert [(result["ruleId"], result["level"]) for result in results] == [
        ("enum-value-added", "error"),
        ("deprecated-added", "warning"),
        ("property-became-required", "note"),
    ]
    location = results[0]["locations"][0]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "new.json"
    assert location["logicalLocations"][0]["fullyQualifiedName"] == "/status"


def test_the_side_chooses_the_severities(folder):
    changes = json.loads(run("--format", "json", "--side", "producer")[1])
    assert {change["id"]: change["severity"] for change in changes} == dict(
        zip(IDS, ("info", "warning", "error"), strict=True)
    )
    assert run(old="new.json", new="old.json")[0] == 1  # /status may be absent
    assert run("--ignore", "*:enum-*")[0] == 0
    assert run("--ignore", "*:enum-*", "--side", "both")[0] == 1


@pytest.mark.parametrize(("severity", "code"), [("error", 0), ("warning", 1), ("info", 1), ("none", 0)])
def test_fail_on_chooses_the_severity_that_fails(folder, severity, code):
    assert run("--ignore", "*:enum-*", "--fail-on", severity)[0] == code


def test_an_ignored_change_is_counted_and_not_shown(folder):
    code, output, _ = run("--ignore", "/status:enum-value-added")
    assert (code, "enum-value-added" in output) == (0, False)
    assert output.endswith("0 errors, 1 warning, 1 info, 1 ignored for the consumer\n")


def test_the_configuration_has_a_list_too(folder):
    (folder / "contractfuzz.toml").write_text('[diff]\nignore = ["/status:*"]\n')
    assert ids() == ["/id:deprecated-added"]
    assert ids("--ignore", "/id:*") == []


def test_an_entry_that_matches_nothing_is_reported(folder):
    assert (
        run("--ignore", "/other:*")[2] == "contractfuzz: the entry '/other:*' to ignore matches no change: remove it\n"
    )


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("/status", "'/status' names no rule: write LOCATION:RULE, such as '/status:*'"),
        ("/status:enum-value-aded", "unknown rule of a change 'enum-value-aded': did you mean 'enum-value-added'?"),
    ],
)
def test_a_wrong_entry_is_an_error_with_a_suggestion(folder, entry, message):
    with pytest.raises(ContractError) as caught:
        run("--ignore", entry)
    assert str(caught.value) == message
    (folder / "contractfuzz.toml").write_text(f'[diff]\nignore = "{entry}"\n')
    with pytest.raises(ContractError) as caught:
        run()
    assert str(caught.value) == f"contractfuzz.toml: diff.ignore: {message}"


def test_equal_contracts_have_no_changes(folder):
    message = "no payload was found that one version allows and the other does not\n"
    assert run(new="old.json") == (0, message, "")


def test_the_options_of_a_consumer_need_one(folder):
    with pytest.raises(ContractError, match="--feed is about the code of a consumer"):
        run("--feed", "text")
    with pytest.raises(ContractError, match="leave out --side producer"):
        run("--consumer", "a:b", "--side", "producer")


def test_the_process_exits_with_0_1_and_2(folder):
    def exit_code(*arguments):
        return subprocess.run([CONTRACTFUZZ, "diff", *arguments], capture_output=True, timeout=60).returncode

    assert exit_code("old.json", "old.json") == 0
    assert exit_code("old.json", "new.json") == 1
    assert exit_code("old.json", "missing.json") == 2
