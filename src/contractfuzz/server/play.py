"""Which answer comes next: the script, then the regular one. It knows no network."""

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
from contractfuzz.server.answers import Answer, Exchange, Received
from contractfuzz.server.faults import find_fault, html_page
from contractfuzz.server.service import Service

Item = int | str | Case | Answer | Mapping[str, Any] | Sequence[Any] | Callable[[Received], Any]
"""What can be scripted, see ``MockServer.script``."""

Turn = Callable[[Received], Answer]

REDIRECTS = (301, 302, 303, 307, 308)
GATEWAYS = (502, 504)
RETRY_AFTER = "1"


class Play:
    """The answers of one test, and the log of what came in.

    Attributes:
        log: the exchanges so far.
        script: the turns that are still to come.
        failures: what a scripted function, the service or the script itself raised while it answered.
        ended: set when the test is over, so that slow answers stop.

    """

    def __init__(self, service: Service, seed: int, watch: Callable[[Exchange], None] | None = None) -> None:
        self.log: list[Exchange] = []
        self.script: deque[Turn] = deque()
        self.failures: list[Exception] = []
        self.ended = Event()
        self.regular: Turn = lambda request: service.answer(request, seed)
        self._service = service
        self._contractual = {route.endpoint: route.contractual for route in service.routes}
        self._seed = seed
        self._watch = watch
        self._lock = Lock()
        self._numbers = count()

    def turn(self, item: Item, regular: Turn | None = None) -> Turn:
        """Return what makes the answer out of a scripted item; ContractError for one that says nothing.

        Args:
            item: as in ``MockServer.script``.
            regular: what 200 and faults refer to; by default whatever is regular when the turn comes.

        """
        usual = regular or (lambda request: self.regular(request))
        match item:
            case bool() | None:
                raise ContractError(
                    f"cannot answer with {item}: script a status, a fault, a case, a payload or an Answer"
                )
            case int():
                return usual if item == HTTPStatus.OK else self._status_turn(item)
            case str():
                find_fault(item)
                return lambda request: usual(request).spoiled(item)
            case Answer():
                return lambda request: item  # noqa: ARG005
            case Case():
                return lambda request: Answer.of(item, self._service.status(item.payload))  # noqa: ARG005
            case _ if callable(item):
                return lambda request: self.turn(item(request), regular)(request)
            case _:
                return lambda request: Answer.of(item, self._service.status(item))  # noqa: ARG005

    def use_cases(self, kind: Kind, profile: str, seed: int, only: str | Iterable[str] | None) -> None:
        """Make the cases of a kind, one after the other, the regular answers of the contract's routes."""
        contract = self._service.contract
        if kind not in ("valid", "hostile") and not contract.labels(kind, only):
            raise ContractError(f"the contract {contract.name!r} has no {kind} cases: serve another kind")
        cases = contract.sample(sys.maxsize, kind, profile, seed, only=only)
        lock = Lock()

        def next_case(request: Received) -> Answer:
            if not self._contractual[request.endpoint]:
                return self._service.answer(request, self._seed)
            with lock:
                case = next(cases)
            return Answer.of(case, self._service.status(case.payload))

        self.regular = next_case

    def answer(self, request: Received) -> Answer:
        """Return the answer to a request that found its route, and log it.

        A request that the service refuses gets its error, and the script waits for the next one.
        """
        return self._log(request, self._answer)

    def stray(self, request: Received, status: int, headers: Mapping[str, str]) -> Answer:
        """Return the answer to a request without a route (404, 405), and log it."""
        return self._log(request, lambda lost: _headed(self._service.error(status, "", lost), headers))

    def _answer(self, request: Received) -> Answer:
        refusal = self._service.refusal(request)
        if refusal is not None:
            return refusal
        with self._lock:
            turn = self.script.popleft() if self.script else self.regular
        return turn(request)

    def _log(self, request: Received, turn: Turn) -> Answer:
        with self._lock:
            request = replace(request, number=next(self._numbers))
        try:
            answer = turn(request)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must see it and the client must get an answer
            self.failures.append(error)
            answer = Answer(500, {"Content-Type": "text/plain; charset=utf-8"}, f"contractfuzz: {error}\n".encode())
        # Before it is sent: whoever has the answer finds it in the log.
        exchange = Exchange(request, answer)
        self.log.append(exchange)
        if self._watch is not None:
            self._watch(exchange)
        return answer

    def _status_turn(self, status: int) -> Turn:
        if status in REDIRECTS:
            return lambda request: Answer(status, {"Location": request.target})
        if status in GATEWAYS:
            return lambda request: html_page(status, f"{status} {HTTPStatus(status).phrase}")  # noqa: ARG005
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            return lambda request: _headed(self._service.error(status, "", request), {"Retry-After": RETRY_AFTER})
        if 400 <= status <= 599:
            return lambda request: self._service.error(status, "", request)
        raise ContractError(
            f"cannot answer with the status {status}: script 200, a redirect ({', '.join(map(str, REDIRECTS))}), "
            "an error (400 to 599) or an Answer"
        )


def _headed(answer: Answer, headers: Mapping[str, str]) -> Answer:
    return replace(answer, headers={**answer.headers, **headers})
