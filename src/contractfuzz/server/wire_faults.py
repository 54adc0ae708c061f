"""Wire faults: damage that servers, gateways and networks do to a response in transit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from contractfuzz.errors import ContractError, unknown
from contractfuzz.server.messages import Response

PIECE_COUNT = 50
"""Number of pieces that a chunked or slow body is sent in."""

SLOW_PIECE_DELAY_SECONDS = 0.02
"""Pause before each piece of a slow body. A slow response takes one second in total."""

HTML_CONTENT_TYPE = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class WireFault:
    """Fault of the transmission or framing of a response.

    Attributes:
        name: label of the responses with this fault.
        description: one line on what a client receives.
        apply: returns a copy of an intact response with this fault.

    """

    name: str
    description: str
    apply: Callable[[Response], Response]


def with_fault(response: Response, name: str) -> Response:
    """Return a copy of a response with a wire fault, labelled with the fault's name.

    Args:
        response: intact response.
        name: key of ``WIRE_FAULTS``, such as ``"cut-body"``.

    Raises:
        ContractError: the name is unknown, or the response has too short a body for this fault.

    """
    fault = find_wire_fault(name)
    return replace(fault.apply(response), label=fault.name)


def find_wire_fault(name: str) -> WireFault:
    """Return the wire fault with this name.

    Raises:
        ContractError: the name is unknown. The message suggests the nearest one.

    """
    if name not in WIRE_FAULTS:
        raise unknown("fault", name, WIRE_FAULTS)
    return WIRE_FAULTS[name]


def html_page(status: int, title: str) -> Response:
    """Return the kind of HTML page that a gateway or proxy sends in place of the service's response."""
    page = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    return Response(status, {"Content-Type": HTML_CONTENT_TYPE}, page.encode())


def _half_length(response: Response) -> int:
    if len(response.body) < 2:
        raise ContractError(
            f"a response with {len(response.body)} bytes of body cannot be cut: script a case or a payload for this request"
        )
    return len(response.body) // 2


def _headers_without(response: Response, name: str) -> dict[str, str]:
    return {header: value for header, value in response.headers.items() if header.lower() != name.lower()}


def set_header(response: Response, name: str, value: str) -> Response:
    """Return a copy of a response with another value of a header."""
    return replace(response, headers={**_headers_without(response, name), name: value})


def _by_name(faults: Iterable[WireFault]) -> dict[str, WireFault]:
    return {fault.name: fault for fault in faults}


WIRE_FAULTS = _by_name(
    [
        WireFault(
            "html-page",
            "an HTML page with status 200 instead of the response",
            lambda response: html_page(response.status if response.status != 204 else 200, "Sign in"),
        ),
        WireFault(
            "wrong-content-type",
            "the response with Content-Type: text/html",
            lambda response: set_header(response, "Content-Type", HTML_CONTENT_TYPE),
        ),
        WireFault(
            "no-content-type",
            "the response without a Content-Type",
            lambda response: replace(response, headers=_headers_without(response, "Content-Type")),
        ),
        WireFault(
            "empty-body",
            "the status and headers of the response with an empty body",
            lambda response: replace(response, body=b""),
        ),
        WireFault(
            "cut-body",
            "half of the body that Content-Length announces, then an orderly close of the connection",
            lambda response: replace(response, truncate_at=_half_length(response)),
        ),
        WireFault(
            "reset",
            "half of the body, then a reset of the connection",
            lambda response: replace(response, truncate_at=_half_length(response), reset=True),
        ),
        WireFault(
            "no-answer",
            "a closed connection, without a single byte of a response",
            lambda response: replace(response, dropped=True),
        ),
        WireFault(
            "chunked",
            "the whole response in small chunks that split multi-byte characters",
            lambda response: replace(response, chunked=True),
        ),
        WireFault(
            "cut-chunked",
            "half of the chunks, then a closed connection without the last chunk",
            lambda response: replace(response, chunked=True, truncate_at=_half_length(response)),
        ),
        WireFault(
            "false-gzip",
            "an uncompressed body with Content-Encoding: gzip",
            lambda response: set_header(response, "Content-Encoding", "gzip"),
        ),
        WireFault(
            "slow-bytes",
            f"the whole response in {PIECE_COUNT} pieces with pauses between them",
            lambda response: replace(response, delay_seconds=SLOW_PIECE_DELAY_SECONDS),
        ),
    ]
)
"""All wire faults by name. Errors that a status code expresses (429, 500, 502, redirects) are scripted as that status."""
