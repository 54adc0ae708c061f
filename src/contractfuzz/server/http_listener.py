"""HTTP server on the loopback interface, with a router of requests to handlers."""

from __future__ import annotations

import os
import re
import socket
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from email.utils import formatdate
from http import HTTPStatus
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Lock, Thread, current_thread
from time import monotonic
from typing import Any, NamedTuple, Protocol, cast
from urllib.parse import quote

from contractfuzz.errors import ContractError
from contractfuzz.server.messages import LABEL_HEADER, LOOPBACK, Request, Response
from contractfuzz.server.request_reader import MAX_HEAD_BYTES, READ_SIZE_BYTES, RequestError, RequestReader
from contractfuzz.server.service import Route
from contractfuzz.server.wire_faults import PIECE_COUNT

LISTEN_BACKLOG = 128
POLL_INTERVAL_SECONDS = 0.02
THREAD_JOIN_TIMEOUT_SECONDS = 5
"""Time limit for a connection's thread to end. A scripted function that never returns would block it for ever."""

SILENCE_POLL_SECONDS = 0.1
"""Time between two looks at a connection on which nothing is sent."""

DRAIN_PAUSE_SECONDS = 1
"""Maximum time to wait for more bytes of a request that has its response already."""

DRAIN_TIMEOUT_SECONDS = 10
"""Maximum time to discard bytes of a request that has its response already."""

LINGER_ZERO = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
"""Value of SO_LINGER with a timeout of zero: closing the socket resets the connection."""

PATH_VARIABLE = re.compile(r"\{([^{}]+)\}")
"""Variable in the path of a route. Its value is one segment of a path, or a part of one."""

LABEL_SAFE_CHARACTERS = " !\"#$%&'()*+,/:;<=>?@[\\]^`{|}~"
"""Characters of a label that a header value can hold without percent-encoding."""


class RequestHandler(Protocol):
    """Source of responses. Each method runs in the thread of the request's connection."""

    @property
    def stopped(self) -> Event:
        """Event that ends slow responses early."""

    def respond(self, request: Request) -> Response:
        """Return the response to a request that matched a route."""

    def unrouted(self, request: Request, status: int, headers: Mapping[str, str]) -> Response:
        """Return the response to a request that matched no route.

        Args:
            request: request without an endpoint.
            status: 404, or 405 if only the method does not match.
            headers: headers that HTTP requires for this status.

        """

    def malformed(self, request: Request, status: int, message: str) -> Response:
        """Return the response to a request that is not valid HTTP, incomplete or over a limit.

        Args:
            request: parts of the request that were read.
            status: 400, or the status of a limit or of an unsupported feature, such as 413, 431 or 501.
            message: error message for the client.

        """


class Router:
    """Dispatcher of requests to the current request handler, by the routes of a service.

    Args:
        routes: routes to match requests against.
        get_handler: returns the handler of the current test.

    """

    def __init__(self, routes: Sequence[Route], get_handler: Callable[[], RequestHandler]) -> None:
        self.get_handler = get_handler
        self._routes: list[tuple[Route, list[str], re.Pattern[str]]] = []
        for route in routes:
            texts, names = (PATH_VARIABLE.split(route.path)[start::2] for start in (0, 1))
            self._routes.append((route, names, re.compile("([^/]+)".join(map(re.escape, texts)))))
        # As in OpenAPI, a concrete path comes before one with variables.
        self._routes.sort(key=lambda item: len(item[1]))

    def respond(self, handler: RequestHandler, request: Request) -> Response:
        """Return the handler's response to a well-formed request."""
        allowed: set[str] = set()
        for route, names, pattern in self._routes:
            match = pattern.fullmatch(request.path)
            if match is None:
                continue
            methods = {"GET", "HEAD"} if route.method == "GET" else {route.method}
            if request.method in methods:
                variables = dict(zip(names, match.groups(), strict=True))
                return handler.respond(replace(request, endpoint=route.endpoint, variables=variables))
            allowed |= methods
        if allowed:
            return handler.unrouted(request, 405, {"Allow": ", ".join(sorted(allowed))})
        return handler.unrouted(request, 404, {})


def _reason_phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _header_section(response: Response, *, chunked: bool) -> bytes:
    """Return the status line and the header fields, with the empty line after them."""
    headers = {"Server": "contractfuzz", "Date": formatdate(usegmt=True), **response.headers}
    if response.label is not None:
        # A label names a property, and the name of a property can hold a surrogate.
        headers[LABEL_HEADER] = quote(response.label, safe=LABEL_SAFE_CHARACTERS, errors="surrogatepass")
    if chunked:
        headers["Transfer-Encoding"] = "chunked"
    elif response.status not in (204, 304):
        headers.setdefault("Content-Length", str(len(response.body)))
    if not response.keep_alive:
        headers["Connection"] = "close"
    if response.has_lower_case_names:
        headers = {name.lower(): value for name, value in headers.items()}
    lines = [
        f"HTTP/1.1 {response.status} {_reason_phrase(response.status)}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    section = "\r\n".join([*lines, "", ""]).encode("latin-1")
    return section[: len(section) // 2] if response.cuts_headers else section


def _body_pieces(response: Response, stopped: Event) -> Iterator[bytes]:
    """Yield the body in the pieces to send. Ends early when the handler is stopped."""
    body = response.body[: response.truncate_at]
    if response.slow_tail_bytes:
        start = max(0, len(body) - response.slow_tail_bytes)
        yield body[:start]
        for index in range(start, len(body)):
            if stopped.wait(response.delay_seconds):
                return
            yield body[index : index + 1]
        return
    in_one_piece = not response.chunked and not response.delay_seconds
    size = len(response.body) if in_one_piece else -(-len(response.body) // PIECE_COUNT)
    for start in range(0, len(body), size or 1):
        if response.delay_seconds and stopped.wait(response.delay_seconds):
            return
        yield body[start : start + size]


class _Connection(NamedTuple):
    socket: socket.socket
    handler: RequestHandler


class _Server(ThreadingTCPServer):
    """TCP server with one thread for each connection."""

    daemon_threads = True
    # Elsewhere, the option would let two servers listen on one port.
    allow_reuse_address = os.name == "posix"
    request_queue_size = LISTEN_BACKLOG

    def __init__(self, port: int, router: Router, max_head_bytes: int) -> None:
        self.router = router
        self.max_head_bytes = max_head_bytes
        self.connections: dict[Thread, _Connection] = {}
        self.closing = Event()
        self._lock = Lock()
        super().__init__((LOOPBACK, port), _ConnectionHandler)

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: Any) -> None:
        """Handle a connection in a thread of its own. It is registered before it starts, so that a reset can close it."""
        thread = Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        with self._lock:
            # A thread is still alive when it finishes, so the next connection removes it.
            self.connections = {known: value for known, value in self.connections.items() if known.is_alive()}
            # A connection that a reset cuts belongs to the test before the reset.
            self.connections[thread] = _Connection(cast("socket.socket", request), self.router.get_handler())
            thread.start()

    def started_connections(self) -> dict[Thread, _Connection]:
        """Return the connections whose threads have started."""
        with self._lock:
            return self.connections.copy()


class _ConnectionHandler(StreamRequestHandler):
    """Handler of one connection with one request. The listener can close the connection from another thread."""

    disable_nagle_algorithm = True

    def handle(self) -> None:
        """Read a request, send its response and end the connection."""
        server = cast("_Server", self.server)
        if server.closing.is_set():
            return
        handler = server.started_connections()[current_thread()].handler
        reader = RequestReader(self.rfile, self.wfile.write, server.max_head_bytes)
        try:
            if not reader.read():
                return
            response = server.router.respond(handler, reader.request)
        except RequestError as error:
            response = handler.malformed(reader.request, error.status, error.message)
        except OSError:
            # The client disconnected.
            return
        # The client may disconnect while it gets the response.
        with suppress(OSError):
            if response.silence_seconds:
                self._stay_silent(response, handler.stopped)
            elif not response.dropped:
                self._send(response, handler.stopped, with_body=reader.request.method != "HEAD")
            if response.reset:
                self._reset()
            else:
                self._drain()

    def _send(self, response: Response, stopped: Event, *, with_body: bool) -> None:
        chunked = response.chunked and response.status not in (204, 304)
        self.wfile.write(_header_section(response, chunked=chunked))
        if not with_body or response.cuts_headers:
            return
        for piece in _body_pieces(response, stopped):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
        if chunked and response.truncate_at is None and not stopped.is_set():
            self.wfile.write(b"0\r\n\r\n")

    def _stay_silent(self, response: Response, stopped: Event) -> None:
        """Wait until the client closes the connection, but not longer than the silence of the response."""
        self.connection.settimeout(SILENCE_POLL_SECONDS)
        end = monotonic() + response.silence_seconds
        while monotonic() < end and not stopped.is_set():
            with suppress(TimeoutError):
                if not self.connection.recv(READ_SIZE_BYTES):
                    return
        if not stopped.is_set() and response.on_outlasted is not None:
            response.on_outlasted()

    def _reset(self) -> None:
        # Close here: the server would shut the connection down first, which sends a FIN instead of a reset.
        self.finish()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
        self.connection.close()

    def _drain(self) -> None:
        """End the response and discard the rest of the request (RFC 9112, section 9.6).

        Closing a connection with unread bytes resets it, and the client may lose the response.
        """
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(DRAIN_PAUSE_SECONDS)
        end = monotonic() + DRAIN_TIMEOUT_SECONDS
        while monotonic() < end and self.connection.recv(65536):
            pass


class HTTPListener:
    """HTTP server in a background thread, with one thread for each connection.

    Args:
        routes: routes to match requests against.
        get_handler: returns the handler of the current test.
        port: port on 127.0.0.1, or 0 for any free port.
        max_head_bytes: maximum length of the request line and the headers; see ``MAX_HEAD_BYTES``.

    Attributes:
        port: actual port.

    Raises:
        ContractError: the port is out of range or not available.

    """

    def __init__(
        self,
        routes: Sequence[Route],
        get_handler: Callable[[], RequestHandler],
        port: int,
        max_head_bytes: int = MAX_HEAD_BYTES,
    ) -> None:
        if not 0 <= port <= 65535:
            raise ContractError(f"cannot listen on port {port}: choose 1 to 65535, or 0 for any free port")
        try:
            self._server = _Server(port, Router(routes, get_handler), max_head_bytes)
        except OSError as error:
            raise ContractError(
                f"cannot listen on port {port} ({error.strerror}): choose another port, or 0 for any free port"
            ) from None
        self.port: int = self._server.server_address[1]
        self._thread = Thread(
            target=self._server.serve_forever,
            args=(POLL_INTERVAL_SECONDS,),
            name=f"contractfuzz:{self.port}",
            daemon=True,
        )
        self._thread.start()

    def drop_connections(self) -> None:
        """Close all connections and wait for their threads."""
        for thread, connection in self._server.started_connections().items():
            # The client may have closed it already.
            with suppress(OSError):
                connection.socket.shutdown(socket.SHUT_RDWR)
            if thread is not current_thread():
                thread.join(THREAD_JOIN_TIMEOUT_SECONDS)

    def close(self) -> None:
        """Stop the server, close all connections and wait for their threads."""
        self._server.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.drop_connections()
