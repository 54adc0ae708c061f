"""Script, default responses, log and lifecycle of the mock server."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from urllib.parse import urlsplit

import httpx
import pytest

from contractfuzz import Contract, ContractError
from contractfuzz.server import MockServer, Response
from hubspot_strategies import contract

NAME = "batch_association_server"
GOOD = {"inputs": [{"id": "7"}]}


# --- the script ---------------------------------------------------------------------------------------------------------


def test_scripted_responses_come_in_order_before_the_default_response(batch_association_server, read):
    batch_association_server.script(429, 503, 200)
    assert [read("7").status for _ in range(4)] == [429, 503, 200, 200]


def test_scripts_are_appended(batch_association_server, read):
    batch_association_server.script(429).script(500)
    assert [read("7").status for _ in range(2)] == [429, 500]


def test_pending_is_the_number_of_responses_still_to_be_sent(batch_association_server, read):
    batch_association_server.script(429, 500)
    read("7")
    assert batch_association_server.pending == 1


def test_an_endpoint_of_a_pack_has_a_script_of_its_own(batch_association_server, read, ask):
    batch_association_server.operation("read").script(429)
    archived = ask("archive", {"inputs": [{"from": {"id": "1"}, "to": [{"id": "2"}]}]})
    assert [archived.status, read("7").status, read("7").status] == [204, 429, 200]
    with pytest.raises(ContractError, match="unknown operation 'reed': did you mean 'read'"):
        batch_association_server.operation("reed")


def test_an_invalid_request_does_not_consume_a_scripted_response(batch_association_server, read):
    batch_association_server.script(503)
    assert [read().status, read("7").status] == [400, 503]


def test_429_has_a_retry_after_header(batch_association_server, read):
    batch_association_server.script(429)
    reply = read("7")
    assert reply.headers["Retry-After"] == "1"
    assert reply.json["category"] == "RATE_LIMITS"


@pytest.mark.parametrize("status", [401, 403, 409, 422, 500, 503, 599])
def test_errors_have_the_format_of_the_service(batch_association_server, read, status):
    batch_association_server.script(status)
    reply = read("7")
    assert reply.status == status
    assert reply.json["status"] == "error"
    assert {"message", "correlationId"} < reply.json.keys()


@pytest.mark.parametrize("status", [502, 504])
def test_gateway_errors_have_an_html_page(batch_association_server, read, status):
    batch_association_server.script(status)
    reply = read("7")
    assert reply.status == status
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.body.startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_point_to_the_requested_url(batch_association_server, ask, status):
    batch_association_server.script(status)
    path = "/crm/v4/associations/con%20tacts/companies/batch/read?portalId=1"
    reply = ask(path, GOOD)
    assert (reply.status, reply.headers["Location"]) == (status, path)


def test_a_case_is_sent_unchanged_with_its_label(batch_association_server, read):
    for kind in ("invalid", "malformed", "incoherent"):
        case = next(contract.sample(1, kind))
        batch_association_server.script(case)
        reply = read("7")
        assert (reply.body, reply.label) == (case.body, case.label)


def test_a_payload_is_sent_as_json_with_its_status(batch_association_server, read):
    batch_association_server.script({"errors": []}, {"errors": [{}]}, [1, "é"])
    replies = [read("7") for _ in range(3)]
    assert [reply.status for reply in replies] == [200, 207, 200]
    assert replies[2].body == '[1,"é"]'.encode()


def test_a_response_is_sent_unchanged(batch_association_server, read):
    batch_association_server.script(Response(418, {"X-Pot": "tea"}, b"short", label="teapot"))
    reply = read("7")
    assert (reply.status, reply.headers["X-Pot"], reply.body, reply.label) == (418, "tea", b"short", "teapot")


def test_a_function_chooses_the_response_to_a_request(batch_association_server, read):
    batch_association_server.always(lambda request: 404 if request.json["inputs"][0]["id"] == "13" else 200)
    assert [read("12").status, read("13").status] == [200, 404]


def test_a_label_with_characters_that_headers_forbid_is_percent_encoded(batch_association_server, read):
    batch_association_server.script(Response(label="/größe\n:type"))
    assert read("7").label == "/gr%C3%B6%C3%9Fe%0A:type"


@pytest.mark.parametrize("item", [True, None, 100, 204, 300, "cut-bodies"], ids=repr)
def test_an_invalid_item_is_rejected_when_it_is_scripted(batch_association_server, item):
    with pytest.raises(ContractError):
        batch_association_server.script(item)


def test_an_unknown_fault_suggests_the_nearest(batch_association_server):
    with pytest.raises(ContractError, match="did you mean 'cut-body'"):
        batch_association_server.script("cut-bodies")


# --- the default response -----------------------------------------------------------------------------------------------


def test_cases_of_a_kind_come_in_the_order_of_sample(batch_association_server, read):
    batch_association_server.respond_with_cases("invalid", seed=5)
    cases = list(contract.sample(5, "invalid", seed=5))
    replies = [read("7") for _ in cases]
    assert [(reply.body, reply.label) for reply in replies] == [(case.body, case.label) for case in cases]


def test_valid_cases_have_a_profile_and_no_label(batch_association_server, read):
    batch_association_server.respond_with_cases("valid", "realistic", seed=1)
    replies = [read("7") for _ in range(4)]
    assert [reply.json for reply in replies] == [case.payload for case in contract.sample(4, "valid", "realistic", 1)]
    assert {reply.label for reply in replies} == {None}


def test_only_selects_labels(batch_association_server, read):
    batch_association_server.respond_with_cases("invalid", only="/status:*")
    assert {read("7").label.partition(":")[0] for _ in range(5)} == {"/status"}


def test_an_endpoint_outside_the_contract_does_not_respond_with_cases(batch_association_server, ask):
    batch_association_server.respond_with_cases("invalid")
    assert ask("archive", {"inputs": [{"from": {"id": "1"}, "to": {"id": "2"}}]}).status == 204


def test_a_selection_without_cases_is_rejected_at_once(batch_association_server):
    for wrong in ({"kind": "wrong"}, {"profile": "wrong"}, {"kind": "invalid", "only": "wrong"}):
        with pytest.raises(ContractError, match="wrong"):
            batch_association_server.respond_with_cases(**wrong)


def test_a_contract_without_rules_has_no_incoherent_cases_to_serve(batch_association_server, monkeypatch):
    plain = Contract("plain", {"type": "object"})
    monkeypatch.setattr("hubspot_strategies.server.contract", plain)
    with pytest.raises(ContractError, match="no incoherent cases"):
        batch_association_server.respond_with_cases("incoherent")


def test_always_sets_the_default_response(batch_association_server, read):
    batch_association_server.always(500).script(200)
    # 200 in a script is the default response, which is 500 now.
    assert [read("7").status for _ in range(3)] == [500, 500, 500]


def test_always_with_a_fault_applies_it_to_the_previous_default_response(batch_association_server, read):
    batch_association_server.respond_with_cases("valid", seed=2).always("no-content-type")
    reply = read("7")
    assert reply.headers["Content-Type"] is None
    assert reply.json == next(contract.sample(1, seed=2)).payload


def test_the_same_seed_gives_the_same_responses():
    def first_response(seed):
        with MockServer.named(NAME, seed=seed) as server:
            return post(server.url)

    assert first_response(3) == first_response(3) != first_response(4)


# --- the log ------------------------------------------------------------------------------------------------------------


def test_the_log_contains_each_request_with_its_response(batch_association_server, ask):
    batch_association_server.script("empty-body")
    ask("read?portalId=5", GOOD, Authorization="Bearer pat-na1")
    ask("/nowhere", b"{}", method="PUT")
    first, second = batch_association_server.log
    assert first.request.method == "POST"
    assert first.request.path == "/crm/v4/associations/contacts/companies/batch/read"
    assert first.request.query == "portalId=5"
    assert first.request.headers["authorization"] == "Bearer pat-na1"
    assert first.request.json == GOOD
    assert first.request.variables == {"fromObjectType": "contacts", "toObjectType": "companies"}
    assert (first.status, first.label) == (200, "empty-body")
    assert str(second) == "PUT /nowhere 404"


def test_the_chunks_of_a_request_are_joined(batch_association_server):
    body = json.dumps(GOOD).encode()
    connection = http.client.HTTPConnection(urlsplit(batch_association_server.url).netloc, timeout=30)
    connection.request("POST", "/crm/v4/associations/1/2/batch/read", iter([body[:5], body[5:]]), encode_chunked=True)
    assert connection.getresponse().status == 200
    connection.close()
    assert batch_association_server.log[0].request.body == body


def test_concurrent_requests_all_get_a_response_and_a_number(batch_association_server):
    batch_association_server.script(*[429] * 10)
    threads = [threading.Thread(target=post, args=(batch_association_server.url,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log = batch_association_server.log
    assert sorted(exchange.status for exchange in log) == [200] * 10 + [429] * 10
    assert sorted(exchange.request.number for exchange in log) == list(range(20))


# --- isolation of tests -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("round_", [1, 2])
def test_a_test_sees_nothing_of_the_previous_test(batch_association_server, read, round_):
    assert batch_association_server.log == ()
    assert read("7").status == 200
    batch_association_server.always(500).script(429, 429)
    read("7")


def test_an_error_in_a_scripted_function_fails_the_test_at_its_end():
    def fail(request):
        raise LookupError("no such response")

    def use(server):
        with server.fresh():
            server.script(fail)
            assert post(server.url)[0] == 500

    with MockServer.named(NAME) as server:
        with pytest.raises(ContractError, match="no such response"):
            use(server)
        assert server.log == ()


def test_a_body_too_short_to_cut_fails_the_test_at_its_end():
    def use(server):
        with server.fresh():
            server.script("cut-body")
            post(server.url, "archive", {"inputs": [{"from": {"id": "1"}, "to": {"id": "2"}}]})

    with MockServer.named(NAME) as server, pytest.raises(ContractError, match="0 bytes of body cannot be cut"):
        use(server)


# --- lifecycle ----------------------------------------------------------------------------------------------------------


def test_it_listens_on_loopback_only(batch_association_server):
    assert urlsplit(batch_association_server.url).hostname == "127.0.0.1"


def test_close_frees_the_port_and_ends_all_threads():
    before = set(threading.enumerate())
    with MockServer.named(NAME) as server:
        place = ("127.0.0.1", urlsplit(server.url).port)
        post(server.url)
    assert set(threading.enumerate()) <= before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(place, timeout=30)


def test_an_idle_connection_does_not_block_the_server():
    with MockServer.named(NAME) as server:
        silent = socket.create_connection(("127.0.0.1", urlsplit(server.url).port), timeout=30)
        post(server.url)
    assert silent.recv(1) == b""
    silent.close()


def test_it_can_be_started_again():
    server = MockServer.named(NAME)
    for _ in range(2):
        with server:
            assert post(server.url)[0] == 200


def test_a_server_that_is_not_started_has_no_url():
    with pytest.raises(ContractError, match="does not listen"):
        _ = MockServer.named(NAME).url


def test_a_port_in_use_is_rejected_in_one_line(batch_association_server):
    taken = urlsplit(batch_association_server.url).port
    with pytest.raises(ContractError, match=f"cannot listen on port {taken}"):
        MockServer.named(NAME, port=taken).start()


def test_an_invalid_port_is_rejected_in_one_line():
    with pytest.raises(ContractError, match="1 to 65535"):
        MockServer.named(NAME, port=70_000).start()


def test_an_unknown_server_suggests_the_nearest():
    with pytest.raises(ContractError, match="did you mean 'batch_association_server'"):
        MockServer.named("batch_association_sever")


def post(url, endpoint="read", body=GOOD):
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request("POST", f"/crm/v4/associations/contacts/companies/batch/{endpoint}", json.dumps(body))
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_a_wire_case_is_sent_as_its_label_says(batch_association_server, read):
    created, gateway = (next(contract.sample(1, "wire", only=label)) for label in ("status.201", "status.502"))
    batch_association_server.script(created, gateway)
    assert [(reply.status, reply.label) for reply in (read("7"), read("7"))] == [
        (201, "status.201"),
        (502, "status.502"),
    ]
    batch_association_server.respond_with_cases("wire", only="status.4*")
    assert [read("7").status for _ in range(3)] == [400, 401, 403]


def test_a_wire_case_that_is_not_one_response_is_an_error():
    [refused] = contract.sample(1, "wire", only="connection.refused")
    with MockServer.named(NAME).script(refused) as server:
        url = f"{server.url}/crm/v4/associations/contacts/companies/batch/read"
        response = httpx.post(url, json=GOOD)
    assert response.status_code == 500
    assert "connection.refused is not one response" in response.text
