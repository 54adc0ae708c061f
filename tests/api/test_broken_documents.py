"""OpenAPI documents with a mistake anywhere: one line that names it, and no other error."""

from __future__ import annotations

import copy

from hypothesis import given, settings
from hypothesis import strategies as st
from shop_api import SHOP

from contractfuzz import Api, ContractError
from contractfuzz.api.arguments import body_value, parameter_value
from contractfuzz.api.requests import OperationRequest, find_request_problem

SWAGGER = {
    "swagger": "2.0",
    "basePath": "/v1",
    "consumes": ["application/json"],
    "paths": {
        "/orders/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "type": "integer"}],
            "get": {
                "parameters": [
                    {
                        "name": "tags",
                        "in": "query",
                        "type": "array",
                        "items": {"type": "string"},
                        "collectionFormat": "csv",
                    }
                ],
                "produces": ["application/json"],
                "responses": {"200": {"schema": {"$ref": "#/definitions/Order"}, "examples": {"application/json": {}}}},
            },
            "post": {"parameters": [{"name": "o", "in": "body", "schema": {"$ref": "#/definitions/Order"}}]},
            "put": {"parameters": [{"name": "file", "in": "formData", "type": "file", "required": True}]},
        }
    },
    "definitions": {"Order": {"type": "object", "properties": {"id": {"type": "integer"}}}},
}
WRONG_VALUES = [None, True, 0, "x", [], {}, [0], {"$ref": "#/nowhere"}, {"$ref": "#/paths"}, {"$ref": 1}, [[]]]


def locations(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in items:
        yield from locations(child, (*path, key))


PLACES = [(document, path) for document in (SHOP, SWAGGER) for path in locations(document) if path]


def replaced(document, path, value):
    changed = copy.deepcopy(document)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return changed


def use(document):
    """Use everything of a document, and return the number of steps that its mistakes left out."""
    left_out = 0
    api = Api.load(document)
    assert api.base_path == "" or api.base_path.startswith("/")
    for operation in api:
        steps = [
            lambda operation=operation: operation.contract.sample(1),
            lambda operation=operation: [(one.contract, parameter_value(one)) for one in operation.parameters],
            lambda operation=operation: body_value(operation),
            lambda operation=operation: [response.contract for response in operation.responses.values()],
            lambda operation=operation: find_request_problem(operation, OperationRequest({"orderId": "1"}, "limit=1")),
        ]
        for step in steps:
            try:
                step()
            except ContractError as error:
                assert "\n" not in str(error)  # noqa: PT017
                left_out += 1
    return left_out


def test_correct_documents_lack_little():
    # Operations without a JSON response or without a request body.
    assert (use(SHOP), use(SWAGGER)) == (7, 3)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(PLACES), st.sampled_from(WRONG_VALUES))
def test_a_mistake_at_any_place_is_a_contract_error(place, value):
    try:
        use(replaced(*place, value))
    except ContractError as error:
        assert "\n" not in str(error)  # noqa: PT017
