"""Wire responses: the response of each wire case, by its label."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from email.utils import formatdate
from http import HTTPStatus
from math import ceil
from time import time
from typing import Any

from contractfuzz.errors import unknown
from contractfuzz.server.messages import Request, Response
from contractfuzz.server.wire_faults import html_page, set_header, with_fault

ErrorMaker = Callable[[int, Request], Response]
"""Makes an error response of a status."""

WireResponder = Callable[[Response, Request, ErrorMaker], Response]
"""Makes the response of a wire case from the plain response with its payload."""

SLOW_TAIL_BYTES = 3
"""Bytes at the end of a slow body that are sent one per second."""

DEFAULT_SILENCE_SECONDS = 10.0
"""Time for which a silent connection stays open."""

ABSURD_SECONDS = "31536000"
"""A year."""

MOVED_QUERY = "contractfuzz=moved"
"""Query of the URL that a redirect points to."""


def wire_response(label: str, plain: Response, request: Request, error: ErrorMaker | None = None) -> Response:
    """Return the response of a wire case.

    Args:
        label: label of the case, such as ``status.429``.
        plain: response with the payload of the case, without any fault. Its body is not used if the case has no payload.
        request: the request.
        error: makes the error responses of the service; None for problems as JSON (RFC 9457).

    Raises:
        ContractError: no wire case has that label.

    """
    if label not in WIRE_RESPONSES:
        raise unknown("wire case", label, WIRE_RESPONSES)
    return replace(WIRE_RESPONSES[label](plain, request, error or problem), label=label)


def problem(status: int, request: Request) -> Response:
    """Return a problem as JSON (RFC 9457)."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "instance": request.target}
    return Response(status, {"Content-Type": "application/problem+json"}, json.dumps(body).encode())


def _status(status: int) -> WireResponder:
    return lambda plain, request, error: replace(plain, status=status)  # noqa: ARG005


def _without_body(status: int, **headers: str) -> WireResponder:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda plain, request, error: Response(status, fields)  # noqa: ARG005


def _error(status: int, retry_after: Callable[[], str] | None = None) -> WireResponder:
    def respond(plain: Response, request: Request, error: ErrorMaker) -> Response:  # noqa: ARG001
        response = error(status, request)
        return response if retry_after is None else set_header(response, "Retry-After", retry_after())

    return respond


def _json_error(status: int) -> WireResponder:
    return lambda plain, request, error: Response(status, body=b'{"message":"conflict"}')  # noqa: ARG005


def _text_error(plain: Response, request: Request, error: ErrorMaker) -> Response:  # noqa: ARG001
    return Response(403, {"Content-Type": "text/plain; charset=utf-8"}, b"You may not do this.\n")


def _redirect(status: int, query: str) -> WireResponder:
    def respond(plain: Response, request: Request, error: ErrorMaker) -> Response:  # noqa: ARG001
        path, _, old_query = request.target.partition("?")
        new_query = "&".join(filter(None, [old_query, query]))
        return Response(status, {"Location": f"{path}?{new_query}" if new_query else path})

    return respond


def _header(name: str, value: str) -> WireResponder:
    return lambda plain, request, error: set_header(plain, name, value)  # noqa: ARG005


def _fault(name: str) -> WireResponder:
    return lambda plain, request, error: with_fault(plain, name)  # noqa: ARG005


def _changed(**fields: Any) -> WireResponder:
    return lambda plain, request, error: replace(plain, **fields)  # noqa: ARG005


def _nothing(**fields: Any) -> WireResponder:
    return lambda plain, request, error: Response(headers={}, **fields)  # noqa: ARG005


def _longer(plain: Response, request: Request, error: ErrorMaker) -> Response:  # noqa: ARG001
    return set_header(plain, "Content-Length", str(len(plain.body) + 10))


def _shorter(plain: Response, request: Request, error: ErrorMaker) -> Response:  # noqa: ARG001
    return set_header(plain, "Content-Length", str(len(plain.body) // 2))


def _encoded(coding: str, encode: Callable[[bytes], bytes]) -> WireResponder:
    def respond(plain: Response, request: Request, error: ErrorMaker) -> Response:  # noqa: ARG001
        if not accepts_coding(request, coding):
            return plain
        return set_header(replace(plain, body=encode(plain.body)), "Content-Encoding", coding)

    return respond


def accepts_coding(request: Request, coding: str) -> bool:
    """Return True if a request accepts a content coding (RFC 9110, section 12.5.3).

    Args:
        request: the request.
        coding: name of the coding, such as ``gzip``.

    """
    for item in request.headers.get("accept-encoding", "").lower().split(","):
        name, *parameters = (part.strip() for part in item.split(";"))
        if name == coding:
            return not any(parameter.replace(" ", "") in ("q=0", "q=0.0") for parameter in parameters)
    return False


def _gateway(plain: Response, request: Request, error: ErrorMaker) -> Response:  # noqa: ARG001
    return html_page(502, "502 Bad Gateway")


def _sign_in(plain: Response, request: Request, error: ErrorMaker) -> Response:  # noqa: ARG001
    return html_page(200, "Sign in")


def _date_ahead() -> str:
    # Dates have whole seconds, and a client that rounds down waits up to a second less.
    return formatdate(ceil(time() + 0.2) + 1, usegmt=True)


WIRE_RESPONSES: dict[str, WireResponder] = {
    "status.201": _status(201),
    "status.202": _status(202),
    "status.207": _status(207),
    "status.204": _without_body(204),
    "status.301": _redirect(301, MOVED_QUERY),
    "status.304": _without_body(304),
    "status.redirect-loop": _redirect(302, ""),
    "status.400": _error(400),
    "status.401": _without_body(401, WWW_Authenticate="Bearer"),
    "status.403": _text_error,
    "status.404": _error(404),
    "status.409": _json_error(409),
    "status.422": _error(422),
    "status.429": _error(429),
    "status.429.retry-after-seconds": _error(429, lambda: "1"),
    "status.429.retry-after-date": _error(429, _date_ahead),
    "status.429.retry-after-zero": _error(429, lambda: "0"),
    "status.429.retry-after-negative": _error(429, lambda: "-1"),
    "status.429.retry-after-absurd": _error(429, lambda: ABSURD_SECONDS),
    "status.500": _error(500),
    "status.502": _gateway,
    "status.503": _without_body(503, Retry_After="1"),
    "header.content-type-missing": _fault("no-content-type"),
    "header.content-type-wrong": _fault("wrong-content-type"),
    "header.content-type-charset": _header("Content-Type", 'application/json; charset="UTF-8"'),
    "header.lower-case": _changed(has_lower_case_names=True),
    "header.content-length-too-long": _longer,
    "header.content-length-too-short": _shorter,
    "encoding.chunked": _fault("chunked"),
    "encoding.gzip": _encoded("gzip", lambda body: gzip.compress(body, mtime=0)),
    "encoding.deflate": _encoded("deflate", zlib.compress),
    "encoding.false-gzip": _encoded("gzip", bytes),
    "body.html": _sign_in,
    "body.empty": _without_body(200, Content_Type="application/json"),
    "connection.refused": _nothing(dropped=True),
    "connection.closed-before-headers": _nothing(dropped=True),
    "connection.reset-before-headers": _nothing(dropped=True, reset=True),
    "connection.reset-in-headers": _changed(cuts_headers=True, reset=True),
    "connection.reset-after-headers": _changed(truncate_at=0, reset=True),
    "connection.cut-body": _fault("cut-body"),
    "connection.closed-between-requests": _changed(keep_alive=True),
    "connection.slow-bytes": _changed(slow_tail_bytes=SLOW_TAIL_BYTES, delay_seconds=1),
    "connection.silent": _nothing(silence_seconds=DEFAULT_SILENCE_SECONDS),
}
"""For the label of each wire case, the function that makes its response."""
