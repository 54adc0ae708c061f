"""Mutants of the reader of a page of events."""

from __future__ import annotations

import json
from typing import Any

from mutants.mutant import GONE, Subject, mutants
from mutants.readers import event_page

_MESSAGE_ID = {"type": "string", "pattern": "^m[0-9a-f]{4,8}$"}
_TIME = {"type": "string", "format": "date-time"}
_USER = {"type": "integer", "minimum": 1}

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Chat", "version": "1"},
    "paths": {
        "/events": {
            "get": {
                "responses": {
                    "200": {
                        "description": "a page",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}},
                    }
                }
            }
        }
    },
    "components": {
        "schemas": {
            "Page": {
                "type": "object",
                "properties": {
                    "events": {"type": "array", "items": {"$ref": "#/components/schemas/Event"}, "maxItems": 50},
                    "paging": {
                        "type": "object",
                        "properties": {
                            "next": {"type": ["string", "null"], "minLength": 1},
                            "total": {"type": "integer", "minimum": 0},
                        },
                        "required": ["next", "total"],
                    },
                },
                "required": ["events", "paging"],
            },
            "Event": {
                "oneOf": [
                    {"$ref": "#/components/schemas/Message"},
                    {"$ref": "#/components/schemas/Join"},
                    {"$ref": "#/components/schemas/Reaction"},
                ],
                "discriminator": {
                    "propertyName": "kind",
                    "mapping": {
                        "message": "#/components/schemas/Message",
                        "join": "#/components/schemas/Join",
                        "reaction": "#/components/schemas/Reaction",
                    },
                },
            },
            "Message": {
                "type": "object",
                "properties": {
                    "kind": {"type": "string", "enum": ["message"]},
                    "at": _TIME,
                    "author": {"type": "string", "minLength": 1, "maxLength": 20},
                    "text": {"type": "string", "maxLength": 200},
                    "mentions": {"type": "array", "items": _USER, "uniqueItems": True},
                    "reply_to": _MESSAGE_ID,
                },
                "required": ["kind", "at", "author", "text", "mentions"],
            },
            "Join": {
                "type": "object",
                "properties": {
                    "kind": {"type": "string", "enum": ["join"]},
                    "at": _TIME,
                    "member": {
                        "type": "object",
                        "properties": {"id": _USER, "nick": {"type": "string", "minLength": 2, "maxLength": 12}},
                        "required": ["id"],
                    },
                    "host": {"anyOf": [_USER, {"type": "null"}]},
                },
                "required": ["kind", "at", "member", "host"],
            },
            "Reaction": {
                "type": "object",
                "properties": {
                    "kind": {"type": "string", "enum": ["reaction"]},
                    "at": _TIME,
                    "emoji": {"type": "string", "minLength": 1, "maxLength": 8},
                    "count": {"type": "integer", "minimum": 1, "maximum": 1000},
                    "message": _MESSAGE_ID,
                },
                "required": ["kind", "at", "emoji", "count", "message"],
                "additionalProperties": False,
            },
        }
    },
}

AT = "2025-03-15T14:30:00Z"
PAGE: dict[str, Any] = {
    "events": [
        {"kind": "message", "at": AT, "author": "ann", "text": "Hi", "mentions": [1], "reply_to": "m0123"},
        {"kind": "join", "at": AT, "member": {"id": 1, "nick": "bob"}, "host": 2},
        {"kind": "reaction", "at": AT, "emoji": "+1", "count": 3, "message": "m0123"},
    ],
    "paging": {"next": "x", "total": 3},
}


def _body(page: Any = PAGE, **options: Any) -> bytes:
    return json.dumps(page, ensure_ascii=False, **options).encode()


# fmt: off
ROWS = [
    # the body
    ("body: not decoded strictly", "body.decode()", 'body.decode(errors="replace")', _body().replace(b"Hi", b"\xc0\xaf")),
    ("body: bad bytes ignored", "body.decode()", 'body.decode(errors="ignore")', _body().replace(b"Hi", b"H\xff")),
    ("body: Latin-1", "body.decode()", 'body.decode("latin-1")', _body().replace(b"Hi", b"\xe9")),
    ("body: ASCII", "body.decode()", 'body.decode("ascii")', {"/events/0/text": "é"}),
    ("body: nested too deep", "except RecursionError", "except NotImplementedError", b"[" * 100_000),
    ("body: control characters in strings", "json.loads(body.decode())", "json.loads(body.decode(), strict=False)", _body().replace(b"Hi", b"a\nb")),
    ("body: only the first value read", "json.loads(body.decode())", "json.JSONDecoder().raw_decode(body.decode())[0]", _body() + b"x"),
    ("body: only the first line read", "json.loads(body.decode())", 'json.loads(body.decode().partition("\\n")[0])', _body() + b"\n" + _body()),
    ("body: text after the last bracket", "json.loads(body.decode())", 'json.loads(body.decode()[: body.decode().rfind("}") + 1])', _body() + b"x"),
    ("body: single quotes", "json.loads(body.decode())", "json.loads(body.decode().replace(\"'\", '\"'))", {"/events/0/text": "it's"}),
    ("body: trailing commas", "json.loads(body.decode())", 'json.loads(body.decode().replace(",}", "}").replace(",]", "]"))', _body()[:-1] + b",}"),
    ("body: read as Python", "json.loads(body.decode())", 'eval(body.decode().replace("null", "None"))', {"/events/0/x": True}),
    ("body: an empty one is an empty page", "json.loads(body.decode())", 'json.loads(body.decode() or \'{"events": [], "paging": {"next": null, "total": 0}}\')', b""),
    ("body: white space is an empty page", "json.loads(body.decode())", 'json.loads(body.decode().strip() or \'{"events": [], "paging": {"next": null, "total": 0}}\')', b" \n"),
    ("body: split at U+2028", "json.loads(body.decode())", 'json.loads("".join(body.decode().splitlines()[:1]))', {"/events/0/text": "a\u2028b"}),
    ("body: must begin with a brace", "json.loads(body.decode())", 'json.loads(body.decode()) if body.startswith(b"{") else checks.record(None)', b" " + _body()),
    ("body: must end with a brace", "json.loads(body.decode())", 'json.loads(body.decode()) if body.endswith(b"}") else checks.record(None)', _body() + b"\n"),
    ("body: must not be indented", "json.loads(body.decode())", 'json.loads(body.decode()) if b"\\n" not in body else checks.record(None)', _body(indent=1)),
    ("body: cursor sought with a space", "page = checks.record(parse(body))", 'page = checks.record(parse(body))\n    checks.integer(body.decode().count(\'"next": \'), 1)', _body(separators=(",", ":"))),
    ("body: cursor sought without a space", "page = checks.record(parse(body))", 'page = checks.record(parse(body))\n    checks.integer(body.decode().count(\'"next":\'), 1)', _body(separators=(",", " : "))),
    ("body: events before paging", "page = checks.record(parse(body))", 'page = checks.record(parse(body))\n    checks.integer(body.decode().find(\'"events"\') - body.decode().find(\'"paging"\'), most=0)', _body(dict(reversed(PAGE.items())))),
    # the page
    ("page: events may be missing", 'required(page, "events")', 'page.get("events", [])', {"/events": GONE}),
    ("page: events null", "checks.items(required(page", "careless.items_or_null(required(page", {"/events": None}),
    ("page: 51 events", "0, 50)", "0, 51)", {"/events": [PAGE["events"][1]] * 51}),
    ("page: 50 events refused", "0, 50)", "0, 49)", {"/events": [PAGE["events"][1]] * 50}),
    ("page: fails without events", "events = checks.items(required(page, \"events\"), 0, 50)", "events = checks.items(required(page, \"events\"), 0, 50)\n    events[0]", {"/events": []}),
    ("page: paging KeyError", 'required(page, "paging")', 'page["paging"]', {"/paging": GONE}),
    ("page: only the first event checked", "for event in events]", "for event in events[:1]]", {"/events/1": {}}),
    ("page: all but the last event checked", "for event in events]", "for event in events[:-1]]", {"/events/2": {}}),
    ("page: a null event skipped", "for event in events]", "for event in events if event is not None]", {"/events/1": None}),
    ("page: cursor may be missing", 'required(paging, "next")', 'paging.get("next")', {"/paging/next": GONE}),
    ("page: cursor never null", "None if cursor is None else", "", {"/paging/next": None}),
    ("page: an empty cursor ends the list", "None if cursor is None else", "None if not cursor else", {"/paging/next": ""}),
    ("page: a number as cursor", "checks.text(cursor", "careless.any_text(cursor", {"/paging/next": 5}),
    ("page: total in 32 bits", "checks.integer(required(paging", "careless.int_32(required(paging", {"/paging/total": 2**31}),
    ("page: total 0 refused", "checks.integer(required(paging", "careless.truthy_integer(required(paging", {"/paging/total": 0}),
    ("page: total below 0", '"total"), 0)', '"total"), -1)', {"/paging/total": -1}),
    ("page: total at least the number of events", '"total"), 0)', '"total"), len(events))', {"/paging/total": 0}),
    # the kinds
    ("kind: an unknown one passed on", 'raise ValueError(f"{kind!r} is not a kind of event")', 'return {"kind": kind}', {"/events/0/kind": "x"}),
    ("kind: KeyError if unknown", 'raise ValueError(f"{kind!r} is not a kind of event")', "pass", {"/events/0/kind": "x"}),
    ("kind: message by default", 'required(event, "kind")', 'event.get("kind", "message")', {"/events/0/kind": GONE}),
    ("kind: the first letter decides", "if kind not in READERS:", "kind = next((k for k in READERS if k[0] == kind[:1]), kind)\n    if kind not in READERS:", {"/events/0/kind": "m"}),
    ("kind: the start decides", "if kind not in READERS:", "kind = next((k for k in READERS if k.startswith(kind[:4])), kind)\n    if kind not in READERS:", {"/events/0/kind": "messages"}),
    ("kind: joins read as messages", '"join": read_join', '"join": read_message', {}),
    ("kind: the members decide", "**READERS[kind](event)", '**(read_message if "text" in event else READERS[kind])(event)', {"/events/0/kind": "join"}),
    ("event: time not checked", "checks.date_time(", "checks.text(", {"/events/0/at": "now"}),
    ("event: any ISO time", "checks.date_time(", "careless.iso_date_time(", {"/events/0/at": "2025-03-15"}),
    ("event: fractions of milliseconds", "checks.date_time(", "careless.milliseconds_date_time(", {"/events/0/at": "2025-03-15T14:30:00.123456Z"}),
    ("event: an array", "checks.record(event)", "event = careless.first_record(event)", {"/events/1": [PAGE["events"][1]]}),
    # messages
    ("message: a user twice", "if len(set(mentions)) < len(mentions):", "if False:", {"/events/0/mentions": [1, 1]}),
    ("message: neighbours compared", "if len(set(mentions)) < len(mentions):", "if any(a == b for a, b in zip(mentions, mentions[1:], strict=False)):", {"/events/0/mentions": [1, 2, 1]}),
    ("message: mentions null", 'checks.items(required(event, "mentions"))', 'careless.items_or_null(required(event, "mentions"))', {"/events/0/mentions": None}),
    ("message: mentions required", 'checks.items(required(event, "mentions"))', 'checks.items(required(event, "mentions"), 1)', {"/events/0/mentions": []}),
    ("message: mention 0", "checks.integer(user, 1)", "checks.integer(user, 0)", {"/events/0/mentions": [0]}),
    ("message: mentions as strings", "checks.integer(user", "careless.read_integer(user", {"/events/0/mentions": ["1"]}),
    ("message: author 21 long", "1, 20)", "1, 21)", {"/events/0/author": "x" * 21}),
    ("message: author ASCII", 'checks.text(required(event, "author")', 'careless.ascii_text(required(event, "author")', {"/events/0/author": "é"}),
    ("message: text 201 long", "0, 200)", "0, 201)", {"/events/0/text": "x" * 201}),
    ("message: text in bytes", 'checks.text(required(event, "text")', 'careless.bytes_text(required(event, "text")', {"/events/0/text": "é" * 200}),
    ("message: text never empty", "0, 200)", "1, 200)", {"/events/0/text": ""}),
    ("message: reply null", '"reply_to" in event', 'event.get("reply_to") is not None', {"/events/0/reply_to": None}),
    ("message: reply required", '"reply_to" in event', "True", {"/events/0/reply_to": GONE}),
    ("message: reply in upper case", 'checks.matching(event["reply_to"]', 'careless.case_matched(event["reply_to"]', {"/events/0/reply_to": "mABCD"}),
    # joins
    ("join: host may be missing", 'required(event, "host")', 'event.get("host")', {"/events/1/host": GONE}),
    ("join: host never null", "None if host is None else", "", {"/events/1/host": None}),
    ("join: host 0 is no host", "None if host is None else", "None if not host else", {"/events/1/host": 0}),
    ("join: host true", "checks.integer(host", "careless.boolean_integer(host", {"/events/1/host": True}),
    ("join: member not checked", 'checks.record(required(event, "member"))', 'required(event, "member")', {"/events/1/member": 1}),
    ("join: member id KeyError", 'required(member, "id")', 'member["id"]', {"/events/1/member/id": GONE}),
    ("join: nick of one letter", "2, 12)", "1, 12)", {"/events/1/member/nick": "x"}),
    ("join: nick 12 long refused", "2, 12)", "2, 11)", {"/events/1/member/nick": "x" * 12}),
    ("join: nick null", '"nick" in member', 'member.get("nick") is not None', {"/events/1/member/nick": None}),
    # reactions
    ("reaction: others allowed", "checks.no_other(event, ", "checks.no_other({}, ", {"/events/2/x": 1}),
    ("reaction: count 0", "1, 1000)", "0, 1000)", {"/events/2/count": 0}),
    ("reaction: count 1001", "1, 1000)", "1, 1001)", {"/events/2/count": 1001}),
    ("reaction: count null", 'checks.integer(required(event, "count")', 'careless.nullable_integer(required(event, "count")', {"/events/2/count": None}),
    ("reaction: emoji in UTF-16", 'checks.text(required(event, "emoji")', 'careless.utf_16_text(required(event, "emoji")', {"/events/2/emoji": "👍" * 8}),
    ("reaction: message not anchored", 'checks.matching(required(event, "message")', 'careless.started(required(event, "message")', {"/events/2/message": "m0123 "}),
    ("reaction: message may be missing", 'required(event, "message")', 'event.get("message", "m0000")', {"/events/2/message": GONE}),
]
# fmt: on

SUBJECT = Subject("event_page", DOCUMENT, event_page, tuple(mutants(PAGE, ROWS)), component="Page")
