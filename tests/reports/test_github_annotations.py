"""Workflow commands: the annotations that GitHub Actions shows for a report."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from contractfuzz.reports.github_annotations import MAX_ERRORS_PER_STEP
from contractfuzz.reports.rendering import render

ROOT = Path(__file__).parents[2]


def commands(text):
    """Parse workflow commands as GitHub's runner does: one on each line, properties and message escaped."""
    parsed = []
    for line in text.splitlines():
        name, properties, message = re.fullmatch(r"::(\w+) (.*?)::(.*)", line).groups()
        pairs = dict(pair.split("=", 1) for pair in properties.split(","))
        parsed.append((name, {key: unescape(value) for key, value in pairs.items()}, unescape(message)))
    return parsed


def unescape(text):
    for character in ":,\n\r%":
        text = text.replace(f"%{ord(character):02X}", character)
    return text


def test_a_crash_annotates_the_line_that_raised(reported, monkeypatch):
    monkeypatch.setenv("GITHUB_WORKSPACE", str(ROOT))
    name, properties, message = next(
        command for command in commands(render(reported("careless"), "github")) if "KeyError: 'lines'" in command[2]
    )
    source = (ROOT / properties["file"]).read_text(encoding="utf-8").splitlines()
    assert name == "error"
    assert 'order["lines"]' in source[int(properties["line"]) - 1]
    assert message.splitlines()[-1].startswith("reproduce: ")


def test_a_wrongly_accepted_case_annotates_the_definition_of_the_consumer(reported, monkeypatch):
    monkeypatch.setenv("GITHUB_WORKSPACE", str(ROOT))
    report = reported("careless")
    accepted = [finding for finding in report.findings if finding.effect is not None]
    written = commands(render(replace(report, findings=accepted), "github"))
    _, properties, message = next(command for command in written if "No effect: " in command[1]["title"])
    assert "\neffect: none: " in message
    source = (ROOT / properties["file"]).read_text(encoding="utf-8").splitlines()
    assert source[int(properties["line"]) - 1].startswith("def careless")


def test_a_file_outside_the_repository_is_not_annotated(reported, monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    properties = [properties for _, properties, _ in commands(render(reported("careless"), "github"))]
    assert len(properties) > 3
    assert all("file" not in each for each in properties)


def test_a_consumer_that_cannot_be_found_is_not_annotated(reported, monkeypatch):
    monkeypatch.setenv("GITHUB_WORKSPACE", str(ROOT))
    report = reported("careless")
    findings = [replace(finding, consumer="nowhere:at.all", raised=None) for finding in report.findings]
    properties = [properties for _, properties, _ in commands(render(replace(report, findings=findings), "github"))]
    assert len(properties) > 3
    assert all("file" not in each for each in properties)


def test_an_honest_consumer_gives_a_notice_and_nothing_else(reported):
    (command,) = commands(render(reported("honest"), "github"))
    assert command == ("notice", {"title": "contractfuzz"}, "reported_consumers:honest honours orders.")


def test_errors_beyond_the_limit_of_github_become_one_warning(reported):
    names = [name for name, _, _ in commands(render([reported("careless"), reported("improved")], "github"))]
    assert names.count("error") == MAX_ERRORS_PER_STEP
    assert names[-1] == "warning"


def test_payloads_and_names_cannot_start_a_workflow_command(reported):
    text = render(reported("echoing"), "github")
    assert not re.search("[^\n\x20-\x7e]", text)
    names = [name for name, _, _ in commands(text)]
    assert names == ["notice", *["error"] * (len(names) - 1)]
    assert len(names) > 1
