"""Clients that declare that they retry must do so."""

from __future__ import annotations

import pytest
from clients.planted import IgnoredRetryAfter
from clients.requests_client import PatientShop, Shop, list_orders, list_orders_patiently
from clients.shop import ORDER_PAGE, ShopError
from runs import report_of

from contractfuzz import ContractError, assert_accepts, check
from contractfuzz.payloads.wire.wire_cases import RETRIED_LABELS

QUICK = ("status.429.retry-after-zero", "status.503")


class SwallowingShop(Shop):
    """A client that takes a busy shop for an empty one."""

    def body_of(self, response):
        return None if response.status_code in (429, 503) else super().body_of(response)


def swallow(base_url):
    return SwallowingShop(base_url).list_orders()


def hurry(base_url):
    return IgnoredRetryAfter(base_url).list_orders()


def post_patiently(base_url):
    return PatientShop(base_url).create_order()


def verdicts(client, **options):
    report = report_of(client, ORDER_PAGE, examples=0, only=options.pop("only", QUICK), **options)
    return {finding.case.label: (finding.expected, str(finding.verdict), finding.detail) for finding in report.findings}


def test_a_client_that_retries_honours_the_contract():
    report = report_of(list_orders_patiently, ORDER_PAGE, examples=0, only=RETRIED_LABELS, retries=True)
    assert report.findings == []
    assert report.counts["wire"] == {"accepted": len(RETRIED_LABELS)}


def test_a_client_that_gives_up_has_a_finding_only_if_it_declares_retries():
    assert verdicts(list_orders) == {}
    assert verdicts(list_orders, retries=True) == dict.fromkeys(QUICK, ("accepted", "rejected", ""))


def test_a_client_that_returns_without_another_request_has_a_finding():
    expected = ("accepted", "accepted", "the client returned without another request")
    assert verdicts(swallow, retries=True) == dict.fromkeys(QUICK, expected)


def test_a_client_that_asks_again_and_gives_up_has_a_finding():
    def give_up(base_url):
        orders = list_orders_patiently(base_url)
        raise ShopError(orders)

    assert verdicts(give_up, retries=True) == dict.fromkeys(QUICK, ("accepted", "rejected", ""))
    assert verdicts(give_up) == {}


def test_a_client_that_does_not_wait_has_a_finding():
    found = verdicts(hurry, retries=True, only="status.503")
    assert found["status.503"][1] == "repeated"


def test_assert_accepts_feeds_the_cases_of_a_client_that_retries():
    with pytest.raises(AssertionError, match="rejected a wire case"):
        assert_accepts(list_orders, ORDER_PAGE, retries=True)


def test_only_clients_retry():
    with pytest.raises(ContractError, match=r"str is not a client: leave out retries"):
        check(str, ORDER_PAGE, retries=True)
