"""Observation: what the server saw of a client in one call, as a part of the result of that call."""

from __future__ import annotations

import json
from dataclasses import replace

from contractfuzz.payloads.cases.case import Case
from contractfuzz.payloads.wire.wire_cases import WIRE_CASES
from contractfuzz.running.clients.answers import find_cursor
from contractfuzz.running.clients.conversation import Conversation
from contractfuzz.running.clients.repetition import find_repetition
from contractfuzz.running.verdicts.calling import CallResult, Verdict
from contractfuzz.running.verdicts.exchanges import ExchangeSummary
from contractfuzz.server.messages import Response
from contractfuzz.text import truncate

MAX_CURSOR_CHARACTERS = 60
MAX_LINE_CHARACTERS = 200
"""Length of the request and of the first line of a body in a finding."""

TRANSPORT_MODULES = frozenset(
    {"urllib", "urllib3", "requests", "httpx", "httpcore", "h11", "h2", "aiohttp", "niquests"}
)
"""Packages whose errors report a failure of HTTP or of the connection."""

_JSON_SYNTAX_ERRORS = {("msgspec", "DecodeError")}
"""Module and class of errors of JSON parsers that are not ``json.JSONDecodeError``."""


def observe(
    result: CallResult, case: Case, conversation: Conversation | None, paging: str | None, *, is_documented: bool = True
) -> CallResult:
    """Return the result of a call with the verdict that the conversation shows, and with the exchange of the case.

    Args:
        result: what the client returned or raised.
        case: the case.
        conversation: the conversation of the call; None if there was none.
        paging: the location of the cursor, as the user names it.
        is_documented: False if the document of the API does not name the status of the wire case.

    """
    if conversation is None:
        return result
    result = replace(result, exchange=summarize(conversation), pages=conversation.page_count)
    if conversation.has_looped:
        return _seen(result, Verdict.LOOPED, _loop(conversation, paging))
    if conversation.outlasted or conversation.abandoned is not None:
        return _seen(result, Verdict.HUNG, _wait(conversation))
    repetition = find_repetition(conversation.turns)
    if repetition:
        return _seen(result, Verdict.REPEATED, repetition)
    # A client that asks again, because it refuses the first response, gets a plain one.
    has_retried = conversation.is_case_requested_again
    is_free = (has_retried and case.expectation == "rejects") or not is_documented
    verdict = _verdict_on_wire(result, case) if case.kind == "wire" else result.verdict
    return replace(result, has_retried=has_retried, is_free=is_free, verdict=verdict)


def summarize(conversation: Conversation) -> ExchangeSummary | None:
    """Return the exchange with the case, and the number of requests of the call; None if there was no request."""
    turn = conversation.case_turn
    if turn is None:
        return None
    request, response = turn.request, turn.response
    has_head = not (response.dropped or response.silence_seconds)
    body = response.body.partition(b"\n")[0].decode(errors="backslashreplace")
    return ExchangeSummary(
        request=truncate(f"{request.method} {request.target}", MAX_LINE_CHARACTERS),
        status=response.status if has_head else None,
        transport=_transport(response),
        headers=tuple(response.headers.items()) if has_head else (),
        body=truncate(body, MAX_LINE_CHARACTERS) if has_head else "",
        requests=len(conversation.turns),
    )


def is_transport_error(error: BaseException) -> bool:
    """Return True if an error reports a failure of HTTP or of the connection, by its class or a base class."""
    for one in type(error).__mro__:
        module = one.__module__
        if one is OSError or module == "http.client" or module.partition(".")[0] in TRANSPORT_MODULES:
            return True
    return False


def is_json_error(error: BaseException) -> bool:
    """Return True if an error reports that a text is not JSON."""
    classes = {(one.__module__.partition(".")[0], one.__name__) for one in type(error).__mro__}
    if ("msgspec", "ValidationError") in classes:
        return False
    if isinstance(error, json.JSONDecodeError) or classes & _JSON_SYNTAX_ERRORS:
        return True
    return ("pydantic_core", "ValidationError") in classes and "json_invalid" in str(error)


def _verdict_on_wire(result: CallResult, case: Case) -> Verdict:
    """Return the verdict on a wire case: errors of the transport reject it, those of a JSON parser may be crashes."""
    if result.error is None:
        return result.verdict
    wire_case = WIRE_CASES.get(case.label or "")
    if wire_case is not None and not wire_case.expects_json and is_json_error(result.error):
        return Verdict.CRASHED
    return Verdict.REJECTED if is_transport_error(result.error) else result.verdict


def _seen(result: CallResult, verdict: Verdict, detail: str) -> CallResult:
    return replace(result, verdict=verdict, error=None, traceback=None, result=None, detail=detail)


def _transport(response: Response) -> str:
    """Return in words what happened to the connection; empty if nothing did."""
    if response.silence_seconds:
        return "nothing was sent"
    if response.reset:
        place = "before" if response.dropped else "within" if response.cuts_headers else "after"
        return f"the connection was reset {place} the headers"
    if response.dropped:
        return "the connection was closed before the headers"
    if response.truncate_at is not None:
        return f"the connection was closed after {response.truncate_at} of {len(response.body)} bytes"
    return "in chunks" if response.chunked else "slowly" if response.slow_tail_bytes else ""


def _wait(conversation: Conversation) -> str:
    if conversation.outlasted:
        seconds = max(turn.response.silence_seconds for turn in conversation.turns)
        return (
            f"it waited for a silent server for {seconds:g} s: give it a timeout, or name a longer one with --timeout"
        )
    place = f", at {conversation.abandoned}" if conversation.abandoned else ""
    return f"it did not return after the last response{place}"


def _loop(conversation: Conversation, paging: str | None) -> str:
    turns = conversation.turns
    bodies = [turn.response.body for turn in turns]
    last = turns[conversation.max_requests].request
    words = f"more than {conversation.max_requests} requests (--max-requests) in one call"
    found = find_cursor(bodies, last, paging)
    if found is None:
        return f"{words}: the last one was {last.method} {truncate(last.target, MAX_CURSOR_CHARACTERS)}"
    pointer, cursor = found
    return f"{words}, with the cursor of {pointer}: {truncate(cursor, MAX_CURSOR_CHARACTERS)!r}"
