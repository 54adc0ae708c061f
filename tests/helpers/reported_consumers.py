"""Consumers of orders for the tests of reports: careless, improved and honest; and one that repeats hostile text."""

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
                "state": {"type": "string", "enum": list(STATES)},
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


def improved(body: bytes) -> list[str]:
    order = json.loads(body)
    lines = order.get("lines") if isinstance(order, dict) else None
    if not isinstance(lines, list):
        raise ValueError("no order")  # noqa: TRY004 - consumers reject with ValueError
    return [line["sku"].upper() for line in lines]


def honest(body: bytes) -> object:
    try:
        order = json.loads(body)
    except RecursionError:
        raise ValueError("nested too deep") from None
    errors = orders_contract.errors(order)
    if errors:
        raise ValueError(errors[0].message)
    return order


HOSTILE_NAMES = (
    "<script>window.ran = 1</script>",
    "</script><script>window.ran = 1</script>",
    "<img src=x onerror='window.ran = 1'>",
    "' onclick='window.ran = 1",
    '" onfocus="window.ran = 1" autofocus="',
    "]]>",
    "<!--",
    "\u202eesrever",
    "\u2028",
    "\x00\x1b[31m",
    "\ufffe\uffff",
    "one\n::error::two\r%0A::set-output name=a::b",
    "{{ 7 * 7 }}{% raw %}",
    "${7 * 7}",
    "__proto__",
    "constructor",
    "a:b.c",
    "~/~1",
)


def hostile() -> Contract:
    """Return a contract in which every name is hostile to programs that display it."""
    properties = {name: {"enum": [name]} for name in HOSTILE_NAMES}
    return Contract.load(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "</title><script>window.ran = 1</script>",
            "type": "object",
            "properties": properties,
        },
        name="</title><script>window.ran = 1</script>",
    )


def echoing(body: bytes) -> None:
    """Raise an error whose message is the payload."""
    text = body.decode(errors="surrogateescape")
    if text != "{}":
        raise KeyError(text + "".join(HOSTILE_NAMES))


orders_contract = orders()
hostile_contract = hostile()
