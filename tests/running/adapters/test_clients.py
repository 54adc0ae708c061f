"""Adapter for clients: a server answers every request with the case, and the client's reaction is the verdict."""

from __future__ import annotations

import http.client
import json
import threading
from contextlib import suppress
from typing import NewType
from urllib.parse import urlencode, urlsplit

import hubspot
import pytest
from hubspot.crm.associations.v4 import BatchInputPublicFetchAssociationsBatchRequest
from runs import report_of, run_of

from contractfuzz import Case, Contract, ContractError, assert_accepts, check
from contractfuzz.running.adapters import clients
from contractfuzz.running.adapters.registry import adapt
from contractfuzz.running.options import BODY_SETS, VALID_SETS

ORDER = Contract.load(
    {
        "name": "Order",
        "type": "object",
        "properties": {"id": {"type": "string"}, "state": {"type": "string", "enum": ["open", "paid"]}},
        "required": ["id", "state"],
    }
)


def ask(address, method="GET", path="/"):
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    try:
        connection.request(method, path)
        return connection.getresponse()
    finally:
        connection.close()


def get(address, path="/"):
    return json.loads(ask(address, path=path).read())


def fetch_order(base_url):
    order = get(base_url, "/orders/7?full=yes")
    if order["state"] not in ("open", "paid"):
        raise ValueError("unknown state")
    return order


async def fetch_order_asynchronously(base_url):
    return fetch_order(base_url)


@pytest.mark.parametrize("client", [fetch_order, fetch_order_asynchronously])
@pytest.mark.parametrize("isolate", [False, True])
def test_the_reaction_of_a_client_is_its_verdict(client, isolate):
    report = report_of(client, ORDER, examples=20, isolate=isolate, case_sets=BODY_SETS)
    assert report.counts["valid"] == {"accepted": 20}
    verdicts = {finding.case.label: finding.verdict for finding in report.findings if finding.kind == "invalid"}
    assert verdicts["/state:required.missing"] == "crashed"
    assert verdicts["/id:required.missing"] == "accepted"
    assert "/state:enum.unknown" not in verdicts
    assert report.counts["malformed"]["rejected"] > 0


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_every_request_is_answered_with_the_case_as_json(method):
    def client(base_url):
        response = ask(base_url, method, "/some/where?page=2")
        return response.status, response.getheader("content-type"), response.read()

    status, content_type, body = clients.call(client, b"[1]")
    assert (status, body) == (200, b"[1]")
    assert content_type.startswith("application/json")


def test_all_cases_come_from_one_server_that_ends_with_the_run():
    addresses = set()

    def client(base_url):
        addresses.add(base_url)
        return get(base_url)

    threads = threading.active_count()
    report_of(client, ORDER, examples=10, case_sets=BODY_SETS)
    assert len(addresses) == 1
    assert threading.active_count() == threads
    with pytest.raises(ConnectionRefusedError):
        ask(addresses.pop())


Url = NewType("Url", str)


def by_the_type(server: Url): ...
def by_an_annotated_name(api_url: str | None = None): ...
def by_a_camel_case_name(baseUrl): ...  # noqa: N803
def of_text_with_another_name(source: str): ...
def of_bytes_with_such_a_name(url: bytes): ...
def of_an_object_with_such_a_name(url: dict): ...
def of_something_that_sounds_alike(curl): ...


class Shop:
    def __init__(self, base_url=""):
        self.base_url = base_url

    def fetch(self, base_url): ...


@pytest.mark.parametrize(
    ("target", "feed"),
    [
        (fetch_order, "url"),
        (by_the_type, "url"),
        (by_an_annotated_name, "url"),
        (by_a_camel_case_name, "url"),
        (Shop().fetch, "url"),
        (of_text_with_another_name, "text"),
        (of_bytes_with_such_a_name, "bytes"),
        (of_an_object_with_such_a_name, "object"),
        (of_something_that_sounds_alike, "object"),
        (Shop, "object"),
    ],
)
def test_a_client_is_recognised_by_its_first_parameter(target, feed):
    assert adapt(target).feed == feed


def test_with_the_feed_url_every_callable_is_a_client():
    report = report_of(lambda host: get(host)["id"], ORDER, feed="url", examples=5, case_sets=BODY_SETS)
    assert report.counts["valid"] == {"accepted": 5}


def test_a_client_that_sends_no_request_crashes():
    [finding] = report_of(lambda base_url: {}, ORDER, examples=1, case_sets=VALID_SETS).findings
    assert finding.verdict == "crashed"
    assert finding.raised.line.endswith("returned without a request to the server")


def test_the_line_of_a_finding_calls_the_client_the_same_way():
    consumer = adapt(fetch_order)
    assert consumer.imports == "contractfuzz.running.adapters.clients as clients"
    line = consumer.expression.replace("NAME", "fetch_order").replace("ARGUMENT", repr(b'{"id":"1"}'))
    with pytest.raises(KeyError, match="state"):
        eval(line, {"fetch_order": fetch_order, "clients": clients})


def test_a_callable_that_does_not_take_a_url_alone_is_refused():
    with pytest.raises(ContractError, match="cannot be called with one payload"):
        adapt(lambda base_url, token: None)
    with pytest.raises(ContractError, match="give a function of the base URL"):
        clients.call(5, b"")


def get_page(base_url):
    api = hubspot.HubSpot(access_token="token", host=base_url).crm.associations.v4.batch_api
    inputs = BatchInputPublicFetchAssociationsBatchRequest(inputs=[{"id": "1"}])
    return api.get_page("contacts", "companies", inputs)


def test_the_official_client_of_hubspot_is_a_client(batch_association_response):
    # Its document names the statuses 200 and 207 only.
    assert_accepts(get_page, batch_association_response, tolerate=["status.201", "status.202"])


def test_the_status_is_that_of_the_service(batch_association_response):
    statuses = set()

    def client(base_url):
        response = ask(base_url)
        errors = json.loads(response.read()).get("errors")
        statuses.add((response.status, bool(errors)))

    report_of(client, batch_association_response, examples=50, case_sets=VALID_SETS)
    assert statuses == {(200, False), (207, True)}
    consumer = adapt(client, contract=batch_association_response.name)
    assert consumer.expression == "clients.call(NAME, ARGUMENT, 'batch_association_response')"
    statuses.clear()
    clients.call(client, b'{"errors": [{}]}', batch_association_response.name)
    assert statuses == {(207, True)}


# --- conversations --------------------------------------------------------------------------------------------------------

PAGE = Contract.load(
    {
        "name": "Page",
        "type": "object",
        "properties": {
            "results": {"type": "array", "items": {"type": "string"}},
            "paging": {
                "type": "object",
                "properties": {
                    "next": {"type": "object", "properties": {"after": {"type": "string"}}, "required": ["after"]}
                },
            },
        },
        "required": ["results"],
    }
)
PAGE_BODY = b'{"results":["a"],"paging":{"next":{"after":"NTI1"}}}'


def read_page(base_url, after):
    page = get(base_url, f"/things?{urlencode({'after': after})}")
    return page["results"], page.get("paging", {}).get("next", {}).get("after", "")


def read_all(base_url):
    found, after = read_page(base_url, "")
    while after:
        more, after = read_page(base_url, after)
        found += more
    return found


def read_all_again_and_again(base_url):
    _, after = read_page(base_url, "")
    while after:
        try:
            read_page(base_url, after)
        except OSError:
            continue


def test_a_client_that_follows_the_cursor_comes_to_an_end():
    report = report_of(read_all, PAGE, examples=20, case_sets=VALID_SETS)
    assert report.ok
    assert report.counts["valid"] == {"accepted": 20}
    assert clients.call(read_all, PAGE_BODY) == ["a", "a"]
    assert clients.call(read_all, PAGE_BODY, then=b'{"results":["b"]}') == ["a", "b"]


@pytest.mark.parametrize("isolate", [False, True])
def test_a_client_that_never_ends_has_looped_even_if_it_catches_errors(isolate):
    cases = [Case("valid", json.loads(PAGE_BODY))]
    run = run_of(read_all_again_and_again, PAGE, max_requests=4, isolate=isolate)
    [finding] = filter(None, map(run.judge, cases))
    run.close()
    assert finding.verdict == "looped"
    assert (
        finding.detail
        == "more than 4 requests (--max-requests) in one call, with the cursor of /paging/next/after: 'NTI1'"
    )
    assert finding.cause == "more than 4 requests (--max-requests) in one call, with the cursor of /paging/next/after"
    assert "then=b'{\"results\":[]}'" in finding.reproduction


def test_the_cursor_of_a_client_that_loops_may_have_any_name():
    contract = Contract.load(
        {
            "name": "Rows",
            "type": "object",
            "properties": {"rows": {"type": "array", "items": {"type": "string"}}, "mark": {"type": "string"}},
            "required": ["rows"],
        }
    )

    def follow(base_url):
        mark = get(base_url)["mark"]
        while True:
            get(base_url, f"/rows?mark={mark}")

    for paging, words in ((None, "the last one was GET /rows?mark=m1"), ("/mark", "with the cursor of /mark: 'm1'")):
        run = run_of(follow, contract, paging=paging)
        finding = run.judge(Case("valid", {"rows": [], "mark": "m1"}))
        run.close()
        assert finding.detail.endswith(words)


def test_options_for_clients_need_a_client():
    with pytest.raises(ContractError, match="is not a client: leave out max_requests"):
        check(json.loads, ORDER, feed="text", max_requests=3)
    with pytest.raises(ContractError, match="needs at least 1 request"):
        check(fetch_order, ORDER, max_requests=0)
    with pytest.raises(ContractError, match="is not the JSON Pointer of a cursor"):
        check(fetch_order, ORDER, paging="after")


def test_a_client_that_refuses_a_body_and_asks_again_may_accept():
    def patient(base_url):
        for _ in range(2):
            with suppress(ValueError, KeyError):
                return fetch_order(base_url)
        raise ValueError("no order")

    report = report_of(patient, ORDER, feed="url", examples=0, only=["/state:*", "trailing-comma"], case_sets=BODY_SETS)
    assert report.findings == []
    assert report.counts["invalid"].keys() == report.counts["malformed"].keys() == {"accepted"}


def test_the_exchange_of_a_finding_is_the_one_with_the_case(batch_association_response):
    def client(base_url):
        ask(base_url, "POST", "/crm/v4/associations/contacts/companies/batch/archive")
        return get(base_url, "/crm/v4/associations/contacts/companies/batch/read")["errors"]

    run = run_of(client, batch_association_response, feed="url")
    finding = run.judge(next(batch_association_response.sample(1)))
    run.close()
    assert finding.exchange.request == "GET /crm/v4/associations/contacts/companies/batch/read"
    assert finding.exchange.requests == 2
