"""An OpenAPI document of a small shop: the whole API that tests load, serve and check."""

from __future__ import annotations

ORDER = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "customer_id": {"type": "string", "minLength": 1},
        "item": {"type": "string"},
        "quantity": {"type": "integer", "minimum": 1},
    },
    "required": ["id", "customer_id", "quantity"],
}
PROBLEM = {
    "type": "object",
    "properties": {
        "error": {"type": "object", "properties": {"message": {"type": "string"}, "status": {"type": "integer"}}}
    },
    "required": ["error"],
}
PROBLEM["properties"]["error"]["required"] = ["message", "status"]


def json_content(schema, **more):
    return {"content": {"application/json": {"schema": schema, **more}}}


def reference(name):
    return {"$ref": f"#/components/schemas/{name}"}


SHOP = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "https://shop.example/{version}", "variables": {"version": {"default": "v1"}}}],
    "paths": {
        "/orders": {
            "get": {
                "operationId": "listOrders",
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}},
                    {"name": "state", "in": "query", "schema": {"type": "array", "items": {"enum": ["open", "paid"]}}},
                    {
                        "name": "X-Tenant",
                        "in": "header",
                        "required": True,
                        "schema": {"type": "string", "minLength": 2},
                    },
                ],
                "responses": {
                    "200": {
                        "description": "",
                        "content": {
                            "text/csv": {"schema": {"type": "string"}, "example": "id;name"},
                            **json_content({"type": "array", "items": reference("Order")})["content"],
                        },
                    }
                },
            },
            "post": {
                "operationId": "createOrder",
                "requestBody": {"required": True, **json_content(reference("NewOrder"))},
                "responses": {
                    "201": {
                        "description": "",
                        **json_content(reference("Order")),
                        "headers": {
                            "Location": {"schema": {"type": "string"}, "example": "/orders/1"},
                            "X-Remaining": {"schema": {"type": "integer", "minimum": 5}},
                            "X-Ids": {"schema": {"type": "array", "items": {"type": "integer"}, "minItems": 1}},
                            "Content-Length": {"schema": {"type": "integer"}},
                            "X-Never": {"schema": {"enum": ["\u00e9"]}},
                        },
                    },
                    "400": {"description": "", **json_content(reference("Problem"))},
                },
            },
        },
        "/orders/{orderId}": {
            "parameters": [{"name": "orderId", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "get": {
                "operationId": "getOrder",
                "responses": {
                    "200": {"description": "", **json_content(reference("Order"))},
                    "202": {"description": ""},
                    "404": {"description": "", **json_content(reference("Problem"))},
                    "429": {"description": "", "headers": {"retry-after": {"schema": {"type": "integer"}}}},
                },
            },
            "delete": {"responses": {"204": {"description": ""}}},
        },
        "/customers/{customer_id}/orders/{id}": {
            "get": {
                "operationId": "getOrderOfCustomer",
                "responses": {
                    "200": {
                        "description": "",
                        **json_content(
                            {"type": "object", "properties": {"order": reference("Order")}, "required": ["order"]},
                            example={"order": {"id": 1, "customer_id": "c1", "quantity": 5}},
                        ),
                    }
                },
            }
        },
        "/report": {
            "get": {"responses": {"200": {"description": "", "content": {"text/csv": {"example": "id;name"}}}}},
        },
    },
    "components": {
        "schemas": {
            "Order": ORDER,
            "NewOrder": {
                "type": "object",
                "properties": {"customer_id": {"type": "string"}, "quantity": {"type": "integer", "minimum": 1}},
                "required": ["customer_id", "quantity"],
            },
            "Problem": PROBLEM,
        }
    },
}
