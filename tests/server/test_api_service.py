"""The mock server of a whole API: valid payloads for every operation, and a script for each."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

import pytest
from shop_api import SHOP

from contractfuzz import Api, ContractError
from contractfuzz.server import MockServer

API = Api.load(SHOP)
TENANT = {"X-Tenant": "acme"}
NEW_ORDER = {"customer_id": "c7", "quantity": 3}


@pytest.fixture(scope="module")
def running():
    with MockServer.of_api(API) as server:
        yield server


@pytest.fixture
def server(running):
    with running.fresh():
        yield running


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()
        self.type = self.headers.get_content_type()

    @property
    def json(self):
        return json.loads(self.body)


@pytest.fixture
def ask(server):
    def request(method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
        try:
            content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
            given = {} if content is None else {"Content-Type": "application/json"}
            connection.request(method, path, content, {**given, **(headers or {})})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    return request


def test_every_operation_responds_with_a_valid_payload(ask):
    requests = {
        "listOrders": ("GET", "/orders", None, TENANT),
        "createOrder": ("POST", "/orders", NEW_ORDER),
        "getOrder": ("GET", "/orders/7"),
        "getOrderOfCustomer": ("GET", "/customers/c7/orders/7"),
    }
    for name, request in requests.items():
        answer, operation = ask(*request), API.operation(name)
        assert answer.status == operation.success_status
        assert operation.contract.is_valid(answer.json)


def test_ids_of_the_path_and_the_request_reappear(ask):
    assert ask("GET", "/orders/7").json["id"] == 7
    created = ask("POST", "/orders", NEW_ORDER).json
    assert {name: created[name] for name in NEW_ORDER} == NEW_ORDER


def test_an_example_of_the_document_is_the_response(ask):
    order = ask("GET", "/customers/c9/orders/7").json["order"]
    assert order == {"id": 7, "customer_id": "c9", "quantity": 5}


def test_the_same_request_gets_the_same_response(ask):
    assert ask("GET", "/orders/7").body == ask("GET", "/orders/7").body
    assert len({ask("GET", f"/orders/{number}").json["customer_id"] for number in range(9)}) > 1


def test_responses_without_json_have_the_status_and_media_type_of_the_document(ask):
    deleted, report = ask("DELETE", "/orders/7"), ask("GET", "/report")
    assert (deleted.status, deleted.body) == (204, b"")
    assert (report.status, report.type, report.body) == (200, "text/csv", b"id;name")


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/html, application/*;q=0.8", "application/json"),
        ("text/csv", "text/csv"),
        ("text/html, TEXT/CSV;q=0.5", "text/csv"),
        ("text/html", "application/json"),
    ],
)
def test_a_request_may_ask_for_another_media_type_than_json(ask, accept, media_type):
    answer = ask("GET", "/orders", headers={**TENANT, "Accept": accept})
    assert (answer.status, answer.type) == (200, media_type)
    assert media_type == "application/json" or answer.body == b"id;name"


def test_the_headers_of_the_document_have_valid_values(ask):
    headers = ask("POST", "/orders", NEW_ORDER).headers
    assert (headers["Location"], headers["X-Remaining"], headers["X-Never"]) == ("/orders/1", "5", None)
    assert all(text.lstrip("-").isdigit() for text in headers["X-Ids"].split(","))
    assert len(headers.get_all("Content-Length")) == 1


def test_the_path_of_the_server_may_be_left_out_or_not(ask):
    assert ask("GET", "/v1/orders/7").json["id"] == ask("GET", "/orders/7").json["id"] == 7
    assert ask("GET", "/v2/orders/7").status == 404


def test_an_invalid_request_gets_the_error_of_the_document_with_the_reason(ask):
    answer = ask("POST", "/orders", {"customer_id": "c7", "quantity": 0})
    assert (answer.status, answer.type) == (400, "application/json")
    message = "The body is not valid at /quantity: 0 is less than the minimum of 1."
    assert answer.json["error"] == {"message": message, "status": 400}


def test_an_invalid_request_without_a_described_error_gets_a_problem(ask):
    answer = ask("GET", "/orders?limit=x", headers=TENANT)
    assert (answer.status, answer.type) == (400, "application/problem+json")
    assert answer.json == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "The query parameter 'limit' is not valid: 'x' is not of type 'integer'.",
        "instance": "/orders?limit=x",
    }


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (("PUT", "/orders/7"), 405),
        (("GET", "/nowhere"), 404),
        (("POST", "/orders", b"x", {"Content-Type": "a/b"}), 415),
    ],
)
def test_other_requests_get_a_problem(ask, request_line, status):
    answer = ask(*request_line)
    assert (answer.status, answer.type, answer.json["status"]) == (status, "application/problem+json", status)


def test_an_operation_has_a_script_of_its_own(server, ask):
    server.operation("getOrder").script(404, 202, "cut-body", {"id": 1})
    assert ask("POST", "/orders", NEW_ORDER).status == 201
    missing = ask("GET", "/orders/7")
    assert API.operation("getOrder").response(404).contract.is_valid(missing.json)
    assert missing.status == missing.json["error"]["status"] == 404
    assert ask("GET", "/orders/7").status == 202
    with pytest.raises(http.client.IncompleteRead):
        ask("GET", "/orders/7")
    assert server.operation("GET /orders/{orderId}").pending == server.pending == 1
    assert ask("GET", "/orders/7").json == {"id": 1}
    assert [exchange.status for exchange in server.operation("getOrder").log] == [404, 202, 200, 200]
    assert len(server.log) == 5


def test_the_script_of_an_operation_comes_before_that_of_the_server(server, ask):
    server.script(503)
    server.operation("getOrder").script(429)
    limited = ask("GET", "/orders/7")
    assert (limited.status, limited.headers.get_all("Retry-After")) == (429, ["1"])
    assert [ask("GET", "/orders/7").status for _ in range(2)] == [503, 200]


def test_an_operation_has_a_default_response_of_its_own(server, ask):
    server.operation("createOrder").always({"id": 2})
    server.operation("createOrder").script(503, 200)
    answers = [ask("POST", "/orders", NEW_ORDER) for _ in range(3)]
    assert [answer.status for answer in answers] == [503, 201, 201]
    assert answers[2].json == {"id": 2}
    assert ask("GET", "/orders/7").json != {"id": 2}


def test_one_operation_responds_with_cases(server, ask):
    server.operation("getOrder").respond_with_cases("invalid", only="/quantity:*")
    labels = [ask("GET", "/orders/7").headers["X-Contractfuzz-Label"] for _ in range(3)]
    assert all(label.startswith("/quantity:") for label in labels)
    assert ask("POST", "/orders", NEW_ORDER).headers["X-Contractfuzz-Label"] is None


def test_all_operations_respond_with_cases_of_their_own_contracts(server, ask):
    server.respond_with_cases("invalid", only="/quantity:required.missing")
    order, created = ask("GET", "/orders/7"), ask("POST", "/orders", NEW_ORDER)
    assert (
        order.headers["X-Contractfuzz-Label"] == created.headers["X-Contractfuzz-Label"] == "/quantity:required.missing"
    )
    assert (order.status, created.status) == (200, 201)
    # The items of a list have the property elsewhere, and these have no such case.
    assert ask("GET", "/orders", headers=TENANT).headers["X-Contractfuzz-Label"] is None
    assert ask("GET", "/report").body == b"id;name"


def test_one_operation_responds_with_wire_cases(server, ask):
    server.operation("createOrder").respond_with_cases("wire", only=["status.503", "header.content-type-charset"])
    statuses = {ask("POST", "/orders", NEW_ORDER).status for _ in range(4)}
    assert statuses == {201, 503}
    assert ask("GET", "/orders/7").status == 200


@pytest.mark.parametrize(
    ("use", "message"),
    [
        (lambda server: server.operation("getOrdr"), "unknown operation 'getOrdr': did you mean 'getOrder'"),
        (
            lambda server: server.operation("GET /report").respond_with_cases("invalid"),
            "GET /report never responds with JSON",
        ),
        (lambda server: server.respond_with_cases("incoherent"), "no operation of the API has incoherent cases"),
        (lambda server: server.script(199), "cannot respond with the status 199"),
        (lambda server: server.operation("getOrder").script("cut"), "unknown fault 'cut'"),
    ],
)
def test_a_wrong_script_is_an_error_at_once(server, use, message):
    with pytest.raises(ContractError, match=message):
        use(server)


def test_a_status_that_the_operation_does_not_describe_is_an_error_of_the_test(ask, running):
    test = running.fresh()
    test.__enter__().operation("getOrder").script(206)
    assert ask("GET", "/orders/7").status == 500
    with pytest.raises(ContractError, match=r"GET /orders/\{orderId\} has no response 206"):
        test.__exit__(None, None, None)


def test_a_path_with_a_fragment_is_served_without_it():
    responses = {"204": {"description": ""}}
    paths = {"/orders#bulk": {"put": {"responses": responses}}, "/orders?x=1": {"post": {"responses": responses}}}
    with MockServer.of_api({"openapi": "3.0.0", "paths": paths}) as server:
        for method in ("PUT", "POST"):
            connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
            connection.request(method, "/orders")
            assert connection.getresponse().status == 204
            connection.close()


def test_a_mistake_in_the_document_is_reported_by_the_operation_alone():
    broken = {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"type": 1}}}}}}}
    document = {**SHOP, "paths": {**SHOP["paths"], "/broken": broken}}
    with MockServer.of_api(document) as server:
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
        connection.request("GET", "/broken")
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
    assert answer.status == 500
    assert "/paths/~1broken/get/responses/200/content/application~1json/schema/type" in text
