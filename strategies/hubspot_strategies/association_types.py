"""Object types and association types of HubSpot's CRM, with the formats that its API uses for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

API_URL = "https://api.hubapi.com"

PLURAL_NAMES = {"contact": "contacts", "company": "companies", "deal": "deals", "ticket": "tickets"}
"""Name of each object type in URLs, by its singular name."""


@dataclass(frozen=True, slots=True)
class AssociationType:
    """Kind of relation between two objects.

    Attributes:
        category: ``HUBSPOT_DEFINED``, ``USER_DEFINED`` or ``INTEGRATOR_DEFINED``.
        type_id: id, unique within its category.
        label: name that HubSpot shows to users; None for an unlabelled type.

    """

    category: str
    type_id: int
    label: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the type in the format of the API. An absent label is omitted."""
        fields: dict[str, Any] = {"associationCategory": self.category, "associationTypeId": self.type_id}
        return fields if self.label is None else {**fields, "label": self.label}


@dataclass(frozen=True, slots=True)
class ObjectPair:
    """Two object types with the association types that HubSpot defines between them.

    Attributes:
        source: singular name of the first object type.
        target: singular name of the second object type.
        unlabelled: association type without a label.
        primary: association type with the label ``Primary``; None if HubSpot defines none for this pair.

    """

    source: str
    target: str
    unlabelled: AssociationType
    primary: AssociationType | None = None

    @property
    def url(self) -> str:
        """URL of the endpoint that reads associations between these object types."""
        return f"{API_URL}/crm/v4/associations/{PLURAL_NAMES[self.source]}/{PLURAL_NAMES[self.target]}/batch/read"


def _pair(source: str, target: str, unlabelled_id: int, primary_id: int | None = None) -> ObjectPair:
    primary = None if primary_id is None else AssociationType("HUBSPOT_DEFINED", primary_id, "Primary")
    return ObjectPair(source, target, AssociationType("HUBSPOT_DEFINED", unlabelled_id), primary)


OBJECT_PAIRS = (
    _pair("contact", "company", 279, 1),
    _pair("company", "contact", 280, 2),
    _pair("deal", "company", 341, 5),
    _pair("deal", "contact", 3),
    _pair("contact", "deal", 4),
    _pair("company", "deal", 342, 6),
    _pair("ticket", "contact", 16),
    _pair("ticket", "company", 339, 26),
)
"""Pairs with HubSpot's own type ids. Source: list of association type ids in the guide to the associations API, version 4."""

CUSTOM_TYPES = (
    AssociationType("USER_DEFINED", 31, "Decision maker"),
    AssociationType("USER_DEFINED", 33, "Billing contact"),
    AssociationType("INTEGRATOR_DEFINED", 1047, "Synced account"),
)
"""Association types that users or integrations have added to an account. No id is used in ``OBJECT_PAIRS``."""


def format_timestamp(timestamp: datetime) -> str:
    """Return a UTC timestamp in the format of the API: with milliseconds, which are omitted if they are zero."""
    precision = "milliseconds" if timestamp.microsecond else "seconds"
    return timestamp.replace(tzinfo=None).isoformat(timespec=precision) + "Z"
