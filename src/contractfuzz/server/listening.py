"""HTTP on loopback: from a socket to ``Received`` and from ``Answer`` to a socket. The only module that needs werkzeug."""

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

from werkzeug import Request
from werkzeug.exceptions import ClientDisconnected, MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.serving import WSGIRequestHandler, make_server

from contractfuzz.errors import ContractError
from contractfuzz.server.answers import LABEL_HEADER, Answer, Received
from contractfuzz.server.faults import PIECES
from contractfuzz.server.service import Route

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

LOOPBACK = "127.0.0.1"
PATIENCE = 5
"""Seconds to wait for a thread that is held up, by a scripted function that does not return."""

RESET = "contractfuzz.reset"
"""The key in a request's environment that has the connection reset at its end."""

LINGER_NOT = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
"""For SO_LINGER: whoever closes the socket resets the connection."""


class Player(Protocol):
    """Says what is answered, as ``Play`` does; in the thread of the request's connection."""

    @property
    def ended(self) -> Event:
        """Set when slow answers shall stop."""

    def answer(self, request: Received) -> Answer:
        """Return the answer to a request that found its route."""

    def stray(self, request: Received, status: int, headers: Mapping[str, str]) -> Answer:
        """Return the answer to a request without a route: HTTP would give it this status and these headers."""


class App:
    """The WSGI application (PEP 3333) that gives a ``Player``'s answers."""

    def __init__(self, routes: Sequence[Route], play: Callable[[], Player]) -> None:
        self._play = play
        rules = [
            Rule(re.sub(r"\{(\w+)\}", r"<\1>", route.path), methods=[route.method], endpoint=route.endpoint)
            for route in routes
        ]
        self._map = Map(rules, merge_slashes=False)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request. ConnectionError, which werkzeug takes for a client that is gone, ends the connection."""
        play = self._play()
        answer = self._answer(play, Request(environ))
        if answer.silent:
            raise ConnectionAbortedError
        headers = dict(answer.headers)
        if answer.label is not None:
            headers[LABEL_HEADER] = quote(answer.label, safe=" !\"#$%&'()*+,/:;<=>?@[\\]^`{|}~")
        if not answer.chunked and answer.status not in (204, 304):
            headers.setdefault("Content-Length", str(len(answer.body)))
        environ[RESET] = answer.ending == "reset"
        start_response(f"{answer.status} {_phrase(answer.status)}", list(headers.items()))
        return () if environ["REQUEST_METHOD"] == "HEAD" else _pieces(answer, play.ended)

    def _answer(self, play: Player, request: Request) -> Answer:
        try:
            body = request.get_data()
        except ClientDisconnected:
            raise ConnectionAbortedError from None
        received = Received(
            number=0,
            method=request.method,
            path=request.path,
            query=request.query_string.decode("latin-1"),
            headers={name.lower(): value for name, value in request.headers},
            body=body,
        )
        try:
            endpoint, variables = self._map.bind_to_environ(request.environ).match()
        except MethodNotAllowed as error:
            allowed = {"Allow": ", ".join(error.valid_methods or ())}
            return play.stray(received, 405, allowed)
        except NotFound:
            return play.stray(received, 404, {})
        return play.answer(replace(received, endpoint=endpoint, variables=variables))


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _pieces(answer: Answer, ended: Event) -> Iterator[bytes]:
    """Yield the body in the pieces in which it is sent; the first is empty, so that the headers go ahead."""
    yield b""
    body = answer.body[: answer.sent]
    whole = not answer.chunked and not answer.pause
    size = len(answer.body) if whole else -(-len(answer.body) // PIECES)
    for start in range(0, len(body), size or 1):
        if answer.pause and ended.wait(answer.pause):
            raise ConnectionAbortedError
        yield body[start : start + size]
    if answer.chunked and answer.sent is not None:
        # Or else werkzeug would send the last chunk.
        raise ConnectionAbortedError


class _Handler(WSGIRequestHandler):
    """Serves one connection, and lets it be ended from outside."""

    protocol_version = "HTTP/1.1"
    open: ClassVar[dict[Thread, socket.socket]]
    closing: ClassVar[Event]

    def setup(self) -> None:
        super().setup()
        # Those that have ended are dropped here and not by themselves: they would have to live on for it.
        for thread in self.open.copy():
            if not thread.is_alive():
                self.open.pop(thread, None)
        self.open[current_thread()] = self.connection

    def handle(self) -> None:
        if not self.closing.is_set():
            super().handle()

    def finish(self) -> None:
        super().finish()
        if getattr(self, "environ", {}).get(RESET):
            # Closed before the server can shut it down in order, which would send a FIN.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
            self.connection.close()

    def connection_dropped(self, error: BaseException, environ: WSGIEnvironment | None = None) -> None:  # noqa: ARG002
        # Or else a connection on which nothing was sent would be kept for the next request.
        self.close_connection = True

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: the log is the play's."""


class Listener:
    """A server in a thread of its own, one more for each connection.

    Attributes:
        port: where it listens, on 127.0.0.1.

    """

    def __init__(self, routes: Sequence[Route], play: Callable[[], Player], port: int) -> None:
        self._open: dict[Thread, socket.socket] = {}
        self._closing = Event()
        handler = type("Handler", (_Handler,), {"open": self._open, "closing": self._closing})
        if not 0 <= port <= 65535:
            raise ContractError(f"cannot listen on port {port}: name one of 1 to 65535, or 0 for any free one")
        try:
            # Bound here, because werkzeug prints and exits where a port is taken.
            listening = socket.create_server((LOOPBACK, port))
        except OSError as error:
            raise ContractError(
                f"cannot listen on port {port} ({error.strerror}): name another, or 0 for any free one"
            ) from None
        with listening:
            self._server = make_server(
                LOOPBACK, port, App(routes, play), threaded=True, request_handler=handler, fd=listening.fileno()
            )
        self.port: int = self._server.port
        self._thread = Thread(
            target=self._server.serve_forever, args=(0.02,), name=f"contractfuzz:{self.port}", daemon=True
        )
        self._thread.start()

    def drop(self) -> None:
        """End all connections, and wait until their threads have ended."""
        for thread, connection in self._open.copy().items():
            # It may have ended by itself meanwhile.
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            if thread is not current_thread():
                thread.join(PATIENCE)

    def close(self) -> None:
        """Listen no more, and end all connections and threads."""
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self.drop()
