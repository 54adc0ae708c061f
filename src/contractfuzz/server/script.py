"""Script of the mock server: queued responses, then the default response. Independent of the network."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from itertools import count
from threading import Event, Lock
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.payloads.case_generator import resolve_profile
from contractfuzz.payloads.cases.case import ABSENT, Case, Kind
from contractfuzz.payloads.schema_cases import SchemaCases
from contractfuzz.payloads.wire.page_sequences import is_page_sequence
from contractfuzz.server.messages import Exchange, Request, Response
from contractfuzz.server.service import Service, as_api_like
from contractfuzz.server.wire_faults import find_wire_fault, html_page, with_fault
from contractfuzz.server.wire_responses import wire_response

ScriptItem = int | str | Case | Response | Mapping[str, Any] | Sequence[Any] | Callable[[Request], Any]
"""Description of a response, see ``MockServer.script``."""

Responder = Callable[[Request], Response]
"""Function that makes the response to a request."""

REDIRECT_STATUSES = (301, 302, 303, 307, 308)
GATEWAY_STATUSES = (502, 504)
RETRY_AFTER_SECONDS = "1"

FAILURE_PREFIX = "contractfuzz: "
"""Beginning of the body of a response that could not be made as the service or the script describes it."""

UNSCRIPTABLE = ("connection.refused", "connection.closed-between-requests")
"""Wire cases that one response of an open port cannot show."""


class ResponseLine:
    """Responses to the requests of one endpoint, or of all endpoints.

    Attributes:
        queue: responders of the next requests.
        default: responder for requests that arrive when the queue is empty; None to leave them to the line of all endpoints.

    """

    def __init__(self, default: Responder | None) -> None:
        self.queue: deque[Responder] = deque()
        self.default = default


class Script:
    """Request handler of one test: its queued responses, its default response and its log.

    A request gets the next response of its endpoint, else the next response of all endpoints, else the default response of its
    endpoint, else the default response.

    Args:
        service: service to mock.
        seed: the same seed gives the same default responses.
        on_exchange: callback for each exchange, called before the response is sent.

    Attributes:
        log: exchanges so far.
        failures: errors that a scripted function, the service or the script raised while it made a response.
        stopped: event that is set when the test is over, to end slow responses.

    """

    def __init__(self, service: Service, seed: int, on_exchange: Callable[[Exchange], None] | None = None) -> None:
        self.log: list[Exchange] = []
        self.failures: list[Exception] = []
        self.stopped = Event()
        self._service = service
        self._api = as_api_like(service)
        self._returns_contract = {route.endpoint: route.returns_contract for route in service.routes}
        self._seed = seed
        self._on_exchange = on_exchange
        self._lock = Lock()
        self._numbers = count()
        self._all = ResponseLine(lambda request: service.respond(request, seed))
        self._by_endpoint: dict[str, ResponseLine] = {}

    def add(self, items: Iterable[ScriptItem], endpoint: str = "") -> None:
        """Add responses to the queue of an endpoint, or of all endpoints.

        Raises:
            ContractError: an item does not describe a response.

        """
        responders = [self.make_responder(item, endpoint=endpoint) for item in items]
        self._line(endpoint).queue += responders

    def set_default(self, item: ScriptItem, endpoint: str = "") -> None:
        """Set the default response of an endpoint, or of all endpoints.

        Raises:
            ContractError: the item does not describe a response.

        """
        line = self._line(endpoint)
        line.default = self.make_responder(item, self._default(endpoint))

    def pending(self, endpoint: str | None = None) -> int:
        """Return the number of queued responses of an endpoint, or of all lines."""
        if endpoint is not None:
            return len(self._line(endpoint).queue)
        return sum(len(line.queue) for line in (self._all, *self._by_endpoint.values()))

    def make_responder(self, item: ScriptItem, default: Responder | None = None, *, endpoint: str = "") -> Responder:
        """Return the responder that a script item describes.

        Args:
            item: as in ``MockServer.script``.
            default: responder that status 200 and wire faults refer to; None for the default response at that time.
            endpoint: the endpoint of that default response; empty for that of the request.

        Raises:
            ContractError: the item does not describe a response.

        """
        usual = default or (lambda request: self._default(endpoint or request.endpoint)(request))
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
            case _ if callable(item):
                return lambda request: self.make_responder(item(request), default, endpoint=endpoint)(request)
            case _:
                return lambda request: self._respond_with_payload(item, request)

    def respond_with_cases(
        self, kind: Kind, profile: str, seed: int, only: str | Iterable[str] | None, endpoint: str = ""
    ) -> None:
        """Make the cases of one kind the default responses, one after the other, of endpoints that return a contract.

        Raises:
            ContractError: the contract has no such cases.

        """
        if self._api is None:
            shared = _sample_scriptable(self._service.contract, kind, profile, seed, only)
        elif endpoint:
            shared = self._sample(endpoint, kind, profile, seed, only)
        else:
            resolve_profile(kind, profile)
            if kind == "incoherent" or profile == "realistic":
                raise ContractError(f"no operation of the API has {kind} cases of the profile {profile}: choose others")
            shared = None
        lock = Lock()
        samples: dict[str, Iterator[Case] | None] = {}

        def respond_with_next_case(request: Request) -> Response:
            if not self._returns_contract[request.endpoint]:
                return self._service.respond(request, self._seed)
            with lock:
                cases = shared
                if cases is None:
                    if request.endpoint not in samples:
                        samples[request.endpoint] = self._sample_if_any(request.endpoint, kind, profile, seed, only)
                    cases = samples[request.endpoint]
                if cases is None:
                    return self._service.respond(request, self._seed)
                case = next(cases)
            return self._respond_with_payload(case, request)

        self._line(endpoint).default = respond_with_next_case

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

    # --- lines ----------------------------------------------------------------------------------------------------------

    def _line(self, endpoint: str) -> ResponseLine:
        return self._by_endpoint.setdefault(endpoint, ResponseLine(None)) if endpoint else self._all

    def _default(self, endpoint: str) -> Responder:
        """Return the default responder of an endpoint at this time."""
        own = self._by_endpoint[endpoint].default if endpoint in self._by_endpoint else None
        default = own or self._all.default
        assert default is not None  # noqa: S101 - the line of all endpoints has one
        return default

    def _respond(self, request: Request) -> Response:
        error = self._service.reject(request)
        if error is not None:
            return error
        with self._lock:
            own = self._by_endpoint.get(request.endpoint)
            line = own if own is not None and own.queue else self._all
            responder = line.queue.popleft() if line.queue else self._default(request.endpoint)
        return responder(request)

    def _log(self, request: Request, responder: Responder) -> Response:
        with self._lock:
            request = replace(request, number=next(self._numbers))
        try:
            response = responder(request)
        except Exception as error:  # noqa: BLE001 - the test must see any error, and the client needs a response
            self.failures.append(error)
            headers = {"Content-Type": "text/plain; charset=utf-8"}
            response = Response(500, headers, f"{FAILURE_PREFIX}{error}\n".encode(errors="backslashreplace"))
        # Log before sending, so that a client that has the response finds it in the log.
        exchange = Exchange(request, response)
        self.log.append(exchange)
        if self._on_exchange is not None:
            self._on_exchange(exchange)
        return response

    # --- responses ------------------------------------------------------------------------------------------------------

    def _respond_with_payload(self, item: Any, request: Request) -> Response:
        if isinstance(item, Case) and item.kind == "wire":
            return self._respond_on_wire(item, request)
        if self._api is not None:
            return self._api.respond_with_payload(item, request)
        payload = item.payload if isinstance(item, Case) else item
        return Response.from_payload(item, self._service.status_for(payload))

    def _respond_on_wire(self, case: Case, request: Request) -> Response:
        label = case.label or ""
        if not _is_one_response(label):
            raise ContractError(
                f"{label} is not one response: script the pages of a sequence with script(*case.payload)"
            )
        has_payload = case.payload is not ABSENT
        plain = self._respond_with_payload(Case("valid", case.payload), request) if has_payload else Response()
        return wire_response(label, plain, request, lambda status, request: self._service.error(status, "", request))

    def _sample(
        self, endpoint: str, kind: Kind, profile: str, seed: int, only: str | Iterable[str] | None
    ) -> Iterator[Case]:
        """Return the cases of an endpoint.

        Raises:
            ContractError: it has no such cases.

        """
        contract = None if self._api is None else self._api.contract_of(endpoint)
        if contract is None:
            raise ContractError(f"{endpoint} never responds with JSON, so it has no cases: choose another operation")
        return _sample_scriptable(contract, kind, profile, seed, only)

    def _sample_if_any(
        self, endpoint: str, kind: Kind, profile: str, seed: int, only: str | Iterable[str] | None
    ) -> Iterator[Case] | None:
        try:
            return self._sample(endpoint, kind, profile, seed, only)
        except ContractError:  # another operation has the cases that the labels select
            return None

    def _status_responder(self, status: int) -> Responder:
        undocumented = self._undocumented(status)
        api = self._api
        if api is None:
            if undocumented is None:
                raise _wrong_status(status)
            return undocumented
        if not 200 <= status <= 599:
            raise _wrong_status(status)

        def respond_as_documented(request: Request) -> Response:
            response = api.respond_with_status(status, request, self._seed)
            if response is None:
                if undocumented is None:
                    raise ContractError(f"{request.endpoint} has no response {status}: script one that it describes")
                return undocumented(request)
            if status == HTTPStatus.TOO_MANY_REQUESTS:
                return _add_headers(response, {"Retry-After": RETRY_AFTER_SECONDS})
            return _add_headers(response, {"Location": request.target}) if status in REDIRECT_STATUSES else response

        return respond_as_documented

    def _undocumented(self, status: int) -> Responder | None:
        """Return the responder of a status that needs no description, or None."""
        if status in REDIRECT_STATUSES:
            return lambda request: Response(status, {"Location": request.target})
        if status in GATEWAY_STATUSES:
            return lambda request: html_page(status, f"{status} {HTTPStatus(status).phrase}")  # noqa: ARG005
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            retry_after = {"Retry-After": RETRY_AFTER_SECONDS}
            return lambda request: _add_headers(self._service.error(status, "", request), retry_after)
        if 400 <= status <= 599:
            return lambda request: self._service.error(status, "", request)
        return None


def _wrong_status(status: int) -> ContractError:
    return ContractError(
        f"cannot respond with the status {status}: script 200, a redirect ({', '.join(map(str, REDIRECT_STATUSES))}), "
        "an error (400 to 599) or a Response"
    )


def _is_one_response(label: str) -> bool:
    """Return True if a wire case is one response of an open port, so that it can be scripted."""
    return label not in UNSCRIPTABLE and not is_page_sequence(label)


def _sample_scriptable(
    contract: SchemaCases, kind: Kind, profile: str, seed: int, only: str | Iterable[str] | None
) -> Iterator[Case]:
    """Return the cases of a contract that are one response each.

    Raises:
        ContractError: the contract has no such cases.

    """
    if kind not in ("valid", "hostile") and not contract.labels(kind, only):
        raise ContractError(f"the contract {contract.name!r} has no {kind} cases: choose another kind")
    if kind == "wire":
        labels = contract.labels(kind, only)
        only = list(filter(_is_one_response, labels))
    return contract.sample(sys.maxsize, kind, profile, seed, only=only)


def _add_headers(response: Response, headers: Mapping[str, str]) -> Response:
    names = {name.lower() for name in headers}
    kept = {name: value for name, value in response.headers.items() if name.lower() not in names}
    return replace(response, headers={**kept, **headers})
