"""Calls of a client: each with a conversation of its own, on one server."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from contractfuzz.payloads.cases.case import ABSENT, Case
from contractfuzz.payloads.wire.page_sequences import is_page_sequence
from contractfuzz.running.clients.answers import Answers, CaseAnswers, Continuation, PageAnswers, parse_json
from contractfuzz.running.clients.conversation import Conversation
from contractfuzz.running.clients.interruption import (
    InterruptedClientError,
    interrupt_thread,
    settle_interruption,
)
from contractfuzz.running.clients.watched_calls import AbandonedCallError, call_watched
from contractfuzz.running.consumer import ClientOptions
from contractfuzz.server.lazy_server import LazyServer
from contractfuzz.server.messages import LOOPBACK, Request, Response
from contractfuzz.server.service import Service
from contractfuzz.server.wire_responses import wire_response

MAX_REDIRECTS = 60
"""Requests that a client may send in a redirect loop. Libraries follow up to 30 redirects by default, curl 50."""

EXTRA_PATIENCE_SECONDS = 2
"""Time that a client has to end a call after the server has closed its connection."""

PAUSE_BETWEEN_CALLS_SECONDS = 0.1
"""Time until the end of a connection has reached the client."""

SUCCESS_STATUSES = {"status.201": 201, "status.202": 202, "status.207": 207}
"""Statuses that a client must take only if they are documented, or if nothing is."""

BETWEEN_REQUESTS, REFUSED_CONNECTION = "connection.closed-between-requests", "connection.refused"


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
        if case.kind != "wire":
            return self._call(case, self._server.url)
        if case.label == REFUSED_CONNECTION:
            with _closed_port() as url:
                return self._call_watched(case, url)
        if case.label == BETWEEN_REQUESTS:
            self._call_watched(case, self._server.url)
            time.sleep(PAUSE_BETWEEN_CALLS_SECONDS)
        return self._call_watched(case, self._server.url)

    def is_documented(self, label: str) -> bool:
        """Return True unless the document of an API leaves out the status of a wire case that is a success.

        Args:
            label: the label of the case.

        """
        documents = getattr(self._service, "documents", None)
        status = SUCCESS_STATUSES.get(label)
        return documents is None or status is None or documents(status)

    def close(self) -> None:
        """Close the server. The next call starts it again."""
        self._server.close()

    def _call_watched(self, case: Case, url: str) -> Any:
        """Call the client, and abandon the call if the client does nothing for too long."""
        if self.options.is_isolated:
            return self._call(case, url)
        patience = self.options.patience + EXTRA_PATIENCE_SECONDS
        conversation = self._begin(case)

        def is_overdue() -> bool:
            return time.monotonic() - conversation.last_activity > patience

        try:
            return call_watched(lambda: self._run(conversation, url), is_overdue)
        except AbandonedCallError as error:
            conversation.end()
            conversation.abandoned = error.place
            # What the client sends from now on must not reach the next conversation.
            self._server.close()
            return None

    def _call(self, case: Case, url: str) -> Any:
        return self._run(self._begin(case), url)

    def _begin(self, case: Case) -> Conversation:
        max_requests = max(self.options.max_requests, MAX_REDIRECTS if case.label == "status.redirect-loop" else 0)
        self.conversation = Conversation(self._answers(case), max_requests)
        self.conversation.needs_request = case.label != REFUSED_CONNECTION
        return self.conversation

    def _run(self, conversation: Conversation, url: str) -> Any:
        thread_id = threading.get_ident()
        conversation.interrupt = lambda: interrupt_thread(thread_id)
        try:
            try:
                result = self._client(url)
            finally:
                conversation.end()
                if conversation.has_looped:
                    settle_interruption()
        except InterruptedClientError:
            result = None  # the verdict is that of the conversation
        if conversation.failure is not None:
            raise conversation.failure
        if not conversation.turns and conversation.needs_request:
            raise NoRequestError(f"{self._name} returned without a request to the server")
        return result

    def _current(self) -> Conversation:
        if self.conversation is None:
            raise RuntimeError("a request arrived before the first call")
        return self.conversation

    def _answers(self, case: Case) -> Answers:
        # Most contracts have no service, and some bodies are huge.
        status = 200 if self._service is None else self._service.status_for(parse_json(case.body))
        plain = Response(status, body=case.body)
        continuation = self._continuation.responder(case.body)
        if case.kind != "wire":
            return CaseAnswers(lambda _: plain, continuation, self._service)
        label = case.label or ""
        if is_page_sequence(label):
            return PageAnswers(case.payload, self._status_for, self.options.max_requests, self._service)
        service = self._service
        error = None if service is None else lambda status, request: service.error(status, "", request)

        def first(request: Request) -> Response:
            response = wire_response(label, plain, request, error)
            if response.silence_seconds:
                return replace(response, silence_seconds=self.options.patience)
            if response.slow_tail_bytes:
                return replace(response, delay_seconds=min(response.delay_seconds, self.options.patience / 5))
            return response

        if label == "status.redirect-loop":
            return CaseAnswers(first, None, self._service)
        # A client that asks again after an error, or follows a redirect, gets the payload.
        return CaseAnswers(first, continuation if case.payload is ABSENT else lambda _: plain, self._service)

    def _status_for(self, payload: Any) -> int:
        return 200 if self._service is None else self._service.status_for(payload)


@contextmanager
def _closed_port() -> Iterator[str]:
    """Yield the base URL of a port that refuses connections, and that no other program opens meanwhile."""
    with socket.socket() as bound:
        bound.bind((LOOPBACK, 0))
        yield f"http://{LOOPBACK}:{bound.getsockname()[1]}"
