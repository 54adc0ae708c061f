"""Selectors after the ``#`` of a file: JSON Pointers, components and the operations of an OpenAPI file."""

from __future__ import annotations

import json

import pytest

from contractfuzz import Contract, ContractError

ORDER = {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}
DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "paths": {
        "/orders": {
            "get": {
                "operationId": "listOrders",
                "responses": {
                    "200": {
                        "description": "",
                        "content": {
                            "text/csv": {"schema": {"type": "string"}},
                            "application/json": {
                                "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Order"}}
                            },
                        },
                    },
                    "4XX": {"$ref": "#/components/responses/Problem"},
                },
            },
            "post": {
                "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/NewOrder"}}}},
                "responses": {"204": {"description": ""}},
            },
        }
    },
    "components": {
        "responses": {
            "Problem": {
                "description": "",
                "content": {"application/problem+json": {"schema": {"type": "object", "required": ["title"]}}},
            }
        },
        "schemas": {
            "Order": ORDER,
            "NewOrder": {
                "type": "object",
                "properties": {"id": {"type": "integer", "readOnly": True}, "name": {"type": "string"}},
                "required": ["id", "name"],
            },
        },
    },
}


@pytest.mark.parametrize(
    ("selector", "name"),
    [
        ("Order", "Order"),
        ("GET /orders 200", "listOrders 200"),
        ("get /orders", "listOrders 200"),
        ("listOrders", "listOrders 200"),
        ("listOrders 200", "listOrders 200"),
        ("listOrders 200 text/csv", "listOrders 200"),
        ("listOrders 404", "listOrders 404"),
        ("listOrders 4xx", "listOrders 4xx"),
        ("POST /orders request", "POST /orders request"),
        ("/components/schemas/Order", "Order"),
        ("/paths/~1orders/get/responses/200/content/application~1json/schema", "GET /orders 200"),
        ("/components/responses/Problem/content/application~1problem+json/schema", None),
    ],
)
def test_a_selector_chooses_a_schema(selector, name):
    contract = Contract.load(DOCUMENT, name=selector)
    assert contract.name == (name or selector)
    assert contract.schema["title"] == contract.name


def test_the_response_of_an_operation_is_what_its_file_describes():
    orders = Contract.load(DOCUMENT, name="listOrders 200")
    assert orders.is_valid([{"id": 1}])
    assert not orders.is_valid([{}])
    assert Contract.load(DOCUMENT, name="listOrders 404").is_valid({"title": "x"})
    assert Contract.load(DOCUMENT, name="listOrders 200 text/csv").is_valid("a;b")


@pytest.mark.parametrize(
    "selector",
    [
        "POST /orders request",
        "/paths/~1orders/post/requestBody/content/application~1json/schema",
        "/paths/~1orders/post/requestBody/content/application%7E1json/schema",
    ],
)
def test_a_request_body_has_no_properties_that_are_read_only(selector):
    contract = Contract.load(DOCUMENT, name=selector)
    assert contract.name == "POST /orders request"
    assert contract.is_valid({"name": "x"})


def test_a_pointer_chooses_a_schema_of_any_document():
    document = {"type": "object", "definitions": {"a/b": {"type": "integer", "title": "Number"}}}
    contract = Contract.load(document, name="/definitions/a~1b")
    assert contract.name == "a/b"
    assert contract.is_valid(1)


@pytest.mark.parametrize(
    ("selector", "message"),
    [
        ("GET /order", 'document: has no operation "GET /order"; did you mean "GET /orders"?'),
        ("listOrder 200", 'document: has no operation "listOrder"; did you mean "listOrders"?'),
        (
            "listOrders 200 text/html",
            "document at /paths/~1orders/get: the response 200 is never text/html: its media types",
        ),
        ("listOrders request", "document at /paths/~1orders/get: has no request body; name a status instead"),
        ("POST /orders 200", "document at /paths/~1orders/post: has no response 200; it has 204"),
        ("POST /orders", "document at /paths/~1orders/post: the response 204 is never JSON: it has no body"),
        ("Ordr", 'document: has no component "Ordr"; did you mean "Order"?'),
        ("/components/schemas/Ordr", "document: has nothing at /components/schemas/Ordr: /components/schemas has no"),
        ("/info/title", 'document at /info/title: must be a schema, not "Shop"; name the pointer of a schema'),
    ],
)
def test_a_selector_that_chooses_nothing_is_an_error_with_a_remedy(selector, message):
    with pytest.raises(ContractError) as caught:
        Contract.load(DOCUMENT, name=selector)
    assert str(caught.value).startswith(message)


def test_a_split_file_is_read_where_its_references_lead(tmp_path):
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources" / "list.json").write_text(
        json.dumps({"responses": {"200": {"$ref": "../shared.json#/orders"}}}), encoding="utf-8"
    )
    # Nullable is a keyword of OpenAPI 3.0, so the part is read in the dialect of the whole.
    schema = {"type": "string", "nullable": True}
    (tmp_path / "shared.json").write_text(
        json.dumps({"orders": {"content": {"application/json": {"schema": schema}}}}), encoding="utf-8"
    )
    document = {"openapi": "3.0.0", "paths": {"/orders": {"get": {"$ref": "resources/list.json"}}}}
    (tmp_path / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    contract = Contract.load(tmp_path / "openapi.json", name="GET /orders")
    assert contract.is_valid(None)
    assert not contract.is_valid(1)


@pytest.mark.parametrize("reference", ["../list.json", "%2e%2e/list.json", "parts/%2E./../../list.json"])
def test_a_file_outside_of_the_folder_is_not_read(tmp_path, reference):
    (tmp_path / "list.json").write_text('{"responses": {}}', encoding="utf-8")
    (tmp_path / "api").mkdir()
    document = {"openapi": "3.0.0", "paths": {"/orders": {"get": {"$ref": reference}}}}
    (tmp_path / "api" / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ContractError, match="is not in any document that was given, and nothing is fetched"):
        Contract.load(tmp_path / "api" / "openapi.json", name="GET /orders")


def test_references_in_a_loop_are_an_error():
    responses = {"a": {"$ref": "#/components/responses/b"}, "b": {"$ref": "#/components/responses/a"}}
    operation = {"operationId": "go", "responses": {"200": {"$ref": "#/components/responses/a"}}}
    document = {"openapi": "3.1.0", "paths": {"/": {"get": operation}}, "components": {"responses": responses}}
    with pytest.raises(ContractError, match=r"leads through more than 16 `[$]ref`s"):
        Contract.load(document, name="go")


SWAGGER = {
    "swagger": "2.0",
    "paths": {
        "/orders": {
            "parameters": [{"name": "name", "in": "formData", "type": "string", "required": True}],
            "get": {"responses": {"200": {"description": "", "schema": {"$ref": "#/definitions/Order"}}}},
            "post": {"responses": {}},
            "put": {
                "parameters": [{"name": "order", "in": "body", "schema": {"$ref": "#/definitions/Order"}}],
                "responses": {},
            },
        }
    },
    "definitions": {"Order": ORDER},
}


def test_swagger_has_operations_too():
    assert Contract.load(SWAGGER, name="GET /orders 200").is_valid({"id": 1})
    assert Contract.load(SWAGGER, name="PUT /orders request").is_valid({"id": 1})
    form = Contract.load(SWAGGER, name="POST /orders request application/x-www-form-urlencoded")
    assert form.is_valid({"name": "x"})
    assert not form.is_valid({})
