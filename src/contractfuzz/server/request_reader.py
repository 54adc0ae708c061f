"""Reader of HTTP/1.1 requests. h11 parses them; this module adds the checks that h11 leaves to the server."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from email.parser import HeaderParser
from io import BufferedIOBase
from urllib.parse import unquote

import h11

from contractfuzz.server.messages import Request
from contractfuzz.text import truncate

MAX_BODY_BYTES = 16 * 1024 * 1024
"""Maximum length of a request body. A longer one gets status 413."""

MAX_HEAD_BYTES = 16 * 1024
"""Maximum length of the request line and the headers, and of the line before a chunk and the trailers. Longer ones get status 414
or 431. It also limits the time of h11, which grows with the square of a run of spaces."""

READ_SIZE_BYTES = 4096
"""Number of bytes to read at once. h11 may accept a head that exceeds the limit by less than this."""

ERROR_MESSAGE_CHARACTERS = 200

HOST = re.compile(r"[0-9A-Za-z\-._~%!$&'()*+,;=:\[\]]*", re.ASCII)
ORIGIN = re.compile(r"https?://[^/?]+", re.ASCII | re.IGNORECASE)
"""Start of a target in absolute form (RFC 9112, section 3.2.2)."""

INVALID_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


class RequestError(Exception):
    """Request that the server cannot accept.

    Args:
        status: status of the response, such as 400 or 413.
        message: error message for the client.

    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class RequestReader:
    """Reader of one request.

    Args:
        stream: bytes from the client.
        send: sends the interim response 100 to a client that waits for it before it sends the body.

    """

    def __init__(
        self, stream: BufferedIOBase, send: Callable[[bytes], object], max_head_bytes: int = MAX_HEAD_BYTES
    ) -> None:
        self._stream = stream
        self._send = send
        self._connection = h11.Connection(h11.SERVER, max_head_bytes)
        self._head = b""
        self._request: Request | None = None

    @property
    def request(self) -> Request:
        """Parts of the request that were read, valid or not."""
        return self._request or _read_leniently(self._head.decode("latin-1"))

    def read(self) -> bool:
        """Read the whole request. Return False if the client sent none before it disconnected.

        Raises:
            RequestError: the request is malformed, incomplete or over a limit.
            OSError: the connection ended.

        """
        try:
            return self._read()
        except h11.RemoteProtocolError as error:
            status = error.error_status_hint
            if status == 431 and b"\n" not in self._head:
                status = 414
            message = truncate(str(error), ERROR_MESSAGE_CHARACTERS)
            raise RequestError(status, f"This is not an HTTP/1.1 request that the server can read: {message}") from None

    def _read(self) -> bool:
        start = self._stream.readline(len(b"\r\n"))
        if start in (b"\r\n", b"\n"):
            # Robustness towards clients that end a body with an extra line break (RFC 9112, section 2.2).
            start = self._stream.read1(READ_SIZE_BYTES)
        self._receive(start)
        head = self._next_event()
        if not isinstance(head, h11.Request):
            return False
        self._check_head(head)
        if self._connection.they_are_waiting_for_100_continue:
            self._send(self._connection.send(h11.InformationalResponse(status_code=100, reason="Continue", headers=[])))
        body = bytearray()
        while isinstance(event := self._next_event(), h11.Data):
            body += event.data
            _check_length(len(body))
        self._request = replace(self.request, body=bytes(body))
        return True

    def _next_event(self) -> h11.Event:
        while not isinstance(event := self._connection.next_event(), h11.Event):
            self._receive(self._stream.read1(READ_SIZE_BYTES))
        return event

    def _receive(self, data: bytes) -> None:
        if self._request is None:
            self._head += data
        self._connection.receive_data(data)

    def _check_head(self, head: h11.Request) -> None:
        headers: dict[str, str] = {}
        for name, value in ((name.decode(), value.decode("latin-1")) for name, value in head.headers):
            headers[name] = f"{headers[name]},{value}" if name in headers else value
        target = head.target.decode()
        self._request = Request(0, head.method.decode().upper(), target, "", headers, b"")
        version = head.http_version.decode()
        if not version.startswith("1."):
            raise RequestError(505, f"HTTP/{version} is not supported: use HTTP/1.1.")
        path, query = _parse_target(target)
        self._request = replace(self._request, path=path, query=query)
        if not HOST.fullmatch(headers.get("host", "")):
            raise RequestError(400, "The header Host must consist of a host and an optional port.")
        # h11 accepts both, though they are signs of request smuggling (RFC 9112, section 6.1).
        if "transfer-encoding" in headers and ("content-length" in headers or version == "1.0"):
            raise RequestError(400, "Transfer-Encoding requires HTTP/1.1 and excludes Content-Length.")
        _check_length(int(headers.get("content-length", "0")))


def _read_leniently(head: str) -> Request:
    """Return a request that h11 refused, for the log."""
    line, _, fields = head.partition("\n")
    words = line.split()
    method, path = words[:2] if len(words) == 3 else ("", line.removesuffix("\r"))
    headers = {name.lower(): value for name, value in HeaderParser().parsestr(fields).items()}
    return Request(0, method.upper(), path, "", headers, b"")


def _check_length(size: int) -> None:
    if size > MAX_BODY_BYTES:
        raise RequestError(413, f"The body of the request is longer than {MAX_BODY_BYTES} bytes.")


def _parse_target(target: str) -> tuple[str, str]:
    """Return the decoded path and the query of a target in origin, absolute or asterisk form (RFC 9112, section 3.2)."""
    origin = ORIGIN.match(target)
    path, _, query = (target[origin.end() :] if origin else target).partition("?")
    if "#" in target or not (path.startswith("/") or (origin and not path) or target == "*"):
        raise RequestError(400, "The target must be a path with an optional query, without a fragment.")
    decoded = _decode_percent(path, "path")
    _decode_percent(query, "query")
    # A path that starts with two slashes would be another server in a redirect.
    return decoded if target == "*" else "/" + decoded.lstrip("/"), query


def _decode_percent(part: str, name: str) -> str:
    """Return a part of the target without its percent-encoding (RFC 3986, section 2.1).

    Raises:
        RequestError: the percent-encoding is invalid, or the bytes are not UTF-8. UTF-8 has no surrogates.

    """
    if INVALID_PERCENT.search(part):
        raise RequestError(400, f"The {name} has a percent sign without two hexadecimal digits.")
    try:
        return unquote(part, errors="strict")
    except UnicodeDecodeError:
        raise RequestError(400, f"The {name} is not UTF-8 after percent-decoding.") from None
