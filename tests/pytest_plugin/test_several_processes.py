"""`pytest -n 2`: fixtures, markers and kept cases work in every process as in one."""

from __future__ import annotations

import json
import re

import pytest

from contractfuzz import Contract

hubspot = Contract.named("batch_association_response")
DOCUMENT = {
    "name": "Order",
    "type": "object",
    "properties": {"state": {"type": "string", "enum": ["open", "paid"]}},
    "required": ["state"],
}
SERVICE = """
def read(order):
    return order["state"].upper()
"""


@pytest.fixture
def project(pytester, monkeypatch):
    """A project with its own contract in addition to the installed ones."""
    monkeypatch.delenv("CI", raising=False)
    pytester.path.joinpath("order.json").write_text(json.dumps(DOCUMENT))
    pytester.makeini("[pytest]\npythonpath = .\n")
    pytester.path.joinpath("contractfuzz.toml").write_text('contracts.order = "order.json"\n')
    pytester.makepyfile(service=SERVICE)
    return pytester


def run(project, *options):
    return project.runpytest_subprocess("-n", "2", "-v", "-W", "error", "-p", "no:cacheprovider", *options)


def processes(result):
    """Return the names of the processes that ran tests."""
    return set(re.findall(r"\[(gw\d)\].*PASSED", result.stdout.str()))


def test_a_marker_gives_the_same_cases_in_every_process(project):
    project.makepyfile(
        """
import pytest

def cases(**options):
    return pytest.mark.contract_cases("batch_association_response", **options)

@cases()
def test_invalid(case):
    assert case.label

@cases(kind="malformed")
def test_malformed(case):
    assert isinstance(case.body, bytes)

@cases(kind="incoherent", n=30, seed=4)
def test_incoherent(case, batch_association_response):
    assert batch_association_response.is_valid(case.payload)

@cases(kind="valid", profile="realistic")
def test_valid(case, batch_association_response):
    assert batch_association_response.is_valid(case.payload)
"""
    )
    result = run(project)
    # xdist refuses to run if two processes collect different tests.
    result.assert_outcomes(passed=len(hubspot.labels("invalid")) + len(hubspot.labels("malformed")) + 30 + 20)
    assert processes(result) == {"gw0", "gw1"}


def test_each_process_has_every_contract_and_its_own_server(project):
    project.makepyfile(
        """
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from hubspot_strategies import batch_association_responses, invalid_batch_association_responses
from hypothesis import given, settings

@pytest.mark.parametrize("number", range(4))
def test_contracts(number, batch_association_response, order):
    assert batch_association_response.violations()
    assert order.name == "order"

@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_server(status, batch_association_server):
    batch_association_server.script(status)
    path = "/crm/v4/associations/contacts/companies/batch/read"
    with pytest.raises(HTTPError) as raised:
        urlopen(Request(batch_association_server.url + path, b'{"inputs": [{"id": "7"}]}'))
    raised.value.close()
    assert [seen.status for seen in batch_association_server.log] == [status]

@settings(max_examples=5, deadline=None, database=None)
@given(batch_association_responses(), invalid_batch_association_responses(only="/status:*"))
def test_strategies(batch_association_response, payload, case):
    assert batch_association_response.is_valid(payload)
    assert not batch_association_response.is_valid(case.payload)
"""
    )
    result = run(project)
    result.assert_outcomes(passed=9)
    assert processes(result) == {"gw0", "gw1"}


def test_a_finding_is_kept_once_and_replayed_in_every_process(project):
    project.makepyfile(
        """
import pytest
from contractfuzz import assert_accepts, assert_honours, assert_rejects
from service import read

@pytest.mark.parametrize("number", range(2))
def test_accepts(number, order):
    assert_accepts(read, order)

@pytest.mark.parametrize("number", range(2))
def test_rejects(number, order):
    assert_rejects(read, order)

@pytest.mark.contract_regressions("order")
def test_kept_case(case):
    assert_honours(read, case)
"""
    )
    first = run(project)
    first.assert_outcomes(passed=2, failed=2, skipped=1)
    [kept] = project.path.glob("tests/contract_regressions/**/*.json")

    again = run(project)
    again.assert_outcomes(passed=2, failed=3)
    again.stdout.fnmatch_lines(["*= contracts =*", f"*{kept.name}: fails"])
    assert str(again.stdout).count(f"{kept.name}: fails") == 1
