"""Reader of an event of one of four types."""

from __future__ import annotations

from typing import Any

from mutants import checks
from mutants.checks import required

ROLES = ("admin", "editor", "viewer")
REASONS = ("request", "abuse", "inactivity")
COUNTRIES = ("DE", "FR", "US")


def read_created(event: dict[str, Any]) -> dict[str, Any]:
    roles = checks.items(required(event, "roles"), 1, 3)
    return {
        "email": checks.email(required(event, "email")),
        "name": checks.text(event["name"], 1, 50) if "name" in event else "",
        "roles": [checks.one_of(role, ROLES) for role in roles],
    }


def read_deleted(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "user": checks.integer(required(event, "user_id"), 1),
        "reason": checks.one_of(required(event, "reason"), REASONS),
        "purge": checks.flag(event.get("purge", False)),
    }


def read_line(line: Any) -> dict[str, Any]:
    checks.record(line)
    return {
        "sku": checks.text(required(line, "sku"), 1),
        "quantity": checks.integer(required(line, "quantity"), 1, 99),
    }


def read_paid(event: dict[str, Any]) -> dict[str, Any]:
    lines = checks.items(required(event, "lines"), 1)
    return {
        "order": checks.matching(required(event, "order"), r"ORD-\d{6}"),
        "amount": checks.positive(required(event, "amount"), 1_000_000),
        "currency": checks.matching(required(event, "currency"), r"[A-Z]{3}"),
        "lines": [read_line(line) for line in lines],
    }


def read_address(address: Any) -> dict[str, Any]:
    checks.record(address)
    return {
        "street": checks.text(required(address, "street"), 1),
        "zip": checks.matching(required(address, "zip"), r"\d{5}"),
        "country": checks.one_of(required(address, "country"), COUNTRIES),
    }


def read_shipped(event: dict[str, Any]) -> dict[str, Any]:
    tracking = event.get("tracking")
    return {
        "to": read_address(required(event, "address")),
        "at": checks.date_time(required(event, "shipped_at")),
        "tracking": None if tracking is None else checks.text(tracking, 8, 12),
    }


READERS = {
    "user.created": read_created,
    "user.deleted": read_deleted,
    "order.paid": read_paid,
    "order.shipped": read_shipped,
}


def read(payload: Any) -> dict[str, Any]:
    checks.record(payload)
    identifier = checks.uuid(required(payload, "id"))
    event = checks.record(required(payload, "event"))
    tag = checks.text(required(event, "type"))
    if tag not in READERS:
        raise ValueError(f"{tag!r} is not a type of event")
    return {"id": identifier, "type": tag, **READERS[tag](event)}
