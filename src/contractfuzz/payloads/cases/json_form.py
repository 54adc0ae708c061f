"""Cases as JSON objects, and back again: in kept files, in fixtures and in reports."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from functools import partial
from typing import Any

from contractfuzz.payloads.cases.case import ABSENT, Case, Expectation, Kind


def record_of(case: Case) -> dict[str, Any]:
    """Return all that a case is, as a JSON object."""
    return {
        "kind": case.kind,
        "label": case.label,
        "description": case.description,
        "pointer": case.pointer,
        "expectation": case.expectation,
        **body_of(case),
    }


def body_of(case: Case) -> dict[str, Any]:
    """Return the ``payload`` of a case, or where it has none its ``body`` in base64 (RFC 4648, section 4)."""
    return {"body": b64encode(case.body).decode()} if case.payload is ABSENT else {"payload": case.payload}


def case_of(record: Mapping[str, Any], kind: Kind, expectation: Expectation) -> Case:
    """Return the case that a record holds, of a kind and an expectation that are known from elsewhere.

    Raises:
        KeyError, TypeError, ValueError: it is no record of a case.

    """
    raw = None if "payload" in record else partial(bytes, b64decode(record["body"], validate=True))
    return Case(
        kind=kind,
        payload=record.get("payload", ABSENT),
        label=record["label"],
        description=record["description"],
        pointer=record["pointer"],
        expectation=expectation,
        raw=raw,
    )
