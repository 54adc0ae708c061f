"""HTTP server on the loopback interface, built on werkzeug. The only module that imports werkzeug."""

from __future__ import annotations

import os
import re
import socket
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from threading import Event, Thread, current_thread
from typing import TYPE_CHECKING, Any, ClassVar, Protocol
from urllib.parse import quote

from werkzeug import Request as WerkzeugRequest
from werkzeug.exceptions import ClientDisconnected, MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.serving import WSGIRequestHandler, make_server

from contractfuzz.errors import ContractError
from contractfuzz.server.messages import LABEL_HEADER, Request, Response
from contractfuzz.server.service import Route
from contractfuzz.server.wire_faults import PIECE_COUNT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LOOPBACK = "127.0.0.1"
POLL_INTERVAL_SECONDS = 0.02
THREAD_JOIN_TIMEOUT_SECONDS = 5
"""Time limit for a connection's thread to end. A scripted function that never returns would block it for ever."""

RESET_KEY = "contractfuzz.reset"
"""Key in the WSGI environment. If its value is True, the connection ends with a TCP reset."""

LINGER_ZERO = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
"""Value of SO_LINGER with a timeout of zero: closing the socket resets the connection."""

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


class WSGIApplication:
    """WSGI application (PEP 3333) that sends the responses of a ``RequestHandler``.

    Args:
        routes: routes to match requests against.
        get_handler: returns the handler of the current test.

    """

    def __init__(self, routes: Sequence[Route], get_handler: Callable[[], RequestHandler]) -> None:
        self._get_handler = get_handler
        rules = [
            Rule(re.sub(r"\{(\w+)\}", r"<\1>", route.path), methods=[route.method], endpoint=route.endpoint)
            for route in routes
        ]
        self._url_map = Map(rules, merge_slashes=False)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Handle a request.

        Raises:
            ConnectionError: the connection must end. Werkzeug treats it like a disconnected client.

        """
        handler = self._get_handler()
        response = self._dispatch(handler, WerkzeugRequest(environ))
        if response.dropped:
            raise ConnectionAbortedError
        headers = dict(response.headers)
        if response.label is not None:
            headers[LABEL_HEADER] = quote(response.label, safe=LABEL_SAFE_CHARACTERS)
        if not response.chunked and response.status not in (204, 304):
            headers.setdefault("Content-Length", str(len(response.body)))
        environ[RESET_KEY] = response.reset
        start_response(f"{response.status} {_reason_phrase(response.status)}", list(headers.items()))
        return () if environ["REQUEST_METHOD"] == "HEAD" else _body_pieces(response, handler.stopped)

    def _dispatch(self, handler: RequestHandler, received: WerkzeugRequest) -> Response:
        try:
            body = received.get_data()
        except ClientDisconnected:
            raise ConnectionAbortedError from None
        request = Request(
            number=0,
            method=received.method,
            path=received.path,
            query=received.query_string.decode("latin-1"),
            headers={name.lower(): value for name, value in received.headers},
            body=body,
        )
        try:
            endpoint, variables = self._url_map.bind_to_environ(received.environ).match()
        except MethodNotAllowed as error:
            allowed = {"Allow": ", ".join(error.valid_methods or ())}
            return handler.unrouted(request, 405, allowed)
        except NotFound:
            return handler.unrouted(request, 404, {})
        return handler.respond(replace(request, endpoint=endpoint, variables=variables))


def _reason_phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _body_pieces(response: Response, stopped: Event) -> Iterator[bytes]:
    """Yield the body in the pieces to send. The first piece is empty, so that the headers are sent at once."""
    yield b""
    body = response.body[: response.truncate_at]
    in_one_piece = not response.chunked and not response.delay_seconds
    size = len(response.body) if in_one_piece else -(-len(response.body) // PIECE_COUNT)
    for start in range(0, len(body), size or 1):
        if response.delay_seconds and stopped.wait(response.delay_seconds):
            raise ConnectionAbortedError
        yield body[start : start + size]
    if response.chunked and response.truncate_at is not None:
        # Without an error, werkzeug would send the last chunk.
        raise ConnectionAbortedError


class _ConnectionHandler(WSGIRequestHandler):
    """Handler of one connection. The listener can close the connection from another thread."""

    protocol_version = "HTTP/1.1"
    open: ClassVar[dict[Thread, socket.socket]]
    closing: ClassVar[Event]

    def setup(self) -> None:
        super().setup()
        # A thread is still alive when it finishes, so the next connection removes it.
        for thread in self.open.copy():
            if not thread.is_alive():
                self.open.pop(thread, None)
        self.open[current_thread()] = self.connection

    def handle(self) -> None:
        if not self.closing.is_set():
            super().handle()

    def finish(self) -> None:
        super().finish()
        if getattr(self, "environ", {}).get(RESET_KEY):
            # Close before the server shuts the connection down, which would send a FIN instead of a reset.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
            self.connection.close()

    def connection_dropped(self, error: BaseException, environ: WSGIEnvironment | None = None) -> None:  # noqa: ARG002
        # Without this flag, a connection that sent no response would wait for the next request.
        self.close_connection = True

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Discard werkzeug's log messages: the request handler keeps the log."""


class HTTPListener:
    """HTTP server in a background thread, with one thread for each connection.

    Args:
        routes: routes to match requests against.
        get_handler: returns the handler of the current test.
        port: port on 127.0.0.1, or 0 for any free port.

    Attributes:
        port: actual port.

    Raises:
        ContractError: the port is out of range or not available.

    """

    def __init__(self, routes: Sequence[Route], get_handler: Callable[[], RequestHandler], port: int) -> None:
        self._open: dict[Thread, socket.socket] = {}
        self._closing = Event()
        connection_handler = type(
            "ConnectionHandler", (_ConnectionHandler,), {"open": self._open, "closing": self._closing}
        )
        if not 0 <= port <= 65535:
            raise ContractError(f"cannot listen on port {port}: choose 1 to 65535, or 0 for any free port")
        try:
            # Bind here: werkzeug itself prints a message and exits if the port is taken.
            listening = socket.create_server((LOOPBACK, port))
        except OSError as error:
            raise ContractError(
                f"cannot listen on port {port} ({error.strerror}): choose another port, or 0 for any free port"
            ) from None
        with listening:
            self._server = make_server(
                LOOPBACK,
                port,
                WSGIApplication(routes, get_handler),
                threaded=True,
                request_handler=connection_handler,
                fd=listening.fileno(),
            )
        self.port: int = self._server.port
        self._thread = Thread(
            target=self._server.serve_forever,
            args=(POLL_INTERVAL_SECONDS,),
            name=f"contractfuzz:{self.port}",
            daemon=True,
        )
        self._thread.start()

    def drop_connections(self) -> None:
        """Close all connections and wait for their threads."""
        for thread, connection in self._open.copy().items():
            # The client may have closed it already.
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            if thread is not current_thread():
                thread.join(THREAD_JOIN_TIMEOUT_SECONDS)

    def close(self) -> None:
        """Stop the server, close all connections and wait for their threads."""
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self.drop_connections()
