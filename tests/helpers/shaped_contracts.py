"""Contracts of different shapes, each with a payload as a service would send it."""

from __future__ import annotations

from contractfuzz import Contract

DRAFT = "https://json-schema.org/draft/2020-12/schema"
STRING = {"type": "string"}


def _record(required=(), **properties):
    return {"type": "object", "properties": properties, "required": list(required)}


def _event(tag, **properties):
    return _record(["type", *properties], type={"const": tag}, **properties)


EVENTS = {
    "oneOf": [
        _event("user.created", email={"type": "string", "minLength": 3}, age={"type": "integer", "minimum": 0}),
        _event("user.deleted", id={"type": "integer", "minimum": 1}),
    ]
}

SCHEMAS = {
    "order": _record(
        ["id", "lines", "placed"],
        id={"type": "string", "pattern": "^[A-Z]{2}-[0-9]{4}$"},
        placed={"type": "string", "format": "date-time"},
        status={"enum": ["OPEN", "PAID"]},
        lines={
            "type": "array",
            "minItems": 1,
            "maxItems": 3,
            "items": _record(["sku"], sku=STRING, count={"type": "integer", "minimum": 1, "multipleOf": 5}),
        },
        note={"anyOf": [{"type": "string", "maxLength": 20}, {"type": "null"}]},
        customer={"oneOf": [_record(["name"], name=STRING), {"type": "null"}]},
    ),
    "event": _record(["event"], event=EVENTS),
    "events": {"type": "array", "items": EVENTS},
    "tagged root": EVENTS,
    "map": _record(
        ["rates"],
        rates={"type": "object", "additionalProperties": {"type": "number", "exclusiveMinimum": 0}, "minProperties": 1},
        labels={"type": "object", "patternProperties": {"^x-": {"type": "string"}}, "additionalProperties": False},
    ),
    "tree": {"$ref": "#/$defs/node", "$defs": {"node": _record(["id"], id=STRING, child={"$ref": "#/$defs/node"})}},
    "guarded": {
        **_record(["kind"], kind=STRING, size={"type": "integer"}, tags={"type": "array", "uniqueItems": True}),
        "if": {"properties": {"kind": {"const": "box"}}},
        "then": {"required": ["size"]},
        "not": {"required": ["secret"]},
        "dependentRequired": {"tags": ["size"]},
        "maxProperties": 4,
    },
}

PAYLOADS = {
    "order": {
        "id": "QX-7781",
        "placed": "2024-05-06T07:08:09.125+02:00",
        "status": "PAID",
        "lines": [{"sku": "A-17", "count": 15}, {"sku": "B-99"}],
        "note": None,
    },
    "event": {"event": {"type": "user.created", "email": "ann@example.org", "age": 42}},
    "events": [
        {"type": "user.created", "email": "ann@example.org", "age": 42},
        {"type": "user.deleted", "id": 7781},
    ],
    "tagged root": {"type": "user.created", "email": "ann@example.org", "age": 42},
    "map": {"rates": {"EUR": 1.25, "CHF": 2.5}},
    "tree": {"id": "root", "child": {"id": "leaf"}},
    "guarded": {"kind": "box", "size": 7781, "other": "ann"},
}


def shaped_contract(name):
    """Return the contract with one of the schemas."""
    return Contract.load({"$schema": DRAFT, **SCHEMAS[name]}, name=name)
