"""HTTP server for consumers that are HTTP clients: it starts on first use, and one handler answers every request."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from contractfuzz.errors import ContractError

if TYPE_CHECKING:
    from contractfuzz.server.http_listener import HTTPListener, RequestHandler
    from contractfuzz.server.service import Route

MAX_CLIENT_HEAD_BYTES = 256 * 1024
"""Maximum length of the request line and the headers of a client under test. Its cursors come from the payloads, which have long
texts, and a status of this server for them would count as a failure of the client."""


class LazyServer:
    """HTTP server on 127.0.0.1, in this process. It starts when its URL is first read.

    Args:
        get_handler: returns the handler of the requests on a connection that a client opens now.
        routes: routes that give requests an endpoint. Other requests go to the handler, too.

    """

    def __init__(self, get_handler: Callable[[], RequestHandler], routes: Sequence[Route] = ()) -> None:
        self._get_handler = get_handler
        self._routes = routes
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

    def close(self) -> None:
        """Close the port. Reading ``url`` starts the server again, usually on another port."""
        if self._listener is not None and self._process_id == os.getpid():
            self._listener.close()
        self._listener = None

    def _listen(self) -> HTTPListener:
        try:
            # h11 is an optional dependency.
            from contractfuzz.server.http_listener import HTTPListener
        except ModuleNotFoundError as error:
            raise ContractError(
                f"a client is tested against a server that needs {error.name}, which is not installed: "
                "pip install 'contractfuzz[server]'"
            ) from None
        return HTTPListener(self._routes, self._get_handler, port=0, max_head_bytes=MAX_CLIENT_HEAD_BYTES)
