"""Mutants of the reader of an order full of optional members."""

from __future__ import annotations

from typing import Any

from mutants.mutant import GONE, Subject, mutants
from mutants.readers import optional_order


def _optional(schema: dict[str, Any], default: Any = None) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}], "default": default, "title": "Optional"}


DOCUMENT: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Order",
    "type": "object",
    "properties": {
        "number": {"type": "string", "pattern": r"^[A-Z]{2}-\d{4,6}$"},
        "customer": {"anyOf": [{"$ref": "#/$defs/Customer"}, {"type": "null"}]},
        "items": {"type": "array", "items": {"$ref": "#/$defs/Item"}, "minItems": 1},
        "priority": {"$ref": "#/$defs/Priority", "default": "normal"},
        "coupon": _optional({"type": "string", "minLength": 4, "maxLength": 8}),
        "weight": _optional({"type": "number", "exclusiveMinimum": 0, "maximum": 1000}),
        "gift": _optional({"type": "boolean"}),
        "due": _optional({"type": "string", "format": "date"}),
        "tags": {
            "type": "array",
            "items": {"type": "string", "minLength": 1, "maxLength": 10},
            "maxItems": 5,
            "default": [],
        },
        "extra": _optional({"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}),
        "contact": {
            "anyOf": [{"type": "string", "minLength": 3}, {"type": "integer", "minimum": 100}, {"type": "null"}]
        },
    },
    "required": ["number", "customer", "items"],
    "$defs": {
        "Customer": {
            "type": "object",
            "properties": {
                "name": {"type": "string", "minLength": 1, "maxLength": 40},
                "email": _optional({"type": "string", "format": "email"}),
                "age": _optional({"type": "integer", "minimum": 0, "maximum": 150}),
            },
            "required": ["name"],
        },
        "Item": {
            "type": "object",
            "properties": {
                "product": {"type": "integer", "minimum": 1},
                "quantity": {"type": "integer", "minimum": 1, "maximum": 500, "default": 1},
                "note": _optional({"type": "string", "maxLength": 80}),
                "discount": _optional({"type": "number", "minimum": 0, "maximum": 1}),
            },
            "required": ["product"],
        },
        "Priority": {"type": "string", "enum": ["low", "normal", "high"]},
    },
}

ORDER: dict[str, Any] = {
    "number": "AB-1234",
    "customer": {"name": "Ann", "email": "ann@example.com", "age": 30},
    "items": [{"product": 1, "quantity": 2, "note": "n", "discount": 0.5}, {"product": 2}],
    "priority": "high",
    "coupon": "ABCD",
    "weight": 1.5,
    "gift": True,
    "due": "2025-03-15",
    "tags": ["a"],
    "extra": {"x": 1},
    "contact": "ann",
}

# fmt: off
ROWS = [
    # null, missing and falsy values
    ("customer: may be missing", 'required(payload, "customer")', 'payload.get("customer")', {"/customer": GONE}),
    ("customer: never null", 'optional(required(payload, "customer"), read_customer)', 'read_customer(required(payload, "customer"))', {"/customer": None}),
    ("customer: an empty object is none", 'optional(required(payload, "customer"), read_customer)', 'optional(required(payload, "customer") or None, read_customer)', {"/customer": {}}),
    ("customer: KeyError", 'required(payload, "customer")', 'payload["customer"]', {"/customer": GONE}),
    ("optional: falsy values are null", "None if value is None else check(value, *bounds)", "check(value, *bounds) if value else None", {"/coupon": ""}),
    ("optional: zero is null", "None if value is None else check(value, *bounds)", "None if value is None or value == 0 else check(value, *bounds)", {"/weight": 0}),
    ("optional: an empty string is null", "None if value is None else check(value, *bounds)", "None if value in (None, '') else check(value, *bounds)", {"/coupon": ""}),
    ("optional: the word null", "None if value is None else check(value, *bounds)", "None if value in (None, 'null') else check(value, *bounds)", {"/gift": "null"}),
    ("optional: errors are null", "    return None if value is None else check(value, *bounds)", "    try:\n        return None if value is None else check(value, *bounds)\n    except ValueError:\n        return None", {"/coupon": 5}),
    ("optional: not checked", "None if value is None else check(value, *bounds)", "value", {"/coupon": 5}),
    ("email: an empty string is null", 'value.get("email")', 'value.get("email") or None', {"/customer/email": ""}),
    ("email: never null", 'optional(value.get("email"), checks.email)', 'checks.email(value["email"]) if "email" in value else None', {"/customer/email": None}),
    ("email: required", 'value.get("email")', 'required(value, "email")', {"/customer/email": GONE}),
    ("email: not checked", "checks.email)", "checks.text)", {"/customer/email": "ann"}),
    ("age: zero refused", 'optional(value.get("age"), checks.integer', 'optional(value.get("age"), careless.truthy_integer', {"/customer/age": 0}),
    ("age: KeyError if missing", 'value.get("age")', 'value["age"]', {"/customer/age": GONE}),
    ("age: -1", "0, 150)", "-1, 150)", {"/customer/age": -1}),
    ("age: 151", "0, 150)", "0, 151)", {"/customer/age": 151}),
    ("age: 150 refused", "0, 150)", "0, 149)", {"/customer/age": 150}),
    ("age: as a string", 'value.get("age"), checks.integer', 'value.get("age"), careless.read_integer', {"/customer/age": "30"}),
    ("age: true", 'value.get("age"), checks.integer', 'value.get("age"), careless.boolean_integer', {"/customer/age": True}),
    ("age: cut", 'value.get("age"), checks.integer', 'value.get("age"), careless.cut_integer', {"/customer/age": 1.5}),
    ("name: may be missing", 'required(value, "name")', 'value.get("name", "?")', {"/customer/name": GONE}),
    ("name: null", 'checks.text(required(value, "name")', 'careless.text_or_null(required(value, "name")', {"/customer/name": None}),
    ("name: empty", '"name"), 1, 40)', '"name"), 0, 40)', {"/customer/name": ""}),
    ("name: 41 long", '"name"), 1, 40)', '"name"), 1, 41)', {"/customer/name": "x" * 41}),
    ("name: printable", 'checks.text(required(value, "name")', 'careless.printable_text(required(value, "name")', {"/customer/name": "a\tb"}),
    # items
    ("items: none", '"items"), 1)', '"items"), 0)', {"/items": []}),
    ("items: may be missing", 'required(payload, "items")', 'payload.get("items", [{"product": 1}])', {"/items": GONE}),
    ("items: an object", 'checks.items(required(payload, "items"), 1)', 'careless.items_or_one(required(payload, "items"), 1)', {"/items": ORDER["items"][0]}),
    ("items: the first checked", "for item in items]", "for item in items[:1]]", {"/items/1": None}),
    ("items: those that are objects", "for item in items]", "for item in items if type(item) is dict]", {"/items/1": "x"}),
    ("product: zero", '"product"), 1)', '"product"), 0)', {"/items/0/product": 0}),
    ("product: null", "checks.integer(required(value", "careless.nullable_integer(required(value", {"/items/0/product": None}),
    ("product: TypeError on a string", "checks.integer(required(value", "careless.unchecked_integer(required(value", {"/items/0/product": "1"}),
    ("quantity: null", 'checks.integer(value.get("quantity", 1)', 'careless.nullable_integer(value.get("quantity", 1)', {"/items/0/quantity": None}),
    ("quantity: null is the default", 'value.get("quantity", 1)', '1 if value.get("quantity") is None else value["quantity"]', {"/items/0/quantity": None}),
    ("quantity: zero is the default", 'value.get("quantity", 1)', '1 if value.get("quantity") == 0 else value.get("quantity", 1)', {"/items/0/quantity": 0}),
    ("quantity: required", 'value.get("quantity", 1)', 'required(value, "quantity")', {"/items/0/quantity": GONE}),
    ("quantity: 500 refused", "1, 500)", "1, 499)", {"/items/0/quantity": 500}),
    ("quantity: 501", "1, 500)", "1, 501)", {"/items/0/quantity": 501}),
    ("note: never empty", "0, 80)", "1, 80)", {"/items/0/note": ""}),
    ("note: 81 long", "0, 80)", "0, 81)", {"/items/0/note": "x" * 81}),
    ("note: fails if empty", 'optional(value.get("note"), checks.text', 'optional(value.get("note"), careless.first_letter_text', {"/items/0/note": ""}),
    ("note: a number", 'optional(value.get("note"), checks.text', 'optional(value.get("note"), careless.any_text', {"/items/0/note": 5}),
    ("note: missing is an error", 'value.get("note")', 'value["note"]', {"/items/0/note": GONE}),
    ("discount: above 1", "checks.number, 0, 1)", "checks.number, 0, 1.01)", {"/items/0/discount": 1.005}),
    ("discount: in percent", "checks.number, 0, 1)", "checks.number, 0, 100)", {"/items/0/discount": 50}),
    ("discount: 0 refused", "checks.number, 0, 1)", "checks.positive, 1)", {"/items/0/discount": 0}),
    ("discount: bounds excluded", "checks.number, 0, 1)", "careless.open_number, 0, 1)", {"/items/0/discount": 1}),
    ("discount: never an integer", "checks.number, 0, 1)", "careless.float_only, 0, 1)", {"/items/0/discount": 1}),
    ("discount: as a string", "checks.number, 0, 1)", "careless.read_number, 0, 1)", {"/items/0/discount": "0.5"}),
    ("discount: true", "checks.number, 0, 1)", "careless.boolean_number, 0, 1)", {"/items/0/discount": True}),
    # the rest
    ("number: lower case", "[A-Z]{2}-", "[A-Za-z]{2}-", {"/number": "ab-1234"}),
    ("number: seven digits", r"\d{4,6}", r"\d{4,7}", {"/number": "AB-1234567"}),
    ("number: four digits only", r"\d{4,6}", r"\d{4}", {"/number": "AB-123456"}),
    ("number: stripped", 'checks.matching(required(payload', 'careless.strip_matched(required(payload', {"/number": " AB-1234"}),
    ("priority: null", 'checks.one_of(payload.get("priority", "normal")', 'checks.one_of(payload.get("priority") or "normal"', {"/priority": None}),
    ("priority: an unknown one is normal", 'checks.one_of(payload.get("priority", "normal"), PRIORITIES)', '(lambda value: value if value in PRIORITIES else "normal")(payload.get("priority"))', {"/priority": "x"}),
    ("priority: fails on an array", 'checks.one_of(payload', 'careless.hashed_one_of(payload', {"/priority": []}),
    ("priority: its index", 'checks.one_of(payload', 'careless.index_or_one_of(payload', {"/priority": "1"}),
    ("coupon: 3 long", "4, 8)", "3, 8)", {"/coupon": "ABC"}),
    ("coupon: 9 long", "4, 8)", "4, 9)", {"/coupon": "A" * 9}),
    ("coupon: 8 long refused", "4, 8)", "4, 7)", {"/coupon": "A" * 8}),
    ("weight: zero", "checks.positive, 1000)", "checks.number, 0, 1000)", {"/weight": 0}),
    ("weight: 1001", "checks.positive, 1000)", "checks.positive, 1001)", {"/weight": 1001}),
    ("weight: no exponent", "checks.positive, 1000)", "careless.plain_number, 5e-324, 1000)", {"/weight": 1e-7}),
    ("gift: a string", "checks.flag)", "careless.flag_or_text)", {"/gift": "true"}),
    ("gift: 0 or 1", "checks.flag)", "careless.flag_or_number)", {"/gift": 1}),
    ("gift: truth", "checks.flag)", "careless.truth)", {"/gift": "x"}),
    ("due: a date-time", "checks.date)", "careless.cut_date)", {"/due": "2025-03-15T14:30:00Z"}),
    ("due: not in the calendar", "checks.date)", "careless.days_date)", {"/due": "2025-02-30"}),
    ("due: empty", 'payload.get("due")', 'payload.get("due") or None', {"/due": ""}),
    ("tags: null", 'payload.get("tags", [])', 'payload.get("tags") or []', {"/tags": None}),
    ("tags: a string", "checks.items(value, 0, 5)", "careless.sequence(value, 0, 5)", {"/tags": "ab"}),
    ("tags: an empty tag", "checks.text(tag, 1, 10)", "checks.text(tag, 0, 10)", {"/tags": [""]}),
    ("tags: 11 long", "checks.text(tag, 1, 10)", "checks.text(tag, 1, 11)", {"/tags": ["x" * 11]}),
    ("tags: six", "checks.items(value, 0, 5)", "checks.items(value, 0, 6)", {"/tags": ["a"] * 6}),
    ("tags: required", 'payload.get("tags", [])', 'payload["tags"]', {"/tags": GONE}),
    ("extra: values not checked", "checks.integer(count, 0)", "count", {"/extra/x": "a"}),
    ("extra: a negative count", "checks.integer(count, 0)", "checks.integer(count, -1)", {"/extra/x": -1}),
    ("extra: null counts", "checks.integer(count, 0)", "careless.nullable_integer(count, 0)", {"/extra/x": None}),
    ("extra: a list of pairs", "checks.record(value).items()", "careless.pairs_or_record(value).items()", {"/extra": [["x", 1]]}),
    ("contact: true is 1", "type(value) is int:", "isinstance(value, int):\n        value += 100 * (value is True)", {"/contact": True}),
    ("contact: 99", "checks.integer(value, 100)", "checks.integer(value, 99)", {"/contact": 99}),
    ("contact: two letters", "checks.text(value, 3)", "checks.text(value, 2)", {"/contact": "ab"}),
    ("contact: digits are a number", "type(value) is int:", "type(value) is int or str(value).isdigit():\n        value = int(value)", {"/contact": "050"}),
    ("contact: any number", "checks.integer(value, 100)", "value", {"/contact": 5}),
    ("contact: strings only", "type(value) is int:", "False:", {"/contact": 100}),
]
# fmt: on

SUBJECT = Subject("optional_order", DOCUMENT, optional_order, tuple(mutants(ORDER, ROWS)))
