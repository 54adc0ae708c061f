"""Script of the mock server: queued responses, then the default response. Independent of the network."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from itertools import count
from threading import Event, Lock
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import Case, Kind
from contractfuzz.server.messages import Exchange, Request, Response
from contractfuzz.server.service import Service
from contractfuzz.server.wire_faults import find_wire_fault, html_page, with_fault

ScriptItem = int | str | Case | Response | Mapping[str, Any] | Sequence[Any] | Callable[[Request], Any]
"""Description of a response, see ``MockServer.script``."""

Responder = Callable[[Request], Response]
"""Function that makes the response to a request."""

REDIRECT_STATUSES = (301, 302, 303, 307, 308)
GATEWAY_STATUSES = (502, 504)
RETRY_AFTER_SECONDS = "1"


class Script:
    """Request handler of one test: its queued responses, its default response and its log.

    Args:
        service: service to mock.
        seed: the same seed gives the same default responses.
        on_exchange: callback for each exchange, called before the response is sent.

    Attributes:
        log: exchanges so far.
        queue: responders of the next requests.
        failures: errors that a scripted function, the service or the script raised while it made a response.
        stopped: event that is set when the test is over, to end slow responses.
        default: responder for requests that arrive when the queue is empty.

    """

    def __init__(self, service: Service, seed: int, on_exchange: Callable[[Exchange], None] | None = None) -> None:
        self.log: list[Exchange] = []
        self.queue: deque[Responder] = deque()
        self.failures: list[Exception] = []
        self.stopped = Event()
        self.default: Responder = lambda request: service.respond(request, seed)
        self._service = service
        self._returns_contract = {route.endpoint: route.returns_contract for route in service.routes}
        self._seed = seed
        self._on_exchange = on_exchange
        self._lock = Lock()
        self._numbers = count()

    def make_responder(self, item: ScriptItem, default: Responder | None = None) -> Responder:
        """Return the responder that a script item describes.

        Args:
            item: as in ``MockServer.script``.
            default: responder that status 200 and wire faults refer to; None for the script's default at that time.

        Raises:
            ContractError: the item does not describe a response.

        """
        usual = default or (lambda request: self.default(request))
        match item:
            case bool() | None:
                raise ContractError(
                    f"cannot respond with {item}: script a status, a wire fault, a case, a payload or a Response"
                )
            case int():
                return usual if item == HTTPStatus.OK else self._status_responder(item)
            case str():
                find_wire_fault(item)
                return lambda request: with_fault(usual(request), item)
            case Response():
                return lambda request: item  # noqa: ARG005
            case Case():
                return lambda request: Response.from_payload(item, self._service.status_for(item.payload))  # noqa: ARG005
            case _ if callable(item):
                return lambda request: self.make_responder(item(request), default)(request)
            case _:
                return lambda request: Response.from_payload(item, self._service.status_for(item))  # noqa: ARG005

    def respond_with_cases(self, kind: Kind, profile: str, seed: int, only: str | Iterable[str] | None) -> None:
        """Make the cases of one kind the default responses, one after the other, of routes that return the contract.

        Raises:
            ContractError: the contract has no such cases.

        """
        contract = self._service.contract
        if kind not in ("valid", "hostile") and not contract.labels(kind, only):
            raise ContractError(f"the contract {contract.name!r} has no {kind} cases: choose another kind")
        cases = contract.sample(sys.maxsize, kind, profile, seed, only=only)
        lock = Lock()

        def respond_with_next_case(request: Request) -> Response:
            if not self._returns_contract[request.endpoint]:
                return self._service.respond(request, self._seed)
            with lock:
                case = next(cases)
            return Response.from_payload(case, self._service.status_for(case.payload))

        self.default = respond_with_next_case

    def respond(self, request: Request) -> Response:
        """Return the response to a request that matched a route, and log the exchange.

        An invalid request gets the service's error. It does not consume a queued response.
        """
        return self._log(request, self._respond)

    def unrouted(self, request: Request, status: int, headers: Mapping[str, str]) -> Response:
        """Return the response to a request that matched no route (404, 405), and log the exchange."""
        return self._log(request, lambda request: _add_headers(self._service.error(status, "", request), headers))

    def malformed(self, request: Request, status: int, message: str) -> Response:
        """Return the service's error for a request that is not valid HTTP, and log the exchange.

        Like any invalid request, it does not consume a queued response.
        """
        return self._log(request, lambda request: self._service.error(status, message, request))

    def _respond(self, request: Request) -> Response:
        error = self._service.reject(request)
        if error is not None:
            return error
        with self._lock:
            responder = self.queue.popleft() if self.queue else self.default
        return responder(request)

    def _log(self, request: Request, responder: Responder) -> Response:
        with self._lock:
            request = replace(request, number=next(self._numbers))
        try:
            response = responder(request)
        except Exception as error:  # noqa: BLE001 - the test must see any error, and the client needs a response
            self.failures.append(error)
            response = Response(500, {"Content-Type": "text/plain; charset=utf-8"}, f"contractfuzz: {error}\n".encode())
        # Log before sending, so that a client that has the response finds it in the log.
        exchange = Exchange(request, response)
        self.log.append(exchange)
        if self._on_exchange is not None:
            self._on_exchange(exchange)
        return response

    def _status_responder(self, status: int) -> Responder:
        if status in REDIRECT_STATUSES:
            return lambda request: Response(status, {"Location": request.target})
        if status in GATEWAY_STATUSES:
            return lambda request: html_page(status, f"{status} {HTTPStatus(status).phrase}")  # noqa: ARG005
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            retry_after = {"Retry-After": RETRY_AFTER_SECONDS}
            return lambda request: _add_headers(self._service.error(status, "", request), retry_after)
        if 400 <= status <= 599:
            return lambda request: self._service.error(status, "", request)
        raise ContractError(
            f"cannot respond with the status {status}: script 200, a redirect ({', '.join(map(str, REDIRECT_STATUSES))}), "
            "an error (400 to 599) or a Response"
        )


def _add_headers(response: Response, headers: Mapping[str, str]) -> Response:
    return replace(response, headers={**response.headers, **headers})
