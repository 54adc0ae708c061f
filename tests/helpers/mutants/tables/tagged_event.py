"""Mutants of the reader of a tagged event."""

from __future__ import annotations

from typing import Any

from mutants.mutant import GONE, Subject, mutants
from mutants.readers import tagged_event


def _event(tag: str, properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"type": {"const": tag}, **properties},
        "required": ["type", *(name for name in properties if name not in optional)],
    }


DOCUMENT: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "event": {
            "oneOf": [
                {"$ref": "#/$defs/Created"},
                {"$ref": "#/$defs/Deleted"},
                {"$ref": "#/$defs/Paid"},
                {"$ref": "#/$defs/Shipped"},
            ]
        },
    },
    "required": ["id", "event"],
    "$defs": {
        "Created": _event(
            "user.created",
            {
                "email": {"type": "string", "format": "email"},
                "name": {"type": "string", "minLength": 1, "maxLength": 50},
                "roles": {
                    "type": "array",
                    "items": {"enum": ["admin", "editor", "viewer"]},
                    "minItems": 1,
                    "maxItems": 3,
                },
            },
            ("name",),
        ),
        "Deleted": _event(
            "user.deleted",
            {
                "user_id": {"type": "integer", "minimum": 1},
                "reason": {"type": "string", "enum": ["request", "abuse", "inactivity"]},
                "purge": {"type": "boolean", "default": False},
            },
            ("purge",),
        ),
        "Paid": _event(
            "order.paid",
            {
                "order": {"type": "string", "pattern": "^ORD-[0-9]{6}$"},
                "amount": {"type": "number", "exclusiveMinimum": 0, "maximum": 1_000_000},
                "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
                "lines": {"type": "array", "items": {"$ref": "#/$defs/Line"}, "minItems": 1},
            },
        ),
        "Line": {
            "type": "object",
            "properties": {
                "sku": {"type": "string", "minLength": 1},
                "quantity": {"type": "integer", "minimum": 1, "maximum": 99},
            },
            "required": ["sku", "quantity"],
        },
        "Shipped": _event(
            "order.shipped",
            {
                "address": {"$ref": "#/$defs/Address"},
                "shipped_at": {"type": "string", "format": "date-time"},
                "tracking": {
                    "anyOf": [{"type": "string", "minLength": 8, "maxLength": 12}, {"type": "null"}],
                    "default": None,
                },
            },
            ("tracking",),
        ),
        "Address": {
            "type": "object",
            "properties": {
                "street": {"type": "string", "minLength": 1},
                "zip": {"type": "string", "pattern": r"^\d{5}$"},
                "country": {"type": "string", "enum": ["DE", "FR", "US"]},
            },
            "required": ["street", "zip", "country"],
        },
    },
}

ID = "00000000-0000-4000-8000-000000000000"
CREATED = {"id": ID, "event": {"type": "user.created", "email": "ann@example.com", "name": "Ann", "roles": ["admin"]}}
DELETED = {"id": ID, "event": {"type": "user.deleted", "user_id": 7, "reason": "abuse", "purge": True}}
PAID = {
    "id": ID,
    "event": {
        "type": "order.paid",
        "order": "ORD-123456",
        "amount": 12.5,
        "currency": "EUR",
        "lines": [{"sku": "a", "quantity": 1}],
    },
}
SHIPPED = {
    "id": ID,
    "event": {
        "type": "order.shipped",
        "address": {"street": "Main St 1", "zip": "12345", "country": "US"},
        "shipped_at": "2025-03-15T14:30:00Z",
        "tracking": "12345678",
    },
}

# fmt: off
TAG = [
    ("id: not checked", 'checks.uuid(required(payload, "id"))', 'required(payload, "id")', {"/id": 1}),
    ("id: may be missing", 'required(payload, "id")', f'payload.get("id", "{ID}")', {"/id": GONE}),
    ("id: read by the library", "checks.uuid(", "careless.library_uuid(", {"/id": "{" + ID + "}"}),
    ("event: KeyError if missing", 'required(payload, "event")', 'payload["event"]', {"/event": GONE}),
    ("event: null is an empty event", 'checks.record(required(payload, "event"))', 'required(payload, "event") or {"type": "user.deleted", "user_id": 1, "reason": "abuse"}', {"/event": None}),
    ("payload: a list of pairs", "checks.record(payload)\n", "payload = careless.pairs_or_record(payload)\n", lambda base: [[name, value] for name, value in base.items()]),
    ("tag: KeyError if missing", 'required(event, "type")', 'event["type"]', {"/event/type": GONE}),
    ("tag: a default if missing", 'required(event, "type")', 'event.get("type", "user.created")', {"/event/type": GONE}),
    ("tag: an unknown one is ignored", 'raise ValueError(f"{tag!r} is not a type of event")', 'return {"id": identifier}', {"/event/type": "user.x"}),
    ("tag: KeyError if unknown", 'raise ValueError(f"{tag!r} is not a type of event")', "READERS[tag]", {"/event/type": "user.x"}),
    ("tag: in any letter case", 'checks.text(required(event, "type"))', 'checks.text(required(event, "type")).lower()', {"/event/type": "USER.CREATED"}),
    ("tag: with spaces around it", 'checks.text(required(event, "type"))', 'checks.text(required(event, "type")).strip()', {"/event/type": " user.created"}),
    ("tag: TypeError if it is a list", 'checks.text(required(event, "type"))', 'required(event, "type")', {"/event/type": []}),
]
ROWS_OF_CREATED = [
    ("created: email not checked", 'checks.email(required(event, "email"))', 'checks.text(required(event, "email"))', {"/event/email": "ann"}),
    ("created: email may be missing", 'required(event, "email")', 'event.get("email", "a@b.co")', {"/event/email": GONE}),
    ("created: email null", 'checks.email(required(event, "email"))', 'required(event, "email") and checks.email(event["email"])', {"/event/email": None}),
    ("created: email without a plus sign", "checks.email(", "careless.word_email(", {"/event/email": "ann+x@example.com"}),
    ("created: email split", "checks.email(", "careless.split_email(", {"/event/email": "ann"}),
    ("created: name required", '"name" in event', "True", {"/event/name": GONE}),
    ("created: name null", '"name" in event', 'event.get("name") is not None', {"/event/name": None}),
    ("created: name may be empty", "1, 50)", "0, 50)", {"/event/name": ""}),
    ("created: an empty name is no name", '"name" in event', 'event.get("name")', {"/event/name": ""}),
    ("created: name 51 long", "1, 50)", "1, 51)", {"/event/name": "x" * 51}),
    ("created: name at most 49 long", "1, 50)", "1, 49)", {"/event/name": "x" * 50}),
    ("created: name counted in bytes", 'checks.text(event["name"]', 'careless.bytes_text(event["name"]', {"/event/name": "é" * 50}),
    ("created: name converted", 'checks.text(event["name"]', 'careless.any_text(event["name"]', {"/event/name": 1}),
    ("created: roles may be missing", 'required(event, "roles")', 'event.get("roles", ["viewer"])', {"/event/roles": GONE}),
    ("created: one role without an array", "checks.items(required(event, \"roles\")", "careless.items_or_one(required(event, \"roles\")", {"/event/roles": "admin"}),
    ("created: no roles", '"roles"), 1, 3)', '"roles"), 0, 3)', {"/event/roles": []}),
    ("created: four roles", '"roles"), 1, 3)', '"roles"), 1, 4)', {"/event/roles": ["admin"] * 4}),
    ("created: three roles refused", '"roles"), 1, 3)', '"roles"), 1, 2)', {"/event/roles": ["admin"] * 3}),
    ("created: only the first role checked", "for role in roles]", "for role in roles[:1]]", {"/event/roles": ["admin", "x"]}),
    ("created: roles in any letter case", "checks.one_of(role", "careless.lower_one_of(role", {"/event/roles": ["ADMIN"]}),
    ("created: a role twice refused", "for role in roles]", "for role in roles if not roles.count(role) > 1 or int(role)]", {"/event/roles": ["admin", "admin"]}),
]
ROWS_OF_DELETED = [
    ("deleted: user 0", '"user_id"), 1)', '"user_id"), 0)', {"/event/user_id": 0}),
    ("deleted: user 1 refused", '"user_id"), 1)', '"user_id"), 2)', {"/event/user_id": 1}),
    ("deleted: user true", 'checks.integer(required(event', 'careless.boolean_integer(required(event', {"/event/user_id": True}),
    ("deleted: user read from a string", 'checks.integer(required(event', 'careless.digits_integer(required(event', {"/event/user_id": "7"}),
    ("deleted: user cut to an integer", 'checks.integer(required(event', 'careless.cut_integer(required(event', {"/event/user_id": 7.5}),
    ("deleted: user of 32 bits", 'checks.integer(required(event', 'careless.int_32(required(event', {"/event/user_id": 2**31}),
    ("deleted: user KeyError", 'required(event, "user_id")', 'event["user_id"]', {"/event/user_id": GONE}),
    ("deleted: reason not checked", 'checks.one_of(required(event, "reason"), REASONS)', 'checks.text(required(event, "reason"))', {"/event/reason": "x"}),
    ("deleted: reason empty", 'checks.one_of(required(event', 'careless.one_of_or_empty(required(event', {"/event/reason": ""}),
    ("deleted: reason forgotten", '"abuse", "inactivity"', '"abuse"', {"/event/reason": "inactivity"}),
    ("deleted: purge truthy", "checks.flag(", "careless.truth(", {"/event/purge": "no"}),
    ("deleted: purge as a string", "checks.flag(", "careless.flag_or_text(", {"/event/purge": "true"}),
    ("deleted: purge as 0 or 1", "checks.flag(", "careless.flag_or_number(", {"/event/purge": 1}),
    ("deleted: purge null", 'event.get("purge", False)', 'event.get("purge") or False', {"/event/purge": None}),
    ("deleted: purge required", 'event.get("purge", False)', 'required(event, "purge")', {"/event/purge": GONE}),
]
ROWS_OF_PAID = [
    ("paid: order anywhere in the text", "checks.matching(required(event, \"order\")", "careless.searched(required(event, \"order\")", {"/event/order": "xORD-123456"}),
    ("paid: order anchored at the start alone", "checks.matching(required(event, \"order\")", "careless.started(required(event, \"order\")", {"/event/order": "ORD-1234567"}),
    ("paid: order with a line feed", "checks.matching(required(event, \"order\")", "careless.dollar_matched(required(event, \"order\")", {"/event/order": "ORD-123456\n"}),
    ("paid: order with other digits", "checks.matching(required(event, \"order\")", "careless.unicode_matched(required(event, \"order\")", {"/event/order": "ORD-12345٣"}),
    ("paid: order of five digits", r"ORD-\d{6}", r"ORD-\d{5,6}", {"/event/order": "ORD-12345"}),
    ("paid: order without a leading zero", r"ORD-\d{6}", r"ORD-[1-9]\d{5}", {"/event/order": "ORD-023456"}),
    ("paid: amount may be 0", 'checks.positive(required(event, "amount"), 1', 'checks.number(required(event, "amount"), 0, 1', {"/event/amount": 0}),
    ("paid: amount at least 1", 'checks.positive(required(event, "amount"), 1', 'checks.number(required(event, "amount"), 1, 1', {"/event/amount": 0.5}),
    ("paid: amount unbounded", "1_000_000", "1_000_001", {"/event/amount": 1_000_001}),
    ("paid: amount below the bound", "1_000_000", "999_999.99", {"/event/amount": 1_000_000}),
    ("paid: amount read from a string", 'required(event, "amount")', 'float(required(event, "amount") or 0)', {"/event/amount": "1.5"}),
    ("paid: amount never an integer", 'required(event, "amount")', 'careless.float_only(required(event, "amount"))', {"/event/amount": 2}),
    ("paid: currency in lower case", "[A-Z]{3}", "[A-Za-z]{3}", {"/event/currency": "eur"}),
    ("paid: currency of four letters", "[A-Z]{3}", "[A-Z]{3,4}", {"/event/currency": "EURO"}),
    ("paid: currency from a list", 'required(event, "currency")', 'checks.one_of(required(event, "currency"), ("EUR", "USD", "AAA"))', {"/event/currency": "XYZ"}),
    ("paid: no lines", '"lines"), 1)', '"lines"), 0)', {"/event/lines": []}),
    ("paid: only the first line checked", "for line in lines]", "for line in lines[:1]]", {"/event/lines/1": {}}),
    ("paid: all but the last line checked", "for line in lines]", "for line in lines[:-1] or lines]", {"/event/lines/1": {}}),
    ("paid: a line that is null", "for line in lines]", "for line in lines if line]", {"/event/lines/0": None}),
    ("paid: quantity may be missing", 'required(line, "quantity")', 'line.get("quantity", 1)', {"/event/lines/0/quantity": GONE}),
    ("paid: quantity 0", "1, 99)", "0, 99)", {"/event/lines/0/quantity": 0}),
    ("paid: quantity 100", "1, 99)", "1, 100)", {"/event/lines/0/quantity": 100}),
    ("paid: quantity below 99", "1, 99)", "1, 98)", {"/event/lines/0/quantity": 99}),
    ("paid: quantity true", "checks.integer(required(line", "careless.boolean_integer(required(line", {"/event/lines/0/quantity": True}),
    ("paid: sku stripped", "checks.text(required(line", "careless.stripped_text(required(line", {"/event/lines/0/sku": " "}),
    ("paid: sku not checked", 'checks.text(required(line, "sku"), 1)', 'required(line, "sku")', {"/event/lines/0/sku": 1}),
]
ROWS_OF_SHIPPED = [
    ("shipped: address null", "checks.record(address)", "address = careless.record_or_null(address) or {'street': '1', 'zip': '12345', 'country': 'DE'}", {"/event/address": None}),
    ("shipped: address not checked", "checks.record(address)\n", "\n", {"/event/address": 1}),
    ("shipped: zip as a number", "checks.matching(required(address", "careless.text_matched(required(address", {"/event/address/zip": 12345}),
    ("shipped: zip of nine digits", r"\d{5}", r"\d{5}(-\d{4})?", {"/event/address/zip": "12345-6789"}),
    ("shipped: zip of four digits", r"\d{5}", r"\d{4,5}", {"/event/address/zip": "1234"}),
    ("shipped: country in lower case", 'required(address, "country")', 'checks.text(required(address, "country")).upper()', {"/event/address/country": "de"}),
    ("shipped: country of another case folding", "checks.one_of(required(address", "careless.upper_one_of(required(address", {"/event/address/country": "uſ"}),
    ("shipped: street unbounded", '"street"), 1)', '"street"), 0)', {"/event/address/street": ""}),
    ("shipped: street of one line", "checks.text(required(address", "careless.one_line_text(required(address", {"/event/address/street": "a\nb"}),
    ("shipped: time without an offset", "checks.date_time(", "careless.naive_date_time(", {"/event/shipped_at": "2025-03-15T14:30:00"}),
    ("shipped: time in UTC only", "checks.date_time(", "careless.utc_date_time(", {"/event/shipped_at": "2025-03-15T14:30:00+01:00"}),
    ("shipped: time without a fraction", "checks.date_time(", "careless.whole_date_time(", {"/event/shipped_at": "2025-03-15T14:30:00.5Z"}),
    ("shipped: time not checked", "checks.date_time(", "checks.text(", {"/event/shipped_at": "yesterday"}),
    ("shipped: tracking required", 'event.get("tracking")', 'required(event, "tracking")', {"/event/tracking": GONE}),
    ("shipped: tracking never null", "None if tracking is None else checks.text(tracking, 8, 12)", 'checks.text(tracking, 8, 12) if "tracking" in event else None', {"/event/tracking": None}),
    ("shipped: tracking empty", "None if tracking is None else", "None if not tracking else", {"/event/tracking": ""}),
    ("shipped: tracking 7 long", "8, 12)", "7, 12)", {"/event/tracking": "1234567"}),
    ("shipped: tracking 13 long", "8, 12)", "8, 13)", {"/event/tracking": "1" * 13}),
    ("shipped: tracking up to 11 long", "8, 12)", "8, 11)", {"/event/tracking": "1" * 12}),
    ("shipped: tracking as a number", "checks.text(tracking", "careless.any_text(tracking", {"/event/tracking": 12345678}),
]
# fmt: on

SUBJECT = Subject(
    "tagged_event",
    DOCUMENT,
    tagged_event,
    (
        *mutants(CREATED, TAG),
        *mutants(CREATED, ROWS_OF_CREATED),
        *mutants(DELETED, ROWS_OF_DELETED),
        *mutants(PAID, ROWS_OF_PAID),
        *mutants(SHIPPED, ROWS_OF_SHIPPED),
    ),
)
