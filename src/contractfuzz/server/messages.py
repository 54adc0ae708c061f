"""HTTP messages of the mock server: requests, responses and the exchanges that pair them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import Case
from contractfuzz.text import printable

LABEL_HEADER = "X-Contractfuzz-Label"
"""Header of every response that contains a fault. Its value is the case's label or the name of the wire fault."""

LOOPBACK = "127.0.0.1"

HTTP_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
"""Token, such as a method or the name of a header (RFC 9110, section 5.6.2)."""

HTTP_VALUE = re.compile(r"[^\x00\r\n\u0100-\U0010ffff]*")
"""Value of a header, in ISO 8859-1 (RFC 9110, section 5.5)."""

JSON_CONTENT_TYPE = "application/json;charset=utf-8"


@dataclass(frozen=True)
class Request:
    """Request that the server received.

    Attributes:
        number: number of requests that this test sent before it.
        method: HTTP method, such as ``POST``; empty if the request line does not have three words.
        path: percent-decoded path. For a malformed request, the target or the whole request line as it was received.
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
            ValueError: the body is not JSON, it is nested too deeply for Python's parser, or a string of it has a surrogate
                without its pair, which no UTF-8 response can repeat (RFC 8259, section 8.2).

        """
        try:
            value = json.loads(self.body)
            json.dumps(value, ensure_ascii=False).encode()
        except RecursionError:
            raise ValueError("nested too deeply") from None
        except UnicodeEncodeError:
            raise ValueError("a string has a surrogate without its pair") from None
        return value

    @property
    def key(self) -> tuple[str, str, bytes]:
        """Method, target and body: equal for requests that ask for the same."""
        return self.method, self.target, self.body

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
        slow_tail_bytes: number of bytes at the end of the body that are pieces of their own; the rest is one piece without a
            pause. 0 for pieces of equal size.
        cuts_headers: True to end the connection within the headers.
        has_lower_case_names: True to send the names of all headers in lower case.
        keep_alive: True to close the connection without announcing it.
        silence_seconds: time for which the connection stays open before it is closed without a byte, unless the client closes it.
        on_outlasted: called if the client is still connected at the end of the silence; None for nothing.

    Raises:
        ContractError: a header has characters that HTTP cannot send.

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
    slow_tail_bytes: int = 0
    cuts_headers: bool = False
    has_lower_case_names: bool = False
    keep_alive: bool = False
    silence_seconds: float = 0
    on_outlasted: Callable[[], object] | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        for name, value in self.headers.items():
            if not (HTTP_NAME.fullmatch(name) and HTTP_VALUE.fullmatch(value)):
                raise ContractError(
                    f"cannot send the header {name!r} with the value {value!r}: "
                    "names are ASCII words, values are one line of characters up to U+00FF"
                )

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
        words = (self.request.method, self.request.path, str(self.status), self.label)
        return printable(" ".join(filter(None, words)))
