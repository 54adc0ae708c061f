"""A server that knows no service: it gives every request the same answer, until it is told another."""

from __future__ import annotations

import os
from collections.abc import Mapping
from threading import Event
from typing import TYPE_CHECKING

from contractfuzz.errors import ContractError
from contractfuzz.server.answers import Answer, Received

if TYPE_CHECKING:
    from contractfuzz.server.listening import Listener


class RepeatingServer:
    """HTTP on 127.0.0.1, in this process; it begins to listen when somebody asks for its address.

    Attributes:
        asked: whether there was a request since the answer was set.
        ended: for ``contractfuzz.server.listening``: never set, since no answer is slow.

    """

    def __init__(self) -> None:
        self.asked = False
        self.ended = Event()
        self._answer = Answer()
        self._listener: Listener | None = None
        self._process = 0

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end; ContractError where werkzeug is missing."""
        # A copy of this process, as an isolated consumer runs in, has none of its threads.
        if self._listener is None or self._process != os.getpid():
            self._listener, self._process = self._listen(), os.getpid()
        return f"http://127.0.0.1:{self._listener.port}"

    def answer_with(self, body: bytes, status: int = 200) -> None:
        """Set the answer: ``body``, announced as JSON."""
        self._answer, self.asked = Answer(status, body=body), False

    def close(self) -> None:
        """Listen no more; it begins again when somebody asks for its address."""
        if self._listener is not None and self._process == os.getpid():
            self._listener.close()
        self._listener = None

    def answer(self, request: Received) -> Answer:  # noqa: ARG002
        """Return the answer, whatever the request."""
        self.asked = True
        return self._answer

    def stray(self, request: Received, status: int, headers: Mapping[str, str]) -> Answer:  # noqa: ARG002
        """Return the answer: there are no routes that a request could miss."""
        return self.answer(request)

    def _listen(self) -> Listener:
        try:
            from contractfuzz.server.listening import Listener
        except ModuleNotFoundError as error:
            raise ContractError(
                f"a client is called with the address of a server that needs {error.name}, which is not installed: "
                "pip install 'contractfuzz[server]'"
            ) from None
        return Listener((), lambda: self, port=0)
