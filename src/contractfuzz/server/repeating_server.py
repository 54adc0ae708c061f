"""HTTP server that sends the same response to every request, for consumers that are HTTP clients."""

from __future__ import annotations

import os
from collections.abc import Mapping
from threading import Event
from typing import TYPE_CHECKING

from contractfuzz.errors import ContractError
from contractfuzz.server.messages import Request, Response

if TYPE_CHECKING:
    from contractfuzz.server.http_listener import HTTPListener


class RepeatingServer:
    """HTTP server on 127.0.0.1, in this process. It starts when its URL is first read.

    Attributes:
        request_seen: True if a request has arrived since the response was set.
        stopped: part of the ``RequestHandler`` protocol. Never set, because no response is slow.

    """

    def __init__(self) -> None:
        self.request_seen = False
        self.stopped = Event()
        self._response = Response()
        self._listener: HTTPListener | None = None
        self._process_id = 0

    @property
    def url(self) -> str:
        """Base URL, without a trailing slash. Starts the server.

        Raises:
            ContractError: h11 is not installed.

        """
        # A forked process, in which isolated consumers run, does not inherit the listener's threads.
        if self._listener is None or self._process_id != os.getpid():
            self._listener, self._process_id = self._listen(), os.getpid()
        return f"http://127.0.0.1:{self._listener.port}"

    def respond_with(self, body: bytes, status: int = 200) -> None:
        """Set the response.

        Args:
            body: body bytes, sent as ``application/json``.
            status: HTTP status code.

        """
        self._response, self.request_seen = Response(status, body=body), False

    def close(self) -> None:
        """Close the port. Reading ``url`` starts the server again."""
        if self._listener is not None and self._process_id == os.getpid():
            self._listener.close()
        self._listener = None

    def respond(self, request: Request) -> Response:  # noqa: ARG002
        """Return the response that was set."""
        self.request_seen = True
        return self._response

    def unrouted(self, request: Request, status: int, headers: Mapping[str, str]) -> Response:  # noqa: ARG002
        """Return the response that was set: this server has no routes."""
        return self.respond(request)

    def malformed(self, request: Request, status: int, message: str) -> Response:  # noqa: ARG002
        """Return an error in plain text: the consumer's client sent a request that is not valid HTTP."""
        self.request_seen = True
        return Response(status, {"Content-Type": "text/plain; charset=utf-8"}, f"contractfuzz: {message}\n".encode())

    def _listen(self) -> HTTPListener:
        try:
            # h11 is an optional dependency.
            from contractfuzz.server.http_listener import HTTPListener
        except ModuleNotFoundError as error:
            raise ContractError(
                f"a client is tested against a server that needs {error.name}, which is not installed: "
                "pip install 'contractfuzz[server]'"
            ) from None
        return HTTPListener((), lambda: self, port=0)
