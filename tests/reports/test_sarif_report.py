"""SARIF: the alerts that a code scanning service shows for a report."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from contractfuzz.reports.rendering import render
from contractfuzz.running.causes import sections

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def repository(monkeypatch):
    monkeypatch.setenv("GITHUB_WORKSPACE", str(ROOT))


def results(report):
    [run] = json.loads(render(report, "sarif"))["runs"]
    return run["results"]


def place(result):
    [location] = result["locations"]
    physical = location["physicalLocation"]
    assert physical["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
    return physical["artifactLocation"]["uri"], physical["region"]["startLine"]


def test_each_cause_is_one_result_at_the_line_that_raised(reported):
    found = results(reported("careless"))
    assert len(found) == sum(len(section.causes) for section in sections(reported("careless"))) > 3
    [crash] = [result for result in found if result["ruleId"] == "/lines:required.missing"]
    file, line = place(crash)
    assert 'order["lines"]' in (ROOT / file).read_text(encoding="utf-8").splitlines()[line - 1]
    assert crash["message"]["text"].startswith("Crashes: KeyError at reported_consumers.py:")
    assert crash["level"] == "error"


def test_a_wrongly_accepted_case_is_at_the_definition_and_less_severe(reported):
    [result] = [result for result in results(reported("careless")) if result["ruleId"] == "/state:*"]
    file, line = place(result)
    assert (ROOT / file).read_text(encoding="utf-8").splitlines()[line - 1].startswith("def careless")
    assert result["level"] == "note"


def test_results_at_the_definition_of_the_consumer_differ_in_their_rules(reported):
    found = [result for result in results(reported("careless")) if "Crashes" not in result["message"]["text"]]
    assert len({place(result) for result in found}) == 1
    assert len({result["ruleId"] for result in found}) == len(found) > 3


def test_every_rule_is_described(reported):
    [run] = json.loads(render([reported("careless"), reported("improved")], "sarif"))["runs"]
    described = {rule["id"]: rule["shortDescription"]["text"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in run["results"]} == described.keys()
    assert described["/lines:required.missing"] == "Payloads that break the contract at /lines: missing"


def test_a_fingerprint_survives_a_line_that_moves(reported):
    report = reported("careless")
    moved = [
        replace(
            finding,
            raised=finding.raised and replace(finding.raised, place=finding.raised.place.replace(":", ":1"), number=1),
        )
        for finding in report.findings
    ]
    fingerprints = [result["partialFingerprints"] for result in results(report)]
    assert [result["partialFingerprints"] for result in results(replace(report, findings=moved))] == fingerprints
    assert len({json.dumps(fingerprint) for fingerprint in fingerprints}) == len(fingerprints) > 3


def test_code_that_cannot_be_found_is_shown_at_the_configuration(reported, monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    assert {place(result) for result in results(reported("careless"))} == {("pyproject.toml", 1)}
    (tmp_path / "contractfuzz.toml").touch()
    assert {place(result) for result in results(reported("careless"))} == {("contractfuzz.toml", 1)}


def test_known_findings_and_an_honest_consumer_give_no_results(reported):
    report = reported("careless")
    assert results(replace(report, findings=[], known=report.findings)) == []
    assert results(reported("honest")) == []
