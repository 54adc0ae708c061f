"""HTTP messages of the mock server: requests, responses and the exchanges that pair them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

from contractfuzz.payloads.cases.case import Case

LABEL_HEADER = "X-Contractfuzz-Label"
"""Header of every response that contains a fault. Its value is the case's label or the name of the wire fault."""

JSON_CONTENT_TYPE = "application/json;charset=utf-8"


@dataclass(frozen=True)
class Request:
    """Request that the server received.

    Attributes:
        number: number of requests that this test sent before it.
        method: HTTP method, such as ``POST``.
        path: percent-decoded path.
        query: query string, without the question mark.
        headers: header values by lower-case name.
        body: body bytes, after removal of the chunked transfer coding.
        endpoint: name of the matched route; empty if no route matched.
        variables: values of the route's path variables; empty if no route matched.

    """

    number: int
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    endpoint: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def json(self) -> Any:
        """Body as a JSON value.

        Raises:
            ValueError: the body is not JSON, or it is nested too deeply for Python's parser.

        """
        try:
            return json.loads(self.body)
        except RecursionError:
            raise ValueError("nested too deeply") from None

    @property
    def target(self) -> str:
        """Percent-encoded path with its query (RFC 9112, section 3.2.1: origin form)."""
        return quote(self.path) + (f"?{self.query}" if self.query else "")


@dataclass(frozen=True)
class Response:
    """Response to send, including faults of its transmission.

    Attributes:
        status: HTTP status code.
        headers: header fields. The server adds ``Content-Length``, ``Date`` and ``Server``.
        body: body bytes.
        label: fault of this response, sent as ``X-Contractfuzz-Label``; None without a fault.
        chunked: True to send the body in chunks, without ``Content-Length`` (RFC 9112, section 7.1).
        truncate_at: number of body bytes to send before the connection ends; None to send all of them. ``Content-Length``
            announces the full body in either case.
        reset: True to end the connection with a TCP reset instead of an orderly close.
        dropped: True to close the connection without sending a byte.
        delay_seconds: pause before each piece of the body, in seconds.

    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": JSON_CONTENT_TYPE})
    body: bytes = b""
    label: str | None = None
    chunked: bool = False
    truncate_at: int | None = None
    reset: bool = False
    dropped: bool = False
    delay_seconds: float = 0

    @classmethod
    def from_payload(cls, payload: Any, status: int = 200) -> Response:
        """Return a JSON response.

        Args:
            payload: any JSON value, or a ``Case``, whose body and label are used unchanged (malformed cases included).
            status: HTTP status code.

        """
        case = payload if isinstance(payload, Case) else Case("valid", payload)
        return cls(status, body=case.body, label=case.label)


@dataclass(frozen=True)
class Exchange:
    """Request and its response, as recorded in the server's log."""

    request: Request
    response: Response

    @property
    def status(self) -> int:
        """Status code of the response."""
        return self.response.status

    @property
    def label(self) -> str | None:
        """Fault in the response: a case's label or the name of a wire fault."""
        return self.response.label

    def __str__(self) -> str:
        return " ".join(filter(None, (self.request.method, self.request.path, str(self.status), self.label)))
