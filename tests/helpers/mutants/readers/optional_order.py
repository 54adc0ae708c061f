"""Reader of an order with many members that may be null or missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mutants import checks
from mutants.checks import required

PRIORITIES = ("low", "normal", "high")


@dataclass(frozen=True)
class Customer:
    name: str
    email: str | None = None
    age: int | None = None


@dataclass(frozen=True)
class Item:
    product: int
    quantity: int = 1
    note: str | None = None
    discount: float | None = None


@dataclass(frozen=True)
class Order:
    number: str
    customer: Customer | None
    items: list[Item]
    priority: str = "normal"
    coupon: str | None = None
    weight: float | None = None
    gift: bool | None = None
    due: Any = None
    tags: list[str] = field(default_factory=list)
    extra: dict[str, int] | None = None
    contact: str | int | None = None


def optional(value: Any, check: Callable[..., Any], *bounds: Any) -> Any:
    return None if value is None else check(value, *bounds)


def read_customer(value: Any) -> Customer:
    checks.record(value)
    return Customer(
        name=checks.text(required(value, "name"), 1, 40),
        email=optional(value.get("email"), checks.email),
        age=optional(value.get("age"), checks.integer, 0, 150),
    )


def read_item(value: Any) -> Item:
    checks.record(value)
    return Item(
        product=checks.integer(required(value, "product"), 1),
        quantity=checks.integer(value.get("quantity", 1), 1, 500),
        note=optional(value.get("note"), checks.text, 0, 80),
        discount=optional(value.get("discount"), checks.number, 0, 1),
    )


def read_tags(value: Any) -> list[str]:
    return [checks.text(tag, 1, 10) for tag in checks.items(value, 0, 5)]


def read_extra(value: Any) -> dict[str, int]:
    return {name: checks.integer(count, 0) for name, count in checks.record(value).items()}


def read_contact(value: Any) -> str | int:
    if type(value) is int:
        return checks.integer(value, 100)
    return checks.text(value, 3)


def read(payload: Any) -> Order:
    checks.record(payload)
    items = checks.items(required(payload, "items"), 1)
    return Order(
        number=checks.matching(required(payload, "number"), r"[A-Z]{2}-\d{4,6}"),
        customer=optional(required(payload, "customer"), read_customer),
        items=[read_item(item) for item in items],
        priority=checks.one_of(payload.get("priority", "normal"), PRIORITIES),
        coupon=optional(payload.get("coupon"), checks.text, 4, 8),
        weight=optional(payload.get("weight"), checks.positive, 1000),
        gift=optional(payload.get("gift"), checks.flag),
        due=optional(payload.get("due"), checks.date),
        tags=read_tags(payload.get("tags", [])),
        extra=optional(payload.get("extra"), read_extra),
        contact=optional(payload.get("contact"), read_contact),
    )
