"""Second draft: dataclasses with a few hand-written checks."""

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
    """Parse a response.

    Raises:
        ValueError: the body breaks the contract in a way that the checks detect.

    """
    payload = json.loads(body)
    _expect(isinstance(payload, dict), "the response is not an object")
    status = _field(payload, "status", str)
    _expect(status in STATUSES, f"unknown status {status!r}")
    num_errors = payload.get("numErrors", 0)
    _expect(isinstance(num_errors, int), "numErrors is not an integer")
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
    types = [_association_type(association_type) for association_type in _field(item, "associationTypes", list)]
    return Association(_field(item, "toObjectId", str), types)


def _association_type(item: Any) -> AssociationType:
    category = _field(item, "associationCategory", str)
    _expect(category in CATEGORIES, f"unknown category {category!r}")
    return AssociationType(category, _field(item, "associationTypeId", int), item.get("label"))


def _instant(payload: dict[str, Any], name: str) -> datetime:
    # Accepts more than RFC 3339: dates alone, times without an offset, and the compact form.
    return datetime.fromisoformat(_field(payload, name, str))


def _field(item: Any, name: str, kind: type) -> Any:
    _expect(isinstance(item, dict), f"the parent of {name} is not an object")
    _expect(name in item, f"{name} is missing")
    # In Python, a boolean is an integer.
    _expect(isinstance(item[name], kind), f"{name} is not of the type {kind.__name__}")
    return item[name]


def _expect(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)
