"""Values of a request that reappear in the payload of its response."""

from __future__ import annotations

import pytest
from hypothesis import given
from shop_api import ORDER, SHOP

from contractfuzz import Api, Contract
from contractfuzz.api.echoes import with_echoes

CONTRACT = Contract.load(ORDER, name="Order")
PAYLOAD = {"id": 1, "customer_id": "c1", "quantity": 5}


def echoed(path="/", variables=None, body=None, payload=PAYLOAD, contract=CONTRACT):
    return with_echoes(payload, contract, path, variables or {}, body or {})


@pytest.mark.parametrize(
    ("path", "variables", "expected"),
    [
        ("/orders/{id}", {"id": "7"}, {"id": 7}),
        ("/orders/{orderId}", {"orderId": "7"}, {"id": 7}),
        ("/orders/{orderId}/cancel", {"orderId": "7"}, {"id": 7}),
        ("/orders/{Id}.json", {"Id": "7"}, {"id": 7}),
        ("/customers/{customerId}/orders/{id}", {"customerId": "c9", "id": "7"}, {"customer_id": "c9", "id": 7}),
        ("/shops/{id}/orders/{order}", {"id": "3", "order": "7"}, {"id": 7}),
        ("/orders/{id}", {"id": "not-a-number"}, {}),
        ("/shops/{shop}/orders", {"shop": "x"}, {}),
    ],
)
def test_the_variables_of_the_path_reappear(path, variables, expected):
    assert echoed(path, variables) == {**PAYLOAD, **expected}


def test_the_properties_of_the_request_reappear_if_they_are_valid():
    assert echoed(body={"customerId": "c2", "quantity": 0, "item": "tea", "unknown": 1}) == {
        **PAYLOAD,
        "customer_id": "c2",
        "item": "tea",
    }


def test_a_wrapped_resource_gets_the_values():
    contract = Api.load(SHOP).operation("getOrderOfCustomer").contract
    path, variables = "/customers/{customer_id}/orders/{id}", {"customer_id": "c9", "id": "7"}
    payload = echoed(path, variables, payload={"order": PAYLOAD, "meta": {}}, contract=contract)
    assert payload == {"order": {**PAYLOAD, "customer_id": "c9", "id": 7}, "meta": {}}


def test_the_given_payload_is_not_changed():
    payload = dict(PAYLOAD)
    echoed("/orders/{id}", {"id": "7"}, payload=payload)
    assert payload == PAYLOAD


@given(CONTRACT.valid(), CONTRACT.valid("hostile"))
def test_a_payload_stays_valid_whatever_the_request_has(payload, body):
    body = body if isinstance(body, dict) else {}
    variables = {"id": str(body.get("id"))}
    assert CONTRACT.is_valid(echoed("/orders/{id}", variables, body, payload))
