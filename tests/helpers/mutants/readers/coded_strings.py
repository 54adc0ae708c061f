"""Reader of strings with a pattern or a format."""

from __future__ import annotations

from typing import Any

from mutants import checks
from mutants.checks import required


def read_file(value: Any) -> str:
    name = checks.text(value)
    if not name.endswith(".csv"):
        raise ValueError("not a table")
    return name


def read_user(value: Any) -> str:
    if not checks.text(value).startswith("usr_"):
        raise ValueError("not a user")
    return value


def read_pair(value: Any) -> str:
    if "=" not in checks.text(value):
        raise ValueError("not a pair")
    return value


def read_code(value: Any) -> str:
    checks.text(value, 3, 5)
    return checks.matching(value, "[a-z]+")


def read(payload: Any) -> dict[str, Any]:
    checks.record(payload)
    return {
        "id": checks.uuid(required(payload, "id")),
        "sku": checks.matching(required(payload, "sku"), r"[A-Z]{3}-\d{4}"),
        "version": checks.matching(required(payload, "version"), r"(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9a-z]+)?"),
        "method": checks.matching(required(payload, "method"), "(GET|POST|PUT)"),
        "year": checks.matching(required(payload, "year"), r"\d{4}"),
        "slug": checks.matching(required(payload, "slug"), "[a-z0-9]+(-[a-z0-9]+)*"),
        "color": checks.matching(required(payload, "color"), "#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})"),
        "word": checks.matching(required(payload, "word"), r"\w+"),
        "phone": checks.matching(required(payload, "phone"), r"\+[1-9]\d{6,14}"),
        "locale": checks.matching(required(payload, "locale"), "[a-z]{2}(-[A-Z]{2})?"),
        "hash": checks.matching(required(payload, "hash"), "[0-9a-f]{8}"),
        "file": read_file(required(payload, "file")),
        "user": read_user(required(payload, "user")),
        "pair": read_pair(required(payload, "pair")),
        "code": read_code(required(payload, "code")),
        "title": checks.text(required(payload, "title"), 1, 20),
        "email": checks.email(required(payload, "email")),
        "born": checks.date(required(payload, "born")),
        "seen": checks.date_time(required(payload, "seen")),
        "nickname": checks.text(payload["nickname"], 0, 10) if "nickname" in payload else "",
    }
