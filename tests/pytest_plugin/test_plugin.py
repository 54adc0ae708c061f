"""The plugin's fixtures and markers, in separate runs of pytest."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hubspot_strategies import contract

EXAMPLE = Path(__file__).parents[2] / "examples" / "downstream"


@pytest.fixture
def tests(pytester):
    """Write a test file and run it, without the plugins of Hypothesis and the cache."""

    def run_tests(source, *args):
        pytester.makepyfile(f"import pytest\n\n{source}")
        return pytester.runpytest("-p", "no:hypothesispytest", "-p", "no:cacheprovider", "--strict-markers", *args)

    return run_tests


@pytest.fixture
def ids(tests):
    """Write a test with a marker and return the ids of its parameters."""

    def collect_ids(marker):
        result = tests(f"@pytest.mark.contract_cases({marker})\ndef test_it(case):\n    pass\n", "--collect-only", "-q")
        assert result.ret == 0
        return [found for line in result.outlines for found in re.findall(r"::test_it\[(.*)\]$", line)]

    return collect_ids


# --- fixtures -----------------------------------------------------------------------------------------------------------


def test_each_installed_contract_is_a_fixture(tests):
    result = tests(
        """
from contractfuzz import Contract

def test_it(batch_association_response):
    assert batch_association_response is Contract.named("batch_association_response")
"""
    )
    result.assert_outcomes(passed=1)


def test_a_session_fixture_can_use_the_fixture(tests):
    result = tests(
        """
@pytest.fixture(scope="session")
def payload(batch_association_response):
    return next(batch_association_response.sample(1)).payload

class TestIt:
    def test_it(self, payload):
        assert payload["results"] == []
"""
    )
    result.assert_outcomes(passed=1)


def test_a_project_can_override_the_fixture(tests, pytester):
    pytester.makeconftest("import pytest\n\n@pytest.fixture\ndef batch_association_response():\n    return 'mine'\n")
    tests(
        "def test_it(batch_association_response):\n    assert batch_association_response == 'mine'\n"
    ).assert_outcomes(passed=1)


def test_the_fixture_has_a_docstring(tests):
    result = tests("def test_it():\n    pass\n", "--fixtures")
    result.stdout.re_match_lines([r"batch_association_response \[session scope\] -- .*pytest_plugin/fixtures.py:\d+"])
    result.stdout.fnmatch_lines(["*The contract batch_association_response, a contractfuzz.Contract."])


# --- markers ------------------------------------------------------------------------------------------------------------


def test_a_test_runs_once_for_each_violation_with_its_id(ids):
    assert ids("'batch_association_response'") == list(contract.labels("invalid"))


@pytest.mark.parametrize("kind", ["malformed", "incoherent"])
def test_a_test_runs_once_for_each_label_of_another_kind(ids, kind):
    assert ids(f"'batch_association_response', kind={kind!r}") == list(contract.labels(kind))


def test_labels_can_be_selected(ids):
    chosen = ids("'batch_association_response', only=['/status:enum.*', '/links:type.null']")
    assert chosen == list(contract.labels("invalid", ["/status:enum.*", "/links:type.null"]))


def test_valid_cases_are_numbered(ids):
    assert ids("'batch_association_response', kind='valid', n=3") == ["valid-0", "valid-1", "valid-2"]


@pytest.mark.parametrize("kind", ["valid", "hostile"])
def test_there_are_twenty_cases_of_a_kind_without_labels_by_default(ids, kind):
    assert ids(f"'batch_association_response', kind={kind!r}") == [f"{kind}-{number}" for number in range(20)]


def test_cases_after_the_first_of_each_label_are_random(ids):
    labels = list(contract.labels("invalid", "/links:type.*"))
    more = ids(f"'batch_association_response', only='/links:type.*', n={len(labels) + 4}")
    assert len(more) == len(labels) + 4
    assert {re.sub(r"_?\d+$", "", name) for name in more} == set(labels)


def test_a_case_has_its_payload_and_its_body(tests):
    result = tests(
        """
import json
from hubspot_strategies import contract

@pytest.mark.contract_cases("batch_association_response", only="/status:*")
def test_invalid(case):
    assert json.loads(case.body) == case.payload
    assert {error.pointer or "/status" for error in contract.errors(case.payload)} == {"/status"}

@pytest.mark.contract_cases(contract, kind="valid", n=5, profile="realistic", seed=3)
def test_valid(case):
    assert case.payload in [one.payload for one in contract.sample(5, profile="realistic", seed=3)]

@pytest.mark.contract_cases("batch_association_response", kind="malformed", only="gzip")
class TestMalformed:
    def test_it(self, case):
        assert case.body.startswith(b"\\x1f\\x8b")
"""
    )
    result.assert_outcomes(passed=len(contract.labels("invalid", "/status:*")) + 5 + 1)


def test_a_failing_case_is_named_in_the_summary(tests):
    marker = "@pytest.mark.contract_cases('batch_association_response', only='/status:type.null')"
    result = tests(f"{marker}\ndef test_it(case):\n    assert 0\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["FAILED *::test_it[[]/status:type.null[]]*"])


def test_the_marker_combines_with_parametrize(tests):
    source = """
@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.contract_cases("batch_association_response", only="/status:type.*")
def test_it(case, strict):
    pass
"""
    tests(source).assert_outcomes(passed=2 * len(contract.labels("invalid", "/status:type.*")))


def test_the_closest_marker_applies(tests):
    source = """
pytestmark = pytest.mark.contract_cases("batch_association_response")

@pytest.mark.contract_cases("batch_association_response", kind="valid", n=2)
def test_it(case):
    assert case.kind == "valid"
"""
    tests(source).assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ("'batch_association_respons'", "unknown contract 'batch_association_respons': did you mean"),
        ("'batch_association_response', kind='invald'", "unknown kind 'invald': did you mean 'invalid'?"),
        ("'batch_association_response', only='/statsu:type.null'", "unknown label '/statsu:type.null': did you mean"),
        ("'batch_association_response', kind='valid', profile='broda'", "unknown profile 'broda': did you mean 'broad'?"),
        ("'batch_association_response', n=-1", "cannot make -1 cases: n must be 0 or more"),
        ("'batch_association_response', knd='valid'", "got an unexpected keyword argument 'knd'"),
        ("", "missing a required argument: 'contract'"),
        ("5", "5 is neither a Contract nor the name of one"),
    ],
)  # fmt: skip
def test_a_wrong_marker_is_one_clear_error(tests, marker, message):
    result = tests(f"@pytest.mark.contract_cases({marker})\ndef test_it(case):\n    pass\n")
    result.assert_outcomes(errors=1)
    errors = result.outlines[
        result.outlines.index(next(line for line in result.outlines if "ERROR collecting" in line)) + 1 :
    ]
    assert errors[0].startswith(f"test_a_wrong_marker_is_one_clear_error.py::test_it: contract_cases: {message}")
    assert "short test summary" in errors[1], "no traceback, and nothing else"


def test_a_test_without_the_argument_case_is_an_error(tests):
    result = tests("@pytest.mark.contract_cases('batch_association_response')\ndef test_it():\n    pass\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["*::test_it: contract_cases passes each case as the argument `case`: add it to the test"]
    )


def test_the_marker_is_registered(tests):
    result = tests("", "--markers")
    result.stdout.fnmatch_lines(["@pytest.mark.contract_cases(contract, kind='invalid', *, only=None,*"])


# --- start-up -----------------------------------------------------------------------------------------------------------


def test_a_run_without_tests_and_configuration_loads_three_modules(pytester):
    pytester.makepyfile(
        run="""
        import sys, pytest

        pytest.main(["--collect-only", "-p", "no:hypothesispytest"])
        print(*(name for name in sys.modules if name.startswith("contractfuzz.") and hasattr(sys.modules[name], "pytest")))
        print(*(name for name in sys.modules if name.startswith("contractfuzz.configuration.")))
        """
    )
    output = pytester.runpython("run.py").stdout.lines
    assert output[-1] == "contractfuzz.configuration.locating"
    plugin = {f"contractfuzz.pytest_plugin.{name}" for name in ("plugin", "configuration", "fixtures")}
    assert set(output[-2].split()) == plugin


def test_nothing_is_loaded_for_tests_without_contracts(pytester):
    pytester.makepyfile(
        """
import sys

def test_it():
    heavy = {"hypothesis", "jsonschema", "contractfuzz.contract", "contractfuzz.payloads", "hubspot_strategies", "rich", "click"}
    assert not heavy & set(sys.modules)
    assert "contractfuzz.pytest_plugin.plugin" in sys.modules
"""
    )
    pytester.runpytest_subprocess("-p", "no:hypothesispytest").assert_outcomes(passed=1)


def test_the_marker_loads_neither_hypothesis_nor_jsonschema(pytester):
    pytester.makepyfile(
        """
import sys
import pytest

@pytest.mark.contract_cases("batch_association_response", only="/status:type.null")
def test_it(case):
    assert case.payload["status"] is None
    assert not {"hypothesis", "jsonschema"} & set(sys.modules)
"""
    )
    pytester.runpytest_subprocess("-p", "no:hypothesispytest").assert_outcomes(passed=1)


FIRST_USE = """
import sys
from hypothesis import given, settings
from hubspot_strategies import contract

loaded = []

def check(payload):
    return contract.is_valid(payload)

class Test:
    @settings(max_examples=3, database=None)
    @given(contract.valid())
    def test_it(self, payload):
        before = set(sys.modules)
        BODY
        loaded.append(set(sys.modules) - before)

def test_the_first_example_loaded_nothing():
    assert len(loaded) == 3
    assert not set().union(*loaded)
    assert ("jsonschema" in sys.modules) is EXPECTED
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("assert contract.is_valid(payload)", True),
        pytest.param("assert not contract.errors(payload)", True, marks=pytest.mark.deep),
        ("assert check(payload)", True),
        pytest.param("assert all(contract.is_valid(each) for each in [payload])", True, marks=pytest.mark.deep),
        ("assert payload['status']", False),
    ],
)
def test_given_loads_jsonschema_before_the_first_example_if_the_test_validates(pytester, body, expected):
    pytester.makepyfile(FIRST_USE.replace("BODY", body).replace("EXPECTED", str(expected)))
    pytester.runpytest_subprocess().assert_outcomes(passed=2)


def test_given_loads_jsonschema_before_the_first_example_with_a_contract_of_a_fixture(pytester):
    pytester.makepyfile(
        """
import sys
from hypothesis import given, settings, strategies as st

@settings(max_examples=3, database=None)
@given(st.none())
def test_it(batch_association_response, payload):
    before = set(sys.modules)
    assert not batch_association_response.is_valid(payload)
    assert not set(sys.modules) - before
"""
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1)


def test_the_plugin_can_be_disabled(pytester):
    pytester.makepyfile("def test_it(batch_association_response):\n    pass\n")
    result = pytester.runpytest_subprocess("-p", "no:contractfuzz")
    result.assert_outcomes(errors=1)
    result.stdout.no_fnmatch_line("contractfuzz: *")
    result.stdout.fnmatch_lines(["*fixture 'batch_association_response' not found"])


def test_given_combines_with_the_fixture_and_the_marker(pytester):
    pytester.makepyfile(
        """
import pytest
from hypothesis import HealthCheck, given, settings
from hubspot_strategies import batch_association_responses, contract, invalid_batch_association_responses

@settings(max_examples=20, database=None, deadline=None)
@given(payload=batch_association_responses())
def test_valid(batch_association_response, payload):
    assert batch_association_response.is_valid(payload)

@settings(max_examples=20, database=None)
@given(invalid_batch_association_responses(only="/status:*"))
def test_invalid(case):
    assert case.label.startswith("/status:")

@settings(max_examples=5, database=None)
@pytest.mark.contract_cases("batch_association_response", only="/status:type.null")
@given(payload=contract.valid("minimal"))
def test_both(case, payload):
    assert case.payload["status"] is None
    assert payload["results"] == []

def test_the_contract_gives_strategies(batch_association_response):
    @settings(max_examples=20, database=None)
    @given(batch_association_response.incoherent())
    def incoherent(case):
        assert case.label in batch_association_response.labels("incoherent")

    incoherent()
"""
    )
    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=4)


def test_it_works_in_several_processes(pytester):
    pytester.makepyfile(
        """
import pytest

@pytest.mark.contract_cases("batch_association_response")
def test_marker(case):
    assert case.label

@pytest.mark.parametrize("number", range(4))
def test_fixture(batch_association_response, number):
    assert batch_association_response.name == "batch_association_response"
"""
    )
    result = pytester.runpytest_subprocess("-n", "2", "-p", "no:hypothesispytest")
    result.assert_outcomes(passed=len(contract.labels("invalid")) + 4)


def test_the_tests_of_the_example_pass(tmp_path):
    copied = tmp_path / "downstream"
    shutil.copytree(EXAMPLE, copied, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"], cwd=copied, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    assert re.search(r"^\d+ passed in ", done.stdout, re.MULTILINE), "no warnings either"
