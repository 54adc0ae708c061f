"""Observation: what the server saw of a client in one call, as a part of the result of that call."""

from __future__ import annotations

from dataclasses import replace

from contractfuzz.running.clients.answers import find_cursor
from contractfuzz.running.clients.conversation import Conversation, Turn
from contractfuzz.running.verdicts.calling import CallResult, Verdict
from contractfuzz.running.verdicts.exchanges import ExchangeSummary
from contractfuzz.text import truncate

MAX_CURSOR_CHARACTERS = 60
MAX_BODY_CHARACTERS_SHOWN = 200
"""Length of the first line of a body in a finding."""


def observe(result: CallResult, conversation: Conversation | None, paging: str | None) -> CallResult:
    """Return the result of a call with the verdict that the conversation shows, and with its first exchange.

    Args:
        result: what the client returned or raised.
        conversation: the conversation of the call; None if there was none.
        paging: the location of the cursor, as the user names it.

    """
    if conversation is None or not conversation.turns:
        return result
    result = replace(result, exchange=summarize(conversation))
    if conversation.has_looped:
        return replace(
            result, verdict=Verdict.LOOPED, error=None, traceback=None, result=None, detail=_loop(conversation, paging)
        )
    return result


def summarize(conversation: Conversation) -> ExchangeSummary:
    """Return the first exchange of a conversation, with the number of its requests."""
    request, response = conversation.turns[0].request, conversation.turns[0].response
    status = None if response.dropped else response.status
    body = response.body.partition(b"\n")[0].decode(errors="backslashreplace")
    return ExchangeSummary(
        request=f"{request.method} {request.target}",
        status=status,
        transport="",
        headers=() if status is None else tuple(response.headers.items()),
        body="" if status is None else truncate(body, MAX_BODY_CHARACTERS_SHOWN),
        requests=len(conversation.turns),
    )


def _loop(conversation: Conversation, paging: str | None) -> str:
    turns: list[Turn] = conversation.turns
    bodies = [turn.response.body for turn in turns]
    last = turns[conversation.max_requests].request
    words = f"more than {conversation.max_requests} requests in one call"
    found = find_cursor(bodies, last, paging)
    if found is None:
        return f"{words}: the last one was {last.method} {truncate(last.target, MAX_CURSOR_CHARACTERS)}"
    pointer, cursor = found
    return f"{words}, with the cursor of {pointer}: {truncate(cursor, MAX_CURSOR_CHARACTERS)!r}"
