"""Reader of a page of chat events, with the cursor of the next page."""

from __future__ import annotations

import json
from typing import Any

from mutants import checks
from mutants.checks import required


def read_message(event: dict[str, Any]) -> dict[str, Any]:
    mentions = [checks.integer(user, 1) for user in checks.items(required(event, "mentions"))]
    if len(set(mentions)) < len(mentions):
        raise ValueError("a user is mentioned twice")
    return {
        "author": checks.text(required(event, "author"), 1, 20),
        "text": checks.text(required(event, "text"), 0, 200),
        "mentions": mentions,
        "reply_to": checks.matching(event["reply_to"], "m[0-9a-f]{4,8}") if "reply_to" in event else None,
    }


def read_join(event: dict[str, Any]) -> dict[str, Any]:
    member = checks.record(required(event, "member"))
    host = required(event, "host")
    return {
        "member": checks.integer(required(member, "id"), 1),
        "nick": checks.text(member["nick"], 2, 12) if "nick" in member else "?",
        "host": None if host is None else checks.integer(host, 1),
    }


def read_reaction(event: dict[str, Any]) -> dict[str, Any]:
    checks.no_other(event, ("kind", "at", "emoji", "count", "message"))
    return {
        "emoji": checks.text(required(event, "emoji"), 1, 8),
        "count": checks.integer(required(event, "count"), 1, 1000),
        "message": checks.matching(required(event, "message"), "m[0-9a-f]{4,8}"),
    }


READERS = {"message": read_message, "join": read_join, "reaction": read_reaction}


def read_event(event: Any) -> dict[str, Any]:
    checks.record(event)
    kind = checks.text(required(event, "kind"))
    if kind not in READERS:
        raise ValueError(f"{kind!r} is not a kind of event")
    return {"kind": kind, "at": checks.date_time(required(event, "at")), **READERS[kind](event)}


def parse(body: bytes) -> Any:
    try:
        return json.loads(body.decode())
    except RecursionError:
        raise ValueError("nested too deep") from None


def read(body: bytes) -> dict[str, Any]:
    page = checks.record(parse(body))
    events = checks.items(required(page, "events"), 0, 50)
    paging = checks.record(required(page, "paging"))
    cursor = required(paging, "next")
    return {
        "events": [read_event(event) for event in events],
        "total": checks.integer(required(paging, "total"), 0),
        "next": None if cursor is None else checks.text(cursor, 1),
    }
