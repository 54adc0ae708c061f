"""The client that openapi-python-client generates from openapi.json, with a function that follows pages.

Regenerate the package with: openapi-python-client generate --path openapi.json --meta none --output-path generated_shop
"""

from __future__ import annotations

import ssl

from clients.generated_shop import Client
from clients.generated_shop.api.default import list_orders as operation
from clients.generated_shop.models import Order, OrderPage
from clients.generated_shop.types import UNSET, Unset
from clients.shop import TIMEOUT_SECONDS, ShopError

CERTIFICATES = ssl.create_default_context()
"""Loaded once, because each client would load them again."""


def list_orders(base_url: str) -> list[Order]:
    orders: list[Order] = []
    seen: set[str] = set()
    after: str | Unset = UNSET
    with Client(base_url, timeout=TIMEOUT_SECONDS, verify_ssl=CERTIFICATES, raise_on_unexpected_status=True) as client:
        while True:
            page = operation.sync(client=client, after=after)
            if not isinstance(page, OrderPage):
                raise ShopError(f"not a page: {page}")
            orders += page.orders
            paging = page.paging
            if isinstance(paging, Unset) or isinstance(paging.next_, Unset):
                return orders
            after = paging.next_.after
            if after in seen:
                raise ShopError(f"the cursor {after!r} came back")
            seen.add(after)
