"""Five planted bugs: the first eight lines of the text report name all of them, each with its cause and smallest payload."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import planted_service
import pytest

from contractfuzz import Contract, check
from contractfuzz.reports.rendering import render
from contractfuzz.running.causes import sections

MINIMAL = {"id": "", "state": "open", "opened": 0, "closed": 0, "text_1": "", "size_1": 0}

BUGS = {
    "a date without fraction": (
        "rejected valid payload ValueError at planted_service.py:LINE in buggy",
        {**MINIMAL, "sentAt": "2000-01-01T00:00:00Z"},
    ),
    "an assertion that masks others": (
        "crashed valid payload AssertionError at planted_service.py:LINE in buggy",
        {**MINIMAL, "opened": 1},
    ),
    "a new value of an enum": (
        "rejected /state:enum.unknown ValueError at planted_service.py:LINE in buggy",
        {**MINIMAL, "state": "UNKNOWN"},
    ),
    "null in an optional field": (
        "crashed /note:type.null AttributeError at planted_service.py:LINE in buggy",
        {**MINIMAL, "note": None},
    ),
    "a number as id": ("changed /id:type.integer", {**MINIMAL, "id": 0}),
}


@pytest.fixture(scope="module")
def contract():
    return Contract.load(planted_service.SCHEMA)


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """Return what the command prints for a consumer, and its exit code."""
    document = tmp_path_factory.mktemp("planted") / "orders.json"
    document.write_text(json.dumps(planted_service.SCHEMA))

    def run(name, *options):
        command = [
            sys.executable,
            "-m",
            "contractfuzz",
            "check",
            f"planted_service:{name}",
            "--contract",
            str(document),
        ]
        folder = Path(planted_service.__file__).parent
        done = subprocess.run([*command, *options], cwd=folder, capture_output=True, text=True, check=False)
        return done.stdout, done.returncode

    return run


def causes_of(lines):
    """Return the lines of causes with single spaces and without line numbers."""
    return [re.sub(r"(planted_service.py):\d+", r"\1:LINE", " ".join(line.split())) for line in lines]


def test_the_service_has_40_fields(contract):
    assert len(contract.schema["properties"]) == 40


def test_the_first_eight_lines_name_all_five_bugs(printed):
    text, status = printed("buggy", "--policy", "tolerant")
    assert status == 1
    assert causes_of(text.splitlines()[2:8]) == [*(line for line, _ in BUGS.values()), ""]


def test_the_text_shows_the_smallest_payload_of_each_bug(printed):
    text, _ = printed("buggy", "--policy", "tolerant")
    smallest = [json.loads(line.partition("smallest")[2]) for line in text.splitlines() if "    smallest " in line]
    assert smallest == [payload for _, payload in BUGS.values()]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_causes_do_not_depend_on_the_seed(contract, seed):
    report = check(planted_service.buggy, contract, policy="tolerant", seed=seed)
    causes = [cause for section in sections(report) for cause in section.causes]
    assert len(causes) == 5
    payloads = [cause.smallest.case.payload for cause in causes]
    expected = [payload for _, payload in BUGS.values()]
    assert sorted(payloads, key=str) == sorted(expected, key=str)
    assert payloads[2:] == expected[2:]


def test_the_strict_policy_shows_the_four_bugs_that_are_not_growth(printed):
    text, status = printed("buggy")
    assert status == 1
    lines = causes_of(text.splitlines()[2:8])
    assert lines[:4] == [line for name, (line, _) in BUGS.items() if name != "a new value of an enum"]
    assert lines[4].startswith("no effect ")


def test_the_fixed_service_is_green_under_the_tolerant_policy(printed):
    text, status = printed("fixed", "--policy", "tolerant")
    assert status == 0, text
    assert text.startswith("planted_service:fixed honours orders.\n")


def test_headings_and_table_agree(contract):
    report = check(planted_service.buggy, contract)
    text = render(report, "text", top=100)
    for section in sections(report):
        assert f"\n{section.title}: {section.finding_count:,} finding" in text
        assert all(len({finding.kind for finding in cause.findings}) == 1 for cause in section.causes)
    assert sum(section.finding_count for section in sections(report)) == len(report.findings)
    in_table = sum(counts.get("crashed", 0) for counts in report.counts.values())
    crashed = sum(finding.seen for finding in report.findings if finding.verdict == "crashed")
    assert crashed == in_table > 100
