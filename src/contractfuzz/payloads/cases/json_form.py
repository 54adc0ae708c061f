"""Cases as JSON objects: in kept files, in generated tests and in reports."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from functools import partial
from typing import Any

from contractfuzz.json_values import JsonObject, member
from contractfuzz.payloads.cases.case import ABSENT, Case, Expectation, Kind


def case_to_json(case: Case) -> JsonObject:
    """Return all attributes of a case as a JSON object."""
    return {**attributes_to_json(case), **content_to_json(case)}


def attributes_to_json(case: Case) -> JsonObject:
    """Return the attributes of a case as a JSON object, without its payload and body."""
    return {
        "kind": case.kind,
        "label": case.label,
        "description": case.description,
        "pointer": case.pointer,
        "expectation": case.expectation,
        **second_to_json(case),
    }


def second_to_json(case: Case) -> JsonObject:
    """Return an object with the ``second`` fault of a case: its label and its pointer. It is empty if there is one fault only."""
    return {} if case.second is None else {"second": {"label": case.second[0], "pointer": case.second[1]}}


def content_to_json(case: Case) -> JsonObject:
    """Return an object with the ``payload`` of a case, or with its ``body`` in base64 (RFC 4648, section 4) if it has none.

    If the body is not the compact JSON of the payload, ``text`` is its JSON.
    """
    if case.payload is ABSENT:
        return {"body": b64encode(case.body).decode()}
    return {"payload": case.payload, **({"text": case.body.decode()} if case.is_spelled else {})}


def case_from_json(record: Mapping[str, Any], kind: Kind, expectation: Expectation) -> Case:
    """Return the case that a JSON object represents.

    Args:
        record: an object with the keys that ``case_to_json`` gives it; ``kind`` and ``expectation`` may be missing.
        kind: the kind of the case.
        expectation: the expectation of the case.

    Raises:
        KeyError, TypeError, ValueError: the object does not represent a case.

    """
    raw = None
    if "payload" not in record:
        raw = partial(bytes, b64decode(record["body"], validate=True))
    elif "text" in record:
        raw = partial(bytes, member(record, "text", str).encode())
    second = record.get("second")
    return Case(
        kind=kind,
        payload=record.get("payload", ABSENT),
        label=member(record, "label", str, type(None)),
        description=member(record, "description", str),
        pointer=member(record, "pointer", str, type(None)),
        expectation=expectation,
        raw=raw,
        second=None if second is None else (member(second, "label", str), member(second, "pointer", str)),
    )
