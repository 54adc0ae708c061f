"""Answers: the responses of a conversation, for a case and for the requests after it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol
from urllib.parse import parse_qsl, quote, unquote_plus

from contractfuzz.json_values import compact_json
from contractfuzz.payloads.wire.cursors import find_cursors, without_cursors
from contractfuzz.payloads.wire.page_sequences import URL_PLACEHOLDER
from contractfuzz.server.messages import Request, Response
from contractfuzz.server.service import Service
from contractfuzz.server.wire_faults import set_header


class Answers(Protocol):
    """Source of the responses of one conversation.

    Attributes:
        case_number: number of the request that got the case; 0 before that.

    """

    case_number: int

    def respond(self, request: Request, number: int) -> Response:
        """Return the response to a request.

        Args:
            request: the request.
            number: number of requests of the conversation before it.

        """


class CaseAnswers:
    """The case for the first request, and then a plain continuation, so that a client that asks for more comes to an end.

    Requests for which the service's route returns something else than the contract get the service's own response.

    Args:
        case: makes the response to the first request for the contract; to all of them if ``continuation`` is None.
        continuation: makes the response to each later request for the contract.
        service: the service of the contract; None if no pack provides one.

    Attributes:
        case_number: number of the request that got the case; 0 before that.

    """

    def __init__(
        self,
        case: Callable[[Request], Response],
        continuation: Callable[[Request], Response] | None,
        service: Service | None = None,
    ) -> None:
        self._case, self._continuation, self._service = case, continuation, service
        self._is_used = False
        self.case_number = 0

    def respond(self, request: Request, number: int) -> Response:
        """Return the response to a request."""
        if (other := _response_of_other_route(self._service, request)) is not None:
            return other
        if self._is_used and self._continuation is not None:
            return self._continuation(request)
        if not self._is_used:
            self._is_used, self.case_number = True, number
        return self._case(request)


class PageAnswers:
    """The pages of a sequence: each new request gets the next page, and the same request gets the same page again.

    Args:
        pages: the pages.
        status_for: returns the status of a page.
        max_requests: number of requests that the client may send. The last of them gets the last page.
        service: the service of the contract; None if no pack provides one.

    Attributes:
        asked: the different requests so far, in order.
        case_number: number of the request that got the first page.

    """

    def __init__(
        self,
        pages: Sequence[Any],
        status_for: Callable[[Any], int],
        max_requests: int,
        service: Service | None = None,
    ) -> None:
        self.asked: list[tuple[str, str, bytes]] = []
        self.case_number = 0
        self._service = service
        self._pages, self._status_for, self._max_requests = pages, status_for, max_requests

    def respond(self, request: Request, number: int) -> Response:
        """Return the page that a request asks for."""
        if (other := _response_of_other_route(self._service, request)) is not None:
            return other
        key = request.key
        if not self.asked:
            self.case_number = number
        if key not in self.asked:
            self.asked.append(key)
        last = len(self._pages) - 1
        index = min(self.asked.index(key), last)
        if number == self._max_requests - 1 and index == len(self.asked) - 1 > 2:
            index = last
        page = self._pages[index]
        path = quote(request.path)
        text = compact_json(page)
        url = f"http://{request.headers.get('host', '')}{path}"
        body = text.replace(URL_PLACEHOLDER, url).encode(errors="surrogatepass")
        response = Response(self._status_for(page), body=body)
        if isinstance(page, list) and index < last:
            return set_header(response, "Link", f'<{url}?page={index + 2}>; rel="next"')
        return response


class Continuation:
    """The plain responses to the later requests of a conversation. They have no cursor.

    Args:
        smallest: returns the smallest valid body; None if it is not known.
        service: the service of the contract; None if no pack provides one.
        status_for: returns the status of a payload.

    """

    def __init__(
        self, smallest: Callable[[], bytes] | None, service: Service | None, status_for: Callable[[Any], int]
    ) -> None:
        self._smallest_body, self._service, self._status_for = smallest, service, status_for

    def responder(self, first: bytes) -> Callable[[Request], Response]:
        """Return the function that makes the responses of one conversation.

        Args:
            first: body of the first response. Without its cursors, it is the continuation if no smallest body is known.

        """
        return lambda request: self._own_response(request) or self._smallest(first)

    def _own_response(self, request: Request) -> Response | None:
        """Return the service's own response, if it has one that is not another page."""
        service = self._service
        if service is None or not request.endpoint or service.reject(request) is not None:
            return None
        response = service.respond(request, 0)
        return None if find_cursors(parse_json(response.body)) else response

    def _smallest(self, first: bytes) -> Response:
        if self._smallest_body is not None:
            body = self._smallest_body()
        else:
            body = json.dumps(without_cursors(parse_json(first)), ensure_ascii=False).encode(errors="surrogatepass")
        return Response(self._status_for(parse_json(body)), body=body)


def parse_json(body: bytes) -> Any:
    """Return the JSON value of a body, or None if it is not JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def find_cursor(bodies: Sequence[bytes], request: Request, pointer: str | None) -> tuple[str, str] | None:
    """Return the pointer and the text of the cursor that a request repeats; None if no response had it.

    Args:
        bodies: the bodies of the responses before the request.
        request: the request.
        pointer: location of the cursor, as the user names it; None to recognise it by its name.

    """
    for body in reversed(bodies):
        for location, cursor in find_cursors(parse_json(body), pointer):
            if repeats(request, cursor):
                return location, cursor
    return None


def repeats(request: Request, cursor: str) -> bool:
    """Return True if a request contains the text of a cursor, in its target or in its body."""
    words = {*map(unquote_plus, request.path.split("/")), *(value for _, value in parse_qsl(request.query))}
    body = parse_json(request.body)
    if body is None:
        words |= {value for _, value in parse_qsl(request.body.decode("latin-1"))}
    return cursor in words | set(_scalar_texts(body)) or request.target == cursor[cursor.find("/", 8) :]


def _response_of_other_route(service: Service | None, request: Request) -> Response | None:
    """Return the service's own response to a request for something else than the contract; None for other requests."""
    if service is None or all(one.returns_contract for one in service.routes if one.endpoint == request.endpoint):
        return None
    return service.reject(request) or service.respond(request, 0)


def _scalar_texts(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif value is not None:
            yield str(value)
