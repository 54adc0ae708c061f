"""OpenAPI document around a JSON Schema, for schemathesis. Standard library only."""

from __future__ import annotations

from typing import Any


def as_openapi(schema: dict[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI 3.1 document with one operation, ``POST /``, whose request body has this schema."""
    body = {key: value for key, value in schema.items() if key not in ("$schema", "$defs")}
    return {
        "openapi": "3.1.0",
        "info": {"title": "benchmark", "version": "1"},
        "paths": {
            "/": {
                "post": {
                    "requestBody": {
                        "required": True,
                        "content": {"application/json": {"schema": _with_openapi_references(body)}},
                    },
                    "responses": {"200": {"description": "accepted"}},
                }
            }
        },
        "components": {"schemas": _with_openapi_references(schema.get("$defs", {}))},
    }


def _with_openapi_references(value: Any) -> Any:
    """Return a copy with references to ``$defs`` replaced by references to OpenAPI's ``components/schemas``."""
    if isinstance(value, list):
        return [_with_openapi_references(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: item.replace("#/$defs/", "#/components/schemas/") if key == "$ref" else _with_openapi_references(item)
        for key, item in value.items()
    }
