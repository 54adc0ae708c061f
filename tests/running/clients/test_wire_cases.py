"""Wire cases: correct clients honour all of them, and each bug of a client is found by its label."""

from __future__ import annotations

import json
import time
from functools import partial

import httpx
import pytest
import requests
from runs import run_of
from wire_clients import (
    ITEMS,
    TIMEOUT_SECONDS,
    decoding_gzip,
    httpx_client,
    items_of,
    over_http_client,
    over_httpx,
    over_requests,
    pages,
    retrying,
    send,
)

from contractfuzz import Case, ContractError, assert_accepts, assert_rejects, assert_survives, check
from contractfuzz.bulk.job import make_job
from contractfuzz.payloads.wire.wire_cases import WIRE_CASES
from contractfuzz.running.adapters import clients
from contractfuzz.running.messages import explain
from contractfuzz.running.options import CaseSet
from contractfuzz.server.wire_responses import WIRE_RESPONSES
from contractfuzz.testing.kept_cases import keep_case, load_kept_cases, replay_kept_cases

FAST = [label for label in WIRE_CASES if label not in ("connection.slow-bytes", "connection.silent")]


def findings_of(client, only=FAST, **options):
    run = run_of(client, ITEMS, feed="url", examples=0, only=only, case_sets=[CaseSet("wire")], **options)
    run.feed_all()
    return {finding.case.label: finding for finding in run.report().findings}


def test_each_wire_case_has_a_response():
    labels = [label for label in ITEMS.labels("wire") if not label.startswith("paging.")]
    assert list(WIRE_RESPONSES) == list(WIRE_CASES) == labels


@pytest.mark.parametrize("client", [over_requests, over_httpx, over_http_client, decoding_gzip])
def test_correct_clients_honour_every_wire_case(client):
    assert findings_of(client) == {}


@pytest.mark.slow
@pytest.mark.parametrize("isolate", [False, True])
def test_correct_clients_wait_for_slow_bytes_and_give_up_on_a_silent_server(isolate):
    assert findings_of(over_http_client, list(WIRE_CASES), isolate=isolate) == {}


@pytest.mark.thinned(2)
@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "labels"), [("GET", FAST), ("POST", ["status.50*", "connection.c*", "connection.re*"])]
)
def test_correct_clients_may_ask_again(method, labels):
    assert findings_of(lambda base_url: retrying(base_url, method), labels, max_requests=5) == {}


def without_status(base_url):
    return items_of(requests.get(base_url, timeout=TIMEOUT_SECONDS).json())


def only_200(base_url):
    response = httpx_client.get(base_url)
    if response.status_code == 200:
        return items_of(response.json())
    response.raise_for_status()
    return None


def by_header_case(base_url):
    response = httpx_client.get(base_url)
    response.raise_for_status()
    names = {name.decode() for name, _ in response.headers.raw}
    if "Content-Type" not in names or response.status_code == 204:
        return []
    return items_of(response.json())


def parsing_every_body(base_url):
    response = httpx_client.get(base_url)
    body = response.json()
    response.raise_for_status()
    return items_of(body)


def without_decoding(base_url):
    status, _, body = send(base_url, **{"Accept-Encoding": "gzip"})
    if status >= 300:
        raise ValueError(status)
    return [] if status == 204 else items_of(json.loads(body.decode("latin-1")))


def with_undeclared_error(base_url):
    try:
        return over_http_client(base_url)
    except ConnectionRefusedError:
        raise RuntimeError("no connection") from None


def repeating_posts(base_url):
    return retrying(base_url, "POST", ignored=(500, 502))


def keeping_connections(connections, base_url):
    import http.client
    from urllib.parse import urlsplit

    netloc = urlsplit(base_url).netloc
    connection = connections.setdefault(netloc, http.client.HTTPConnection(netloc, timeout=TIMEOUT_SECONDS))
    connection.request("GET", "/items")
    response = connection.getresponse()
    return items_of(json.loads(response.read()))


@pytest.mark.parametrize(
    ("client", "label", "verdict", "words"),
    [
        (without_status, "status.204", "crashed", "JSONDecodeError"),
        (without_status, "status.502", "crashed", "JSONDecodeError"),
        (without_status, "status.401", "crashed", "JSONDecodeError"),
        (only_200, "status.201", "accepted", "the result differs"),
        (only_200, "status.207", "accepted", "the result differs"),
        (by_header_case, "header.lower-case", "accepted", "the result differs"),
        (parsing_every_body, "status.403", "crashed", "JSONDecodeError"),
        (without_decoding, "encoding.gzip", "rejected", "JSONDecodeError"),
        (with_undeclared_error, "connection.refused", "crashed", "RuntimeError"),
        (repeating_posts, "status.500", "repeated", "POST was sent again after the status 500"),
        (lambda url: retrying(url, waits=False), "status.503", "repeated", "early retry: GET was sent again"),
        (lambda url: retrying(url, waits=False), "status.429.retry-after-seconds", "repeated", "early retry"),
        (partial(keeping_connections, {}), "connection.closed-between-requests", "rejected", "RemoteDisconnected"),
        (lambda url: send(url)[0], "status.404", "accepted", ""),
        (lambda url: send(url)[0], "body.html", "accepted", ""),
    ],
)
def test_a_bug_is_found_by_its_label(client, label, verdict, words):
    [finding] = findings_of(client, [label]).values()
    assert finding.verdict == verdict
    assert words in (finding.raised.line if finding.raised else finding.detail)


def test_a_result_that_has_the_status_does_not_differ_by_it():
    def client(base_url):
        response = httpx_client.get(base_url)
        response.raise_for_status()
        return response.status_code, response.json(), response

    assert findings_of(client, ["status.20[127]"]) == {}


def test_a_client_that_tries_again_without_end_is_stopped():
    def client(base_url):
        while True:
            try:
                httpx_client.get(base_url, follow_redirects=False).raise_for_status()
            except httpx.HTTPStatusError:
                continue

    [finding] = findings_of(client, ["status.redirect-loop"]).values()
    assert finding.verdict == "looped"


def test_a_client_without_a_timeout_has_hung():
    [finding] = findings_of(lambda url: httpx.get(url, timeout=None), ["connection.silent"], timeout=0.1).values()
    assert (finding.verdict, finding.cause) == ("hung", finding.detail)
    assert "give it a timeout" in finding.detail


@pytest.mark.slow
def test_a_client_that_waits_for_an_absurd_time_has_hung_and_does_not_disturb_the_next_case():
    def patient_client(base_url):
        status, headers, _ = send(base_url)
        if status == 429:
            time.sleep(min(int(headers.get("Retry-After", 0)), 4))
        return over_http_client(base_url)

    labels = ["status.429.retry-after-absurd", "status.422"]
    [finding] = findings_of(patient_client, labels, timeout=0.01).values()
    assert finding.verdict == "hung"
    assert "it did not return after the last response, at test_wire_cases.py" in finding.detail


def refusing_accepted(base_url):
    status, _, body = send(base_url)
    if status == 202:
        raise ValueError("not ready")
    return json.loads(body)


def test_a_tolerance_excuses_wire_cases():
    assert findings_of(lambda url: send(url)[0], ["status.404"], tolerate=["status.404"]) == {}
    assert list(findings_of(refusing_accepted, ["status.20[12]"])) == ["status.202"]
    assert findings_of(refusing_accepted, ["status.20[12]"], tolerate=["status.202"]) == {}
    with pytest.raises(ContractError, match="unknown label"):
        findings_of(lambda url: send(url)[0], ["status.404"], tolerate=["status.4004"])


def test_a_finding_shows_its_exchange_and_its_line_calls_the_client_the_same_way():
    [finding] = findings_of(parsing_every_body, ["status.502"]).values()
    assert (finding.exchange.request, finding.exchange.status) == ("GET /", 502)
    assert ("Content-Type", "text/html; charset=utf-8") in finding.exchange.headers
    assert finding.exchange.body == "<!DOCTYPE html>"
    assert finding.reproduction.endswith("clients.call(parsing_every_body, b'', wire='status.502')")
    with pytest.raises(json.JSONDecodeError):
        clients.call(parsing_every_body, b"", wire="status.502")
    with pytest.raises(ContractError, match="unknown wire case"):
        clients.call(parsing_every_body, b"", wire="status.999")


def test_only_clients_get_wire_cases():
    assert "wire" not in check(json.loads, ITEMS, feed="text", examples=0).counts
    assert "wire" in check(over_http_client, ITEMS, examples=0, timeout=1).counts


def test_assertions_feed_the_wire_cases_that_they_are_about():
    assert_accepts(over_http_client, ITEMS)
    with pytest.raises(AssertionError, match=r"status\.201"):
        assert_accepts(only_200, ITEMS)
    with pytest.raises(AssertionError, match=r"status\.401"):
        assert_rejects(lambda url: parsing_every_body(url) and None, ITEMS, feed="url", tolerate=["*:*"])
    with pytest.raises(AssertionError, match=r"status\.204"):
        assert_survives(without_status, ITEMS)


def test_a_wire_case_survives_json():
    from contractfuzz.payloads.cases.json_form import case_from_json, case_to_json

    cases = list(ITEMS.sample(len(WIRE_CASES), "wire"))
    assert len(cases) == len(WIRE_CASES)
    for case in cases:
        again = case_from_json(case_to_json(case), "wire", case.expectation)
        assert isinstance(again, Case)
        assert (again.label, again.body, again.payload) == (case.label, case.body, case.payload)


@pytest.mark.parametrize(
    ("client", "label"),
    [
        (only_200, "status.201"),
        (parsing_every_body, "status.403"),
        (partial(pages, stops_at_empty_page=True), "paging.empty-page"),
        (partial(pages, is_careful=False), "paging.repeated-cursor"),
    ],
)
def test_a_kept_wire_case_shows_its_finding_again(client, label, tmp_path):
    run = run_of(client, ITEMS, feed="url", examples=0, only=label, case_sets=[CaseSet("wire")])
    run.feed_all(keep_open=True)
    [finding] = run.report().findings
    keep_case(finding, tmp_path)
    [result] = replay_kept_cases(run, load_kept_cases(tmp_path))
    run.close()
    assert (result.status, result.finding.cause) == ("fails", finding.cause)


def test_wire_cases_are_not_sampled_as_bodies():
    with pytest.raises(ContractError, match="wire cases are responses, not bodies"):
        make_job(ITEMS, 5, "wire")


def test_another_request_does_not_excuse_an_ignored_error():
    def client(base_url):
        send(base_url, path="/token")
        return items_of(json.loads(send(base_url, path="/items")[2]))

    [finding] = findings_of(client, ["status.500"]).values()
    assert finding.verdict == "accepted"


class ShopError(Exception): ...


def raising_its_own_error(base_url):
    status, _, body = send(base_url)
    if status >= 300:
        raise ShopError(status)
    return [] if status == 204 else items_of(json.loads(body))


def test_an_error_of_the_client_is_named_with_the_option_that_declares_it():
    findings = findings_of(raising_its_own_error, ["status.50*"])
    assert {finding.verdict for finding in findings.values()} == {"crashed"}
    assert "remedy       if the client should reject by this error, declare it: --raises test_wire_cases:ShopError" in (
        explain(findings["status.500"])
    )
    assert findings_of(raising_its_own_error, ["status.50*"], raises=(ValueError, ShopError)) == {}
    assert "remedy" not in explain(findings_of(without_status, ["status.502"])["status.502"])
