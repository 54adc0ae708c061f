"""The options `--contract-baseline` and `--contract-update-baseline`, in real pytest processes outside of the repository."""

from __future__ import annotations

import json
import sys

import pytest
from order_service import DOCUMENT, FIXED, KNOWN_BUGS, NEW_BUG

from contractfuzz import Contract

TESTS = """
import pytest
from contractfuzz import assert_accepts, assert_honours, assert_rejects, assert_survives
from service import read


def test_accepts(order):
    assert_accepts(read, order)


def test_rejects(order):
    assert_rejects(read, order)


def test_survives(order):
    assert_survives(read, order)
"""
MARKED_TESTS = """
import pytest
from contractfuzz import assert_honours
from service import read


@pytest.mark.contract_cases("order")
def test_case(case):
    assert_honours(read, case)
"""


@pytest.fixture
def project(pytester, monkeypatch):
    """A project; the fixture runs its tests with a baseline after writing the service."""
    monkeypatch.setenv("CI", "1")
    pytester.makepyfile(test_service=TESTS)
    pytester.path.joinpath("order.json").write_text(json.dumps(DOCUMENT))
    pytester.makeini("[pytest]\npythonpath = .\n")
    (pytester.path / "contractfuzz.toml").write_text('[contracts]\norder = "order.json"\n')

    def run(service, *options):
        pytester.path.joinpath("service.py").write_text(service)
        return pytester.runpytest_subprocess("--contract-baseline=baseline.json", *options)

    run.file = pytester.path / "baseline.json"
    run.pytester = pytester
    return run


def entries(project):
    return json.loads(project.file.read_text())["findings"]["service:read"]["order"]


@pytest.mark.parametrize("workers", [["-n", "2"]])
def test_a_project_goes_from_a_baseline_over_a_new_bug_to_the_fix(project, workers):
    created = project(KNOWN_BUGS, "--contract-update-baseline", *workers)
    created.assert_outcomes(passed=3)
    created.stdout.fnmatch_lines(
        ["service:read on order: *nothing new, * known", "baseline.json has * findings (* new)"]
    )
    known = entries(project)
    assert "/count:type.null accepted" in known

    project("\n\n" + KNOWN_BUGS, *workers).assert_outcomes(passed=3)

    red = project(NEW_BUG, *workers)
    red.assert_outcomes(passed=2, failed=1)
    red.stdout.fnmatch_lines(["*KeyError: 'state'*", "service:read on order: * crashed, * known"])
    assert entries(project) == known, "only an update changes the file"

    green = project(FIXED, *workers)
    green.assert_outcomes(passed=3)
    green.stdout.fnmatch_lines(["  fixed: /count:*"])

    updated = project(FIXED, "--contract-update-baseline", *workers)
    updated.assert_outcomes(passed=3)
    updated.stdout.fnmatch_lines(["baseline.json has 0 findings (* removed)"])


def test_the_file_serves_the_command_line_too(project):
    project(KNOWN_BUGS, "--contract-update-baseline")
    done = project.pytester.run(
        sys.executable,
        "-m",
        "contractfuzz",
        "check",
        "service:read",
        "--contract",
        "order.json",
        "--baseline",
        "baseline.json",
    )
    assert done.ret == 0
    assert "known" in done.stdout.str()


def test_cases_of_a_marker_belong_to_the_baseline_too(project):
    cases = len(Contract.load(DOCUMENT).violations())
    project.pytester.makepyfile(test_service=MARKED_TESTS)
    project(KNOWN_BUGS, "--contract-update-baseline").assert_outcomes(passed=cases)
    assert "/count:type.null accepted" in entries(project)
    project(KNOWN_BUGS).assert_outcomes(passed=cases)
    project(NEW_BUG).assert_outcomes(passed=cases - 1, failed=1)


def test_an_update_of_one_test_keeps_what_it_did_not_feed(project):
    project(KNOWN_BUGS, "--contract-update-baseline")
    before = entries(project)
    project(FIXED, "--contract-update-baseline", "-k", "accepts")
    assert entries(project) == before


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (None, [], "ERROR: baseline.json does not exist: create it with --contract-update-baseline"),
        ("{}", [], "ERROR: baseline.json is not a baseline: *"),
        ("{}", ["--contract-update-baseline"], "ERROR: baseline.json is not a baseline: *"),
    ],
)
def test_a_wrong_file_is_one_line(project, content, options, message):
    if content is not None:
        project.file.write_text(content)
    result = project(KNOWN_BUGS, *options)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])
    assert "Traceback" not in result.stderr.str() + result.stdout.str()


def test_an_update_needs_a_file(project):
    result = project.pytester.runpytest_subprocess("--contract-update-baseline")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --contract-update-baseline needs a file: *"])
