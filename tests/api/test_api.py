"""``Api``: the operations of an OpenAPI file with their contracts."""

from __future__ import annotations

import json

import pytest
from shop_api import SHOP

from contractfuzz import Api, Contract, ContractError


@pytest.fixture(scope="module")
def api():
    return Api.load(SHOP)


def test_the_operations_are_listed_in_the_order_of_the_file(api):
    assert list(api.operations) == [
        "GET /orders",
        "POST /orders",
        "GET /orders/{orderId}",
        "DELETE /orders/{orderId}",
        "GET /customers/{customer_id}/orders/{id}",
        "GET /report",
    ]
    assert repr(api) == "<Api Shop: 6 operations>"


@pytest.mark.parametrize("name", ["getOrder", "GET /orders/{orderId}", "get /orders/{orderId}"])
def test_an_operation_is_found_by_id_and_by_method_and_path(api, name):
    operation = api.operation(name)
    assert (operation.name, operation.method, operation.path) == ("getOrder", "GET", "/orders/{orderId}")


@pytest.mark.parametrize(
    ("name", "nearest"), [("getOrdr", "getOrder"), ("GET /order", "GET /orders"), ("DELETE /ordres", "GET /orders")]
)
def test_the_error_about_an_unknown_operation_suggests_the_closest_one(api, name, nearest):
    with pytest.raises(ContractError, match=f"unknown operation '{name}': did you mean '{nearest}'"):
        api.operation(name)


def test_an_operation_has_a_contract_for_each_response(api):
    operation = api.operation("getOrder")
    assert operation.contract.name == "getOrder 200"
    assert operation.contract.is_valid({"id": 1, "customer_id": "c", "quantity": 1})
    assert operation.response(404).contract.is_valid({"error": {"message": "x", "status": 404}})
    assert operation.response(500) is None
    assert operation.responses["202"].contract is None


def test_an_operation_has_a_contract_for_its_request(api):
    request = api.operation("createOrder").request
    assert request.required
    assert request.contract.is_valid({"customer_id": "c", "quantity": 1})
    assert not request.contract.is_valid({})


def test_the_parameters_of_the_path_item_belong_to_the_operation(api):
    [parameter] = api.operation("getOrder").parameters
    assert (parameter.name, parameter.place, parameter.required) == ("orderId", "path", True)
    assert not parameter.contract.is_valid("x")


def test_the_contract_of_an_operation_can_be_loaded_again_by_its_name(api):
    contract = api.operation("getOrder").contract
    document, components, name, *_ = contract.loaded_from
    assert Contract.load(document, components, name).schema == contract.schema


def test_an_operation_without_json_has_no_contract(api):
    with pytest.raises(ContractError, match="GET /report has no JSON response of a request that succeeds"):
        _ = api.operation("GET /report").contract


def test_the_base_path_is_that_of_the_first_server(api):
    assert api.base_path == "/v1"
    assert Api.load({**SHOP, "servers": [{"url": "/"}]}).base_path == ""
    assert Api.load({"swagger": "2.0", "basePath": "/a/", "paths": {"/": {"get": {}}}}).base_path == "/a"


def test_a_mistake_in_one_operation_does_no_harm_to_the_others():
    broken = {"get": {"responses": {"200": {"$ref": "#/nowhere"}}, "parameters": 1}}
    api = Api.load({**SHOP, "paths": {**SHOP["paths"], "/broken": broken}})
    assert api.operation("getOrder").contract
    with pytest.raises(ContractError, match="/paths/~1broken/get/parameters: must be an array"):
        _ = api.operation("GET /broken").parameters
    with pytest.raises(ContractError, match='"#/nowhere" does not resolve'):
        _ = api.operation("GET /broken").success


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"type": "object"}, "document: is not an OpenAPI file, so it has no operations"),
        ({"openapi": "3.0.0"}, "document: has no paths, so it has no operations"),
        ({"openapi": "3.0.0", "paths": {"/a": {}}}, "document: has no operations; name a file with the paths"),
        ({"openapi": "3.0.0", "paths": []}, "document at /paths: must be an object"),
        ({"openapi": "3.0.0", "paths": {"/a": 1}}, "document at /paths/~1a: must be an object"),
    ],
)
def test_a_document_without_operations_is_an_error(document, message):
    with pytest.raises(ContractError, match=message):
        Api.load(document)


def test_a_file_of_six_hundred_operations_reads_only_what_is_asked_for(tmp_path):
    paths = {f"/things/{number}": {"get": {"$ref": f"parts/{number}.json"}} for number in range(600)}
    (tmp_path / "openapi.json").write_text(json.dumps({"openapi": "3.0.3", "paths": paths}), encoding="utf-8")
    api = Api.load(tmp_path / "openapi.json")
    (tmp_path / "parts").mkdir()
    part = {"responses": {"200": {"description": "", "content": {"application/json": {"schema": {"type": "null"}}}}}}
    (tmp_path / "parts" / "7.json").write_text(json.dumps(part), encoding="utf-8")
    assert len(api.operations) == 600
    assert api.operations["GET /things/7"].contract.name == "GET /things/7 200"
