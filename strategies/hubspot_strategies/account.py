"""Simulated HubSpot account: its objects and their associations.

The mock server and the page sequences read from it. An object has the same associations in every response.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from contractfuzz.payloads.choices.seeded import SeededChoices
from hubspot_strategies.association_types import (
    CUSTOM_TYPES,
    OBJECT_PAIRS,
    PLURAL_NAMES,
    AssociationType,
    format_timestamp,
)
from hubspot_strategies.realistic import pick

OBJECT_TYPE_NAMES = (
    {name: name for name in PLURAL_NAMES}
    | {plural: name for name, plural in PLURAL_NAMES.items()}
    | {"0-1": "contact", "0-2": "company", "0-3": "deal", "0-5": "ticket"}
)
"""Singular name of each object type, by every name that the API accepts: singular, plural and type id."""

ASSOCIATION_COUNTS = (1, 1, 1, 1, 2, 2, 3, 5)
"""Numbers of associations per object. Never zero: HubSpot does not list objects without associations as results."""

TARGET_ID_STEP = 8
"""Size of the window from which each associated object gets its id. The windows do not overlap, so the ids are distinct."""

FIRST_REQUEST_TIME = datetime(2024, 1, 1, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Account:
    """Associations from objects of one type to objects of another.

    Attributes:
        source: first object type, as in the URL: ``contacts``, ``company``, ``0-3``, ``2-1234567``.
        target: second object type, likewise.
        seed: the same seed gives the same associations.

    """

    source: str = "contacts"
    target: str = "companies"
    seed: int = 0

    def has_object(self, object_id: str) -> bool:
        """Return True if the object exists: every decimal number is the id of an object."""
        return object_id.isascii() and object_id.isdecimal()

    def association_count(self, object_id: str) -> int:
        """Return the default number of associations of an object."""
        return pick(ASSOCIATION_COUNTS, self._random_bytes(object_id, "size", 1)[0])

    def associations(self, object_id: str) -> Iterator[dict[str, Any]]:
        """Yield the associations of an object without end. All are distinct, and the order is stable."""
        names = self._object_type_names
        pair = next((pair for pair in OBJECT_PAIRS if (pair.source, pair.target) == names), None)
        unlabelled = pair.unlabelled if pair else CUSTOM_TYPES[-1]
        primary = pair.primary if pair else None
        first_id = 10**9 + int.from_bytes(self._random_bytes(object_id, "first", 3))
        for index in count():
            offset, custom = self._random_bytes(object_id, str(index), 2)
            target_id = str(first_id + TARGET_ID_STEP * index + offset % TARGET_ID_STEP)
            if target_id == object_id:
                target_id = str(first_id + TARGET_ID_STEP * index + (offset + 1) % TARGET_ID_STEP)
            types = [unlabelled]
            if index == 0 and primary is not None:
                # An object has at most one primary company.
                types.append(primary)
            if custom >= 192 and CUSTOM_TYPES[custom % 2] not in types:
                types.append(CUSTOM_TYPES[custom % 2])
            yield association_json(target_id, types)

    def missing_object_error(self, object_id: str, object_type: str) -> dict[str, Any]:
        """Return the error for an object that does not exist."""
        return error_json(
            "OBJECT_NOT_FOUND", f"No object of the type {object_type} has the id {object_id!r}.", ids=[object_id]
        )

    @property
    def _object_type_names(self) -> tuple[str, str]:
        return (
            OBJECT_TYPE_NAMES.get(self.source.lower(), self.source),
            OBJECT_TYPE_NAMES.get(self.target.lower(), self.target),
        )

    def _random_bytes(self, object_id: str, purpose: str, width: int) -> bytes:
        key = "/".join((str(self.seed), *self._object_type_names, object_id, purpose))
        return SeededChoices(key.encode()).block(width)


def association_json(target_id: str, types: Sequence[AssociationType]) -> dict[str, Any]:
    """Return an association in the format of the API."""
    return {"toObjectId": target_id, "associationTypes": [association_type.to_json() for association_type in types]}


def error_json(category: str, message: str, **context: Sequence[str]) -> dict[str, Any]:
    """Return an item of a response's ``errors`` in the format of the API."""
    return {"status": "error", "category": category, "message": message, "context": {**context}}


def response_json(
    request_number: int, results: Sequence[Mapping[str, Any]], errors: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Return a COMPLETE response in the format of the API.

    Args:
        request_number: number of the request within its test. Each response is dated one second after the previous one.
        results: items of ``results``.
        errors: items of ``errors``. Without errors, ``errors`` and ``numErrors`` are omitted.

    """
    started = FIRST_REQUEST_TIME + timedelta(seconds=request_number)
    response: dict[str, Any] = {
        "status": "COMPLETE",
        "results": list(results),
        "requestedAt": format_timestamp(started - timedelta(milliseconds=5)),
        "startedAt": format_timestamp(started),
        "completedAt": format_timestamp(started + timedelta(milliseconds=15)),
    }
    if errors:
        response |= {"numErrors": len(errors), "errors": list(errors)}
    return response
