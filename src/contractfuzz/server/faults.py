"""The faults of the wire: what servers, gateways and networks do to an answer on its way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from contractfuzz.errors import ContractError, unknown
from contractfuzz.server.answers import Answer

PAUSE = 0.02
"""Seconds before each piece of a slow body: of 50 pieces, so that a slow answer takes a second."""

PIECES = 50
"""Into how many pieces a body is cut that goes in chunks or slowly."""

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the wire.

    Attributes:
        name: the label of the answers that have it.
        description: what a client sees, one line.
        spoil: makes the faulty answer out of a good one.

    """

    name: str
    description: str
    spoil: Callable[[Answer], Answer]


def html_page(status: int, title: str) -> Answer:
    """Return a page for people, as a gateway or a proxy puts it in the service's place."""
    page = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\n"
    return Answer(status, {"Content-Type": HTML}, page.encode())


def find_fault(name: str) -> Fault:
    """Return the fault of that name; ContractError with the nearest where there is none."""
    if name not in FAULTS:
        raise unknown("fault", name, FAULTS)
    return FAULTS[name]


def _half(answer: Answer) -> int:
    if len(answer.body) < 2:
        raise ContractError(
            f"an answer with {len(answer.body)} bytes of body cannot be cut: script a case, or a payload, for this request"
        )
    return len(answer.body) // 2


def _without(answer: Answer, name: str) -> dict[str, str]:
    return {header: value for header, value in answer.headers.items() if header.lower() != name.lower()}


def _with(answer: Answer, name: str, value: str) -> Answer:
    return replace(answer, headers={**_without(answer, name), name: value})


def _by_name(faults: Iterable[Fault]) -> dict[str, Fault]:
    return {fault.name: fault for fault in faults}


FAULTS = _by_name(
    [
        Fault(
            "html-page",
            "status 200 and an HTML page in place of the answer",
            lambda answer: html_page(answer.status if answer.status != 204 else 200, "Sign in"),
        ),
        Fault(
            "wrong-content-type",
            "the answer, announced as HTML",
            lambda answer: _with(answer, "Content-Type", HTML),
        ),
        Fault(
            "no-content-type",
            "the answer without a Content-Type",
            lambda answer: replace(answer, headers=_without(answer, "Content-Type")),
        ),
        Fault(
            "empty-body",
            "the status and headers of the answer, and no body",
            lambda answer: replace(answer, body=b""),
        ),
        Fault(
            "cut-body",
            "half the body that Content-Length announces, then the connection is closed in order",
            lambda answer: replace(answer, sent=_half(answer)),
        ),
        Fault(
            "reset",
            "half the body, then the connection is reset",
            lambda answer: replace(answer, sent=_half(answer), ending="reset"),
        ),
        Fault(
            "no-answer",
            "the connection is closed before a byte is sent",
            lambda answer: replace(answer, silent=True),
        ),
        Fault(
            "chunked",
            "the whole answer in small chunks, cut without regard to characters",
            lambda answer: replace(answer, chunked=True),
        ),
        Fault(
            "cut-chunked",
            "half the chunks, then the connection is closed without the last one",
            lambda answer: replace(answer, chunked=True, sent=_half(answer)),
        ),
        Fault(
            "false-gzip",
            "the answer, announced as gzip and not compressed",
            lambda answer: _with(answer, "Content-Encoding", "gzip"),
        ),
        Fault(
            "slow-bytes",
            f"the whole answer in {PIECES} pieces with pauses between them",
            lambda answer: replace(answer, pause=PAUSE),
        ),
    ]
)
"""All faults by name. What a status says (429, 500, 502 with HTML, 503, redirects) is scripted as that status."""
