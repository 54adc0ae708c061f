"""A correct client with aiohttp."""

from __future__ import annotations

from typing import Any

import aiohttp

from clients.shop import EMPTY_STATUSES, TIMEOUT_SECONDS, Cursors, ShopError, read_page

TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=TIMEOUT_SECONDS, sock_read=TIMEOUT_SECONDS)


async def list_orders(base_url: str) -> list[dict[str, Any]]:
    orders: list[dict[str, Any]] = []
    cursors, after = Cursors(), None
    async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
        while True:
            page = await get_page(session, f"{base_url}/orders", after)
            orders += page["orders"]
            after = cursors.next_after(page)
            if after is None:
                return orders


async def get_page(session: aiohttp.ClientSession, url: str, after: str | None) -> dict[str, Any]:
    async with session.get(url, params={} if after is None else {"after": after}) as response:
        response.raise_for_status()
        if response.status in EMPTY_STATUSES:
            return {"orders": []}
        if response.status >= 300:
            raise ShopError(f"unexpected status {response.status}")
        return read_page(await response.read())
