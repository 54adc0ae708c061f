"""Strict reader of HTTP/1.1 requests (RFC 9112), with limits on everything that a client can announce or send."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BufferedIOBase
from urllib.parse import unquote_to_bytes

from contractfuzz.server.messages import HTTP_NAME, HTTP_VALUE, Request

MAX_BODY_BYTES = 16 * 1024 * 1024
"""Maximum length of a request body. A longer one gets status 413."""

MAX_REQUEST_LINE_BYTES = 65_536
"""Maximum length of a request line. A longer one gets status 414."""

MAX_HEADER_LINE_BYTES = 65_536
"""Maximum length of a header line, a trailer line or the line before a chunk. A longer one gets status 431 or 400."""

MAX_HEADER_COUNT = 100
"""Maximum number of header fields. More of them get status 431."""

READ_SIZE_BYTES = 65_536
"""Number of body bytes to read at once, so that memory is used for bytes that arrive and not for those announced."""

REQUEST_LINE = re.compile(rf"({HTTP_NAME.pattern}) ([!-~]+) HTTP/(\d)\.(\d)", re.ASCII)
HEADER_LINE = re.compile(rf"({HTTP_NAME.pattern}):({HTTP_VALUE.pattern})", re.ASCII)
CHUNK_LINE = re.compile(r"([0-9A-Fa-f]+)[ \t]*(?:;[^\x00\r\n]*)?", re.ASCII)
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
    """Reader of one request. Its attributes hold the parts that were read, valid or not.

    Args:
        stream: bytes from the client.
        send_continue: sends the interim response 100 to a client that waits for it before it sends the body.

    """

    def __init__(self, stream: BufferedIOBase, send_continue: Callable[[], None]) -> None:
        self._stream = stream
        self._send_continue = send_continue
        self._method = self._path = self._query = self._version = ""
        self._headers: dict[str, str] = {}
        self._body = b""

    @property
    def request(self) -> Request:
        """Parts of the request that were read."""
        return Request(0, self._method, self._path, self._query, self._headers, self._body)

    def read(self) -> bool:
        """Read the whole request. Return False if the client sent none before it disconnected.

        Raises:
            RequestError: the request is malformed, incomplete or over a limit.
            OSError: the connection ended.

        """
        line = self._read_line(MAX_REQUEST_LINE_BYTES, 414, "The request line")
        if line == "":
            # Robustness towards clients that end a body with an extra line break (RFC 9112, section 2.2).
            line = self._read_line(MAX_REQUEST_LINE_BYTES, 414, "The request line")
        if line is None:
            return False
        self._parse_request_line(line)
        self._read_headers()
        self._check_host()
        self._body = self._read_body()
        return True

    def _read_line(self, limit: int, status: int, name: str) -> str | None:
        """Return the next line without its end, or None at the end of the stream."""
        line = self._stream.readline(limit + 1)
        if not line:
            return None
        if len(line) > limit:
            raise RequestError(status, f"{name} is longer than {limit} bytes.")
        if not line.endswith(b"\n"):
            raise RequestError(400, f"{name} is incomplete.")
        return line.removesuffix(b"\n").removesuffix(b"\r").decode("latin-1")

    def _parse_request_line(self, line: str) -> None:
        # For the log, in case that the line is malformed.
        self._path = line
        match = REQUEST_LINE.fullmatch(line)
        if match is None:
            raise RequestError(400, "The request line must consist of a method, a target and a version: GET / HTTP/1.1")
        method, target, major, minor = match.groups()
        self._method, self._path = method.upper(), target
        if major != "1":
            raise RequestError(505, f"HTTP/{major}.{minor} is not supported: use HTTP/1.1.")
        self._version = f"{major}.{minor}"
        origin = ORIGIN.match(target)
        path, _, query = (target[origin.end() :] if origin else target).partition("?")
        if "#" in target or not (path.startswith("/") or (origin and not path) or target == "*"):
            raise RequestError(400, "The target must be a path with an optional query, without a fragment.")
        decoded = _decode_percent(path, "path")
        _decode_percent(query, "query")
        # A path that starts with two slashes would be another server in a redirect.
        self._path = decoded if target == "*" else "/" + decoded.lstrip("/")
        self._query = query

    def _read_headers(self) -> None:
        for _ in range(MAX_HEADER_COUNT + 1):
            line = self._read_line(MAX_HEADER_LINE_BYTES, 431, "A header line")
            if line is None:
                raise RequestError(400, "The header section is incomplete.")
            if line == "":
                return
            match = HEADER_LINE.fullmatch(line)
            if match is None:
                raise RequestError(400, "A header line must consist of a name, a colon and a value.")
            name, value = match[1].lower(), match[2].strip(" \t")
            self._headers[name] = f"{self._headers[name]},{value}" if name in self._headers else value
        raise RequestError(431, f"The request has more than {MAX_HEADER_COUNT} header fields.")

    def _check_host(self) -> None:
        """Check the header Host (RFC 9112, section 3.2)."""
        host = self._headers.get("host", "" if self._version == "1.0" else None)
        if host is None or not HOST.fullmatch(host) or "," in host:
            raise RequestError(400, "The request must have one valid Host header.")

    def _read_body(self) -> bytes:
        """Read the body (RFC 9112, section 6.3)."""
        coding, length = self._headers.get("transfer-encoding"), self._headers.get("content-length")
        if coding is not None:
            if length is not None or self._version == "1.0":
                raise RequestError(400, "Transfer-Encoding requires HTTP/1.1 and excludes Content-Length.")
            if coding.lower() != "chunked":
                raise RequestError(501, "The only supported transfer coding is chunked.")
            self._continue()
            return self._read_chunks()
        if length is None:
            return b""
        if not re.fullmatch(r"[0-9]+", length):
            raise RequestError(400, "Content-Length must be a single decimal number.")
        size = _parse_size(length, 10)
        if size:
            self._continue()
        return self._read_exactly(size)

    def _continue(self) -> None:
        if self._version != "1.0" and self._headers.get("expect", "").lower() == "100-continue":
            self._send_continue()

    def _read_chunks(self) -> bytes:
        """Read a body in the chunked transfer coding (RFC 9112, section 7.1). Extensions and trailers are ignored."""
        body = bytearray()
        while True:
            line = self._read_line(MAX_HEADER_LINE_BYTES, 400, "The line before a chunk")
            if line is None:
                raise RequestError(400, "The body of the request ends without its last chunk.")
            match = CHUNK_LINE.fullmatch(line)
            if match is None:
                raise RequestError(400, "A chunk must start with its size in hexadecimal digits.")
            size = _parse_size(match[1], 16, len(body))
            if not size:
                break
            body += self._read_exactly(size)
            if self._stream.readline(len(b"\r\n")) not in (b"\r\n", b"\n"):
                raise RequestError(400, "A chunk must end with a line break after the announced size.")
        for _ in range(MAX_HEADER_COUNT + 1):
            line = self._read_line(MAX_HEADER_LINE_BYTES, 431, "A trailer line")
            if line is None:
                raise RequestError(400, "The trailer section is incomplete.")
            if line == "":
                return bytes(body)
        raise RequestError(431, f"The request has more than {MAX_HEADER_COUNT} trailer fields.")

    def _read_exactly(self, size: int) -> bytes:
        content = bytearray()
        while len(content) < size:
            piece = self._stream.read(min(size - len(content), READ_SIZE_BYTES))
            if not piece:
                raise RequestError(400, "The body of the request is shorter than announced.")
            content += piece
        return bytes(content)


def _parse_size(digits: str, base: int, already_read: int = 0) -> int:
    """Return an announced number of bytes.

    Raises:
        RequestError: the body would be longer than ``MAX_BODY_BYTES``.

    """
    significant = digits.lstrip("0")
    # Python refuses to parse decimal numbers of thousands of digits.
    size = int(significant or "0", base) if len(significant) <= len(str(MAX_BODY_BYTES)) else MAX_BODY_BYTES + 1
    if already_read + size > MAX_BODY_BYTES:
        raise RequestError(413, f"The body of the request is longer than {MAX_BODY_BYTES} bytes.")
    return size


def _decode_percent(part: str, name: str) -> str:
    """Return a part of the target without its percent-encoding (RFC 3986, section 2.1).

    Raises:
        RequestError: the percent-encoding is invalid, or the bytes are not UTF-8. UTF-8 has no surrogates.

    """
    if INVALID_PERCENT.search(part):
        raise RequestError(400, f"The {name} has a percent sign without two hexadecimal digits.")
    try:
        return unquote_to_bytes(part).decode()
    except UnicodeDecodeError:
        raise RequestError(400, f"The {name} is not UTF-8 after percent-decoding.") from None
