"""Low-level test client: one request per connection, with ``http.client``."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

BATCH = "/crm/v4/associations/contacts/companies/batch/"


@dataclass
class Reply:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def label(self):
        return self.headers["X-Contractfuzz-Label"]


@pytest.fixture
def ask(batch_association_server):
    """Post a body, bytes unchanged and anything else as JSON, to an endpoint and return the reply."""

    def ask_for(endpoint, body, method="POST", **headers):
        connection = http.client.HTTPConnection(urlsplit(batch_association_server.url).netloc, timeout=30)
        try:
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            path = endpoint if endpoint.startswith("/") else BATCH + endpoint
            connection.request(method, path, content, {"Content-Type": "application/json", **headers})
            response = connection.getresponse()
            return Reply(response.status, response.headers, response.read())
        finally:
            connection.close()

    return ask_for


@pytest.fixture
def read(ask):
    """Request the associations of the objects with these ids."""
    return lambda *ids: ask("read", {"inputs": [{"id": number} for number in ids]})
