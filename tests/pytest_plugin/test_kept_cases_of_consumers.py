"""Kept cases belong to a consumer; several markers on one test, and markers on methods of a TestCase."""

from __future__ import annotations

import json

import pytest

DOCUMENT = {
    "name": "Order",
    "type": "object",
    "properties": {"state": {"enum": ["open", "paid"]}},
    "required": ["state"],
}
SERVICE = """
def careless(order):
    return order["state"].upper()


def lenient(order):
    return order


def wrapped(order):
    return order["state"].upper()
"""
TESTS = """
import pytest
from contractfuzz import assert_honours, assert_rejects
import service


@pytest.mark.contract_regressions("order"{consumer})
def test_kept(case):
    assert_honours(service.{fed}, case)
"""


@pytest.fixture
def project(pytester, monkeypatch):
    """A project with a kept case of the consumer `careless`."""
    monkeypatch.delenv("CI", raising=False)
    pytester.path.joinpath("order.json").write_text(json.dumps(DOCUMENT))
    pytester.makeini("[pytest]\npythonpath = .\n")
    (pytester.path / "contractfuzz.toml").write_text('[contracts]\norder = "order.json"\n')
    pytester.makepyfile(
        service=SERVICE,
        test_service="from contractfuzz import assert_rejects\nimport service\n\n"
        "def test_it(order):\n    assert_rejects(service.careless, order)\n",
    )
    pytester.runpytest_subprocess().assert_outcomes(failed=1)
    assert len(list(pytester.path.glob("tests/contract_regressions/**/*.json"))) == 1

    def run(consumer, fed, *options):
        pytester.makepyfile(test_service=TESTS.format(consumer=consumer and f", consumer={consumer}", fed=fed))
        return pytester.runpytest_subprocess("-rs", "-v", *options)

    run.pytester = pytester
    return run


@pytest.mark.parametrize("consumer", ["service.careless", "'service:careless'"])
def test_a_marker_with_a_consumer_gets_its_cases(project, consumer):
    result = project(consumer, "careless")
    result.assert_outcomes(failed=1)
    assert "[service:careless-" not in result.stdout.str()


def test_a_marker_with_another_consumer_gets_none(project):
    project("service.lenient", "lenient").assert_outcomes(skipped=1)


def test_a_marker_without_a_consumer_names_the_consumer_in_the_id_and_the_failure(project):
    result = project("", "careless")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*test_kept[[]service:careless-*] FAILED*", "*kept for *service:careless"])


def test_a_case_of_one_consumer_never_fails_another(project):
    result = project("", "lenient")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED*the case was kept for service:careless, not for service:lenient: *"])


def test_the_case_of_a_consumer_that_was_renamed_is_still_fed(project):
    project.pytester.makepyfile(service=SERVICE.replace("def careless", "def renamed"))
    result = project("", "renamed")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*kept for *service:careless"])


def test_a_wrong_consumer_is_one_clear_error(project):
    result = project("'careless'", "careless")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*contract_regressions: the consumer 'careless' is not a name like *"])


def test_the_report_has_what_was_fed_before_a_kept_case_failed(project):
    project.pytester.makepyfile(
        test_service="from contractfuzz import assert_rejects\nimport service\n\n"
        "def test_it(order):\n    assert_rejects(service.careless, order)\n"
    )
    result = project.pytester.runpytest_subprocess("--contract-report=report.json")
    result.assert_outcomes(failed=1)
    report = json.loads(project.pytester.path.joinpath("report.json").read_text())
    assert len(report["findings"]) == 1
    assert sum(report["counts"]["invalid"].values()) == 1
    assert report["cut_short"] == "a kept case failed first"


@pytest.fixture
def collected(pytester):
    """Number of tests that pytest runs for some markers, or its output if a marker is refused."""

    def collected(source):
        pytester.makepyfile("import pytest\nimport unittest\n\n" + source)
        return pytester.runpytest_subprocess("-v")

    return collected


ENUM = "@pytest.mark.contract_cases('batch_association_response', only='/status:enum.unknown')\n"
NULL = "@pytest.mark.contract_cases('batch_association_response', only='/status:type.null')\n"


def test_two_markers_on_one_test_add_up(collected):
    result = collected(f"{ENUM}{NULL}def test_it(case):\n    pass\n")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*[[]/status:enum.unknown]*", "*[[]/status:type.null]*"])


def test_both_kinds_of_markers_add_up(project):
    marker = '@pytest.mark.contract_cases("order", only="*:enum.unknown")\n'
    project.pytester.makepyfile(
        test_service=TESTS.format(consumer="", fed="lenient").replace("@pytest", marker + "@pytest", 1)
    )
    project.pytester.runpytest_subprocess().assert_outcomes(failed=1, skipped=1)


def test_a_marker_on_the_test_replaces_that_of_the_class(collected):
    result = collected(f"{ENUM}class TestIt:\n    {NULL}    def test_it(self, case):\n        pass\n")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*[[]/status:type.null]*"])


@pytest.mark.parametrize(
    "source", [f"class TestIt(unittest.TestCase):\n    {ENUM}", f"{ENUM}class TestIt(unittest.TestCase):\n"]
)
def test_a_marker_on_a_method_of_a_test_case_is_refused_in_one_line(collected, source):
    result = collected(f"{source}    def test_it(self):\n        pass\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["contract_cases cannot pass cases to a method of a unittest.TestCase: *"])
    assert "Traceback" not in result.stdout.str()
