"""Reader of the configuration of a service."""

from __future__ import annotations

from typing import Any

from mutants import checks
from mutants.checks import no_other, required

MODES = ("dev", "staging", "production")
LEVELS = ("debug", "info", "warning", "error")
MEMBERS = (
    *("version", "mode", "port", "workers", "tls", "certificate", "key", "host"),
    *("log", "features", "limits", "admins", "proxy", "proxy_port"),
)


def read_log(value: Any) -> dict[str, Any]:
    checks.record(value)
    no_other(value, ("level", "file", "days"))
    return {
        "level": checks.one_of(required(value, "level"), LEVELS),
        "file": checks.matching(value["file"], r"/[^ ]*") if "file" in value else None,
        "days": checks.integer(value.get("days", 7), 1, 30),
    }


def read_features(value: Any) -> dict[str, bool]:
    features = checks.record(value)
    if len(features) > 3:
        raise ValueError("too many features")
    for name in features:
        checks.matching(name, "x-[a-z]+")
    return {name: checks.flag(on) for name, on in features.items()}


def read_limits(value: Any) -> dict[str, int]:
    limits = checks.record(value)
    if not limits:
        raise ValueError("no limits")
    return {checks.text(name, 1, 8): checks.integer(limit, -1) for name, limit in limits.items()}


def read_admins(value: Any) -> list[str]:
    admins = [checks.matching(admin, r"[a-z][a-z0-9.]{1,7}") for admin in checks.items(value, 1, 10)]
    if len(set(admins)) != len(admins):
        raise ValueError("an admin is listed twice")
    return admins


def read_host(value: Any) -> str:
    parts = checks.matching(value, r"\d{1,3}(\.\d{1,3}){3}").split(".")
    if any(str(int(part)) != part or int(part) > 255 for part in parts):
        raise ValueError("not an address")
    return value


def read_version(value: Any) -> int:
    if checks.integer(value) != 2:
        raise ValueError("not version 2")
    return value


def check_dependencies(payload: dict[str, Any]) -> None:
    if "certificate" in payload and "key" not in payload:
        raise ValueError("a certificate needs its key")
    if "proxy" in payload and "proxy_port" not in payload:
        raise ValueError("a proxy needs its port")
    if payload["mode"] == "production":
        if not payload.get("tls"):
            raise ValueError("production needs TLS")
    elif "workers" in payload and payload["workers"] > 8:
        raise ValueError("too many workers")


def read(payload: Any) -> dict[str, Any]:
    checks.record(payload)
    no_other(payload, MEMBERS)
    result: dict[str, Any] = {
        "version": read_version(required(payload, "version")),
        "mode": checks.one_of(required(payload, "mode"), MODES),
        "port": checks.integer(required(payload, "port"), 1024, 65535),
    }
    readers = {
        "workers": lambda value: checks.integer(value, 1, 64),
        "tls": checks.flag,
        "certificate": lambda value: checks.text(value, 1),
        "key": lambda value: checks.text(value, 1),
        "host": read_host,
        "log": read_log,
        "features": read_features,
        "limits": read_limits,
        "admins": read_admins,
        "proxy": lambda value: checks.text(value, 1),
        "proxy_port": lambda value: checks.integer(value, 1, 65535),
    }
    result |= {name: reader(payload[name]) for name, reader in readers.items() if name in payload}
    check_dependencies(payload)
    return result
