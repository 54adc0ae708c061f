"""Small documents that together have every kind of violation, for explanations without a contract that has it."""

from __future__ import annotations

from typing import Any

from contractfuzz.payloads.values.formats import FORMAT_MISTAKES

Properties = dict[str, Any]
"""The schemas of the properties of an object, by name."""

_STRUCTURE = "https://json-structure.org/meta/validation/v0/#"
_TEXT, _INTEGER = {"type": "string"}, {"type": "integer"}
_TEXTS = {"type": "array", "items": _TEXT}


def _object(properties: Properties, *required: str, **keywords: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), **keywords}


def _branch(tag: str, name: str, schema: Properties) -> dict[str, Any]:
    return _object({"type": {"const": tag}, name: schema}, "type", name)


_EVENT = {"oneOf": [_branch("user.created", "email", _TEXT), _branch("user.deleted", "id", _INTEGER)]}

_CARD, _TRANSFER = _object({"card": _TEXT}, "card"), _object({"iban": _TEXT}, "iban")

_CONDITION: dict[str, Any] = {
    "if": {"properties": {"status": {"const": "sent"}}, "required": ["status"]},
    "then": {"required": ["trackingId"]},
    "else": {"required": ["reason"]},
}

_EXAMPLES: dict[str, Properties] = {
    "type": {
        "name": _TEXT,
        "count": _INTEGER,
        "price": {"type": "number"},
        "active": {"type": "boolean"},
        "owner": _object({"id": _TEXT}),
        "tags": _TEXTS,
        "removed": {"type": "null"},
        "postcode": {"type": "string", "pattern": "^[1-9][0-9]{4}$"},
    },
    "required": {"order": _object({"id": _TEXT}, "id")},
    "dependentRequired": {
        "price": _object({"amount": _INTEGER, "currency": _TEXT}, dependentRequired={"amount": ["currency"]})
    },
    "minProperties": {"changes": {"type": "object", "additionalProperties": _TEXT, "minProperties": 1}},
    "maxProperties": {"labels": {"type": "object", "additionalProperties": _TEXT, "maxProperties": 2}},
    "additionalProperties": {
        "owner": _object({"id": _TEXT}, additionalProperties=False),
        "names": {"type": "object", "patternProperties": {"^[a-z]{2}$": _TEXT}, "additionalProperties": False},
    },
    "propertyNames": {
        "rates": {
            "type": "object",
            "additionalProperties": _INTEGER,
            "propertyNames": {"type": "string", "pattern": "^[A-Z]{3}$"},
        }
    },
    "minItems": {"tags": {**_TEXTS, "minItems": 1}},
    "maxItems": {"tags": {**_TEXTS, "maxItems": 2}},
    "uniqueItems": {"tags": {**_TEXTS, "uniqueItems": True}},
    "items": {"position": {"type": "array", "prefixItems": [_INTEGER, _INTEGER], "minItems": 2, "items": False}},
    "contains": {"roles": {**_TEXTS, "contains": {"const": "owner"}}},
    "minContains": {"roles": {**_TEXTS, "contains": {"const": "player"}, "minContains": 2}},
    "maxContains": {"roles": {**_TEXTS, "contains": {"const": "owner"}, "maxContains": 1}},
    "minLength": {"name": {"type": "string", "minLength": 2}},
    "maxLength": {"name": {"type": "string", "maxLength": 5}},
    "minimum": {"quantity": {"type": "integer", "minimum": 1}},
    "exclusiveMinimum": {"price": {"type": "number", "exclusiveMinimum": 0}},
    "maximum": {"percent": {"type": "integer", "maximum": 100}},
    "exclusiveMaximum": {"rate": {"type": "number", "exclusiveMaximum": 1}},
    "multipleOf": {"quantity": {"type": "integer", "multipleOf": 10}},
    "enum": {
        "status": {"type": "string", "enum": ["active", "closed"]},
        "level": {"enum": [1, 2]},
        "flag": {"enum": [True]},
        "size": {"enum": ["small", "large"]},
    },
    "const": {
        "kind": {"type": "string", "const": "order"},
        "version": {"const": 2},
        "enabled": {"const": True},
        "unit": {"const": "kg"},
    },
    "tag": {
        "event": _EVENT,
        "shape": {"oneOf": [_object({"type": {"const": number}, "size": _INTEGER}, "type") for number in (1, 2)]},
        "setting": {"oneOf": [_object({"on": {"const": flag}, "size": _INTEGER}, "on") for flag in (True, False)]},
    },
    "oneOf": {
        "payment": {"oneOf": [_CARD, _TRANSFER]},
        "event": _EVENT,
        "id": {"oneOf": [_TEXT, _INTEGER]},
    },
    "anyOf": {
        "payment": {"anyOf": [_CARD, _TRANSFER]},
        "event": {"anyOf": _EVENT["oneOf"]},
        "id": {"anyOf": [_TEXT, _INTEGER]},
    },
    "allOf": {"count": {"allOf": [_INTEGER, {"multipleOf": 2}, {"multipleOf": 3}]}},
    "not": {"name": {"type": "string", "not": {"const": "admin"}}},
    "then": {"order": _object({"status": _TEXT, "trackingId": _TEXT, "reason": _TEXT}, **_CONDITION)},
    "else": {"order": _object({"status": _TEXT, "trackingId": _TEXT, "reason": _TEXT}, **_CONDITION)},
    "dependentSchemas": {
        "order": _object({"coupon": _TEXT, "total": _INTEGER}, dependentSchemas={"coupon": {"required": ["total"]}})
    },
    "unevaluatedProperties": {"owner": _object({"id": _TEXT}, unevaluatedProperties=False)},
    "unevaluatedItems": {
        "position": {"type": "array", "prefixItems": [_INTEGER, _INTEGER], "minItems": 2, "unevaluatedItems": False}
    },
    "pattern": {
        "code": {"type": "string", "pattern": "^[A-Z]{2}-[0-9]{4}$"},
        "version": {"type": "string", "pattern": r"^(v[0-9]+\.)?[0-9]+\.[0-9]+(-[a-z]{2,8})?$"},
        "number": {"type": "string", "pattern": "^[0-9]{1,6}$"},
        "amount": {"type": "string", "pattern": r"^[0-9]+\.[0-9]{2}$"},
        "iban": {"type": "string", "pattern": "^[A-Z]{2}[0-9]{2}( [0-9]{4}){2,3}$"},
        "word": {"type": "string", "pattern": "^[a-z]+$"},
    },
    "format": {name: {"type": "string", "format": name} for name in ("date-time", *FORMAT_MISTAKES)},
}

_ENCODED: Properties = {
    "id": {"type": "int64"},
    "amount": {"type": "decimal", "precision": 8, "scale": 2, "minimum": "0.01", "maximum": "1000.00"},
    "rate": {"type": "decimal", "exclusiveMinimum": "0", "exclusiveMaximum": "1", "scale": 4},
    "data": {"type": "binary", "contentEncoding": "base64"},
}
"""Values that JSON Structure writes as strings."""


def example_documents(keyword: str) -> list[dict[str, Any]]:
    """Return the documents that have violations of a keyword, the simplest one first; none for an unknown keyword."""
    if keyword not in _EXAMPLES:
        return []
    documents = [_object(_EXAMPLES[keyword], **{"$schema": "https://json-schema.org/draft/2020-12/schema"})]
    if keyword == "pattern":
        documents.append(
            {"$schema": _STRUCTURE, "$id": "urn:example", "name": "Example", "type": "object", "properties": _ENCODED}
        )
    return documents


PLAIN_DOCUMENT = _object(
    {
        "id": _TEXT,
        "amount": {"type": "number"},
        "count": {"type": "integer", "maximum": 10**12},
        "active": {"type": "boolean"},
        "status": {"enum": ["OPEN", "CLOSED"]},
        "createdAt": {"type": "string", "format": "date-time"},
        "dueOn": {"type": "string", "format": "date"},
        "tags": _TEXTS,
        "prices": {"type": "object", "additionalProperties": _INTEGER},
        "owner": _object({"id": _TEXT}, "id"),
        "event": _EVENT,
    },
    "id",
    **{"$schema": "https://json-schema.org/draft/2020-12/schema"},
)
"""A document to which each possible change applies."""
