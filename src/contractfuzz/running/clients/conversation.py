"""Conversations: the requests that a client sends in one call, and their responses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Event, Lock
from time import monotonic

from contractfuzz.running.clients.answers import Answers, PageAnswers
from contractfuzz.server.messages import Request, Response

REFUSED = Response(headers={}, dropped=True)
"""Response to a request over the limit: the connection is closed without a byte."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A request and its response.

    Attributes:
        request: the request.
        response: the response. It may be ``REFUSED``.
        time: time of ``time.monotonic()`` at which the request had arrived.

    """

    request: Request
    response: Response
    time: float


class Conversation:
    """Handler of the requests of one call.

    Args:
        answers: source of the responses.
        max_requests: number of requests that get a response. Later ones are refused.

    Attributes:
        interrupt: called for each refused request after as many as ``max_requests`` again, to stop a client that never ends.
        needs_request: True if a call without a request is wrong.
        turns: the requests so far, each with its response.
        failure: the first error that was raised while a response was made; None if there was none.
        stopped: event that ends slow responses early. Set when the conversation ends.
        outlasted: True if the client was still connected at the end of a silent response.
        abandoned: place where the client was running when the call was abandoned, in words; None if the call ended.
        last_activity: time of ``time.monotonic()`` of the start, or of the last request.

    """

    def __init__(self, answers: Answers, max_requests: int) -> None:
        self.turns: list[Turn] = []
        self.failure: Exception | None = None
        self.stopped = Event()
        self.outlasted = False
        self.abandoned: str | None = None
        self.last_activity = monotonic()
        self.max_requests = max_requests
        self._answers = answers
        self.needs_request = True
        self.interrupt: Callable[[], object] = lambda: None
        self._lock = Lock()

    @property
    def has_looped(self) -> bool:
        """True if a request was refused."""
        return len(self.turns) > self.max_requests

    @property
    def page_count(self) -> int:
        """Number of different pages that the client has asked for; 0 if the responses are not pages."""
        return len(self._answers.asked) if isinstance(self._answers, PageAnswers) else 0

    @property
    def case_turn(self) -> Turn | None:
        """The request that got the case, with its response; the first one before that, and None without a request."""
        number = self._answers.case_number
        return self.turns[number] if number < len(self.turns) else None

    @property
    def is_case_requested_again(self) -> bool:
        """True if the client sent the request that got the case again."""
        first = self.case_turn
        if first is None:
            return False
        same = [turn for turn in self.turns if turn.request.key == first.request.key]
        return len(same) > 1

    def end(self) -> None:
        """End the conversation: later requests, from threads that the client left running, are refused and not recorded."""
        with self._lock:  # no interruption after this
            self.stopped.set()

    def respond(self, request: Request) -> Response:
        """Return the response to a request."""
        with self._lock:
            if self.stopped.is_set():
                return REFUSED
            number = len(self.turns)
            if number < self.max_requests:
                response = self._make_response(request, number)
            else:
                response = REFUSED
                if number >= 2 * self.max_requests:
                    self.interrupt()
            self.last_activity = monotonic()
            self.turns.append(Turn(request, response, self.last_activity))
            return response

    def unrouted(self, request: Request, status: int, headers: Mapping[str, str]) -> Response:  # noqa: ARG002
        """Return the response to a request that matches no route of the service. It may be for the contract all the same."""
        return self.respond(request)

    def malformed(self, request: Request, status: int, message: str) -> Response:
        """Return an error in plain text: the consumer's client sent a request that is not valid HTTP."""
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        response = Response(status, headers, f"contractfuzz: {message}\n".encode())
        with self._lock:
            self.turns.append(Turn(request, response, monotonic()))
        return response

    def _make_response(self, request: Request, number: int) -> Response:
        try:
            response = self._answers.respond(request, number)
            return replace(response, on_outlasted=self._outlast) if response.silence_seconds else response
        except Exception as error:  # noqa: BLE001 - the service of a pack runs, and the client needs a response
            self.failure = self.failure or error
            return REFUSED

    def _outlast(self) -> None:
        self.outlasted = True
