"""A correct client with httpx."""

from __future__ import annotations

import ssl
from typing import Any

import httpx

from clients.shop import EMPTY_STATUSES, TIMEOUT_SECONDS, Cursors, read_page

CERTIFICATES = ssl.create_default_context()
"""Loaded once, because each client would load them again."""


def body_of(response: httpx.Response) -> bytes | None:
    if response.status_code in EMPTY_STATUSES:
        return None
    # Raises for redirects, too.
    return response.raise_for_status().content


def list_orders(base_url: str, timeout: float | None = TIMEOUT_SECONDS) -> list[dict[str, Any]]:
    orders: list[dict[str, Any]] = []
    cursors, after = Cursors(), None
    with httpx.Client(base_url=base_url, timeout=timeout, verify=CERTIFICATES) as client:
        while True:
            body = body_of(client.get("/orders", params={} if after is None else {"after": after}))
            page = {"orders": []} if body is None else read_page(body)
            orders += page["orders"]
            after = cursors.next_after(page)
            if after is None:
                return orders
