"""Clients with one planted bug each: copies of the correct client with requests, or clients of http.client."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests

from clients.requests_client import Shop
from clients.shop import EMPTY_STATUSES, ORDER, ORDER_PAGE, TIMEOUT_SECONDS, Cursors, ShopError, read_page
from contractfuzz import Contract


class NoTimeout(Shop):
    timeout = None


class RepeatedPost(Shop):
    def send(self, session: requests.Session, method: str, **options: Any) -> requests.Response:
        for attempt in range(3):
            try:
                response = super().send(session, method, **options)
            except requests.ConnectionError:
                if attempt == 2:
                    raise
                continue
            if response.status_code < 500:
                return response
        return response


class IgnoredRetryAfter(Shop):
    def send(self, session: requests.Session, method: str, **options: Any) -> requests.Response:
        response = super().send(session, method, **options)
        if response.status_code in (429, 503):
            return super().send(session, method, **options)
        return response


class AnyCursor(Cursors):
    def next_after(self, page: dict[str, Any]) -> str | None:
        after: str | None = page.get("paging", {}).get("next", {}).get("after")
        return after


class EndlessCursor(Shop):
    def cursors(self) -> Cursors:
        return AnyCursor()


class DroppedEmptyPage(Shop):
    def is_last(self, page: dict[str, Any]) -> bool:
        return not page["orders"]


class Parsed204(Shop):
    def body_of(self, response: requests.Response) -> bytes | None:
        response.raise_for_status()
        response.json()
        return response.content


class Ignored207(Shop):
    def body_of(self, response: requests.Response) -> bytes | None:
        return None if response.status_code == 207 else super().body_of(response)


class Only200(Shop):
    def body_of(self, response: requests.Response) -> bytes | None:
        if response.status_code != 200:
            raise ShopError(f"unexpected status {response.status_code}")
        return super().body_of(response)


class Only201(Shop):
    def body_of(self, response: requests.Response) -> bytes | None:
        if response.status_code != 201:
            raise ShopError(f"unexpected status {response.status_code}")
        return super().body_of(response)


class Dropped202(Shop):
    def body_of(self, response: requests.Response) -> bytes | None:
        return None if response.status_code == 202 else super().body_of(response)


class ParsedHtml(Shop):
    def body_of(self, response: requests.Response) -> bytes | None:
        body = super().body_of(response)
        # An error page of a proxy is taken for an empty answer.
        return None if body is not None and body.lstrip().startswith(b"<") else body


class HeaderCase(Shop):
    def body_of(self, response: requests.Response) -> bytes | None:
        # The real names, which servers write as they like.
        headers = {str(name): value for name, value in response.raw.headers.items()}
        if headers.get("Content-Length") == "0":
            return None
        if not {"Content-Length", "Transfer-Encoding"} & headers.keys() and response.status_code == 200:
            return None
        return super().body_of(response)


class UndecodedGzip(Shop):
    def send(self, session: requests.Session, method: str, **options: Any) -> requests.Response:
        return super().send(session, method, stream=True, **options)

    def body_of(self, response: requests.Response) -> bytes | None:
        response.raise_for_status()
        if response.status_code in EMPTY_STATUSES:
            return None
        if response.status_code >= 300:
            raise ShopError(f"unexpected status {response.status_code}")
        body: bytes = response.raw.read(decode_content=False)
        return body


class SwallowedErrors(Shop):
    def body_of(self, response: requests.Response) -> bytes | None:
        return None if response.status_code >= 500 else super().body_of(response)


class Swallowed404(Shop):
    def body_of(self, response: requests.Response) -> bytes | None:
        return None if response.status_code == 404 else super().body_of(response)


class AssumedErrorBody(Shop):
    def body_of(self, response: requests.Response) -> bytes | None:
        if response.status_code >= 400:
            raise ShopError(response.json()["message"])
        return super().body_of(response)


class SwallowedConnectionErrors(Shop):
    def list_orders(self) -> list[dict[str, Any]]:
        try:
            return super().list_orders()
        except requests.ConnectionError:
            return []


class EndlessRedirects(Shop):
    def send(self, session: requests.Session, method: str, **options: Any) -> requests.Response:
        response = super().send(session, method, allow_redirects=False, **options)
        while response.is_redirect:
            self.url = requests.compat.urljoin(self.url, response.headers["Location"])
            response = super().send(session, method, allow_redirects=False, **options)
        return response


class ExactContentType(Shop):
    def body_of(self, response: requests.Response) -> bytes | None:
        body = super().body_of(response)
        if body is not None and response.headers.get("Content-Type") not in (
            None,
            "application/json",
            "application/json;charset=utf-8",
        ):
            raise ShopError("not JSON")
        return body


class NeededContentType(Shop):
    def body_of(self, response: requests.Response) -> bytes | None:
        body = super().body_of(response)
        if body is not None and "json" not in response.headers["Content-Type"]:
            raise ShopError("not JSON")
        return body


class NeededContentLength(Shop):
    def body_of(self, response: requests.Response) -> bytes | None:
        body = super().body_of(response)
        return None if body is None else body[: int(response.headers["Content-Length"])]


class IgnoredStatus(Shop):
    def body_of(self, response: requests.Response) -> bytes | None:
        return None if response.status_code in EMPTY_STATUSES else response.content


class UnboundedWait(Shop):
    def send(self, session: requests.Session, method: str, **options: Any) -> requests.Response:
        response = super().send(session, method, **options)
        if response.status_code == 429 and response.headers.get("Retry-After", "").isdigit():
            time.sleep(int(response.headers["Retry-After"]))
            return super().send(session, method, **options)
        return response


def cut_body(base_url: str) -> list[dict[str, Any]]:
    """Take the part of a body that arrived for the whole of it, and repair it."""
    address = urlsplit(base_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/orders")
        response = connection.getresponse()
        if response.status >= 300:
            raise ShopError(f"unexpected status {response.status}")
        if response.status in EMPTY_STATUSES:
            return []
        try:
            body = response.read()
        except http.client.IncompleteRead:
            return []
    finally:
        connection.close()
    orders: list[dict[str, Any]] = read_page(body)["orders"]
    return orders


_connections: dict[str, http.client.HTTPConnection] = {}


def lost_keep_alive(base_url: str) -> list[dict[str, Any]]:
    """Keep a connection for ever, and never open another one."""
    address = urlsplit(base_url)
    if address.netloc not in _connections:
        opened = http.client.HTTPConnection(address.hostname or "", address.port, timeout=TIMEOUT_SECONDS)
        _connections[address.netloc] = opened
    connection = _connections[address.netloc]
    try:
        connection.request("GET", "/orders")
        response = connection.getresponse()
        body = response.read()
    except (http.client.CannotSendRequest, http.client.HTTPException, OSError):
        _connections.pop(address.netloc).close()
        raise
    if response.status >= 300:
        raise ShopError(f"unexpected status {response.status}")
    orders: list[dict[str, Any]] = [] if response.status in EMPTY_STATUSES else read_page(body)["orders"]
    return orders


@dataclass(frozen=True)
class PlantedBug:
    """A client with a bug.

    Attributes:
        client: a function of the base URL.
        contract: the contract that its responses honour.
        labels: a glob of the labels of the wire cases that show the bug.

    """

    client: Callable[[str], Any]
    contract: Contract
    labels: str


def _lists(bug: type[Shop], labels: str) -> PlantedBug:
    def client(base_url: str) -> Any:
        return bug(base_url).list_orders()

    client.__qualname__ = f"{bug.__name__}.list_orders"
    return PlantedBug(client, ORDER_PAGE, labels)


def _creates(bug: type[Shop], labels: str) -> PlantedBug:
    def client(base_url: str) -> Any:
        return bug(base_url).create_order()

    client.__qualname__ = f"{bug.__name__}.create_order"
    return PlantedBug(client, ORDER, labels)


BUGS = {
    "no timeout": _lists(NoTimeout, "connection.silent"),
    "repeated POST": _creates(RepeatedPost, "status.500"),
    "ignored Retry-After": _lists(IgnoredRetryAfter, "status.429.retry-after-seconds"),
    "endless cursor": _lists(EndlessCursor, "paging.repeated-cursor"),
    "dropped empty page": _lists(DroppedEmptyPage, "paging.empty-page"),
    "204 parsed": _lists(Parsed204, "status.204"),
    "207 ignored": _lists(Ignored207, "status.207"),
    "200 only": _lists(Only200, "status.201"),
    "201 only": _creates(Only201, "status.20[27]"),
    "202 dropped": _lists(Dropped202, "status.202"),
    "HTML parsed": _lists(ParsedHtml, "body.html"),
    "header case": _lists(HeaderCase, "header.lower-case"),
    "gzip not decoded": _lists(UndecodedGzip, "encoding.gzip"),
    "server errors swallowed": _lists(SwallowedErrors, "status.500"),
    "404 swallowed": _lists(Swallowed404, "status.404"),
    "error body assumed": _lists(AssumedErrorBody, "status.400"),
    "connection errors swallowed": _lists(SwallowedConnectionErrors, "connection.closed-before-headers"),
    "endless redirects": _lists(EndlessRedirects, "status.redirect-loop"),
    "exact content type": _lists(ExactContentType, "header.content-type-charset"),
    "content type needed": _lists(NeededContentType, "header.content-type-missing"),
    "content length needed": _lists(NeededContentLength, "encoding.chunked"),
    "status ignored": _lists(IgnoredStatus, "status.502"),
    "unbounded wait": _lists(UnboundedWait, "status.429.retry-after-absurd"),
    "cut body taken": PlantedBug(cut_body, ORDER_PAGE, "connection.cut-body"),
    "closed connection kept": PlantedBug(lost_keep_alive, ORDER_PAGE, "connection.closed-between-requests"),
}
"""The bugs by name."""
