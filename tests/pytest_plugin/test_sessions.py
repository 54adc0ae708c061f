"""Sessions: kept cases, the summary at the end of a run, and the report file."""

from __future__ import annotations

import json

import pytest

DOCUMENT = {
    "name": "Order",
    "type": "object",
    "properties": {"state": {"type": "string", "enum": ["open", "paid"]}},
    "required": ["state"],
}
CARELESS = "def read(order):\n    return order['state'].upper()\n"
HONEST = """
def read(order):
    if not isinstance(order, dict) or order.get("state") not in ("open", "paid"):
        raise ValueError
"""
TESTS = """
import pytest
from contractfuzz import assert_accepts, assert_honours, assert_rejects
from service import read


def test_accepts(order):
    assert_accepts(read, order)


def test_rejects(order):
    assert_rejects(read, order)


@pytest.mark.contract_regressions("order")
def test_kept_case(case):
    assert_honours(read, case)
"""


@pytest.fixture
def project(pytester, monkeypatch):
    """A project with its own contract, a careless consumer and its tests."""
    monkeypatch.delenv("CI", raising=False)
    pytester.makepyfile(service=CARELESS, test_service=TESTS)
    pytester.path.joinpath("order.json").write_text(json.dumps(DOCUMENT))
    pytester.makeini("[pytest]\npythonpath = .\n")
    configure(pytester, 'contracts.order = "order.json"')
    return pytester


def configure(project, text):
    project.path.joinpath("contractfuzz.toml").write_text(f"{text}\n")


def kept(project):
    return sorted(project.path.glob("tests/contract_regressions/**/*.json"))


def test_a_contract_of_the_project_is_a_fixture_with_its_name(project):
    project.makepyfile(test_service="def test_it(order):\n    assert order.name == 'order'\n")
    project.runpytest_subprocess().assert_outcomes(passed=1)


def test_a_failing_case_is_kept_and_its_file_is_named(project):
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=1, failed=1, skipped=1)
    [file] = kept(project)
    result.stdout.fnmatch_lines(
        ["*kept as *type.null-*.json", "*= contracts =*", "service:read on order: *wrongly accepted*"]
    )
    assert json.loads(file.read_text())["consumer"] == "service:read"


def test_the_next_run_replays_it_and_reports_when_it_is_fixed(project):
    project.runpytest_subprocess()
    [file] = kept(project)
    again = project.runpytest_subprocess()
    again.assert_outcomes(passed=1, failed=2)
    again.stdout.fnmatch_lines([f"*{file.name}: fails"])
    project.makepyfile(service=HONEST)
    fixed = project.runpytest_subprocess()
    fixed.assert_outcomes(passed=3)
    fixed.stdout.fnmatch_lines([f"*{file.name}: fixed"])
    assert kept(project) == [file]


@pytest.mark.parametrize("workers", [[], pytest.param(["-n", "2"], marks=pytest.mark.deep)])
def test_statistics_tell_the_properties_of_assertions_apart(project, workers):
    project.makepyfile(service=HONEST)
    result = project.runpytest_subprocess("--hypothesis-show-statistics", *workers)
    for kind in ("valid", "invalid"):
        result.stdout.fnmatch_lines(
            [f"contractfuzz service:read {kind}:", "*passing and 0 failing*", f"*100.00%, kind: {kind}"]
        )
    result.stdout.fnmatch_lines(["*%, label: /state:enum.*"])
    assert "contractfuzz service:read" not in project.runpytest_subprocess(*workers).stdout.str()


def test_an_outdated_case_is_skipped_with_the_reason(project):
    project.runpytest_subprocess()
    project.path.joinpath("order.json").write_text(json.dumps({"name": "Order", "type": "any"}))
    result = project.runpytest_subprocess("-rs", "-k", "kept_case")
    result.assert_outcomes(skipped=1, deselected=2)
    result.stdout.fnmatch_lines(["SKIPPED*the contract no longer has the label*"])


@pytest.mark.thinned(2)
@pytest.mark.parametrize(
    ("ci", "option", "is_kept"), [("1", "auto", 0), ("1", "yes", 1), ("", "auto", 1), ("", "no", 0)]
)
def test_in_ci_nothing_is_kept_by_default(project, monkeypatch, ci, option, is_kept):
    monkeypatch.setenv("CI", ci)
    project.runpytest_subprocess(f"--contract-keep={option}").assert_outcomes(passed=1, failed=1, skipped=1)
    assert len(kept(project)) == is_kept


def test_a_folder_that_cannot_be_written_is_a_note_next_to_the_failure(project):
    project.path.joinpath("blocked").write_text("")
    configure(project, 'regressions = "blocked/deeper"\ncontracts.order = "order.json"')
    result = project.runpytest_subprocess()
    result.assert_outcomes(passed=1, failed=1, skipped=1)
    result.stdout.fnmatch_lines(["*violation    :type.null", "a failing case was not kept: *cannot be written*"])


def test_workers_send_their_results_to_the_main_process(project):
    result = project.runpytest_subprocess("-n", "2")
    result.assert_outcomes(passed=1, failed=1, skipped=1)
    result.stdout.fnmatch_lines(["*= contracts =*", "service:read on order: *wrongly accepted*"])
    assert len(kept(project)) == 1


@pytest.mark.parametrize(
    ("suffix", "workers"),
    [
        pytest.param("html", [], marks=pytest.mark.deep),
        pytest.param("txt", [], marks=pytest.mark.deep),
        ("xml", []),
        ("json", ["-n", "2"]),
    ],
)
def test_a_report_is_written_in_the_format_of_its_suffix(project, suffix, workers):
    result = project.runpytest_subprocess(f"--contract-report=report.{suffix}", *workers)
    result.stdout.fnmatch_lines([f"report: report.{suffix}"])
    assert "service:read" in project.path.joinpath(f"report.{suffix}").read_text()


@pytest.mark.parametrize("file", ["report.pdf", "report", ""])
def test_an_unknown_report_format_is_refused_at_the_start(project, file):
    result = project.runpytest_subprocess(f"--contract-report={file}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*--contract-report: {file} does not name a report format*"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("contract", "is not TOML (Expected '=' after a key in a key/value pair (at *)): correct it"),
        ("contracts.order = 1", "contracts.order is 1: write a string or a table"),
        ("contracts.order.documnt = 'a'", "unknown key in contracts.order 'documnt': did you mean 'document'?"),
        ("contracts.order.side = 'request'", "contracts.order has no 'document': add it"),
        ("[targets.a]\nconsumer = 'a:b'\nexamples = '1'", 'targets.a.examples is "1": write an integer'),
    ],
)
def test_a_wrong_configuration_is_refused_in_one_line(project, text, message):
    configure(project, text)
    result = project.runpytest_subprocess()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: contractfuzz.toml: {message}"])
    assert len([line for line in result.errlines if line]) == 1


def test_a_contract_may_choose_the_side_and_the_dialect(project):
    document = {
        "type": "object",
        "properties": {"id": {"readOnly": True}, "items": {"items": [{"type": "null"}]}},
        "required": ["id"],
    }
    project.path.joinpath("order.json").write_text(json.dumps(document))
    configure(
        project,
        "[contracts]\n"
        "answer = { document = 'order.json', dialect = 'draft-07' }\n"
        "question = { document = 'order.json', side = 'request', dialect = '2019-09' }",
    )
    project.makepyfile(
        test_service="def test_them(answer, question):\n"
        "    assert question.is_valid({}) and not answer.is_valid({})\n"
        "    assert not answer.is_valid({'id': 1, 'items': [1]})\n"
    )
    project.runpytest_subprocess().assert_outcomes(passed=1)


def test_a_document_that_cannot_be_read_fails_the_test_in_one_line(project):
    project.path.joinpath("order.json").write_text("{")
    project.makepyfile(test_service="def test_it(order): pass")
    result = project.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*order.json: is not JSON, line 1*"])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_run_without_contracts_has_no_summary(pytester):
    pytester.makepyfile("def test_it(): pass")
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*= contracts =*")


def test_every_option_is_explained_by_help(pytester):
    pytester.runpytest_subprocess("--help").stdout.fnmatch_lines(
        [
            "contracts:",
            "*--contract-report=FILE*",
            "*--contract-keep=*",
        ]
    )
