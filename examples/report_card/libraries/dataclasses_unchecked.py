"""Dataclasses without checks, except that enumerations and date-times reject the values that they cannot parse."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    CANCELED = "CANCELED"
    COMPLETE = "COMPLETE"


class Category(StrEnum):
    HUBSPOT_DEFINED = "HUBSPOT_DEFINED"
    USER_DEFINED = "USER_DEFINED"
    INTEGRATOR_DEFINED = "INTEGRATOR_DEFINED"


@dataclass
class AssociationType:
    category: Category
    type_id: int
    label: str | None

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> AssociationType:
        return cls(Category(data["associationCategory"]), data["associationTypeId"], data.get("label"))


@dataclass
class Association:
    to_object_id: str
    types: list[AssociationType]

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Association:
        return cls(data["toObjectId"], [AssociationType.from_json(item) for item in data["associationTypes"]])


@dataclass
class Result:
    from_id: str
    to: list[Association]
    after: str | None

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Result:
        return cls(
            from_id=data["from"]["id"],
            to=[Association.from_json(item) for item in data["to"]],
            after=data.get("paging", {}).get("next", {}).get("after"),
        )


@dataclass
class Problem:
    status: str
    category: str
    message: str
    context: dict[str, list[str]]

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Problem:
        return cls(data["status"], data["category"], data["message"], data.get("context", {}))


@dataclass
class Response:
    status: Status
    results: list[Result]
    started_at: datetime
    completed_at: datetime
    num_errors: int
    errors: list[Problem]

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Response:
        return cls(
            status=Status(data["status"]),
            results=[Result.from_json(item) for item in data["results"]],
            started_at=datetime.fromisoformat(data["startedAt"]),
            completed_at=datetime.fromisoformat(data["completedAt"]),
            num_errors=data.get("numErrors", 0),
            errors=[Problem.from_json(item) for item in data.get("errors", [])],
        )


def read(body: bytes) -> Response:
    return Response.from_json(json.loads(body))
