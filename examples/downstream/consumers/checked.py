"""The second draft: dataclasses, filled by hand, with the checks that came to mind."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

STATUSES = {"PENDING", "PROCESSING", "CANCELED", "COMPLETE"}
CATEGORIES = {"HUBSPOT_DEFINED", "USER_DEFINED", "INTEGRATOR_DEFINED"}


@dataclass
class AssociationType:
    category: str
    type_id: int
    label: str | None


@dataclass
class Association:
    to_object_id: str
    types: list[AssociationType]


@dataclass
class Result:
    from_id: str
    to: list[Association]
    after: str | None


@dataclass
class Response:
    status: str
    results: list[Result]
    started_at: datetime
    completed_at: datetime
    num_errors: int
    messages: list[str]


def read(body: bytes) -> Response:
    """Return the response that a body holds; ValueError for one that is not as it should be."""
    payload = json.loads(body)
    _expect(isinstance(payload, dict), "the response is no object")
    status = _field(payload, "status", str)
    _expect(status in STATUSES, f"unknown status {status!r}")
    num_errors = payload.get("numErrors", 0)
    _expect(isinstance(num_errors, int), "numErrors is no integer")
    return Response(
        status=status,
        results=[_result(item) for item in _field(payload, "results", list)],
        started_at=_instant(payload, "startedAt"),
        completed_at=_instant(payload, "completedAt"),
        num_errors=num_errors,
        messages=[_field(error, "message", str) for error in payload.get("errors", [])],
    )


def _result(item: Any) -> Result:
    paging = item.get("paging", {})
    return Result(
        from_id=_field(_field(item, "from", dict), "id", str),
        to=[_association(association) for association in _field(item, "to", list)],
        after=paging.get("next", {}).get("after"),
    )


def _association(item: Any) -> Association:
    types = [_association_type(one) for one in _field(item, "associationTypes", list)]
    return Association(_field(item, "toObjectId", str), types)


def _association_type(item: Any) -> AssociationType:
    category = _field(item, "associationCategory", str)
    _expect(category in CATEGORIES, f"unknown category {category!r}")
    return AssociationType(category, _field(item, "associationTypeId", int), item.get("label"))


def _instant(payload: dict[str, Any], name: str) -> datetime:
    # Takes more than RFC 3339 allows: dates alone, times without an offset, the compact form.
    return datetime.fromisoformat(_field(payload, name, str))


def _field(item: Any, name: str, kind: type) -> Any:
    _expect(isinstance(item, dict), f"what should hold {name} is no object")
    _expect(name in item, f"{name} is missing")
    # A boolean passes for an integer here, as it does in all of Python.
    _expect(isinstance(item[name], kind), f"{name} is no {kind.__name__}")
    return item[name]


def _expect(truth: bool, otherwise: str) -> None:
    if not truth:
        raise ValueError(otherwise)
