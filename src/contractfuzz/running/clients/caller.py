"""Calls of a client: each with a conversation of its own, on one server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from contractfuzz.payloads.cases.case import Case
from contractfuzz.running.clients.answers import CaseAnswers, Continuation, parse_json
from contractfuzz.running.clients.conversation import Conversation
from contractfuzz.running.clients.interruption import (
    InterruptedClientError,
    cancel_interruption,
    interrupt_thread,
)
from contractfuzz.running.consumer import ClientOptions
from contractfuzz.server.lazy_server import LazyServer
from contractfuzz.server.messages import Response
from contractfuzz.server.service import Service


class NoRequestError(Exception):
    """The client returned without a request, so its result says nothing about the case."""


class ClientCaller:
    """Calls a client with the URL of a server that responds with a case.

    Args:
        name: the client's name, for messages.
        client: takes the base URL.
        options: the limits of a conversation.
        service: the service of the contract; None if no pack provides one.

    Attributes:
        conversation: the last conversation; None before the first call.

    """

    def __init__(
        self, name: str, client: Callable[[str], Any], options: ClientOptions, service: Service | None = None
    ) -> None:
        self.conversation: Conversation | None = None
        self.options = options
        self._name, self._client, self._service = name, client, service
        self._server = LazyServer(self._current, () if service is None else service.routes)
        self._continuation = Continuation(options.continuation, service, self._status_for)

    def call(self, fed: Case | bytes) -> Any:
        """Call the client.

        Args:
            fed: the case, or only its body.

        Raises:
            NoRequestError: the client returned without a request.
            BaseException: what the client raised.

        """
        case = Case("malformed", raw=lambda: fed) if isinstance(fed, bytes) else fed
        url, thread_id = self._server.url, threading.get_ident()
        conversation = Conversation(self._answers(case), self.options.max_requests, lambda: interrupt_thread(thread_id))
        self.conversation = conversation
        try:
            try:
                result = self._client(url)
            finally:
                conversation.end()
                cancel_interruption(thread_id)
        except InterruptedClientError:
            result = None  # the verdict is that of the conversation
        if conversation.failure is not None:
            raise conversation.failure
        if not conversation.turns:
            raise NoRequestError(f"{self._name} returned without a request to the server")
        return result

    def close(self) -> None:
        """Close the server. The next call starts it again."""
        self._server.close()

    def _current(self) -> Conversation:
        if self.conversation is None:
            raise RuntimeError("a request arrived before the first call")
        return self.conversation

    def _answers(self, case: Case) -> CaseAnswers:
        status = self._status_for(parse_json(case.body))
        response = Response(status, body=case.body)
        return CaseAnswers(lambda _: response, self._continuation.responder(case.body), self._service)

    def _status_for(self, payload: Any) -> int:
        return 200 if self._service is None else self._service.status_for(payload)
