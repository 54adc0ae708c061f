"""Names and words of a hostile document, as pytest prints them: no command for the terminal or a CI service."""

from __future__ import annotations

import json
import re

import pytest

HOSTILE = "\x1b[31m\n::error::a\r\u202e##vso[task.setvariable]\x9b"
DOCUMENT = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": HOSTILE,
    "type": "object",
    "properties": {HOSTILE: {"enum": [HOSTILE, "::notice::b"], "description": HOSTILE}},
    "required": [HOSTILE],
}
TESTS = """
import json

import pytest
from contractfuzz import Contract, assert_accepts, assert_honours, assert_rejects, assert_survives

contract = Contract.load("hostile.json")
name = next(iter(contract.schema["properties"]))


def read(payload):
    if not contract.is_valid(payload):
        raise ValueError(name)


def crash(payload):
    raise KeyError(name + json.dumps(payload, ensure_ascii=False))


def test_wrongly_rejected():
    assert_accepts(crash, contract)


def test_wrongly_accepted():
    assert_rejects(lambda payload: None, contract, tolerate="*:enum.*")


def test_crashes():
    assert_survives(crash, contract, feed="bytes")


def test_unused_tolerance():
    assert_rejects(read, contract, tolerate=["*:enum.*"])


def test_wrong_call():
    assert_rejects(read, contract, tolerate=[name])


@pytest.mark.contract_cases(contract, only="*:enum.*")
def test_cases(case):
    assert_honours(crash, case)
"""


@pytest.mark.parametrize("options", [(), ("-v", "--contract-report=report.txt"), ("-n", "1")], ids=" ".join)
def test_the_terminal_and_the_log_get_safe_text(pytester, monkeypatch, options):
    if "-n" in options:
        pytest.importorskip("xdist")
    monkeypatch.delenv("CI", raising=False)
    pytester.path.joinpath("hostile.json").write_text(json.dumps(DOCUMENT))
    pytester.makepyfile(test_hostile=TESTS)
    pytester.makeini("[pytest]\n")

    printed = pytester.runpytest_subprocess("--contract-keep=yes", "-p", "no:cacheprovider", *options).stdout.str()

    assert "wrongly rejected" in printed or "crashed" in printed
    assert "= contracts =" in printed
    assert [line for line in printed.split("\n") if not line.isprintable()] == []
    assert not re.search(r"(?m)^\s*::", printed)
    # pytest itself prints the arguments of the functions of a traceback.
    ours = [line for line in printed.split("\n") if not re.match(r"\w+ = ", line)]
    assert [line for line in ours if "##vso[" in line] == []
