"""The plugin reads the configuration of the project: contracts become fixtures."""

from __future__ import annotations

import json

import pytest

ORDER = {"title": "Order", "type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
API = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "components": {"schemas": {"Order": ORDER, "Other": {"type": "object"}}},
}
CONFIGURATION = """
[tool.contractfuzz.contracts]
order = "api.json#Order"
"an order" = { document = "order.json", values = { "/id" = ["mine"] } }

[tool.contractfuzz.targets.order]
consumer = "service:read"
contract = "order"
"""
TEST = """
def test_it(order, request):
    other = request.getfixturevalue("an order")
    assert (order.name, other.name) == ("order", "an order")
    assert {case.payload["id"] for case in other.sample(50)} >= {"mine"}
"""


@pytest.fixture
def project(pytester):
    """A project with two contracts in its pyproject.toml, and a test in a folder."""
    folder = pytester.mkdir("project")
    (folder / "api.json").write_text(json.dumps(API))
    (folder / "order.json").write_text(json.dumps(ORDER))
    (folder / "pyproject.toml").write_text(CONFIGURATION)
    (folder / "tests").mkdir()
    (folder / "tests" / "test_it.py").write_text(TEST)
    return folder


@pytest.mark.parametrize(
    ("folder", "arguments"),
    [
        ("project", []),
        ("project/tests", []),
        ("project", ["tests/test_it.py::test_it"]),
        (".", ["project/tests/test_it.py::test_it"]),
        (".", ["project"]),
    ],
)
def test_the_contracts_of_the_configuration_are_fixtures(project, pytester, monkeypatch, folder, arguments):
    monkeypatch.chdir(pytester.path / folder)
    pytester.runpytest_subprocess("-p", "no:cacheprovider", *arguments).assert_outcomes(passed=1)


def test_a_package_below_the_root_of_the_tests_has_its_own_configuration(project, pytester, monkeypatch):
    pytester.makeini("[pytest]\n")
    monkeypatch.chdir(project)
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_a_marker_names_a_contract_and_a_wrong_name_gets_the_closest_one(project, pytester, monkeypatch):
    monkeypatch.chdir(project)
    marked = "import pytest\n@pytest.mark.contract_cases({!r}, only='/id:type.null')\ndef test_it(case): pass\n"
    (project / "tests" / "test_it.py").write_text(marked.format("order"))
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)
    (project / "tests" / "test_it.py").write_text(marked.format("odrer"))
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.stdout.fnmatch_lines(["*contract_cases: unknown contract 'odrer': did you mean 'order'?"])


def test_a_second_configuration_is_noted_in_the_header(project, pytester, monkeypatch):
    monkeypatch.chdir(project)
    (project / "contractfuzz.toml").write_text("")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.stdout.fnmatch_lines(
        ["contractfuzz: contractfuzz.toml is used, not [[]tool.contractfuzz[]] in pyproject.toml: *"]
    )


def test_reading_the_configuration_loads_no_engine(project, pytester, monkeypatch):
    monkeypatch.chdir(project)
    (project / "tests" / "test_it.py").write_text(
        "import sys\n\ndef test_it():\n"
        "    heavy = {'hypothesis', 'jsonschema', 'contractfuzz.contract', 'contractfuzz.payloads', 'rich', 'click'}\n"
        "    assert not heavy & set(sys.modules)\n"
        "    assert 'contractfuzz.configuration.schema' in sys.modules\n"
    )
    pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:hypothesispytest").assert_outcomes(passed=1)
