"""What a test tells the server, what it learns from it, and that nothing is left of it."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from urllib.parse import urlsplit

import pytest

from contractfuzz import Contract, ContractError
from contractfuzz.server import MockServer, Response
from hubspot_strategies import contract

NAME = "batch_association_server"
GOOD = {"inputs": [{"id": "7"}]}


# --- the script ---------------------------------------------------------------------------------------------------------


def test_a_script_is_answered_in_order_and_then_the_regular_answer_returns(batch_association_server, read):
    batch_association_server.script(429, 503, 200)
    assert [read("7").status for _ in range(4)] == [429, 503, 200, 200]


def test_scripts_are_added_to_each_other(batch_association_server, read):
    batch_association_server.script(429).script(500)
    assert [read("7").status for _ in range(2)] == [429, 500]


def test_how_much_of_the_script_is_left(batch_association_server, read):
    batch_association_server.script(429, 500)
    read("7")
    assert batch_association_server.pending == 1


def test_a_refused_request_leaves_the_script_as_it_is(batch_association_server, read):
    batch_association_server.script(503)
    assert [read().status, read("7").status] == [400, 503]


def test_too_many_requests_say_when_to_try_again(batch_association_server, read):
    batch_association_server.script(429)
    reply = read("7")
    assert reply.headers["Retry-After"] == "1"
    assert reply.json["category"] == "RATE_LIMITS"


@pytest.mark.parametrize("status", [401, 403, 409, 422, 500, 503, 599])
def test_errors_have_the_shape_of_the_service(batch_association_server, read, status):
    batch_association_server.script(status)
    reply = read("7")
    assert reply.status == status
    assert reply.json["status"] == "error"
    assert {"message", "correlationId"} < reply.json.keys()


@pytest.mark.parametrize("status", [502, 504])
def test_gateways_answer_with_a_page_of_html(batch_association_server, read, status):
    batch_association_server.script(status)
    reply = read("7")
    assert reply.status == status
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.body.startswith(b"<!DOCTYPE html>")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_lead_to_the_same_place(batch_association_server, ask, status):
    batch_association_server.script(status)
    path = "/crm/v4/associations/con%20tacts/companies/batch/read?portalId=1"
    reply = ask(path, GOOD)
    assert (reply.status, reply.headers["Location"]) == (status, path)


def test_a_case_is_sent_as_it_is_with_its_label(batch_association_server, read):
    for kind in ("invalid", "malformed", "incoherent"):
        case = next(contract.sample(1, kind))
        batch_association_server.script(case)
        reply = read("7")
        assert (reply.body, reply.label) == (case.body, case.label)


def test_a_payload_is_sent_as_json_with_the_status_that_goes_with_it(batch_association_server, read):
    batch_association_server.script({"errors": []}, {"errors": [{}]}, [1, "é"])
    replies = [read("7") for _ in range(3)]
    assert [reply.status for reply in replies] == [200, 207, 200]
    assert replies[2].body == '[1,"é"]'.encode()


def test_an_answer_says_everything_itself(batch_association_server, read):
    batch_association_server.script(Response(418, {"X-Pot": "tea"}, b"short", label="teapot"))
    reply = read("7")
    assert (reply.status, reply.headers["X-Pot"], reply.body, reply.label) == (418, "tea", b"short", "teapot")


def test_a_function_sees_the_request_and_chooses(batch_association_server, read):
    batch_association_server.always(lambda request: 404 if request.json["inputs"][0]["id"] == "13" else 200)
    assert [read("12").status, read("13").status] == [200, 404]


def test_a_label_that_no_header_can_hold_is_percent_encoded(batch_association_server, read):
    batch_association_server.script(Response(label="/größe\n:type"))
    assert read("7").label == "/gr%C3%B6%C3%9Fe%0A:type"


@pytest.mark.parametrize("item", [True, None, 100, 204, 300, "cut-bodies"], ids=repr)
def test_an_item_that_says_nothing_is_refused_when_it_is_scripted(batch_association_server, item):
    with pytest.raises(ContractError):
        batch_association_server.script(item)


def test_an_unknown_fault_names_the_nearest(batch_association_server):
    with pytest.raises(ContractError, match="did you mean 'cut-body'"):
        batch_association_server.script("cut-bodies")


# --- the regular answer -------------------------------------------------------------------------------------------------


def test_cases_of_a_kind_come_one_after_the_other_as_they_are_sampled(batch_association_server, read):
    batch_association_server.respond_with_cases("invalid", seed=5)
    cases = list(contract.sample(5, "invalid", seed=5))
    replies = [read("7") for _ in cases]
    assert [(reply.body, reply.label) for reply in replies] == [(case.body, case.label) for case in cases]


def test_valid_cases_have_no_label_and_a_profile(batch_association_server, read):
    batch_association_server.respond_with_cases("valid", "realistic", seed=1)
    replies = [read("7") for _ in range(4)]
    assert [reply.json for reply in replies] == [case.payload for case in contract.sample(4, "valid", "realistic", 1)]
    assert {reply.label for reply in replies} == {None}


def test_only_some_labels(batch_association_server, read):
    batch_association_server.respond_with_cases("invalid", only="/status:*")
    assert {read("7").label.partition(":")[0] for _ in range(5)} == {"/status"}


def test_an_endpoint_without_the_contract_answers_without_cases(batch_association_server, ask):
    batch_association_server.respond_with_cases("invalid")
    assert ask("archive", {"inputs": [{"from": {"id": "1"}, "to": {"id": "2"}}]}).status == 204


def test_cases_that_do_not_exist_are_refused_at_once(batch_association_server):
    for wrong in ({"kind": "wrong"}, {"profile": "wrong"}, {"kind": "invalid", "only": "wrong"}):
        with pytest.raises(ContractError, match="wrong"):
            batch_association_server.respond_with_cases(**wrong)


def test_a_contract_without_rules_has_no_incoherent_answers(batch_association_server, monkeypatch):
    plain = Contract("plain", {"type": "object"})
    monkeypatch.setattr("hubspot_strategies.server.contract", plain)
    with pytest.raises(ContractError, match="no incoherent cases"):
        batch_association_server.respond_with_cases("incoherent")


def test_always_makes_an_item_regular(batch_association_server, read):
    batch_association_server.always(500).script(200)
    # 200 in a script is the regular answer, which is 500 now.
    assert [read("7").status for _ in range(3)] == [500, 500, 500]


def test_always_a_fault_spoils_what_was_regular_before(batch_association_server, read):
    batch_association_server.respond_with_cases("valid", seed=2).always("no-content-type")
    reply = read("7")
    assert reply.headers["Content-Type"] is None
    assert reply.json == next(contract.sample(1, seed=2)).payload


def test_same_seed_same_answers():
    def first_answer(seed):
        with MockServer.named(NAME, seed=seed) as server:
            return post(server.url)

    assert first_answer(3) == first_answer(3) != first_answer(4)


# --- the log ------------------------------------------------------------------------------------------------------------


def test_the_log_holds_each_request_and_what_it_got(batch_association_server, ask):
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


def test_a_chunked_request_is_read_as_a_whole(batch_association_server):
    body = json.dumps(GOOD).encode()
    connection = http.client.HTTPConnection(urlsplit(batch_association_server.url).netloc, timeout=30)
    connection.request("POST", "/crm/v4/associations/1/2/batch/read", iter([body[:5], body[5:]]), encode_chunked=True)
    assert connection.getresponse().status == 200
    connection.close()
    assert batch_association_server.log[0].request.body == body


def test_requests_at_once_are_all_answered_and_numbered(batch_association_server):
    batch_association_server.script(*[429] * 10)
    threads = [threading.Thread(target=post, args=(batch_association_server.url,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log = batch_association_server.log
    assert sorted(exchange.status for exchange in log) == [200] * 10 + [429] * 10
    assert sorted(exchange.request.number for exchange in log) == list(range(20))


# --- each test has it as new --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("round_", [1, 2])
def test_a_test_finds_no_trace_of_the_one_before(batch_association_server, read, round_):
    assert batch_association_server.log == ()
    assert read("7").status == 200
    batch_association_server.always(500).script(429, 429)
    read("7")


def test_what_could_not_be_answered_is_raised_when_the_test_is_over():
    def fail(request):
        raise LookupError("no such answer")

    def use(server):
        with server.fresh():
            server.script(fail)
            assert post(server.url)[0] == 500

    with MockServer.named(NAME) as server:
        with pytest.raises(ContractError, match="no such answer"):
            use(server)
        assert server.log == ()


def test_a_fault_that_has_nothing_to_cut_is_raised_when_the_test_is_over():
    def use(server):
        with server.fresh():
            server.script("cut-body")
            post(server.url, "archive", {"inputs": [{"from": {"id": "1"}, "to": {"id": "2"}}]})

    with MockServer.named(NAME) as server, pytest.raises(ContractError, match="0 bytes of body cannot be cut"):
        use(server)


# --- its life -----------------------------------------------------------------------------------------------------------


def test_it_listens_on_loopback_only(batch_association_server):
    assert urlsplit(batch_association_server.url).hostname == "127.0.0.1"


def test_nothing_listens_and_no_thread_is_left_when_it_is_closed():
    before = set(threading.enumerate())
    with MockServer.named(NAME) as server:
        place = ("127.0.0.1", urlsplit(server.url).port)
        post(server.url)
    assert set(threading.enumerate()) <= before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(place, timeout=30)


def test_a_client_that_says_nothing_does_not_hold_it_up():
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


def test_it_has_no_address_while_it_does_not_listen():
    with pytest.raises(ContractError, match="does not listen"):
        _ = MockServer.named(NAME).url


def test_a_port_that_is_taken_is_refused_in_one_line(batch_association_server):
    taken = urlsplit(batch_association_server.url).port
    with pytest.raises(ContractError, match=f"cannot listen on port {taken}"):
        MockServer.named(NAME, port=taken).start()


def test_a_port_that_is_none_is_refused_in_one_line():
    with pytest.raises(ContractError, match="1 to 65535"):
        MockServer.named(NAME, port=70_000).start()


def test_an_unknown_server_names_the_nearest():
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
