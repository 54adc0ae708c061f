"""A correct client with requests."""

from __future__ import annotations

from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from clients.shop import EMPTY_STATUSES, TIMEOUT_SECONDS, Cursors, ShopError, read_order, read_page

MAX_WAIT_SECONDS = 2.0
"""Longest wait for another attempt."""


class Shop:
    """A client. Copies with a bug override one of its methods."""

    timeout: float | None = TIMEOUT_SECONDS

    def __init__(self, base_url: str) -> None:
        self.url = f"{base_url}/orders"

    def session(self) -> requests.Session:
        return requests.Session()

    def send(self, session: requests.Session, method: str, **options: Any) -> requests.Response:
        return session.request(method, self.url, timeout=self.timeout, **options)

    def body_of(self, response: requests.Response) -> bytes | None:
        """Return the body of a response; None if its status has none."""
        response.raise_for_status()
        if response.status_code in EMPTY_STATUSES:
            return None
        if response.status_code >= 300:
            raise ShopError(f"unexpected status {response.status_code}")
        return response.content

    def is_last(self, page: dict[str, Any]) -> bool:
        return False

    def cursors(self) -> Cursors:
        return Cursors()

    def list_orders(self) -> list[dict[str, Any]]:
        orders: list[dict[str, Any]] = []
        cursors, after = self.cursors(), None
        with self.session() as session:
            while True:
                response = self.send(session, "GET", params={} if after is None else {"after": after})
                body = self.body_of(response)
                page = {"orders": []} if body is None else read_page(body)
                orders += page["orders"]
                after = cursors.next_after(page)
                if after is None or self.is_last(page):
                    return orders

    def create_order(self) -> dict[str, Any] | None:
        with self.session() as session:
            body = self.body_of(self.send(session, "POST", json={"total": 5}))
        return None if body is None else read_order(body)


class PatientShop(Shop):
    """A client that waits as Retry-After asks, but not for long, and asks again."""

    def session(self) -> requests.Session:
        session = super().session()
        retries = WaitingRetry(
            total=1, status_forcelist=[429, 503], respect_retry_after_header=True, raise_on_status=False
        )
        session.mount("http://", HTTPAdapter(max_retries=retries))
        return session


class WaitingRetry(Retry):
    def get_retry_after(self, response: Any) -> float | None:
        seconds = super().get_retry_after(response)
        return None if seconds is None else min(seconds, MAX_WAIT_SECONDS)

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        return has_retry_after and super().is_retry(method, status_code, has_retry_after)


def list_orders_patiently(base_url: str) -> list[dict[str, Any]]:
    return PatientShop(base_url).list_orders()


def list_orders(base_url: str) -> list[dict[str, Any]]:
    return Shop(base_url).list_orders()


def create_order(base_url: str) -> dict[str, Any] | None:
    return Shop(base_url).create_order()
