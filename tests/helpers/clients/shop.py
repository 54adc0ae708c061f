"""What all clients of the shop share: its contracts, strict reading of bodies, and following of pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from consumers import honest

from contractfuzz import Contract

DOCUMENT = Path(__file__).with_name("openapi.json")
ORDER = Contract.load(DOCUMENT, name="Order")
ORDER_PAGE = Contract.load(DOCUMENT, name="OrderPage")

TIMEOUT_SECONDS = 2.5
"""Longer than the pauses between slow bytes, and shorter than anyone waits."""

MAX_CURSOR_CHARACTERS = 2000
"""Characters that every server and library takes in a URL."""

EMPTY_STATUSES = (204, 205, 304)
"""Statuses of responses without a body (RFC 9110, sections 15.3.5, 15.3.6 and 15.4.5)."""

read_order = honest(ORDER)
read_page = honest(ORDER_PAGE)


class ShopError(ValueError):
    """The shop answered with something that the client does not take."""


class Cursors:
    """Cursors that a client has followed. One that comes back is an error, because its pages would never end."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def next_after(self, page: dict[str, Any]) -> str | None:
        """Return the cursor of the next page, or None after the last one."""
        cursor = page.get("paging", {}).get("next", {}).get("after")
        if cursor is not None and len(cursor) > MAX_CURSOR_CHARACTERS:
            raise ShopError(f"a cursor of {len(cursor):,} characters does not fit into a URL")
        if cursor in self._seen:
            raise ShopError(f"the cursor {cursor!r} came back")
        if cursor is not None:
            self._seen.add(cursor)
        return cursor
