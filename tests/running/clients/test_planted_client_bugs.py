"""Bugs that are planted in clients are found, and the correct clients have none of them."""

from __future__ import annotations

import json
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from clients import generated_client, httpx_client, requests_client
from clients.generated_shop.errors import UnexpectedStatus
from clients.planted import BUGS
from clients.shop import ORDER, ORDER_PAGE
from runs import report_of

from contractfuzz import check
from contractfuzz.running.options import CaseSet

# The clients with bugs leave connections open.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")

SLOW = ("connection.silent", "connection.slow-bytes")
CORRECT = {
    "requests": (requests_client.list_orders, ORDER_PAGE),
    "requests with retries": (requests_client.list_orders_patiently, ORDER_PAGE),
    "requests for a POST": (requests_client.create_order, ORDER),
    "httpx": (httpx_client.list_orders, ORDER_PAGE),
}


def labels_of(report):
    return {finding.case.label for finding in report.findings if finding.kind == "wire"}


def quick_labels(contract):
    return [label for label in contract.labels("wire") if label not in SLOW]


def test_twenty_bugs_or_more_are_planted():
    assert len(BUGS) >= 20


@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_found(name):
    bug = BUGS[name]
    report = report_of(bug.client, bug.contract, examples=0, only=bug.labels, timeout=0.3)
    assert report.findings
    # A bug that a plain response shows, too, is a finding of that one.
    assert labels_of(report) or name == "201 only"


@pytest.mark.thinned(2)
@pytest.mark.parametrize("name", CORRECT)
def test_a_check_finds_nothing_in_a_correct_client(name):
    client, contract = CORRECT[name]
    report = report_of(client, contract, examples=10, only=quick_labels(contract))
    assert report.findings == []
    assert report.counts["wire"].keys() == {"accepted", "rejected"}


def test_a_check_finds_nothing_in_a_correct_client_with_aiohttp():
    pytest.importorskip("aiohttp", reason="needs aiohttp: pip install aiohttp")
    from clients import aiohttp_client

    report = report_of(aiohttp_client.list_orders, ORDER_PAGE, examples=10, only=quick_labels(ORDER_PAGE))
    assert report.findings == []
    assert report.counts["wire"].keys() == {"accepted", "rejected"}


@pytest.mark.deep
def test_a_default_check_of_a_correct_client_is_green():
    report = check(requests_client.list_orders, ORDER_PAGE, examples=20)
    assert report.findings == []
    assert set(report.counts) == {"valid", "invalid", "malformed", "hostile", "wire"}
    assert sum(report.counts["wire"].values()) == len(ORDER_PAGE.labels("wire"))


def test_the_generated_client_takes_no_other_status_and_parses_what_it_expects_to_be_a_problem():
    """openapi-python-client raises for each status that the document does not name, and parses the problem of a 429."""
    raises = (ValueError, UnexpectedStatus)
    report = report_of(
        generated_client.list_orders, ORDER_PAGE, examples=0, only=quick_labels(ORDER_PAGE), raises=raises
    )
    assert labels_of(report) == {"status.201", "status.202", "status.207"}


def follow(base_url):
    with urlopen(base_url, timeout=5) as response:
        page = json.loads(response.read())
    after = page.get("paging", {}).get("next", {}).get("after")
    if after is not None:
        urlopen(f"{base_url}?after={quote(after)}", timeout=5).close()


def test_the_server_takes_cursors_of_each_length_that_a_payload_has():
    report = report_of(follow, ORDER_PAGE, examples=60, case_sets=[CaseSet("hostile")])
    assert report.counts["hostile"] == {"accepted": 60}
