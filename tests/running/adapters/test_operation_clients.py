"""Clients of one operation of an API: their arguments, and the responses that they get."""

from __future__ import annotations

import json
from urllib.request import Request, urlopen

import pytest
from shop_api import SHOP

from contractfuzz import Api, ContractError
from contractfuzz.running.adapters import operations
from contractfuzz.running.adapters.operations import bind_operation
from contractfuzz.running.options import VALID_SETS, CaseSet, RunOptions
from contractfuzz.running.run import Run

API = Api.load(SHOP)


def read(url, body=None, method=None):
    headers = {"Content-Type": "application/json"}
    request = Request(url, None if body is None else json.dumps(body).encode(), headers, method=method)
    with urlopen(request, timeout=30) as response:
        return response.status, json.load(response)


def get_order(base_url, order_id):
    return read(f"{base_url}/orders/{order_id}")


def create_order(base_url, body):
    return read(f"{base_url}/v1/orders", body)


@pytest.mark.parametrize(
    ("client", "operation", "arguments"),
    [
        (lambda base_url, order_id: None, "getOrder", {"order_id": 1}),
        (lambda base_url, id: None, "getOrder", {"id": 1}),  # noqa: A006
        (lambda order_id, base_url: None, "getOrder", {"order_id": 1}),
        (lambda host, order_id, timeout=3: None, "GET /orders/{orderId}", {"order_id": 1}),
        (lambda base_url, x_tenant: None, "listOrders", {"x_tenant": "aa"}),
        (lambda base_url, payload: None, "createOrder", {"payload": {"customer_id": "", "quantity": 1}}),
        (lambda base_url, customer_id, *, quantity: None, "createOrder", {"customer_id": "", "quantity": 1}),
        (lambda base_url, **more: None, "createOrder", {}),
    ],
)
def test_the_parameters_of_a_client_get_arguments_that_fit_the_operation(client, operation, arguments):
    assert bind_operation(client, API, operation).arguments == arguments


def test_a_parameter_that_takes_text_gets_text():
    def client(base_url: str, order_id: str): ...

    assert bind_operation(client, API, "getOrder").arguments == {"order_id": "1"}


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ({"order_id": 5}, {"order_id": 5, "more": None}),
        (["order_id=5"], {"order_id": 5, "more": None}),
        (["order_id=5", "more=[1]"], {"order_id": 5, "more": [1]}),
        (["more=a=b"], {"order_id": 1, "more": "a=b"}),
    ],
)
def test_arguments_can_be_given(call, arguments):
    bound = bind_operation(lambda base_url, order_id, more=None: None, API, "getOrder", call)
    assert {"more": None, **bound.arguments} == arguments


@pytest.mark.parametrize(
    ("client", "call", "message"),
    [
        (
            lambda base_url, token: None,
            (),
            "the parameter 'token' of the client is not a parameter of getOrder: give its",
        ),
        (get_order, {"orderid": 1}, "unknown parameter of the client 'orderid': did you mean 'order_id'"),
        (get_order, ["7"], "the argument '7' is not NAME=VALUE"),
    ],
)
def test_an_argument_that_does_not_fit_is_an_error_with_a_remedy(client, call, message):
    with pytest.raises(ContractError, match=message):
        bind_operation(client, API, "getOrder", call)


def test_an_unknown_operation_is_an_error_with_a_suggestion():
    with pytest.raises(ContractError, match="unknown operation 'getOrdr': did you mean 'getOrder'"):
        bind_operation(get_order, API, "getOrdr")


def test_an_operation_without_json_cannot_be_checked():
    with pytest.raises(ContractError, match="GET /report has no JSON response of a request that succeeds"):
        bind_operation(lambda base_url: None, API, "GET /report")


def test_a_case_has_the_status_of_the_operation():
    assert operations.call(create_order, b'{"id": 1}', SHOP, "createOrder") == (201, {"id": 1})
    assert operations.call(get_order, b"[]", API, "getOrder", {"order_id": 7}) == (200, [])


async def get_order_later(base_url, order_id):
    return get_order(base_url, order_id)


@pytest.mark.parametrize("client", [get_order, get_order_later])
def test_a_client_is_checked_with_the_contract_of_the_operation(client):
    bound = bind_operation(client, API, "getOrder")
    run = Run(bound, bound.contract, RunOptions(raises=(ValueError,)), examples=3, case_sets=VALID_SETS)
    run.feed_all()
    report = run.report()
    assert report.contract == "getOrder 200"
    assert report.counts["valid"] == {"accepted": 3}


def test_a_client_may_reject_a_success_that_the_document_does_not_name():
    def read_ok(base_url, order_id):
        with urlopen(f"{base_url}/orders/{order_id}", timeout=5) as response:
            if response.status != 200:
                raise ValueError(response.status)
            return json.load(response)

    client = bind_operation(read_ok, API, "getOrder")
    run = Run(client, client.contract, RunOptions(), examples=0, only="status.20[127]", case_sets=[CaseSet("wire")])
    run.feed_all()
    assert run.report().counts == {"wire": {"rejected": 3}}
    assert run.report().ok
