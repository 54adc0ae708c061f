"""Flaky consumers: a finding that its case does not show again is called flaky, and never fixed."""

from __future__ import annotations

import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from runs import report_of

from contractfuzz import assert_accepts, assert_honours, check
from contractfuzz.reports.json_report import from_json, report_as_json
from contractfuzz.reports.rendering import render
from contractfuzz.running.messages import explain
from contractfuzz.running.options import VALID_SETS
from contractfuzz.running.run import Run
from contractfuzz.running.shrinking import judge_repeatedly
from contractfuzz.testing.kept_cases import keep_case, load_kept_cases, replay_kept_cases

pytestmark = pytest.mark.usefixtures("repeatable")


def failing_on(fails):
    """Return a consumer that crashes on the calls whose numbers ``fails`` accepts."""
    numbers = count()

    def read(payload):
        if fails(next(numbers)):
            raise RuntimeError("now and then")

    return read


@pytest.mark.parametrize("isolate", [False, True])
def test_a_check_says_flaky(counter, isolate):
    report = report_of(
        failing_on(lambda number: number == 1), counter, case_sets=VALID_SETS, examples=5, isolate=isolate
    )
    [finding] = report.findings
    assert finding.flaky
    assert not report.ok
    assert finding.cause.endswith(" (flaky)")
    assert "\n  flaky        the same case did not show this again" in explain(finding)


@pytest.mark.parametrize("isolate", [False, True])
def test_a_finding_that_its_case_shows_again_is_not_flaky(counter, isolate):
    report = check(failing_on(lambda number: True), counter, examples=5, isolate=isolate)
    assert sum(finding.seen for finding in report.findings) > 10
    assert not any(finding.flaky for finding in report.findings)


@pytest.mark.parametrize("report_format", ["text", "html", "json", "junit", "github"])
def test_every_report_says_flaky(counter, report_format):
    report = report_of(failing_on(lambda number: number == 0), counter, case_sets=VALID_SETS, examples=5)
    assert "flaky" in render([report], report_format)


def test_a_report_keeps_the_word(counter):
    report = report_of(failing_on(lambda number: number == 0), counter, case_sets=VALID_SETS, examples=5)
    [finding] = from_json(report_as_json(report)).findings
    assert finding.flaky


def test_an_assertion_says_flaky(counter):
    with pytest.raises(AssertionError, match=r"(?s)crashed on a valid payload \(flaky\).*flaky +the same case did not"):
        assert_accepts(failing_on(lambda number: number == 0), counter)


def test_an_assertion_of_a_finding_by_hypothesis_says_flaky(counter):
    with pytest.raises(AssertionError, match=r"\(flaky\)"):
        assert_accepts(failing_on(lambda number: number == 20), counter)


def test_an_assertion_of_one_case_says_flaky(counter):
    [case] = counter.sample(1)
    with pytest.raises(AssertionError, match=r"\(flaky\)"):
        assert_honours(failing_on(lambda number: number == 0), case)


@given(st.lists(st.booleans(), min_size=4, max_size=4))
@settings(max_examples=16, deadline=None)
def test_repeated_calls_are_flaky_if_they_differ(fails):
    from contractfuzz import Contract

    contract = Contract.load(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "any", "type": "object"}
    )
    [case] = contract.sample(1)
    run = Run(failing_on(lambda number: fails[number]), contract)
    finding = judge_repeatedly(run.judge, case)
    if not any(fails[:3]):
        assert finding is None
    else:
        assert finding.flaky is not (fails[0] and fails[1])


def kept(folder, counter, fails):
    [finding] = report_of(failing_on(fails), counter, case_sets=VALID_SETS, examples=0).findings
    keep_case(finding, folder)
    return load_kept_cases(folder, counter.name)


def test_a_kept_case_that_fails_at_times_is_flaky_and_not_fixed(tmp_path, counter):
    cases = kept(tmp_path, counter, lambda number: True)
    [result] = replay_kept_cases(Run(failing_on(lambda number: number == 1), counter), cases)
    assert (result.status, result.finding.flaky) == ("flaky", True)


def test_a_case_that_was_kept_as_flaky_is_never_fixed(tmp_path, counter):
    cases = kept(tmp_path, counter, lambda number: number == 0)
    assert [case.flaky for case in cases] == [True]
    [result] = replay_kept_cases(Run(failing_on(lambda number: False), counter), cases)
    assert (result.status, result.reason) == ("flaky", "3 calls did not show it: delete it if it is fixed")


def test_a_kept_case_that_never_fails_again_is_fixed(tmp_path, counter):
    cases = kept(tmp_path, counter, lambda number: True)
    [result] = replay_kept_cases(Run(failing_on(lambda number: False), counter), cases)
    assert result.status == "fixed"


SERVICE = """
calls = 0

def read(response):
    global calls
    calls += 1
    if calls == 2:
        raise KeyError("now and then")
"""


def test_replay_lists_flaky_cases(tmp_path, hubspot):
    (tmp_path / "service.py").write_text(SERVICE)
    kept(tmp_path / "tests" / "contract_regressions", hubspot, lambda number: True)
    command = [Path(sys.executable).parent / "contractfuzz", "replay", "service:read"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout.startswith("flaky  tests/contract_regressions/")
    assert "KeyError: 'now and then'" in done.stdout
