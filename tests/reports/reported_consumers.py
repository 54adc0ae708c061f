"""Consumers of orders for the tests of reports: a careless one, one that mended a part of it, an honest one."""

from __future__ import annotations

import json

from contractfuzz import Contract

STATES = ("open", "paid")


def orders() -> Contract:
    return Contract.load(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "orders",
            "type": "object",
            "properties": {
                "state": {"enum": list(STATES)},
                "lines": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"sku": {"type": "string"}, "count": {"type": "integer", "minimum": 1}},
                        "required": ["sku", "count"],
                    },
                },
            },
            "required": ["state", "lines"],
        }
    )


def careless(body: bytes) -> list[str]:
    order = json.loads(body)
    return [line["sku"].upper() for line in order["lines"]]


def mended(body: bytes) -> list[str]:
    order = json.loads(body)
    if not isinstance(order, dict) or not isinstance(order.get("lines"), list):
        raise ValueError("no order")
    return [line["sku"].upper() for line in order["lines"]]


def honest(body: bytes) -> object:
    order = json.loads(body)
    errors = orders_contract.errors(order)
    if errors:
        raise ValueError(errors[0].message)
    return order


orders_contract = orders()
