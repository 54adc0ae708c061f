"""The contract as the body of an operation, for schemathesis, which takes OpenAPI documents. Standard library only."""

from __future__ import annotations

from typing import Any


def as_openapi(schema: dict[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI 3.1 document with one operation, ``POST /``, whose body is of ``schema``."""
    body = {key: value for key, value in schema.items() if key not in ("$schema", "$defs")}
    return {
        "openapi": "3.1.0",
        "info": {"title": "benchmark", "version": "1"},
        "paths": {
            "/": {
                "post": {
                    "requestBody": {"required": True, "content": {"application/json": {"schema": _moved(body)}}},
                    "responses": {"200": {"description": "taken"}},
                }
            }
        },
        "components": {"schemas": _moved(schema.get("$defs", {}))},
    }


def _moved(value: Any) -> Any:
    """Return ``value`` with its references to definitions led to where OpenAPI keeps them."""
    if isinstance(value, list):
        return [_moved(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        key: one.replace("#/$defs/", "#/components/schemas/") if key == "$ref" else _moved(one)
        for key, one in value.items()
    }
