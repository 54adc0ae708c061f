"""Clients of a page of items: correct ones over three libraries, and others with one bug each."""

from __future__ import annotations

import gzip
import http.client
import json
import time
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import requests

from contractfuzz import Contract

TIMEOUT_SECONDS = 0.4

ITEMS = Contract.load(
    {
        "name": "Items",
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": {"type": "string"}, "maxItems": 5},
            "next": {"type": "object", "properties": {"after": {"type": "string"}}, "required": ["after"]},
        },
        "required": ["items"],
    }
)


def items_of(page: Any) -> list[str]:
    if not isinstance(page, dict) or not isinstance(page.get("items"), list):
        raise ValueError("not a page of items")  # noqa: TRY004
    return page["items"]


def over_requests(base_url):
    response = requests.get(f"{base_url}/items", timeout=TIMEOUT_SECONDS)
    response.raise_for_status()
    return [] if response.status_code == 204 else items_of(response.json())


httpx_client = httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=True)


def over_httpx(base_url):
    response = httpx_client.get(f"{base_url}/items")
    response.raise_for_status()
    return [] if response.status_code == 204 else items_of(response.json())


def send(base_url, method="GET", path="/items", **headers):
    """Return the status, the headers and the body of a response, decoded."""
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=TIMEOUT_SECONDS)
    try:
        connection.request(method, path, b"{}" if method == "POST" else None, headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def over_http_client(base_url):
    status, _, body = send(base_url)
    if not 200 <= status < 300:
        raise ValueError(f"status {status}")
    return [] if status == 204 else items_of(json.loads(body))


def pages(base_url, *, method="GET", is_careful=True, stops_at_empty_page=False):
    found, after, seen = [], "", set()
    while True:
        status, _, body = send(base_url, method, f"/items?{urlencode({'after': after})}")
        if not 200 <= status < 300:
            raise ValueError(f"status {status}")
        if status == 204:
            return found
        page = json.loads(body)
        found += items_of(page)
        after = page.get("next", {}).get("after")
        if not after or (stops_at_empty_page and not page["items"]):
            return found
        if is_careful and after in seen:
            raise ValueError("the cursor came before")
        seen.add(after)


def retrying(base_url, method="GET", *, waits=True, ignored=()):
    """Send a request again after 429 and 503, and after errors of the connection if it is idempotent."""
    for attempt in range(3):
        try:
            status, headers, body = send(base_url, method)
        except OSError:
            if attempt == 2 or method == "POST":
                raise
            continue
        if status in (429, 503) or status in ignored:
            wait = headers.get("Retry-After", "0")
            if waits:
                time.sleep(min(max(float(wait), 0), 2) if wait.lstrip("-").isdigit() else 2.1)
            continue
        if not 200 <= status < 300:
            raise ValueError(f"status {status}")
        return [] if status == 204 else items_of(json.loads(body))
    raise ValueError("no success after three attempts")


def decoding_gzip(base_url):
    status, headers, body = send(base_url, **{"Accept-Encoding": "gzip"})
    if not 200 <= status < 300:
        raise ValueError(f"status {status}")
    if headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return [] if status == 204 else items_of(json.loads(body))
